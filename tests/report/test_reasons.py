"""A finished English sentence of a case is worded anew in another language, the sentences inside it too."""

from __future__ import annotations

import re

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.model.message import Msg
from arcdiag.report.words import Words

OTHER = {
    "reason.denied": "Rechte fehlen: {what}",
    "reason.what.sockets": "Liste der Sockets",
    "reason.agent.settings": "Einstellungen nicht lesbar ({reason})",
    "reason.service.not_installed": "{unit} ist nicht installiert",
    "check.endpoint_unknown": "Nicht bewertet: {reason}.",
}


@pytest.fixture(scope="module")
def words() -> Words:
    return Words(load_rules(), OTHER.get, "de")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("himdsd.service is not installed", "himdsd.service ist nicht installiert"),
        ("list of sockets: permission denied", "Rechte fehlen: Liste der Sockets"),
        ("/etc/x: permission denied", "Rechte fehlen: /etc/x"),
        (
            "the agent's own settings could not be read (/etc/x: permission denied)",
            "Einstellungen nicht lesbar (Rechte fehlen: /etc/x)",
        ),
        ("a sentence that no form has", "a sentence that no form has"),
    ],
)
def test_a_reason_in_another_language(words: Words, text: str, said: str) -> None:
    assert words.reason(text) == said
    assert words.text(Msg.of("check.endpoint_unknown", reason=text)) == f"Nicht bewertet: {said}."


@pytest.mark.parametrize("lang", ["ko", "zh-CN"])
def test_every_form_can_be_worded_in_every_language(lang: str) -> None:
    rules = load_rules()
    told = Words.of(rules, lang)
    forms = {key: text for key, text in rules.texts.items() if key.startswith("reason.")}
    for key, text in forms.items():
        said = told.reason(re.sub(r"\{\w+\}", "7", text))
        assert said and "{" not in said and "<" not in said, key


def test_in_english_it_stays_as_it_is() -> None:
    words = Words(load_rules())
    assert words.reason("list of sockets: permission denied") == "list of sockets: permission denied"
