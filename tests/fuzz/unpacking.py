"""Targets that unpack: what comes out is what the standard library makes of the same bytes, and no name leads out."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib

from hypothesis import strategies as st

from arcdiag.case.gunzip import Gunzip
from arcdiag.case.names import RefusedNameError, file_path, member_path, numbered, shown
from arcdiag.case.sniff import look
from arcdiag.case.spool import Budget, TooMuchError
from arcdiag.case.tar_headers import DamagedTarError, TarStream
from arcdiag.logs.decode import LINE_CHARS, TextFile, UnreadableError
from tests.case.archives import FILES, LOG, packed, tar_link, tar_of
from tests.case.hostile_tars import attributes_for_all, pax, record, sparse, tar_header
from tests.fuzz.strategies import LINES, log_bytes, one_of_damaged
from tests.fuzz.target import Target

_GZIPS = (
    lambda: packed(LOG * 50),
    lambda: packed(LOG) * 4,
    lambda: packed("".join(LINES).encode()) + bytes(40) + packed(b""),
)
_TARS = (
    lambda: tar_of(FILES, [tar_link("l", "/etc/passwd")]),
    lambda: pax(record("size", "5") + record("path", "b.log")),
    lambda: attributes_for_all(3) + bytes(1024),
    lambda: tar_header("././@LongLink", 300, tarfile.GNUTYPE_LONGNAME) + b"n" * 300 + bytes(212) + tar_header("a", 0),
    sparse,
)
_PARTS = st.one_of(
    st.sampled_from(("..", ".", "", "/", "\\", "C:", "con", "a", "\x1b[2J", "\u202e")), st.text(max_size=8)
)


def _gunzip(drawn: tuple[bytes, int]) -> None:
    data, most = drawn
    stream, found, error = Gunzip(io.BytesIO(data)), b"", None
    try:
        while piece := stream.some(most):
            assert len(piece) <= most
            found += piece
    except (EOFError, zlib.error) as damage:
        error = damage
    try:
        expected = gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return
    # Rubbish behind the last part is an end to the one and a damage to the other; what came before it is the same.
    assert found == expected or (error is not None and expected.startswith(found))


def _tar(data: bytes) -> None:
    archive = TarStream(io.BytesIO(data), True, Budget())
    found = []
    try:
        for entry in archive.entries():
            assert entry.size >= 0 and entry.at <= len(data)
            found.append(entry)
    except (DamagedTarError, TooMuchError, OverflowError):
        return
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as theirs:
            members = theirs.getmembers()
    except (tarfile.TarError, ValueError, OSError, EOFError, OverflowError):
        return
    files = [(entry.name, entry.size) for entry in found if entry.kind == "file"]
    regular = [(info.name, info.size) for info in members if info.isreg() and not info.sparse and not info.pax_headers]
    plain = [file for file in regular if file in files]
    assert len(files) >= len(plain)


def _names(parts: list[str]) -> None:
    name = "/".join(parts)
    try:
        path = member_path(name)
    except RefusedNameError as error:
        assert str(error)
    else:
        assert path and not path.startswith("/") and ".." not in path.split("/") and path == shown(path)
        path.encode()
    shown(file_path(tuple(parts))).encode()
    taken: set[str] = set()
    assert len({numbered(name, taken) for _ in range(3)}) == 3


def _lines(drawn: tuple[bytes, bool]) -> None:
    data, is_packed = drawn
    data = packed(data) if is_packed else data
    look(data[:4096])
    try:
        file = TextFile(io.BytesIO(data), scrubbed=True)
        last = 0
        for line in file.lines():
            assert line.number > last and len(line.text) <= LINE_CHARS and "\n" not in line.text
            last = line.number
        whole = "".join(TextFile(io.BytesIO(data), scrubbed=True).blocks())
    except UnreadableError as error:
        assert str(error)
    else:
        assert last <= whole.count("\n") + 1


UNPACKING: dict[str, Target] = {
    "gunzip": Target(st.tuples(one_of_damaged(_GZIPS), st.sampled_from((1, 17, 1000, 1 << 20))), _gunzip),
    "tar": Target(one_of_damaged(_TARS), _tar),
    "names": Target(st.lists(_PARTS, max_size=6), _names),
    "lines": Target(st.tuples(st.one_of(log_bytes(), st.binary(max_size=200)), st.booleans()), _lines),
}
