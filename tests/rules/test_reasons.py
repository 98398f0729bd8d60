"""Every English sentence that goes into a case has a form in the rules, so that it can be worded in any language."""

from __future__ import annotations

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.report.reasons import Reasons, is_inner
from tests.rules.reason_code import ERRORS, HOLE, Place, raised, reasons

NO_REASONS = {
    "InputError": "a text for the console: the run ends with it",
    "OutputError": "a text for the console: the run ends with it",
    "FullDiskError": "a text for the console: the run ends with it",
    "SecretLeftError": "a text for the console: the run ends with it",
    "OtherRulesError": "a text for the console: the run ends with it",
    "TimeoutError": "becomes the sentence about the time limit",
    "OSError": "a reading says what it was about, with the system's own words",
    "WinError": "a reading says what it was about, with the system's own words",
    "LsaNtStatusToWinError": "a reading says what it was about, with the system's own words",
    "NotHttpError": "becomes a result word of a probe",
    "ReadError": "caught by the reader of archives, which has its own words",
    "ValueError": "in logs/values it is a reason; elsewhere it is caught or a fault of the program",
}
"""Errors whose text goes into no case."""
NAMES = {"CleanupProfiles", "manifest.json", "stdin", "/etc/passwd", "/var/log/audit/audit.log"}
"""Names that are the same in every language."""
NOT_LITERAL = {
    "reason.of": "put together of parts that have forms",
    "reason.status.absent": "a status without a reason",
    "reason.status.denied": "a status without a reason",
    "reason.status.timeout": "a status without a reason",
    "reason.status.unsupported": "a status without a reason",
    "reason.status.error": "a status without a reason",
}
"""Forms that no literal has."""
FORMS = Reasons(load_rules().texts)


def unknown(text: str) -> str | None:
    """The part of a sentence that no form covers; None if all of it is covered."""
    if text in NAMES or not any(letter.isalpha() for letter in text):
        return None
    read = FORMS.read(text)
    if read is None:
        return text
    for name, value in read[1].items():
        own = value in NAMES or not any(letter.isalpha() for letter in value)
        left = unknown(value) if is_inner(name) else None if own else value
        if left is not None:
            return left
    return None


@pytest.mark.parametrize("place", reasons(), ids=lambda place: f"{place.file}:{place.line}")
def test_every_reason_has_a_form(place: Place) -> None:
    assert unknown(place.text) is None, f"add a text to rules/reasons.yaml for: {place.text.replace(HOLE, '{...}')}"


def test_every_error_is_a_reason_or_known_not_to_be_one() -> None:
    assert raised() - ERRORS.keys() - NO_REASONS.keys() == set()


def test_every_form_is_written_somewhere() -> None:
    used: set[str] = set()
    todo = [place.text for place in reasons()]
    while todo:
        read = FORMS.read(todo.pop())
        if read is not None:
            used.add(read[0])
            todo += [value for name, value in read[1].items() if is_inner(name)]
    assert {key for key in load_rules().texts if key.startswith("reason.")} - used == NOT_LITERAL.keys()


@pytest.mark.parametrize("text", ["something new is said", f"{HOLE}: something new", f"something new: {HOLE}"])
def test_a_new_sentence_is_noticed(text: str) -> None:
    assert unknown(text) is not None
