"""All checks of the machine itself, one line each in a registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.agent import package_fact, version_fact
from arcdiag.collect.host.config import CAP, agent_fact, local_fact
from arcdiag.collect.host.files import file_facts
from arcdiag.collect.host.machine import dns_fact, machine_facts
from arcdiag.collect.host.platform import Host, ServiceRaw
from arcdiag.collect.host.proxies import proxy_facts
from arcdiag.collect.host.services import service_facts
from arcdiag.collect.host.settings import MachineSettings
from arcdiag.collect.host.show import run_show, show_fact
from arcdiag.collect.raw import RawFiles
from arcdiag.model.fact import Fact
from arcdiag.model.fact_maker import FactMaker
from arcdiag.model.reading import Reading


@dataclass(frozen=True)
class Inspection:
    """What every check gets. `services` were asked for once, as two checks need them."""

    host: Host
    make: FactMaker
    settings: MachineSettings
    planned_hosts: Sequence[str]
    raw: RawFiles
    deadline: Deadline


def _services(look: Inspection) -> Iterable[Fact]:
    services = look.host.services(look.deadline)
    text = look.host.services_text()
    raw = look.raw.add("systemctl-show.txt", "systemctl-show", text) if text else None
    yield from service_facts(look.make, services, raw)
    yield from _packages(look, services)


def _packages(look: Inspection, services: Mapping[str, Reading[ServiceRaw]]) -> Iterable[Fact]:
    package = look.host.package(look.deadline)
    yield package_fact(look.make, look.host, package, services)
    yield version_fact(look.make, look.host, package, look.deadline)


def _configuration(look: Inspection) -> Iterable[Fact]:
    paths = look.host.paths()
    kept = {}
    for name in ("agentconfig", "localconfig"):
        data = look.host.read(paths[name], CAP).value
        kept[name] = look.raw.add(f"{name}.json", "config", data) if data is not None else None
    yield agent_fact(look.make, look.settings.agent_config, kept["agentconfig"])
    yield local_fact(look.make, look.settings.local_config, kept["localconfig"])


def _show(look: Inspection) -> Iterable[Fact]:
    result = run_show(look.host, look.deadline)
    printed = result.value.output if result.value else ""
    raw = look.raw.add("azcmagent-show.json", "show-json", printed) if printed.strip() else None
    yield show_fact(look.make, result, raw)


Check = Callable[[Inspection], Iterable[Fact]]

CHECKS: tuple[tuple[str, str, Check], ...] = (
    ("machine", "machine.host", lambda look: machine_facts(look.make, look.host, look.deadline)),
    ("services", "service.state", _services),
    ("files", "file.state", lambda look: file_facts(look.make, look.host)),
    ("configuration", "config.agent", _configuration),
    ("proxies", "agent.proxy", lambda look: proxy_facts(look.make, look.settings)),
    ("resolver", "machine.dns", lambda look: [dns_fact(look.make, look.settings, look.planned_hosts, None)]),
    ("azcmagent show", "agent.show", _show),
)
"""Name for the progress line, the fact that stands for the check if it crashes or ends too late, the check."""
