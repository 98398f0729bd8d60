"""Hosts and their roles, from the endpoint rules."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

import msgspec

from arcdiag.knowledge.data_types import AskRule, EndpointRule
from arcdiag.knowledge.rule_set import RuleSet

CLOUDS = ("AzureCloud", "AzureUSGovernment", "AzureChinaCloud")
_REGION = re.compile(r"[a-z][a-z0-9]{1,39}\Z")
_PLAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,20}\Z")
# AMA's keyword also takes Azure Resource Manager past the proxy, which has a keyword of its own.
_ALSO_BYPASSED = {"ama": ("arm",)}


_NEEDED = {"onboarding": "connect", "optional": "feature"}
# The ends of names that belong to one national cloud alone; all others belong to the public one, or to all.
_NATIONAL = {"AzureUSGovernment": ".us", "AzureChinaCloud": ".cn"}


@dataclass(frozen=True, slots=True)
class EndpointHost:
    """One host of the catalogue for a cloud and region; `expect` empty = any answer of the service will do.

    `ask` has the region filled in; None where nothing is asked.
    """

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
    beside_gateway: bool = False
    ask: AskRule | None = None
    signs: tuple[str, ...] = ()

    @property
    def needed(self) -> str:
        """When a machine needs it: always, connect, install, feature or, where it can do without, optional."""
        if self.when == "always" and not self.required:
            return "optional"
        return _NEEDED.get(self.when, self.when)


def role_of(rules: RuleSet, host: str) -> str | None:
    """The role of a host (`his-regional`), by the most specific glob; None for a host that no rule names."""
    name = host.lower().rstrip(".")
    written, globs = rules.host_roles
    if name in written:
        return written[name]
    return next((role for matches, role in globs if matches(name)), None)


def hosts_for(
    rules: RuleSet, cloud: str, region: str | None = None, features: Collection[str] = ()
) -> list[EndpointHost]:
    """The hosts that the catalogue names for a cloud, in its order; regional ones only with a region.

    Hosts that only features or old agents need are there if one of `features` asks for them; they are required then.
    """
    found: dict[str, EndpointHost] = {}
    for role, rule in rules.endpoints.items():
        asked = not set(rule.features).isdisjoint(features)
        if rule.when in ("feature", "optional") and not asked:
            continue
        for name in rule.hosts.get(cloud, ()):
            if "{region}" in name and region is None:
                continue
            host = name.replace("{region}", region or "")
            made = endpoint_host(role, host, rule, region)
            found.setdefault(host, replace(made, required=True) if asked else made)
    return list(found.values())


def endpoint_host(role: str, host: str, rule: EndpointRule, region: str | None = None) -> EndpointHost:
    """A host as one of a role, also one that the rule does not name but its globs match."""
    ask = rule.ask
    if ask is not None and "{region}" in ask.path:
        ask = msgspec.structs.replace(ask, path=ask.path.replace("{region}", region)) if region else None
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
        beside_gateway=rule.beside_gateway,
        ask=ask,
        signs=rule.signs,
    )


def feature_ids(rules: RuleSet) -> tuple[str, ...]:
    """What can be asked for as a feature, in order of the alphabet."""
    return tuple(sorted({name for rule in rules.endpoints.values() for name in rule.features}))


def unforetold(rules: RuleSet, cloud: str, features: Collection[str]) -> list[EndpointRule]:
    """Roles of the features for which the catalogue has no host in this cloud: only globs, or nothing."""
    return [
        rule
        for rule in rules.endpoints.values()
        if not set(rule.features).isdisjoint(features) and not rule.hosts.get(cloud)
    ]


def learnt_role(rules: RuleSet, host: str, cloud: str) -> str | None:
    """The role of a name that a file or an answer holds, if it may be probed: a plain name of this cloud.

    None for names of private link zones: the agent never asks for these itself.
    """
    name = host.lower()
    if not _PLAIN.match(name) or ".privatelink." in name or not of_cloud(name, cloud):
        return None
    return role_of(rules, name)


def of_cloud(name: str, cloud: str) -> bool:
    """Whether a name, or a glob of names, can belong to a cloud."""
    end = _NATIONAL.get(cloud)
    return name.endswith(end) if end else not name.endswith(tuple(_NATIONAL.values()))


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
