"""Codes: every documented one is there, and its meaning follows the agent's time and system."""

from __future__ import annotations

import re

import pytest

from arcdiag.knowledge.codes import asked_as, codes_in, known, meaning, others, parse_code
from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.releases import released
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.rule_types import CodeRule

# The table of the article of July 2021, each with a word of what it said there.
ARTICLE_2021 = {
    0: "succeeded", 1: "without a number of its own", 11: "CTRL+C", 12: "access token", 13: "tags", 14: "cloud",
    15: "correlation id", 16: "parameter is missing", 17: "resource name", 18: "administrator", 41: "credentials",
    42: "could not be created", 43: "could not be deleted", 44: "exists already", 61: "cannot be reached",
    62: "Connecting the server failed", 63: "Disconnecting the server failed", 64: "does not answer",
    65: "Internal communication", 66: "web service", 67: "connected to Azure already", 68: "being disconnected",
    81: "certificate of the machine's managed identity", 101: "could not be parsed", 102: "host name could not be read",
    103: "RSA keys", 104: "operating system",
}  # fmt: skip
DOCUMENTED = [
    *ARTICLE_2021, 2, 3, 4, 5, 6, 19, 20, 23, 26, 27, 28, 45, 69, 70, 72, 73, 74, 75, 76, 77, 78, 82, 83, 105, 106, 107,
    108, *range(127, 161), 171,
]  # fmt: skip


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def azcm(rules: RuleSet, number: int) -> CodeRule:
    return rules.codes[("azcm", f"AZCM{number:04d}")]


def text_for(rules: RuleSet, number: int, version: str | None, os: str | None = None) -> str:
    return meaning(azcm(rules, number), released(rules, version), os)[1].text


@pytest.mark.parametrize(("number", "said"), ARTICLE_2021.items(), ids=[f"AZCM{n:04d}" for n in ARTICLE_2021])
def test_every_code_of_the_article_of_2021_is_explained(rules: RuleSet, number: int, said: str) -> None:
    _, found = meaning(azcm(rules, number), "2021-07", None)
    begin, end = found.documented
    assert begin is not None and begin <= "2021-07" <= (end or "9999-99")
    assert re.search(re.escape(said), found.text, re.IGNORECASE)


def test_every_code_ever_documented_is_there_and_no_other(rules: RuleSet) -> None:
    assert {code for family, code in rules.codes if family == "azcm"} == {f"AZCM{n:04d}" for n in DOCUMENTED}


def test_numbers_of_azcmagent_are_its_exit_codes_and_those_of_installers_are_not(rules: RuleSet) -> None:
    for (family, code), rule in rules.codes.items():
        if family == "azcm":
            assert rule.exit == (int(code[4:]) if int(code[4:]) <= 125 else None)
        elif rule.exit is not None:
            assert str(rule.exit) == code


def test_months_are_in_order(rules: RuleSet) -> None:
    for rule in rules.codes.values():
        for found in rule.meanings:
            begin, end = found.documented
            for month in (begin, end):
                assert month is None or re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month), rule.code
            assert begin is None or end is None or begin < end, rule.code


def test_only_codes_that_name_a_cause_have_one(rules: RuleSet) -> None:
    for rule in rules.codes.values():
        assert (rule.names == "cause") == bool(rule.cause or rule.causes_by_os), rule.code
        assert rule.cause not in rule.behind, rule.code
        if rule.names in ("step", "wrapper"):
            assert rule.next, f"{rule.code} names no cause, so it says what to look at next"


def test_0104_before_and_after_its_change(rules: RuleSet) -> None:
    assert "operating system" in text_for(rules, 104, "1.0")
    assert "private key" in text_for(rules, 104, "1.67")


def test_0068_before_and_after_its_change(rules: RuleSet) -> None:
    assert "being disconnected" in text_for(rules, 68, "1.10.01234.567")
    assert "subscription" in text_for(rules, 68, "1.30")


def test_0147_on_both_systems(rules: RuleSet) -> None:
    assert "Azure virtual machine" in text_for(rules, 147, "1.67", "windows")
    assert "version that was asked for" in text_for(rules, 147, "1.67", "linux")
    assert azcm(rules, 147).causes_by_os == {"windows": "azure-vm-not-supported", "linux": "command-line-invalid"}


@pytest.mark.parametrize(
    ("number", "old", "new"),
    [
        (65, "Internal communication", "does not answer"),
        (76, "could not be opened", "Connecting"),
        (101, "could not be parsed", "while the command ran"),
        (102, "could not be read", "give one"),
        (105, "certificate", "signed message"),
        (154, "version 4", "version 3.0"),
        (157, "could not be downloaded", "may not write"),
    ],
)
def test_other_codes_that_changed(rules: RuleSet, number: int, old: str, new: str) -> None:
    rule = azcm(rules, number)
    assert old in meaning(rule, rule.meanings[0].documented[0], None)[1].text
    assert new in meaning(rule, None, None)[1].text


