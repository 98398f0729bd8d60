"""What has to be there before a cause can be is found without weighing it."""

from __future__ import annotations

import pytest

from arcdiag.knowledge.entry import Entry
from arcdiag.knowledge.leaves import FACT
from arcdiag.knowledge.load import load_rules

RULES = load_rules()


def leaf(entry: Entry) -> str:
    first = entry.parts[0] if entry.compound else entry
    return {"fact": FACT, "code": "code."}.get(first.kind, "") + first.id


@pytest.mark.parametrize("id_", RULES.causes)
def test_every_entry_that_speaks_for_a_cause_has_a_leaf(id_: str) -> None:
    cause = RULES.causes[id_]
    assert {leaf(e) for e in (*cause.confirmed, *cause.likely, *cause.possible)} <= RULES.cause_leaves[id_]


def test_codes_that_name_a_cause_are_leaves_of_it() -> None:
    named = [(code, rule.cause) for (family, code), rule in RULES.codes.items() if family == "azcm" and rule.cause]
    assert named and all(f"code.{code}" in RULES.cause_leaves[cause] for code, cause in named if cause)
