"""Zips that are made to fill memory, disk or time, or to lead elsewhere; each one small, made in code."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.case.archives import FILES, LOG, zip_link, zip_of
from tests.case.hostile_gzips import BLANKS, blanks_gz


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


def full_list(name: bytes = b"%d", count: int = 160_000) -> bytes:
    """About as many entries as fit into a list of 8 MiB: each one there, and empty."""
    names = [name % number for number in range(count)]
    listed = b"".join(central(name, 0, 0, 0, 0, 0) for name in names)
    return entry(b"0", b"", 0, 0, 0, 0) + listed + end(65535, len(listed), 31)


def two_ends() -> bytes:
    """An end that states a short list, and a zip64 end before it with the long one."""
    local = entry(b"a", b"", 0, 0, 0, 0)
    listed = central(b"a", 0, 0, 0, 0, 0) * 200_000
    at = len(local) + len(listed)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 200_000, 200_000, len(listed), len(local))
    return local + listed + record + struct.pack("<4sLQL", b"PK\6\7", 0, at, 1) + end(1, 47, at - 47)


def end_in_the_end() -> bytes:
    """A sign of the end within the end: who looks for it from behind finds the wrong one."""
    listed = central(b"a", 0, 0, 0, 0, 0) * 200_000
    local = entry(b"a", b"", 0, 0, 0, 0)
    return local + listed + struct.pack("<4s4H2L2s", b"PK\5\6", 0, 0, 0x4B50, 0x0605, len(listed), len(local), b"\0\0")


def quoted(files: int = 250, kernel: int = 20_000_000) -> bytes:
    """Members that overlap without sharing a header: each one holds the headers of all behind it as stored blocks."""
    zeros = b"a" * kernel
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body, crc, size = packer.compress(zeros) + packer.flush(), zlib.crc32(zeros), kernel
    made: list[tuple[bytes, bytes, int, int, int]] = []
    whole = b""
    for number in reversed(range(files)):
        name = b"%d.log" % number
        head = entry(name, b"", 8, size, len(body), crc)
        made.append((name, head, size, len(body), crc))
        whole = head + body
        block = struct.pack("<BHH", 0, len(head), len(head) ^ 0xFFFF) + head
        # What the next one unpacks to begins with this header; its CRC would need all of the data again.
        body, size, crc = block + body, size + len(head), 0
    at, listed = 0, b""
    for name, head, size, packed_size, crc in reversed(made):
        listed += central(name, 8, size, packed_size, crc, at)
        at += len(head) + 5
    return whole + listed + end(files, len(listed), len(whole))


def wide_dictionary() -> bytes:
    """LZMA data that asks for a dictionary of four gigabytes."""
    whole = bytearray(packed_by(zipfile.ZIP_LZMA, LOG * 100))
    at = whole.index(b"a.log") + len(b"a.log")
    whole[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    return bytes(whole)


def hidden_bomb(method: int) -> bytes:
    """300 MB of blanks in a member whose list entry and header say 5,000 bytes."""
    data = b" " * 300_000_000
    whole = packed_by(method, data)
    for magic, offset in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        whole = changed(whole, magic, offset, "<L", 5_000)
    return whole


def of_facts(value: bytes, lines: int) -> bytes:
    """A case of as many facts with this value."""
    line = b'{"fact": "x", "status": "ok", "by": "x", "value": {"v": %s}}\n' % value
    return zip_of({"facts.jsonl": line * lines, "a.log": LOG})


def of_manifest(**more: object) -> bytes:
    """A case with a manifest that says this."""
    told = {"schema_version": "1.0", "tool_version": "0", "rules_version": "0", "host": "a", "os": "linux",
            "collected_at": "2024-10-01T09:12:44Z", "utc_offset_minutes": 0, "elevated": False}  # fmt: skip
    return zip_of({"manifest.json": json.dumps(told | more).encode(), "facts.jsonl": b"", "a.log": LOG})


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


def packed_by(method: int, data: bytes = b" " * 50_000_000) -> bytes:
    """A zip of one member, packed in this way."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as archive:
        archive.writestr("a.log", data)
    return raw.getvalue()


