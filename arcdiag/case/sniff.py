"""What a file is, by its first bytes: text, an archive that can be opened, or something that holds no log."""

from __future__ import annotations

import re
import tarfile
from dataclasses import dataclass
from enum import Enum

from arcdiag.case.codepages import wide_codec_of

SNIFF_BYTES = 4096


class Shape(Enum):
    """What the first bytes show."""

    EMPTY = "empty"
    TEXT = "text"
    ZIP = "zip"
    GZIP = "gzip"
    TAR = "tar"
    VALUES = "values"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Look:
    """A shape; for BINARY `name` says what it is, as far as it is known. VALUES: binary values of a machine."""

    shape: Shape
    name: str = ""


_UNPACK = "unpack it first"
_BINARY: tuple[tuple[bytes, str], ...] = (
    (b"\x7fELF", "a Linux program"),
    (
        b"ElfFile\0",
        "a Windows event log in its binary form (export it with wevtutil qe <file> /lf:true /f:xml to have it read)",
    ),
    (b"LPKSHHRH", "a systemd journal in its binary form (export it with journalctl to have it read)"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"%PDF-", "a PDF document"),
    (b"\xfd7zXZ\0", f"packed with xz; {_UNPACK}"),
    (b"\x28\xb5\x2f\xfd", f"packed with zstd; {_UNPACK}"),
    (b"\x04\x22\x4d\x18", f"packed with lz4; {_UNPACK}"),
    (b"7z\xbc\xaf\x27\x1c", f"a 7-Zip archive; {_UNPACK}"),
    (b"Rar!\x1a", f"a RAR archive; {_UNPACK}"),
    (b"MSCF\0", f"a cabinet archive; {_UNPACK}"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a Windows installer package or an Office document"),
    (b"SQLite format 3\0", "a database"),
    (b"\xed\xab\xee\xdb", "an RPM package"),
    (b"!<arch>\n", "a DEB package or a library"),
)
_VALUES = ((b"regf", "a registry hive"), (b"PReg", "a group policy file"))
"""Binary, and read all the same."""
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_TEXT_CONTROLS = frozenset(b"\0\b\t\n\f\r\x1b\x1a")
CONTROLS = bytes(code for code in range(32) if code not in _TEXT_CONTROLS)
"""Control characters that no text has; zero bytes are counted apart."""
_ZEROS = re.compile(rb"\0{16,}")
_LEAST = 100


def look(head: bytes) -> Look:
    """The shape of a file that begins with `head` (SNIFF_BYTES of it, or all there is)."""
    if not head:
        return Look(Shape.EMPTY)
    if head.startswith(_ZIP):
        return Look(Shape.ZIP)
    if head.startswith(b"\x1f\x8b"):
        return Look(Shape.GZIP)
    for magic, name in _VALUES:
        if head.startswith(magic):
            return Look(Shape.VALUES, name)
    for magic, name in _BINARY:
        if head.startswith(magic):
            return Look(Shape.BINARY, name)
    if head.startswith(b"BZh") and head[4:10] == b"1AY&SY":
        return Look(Shape.BINARY, f"packed with bzip2; {_UNPACK}")
    if is_tar(head):
        return Look(Shape.TAR)
    if head.startswith(b"MZ") and b"\0" in head:
        return Look(Shape.BINARY, "a Windows program")
    return Look(Shape.TEXT) if _is_text(head[:SNIFF_BYTES]) else Look(Shape.BINARY, "no text")


def without_gap(sample: bytes) -> bytes:
    """Text without the zeros that a machine leaves which lost its power while it wrote; other bytes as they are."""
    rest = _ZEROS.sub(b"", sample)
    return rest if len(rest) >= _LEAST and b"\n" in rest and 0 not in rest else sample


def is_tar(head: bytes) -> bool:
    """Whether `head` begins with the header of a tar member: told by its checksum, so that no name is needed."""
    if len(head) < tarfile.BLOCKSIZE:
        return False
    try:
        tarfile.TarInfo.frombuf(head[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def _is_text(sample: bytes) -> bool:
    if sample.startswith(_BOMS):
        return True
    sample = without_gap(sample)
    if wide_codec_of(sample):
        return True
    size = len(sample)
    if len(sample) - len(sample.translate(None, CONTROLS)) > size * 0.03:
        return False
    zeros = sample.count(0)
    if zeros <= size * 0.3:
        return True
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    return min(even, odd) < size * 0.05
