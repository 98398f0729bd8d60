from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.collect.again import deciding_facts, look_again
from arcdiag.collect.host.inspect import CHECKS
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.progress import SilentProgress
from arcdiag.collect.run import collect, prepare
from arcdiag.knowledge.rule_set import RuleSet
from tests.collect.machine import with_agent, with_system


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with_system(tmp_path)
    with_agent(tmp_path)
    return tmp_path


def test_every_check_that_is_named_exists() -> None:
    known = {name for name, _, _ in CHECKS}
    for _, fact, _ in CHECKS:
        checks = look_again([fact], []).checks
        assert checks is None or checks <= known


def test_each_check_is_asked_for_its_own_facts(rules: RuleSet, root: Path) -> None:
    everything = collect(rules, CollectOptions(probe=False, timeout=20), SilentProgress(), LinuxHost(root))
    for fact in {f.fact for f in everything.facts}:
        again = look_again([fact], [])
        assert not again.probe
        options = again.options(CollectOptions(probe=False, timeout=20))
        found = collect(rules, options, SilentProgress(), LinuxHost(root))
        assert fact in {f.fact for f in found.facts}, fact
        assert len(found.facts) < len(everything.facts) or again.checks is None


def test_a_fact_that_nobody_knows_asks_for_everything() -> None:
    assert look_again(["future.thing"], []).checks is None


def test_only_the_endpoints_of_the_causes_are_probed(rules: RuleSet, root: Path) -> None:
    facts = set(deciding_facts(rules, ["dns-failure"]))
    assert "probe.dns" in facts
    again = look_again(facts, ["gbl.his.arc.azure.com"])
    assert again.probe
    _, plan = prepare(rules, again.options(CollectOptions()), LinuxHost(root))
    assert plan.hosts == ["gbl.his.arc.azure.com"]
    _, plan = prepare(rules, look_again(facts, []).options(CollectOptions()), LinuxHost(root))
    assert len(plan.hosts) > 5


def test_a_cause_that_is_unknown_here_has_no_facts(rules: RuleSet) -> None:
    assert list(deciding_facts(rules, ["nothing-of-the-kind"])) == []
