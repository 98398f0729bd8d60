"""Tars that are made to fill memory, disk or time, or to lead elsewhere; each one small, made in code."""

from __future__ import annotations

import tarfile
from collections.abc import Callable

from tests.case.archives import FILES, LOG, tar_link, tar_of


def tar_header(name: str, size: int, kind: bytes = tarfile.REGTYPE, raw_size: bytes | None = None) -> bytes:
    """A header of a tar with whatever size, its checksum right."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT)[:512])
    if raw_size is not None:
        block[124:136] = raw_size
        block[148:156] = b" " * 8
        block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def pax(records: bytes) -> bytes:
    """A tar whose member has these extended attributes."""
    padded = records.ljust(-(-len(records) // 512) * 512, b"\0")
    body = LOG.ljust(-(-len(LOG) // 512) * 512, b"\0")
    return tar_header("x", len(records), tarfile.XHDTYPE) + padded + tar_header("a.log", len(LOG)) + body + b"\0" * 1024


def record(key: str, value: str) -> bytes:
    """One extended attribute; its length counts itself."""
    text = f" {key}={value}\n".encode()
    size = len(text) + 1
    while len(str(size)) + len(text) != size:
        size += 1
    return str(size).encode() + text


def sparse() -> bytes:
    """An old GNU member with holes that states eight terabytes."""
    block = bytearray(tar_header("a.log", 512, tarfile.GNUTYPE_SPARSE))
    block[386:410] = b"%011o\0%011o\0" % (0, 512)
    block[483:495] = b"\x80" + (8 * 2**40).to_bytes(11, "big")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + LOG.ljust(512, b" ") + b"\0" * 1024


def sparse_map(blocks: int) -> bytes:
    """An old GNU member whose map of holes goes on and on."""
    head = bytearray(tar_header("a.log", 512, tarfile.GNUTYPE_SPARSE))
    head[482] = 1
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + ((b"%011o\0%011o\0" % (8, 8)) * 21 + b"\1" + b"\0" * 7) * blocks + b"\0" * 2048


def sparse_number() -> bytes:
    """The newest kind of holes: their number, in front of the data, is one that never ends."""
    made = pax(record("GNU.sparse.major", "1") + record("GNU.sparse.minor", "0") + record("size", str(60 * 2**20)))
    at = made.index(LOG)
    return made[:at] + b"9" * (60 * 2**20) + b"\0" * 1024


def attributes_for_all(count: int) -> bytes:
    """Attributes for all members that follow, new ones each time."""
    return b"".join(
        tar_header("g", 512, tarfile.XGLTYPE) + record(f"k{number}", "v" * 400).ljust(512, b"\0") + tar_header("a", 0)
        for number in range(count)
    )


TARS: dict[str, Callable[[], bytes]] = {
    "tar-links-and-devices": lambda: tar_of(
        FILES,
        [
            tar_link("l", "/etc/passwd"),
            tar_link("h", "../../x", tarfile.LNKTYPE),
            tar_link("c", "", tarfile.CHRTYPE),
            tar_link("b", "", tarfile.BLKTYPE),
            tar_link("f", "", tarfile.FIFOTYPE),
        ],
    ),
    "tar-bad-names": lambda: tar_of(
        [(n, LOG) for n in ("/a", "../a", "C:\\a", "\\\\s\\a", "..\\a", "a/../../b", "good.log")]
    ),
    "tar-negative-size": lambda: tar_header("a.log", 0, raw_size=b"\xff" * 12) + LOG.ljust(1024, b"\0"),
    "tar-huge-size": lambda: tar_header("a.log", 0, raw_size=b"\x80" + (2**70).to_bytes(11, "big")) + b"x" * 1024,
    "tar-size-is-no-number": lambda: tar_header("a.log", 0, raw_size=b"zzzzzzzzzzz\0") + b"x" * 1024,
    "tar-sparse": sparse,
    "tar-pax-size": lambda: pax(record("size", "9" * 18)),
    "tar-pax-negative": lambda: pax(record("size", "-1")),
    "tar-pax-path": lambda: pax(record("path", "../../etc/cron.d/x")),
    "tar-pax-long-path": lambda: pax(record("path", "a" * 900_000)),
    "tar-pax-lying-length": lambda: pax(b"99999999999 path=x\n"),
    "tar-pax-sparse": lambda: pax(record("GNU.sparse.major", "1") + record("GNU.sparse.realsize", "9" * 15)),
    "tar-pax-sparse-map": lambda: pax(record("GNU.sparse.map", "0," * 100_000 + "0")),
    "tar-long-name": lambda: tar_header("././@LongLink", 3_000_000_000, tarfile.GNUTYPE_LONGNAME) + b"x" * 5120,
    "tar-name-chain": lambda: (
        (tar_header("././@LongLink", 5, tarfile.GNUTYPE_LONGNAME) + b"name\0".ljust(512, b"\0")) * 20_000
    ),
    "tar-many": lambda: tar_header("a.log", 0) * 200_000 + b"\0" * 1024,
    "tar-many-links": lambda: tar_link("l", "/etc/passwd").tobuf(tarfile.GNU_FORMAT) * 200_000 + b"\0" * 1024,
    "tar-many-folders": lambda: tar_header("d/", 0, tarfile.DIRTYPE) * 200_000 + b"\0" * 1024,
    "tar-pax-digits": lambda: pax(record("path", "1" * 900_000)),
    "tar-pax-many": lambda: pax(b"5 a=\n" * 200_000),
    "tar-pax-for-all": lambda: attributes_for_all(60_000),
    "tar-sparse-old-map": lambda: sparse_map(100_000),
    "tar-sparse-number": sparse_number,
    "tar-long-names": lambda: (
        (tar_header("././@LongLink", 900_000, tarfile.GNUTYPE_LONGNAME) + b"x" * 900_096 + tar_header("a", 0)) * 100
    ),
    "tar-names-in-two-cases": lambda: tar_of([("A.log", LOG), ("a.log", LOG), ("a.log", LOG), ("../x", LOG)]),
    "tar-names-that-play": lambda: tar_of([("\u202egol.exe.log", LOG), ("\x1b[2J.log", LOG), ("../\x9b1A\r", LOG)]),
    "tar-cut": lambda: tar_of(FILES)[:1800],
}
