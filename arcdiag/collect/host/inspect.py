"""All checks of the machine itself, one line each in a registry."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.agent import package_fact, version_fact
from arcdiag.collect.host.certificates import certificate_facts
from arcdiag.collect.host.config import CAP, agent_fact, local_fact, without_broken_login
from arcdiag.collect.host.events import event_facts
from arcdiag.collect.host.files import account_facts, backup_facts, file_facts, temp_fact
from arcdiag.collect.host.machine import dns_fact, machine_facts
from arcdiag.collect.host.managed_identity import managed_identity_facts
from arcdiag.collect.host.mounts import mount_facts, read_mounts
from arcdiag.collect.host.packages import package_manager_facts
from arcdiag.collect.host.patching import patching_facts
from arcdiag.collect.host.platform import Host, ServiceRaw
from arcdiag.collect.host.policy import windows_policy_facts
from arcdiag.collect.host.protection import protection_facts
from arcdiag.collect.host.proxies import proxy_facts, shown_proxy_fact
from arcdiag.collect.host.services import listener_facts, program_facts, service_facts
from arcdiag.collect.host.settings import MachineSettings
from arcdiag.collect.host.show import config_list_fact, run_show, show_fact
from arcdiag.collect.host.vm_agent import vm_agent_facts
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
    states = list(service_facts(look.make, services, raw, look.host.up_seconds().value))
    yield from states
    yield from program_facts(look.make, look.host, states, read_mounts(look.host).value or ())
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
        data = without_broken_login(data) if data is not None else None
        kept[name] = look.raw.add(f"{name}.json", "config", data) if data is not None else None
    yield agent_fact(look.make, look.settings.agent_config, kept["agentconfig"])
    yield local_fact(look.make, look.settings.local_config, kept["localconfig"])


def _show(look: Inspection) -> Iterable[Fact]:
    result = run_show(look.host, look.deadline)
    printed = result.value.output if result.value else ""
    raw = look.raw.add("azcmagent-show.json", "show-json", printed) if printed.strip() else None
    shown = show_fact(look.make, result, raw)
    yield shown
    yield from shown_proxy_fact(look.make, look.settings, shown.value.get("https_proxy"))


def _config_list(look: Inspection) -> Iterable[Fact]:
    yield config_list_fact(look.make, look.host, look.raw, look.deadline)


def _files(look: Inspection) -> Iterable[Fact]:
    mounts = read_mounts(look.host)
    yield from file_facts(look.make, look.host, mounts.value or (), look.host.account("himds"))
    yield from backup_facts(look.make, look.host)
    yield from account_facts(look.make, look.host)
    yield from temp_fact(look.make, look.host)
    yield from mount_facts(look.make, mounts)


Check = Callable[[Inspection], Iterable[Fact]]

CHECKS: tuple[tuple[str, str, Check], ...] = (
    ("machine", "machine.host", lambda look: machine_facts(look.make, look.host, look.deadline)),
    ("services", "service.state", _services),
    ("ports", "port.listener", lambda look: listener_facts(look.make, look.host)),
    ("files", "file.state", _files),
    ("certificates", "identity.certificate", lambda look: certificate_facts(look.make, look.host)),
    ("protection", "machine.selinux", lambda look: protection_facts(look.make, look.host, time.time())),
    ("packages", "package.state", lambda look: package_manager_facts(look.make, look.host)),
    ("configuration", "config.agent", _configuration),
    ("events", "event.log", lambda look: event_facts(look.make, look.host, look.raw, look.deadline)),
    ("policy", "policy.registry", lambda look: windows_policy_facts(look.make, look.host)),
    ("proxies", "agent.proxy", lambda look: proxy_facts(look.make, look.settings)),
    ("resolver", "machine.dns", lambda look: [dns_fact(look.make, look.settings, look.planned_hosts, None)]),
    ("Azure VM agent", "vm.chassis", lambda look: vm_agent_facts(look.make, look.host, look.deadline)),
    ("guest patching", "patch.extension", lambda look: patching_facts(look.make, look.host, look.deadline)),
    ("managed identity", "identity.extension", lambda look: managed_identity_facts(look.make, look.host)),
    ("azcmagent show", "agent.show", _show),
    ("azcmagent config list", "config.list", _config_list),
)
"""Name for the progress line, the fact that stands for the check if it crashes or ends too late, the check."""

NETWORK_CHECKS = frozenset({"machine", "services", "configuration", "proxies", "resolver"})
"""Names of the checks that a look at the network alone needs; services only where an agent is installed."""
BESIDE_NETWORK = frozenset({"machine.systemd", "machine.disk", "agent.package"})
"""Facts of these checks that say nothing of the network: a look at it alone must not judge them."""
