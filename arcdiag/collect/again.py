"""What has to be looked at again to say whether the causes of an earlier report are still there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from arcdiag.collect.options import CollectOptions
from arcdiag.knowledge.entry import Entry
from arcdiag.knowledge.rule_set import RuleSet

_MADE_BY: tuple[tuple[str, str], ...] = (
    ("machine.dns", "resolver"),
    ("machine.mount", "files"),
    ("machine.temp", "files"),
    ("machine.apparmor", "protection"),
    ("machine.fapolicyd", "protection"),
    ("machine.fips", "protection"),
    ("machine.selinux", "protection"),
    ("machine.", "machine"),
    ("agent.show", "azcmagent show"),
    ("agent.proxy", "proxies"),
    ("agent.", "services"),
    ("service.", "services"),
    ("port.", "ports"),
    ("file.", "files"),
    ("account.", "files"),
    ("config.backup", "files"),
    ("config.list", "azcmagent config list"),
    ("config.", "configuration"),
    ("identity.certificate", "certificates"),
    ("security.", "protection"),
    ("package.", "packages"),
    ("proxy.", "proxies"),
    ("policy.", "policy"),
    ("vm.", "Azure VM agent"),
    ("patch.", "guest patching"),
    ("identity.extension", "managed identity"),
)
"""Beginning of a fact's name, and the check that makes it; the first that fits counts."""
_OF_THE_NETWORK = ("probe.", "clock.", "check.")
_OF_THE_LOGS = "history."
_ALWAYS = frozenset({"machine", "services", "configuration", "proxies"})
"""Whose machine it is, which agent it has, and the way that it goes: nothing can be judged without."""


@dataclass(frozen=True, slots=True)
class Again:
    """`checks`: names of checks of the machine, None for all. `hosts`: endpoints to probe, None for all."""

    checks: frozenset[str] | None
    hosts: frozenset[str] | None
    probe: bool

    def options(self, asked: CollectOptions) -> CollectOptions:
        """`asked`, and nothing that decides nothing."""
        return replace(asked, checks=self.checks, hosts=self.hosts, probe=asked.probe and self.probe)


def deciding_facts(rules: RuleSet, causes: Iterable[str]) -> Iterator[str]:
    """Names of the facts that confirm these causes or speak against them; a cause that is not known has none."""
    for id_ in causes:
        cause = rules.causes.get(id_)
        for entry in (*cause.confirmed, *cause.against) if cause else ():
            yield from _facts(entry)


def _facts(entry: Entry) -> Iterator[str]:
    if entry.kind == "fact":
        yield entry.id
    for part in entry.parts:
        yield from _facts(part)


def is_of_the_network(fact: str) -> bool:
    """Whether it takes the network to see this fact."""
    return fact.startswith(_OF_THE_NETWORK)


def look_again(facts: Collection[str], hosts: Collection[str]) -> Again:
    """What makes these facts; `hosts` are those that the probes among them were about, none for all."""
    checks: set[str] | None = set(_ALWAYS)
    for fact in facts:
        if fact.startswith((*_OF_THE_NETWORK, _OF_THE_LOGS)) or checks is None:
            continue
        check = next((name for begin, name in _MADE_BY if fact.startswith(begin)), None)
        # What no check is known to make may come of any of them.
        checks = checks | {check} if check else None
    probe = any(is_of_the_network(fact) for fact in facts)
    if probe and checks is not None:
        checks.add("resolver")
    return Again(frozenset(checks) if checks is not None else None, frozenset(hosts) or None, probe)
