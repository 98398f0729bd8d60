"""`$core` stands for roles; what does not exist is an error that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.role_groups import in_groups
from arcdiag.knowledge.sources import RuleFileError
from tests.knowledge.test_load import GOOD


def with_role(tmp_path: Path, role: str) -> Path:
    (tmp_path / "own.yaml").write_text(GOOD.replace("[own.thing]", f"[{{ signal: own.thing, role: [{role}] }}]"))
    return tmp_path


def test_a_group_becomes_its_roles(tmp_path: Path) -> None:
    rules = load_rules(with_role(tmp_path, "$arc, arm, none"))
    roles = dict(rules.causes["own-cause"].likely[0].where)["role"]
    assert roles == ("his-global", "his-regional", "guestconfig-global", "guestconfig-regional", "arm", "none")


@pytest.mark.parametrize(("role", "words"), [("$cor", "no group of roles has the id 'cor'"), ("arn", "role 'arn'")])
def test_what_does_not_exist_is_named(tmp_path: Path, role: str, words: str) -> None:
    with pytest.raises(RuleFileError, match="own-cause") as caught:
        load_rules(with_role(tmp_path, role))
    assert words in str(caught.value)


def test_people_read_the_largest_group_that_is_whole() -> None:
    groups = load_rules().groups
    core = groups["core"].roles
    assert in_groups((*core, "entra-legacy"), groups) == ("core", "entra-legacy")
    assert in_groups(core[1:], groups) == ("arc", *(r for r in core[1:] if r not in groups["arc"].roles))
    assert in_groups(("arm",), groups) == ("arm",)
