"""Facts about proxies: the one that the agent uses, and every place where one is set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from arcdiag.collect.host.environment import proxy_variable
from arcdiag.collect.host.known_proxies import ARC_PROXY_PORT
from arcdiag.collect.host.platform import EnvironmentRaw
from arcdiag.collect.host.proxy_url import ProxyUrl, parse_proxy
from arcdiag.collect.host.settings import AgentProxy, MachineSettings, Places, service_environment
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker, file
from arcdiag.model.subject import Subject, SubjectKind

_BY = "host/proxies"
SERVICES = ("himds", "gcad", "extd")
"""The services that speak to Azure, by their logical names."""


def proxy_facts(make: FactMaker, settings: MachineSettings) -> Iterator[Fact]:
    """`agent.proxy` (subject: the proxy, or the machine if there is none), then `proxy.env` for each place."""
    yield _agent_proxy(make, settings.proxy, settings.connection_type)
    for place, reading in settings.places:
        subject = file(place)
        if reading.value is None:
            yield make.not_seen("proxy.env", subject, reading.status, reading.reason, _BY)
        elif not _has_proxy(reading.value):
            yield make.not_seen("proxy.env", subject, FactStatus.ABSENT, "no proxy is set here", _BY)
        else:
            yield make.ok("proxy.env", subject, _place(reading.value, settings.proxy), _BY)
    if settings.proxy.unknown:
        yield make.not_seen("proxy.agreement", MACHINE, FactStatus.DENIED, settings.proxy.unknown, _BY)
    else:
        yield make.ok("proxy.agreement", MACHINE, agreement(settings), _BY)


def agreement(settings: MachineSettings) -> dict[str, Any]:
    """The value of `proxy.agreement`: whether all services, and the caller's command line, take the same proxy.

    `services` are texts `himds=http://proxy:8080`; without credentials. With proxy.url set all parts take that.
    """
    if settings.proxy.source == "proxy.url":
        used = dict.fromkeys(SERVICES, settings.proxy.url)
        cli = settings.proxy.url
    else:
        used = {name: _of(service_environment(settings.places, name)) for name in SERVICES}
        cli = _of(dict(_of_caller(settings.places)))
    addresses = {name: url.address if url else None for name, url in used.items()}
    return {
        "services_agree": len(set(addresses.values())) == 1,
        "cli_agrees": (cli.address if cli else None) == addresses["himds"],
        "services": [f"{name}={url.shown if url else 'none'}" for name, url in used.items()],
        "cli": cli.shown if cli else None,
    }


def _of(variables: Mapping[str, str]) -> ProxyUrl | None:
    value = proxy_variable(variables, "https_proxy")
    return parse_proxy(value) if value else None


def _of_caller(places: Places) -> Mapping[str, str]:
    return next((r.value.variables for _, r in places if r.value is not None and r.value.kind == "process"), {})


def shown_proxy_fact(make: FactMaker, settings: MachineSettings, shown: object) -> Iterator[Fact]:
    """`proxy.env` for what `azcmagent show` says that it uses; nothing where it says nothing.

    With the Arc gateway it shows the agent's own local proxy, which is no drift.
    """
    url = parse_proxy(shown) if isinstance(shown, str) and shown.strip() else None
    if url is None or url.port == ARC_PROXY_PORT or settings.proxy.unknown:
        return
    own = settings.proxy.url
    value = {
        "place": "azcmagent show",
        "kind": "show",
        **_shown(url),
        "http_proxy": None,
        "no_proxy": None,
        "same_as_agent": own is not None and own.address == url.address,
    }
    yield make.ok("proxy.env", file("azcmagent show"), value, _BY)


def _agent_proxy(make: FactMaker, proxy: AgentProxy, connection: str) -> Fact:
    if proxy.unknown:
        reason = f"the agent's own settings could not be read ({proxy.unknown})"
        return make.not_seen("agent.proxy", MACHINE, FactStatus.DENIED, reason, _BY)
    subject = Subject(SubjectKind.PROXY, proxy.url.address) if proxy.url else MACHINE
    value = {
        "source": proxy.source,
        **_shown(proxy.url),
        "bypass": [*proxy.keywords, *proxy.no_proxy],
        "connection_type": connection,
    }
    return make.ok("agent.proxy", subject, value, _BY)


def _shown(url: ProxyUrl | None) -> dict[str, Any]:
    if url is None:
        return {"url": None, "host": None, "port": None, "has_credentials": False, "problem": None}
    return {
        "url": url.shown,
        "host": url.host or None,
        "port": url.port or None,
        "has_credentials": url.credentials is not None,
        "problem": url.problem,
    }


def _has_proxy(raw: EnvironmentRaw) -> bool:
    return any(proxy_variable(raw.variables, name) for name in ("https_proxy", "http_proxy", "all_proxy", "no_proxy"))


def _place(raw: EnvironmentRaw, agent: AgentProxy) -> dict[str, Any]:
    https = proxy_variable(raw.variables, "https_proxy")
    plain = proxy_variable(raw.variables, "http_proxy")
    url = parse_proxy(https) if https else None
    same = (url.address if url else None) == (agent.url.address if agent.url else None)
    return {
        "place": raw.place,
        "kind": raw.kind,
        **_shown(url),
        "http_proxy": parse_proxy(plain).shown if plain else None,
        "no_proxy": proxy_variable(raw.variables, "no_proxy"),
        "same_as_agent": same,
    }
