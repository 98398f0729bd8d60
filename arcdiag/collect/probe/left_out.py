"""What a plan does not probe, and why."""

from __future__ import annotations

from collections.abc import Iterator

from arcdiag.collect.host.settings import MachineSettings
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.probe.situation import Situation
from arcdiag.knowledge.endpoints import unforetold
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.case import NotEvaluated


def left_out(of: Situation, behind_gateway: int) -> tuple[NotEvaluated, ...]:
    """In the order in which people would want to know; `behind_gateway` is a number of endpoints."""
    return (
        *_unknown(of.settings, of.region),
        *_of_gateway(of.settings, of.options, of.gateway, behind_gateway),
        *_of_features(of.rules, of.options, of.cloud),
    )


def _unknown(settings: MachineSettings, region: str | None) -> Iterator[NotEvaluated]:
    if region is None:
        why = "the machine's region is not known; give it with --location"
        yield NotEvaluated("regional endpoints", why)
    if settings.proxy.unknown:
        why = f"the agent's own settings could not be read ({settings.proxy.unknown}); run as administrator or root"
        yield NotEvaluated("the agent's own path to the network", why)
    if settings.proxy.url is not None and not settings.proxy.url.usable:
        why = f"its address does not parse ({settings.proxy.url.problem})"
        yield NotEvaluated("endpoints behind the proxy", why)


def _of_gateway(
    settings: MachineSettings, options: CollectOptions, gateway: str | None, behind: int
) -> Iterator[NotEvaluated]:
    if gateway is None and (settings.connection_type == "gateway" or "gateway" in options.features):
        yield NotEvaluated("the Arc gateway", "its address is not known; give it with --gateway-url")
    if behind:
        why = "they go through the Arc gateway, which this machine does not use yet (connection.type)"
        yield NotEvaluated(f"{behind} endpoints behind the Arc gateway", why)


def _of_features(rules: RuleSet, options: CollectOptions, cloud: str) -> Iterator[NotEvaluated]:
    for rule in unforetold(rules, cloud, options.features):
        if rule.endpoint == "gateway":
            continue
        if rule.hosts:
            yield NotEvaluated(f"{rule.endpoint} ({rule.purpose})", f"there is none in {cloud}")
        else:
            why = f"the names cannot be known beforehand ({', '.join(rule.match)})"
            yield NotEvaluated(f"{rule.endpoint} ({rule.purpose})", why)
