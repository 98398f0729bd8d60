"""The Azure VM agent's unit in what `systemctl show` printed, kept in a case."""

from __future__ import annotations

from arcdiag.logs.values.systemctl import decode_systemd, parse_systemctl_show
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import service

UNITS = frozenset({"walinuxagent.service", "waagent.service"})


def waagent_facts(text: str, source: str) -> list[Fact]:
    """`vm.service` of the unit that is there, ABSENT if both are asked for and none is; [] if neither is."""
    blocks = {unit: values for unit, values in parse_systemctl_show(text).items() if unit in UNITS}
    values = {unit: value for unit, block in blocks.items() if (value := decode_systemd(unit, block)) is not None}
    running = [value for value in values.values() if value["running"]]
    subject = service("waagent")
    if values:
        chosen = (running or list(values.values()))[0]
        return [Fact("vm.service", subject, FactStatus.OK, chosen, by="systemctl", raw=source)]
    if blocks.keys() >= UNITS:
        reason = "systemd knows no unit of the Azure VM agent"
        return [Fact("vm.service", subject, FactStatus.ABSENT, by="systemctl", reason=reason, raw=source)]
    return []
