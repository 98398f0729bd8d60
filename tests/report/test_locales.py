"""Catalogues: brought up to date without losing a translation, and faults that translators make are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from arcdiag.knowledge.load import load_rules
from arcdiag.report import locales
from arcdiag.report.language import LANGUAGES, po_file, translation
from arcdiag.report.words import Words


def catalog(english: str, other: str) -> Catalog:
    made = Catalog(locale="ko")
    made.add(english, other)
    return made


@pytest.mark.parametrize(
    ("english", "other", "fault"),
    [
        ("The proxy {proxy} asks for a password.", "프록시가 암호를 요구합니다.", "{proxy}"),
        ("The proxy {proxy} asks for a password.", "프록시 {prox}가 암호를 요구합니다.", "{prox}"),
        ("The proxy asks for a password.", "The proxy asks for a password.", "not translated"),
        ("The proxy asks for a password.", "代理要求输入密码。", "another script"),
        ("The proxy asks for a password.", "프록시가 암호를 요구합니다. ", "blanks at an end"),
        ("The proxy asks for a password.", "", "not translated"),
    ],
)
def test_a_fault_is_named(english: str, other: str, fault: str) -> None:
    found = list(locales.problems({"a.key": english}, catalog(english, other), "ko"))
    assert any(fault in line for line in found), found


def test_a_good_translation_has_no_fault() -> None:
    text = "The proxy {proxy} asks for a password."
    assert list(locales.problems({"a.key": text}, catalog(text, "프록시 {proxy}에서 암호를 요구합니다."), "ko")) == []


def test_an_update_keeps_what_is_there_and_writes_the_same_bytes_again(tmp_path: Path) -> None:
    rules, path = load_rules(), tmp_path / "ko.po"
    first = locales.updated(rules, catalog(rules.texts["report.none"], "없음"), "ko")
    locales.write_catalogue(path, first)
    before = path.read_bytes()
    again = locales.updated(rules, locales.read_catalogue(path, "ko"), "ko")
    locales.write_catalogue(path, again)
    assert path.read_bytes() == before
    assert again.get(rules.texts["report.none"]).string == "없음"
    assert len(again) > 1000


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_the_shipped_catalogue_is_complete_and_up_to_date(lang: str) -> None:
    rules = load_rules()
    shipped = locales.read_catalogue(po_file(lang), lang)
    assert list(locales.problems(locales.texts_by_key(rules), shipped, lang)) == []
    current = {str(m.id) for m in locales.updated(rules, shipped, lang) if m.id}
    assert current == {str(m.id) for m in shipped if m.id}, "run arcdiag rules locales --update"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_each_language_fill_their_braces(lang: str) -> None:
    words = Words.of(load_rules(), lang)
    said = words.say("report.title.of", host="srv-01")
    assert "srv-01" in said and "{" not in said
    assert translation(lang)("no.such.key", "No such text {x}") == "No such text {x}"
