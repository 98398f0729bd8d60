"""Endpoints that the agent's own files name, such as its regional identity service; only what the catalogue knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from arcdiag.knowledge.endpoints import EndpointHost, endpoint_host, learnt_role
from arcdiag.knowledge.rule_set import RuleSet

MOST_PER_ROLE = 2


def learnt_hosts(
    rules: RuleSet, names: Iterable[str], cloud: str, region: str | None, features: Collection[str]
) -> list[EndpointHost]:
    """The endpoints among `names` that are worth a probe: of this cloud, of a role that learns, two of each.

    Roles of features count only if one of `features` asks for them.
    """
    found: dict[str, EndpointHost] = {}
    counted: Counter[str] = Counter()
    for name in names:
        role = learnt_role(rules, name, cloud)
        rule = rules.endpoints.get(role or "")
        if role is None or rule is None or not rule.learn or name in found or counted[role] >= MOST_PER_ROLE:
            continue
        if rule.when in ("feature", "optional") and set(rule.features).isdisjoint(features):
            continue
        counted[role] += 1
        found[name] = endpoint_host(role, name, rule, region)
    return list(found.values())


def gateway_among(rules: RuleSet, names: Iterable[str], cloud: str) -> str | None:
    """The Arc gateway's host, if one is named."""
    return next((name for name in names if learnt_role(rules, name, cloud) == "gateway"), None)
