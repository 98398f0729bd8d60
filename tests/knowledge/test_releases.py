"""The release calendar and the known defects of versions."""

from __future__ import annotations

from datetime import date

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.releases import defects_of, released, supported
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.version import in_range, parse_version


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.mark.parametrize(
    ("version", "month"),
    [
        ("1.0", "2020-09"),
        ("1.5", "2021-04"),
        ("1.50", "2025-03"),
        ("1.50.02986.2095", "2025-03"),
        ("1.28.02260-755", "2023-03"),
        ("1.67.03504.3207", "2026-08"),
        ("1.99", None),
        ("1", None),
        ("unknown", None),
        ("", None),
        (None, None),
    ],
)
def test_released(rules: RuleSet, version: str | None, month: str | None) -> None:
    assert released(rules, version) == month


def test_the_calendar_has_every_release_in_order(rules: RuleSet) -> None:
    assert list(rules.releases) == [f"1.{n}" for n in range(68)]
    assert list(rules.releases.values()) == sorted(rules.releases.values())


@pytest.mark.parametrize(
    ("version", "day", "expected"),
    [
        ("1.67", date(2026, 8, 20), True),
        ("1.56", date(2026, 8, 20), True),
        # August 2025: whether its year is over depends on a day that the calendar does not know.
        ("1.55", date(2026, 8, 20), True),
        ("1.54", date(2026, 8, 20), False),
        ("1.30", date(2023, 9, 1), True),
        ("1.30", date(2026, 1, 1), False),
        ("1.67", date(2026, 1, 1), True),
        ("0.9", date(2026, 8, 20), False),
        ("0.9", date(2021, 1, 1), None),
        ("1.70", date(2027, 1, 1), True),
        ("1.70", date(2030, 1, 1), None),
        ("2.0", date(2027, 1, 1), True),
        (None, date(2026, 8, 20), None),
        ("1", date(2026, 8, 20), None),
    ],
)
def test_supported(rules: RuleSet, version: str | None, day: date, expected: bool | None) -> None:
    assert supported(rules, version, day) is expected


def ids(rules: RuleSet, version: str | None, os: str | None) -> set[str]:
    return {defect.defect for defect in defects_of(rules, version, os)}


def test_a_defect_of_one_build_is_that_of_no_other(rules: RuleSet) -> None:
    assert "proxy-no-ip-addresses" in ids(rules, "1.31.02347.1069", "windows")
    assert "proxy-no-ip-addresses" in ids(rules, "1.31.02347.939", "linux")
    assert "proxy-no-ip-addresses" not in ids(rules, "1.31.02356.1083", "windows")


def test_defects_by_range_and_system(rules: RuleSet) -> None:
    assert "cipher-suites-required" in ids(rules, "1.56.03167.2465", "windows")
    assert "cipher-suites-required" not in ids(rules, "1.56.03167.593", "linux")
    assert "cipher-suites-required" not in ids(rules, "1.64", "windows")
    assert "cipher-suites-required" in ids(rules, "1.60", "unknown")
    assert "cipher-suites-required" in ids(rules, "1.60", None)
    assert ids(rules, "1.67.03504.3207", "windows") == set()
    assert ids(rules, None, "windows") == set()


def test_the_version_that_fixes_a_defect_does_not_have_it(rules: RuleSet) -> None:
    for id_, defect in rules.defects.items():
        fixed = parse_version(defect.fixed_in)
        assert fixed is not None and not in_range(fixed, defect.affected), id_


def test_causes_of_defects_exist(rules: RuleSet) -> None:
    assert {cause for d in rules.defects.values() for cause in d.causes} <= set(rules.causes)


def test_limits_agree_with_the_documentation(rules: RuleSet) -> None:
    assert rules.supported_months == 12
    wanted = {
        "heartbeat_period_minutes": 5,
        "disconnected_after_minutes": 15,
        "disconnected_hard_minutes": 30,
        "certificate_valid_days": 90,
        "clock_skew_warn_seconds": 120,
        "connect_limit_minutes": 10,
        "resource_name_max_characters": 54,
    }
    assert wanted.items() <= dict(rules.limits).items()
