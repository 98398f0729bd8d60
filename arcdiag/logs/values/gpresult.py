"""`gpresult /x`: which group policy sets what on this computer. Names of settings are in the language of Windows.

Registry paths, SIDs, states and numbers are not; a setting that has only a name is known by its names in NAMES.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from arcdiag.logs.times import parse_time
from arcdiag.logs.values.logon_right import RIGHT
from arcdiag.logs.values.registry import RecordedRegistry, RegistryValue, normal
from arcdiag.logs.values.xml_parts import DamagedXmlError, Node, parts

WANTED = frozenset({"ReadTime", "GPO", "Policy", "RegistrySetting", "UserRightsAssignment", "SecurityOptions"})
CLEANUP_NAMES = (
    "Delete user profiles older than a specified number of days on system restart",
    "Benutzerprofile, die älter als eine bestimmte Anzahl von Tagen sind, beim Systemneustart löschen",
    "시스템 다시 시작 시 지정된 기간(일)보다 오래된 사용자 프로필 삭제",
)
"""The name of the policy CleanupProfiles in English, German and Korean."""
MAX_SETTINGS = 20_000
LOCAL = "LocalGPO"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with its winner: `value` is None where it is disabled; `gpo` the id of the policy that sets it."""

    value: Any
    gpo: str
    precedence: int


@dataclass
class PolicyResult:
    """What was read. `at`: when Windows made the report; `gpos`: name and whether it applies, by id."""

    at: str | None = None
    gpos: dict[str, tuple[str, bool]] = field(default_factory=dict)
    cleanup: Setting | None = None
    logon_right: Setting | None = None
    registry: dict[str, dict[str, RegistryValue]] = field(default_factory=dict)
    problem: str | None = None
    computer: bool = False

    def source(self, gpo: str) -> tuple[str, str | None]:
        """`local`, or `gpo` and its name (its id, if the report does not name it)."""
        if gpo == LOCAL:
            return "local", None
        return ("gpo", self.gpos.get(gpo, (gpo, True))[0]) if gpo else ("unknown", None)

    def recorded(self) -> RecordedRegistry:
        """Values that policies set by their path in the registry; it covers nothing."""
        return RecordedRegistry(self.registry, ())


def read_result(blocks: Iterable[str]) -> PolicyResult:
    """The computer's part of a report; a user's part is not looked at. Never raises: see `problem`."""
    found = PolicyResult()
    try:
        for count, (path, node) in enumerate(parts(blocks, WANTED)):
            if count > MAX_SETTINGS:
                found.problem = f"only its first {MAX_SETTINGS:,} settings are read"
                break
            _take(found, path, node)
    except DamagedXmlError as error:
        found.problem = str(error)
    return found


def _take(found: PolicyResult, path: tuple[str, ...], node: Node) -> None:
    if node.name == "ReadTime":
        time = parse_time(node.text)
        found.at = time.iso() if time and time.is_utc else None
        return
    if "ComputerResults" not in path:
        return
    found.computer = True
    if node.name == "GPO":
        found.gpos[_gpo_id(node.value("Path", "Identifier"))] = (node.value("Name")[:200], _applies(node))
    elif node.name == "Policy":
        _policy(found, node)
    elif node.name == "RegistrySetting":
        _registry_setting(found, node)
    elif node.name == "UserRightsAssignment" and node.value("Name").lower() == RIGHT.lower():
        members = tuple(m.value("SID") or m.value("Name") for m in node.all("Member"))
        found.logon_right = _better(found.logon_right, members, node)
    elif node.name == "SecurityOptions":
        _security_option(found, node)


def _gpo_id(text: str) -> str:
    return LOCAL if text.lower() == LOCAL.lower() else text.upper()


def _applies(gpo: Node) -> bool:
    """Whether a policy applies: on, valid, not filtered, not denied, and linked with an order."""
    said = {name: gpo.value(name).lower() for name in ("Enabled", "IsValid", "FilterAllowed", "AccessDenied")}
    good = all(said[name] in ("true", "") for name in ("Enabled", "IsValid", "FilterAllowed"))
    orders = [link.value("AppliedOrder") for link in gpo.all("Link")]
    return good and said["AccessDenied"] != "true" and (not orders or any(o not in ("", "0") for o in orders))


def _better(known: Setting | None, value: Any, node: Node) -> Setting:
    """The setting with the lowest precedence number wins on the machine."""
    text = node.value("Precedence")
    precedence = int(text) if re.fullmatch(r"\d{1,6}", text) else 999_999
    if known is not None and known.precedence <= precedence:
        return known
    return Setting(value, _gpo_id(node.value("GPO", "Identifier")), precedence)


def _policy(found: PolicyResult, node: Node) -> None:
    name = " ".join(node.value("Name").split())
    if name.lower() not in {known.lower() for known in CLEANUP_NAMES}:
        return
    state = node.value("State").lower()
    if state == "enabled":
        found.cleanup = _better(found.cleanup, node.value("Numeric", "Value"), node)
    elif state == "disabled":
        found.cleanup = _better(found.cleanup, None, node)


def _registry_setting(found: PolicyResult, node: Node) -> None:
    key = normal("HKLM\\" + node.value("KeyPath"))
    for value in node.all("Value"):
        name = value.value("Name")
        number, text = value.value("Number"), value.value("String")
        if re.fullmatch(r"\d{1,20}", number):
            made = RegistryValue(name, "REG_DWORD", int(number))
        elif text:
            made = RegistryValue(name, "REG_SZ", text)
        else:
            continue
        found.registry.setdefault(key, {})[name.lower()] = made
        if name.lower() == "cleanupprofiles" and isinstance(made.data, int):
            found.cleanup = _better(found.cleanup, str(made.data), node)


def _security_option(found: PolicyResult, node: Node) -> None:
    r"""`MACHINE\System\CurrentControlSet\...\ObCaseInsensitive` with a number."""
    root, _, rest = node.value("KeyName").partition("\\")
    key, _, name = rest.rpartition("\\")
    number = node.value("SettingNumber")
    if root.upper() == "MACHINE" and key and re.fullmatch(r"\d{1,10}", number):
        found.registry.setdefault(normal("HKLM\\" + key), {})[name.lower()] = RegistryValue(
            name, "REG_DWORD", int(number)
        )
