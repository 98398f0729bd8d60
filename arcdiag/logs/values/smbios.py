"""The machine's own description (SMBIOS) as the registry of Windows keeps it: only what names the platform."""

from __future__ import annotations

_HEADER = 8
_CHASSIS = 3
_ASSET_TAG = 8
_END = 127
_MOST = 500


def chassis_tag(blob: bytes) -> str | None:
    r"""The asset tag of the chassis out of `SMBiosData` (HKLM\SYSTEM\CurrentControlSet\Services\mssmbios\Data).

    None if the table has none or is damaged. Eight bytes stand before the table.
    """
    at = _HEADER
    for _ in range(_MOST):
        if at + 4 > len(blob):
            return None
        kind, length = blob[at], blob[at + 1]
        end = blob.find(b"\0\0", at + length)
        if kind == _END or length < 4 or end < 0:
            return None
        if kind == _CHASSIS and length > _ASSET_TAG:
            return _text(blob[at + length : end], blob[at + _ASSET_TAG])
        at = end + 2
    return None


def _text(texts: bytes, number: int) -> str | None:
    """The texts behind a structure are numbered from 1; 0 means none."""
    every = texts.split(b"\0")
    return every[number - 1].decode("ascii", "replace").strip() or None if 0 < number <= len(every) else None
