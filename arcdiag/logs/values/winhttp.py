"""Proxy settings as Windows keeps them."""

from __future__ import annotations

import re
import struct

_PROXY_FLAG = 2


def decode_winhttp(blob: bytes) -> tuple[str, str] | None:
    """Proxy and bypass list of `WinHttpSettings`; None for direct access or a value that ends too early.

    Four numbers (version, counter, flags, length of the proxy), the proxy, a length, the bypass list. The lengths rule:
    the byte behind a proxy is the next length's, not a digit of the port.
    """
    try:
        return winhttp_setting(blob)
    except ValueError:
        return None


def winhttp_setting(blob: bytes) -> tuple[str, str] | None:
    """As `decode_winhttp`, but a value that ends too early or cannot be one raises ValueError."""
    try:
        _, _, flags, size = struct.unpack_from("<4I", blob)
        proxy, at = _text(blob, 16, size)
        (size,) = struct.unpack_from("<I", blob, at)
        bypass, _ = _text(blob, at + 4, size)
    except struct.error as error:
        raise ValueError("ends too early") from error
    return (proxy, bypass) if flags & _PROXY_FLAG and proxy else None


def _text(blob: bytes, at: int, size: int) -> tuple[str, int]:
    if at + size > len(blob):
        raise ValueError("ends too early")
    return blob[at : at + size].decode("latin-1"), at + size


def https_part(setting: str) -> str:
    """The proxy for https in `http=a:80;https=b:81`, or the whole of a setting that is for all."""
    for part in re.split(r"[;\s]+", setting.strip()):
        name, sign, value = part.partition("=")
        if sign and name.lower() == "https":
            return value
        if not sign and part:
            return part
    return ""
