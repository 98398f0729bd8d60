"""Security settings as `secedit /export` writes them (INF): who has which right, and values of the registry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from arcdiag.logs.values.logon_right import RIGHT
from arcdiag.logs.values.registry import RecordedRegistry, RegistryValue, kind_name, normal
from arcdiag.logs.values.registry_data import hex_bytes
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading

MAX_LINES = 100_000
_WHOLE_EXPORT = 5
"""So many other rights in a file show that it lists all rights that anybody has."""
_RIGHT = re.compile(r"\s{0,8}(Se[A-Za-z]{3,60}(?:Privilege|Right))\s{0,20}=(.{0,60000})\Z", re.S)


@dataclass(frozen=True, slots=True)
class SecuritySettings:
    """`rights`: holders by right, SIDs with a `*` in front. `template`: a file that prescribes, not one that tells."""

    rights: dict[str, tuple[str, ...]] = field(default_factory=dict)
    registry: RecordedRegistry = field(default_factory=lambda: RecordedRegistry({}, ()))
    has_rights: bool = False
    template: bool = False
    problem: str | None = None

    def logon_as_service(self) -> Reading[tuple[str, ...]] | None:
        """Who may log on as a service; None if the file does not tell.

        An export leaves out a right that nobody has; a template leaves out what it does not prescribe.
        """
        listed = self.rights.get(RIGHT.lower())
        if listed is not None:
            return Reading.of(listed)
        if self.has_rights and not self.template and not self.problem and len(self.rights) >= _WHOLE_EXPORT:
            return Reading(FactStatus.OK, ())
        return None


def read_security(lines: Iterable[str], path: str = "") -> SecuritySettings:
    """The settings of a file; `path` tells a template (`GptTmpl.inf`) from an export."""
    rights: dict[str, tuple[str, ...]] = {}
    keys: dict[str, dict[str, RegistryValue]] = {}
    section, has_rights, problem = "", False, None
    for count, line in enumerate(lines):
        if count >= MAX_LINES:
            problem = f"only its first {MAX_LINES:,} lines are read"
            break
        stripped = line.strip()
        if stripped.startswith("[") and stripped.endswith("]"):
            section = stripped[1:-1].strip().lower()
            has_rights = has_rights or section == "privilege rights"
        elif section == "privilege rights":
            right = _RIGHT.match(line)
            if right:
                rights[right[1].lower()] = tuple(h.strip().strip('"') for h in right[2].split(",") if h.strip())
        elif section == "registry values":
            _registry_value(line, keys)
    template = path.replace("\\", "/").lower().endswith("gpttmpl.inf")
    return SecuritySettings(rights, RecordedRegistry(keys, ()), has_rights, template, problem)


def _registry_value(line: str, keys: dict[str, dict[str, RegistryValue]]) -> None:
    r"""`MACHINE\System\...\ObCaseInsensitive=4,1`: the number of a type, and the data as text."""
    place, equals, rest = line.strip().partition("=")
    number, comma, data = rest.partition(",")
    root, _, path = place.partition("\\")
    key, slash, name = path.rpartition("\\")
    number = number.strip()
    if not (equals and comma and slash and root.strip().upper() == "MACHINE" and re.fullmatch(r"\d{1,2}", number)):
        return
    name, kind, data = name.strip(), kind_name(int(number)), data.strip()
    value = RegistryValue(name, kind, data[:60].encode("utf-8", "replace"))
    if kind == "REG_DWORD" and re.fullmatch(r"\d{1,10}", data) and int(data) < 2**32:
        value = RegistryValue(name, kind, int(data))
    elif kind in ("REG_SZ", "REG_EXPAND_SZ"):
        value = RegistryValue(name, kind, data.strip('"'))
    elif kind == "REG_MULTI_SZ":
        value = RegistryValue(name, kind, tuple(part.strip('"') for part in data.split(",") if part.strip()))
    elif kind == "REG_BINARY":
        with suppress(ValueError):
            value = RegistryValue(name, kind, hex_bytes(data))
    keys.setdefault(normal(f"HKLM\\{key}"), {})[name.lower()] = value
