"""Hosts and their roles, from the endpoint rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.rule_types import EndpointRule

CLOUDS = ("AzureCloud", "AzureUSGovernment", "AzureChinaCloud")
_REGION = re.compile(r"[a-z][a-z0-9]{1,39}\Z")
# AMA's keyword also takes Azure Resource Manager past the proxy, which has a keyword of its own.
_ALSO_BYPASSED = {"ama": ("arm",)}


@dataclass(frozen=True, slots=True)
class EndpointHost:
    """One host of the catalogue for a cloud and region; `expect` empty = any answer of the service will do."""

    role: str
    host: str
    port: int
    path: str
    required: bool
    when: str
    os: str
    expect: tuple[int, ...]
    private_link: bool
    bypass: str | None
    purpose: str


def role_of(rules: RuleSet, host: str) -> str | None:
    """The role of a host (`his-regional`), by the most specific glob; None for a host that no rule names."""
    name = host.lower().rstrip(".")
    best: tuple[int, str] | None = None
    for role, rule in rules.endpoints.items():
        for glob in _globs(rule):
            pattern = glob.replace("[", "[[]").replace("{region}", "*").lower()
            weight = len(glob.replace("{region}", "").replace("*", "")) + (100 if glob.lower() == name else 0)
            if (best is None or weight > best[0]) and fnmatchcase(name, pattern):
                best = (weight, role)
    return best[1] if best else None


def _globs(rule: EndpointRule) -> Iterator[str]:
    yield from rule.match
    for hosts in rule.hosts.values():
        yield from hosts


def hosts_for(rules: RuleSet, cloud: str, region: str | None = None) -> list[EndpointHost]:
    """Every host that the catalogue names for a cloud, in the catalogue's order; regional ones only with a region."""
    found: dict[str, EndpointHost] = {}
    for role, rule in rules.endpoints.items():
        for name in rule.hosts.get(cloud, ()):
            if "{region}" in name and region is None:
                continue
            host = name.replace("{region}", region or "")
            found.setdefault(host, _endpoint_host(role, host, rule))
    return list(found.values())


def _endpoint_host(role: str, host: str, rule: EndpointRule) -> EndpointHost:
    return EndpointHost(
        role=role,
        host=host,
        port=rule.port,
        path=rule.path,
        required=rule.required,
        when=rule.when,
        os=rule.os,
        expect=rule.expect,
        private_link=rule.private_link,
        bypass=rule.bypass,
        purpose=rule.purpose,
    )


def bypassed_by(keyword: str, endpoint: EndpointHost) -> bool:
    """Whether a keyword of `proxy.bypass` (`Arc`, `AAD`, ...) sends this host past the proxy."""
    word, own = keyword.strip().lower(), (endpoint.bypass or "").lower()
    return bool(own) and (word == own or own in _ALSO_BYPASSED.get(word, ()))


def normal_region(text: str) -> str | None:
    """The token of a region: `East US 2` becomes `eastus2`; None for what cannot be one."""
    token = re.sub(r"\s+", "", text).lower()
    return token if _REGION.match(token) else None


def normal_cloud(text: str) -> str | None:
    """The cloud's name as the catalogue writes it, whatever the case; None for an unknown one."""
    known = {cloud.lower(): cloud for cloud in CLOUDS}
    return known.get(text.strip().lower())
