"""The policies and settings of Windows that the agent depends on, from any registry. Nothing here judges."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from arcdiag.logs.values import keys
from arcdiag.logs.values.asked import Asked, Values
from arcdiag.logs.values.proxy_settings import proxy_settings
from arcdiag.logs.values.registry import Registry
from arcdiag.logs.values.registry_data import number, text
from arcdiag.logs.values.schannel import schannel_facts
from arcdiag.logs.values.windows_parts import part_facts
from arcdiag.model.fact import Fact
from arcdiag.model.fact_maker import FactMaker


def policy_facts(
    make: FactMaker, registry: Registry, by: str = "registry", raw: str | None = None, proxies: bool = False
) -> list[Fact]:
    """All facts that a registry gives: `policy.*`, `windows.*`, `machine.time-source`.

    What lies outside a recording gives no fact. `proxies`: also `proxy.env` of the places where Windows keeps proxies
    (a live machine has its own check for them).
    """
    asked = Asked(make, registry, by, raw)
    found = [*own_policies(asked), *schannel_facts(asked), *part_facts(asked)]
    return [*found, *proxy_settings(asked)] if proxies else found


def own_policies(asked: Asked) -> Iterable[Fact]:
    """The single switches.

    - `policy.cleanup-profiles`: `days` (0 = off), `source` (`unknown`: the registry does not tell who set it)
    - `policy.case-insensitivity`: `enabled` ("System objects: Require case insensitivity ...")
    - `policy.fips`: `enabled`
    - `policy.root-update`: `disabled` (Windows fetches no root certificates on demand)
    - `policy.execution`: `policy` of PowerShell scripts, as a group policy sets it
    """
    yield from asked.fact("policy.cleanup-profiles", keys.SYSTEM_POLICY, cleanup_profiles)
    yield from asked.fact("policy.case-insensitivity", keys.KERNEL, _switch("ObCaseInsensitive", "enabled"))
    yield from asked.fact("policy.fips", keys.FIPS, _switch("Enabled", "enabled"))
    yield from asked.fact("policy.root-update", keys.AUTH_ROOT_POLICY, _switch("DisableRootAutoUpdate", "disabled"))
    yield from asked.fact("policy.execution", keys.POWERSHELL_POLICY, _execution)


def cleanup_profiles(values: Values) -> dict[str, Any] | None:
    """The days of "Delete user profiles older than a specified number of days on system restart"."""
    value = values.get("cleanupprofiles")
    return None if value is None else {"days": number(value), "source": "unknown"}


def _switch(name: str, key: str) -> Any:
    def decode(values: Values) -> dict[str, Any] | None:
        value = values.get(name.lower())
        return None if value is None else {key: number(value) != 0}

    return decode


def _execution(values: Values) -> dict[str, Any] | None:
    value = values.get("executionpolicy")
    if value is None:
        return None
    enabled = values.get("enablescripts")
    return {"policy": text(value), "scripts": enabled is None or number(enabled) != 0}
