"""What has to be there before a cause can be: the signals, codes and facts that its entries name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from arcdiag.knowledge.entry import Entry

if TYPE_CHECKING:
    from arcdiag.knowledge.rule_set import CompiledCause, RuleSet

FACT = "fact "
"""Before the id of a fact; codes stand as `code.AZCM0042`, signals by their ids."""


def cause_leaves(rules: RuleSet) -> Mapping[str, frozenset[str]]:
    """By cause the ids of which at least one must be known for any of its entries that speak for it to be true."""
    named: dict[str, set[str]] = {id_: set(_of_cause(cause)) for id_, cause in rules.causes.items()}
    for (_, code), rule in rules.codes.items():
        for id_ in (rule.cause, *rule.causes_by_os.values()):
            if id_ in named:
                named[id_].add(f"code.{code}")
    return {id_: frozenset(leaves) for id_, leaves in named.items()}


def _of_cause(cause: CompiledCause) -> Iterator[str]:
    return _leaves((*cause.confirmed, *cause.likely, *cause.possible))


def _leaves(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        if entry.compound:
            # All of its parts have to be true: one of them is enough to ask for.
            yield from _leaves(entry.parts[:1])
        else:
            yield {"fact": FACT, "code": "code."}.get(entry.kind, "") + entry.id
