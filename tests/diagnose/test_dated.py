"""What hangs on the day is judged at the case's own time, never today."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from arcdiag.diagnose.dated import dated_facts
from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.systems import system_support
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE
from arcdiag.model.stamp import Stamp


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def at(text: str) -> Stamp:
    return Stamp(datetime.fromisoformat(text).replace(tzinfo=UTC))


def certificate(**value: object) -> Fact:
    return Fact("identity.certificate", MACHINE, FactStatus.OK, value)


@pytest.mark.parametrize(
    ("now", "state", "days"),
    [
        ("2024-01-01", "not-yet-valid", 182),
        ("2024-05-01", "valid", 61),
        ("2024-05-20", "renewal-due", 42),
        ("2024-06-30T12:00:00", "renewal-due", 0),
        ("2024-07-02", "expired", -1),
        ("2025-07-01", "expired", -365),
    ],
)
def test_a_certificate_on_different_days(rules: RuleSet, now: str, state: str, days: int) -> None:
    fact = certificate(form="x509", not_before="2024-04-02T00:00:00Z", not_after="2024-07-01T00:00:00Z")
    (seen,) = dated_facts(rules, [fact], at(now))
    assert (seen.value["state"], seen.value["days_left"]) == (state, days)
    assert dated_facts(rules, [fact], None) == [fact]


@pytest.mark.parametrize(("now", "state"), [("2024-06-01", None), ("2024-08-01", "too-old")])
def test_a_certificate_that_is_not_opened_is_known_by_its_age(rules: RuleSet, now: str, state: str | None) -> None:
    fact = certificate(form="with-key", not_after=None, written="2024-04-02T00:00:00Z")
    (seen,) = dated_facts(rules, [fact], at(now))
    assert seen.value["state"] == state


@pytest.mark.parametrize(
    ("os", "os_id", "version", "day", "support"),
    [
        ("linux", "debian", "12", "2026-11-01", "listed"),
        ("linux", "debian", "11", "2026-07-02", "listed"),
        ("linux", "debian", "11", "2026-07-03", "limited"),
        ("linux", "debian", "10", "2025-07-15", "limited"),
        ("linux", "debian", "10", "2025-07-16", "ended"),
        ("linux", "rhel", "8.10", "2026-01-01", "listed"),
        ("linux", "rhel", "80", "2026-01-01", "unlisted"),
        ("linux", "sles", "15.3", "2026-07-04", "ended"),
        ("linux", "fedora", "40", "2026-01-01", "unlisted"),
        ("windows", "windows", "6.1.7601", "2025-04-01", "ended"),
        ("windows", "windows", "10.0.20348", "2026-01-01", "listed"),
    ],
)
def test_systems_on_different_days(rules: RuleSet, os: str, os_id: str, version: str, day: str, support: str) -> None:
    found = system_support(rules, os, os_id, version, "x86_64", datetime.fromisoformat(day).date())
    assert found is not None and found.support == support


def test_what_the_catalogue_cannot_tell(rules: RuleSet) -> None:
    day = datetime(2026, 1, 1).date()
    assert system_support(rules, "windows", "windows", "10.0.22631", "AMD64", day) is None
    assert system_support(rules, "linux", "debian", "", "x86_64", day) is None
    arm = system_support(rules, "linux", "debian", "12", "aarch64", day)
    assert arm is not None and arm.arch_listed is True
    old = system_support(rules, "linux", "debian", "12", "i686", day)
    assert old is not None and old.arch_listed is False


def test_a_machine_s_support_becomes_a_fact(rules: RuleSet) -> None:
    host = Fact(
        "machine.host",
        MACHINE,
        FactStatus.OK,
        {"os": "linux", "os_id": "ubuntu", "os_version": "16.04", "arch": "x86_64"},
    )
    facts = dated_facts(rules, [host], at("2026-01-01"))
    assert facts[1].fact == "machine.support"
    assert (facts[1].value["support"], facts[1].value["last_agent"]) == ("ended", "1.44")
