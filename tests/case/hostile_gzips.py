"""gzips and packed tars that are made to fill memory, disk or time; each one small, made in code."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable

from tests.case.archives import LOG, packed, tar_of
from tests.case.hostile_tars import TARS, sparse, sparse_map, tar_header

BLANKS = 256 * 1024 * 1024
"""Bytes of a bomb."""


def blanks_gz(size: int) -> bytes:
    """A gzip of so many blanks, made without holding them."""
    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        for _ in range(size // (1 << 20)):
            file.write(b" " * (1 << 20))
    return raw.getvalue()


def past(size: int) -> bytes:
    """A packed tar that can only be read past so many bytes of a member that is refused."""
    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        file.write(tar_header("../a.log", size))
        for _ in range(size // (1 << 20)):
            file.write(bytes(1 << 20))
        file.write(tar_of({"b.log": LOG}))
    return raw.getvalue()


def small_files(count: int) -> bytes:
    """Files with a line each, all of them good."""
    body = LOG.ljust(512, b"\0")
    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, compresslevel=1) as file:
        for number in range(count):
            file.write(tar_header(f"{number}.log", len(LOG)) + body)
        file.write(bytes(1024))
    return raw.getvalue()


PACKED: dict[str, Callable[[], bytes]] = {
    "gz-bomb": lambda: blanks_gz(BLANKS),
    "gz-in-gz": lambda: packed(blanks_gz(BLANKS)),
    "gz-cut": lambda: packed(LOG * 1000)[:-20],
    "gz-no-data": lambda: b"\x1f\x8b\x08" + b"\xff" * 5000,
    "gz-long-name": lambda: b"\x1f\x8b\x08\x08\0\0\0\0\0\3" + b"n" * 5_000_000,
    "gz-empty-parts": lambda: packed(b"") * 1_000_000,
    "gz-and-rubbish": lambda: packed(LOG * 100) + b"rubbish" * 1000,
    "gz-wrong-sum": lambda: packed(LOG * 100)[:-8] + b"\0" * 8,
    "xz-bomb": lambda: lzma.compress(bytes(50_000_000)),
    "xz-tar": lambda: lzma.compress(tar_of({"a.log": LOG})),
    "bz2-tar": lambda: bz2.compress(tar_of({"a.log": LOG})),
    "zst-tar": lambda: b"\x28\xb5\x2f\xfd" + b"\xff" * 5000,
    "tgz-past": lambda: past(512 * 1024 * 1024),
    "tgz-small-files": lambda: small_files(60_000),
    "tgz-sparse-map": lambda: packed(sparse_map(100_000)),
    "tgz-links": lambda: packed(TARS["tar-many-links"]()),
    "tgz-long-names": lambda: packed(TARS["tar-long-names"]()),
    "tgz-bomb": lambda: packed(tar_of({"a.log": b" " * 100_000_000})),
    "tgz-negative": lambda: packed(TARS["tar-negative-size"]()),
    "tgz-chain": lambda: packed(TARS["tar-name-chain"]()),
    "tgz-sparse": lambda: packed(sparse()),
}
