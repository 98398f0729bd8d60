"""Facts about Windows' policies and rights; nothing on a system without a registry."""

from __future__ import annotations

from collections.abc import Iterator

from arcdiag.collect.host.platform import Host
from arcdiag.logs.values.logon_right import RIGHT, logon_as_service_fact
from arcdiag.logs.values.policy import policy_facts
from arcdiag.model.fact import Fact
from arcdiag.model.fact_maker import MACHINE, FactMaker

TOKEN_READERS = "Hybrid agent extension applications"
"""The local group whose members may read the agent's token keys."""
_BY = "host/policy"


def windows_policy_facts(make: FactMaker, host: Host) -> Iterator[Fact]:
    """The facts of the registry's policies, `policy.logon-as-service` and `account.token-readers`."""
    registry = host.registry()
    if registry is None:
        return
    yield from policy_facts(make, registry, by=_BY)
    yield logon_as_service_fact(make, host.right_holders(RIGHT), by=_BY)
    yield _token_readers(make, host)


def _token_readers(make: FactMaker, host: Host) -> Fact:
    """`account.token-readers` with `group` and `members`; ABSENT if there is no such group."""
    reading = host.group_members(TOKEN_READERS)
    if reading.value is None:
        return make.not_seen("account.token-readers", MACHINE, reading.status, reading.reason, _BY)
    value = {"group": TOKEN_READERS, "members": sorted(reading.value)}
    return make.ok("account.token-readers", MACHINE, value, _BY)
