"""Opens a folder, a file, an archive or standard input as a case."""

from __future__ import annotations

import stat
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from arcdiag.case.bundle import Bundle, read_bundle
from arcdiag.case.contents import Contents
from arcdiag.case.folder import walk_folder
from arcdiag.case.left_out import LeftOut
from arcdiag.case.limits import MAX_STDIN_BYTES, STDIN_IN_MEMORY
from arcdiag.case.names import shown
from arcdiag.case.sniff import Look, Shape
from arcdiag.case.spool import TooMuchError, write
from arcdiag.case.streams import CaseFile, SharedFile, open_path, why_unreadable
from arcdiag.case.zips import UnusableArchiveError
from arcdiag.errors import InputError
from arcdiag.model.case import Manifest, NotEvaluated
from arcdiag.model.fact import Fact

__all__ = ["CaseFile", "OpenCase", "open_case"]

_BLOCK = 1024 * 1024


class OpenCase:
    """An open case; closing it closes its archives and removes what was unpacked.

    `name`: base name of what was opened, `stdin` for standard input. `files`: the evidence, by path, without what
    arcdiag itself wrote. `manifest`: None unless a bundle of arcdiag was opened. `facts`: of `facts.jsonl`, else none.
    `redaction`: what a bundle says of its own redaction, None without that. `left_out`: what was refused, capped or
    unreadable while opening; the manifest names what its collector left out.
    """

    def __init__(self, name: str, bundle: Bundle, left_out: tuple[NotEvaluated, ...], stack: ExitStack) -> None:
        self.name = name
        self.files: tuple[CaseFile, ...] = bundle.files
        self.manifest: Manifest | None = bundle.manifest
        self.facts: tuple[Fact, ...] = bundle.facts
        self.redaction: CaseFile | None = bundle.redaction
        self.left_out = left_out
        self._stack = stack

    def __enter__(self) -> OpenCase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close archives and remove temporary files; streams that are still open end with it."""
        self._stack.close()


def open_case(path: str, stdin: BinaryIO | None = None) -> OpenCase:
    """Open `path`, or `stdin` if it is `-`. Raises InputError with one line that says what is wrong with it."""
    with ExitStack() as stack:
        left_out = LeftOut()
        contents = Contents(stack, left_out)
        name = "stdin" if path == "-" else shown(_base_name(path))
        asked = "standard input" if path == "-" else shown(path)
        try:
            if not path:
                raise FileNotFoundError
            if path == "-":
                files = _of_file(_spooled(stdin, stack, left_out), contents)
            elif Path(path).is_dir():
                files = list(contents.of_many(walk_folder(Path(path), left_out), 0))
            else:
                files = _of_file(_regular(path, name), contents)
        except (UnusableArchiveError, TooMuchError, EOFError) as error:
            raise InputError(f"cannot use {asked}: {error}") from error
        except (OSError, ValueError) as error:
            raise InputError(f"cannot open {asked}: {_why(error)}") from error
        bundle = read_bundle(files, left_out)
        _check_usable(asked, bundle, left_out, is_folder=path != "-" and Path(path).is_dir())
        return OpenCase(name, bundle, left_out.items(), stack.pop_all())


def _base_name(path: str) -> str:
    try:
        given = Path(path).name
        return given if given not in ("", "..") else Path(path).resolve().name or path
    except (OSError, ValueError):
        return path


def _regular(path: str, name: str) -> CaseFile:
    """The file that was named; a link that the user names is followed. Raises OSError, ValueError, EOFError."""
    status = Path(path).stat()
    if not stat.S_ISREG(status.st_mode):
        raise EOFError("it is no regular file; to hand over the output of a command, use - and a pipe")
    return CaseFile(name, status.st_size, partial(open_path, Path(path)))


def _spooled(stdin: BinaryIO | None, stack: ExitStack, left_out: LeftOut) -> CaseFile:
    if stdin is None:
        raise EOFError("there is none")
    # Not a `with`: the file has to live as long as the case.
    spool = stack.enter_context(tempfile.SpooledTemporaryFile(STDIN_IN_MEMORY))  # noqa: SIM115
    file = cast(BinaryIO, spool)
    size = 0
    while block := stdin.read(min(_BLOCK, MAX_STDIN_BYTES - size)):
        write(file, block)
        size += len(block)
    if size == MAX_STDIN_BYTES and stdin.read(1):
        left_out.add("stdin", f"only the first {MAX_STDIN_BYTES // 1024**2} MiB are read")
    return CaseFile("stdin", size, partial(SharedFile(file).view, 0, size))


def _of_file(file: CaseFile, contents: Contents) -> list[CaseFile]:
    """The files of a case that was named as one file. Raises EOFError, UnusableArchiveError, OSError."""
    with file.open():
        pass
    seen = contents.look_at(file)
    if seen.shape is Shape.EMPTY:
        raise EOFError("it is empty")
    if seen.shape is Shape.BINARY:
        raise EOFError(_binary(seen))
    if contents.is_archive(file, seen):
        contents.allow(file)
        return list(contents.of_many(contents.members(file, seen, ""), 1))
    if seen.shape is Shape.GZIP:
        contents.allow(file)
        return list(contents.packed_log(file, strict=True))
    return list(contents.of_many([file], 0))


def _binary(seen: Look) -> str:
    if seen.name == "no text":
        return "it is neither text nor a zip or tar archive"
    return f"it is neither text nor a zip or tar archive ({seen.name})"


def _check_usable(asked: str, bundle: Bundle, left_out: LeftOut, is_folder: bool) -> None:
    if bundle.manifest or bundle.facts or any(file.size for file in bundle.files):
        return
    if bundle.files:
        raise InputError(f"cannot use {asked}: it holds only empty files")
    if left_out.first:
        first = left_out.first
        raise InputError(f"cannot use {asked}: it holds nothing that can be read ({first.what}: {first.why})")
    raise InputError(f"cannot use {asked}: {'the folder' if is_folder else 'it'} is empty")


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, NotADirectoryError):
        return "a part of its path is no folder"
    if isinstance(error, OSError):
        return why_unreadable(error)
    return "this is no possible path"
