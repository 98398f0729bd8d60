r"""`Registry.pol`: what a group policy writes into the registry (`PReg` format).

The header, then `[key;value;type;size;data]` without end: texts in UTF-16 with a NUL, numbers in 4 bytes.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from arcdiag.logs.values.registry import RecordedRegistry, RegistryValue, kind_name, normal
from arcdiag.logs.values.registry_data import MAX_DATA, decoded

MAGIC = b"PReg"
MAX_BYTES = 32 * 1024**2
MAX_RECORDS = 100_000
_MAX_NAME = 4_000
_HEADER = 8
_OPEN, _SEMICOLON, _CLOSE = "[".encode("utf-16-le"), ";".encode("utf-16-le"), "]".encode("utf-16-le")
_DIRECTIVE = re.compile(r"\*\*(del\.|delvals|deletevalues|deletekeys|securekey|soft\.)(.*)\Z", re.I | re.S)
_GUID = re.compile(r"\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}")


class _BadPolicyError(ValueError):
    """A record that is none; the text says why."""


@dataclass(frozen=True, slots=True)
class PolicySource:
    """Whose policy a file is. `source`: `local` or `gpo` (`gpo` is then its id), `unknown` where the path is silent.

    `machine`: computer settings; a user's settings go to HKCU.
    """

    source: str
    gpo: str | None
    machine: bool


def policy_source(path: str) -> PolicySource:
    r"""By the path: `...\GroupPolicy\Machine\Registry.pol` is local, `...\Policies\{id}\Machine\...` a GPO's."""
    parts = path.replace("\\", "/").lower().split("/")
    machine = "user" not in parts[:-1] or "machine" in parts[:-1]
    guid = _GUID.findall(path)
    if guid:
        return PolicySource("gpo", guid[-1].upper(), machine)
    return PolicySource("local" if "grouppolicy" in parts else "unknown", None, machine)


def read_policy(data: bytes, machine: bool = True) -> tuple[RecordedRegistry, str | None]:
    """The values that a policy file sets, and what is wrong with it (None if nothing).

    It covers nothing: what it does not set may be set otherwise. Values that it deletes are left out.
    """
    if len(data) < _HEADER or data[:4] != MAGIC:
        return RecordedRegistry({}, ()), "it does not begin as a policy file does"
    version = int.from_bytes(data[4:8], "little")
    if version != 1:
        return RecordedRegistry({}, ()), f"it is a policy file of version {version}, which is not known"
    keys: dict[str, dict[str, RegistryValue]] = {}
    at, count = _HEADER, 0
    root = "hklm" if machine else "hkcu"
    try:
        while at < len(data):
            if count >= MAX_RECORDS:
                raise _BadPolicyError(f"it holds more than {MAX_RECORDS:,} settings")
            at = _record(data, at, root, keys)
            count += 1
    except _BadPolicyError as error:
        return RecordedRegistry(keys, ()), f"read up to byte {at:,} only: {error}"
    return RecordedRegistry(keys, ()), None


def _record(data: bytes, at: int, root: str, keys: dict[str, dict[str, RegistryValue]]) -> int:
    at = _expect(data, at, _OPEN)
    key, at = _name(data, at)
    at = _expect(data, at, _SEMICOLON)
    name, at = _name(data, at)
    at = _expect(data, at, _SEMICOLON)
    kind, at = _number(data, at)
    at = _expect(data, at, _SEMICOLON)
    size, at = _number(data, at)
    at = _expect(data, at, _SEMICOLON)
    if size > MAX_DATA or at + size > len(data):
        raise _BadPolicyError(f"a value of {size:,} bytes does not fit")
    raw, at = data[at : at + size], _expect(data, at + size, _CLOSE)
    _put(keys.setdefault(normal(f"{root}\\{key}"), {}), name, kind_name(kind), raw)
    return at


def _put(values: dict[str, RegistryValue], name: str, kind: str, raw: bytes) -> None:
    directive = _DIRECTIVE.match(name)
    if directive is None:
        values[name.lower()] = RegistryValue(name, kind, decoded(kind, raw))
    elif directive[1].lower() == "soft.":
        values.setdefault(directive[2].lower(), RegistryValue(directive[2], kind, decoded(kind, raw)))
    elif directive[1].lower() == "del.":
        values.pop(directive[2].lower(), None)
    elif directive[1].lower() == "delvals":
        values.clear()


def _expect(data: bytes, at: int, sign: bytes) -> int:
    if data[at : at + 2] != sign:
        raise _BadPolicyError(f"no {sign.decode('utf-16-le')} where one belongs")
    return at + 2


def _name(data: bytes, at: int) -> tuple[str, int]:
    end = at
    while True:
        if end - at > _MAX_NAME or end + 2 > len(data):
            raise _BadPolicyError("a name without an end")
        if data[end : end + 2] == b"\0\0":
            break
        end += 2
    try:
        return data[at:end].decode("utf-16-le"), end + 2
    except UnicodeDecodeError as error:
        raise _BadPolicyError("a name that is no UTF-16") from error


def _number(data: bytes, at: int) -> tuple[int, int]:
    if at + 4 > len(data):
        raise _BadPolicyError("it ends in the middle of a setting")
    return struct.unpack_from("<I", data, at)[0], at + 4
