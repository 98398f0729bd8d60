"""Archives and files that are made to fill memory, disk or time, or to lead elsewhere; each one small, made in code."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.case.archives import FILES, LOG, packed, tar_link, tar_of, zip_link, zip_of

_BLANKS = 256 * 1024 * 1024
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


def blanks_gz(size: int) -> bytes:
    """A gzip of so many blanks, made without holding them."""
    raw = io.BytesIO()
    with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        for _ in range(size // (1 << 20)):
            file.write(b" " * (1 << 20))
    return raw.getvalue()


def entry(name: bytes, data: bytes, method: int, size: int, packed_size: int, crc: int, flags: int = 0) -> bytes:
    """A local header of a zip with whatever it states, and the data."""
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, flags, method, 0, 33, crc, packed_size, size, len(name), 0)
    return head + name + data


def central(name: bytes, method: int, size: int, packed_size: int, crc: int, at: int, extra: bytes = b"") -> bytes:
    """An entry of a zip's list of members, with whatever it states."""
    return (
        struct.pack(
            "<4s6H3L5H2L",
            b"PK\1\2",
            20,
            20,
            0,
            method,
            0,
            33,
            crc,
            packed_size,
            size,
            len(name),
            len(extra),
            0,
            0,
            0,
            0,
            at,
        )
        + name
        + extra
    )


def end(count: int, size: int, at: int) -> bytes:
    """The end of a zip."""
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, min(count, 65535), min(count, 65535), size, at, 0)


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def overlapping() -> bytes:
    """1,000 entries that all share one packed megabyte."""
    data = b" " * 1_000_000
    body = _deflated(data)
    local = entry(b"a.log", body, 8, len(data), len(body), zlib.crc32(data))
    names = [f"{number}.log".encode() for number in range(1_000)]
    listed = b"".join(central(name, 8, len(data), len(body), zlib.crc32(data), 0) for name in names)
    return local + listed + end(len(names), len(listed), len(local))


def lying_zip64() -> bytes:
    """Sizes of exabytes in the zip64 field."""
    extra = struct.pack("<HHQQ", 1, 16, 2**62, 2**62)
    local = entry(b"a.log", LOG, 0, len(LOG), len(LOG), zlib.crc32(LOG))
    listed = central(b"a.log", 0, 0xFFFFFFFF, 0xFFFFFFFF, zlib.crc32(LOG), 0, extra)
    return local + listed + end(1, len(listed), len(local))


def lying_zip64_end() -> bytes:
    """A zip64 end that points beyond the file."""
    whole = zip_of(FILES)
    at = whole.rindex(b"PK\5\6")
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 3, 3, 2**40, 2**50)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 2**60, 1)
    return (
        whole[:at] + record + locator + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)
    )


def lying_descriptor() -> bytes:
    """A data descriptor that states other sizes than the list of members; the list says 10 bytes, there are 10 MB."""
    body = _deflated(b" " * 10_000_000)
    local = entry(b"a.log", body, 8, 0, 0, 0, flags=8) + struct.pack("<4s3L", b"PK\7\10", 1, 2**31, 2**31)
    listed = central(b"a.log", 8, 10, len(body), 0, 0)
    return local + listed + end(1, len(listed), len(local))


def endless_members() -> bytes:
    """A million entries that state nothing."""
    listed = central(b"a", 0, 0, 0, 0, 0) * 1_000_000
    return entry(b"a", b"", 0, 0, 0, 0) + listed + end(65535, len(listed), 31)


def quine(depth: int = 40) -> bytes:
    """A zip in a zip in a zip, as deep as anybody asks."""
    data = zip_of({"a.log": LOG})
    for _ in range(depth):
        data = zip_of({"inner.zip": data})
    return data


def wide() -> bytes:
    """A zip of 200 zips of 200 bombs."""
    bomb = zip_of({f"{number}.log": b" " * 100_000 for number in range(200)})
    return zip_of({f"{number}.zip": bomb for number in range(200)})


def changed(data: bytes, magic: bytes, offset: int, form: str, value: int) -> bytes:
    """`data` with one number behind the first `magic` overwritten."""
    copy = bytearray(data)
    struct.pack_into(form, copy, copy.index(magic) + offset, value)
    return bytes(copy)


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


def members(data: Callable[[], bytes]) -> Maker:
    """Writes what `data` makes."""
    return lambda path: path.write_bytes(data()) and None


def _holes(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'time="2024-01-01T00:00:00Z" level=info msg="')
        file.truncate(10 * 1024**3)


