r"""What `reg query` printed, found in the text of a console."""

from __future__ import annotations

import re

from arcdiag.logs.values.registry import RecordedRegistry, RegistryValue, normal
from arcdiag.logs.values.registry_data import hex_bytes

_KEY = re.compile(r"(HKEY_[A-Z_]{3,30}(?:\\[^\r\n]{1,1000})?)\s*\Z")
_VALUE = re.compile(r"    (\S.{0,400}?) {2,8}(REG_[A-Z_]{2,40})(?: {2,8}(.*))?\Z")
_MAX_VALUES = 5_000


def read_queries(text: str) -> RecordedRegistry:
    """The values that were printed. It covers nothing: `reg query /v` prints one value of a key that holds more."""
    keys: dict[str, dict[str, RegistryValue]] = {}
    key: str | None = None
    count = 0
    for line in text.splitlines():
        begin = _KEY.match(line.strip())
        if begin:
            key = normal(begin[1])
            continue
        value = _VALUE.match(line.rstrip("\r"))
        if key is None or value is None or count >= _MAX_VALUES:
            key = key if not line.strip() or value else None
            continue
        count += 1
        name = "" if re.fullmatch(r"\(.{1,40}\)", value[1]) else value[1]
        keys.setdefault(key, {})[name.lower()] = _value(name, value[2], (value[3] or "").strip())
    return RecordedRegistry(keys, ())


def _value(name: str, kind: str, data: str) -> RegistryValue:
    if kind in ("REG_DWORD", "REG_QWORD") and re.fullmatch(r"0x[0-9A-Fa-f]{1,16}", data):
        return RegistryValue(name, kind, int(data, 16))
    if kind == "REG_MULTI_SZ":
        return RegistryValue(name, kind, tuple(part for part in data.split(r"\0") if part))
    if kind in ("REG_SZ", "REG_EXPAND_SZ"):
        return RegistryValue(name, kind, data)
    try:
        return RegistryValue(name, kind, hex_bytes(",".join(data[i : i + 2] for i in range(0, len(data), 2))))
    except ValueError:
        return RegistryValue(name, kind, data[:60].encode("utf-8", "replace"))
