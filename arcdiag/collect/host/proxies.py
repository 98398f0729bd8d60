"""Facts about proxies: the one that the agent uses, and every place where one is set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from arcdiag.collect.host.environment import proxy_variable
from arcdiag.collect.host.platform import EnvironmentRaw
from arcdiag.collect.host.proxy_url import ProxyUrl, parse_proxy
from arcdiag.collect.host.settings import AgentProxy, MachineSettings
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker, file
from arcdiag.model.subject import Subject, SubjectKind

_BY = "host/proxies"


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