def stated(method: int) -> bytes:
    """A member that says it is packed in this way, and a good one."""
    return changed(
        changed(zip_of({"a.log": LOG, "b.log": LOG}), b"PK\1\2", 10, "<H", method), b"PK\3\4", 8, "<H", method
    )


ZIPS: dict[str, Callable[[], bytes]] = {
    "zip-flat-bomb": lambda: zip_of({"a.log": b"\0" * 50_000_000}),
    "zip-overlapping": overlapping,
    "zip-quine": quine,
    "zip-wide": wide,
    "zip-gz-bomb-inside": lambda: zip_of({"a.log.gz": blanks_gz(BLANKS)}),
    "zip-members": lambda: zip_of({f"{number}.log": b"x\n" for number in range(20_000)}),
    "zip-a-million-entries": endless_members,
    "zip-full-list": full_list,
    "zip-two-ends": two_ends,
    "zip-end-in-the-end": end_in_the_end,
    "zip-refused-members": lambda: full_list(b"../%d.log", 60_000),
    "zip-quoted-overlap": quoted,
    "zip-lzma-dictionary": wide_dictionary,
    "zip-lzma-hidden-bomb": lambda: hidden_bomb(zipfile.ZIP_LZMA),
    "zip-bz2-hidden-bomb": lambda: hidden_bomb(zipfile.ZIP_BZIP2),
    "zip-facts-of-lists": lambda: of_facts(b"[" + b"[]," * 340_000 + b"[]]", 50),
    "zip-facts-of-text": lambda: of_facts(b'"' + b"x" * 1_000_000 + b'"', 200),
    "zip-manifest-offset": lambda: of_manifest(utc_offset_minutes=2**62),
    "zip-manifest-of-names": lambda: of_manifest(
        files=[{"path": str(number), "kind": "x", "size": 1, "sha256": ""} for number in range(40_000)]
    ),
    "zip-manifest-left-out": lambda: of_manifest(left_out=[{"what": "x", "why": "y"}] * 50_000),
    "zip-names-in-two-cases": lambda: zip_of({"A.log": LOG, "a.log": LOG, "a.LOG": LOG, "../x": LOG}),
    "zip-names-that-play": lambda: zip_of(
        {
            "\u202egol.exe.log": LOG,
            "\x1b[2J\x1b]0;t\x07.log": LOG,
            "a\rb\n.log": LOG,
            "\u200b\u2066.log": LOG,
            "../x": LOG,
        }
    ),
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
    "zip-unknown-packing": lambda: stated(99),
    "zip-deflate64": lambda: stated(9),
    "zip-zstd": lambda: stated(93),
    "zip-xz": lambda: stated(95),
    "zip-ppmd": lambda: stated(98),
    "zip-lying-size": lambda: changed(zip_of({"a.log": LOG * 100}), b"PK\1\2", 24, "<L", 7),
    "zip-lying-descriptor": lying_descriptor,
    "zip-lying-zip64": lying_zip64,
    "zip-lying-zip64-end": lying_zip64_end,
    "zip-list-beyond-the-end": lambda: changed(zip_of(FILES), b"PK\5\6", 16, "<L", 0xFFFFFF00),
    "zip-long-list": lambda: changed(zip_of(FILES), b"PK\5\6", 12, "<L", 0xFFFFFFF0),
    "zip-other-local-name": lambda: zip_of({"a.log": LOG}).replace(b"a.log", b"b.log", 1),
    "zip-lzma": lambda: packed_by(zipfile.ZIP_LZMA),
    "zip-bz2-bomb": lambda: packed_by(zipfile.ZIP_BZIP2),
    "zip-hostile-case": lambda: zip_of({"manifest.json": b"[" * 100_000, "facts.jsonl": b"[" * 100_000, "a.log": LOG}),
    "zip-deep-fact": lambda: zip_of({"facts.jsonl": b'{"fact": "x", "value": ' + b'{"a":' * 100_000, "a.log": LOG}),
    "zip-long-fact": lambda: zip_of({"facts.jsonl": b'{"fact": "' + b"x y" * 20_000_000, "a.log": LOG}),
}
