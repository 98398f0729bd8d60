"""Who may log on as a service, and whether the agent's account is among them."""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Sequence
from typing import Any

from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker
from arcdiag.model.reading import Reading

RIGHT = "SeServiceLogonRight"
ALL_SERVICES = "S-1-5-80-0"
EVERYONE = "S-1-1-0"
MAX_HOLDERS = 500
_SID = re.compile(r"S-1-\d+(?:-\d+)*\Z", re.I)


def service_sid(service: str) -> str:
    r"""The SID of a service's own account (`NT SERVICE\himds`): the SHA-1 of its name in capitals."""
    digest = hashlib.sha1(service.upper().encode("utf-16-le"), usedforsecurity=False).digest()
    return "S-1-5-80-" + "-".join(str(part) for part in struct.unpack("<5I", digest))


def logon_as_service_fact(
    make: FactMaker,
    holders: Reading[tuple[str, ...]],
    source: str = "unknown",
    by: str = "lsa",
    raw: str | None = None,
    gpo: str | None = None,
) -> Fact:
    r"""`policy.logon-as-service`: `himds` true or false, `holders`, `source` (`local`, `gpo`, `unknown`), `gpo` (name).

    `holders` of the reading: SIDs (with or without `*`) and names (`NT SERVICE\himds`). `himds` is left out where a
    name could be a translation of "all services" and nothing else settles it.
    """
    if holders.value is None:
        return make.not_seen("policy.logon-as-service", MACHINE, holders.status, holders.reason, by, raw=raw)
    listed = [holder.strip().lstrip("*") for holder in holders.value if holder.strip()][:MAX_HOLDERS]
    value: dict[str, Any] = {"holders": listed, "source": source}
    if gpo:
        value["gpo"] = gpo
    has = _has_right(listed)
    if has is not None:
        value["himds"] = has
    return Fact("policy.logon-as-service", MACHINE, FactStatus.OK, value, at=make.at, by=by, user=make.user, raw=raw)


def _has_right(holders: Sequence[str]) -> bool | None:
    good = {service_sid("himds").lower(), ALL_SERVICES.lower(), EVERYONE.lower()}
    unsure = False
    for holder in holders:
        lower = holder.lower()
        if lower in good or lower == "himds" or lower.endswith(("\\himds", "\\all services")):
            return True
        if not _SID.match(holder) and _may_be_all_services(holder):
            unsure = True
    return None if unsure else False


def _may_be_all_services(name: str) -> bool:
    r"""`NT-DIENST\Alle Dienste` and the like: a name of Windows' own authority in another language."""
    authority, slash, rest = name.partition("\\")
    own = "NT" in re.split(r"[\s_-]+", authority.upper())
    english = authority.upper() in ("NT SERVICE", "NT AUTHORITY")
    return bool(slash) and own and not english and (" " in rest or not rest.isascii())