def test_the_month_of_a_change_belongs_to_the_new_meaning(rules: RuleSet) -> None:
    assert meaning(azcm(rules, 101), "2026-06", None)[0] == 0
    assert meaning(azcm(rules, 101), "2026-07", None)[0] == 1


def test_a_month_between_two_meanings_keeps_the_older(rules: RuleSet) -> None:
    assert "operating system" in meaning(azcm(rules, 104), "2024-04", None)[1].text


def test_a_printed_name_outranks_the_month(rules: RuleSet) -> None:
    line = "Exit Code:  AZCM0104: Failed To Get OS Information"
    assert "operating system" in meaning(azcm(rules, 104), "2026-08", None, line)[1].text
    assert "private key" in meaning(azcm(rules, 104), "2026-08", None, "AZCM0104")[1].text


def test_a_system_that_no_meaning_has_changes_nothing(rules: RuleSet) -> None:
    assert "systemctl" in meaning(azcm(rules, 130), None, "windows")[1].text


def test_others(rules: RuleSet) -> None:
    assert [m.text for m in others(azcm(rules, 68), 1)] == [azcm(rules, 68).meanings[0].text]
    assert others(azcm(rules, 44), 0) == ()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("AZCM0042", ("azcm", "AZCM0042")),
        ("azcm42", ("azcm", "AZCM0042")),
        ("AZCM 42", ("azcm", "AZCM0042")),
        ("42", ("azcm", "AZCM0042")),
        ("exit 42", ("azcm", "AZCM0042")),
        ("Exit code: 42", ("azcm", "AZCM0042")),
        (" 'exit status 42' ", ("azcm", "AZCM0042")),
        ("Exit Code:  AZCM0026: Network Error", ("azcm", "AZCM0026")),
        ("1603", ("msiexec", "1603")),
        ("msiexec 112", ("msiexec", "112")),
        ("curl: (60)", ("curl", "60")),
        ("apt 100", ("apt", "100")),
        ("service 1069", ("win32-service", "1069")),
        ("event 7041", ("service-event", "7041")),
        ("0x800B010A", ("winhttp", "0x800B010A")),
        ("0x800b010a", ("winhttp", "0x800B010A")),
        ("-2146762486", ("winhttp", "0x800B010A")),
        ("2148204810", ("winhttp", "0x800B010A")),
        ("0x80070643", ("msiexec", "1603")),
        ("HRESULT_FROM_WIN32(12002)", ("winhttp", "12002")),
        ("AADSTS7000222", ("aadsts", "AADSTS7000222")),
        ("7000222", ("aadsts", "AADSTS7000222")),
        ("MissingSubscriptionRegistration", ("arm", "MissingSubscriptionRegistration")),
        ("missingsubscriptionregistration", ("arm", "MissingSubscriptionRegistration")),
        ("Code: ScopeLocked", ("arm", "ScopeLocked")),
        ("hcrp409", ("arm", "HCRP409")),
        ("203/EXEC", ("systemd", "203")),
        ("status=203/EXEC", ("systemd", "203")),
        ("start-limit-hit", ("systemd", "start-limit-hit")),
        ("ERROR_INSTALL_FAILURE", ("msiexec", "1603")),
        ("CERT_E_CHAINING", ("winhttp", "0x800B010A")),
    ],
)
def test_what_a_text_is_a_code_of(rules: RuleSet, text: str, first: tuple[str, str]) -> None:
    found = known(rules, text)
    assert (found[0].family, found[0].code) == first


def test_a_bare_number_is_what_it_may_be_in_every_program(rules: RuleSet) -> None:
    families = [rule.family for rule in known(rules, "5")]
    assert families == ["azcm", "extension", "curl", "wget", "zypper", "win32-service"]


@pytest.mark.parametrize("text", ["no such host", "", "10.0.0.1", "no 42", "Azure 42 x", "-", "dial tcp: lookup x"])
def test_a_sentence_is_no_code(text: str) -> None:
    assert parse_code(text) == ()


def test_every_code_is_found_by_the_text_that_means_it_alone(rules: RuleSet) -> None:
    for rule in rules.codes.values():
        assert known(rules, asked_as(rule))[0] is rule


def test_codes_inside_a_text(rules: RuleSet) -> None:
    text = (
        'AZCM0043: x AADSTS7000222: y "code":"AuthorizationFailed" {\\"code\\": \\"PolicyX\\"} Message: it is locked '
        "Code: ScopeLocked httpStatusCode:409 ESU: HRESULT_FROM_WIN32(12002) again AZCM0043, NOTAZCM0044, AZCM00450"
    )
    assert [rule.code for rule in codes_in(rules, text)] == [
        "AZCM0043", "AADSTS7000222", "AuthorizationFailed", "ScopeLocked", "12002",
    ]  # fmt: skip


def test_identity_codes_whose_owner_decides_name_no_cause(rules: RuleSet) -> None:
    rule = rules.codes[("aadsts", "AADSTS700016")]
    assert rule.names == "step"
    assert {"spn-not-in-tenant", "resource-deleted-in-azure"} <= set(rule.behind)
