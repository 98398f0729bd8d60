"""The bytes of a source: their hash, and a path at which a case can be opened."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from arcdiag.case.folder import open_regular, walk_folder
from arcdiag.case.left_out import LeftOut
from arcdiag.case.streams import why_unreadable
from arcdiag.errors import InputError
from arcdiag.fleet.task import Kind, Source

MAX_REMOTE_BYTES = 4 * 1024**3
"""Bytes that are fetched of one remote bundle."""
_BLOCK = 1024 * 1024
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


class UnreadableError(InputError):
    """The bytes of a source could not be read; another try may have them."""


@contextmanager
def fetched(source: Source) -> Iterator[tuple[Path, str, int]]:
    """Where the case can be opened, the SHA-256 of its bytes and their number. Raises UnreadableError."""
    if source.kind is Kind.FOLDER:
        yield Path(source.where), *_of_folder(Path(source.where))
    elif source.kind is Kind.FILE and source.data is None:
        yield Path(source.where), *_of_file(Path(source.where))
    else:
        with tempfile.TemporaryDirectory(prefix="arcdiag-") as folder:
            target = Path(folder) / _safe_name(source.where)
            yield target, *_downloaded(source, target)


def _of_file(path: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    try:
        with open_regular(path.resolve()) as stream:
            size = _digest(stream, digest)
            return digest.hexdigest(), size
    except (OSError, ValueError) as error:
        raise UnreadableError(_why(error)) from error


def _digest(stream: BinaryIO, digest: hashlib._Hash) -> int:
    size = 0
    while block := stream.read(_BLOCK):
        digest.update(block)
        size += len(block)
    return size


def _of_folder(path: Path) -> tuple[str, int]:
    """Over paths and bytes of all files in the order of the walk."""
    digest, total = hashlib.sha256(), 0
    for file in walk_folder(path, LeftOut()):
        digest.update(f"{len(file.path.encode())}:{file.path}\n".encode())
        try:
            with file.open() as stream:
                size = _digest(stream, digest)
        except OSError:
            size = -1
        digest.update(f"{size}\n".encode())
        total += max(0, size)
    return digest.hexdigest(), total


def _downloaded(source: Source, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with target.open("xb") as file, _opened(source) as stream:
            while block := stream.read(_BLOCK):
                size += len(block)
                if size > MAX_REMOTE_BYTES:
                    raise UnreadableError(f"it is larger than {MAX_REMOTE_BYTES // 1024**3} GiB")
                digest.update(block)
                file.write(block)
    except UnreadableError:
        raise
    # Each file system has errors of its own; a source that cannot be read is a row, whatever the reason.
    except Exception as error:
        raise UnreadableError(_why(error)) from error
    return digest.hexdigest(), size


@contextmanager
def _opened(source: Source) -> Iterator[BinaryIO]:
    if source.data is not None:
        import io

        yield io.BytesIO(source.data)
        return
    import fsspec

    with fsspec.open(source.where, "rb") as stream:
        yield stream


def _safe_name(where: str) -> str:
    """The base name, which says what kind of log a single file is, without anything that a path could obey."""
    name = _UNSAFE.sub("_", where.split("?")[0].rstrip("/").rsplit("/", 1)[-1])[-100:]
    return name.lstrip(".-") or "bundle"


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, OSError):
        return why_unreadable(error)
    return f"it cannot be read ({type(error).__name__}: {error})"
