"""Archives and files that are made to fill memory, disk or time, or to lead elsewhere; each one small, made in code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.case.archives import LOG, packed
from tests.case.hostile_gzips import PACKED
from tests.case.hostile_tars import TARS
from tests.case.hostile_zips import ZIPS

_DATES = (
    b"2024-02-30T25:61:61Z",
    b"0000-00-00T00:00:00Z",
    b"9999-99-99T99:99:99Z",
    b"2024-13-01 00:00:00",
    b"1" * 4000,
    b"-0001-01-01T00:00:00+99:99",
    "２０２４-01-01T00:00:00Z".encode(),
    b"99999-01-01T00:00:00Z",
)
_TRICKS = (
    '\x1b[31m\x1b]0;t\x07\x1b[2J\x9b1A\rtime="2024-01-01T00:00:00Z" level=error msg="\u202egnp.exe\u2066\x08\x7f"\r'
)
Maker = Callable[[Path], None]


def members(data: Callable[[], bytes]) -> Maker:
    """Writes what `data` makes."""
    return lambda path: path.write_bytes(data()) and None


def _holes(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'time="2024-01-01T00:00:00Z" level=info msg="')
        file.truncate(10 * 1024**3)


def _many_gz(path: Path) -> None:
    path.write_bytes(packed(LOG) * 200_000)


TEXTS: dict[str, Callable[[], bytes]] = {
    "nul-file": lambda: b"\0" * 20_000_000,
    "utf16-halves": lambda: b"\xff\xfe" + (b"\x00\xd8" * 3 + "\n".encode("utf-16-le")) * 100_000,
    "utf16-odd": lambda: b"\xff\xfe" + LOG.decode().encode("utf-16-le") * 1000 + b"\n",
    "invalid-dates": lambda: b"".join(b'time="%s" level=error msg="x"\n%s ERROR x\n' % (d, d) for d in _DATES) * 200,
    "cr-ansi-bidi": lambda: _TRICKS.encode() * 50_000,
    "deep-json": lambda: b"[" * 100_000 + b"]" * 100_000 + b"\n" + b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep-json-lines": lambda: (b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"\n") * 20,
    "deep-xml": lambda: b'<?xml version="1.0"?>' + b"<Event>" * 100_000,
    "xml-entities": lambda: (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(20))
        + b"]><Events>&u;</Events>"
    ),
    "one-long-line": lambda: b'time="2024-01-01T00:00:00Z" level=error msg="' + b"A" * 60_000_000,
    "quotes": lambda: b'time="2024-01-01T00:00:00Z" level=error msg="' + b'\\"' * 5_000_000,
    "brackets": lambda: b'time="2024-01-01T00:00:00Z" level=error msg="' + b"([{<" * 2_000_000,
    "hive-of-nothing": lambda: b"regf" + b"\xff" * 5_000_000,
    "pol-of-nothing": lambda: b"PReg\1\0\0\0" + b"[\0" * 2_000_000,
}


def makers() -> Iterator[tuple[str, Maker]]:
    """Name and maker of every one."""
    for group in (ZIPS, TARS, PACKED, TEXTS):
        for name, data in group.items():
            yield name, members(data)
    yield "a-line-of-ten-gigabytes", _holes
    yield "gz-of-200000-members", _many_gz
