"""The catalogues that translators edit: brought up to date from the rules, and checked. Needs Babel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.report.catalogue import catalogue

_BRACE = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*\}")
_OWN_SCRIPT = {"ko": re.compile(r"[\uac00-\ud7a3]"), "zh-CN": re.compile(r"[\u4e00-\u9fff]")}
_OTHER_SCRIPT = {
    "ko": re.compile(r"[\u4e00-\u9fff\u3040-\u30ff]"),
    "zh-CN": re.compile(r"[\uac00-\ud7a3\u3040-\u30ff]"),
}
_WORD = re.compile(r"\b[a-z]{3,}\b")
_SENTENCE = 3
"""From so many English words on, a text that has no sign of the language's own script was not translated."""
_WIDTH = 118


def texts_by_key(rules: RuleSet) -> dict[str, str]:
    """What people read, by key: everything but the rules that are still experimental."""
    young = {f"cause.{id_}." for id_, cause in rules.causes.items() if cause.rule.status == "experimental"}
    young |= {f"signal.{id_}." for id_, signal in rules.signals.items() if signal.rule.status == "experimental"}
    return {key: text for key, text in catalogue(rules).items() if not any(key.startswith(base) for base in young)}


def read_catalogue(path: Path, lang: str) -> Catalog:
    """A catalogue file; an empty catalogue if there is none yet."""
    if not path.exists():
        return Catalog(locale=lang.replace("-", "_"))
    with path.open("rb") as stream:
        return read_po(stream, locale=lang.replace("-", "_"))


def updated(rules: RuleSet, old: Catalog, lang: str) -> Catalog:
    """All texts of the rules in their order, with the translations that are there; those of lost texts are dropped."""
    new = Catalog(locale=lang.replace("-", "_"), project="arcdiag", copyright_holder="The arcdiag authors")
    keys: dict[str, list[str]] = {}
    for key, text in catalogue(rules).items():
        keys.setdefault(text, []).append(key)
    for text, places in keys.items():
        known = old.get(text)
        new.add(text, known.string if known else "", auto_comments=places[:3])
        for place in places:
            special = old.get(text, context=place)
            if special and special.string:
                new.add(text, special.string, auto_comments=[place], context=place)
    return new


def write_catalogue(path: Path, catalog: Catalog) -> None:
    """Write it so that the same texts give the same bytes."""
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, catalog, width=_WIDTH, omit_header=True, no_location=True)


def problems(texts: Mapping[str, str], catalog: Catalog, lang: str) -> Iterator[str]:
    """What is wrong with a catalogue, one line each: not translated, a lost brace, another language's script."""
    wanted = {text: key for key, text in texts.items()}
    for text, key in wanted.items():
        found = catalog.get(text)
        if found is None or not found.string:
            yield f"{lang}: {key}: not translated: {text[:80]!r}"
    for message in catalog:
        if message.id and message.string:
            yield from (f"{lang}: {str(message.id)[:60]!r}: {fault}" for fault in _faults(message, lang))


def _is_command(english: str) -> bool:
    """A command stands in every language as it is."""
    return not english.endswith(".") and any(sign in english for sign in (" -", "/", ";", "|", "<", ".url"))


def _faults(message: Message, lang: str) -> Iterator[str]:
    english, other = str(message.id), str(message.string)
    lost = set(_BRACE.findall(english)) ^ set(_BRACE.findall(other))
    if lost:
        yield f"braces that are not in both: {', '.join(sorted(lost))}"
    words = len(_WORD.findall(_BRACE.sub("", english)))
    if words >= _SENTENCE and not _is_command(english) and not _OWN_SCRIPT[lang].search(other):
        yield f"not translated: {other[:60]!r}"
    strange = _OTHER_SCRIPT[lang].search(other)
    if strange:
        yield f"a character of another script: {strange[0]!r}"
    if (english[:1].isspace(), english[-1:].isspace()) != (other[:1].isspace(), other[-1:].isspace()):
        yield "blanks at an end that the other does not have"
    if message.fuzzy:
        yield "marked fuzzy"
