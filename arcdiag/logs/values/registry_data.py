"""Bytes of a registry value to what they mean, by its type: the same for exports, hives and policy files."""

from __future__ import annotations

import re

from arcdiag.logs.values.registry import Data, RegistryValue

MAX_DATA = 1024**2
"""Bytes of one value; nothing that is looked at comes near it."""

_NUMBERS = {"REG_DWORD": (4, "little"), "REG_DWORD_BIG_ENDIAN": (4, "big"), "REG_QWORD": (8, "little")}
_TEXTS = ("REG_SZ", "REG_EXPAND_SZ", "REG_LINK")


def decoded(kind: str, raw: bytes, encoding: str = "utf-16-le") -> Data:
    """The data of a value. Bytes that do not fit the type (three bytes of a DWORD, half a character) stay bytes."""
    if kind in _NUMBERS:
        size, order = _NUMBERS[kind]
        return int.from_bytes(raw, "little" if order == "little" else "big") if len(raw) == size else raw
    if kind in _TEXTS or kind == "REG_MULTI_SZ":
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            return raw
        return tuple(part for part in text.split("\0") if part) if kind == "REG_MULTI_SZ" else text.partition("\0")[0]
    return raw


def number(value: RegistryValue) -> int:
    """The number of a DWORD or QWORD. Raises ValueError that says what stands there instead."""
    if isinstance(value.data, int) and not isinstance(value.data, bool):
        return value.data
    raise ValueError(f"{value.name} is no number: {shown(value)}")


def text(value: RegistryValue) -> str:
    """The text of a string. Raises ValueError that says what stands there instead."""
    if isinstance(value.data, str):
        return value.data
    raise ValueError(f"{value.name} is no text: {shown(value)}")


def words(value: RegistryValue) -> tuple[str, ...]:
    """The members of a list: REG_MULTI_SZ, or a text with commas. Raises ValueError."""
    if isinstance(value.data, tuple):
        found = value.data
    else:
        found = tuple(text(value).split(","))
    return tuple(word.strip() for word in found if word.strip())


def shown(value: RegistryValue) -> str:
    """Type and beginning of a value, for the sentence that says why it cannot be used."""
    data = value.data
    what = f"{len(data)} bytes" if isinstance(data, bytes) else repr(data)[:60]
    return f"{value.kind} with {what}"


def hex_bytes(digits: str) -> bytes:
    """The bytes of `1e,00,ff`. Raises ValueError for anything else."""
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{1,2}(?:,[0-9A-Fa-f]{1,2})*,?)?", digits):
        raise ValueError("no list of bytes")
    return bytes(int(pair, 16) for pair in digits.split(",") if pair)
