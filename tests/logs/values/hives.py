"""Builds small registry hives: a header, one bin, keys with lists of subkeys, values inline or in cells of their own."""

from __future__ import annotations

import struct
from collections.abc import Mapping

Value = tuple[int, bytes]
"""Number of the type, and the bytes."""
Keys = Mapping[str, Mapping[str, Value]]
NONE = 0xFFFFFFFF


class _Bin:
    def __init__(self) -> None:
        self.data = bytearray(32)

    def cell(self, content: bytes) -> int:
        size = -(-(len(content) + 4) // 8) * 8
        at = len(self.data)
        self.data += struct.pack("<i", -size) + content.ljust(size - 4, b"\0")
        return at

    def put(self, at: int, offset: int, number: int) -> None:
        struct.pack_into("<I", self.data, at + 4 + offset, number)


def dword(number: int) -> Value:
    return 4, struct.pack("<I", number)


def text(value: str) -> Value:
    return 1, (value + "\0").encode("utf-16-le")


def hive(keys: Keys) -> bytes:
    r"""A hive with these keys (`Microsoft\Windows`), their parents, and their values."""
    tree: dict[str, object] = {}
    for path in keys:
        node = tree
        for name in path.split("\\"):
            node = node.setdefault(name, {})  # type: ignore[assignment]
    body = _Bin()
    root = _key(body, "ROOT", "", tree, keys, 0x2C)
    size = -(-len(body.data) // 4096) * 4096
    free = size - len(body.data)
    if free:
        body.data += struct.pack("<i", free) + bytes(free - 4)
    body.data[:32] = struct.pack("<4sII8xQI", b"hbin", 0, size, 0, 0)
    header = struct.pack("<4sIIQIIIIIII", b"regf", 1, 1, 0, 1, 5, 0, 1, root, size, 1).ljust(508, b"\0")
    checksum = 0
    for (part,) in struct.iter_unpack("<I", header):
        checksum ^= part
    return (header + struct.pack("<I", checksum)).ljust(4096, b"\0") + bytes(body.data)


def _key(body: _Bin, name: str, path: str, tree: dict[str, object], keys: Keys, flags: int) -> int:
    encoded = name.encode("latin-1")
    values = keys.get(path, {})
    listed = _values(body, values) if values else NONE
    content = struct.pack(
        "<2sHQ15IHH",
        b"nk", flags | 0x20, 0, 0, 0, len(tree), 0, NONE, NONE, len(values), listed, NONE, NONE, 0, 0, 0, 0, 0, len(encoded), 0,
    )  # fmt: skip
    at = body.cell(content + encoded)
    children = [
        _key(body, child, f"{path}\\{child}".lstrip("\\"), below, keys, 0)  # type: ignore[arg-type]
        for child, below in sorted(tree.items())
    ]
    if children:
        hashed = b"".join(struct.pack("<II", child, 0) for child in children)
        body.put(at, 28, body.cell(struct.pack("<2sH", b"lh", len(children)) + hashed))
    return at


def _values(body: _Bin, values: Mapping[str, Value]) -> int:
    offsets = []
    for name, (kind, raw) in values.items():
        encoded = name.encode("latin-1")
        if len(raw) <= 4:
            size, data = len(raw) | 0x80000000, int.from_bytes(raw.ljust(4, b"\0"), "little")
        else:
            size, data = len(raw), body.cell(raw)
        offsets.append(body.cell(struct.pack("<2sHIIIHH", b"vk", len(encoded), size, data, kind, 1, 0) + encoded))
    return body.cell(b"".join(struct.pack("<I", offset) for offset in offsets))
