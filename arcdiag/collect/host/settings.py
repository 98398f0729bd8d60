"""What decides the way of the agent's traffic: region, cloud, proxy, name servers. Reads files, runs nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from arcdiag.collect.host.config import Settings, list_setting, local_settings, read_json, text_setting
from arcdiag.collect.host.environment import proxy_variable
from arcdiag.collect.host.known_proxies import known_proxies
from arcdiag.collect.host.mentions import mentioned_names
from arcdiag.collect.host.platform import EnvironmentRaw, Host, ResolverRaw
from arcdiag.collect.host.proxy_url import ProxyUrl, parse_proxy
from arcdiag.collect.host.resolver import parse_hosts
from arcdiag.collect.host.vm_agent import looks_like_azure_vm
from arcdiag.knowledge.endpoints import normal_cloud, normal_region
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading

HOSTS_CAP = 4 * 1024 * 1024
_IDENTITY = ("resourceid", "resourcename", "vmid")
_SCOPE = ("privatelinkscope", "privatelinkscoperesourceid")
Places = Sequence[tuple[str, Reading[EnvironmentRaw]]]


@dataclass(frozen=True, slots=True)
class AgentProxy:
    """The proxy that the services use. `source`: `proxy.url`, `service environment` or `none`; `unknown` says why it

    could not be read. `keywords` are those of proxy.bypass; `no_proxy` the entries of NO_PROXY.
    """

    source: str
    url: ProxyUrl | None = None
    keywords: tuple[str, ...] = ()
    no_proxy: tuple[str, ...] = ()
    unknown: str | None = None


@dataclass(frozen=True, slots=True)
class MachineSettings:
    """Everything that the plan of the probes hangs on. `hosts` are the names of the hosts file.

    `mentioned`: names that look like hosts in the agent's configuration and newest logs, the newest mention first.
    `known_proxies`: what other programs of this system use, without the agent's own. `onboarded`: whether the machine
    has a place in Azure; it and `private_link` (a scope is set) are None where the configuration could not be read.
    """

    os: str
    region: str | None
    cloud: str | None
    connection_type: str
    proxy: AgentProxy
    resolver: Reading[ResolverRaw]
    hosts: Mapping[str, tuple[str, ...]]
    trust: Mapping[str, str]
    agent_config: Reading[Settings]
    local_config: Reading[Settings]
    places: Places = field(repr=False)
    mentioned: tuple[str, ...] = ()
    known_proxies: tuple[ProxyUrl, ...] = ()
    installed: bool = False
    onboarded: bool | None = None
    private_link: bool | None = None
    azure_vm: bool = False


def read_settings(host: Host) -> MachineSettings:
    """Read the agent's configuration, the environment of its services, the resolver and the hosts file."""
    paths = host.paths()
    agent = read_json(host, paths["agentconfig"])
    local = read_json(host, paths["localconfig"])
    settings = local_settings(local.value or {})
    places = host.environments()
    service = service_environment(places)
    hosts = host.read(host.hosts_file(), HOSTS_CAP).value or b""
    config = {key.lower(): value for key, value in (agent.value or {}).items()}
    proxy = _proxy(local, settings, service, places)
    return MachineSettings(
        os=host.os,
        region=normal_region(text_setting(config, "location")),
        cloud=normal_cloud(text_setting(config, "cloud")),
        connection_type=text_setting(settings, "connection.type").strip().lower() or "default",
        proxy=proxy,
        resolver=host.resolver(),
        hosts=parse_hosts(hosts.decode("utf-8", "replace")),
        trust={k.upper(): v for k, v in service.items() if k.lower().startswith("ssl_cert")},
        agent_config=agent,
        local_config=local,
        places=places,
        mentioned=mentioned_names(host, (agent, local)),
        known_proxies=known_proxies(places, proxy.url),
        installed=host.file(host.binary()).status is FactStatus.OK,
        onboarded=_holds_any(agent, config, _IDENTITY),
        private_link=_holds_any(agent, config, _SCOPE),
        azure_vm=looks_like_azure_vm(host) is True,
    )


def _holds_any(reading: Reading[Settings], config: Settings, keys: Sequence[str]) -> bool | None:
    """Whether one of the keys has a value; None where the file is there and could not be read."""
    if reading.status is FactStatus.OK:
        return any(text_setting(config, key) for key in keys)
    return False if reading.status is FactStatus.ABSENT else None


def service_environment(places: Places, service: str = "himds") -> dict[str, str]:
    """The variables that a service has: those of the running process, else what systemd and its unit would give it."""
    readings = [reading.value for _, reading in places if reading.value]
    running = [e.variables for e in readings if e.kind == "running" and e.service == service]
    if running:
        return dict(running[0])
    configured = [e for e in readings if e.kind == "manager"]
    configured += [e for e in readings if e.kind == "service" and e.service in (service, None)]
    return {name: value for e in configured for name, value in e.variables.items()}


def _proxy(local: Reading[Settings], settings: Settings, service: Mapping[str, str], places: Places) -> AgentProxy:
    keywords = list_setting(settings, "proxy.bypass")
    own = text_setting(settings, "proxy.url")
    if own:
        return AgentProxy("proxy.url", parse_proxy(own), keywords)
    unknown = _unknown(local, places)
    value = proxy_variable(service, "https_proxy")
    if value:
        no_proxy = tuple(w.strip() for w in (proxy_variable(service, "no_proxy") or "").split(",") if w.strip())
        return AgentProxy("service environment", parse_proxy(value), keywords, no_proxy, unknown)
    return AgentProxy("none", None, keywords, unknown=unknown)


def _unknown(local: Reading[Settings], places: Places) -> str | None:
    if local.status not in (FactStatus.OK, FactStatus.ABSENT):
        return local.reason or "localconfig.json could not be read"
    denied = [r.reason for place, r in places if r.status is FactStatus.DENIED and not place.endswith(" process")]
    return denied[0] if denied else None