def _many_gz(path: Path) -> None:
    path.write_bytes(packed(LOG) * 200_000)


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
    "tar-cut": lambda: tar_of(FILES)[:1800],
}
ZIPS: dict[str, Callable[[], bytes]] = {
    "zip-flat-bomb": lambda: zip_of({"a.log": b"\0" * 50_000_000}),
    "zip-overlapping": overlapping,
    "zip-quine": quine,
    "zip-wide": wide,
    "zip-gz-bomb-inside": lambda: zip_of({"a.log.gz": blanks_gz(_BLANKS)}),
    "zip-members": lambda: zip_of({f"{number}.log": b"x\n" for number in range(20_000)}),
    "zip-a-million-entries": endless_members,
    "zip-huge-names": lambda: zip_of({("n" * 60_000) + str(number): b"x\n" for number in range(100)}),
    "zip-bad-names": lambda: zip_of(
        [(n, LOG) for n in ("/a", "../a", "C:\\a", "\\\\s\\a", "..\\a", "a/../../b", "CON", "a\0b", "good.log")]
    ),
    "zip-no-name": lambda: zip_of({"good.log": LOG, "x.log": LOG}).replace(b"x.log", b"\0.log"),
    "zip-links": lambda: zip_of([("good.log", LOG), zip_link("l.log", "/etc/passwd"), zip_link("m.log", "../x")]),
    "zip-wrong-crc": lambda: changed(changed(zip_of(FILES), b"PK\1\2", 16, "<L", 1), b"PK\3\4", 14, "<L", 1),
    "zip-cut": lambda: zip_of(FILES)[:-30],
    "zip-cut-in-the-middle": lambda: zip_of(FILES)[:100],
    "zip-locked": lambda: changed(changed(zip_of({"a.log": LOG}), b"PK\1\2", 8, "<H", 1), b"PK\3\4", 6, "<H", 1),
    "zip-unknown-packing": lambda: changed(
        changed(zip_of({"a.log": LOG}), b"PK\1\2", 10, "<H", 99), b"PK\3\4", 8, "<H", 99
    ),
    "zip-lying-size": lambda: changed(zip_of({"a.log": LOG * 100}), b"PK\1\2", 24, "<L", 7),
    "zip-lying-descriptor": lying_descriptor,
    "zip-lying-zip64": lying_zip64,
    "zip-lying-zip64-end": lying_zip64_end,
    "zip-list-beyond-the-end": lambda: changed(zip_of(FILES), b"PK\5\6", 16, "<L", 0xFFFFFF00),
    "zip-long-list": lambda: changed(zip_of(FILES), b"PK\5\6", 12, "<L", 0xFFFFFFF0),
    "zip-other-local-name": lambda: zip_of({"a.log": LOG}).replace(b"a.log", b"b.log", 1),
    "zip-lzma": lambda: _packed_by(zipfile.ZIP_LZMA),
    "zip-bz2-bomb": lambda: _packed_by(zipfile.ZIP_BZIP2),
    "zip-hostile-case": lambda: zip_of({"manifest.json": b"[" * 100_000, "facts.jsonl": b"[" * 100_000, "a.log": LOG}),
    "zip-deep-fact": lambda: zip_of({"facts.jsonl": b'{"fact": "x", "value": ' + b'{"a":' * 100_000, "a.log": LOG}),
    "zip-long-fact": lambda: zip_of({"facts.jsonl": b'{"fact": "' + b"x y" * 20_000_000, "a.log": LOG}),
}
PACKED: dict[str, Callable[[], bytes]] = {
    "gz-bomb": lambda: blanks_gz(_BLANKS),
    "gz-in-gz": lambda: packed(blanks_gz(_BLANKS)),
    "gz-cut": lambda: packed(LOG * 1000)[:-20],
    "gz-no-data": lambda: b"\x1f\x8b\x08" + b"\xff" * 5000,
    "gz-long-name": lambda: b"\x1f\x8b\x08\x08\0\0\0\0\0\3" + b"n" * 5_000_000,
    "tgz-bomb": lambda: packed(tar_of({"a.log": b" " * 100_000_000})),
    "tgz-negative": lambda: packed(TARS["tar-negative-size"]()),
    "tgz-chain": lambda: packed(TARS["tar-name-chain"]()),
    "tgz-sparse": lambda: packed(sparse()),
}
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


def _packed_by(method: int) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as archive:
        archive.writestr("a.log", b" " * 50_000_000)
    return raw.getvalue()


def makers() -> Iterator[tuple[str, Maker]]:
    """Name and maker of every one."""
    for group in (ZIPS, TARS, PACKED, TEXTS):
        for name, data in group.items():
            yield name, members(data)
    yield "a-line-of-ten-gigabytes", _holes
    yield "gz-of-200000-members", _many_gz
