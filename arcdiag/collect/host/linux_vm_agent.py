"""The Azure VM agent's service on Linux, which has two names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from arcdiag.collect.host.linux_environment import unit_file
from arcdiag.collect.host.platform import CommandRaw, ServiceRaw
from arcdiag.logs.values.systemctl import PROPERTIES, parse_systemctl_show
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, absent

NAME = "waagent"
UNITS = ("walinuxagent.service", "waagent.service")
"""The unit on Debian and Ubuntu, and elsewhere."""
ASKED = ("/usr/bin/systemctl", "show", "-p", ",".join(PROPERTIES), *UNITS)
"""The command that is run."""

Ask = Callable[[Sequence[str]], Reading[CommandRaw]]


def vm_agent_service(root: Path, has_systemd: bool, ask: Ask) -> Mapping[str, Reading[ServiceRaw]]:
    """Whichever of the two units is there; ABSENT if none is. Without systemd only the unit files can tell."""
    there = [unit for unit in UNITS if unit_file(root, unit) is not None]
    if not has_systemd:
        return {NAME: _silent() if there else absent("no unit of the Azure VM agent is installed")}
    result = ask(ASKED)
    if result.value is None or not result.value.output.strip():
        return {NAME: Reading(FactStatus.ERROR, None, result.reason or "systemctl printed nothing")}
    blocks = parse_systemctl_show(result.value.output)
    loaded = [unit for unit in UNITS if blocks.get(unit, {}).get("LoadState", "not-found") != "not-found"]
    # Some systems give the unit both names; the one that runs is meant.
    loaded.sort(key=lambda unit: blocks[unit].get("ActiveState") != "active")
    if not loaded:
        return {NAME: absent("systemd knows no unit of the Azure VM agent")}
    return {NAME: Reading.of(ServiceRaw(loaded[0], "systemctl", blocks[loaded[0]]))}


def _silent() -> Reading[ServiceRaw]:
    return Reading(FactStatus.UNSUPPORTED, None, "systemd does not run here, so the unit has no state")
