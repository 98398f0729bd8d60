from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.attempt import Impact, Outcome
from arcdiag.model.diagnosis import CheckStatus, Confidence, EvidenceKind, State, Verdict
from arcdiag.model.fact import FactStatus
from arcdiag.model.message import Msg
from arcdiag.report import wire
from arcdiag.report.words import Part, Words, plain
from tests.report.samples import sample_rules

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return sample_rules()


@pytest.fixture(scope="module")
def words(rules: RuleSet) -> Words:
    return Words(rules)


def test_a_message_is_filled(words: Words) -> None:
    msg = Msg.of("cause.proxy-unreachable.summary", proxy="p.example:8080")
    assert words.text(msg) == "The agent sends its traffic to the proxy p.example:8080, and the proxy does not answer."


@pytest.mark.parametrize(
    "key, text",
    [
        ("cause.proxy-unreachable.title", "The configured proxy cannot be reached"),
        ("cause.proxy-unreachable.fix.1", "Set the right proxy."),
        ("cause.proxy-unreachable.look_alike.dns-failure", "The name that fails is the proxy's, not Azure's."),
        ("signal.proxy.name-unresolved.says", "The proxy's own name <proxy> does not resolve."),
        ("code.azcm.AZCM0026.meaning.0", "The network could not be checked."),
        ("step.connect.title", "Connect to Azure"),
        ("report.place.line", "<source>, line <line>"),
        ("no.such.key", "[no.such.key]"),
    ],
)
def test_every_kind_of_key(words: Words, key: str, text: str) -> None:
    assert words.text(Msg(key)) == text


def test_an_argument_is_not_filled_again(words: Words) -> None:
    assert words.say("report.place.line", source="{line}", line=7) == "{line}, line 7"


def test_parts_tell_arguments_from_text(words: Words) -> None:
    parts = words.parts(Msg.of("signal.proxy.name-unresolved.says", proxy="p.example"))
    assert parts == (Part("The proxy's own name ", False), Part("p.example", True), Part(" does not resolve.", False))


@pytest.mark.parametrize("text, value", [("41", False), ("7" * 13, True), ("a1", True), ("１２", True)])
def test_plain_numbers_are_not_set_apart(text: str, value: bool) -> None:
    assert Part(text, True).is_value is value
    assert not Part(text, False).is_value


def test_nested_sentences_keep_their_parts(words: Words) -> None:
    inner = words.parts(Msg.of("signal.proxy.name-unresolved.says", proxy="p.example"))
    nested = words.nested("report.cause_is.likely", title=inner)
    assert Part("p.example", True) in nested
    assert plain(nested) == "Likely cause: The proxy's own name p.example does not resolve.."


def test_numbers_choose_their_sentence(words: Words) -> None:
    assert words.count("report.times", 1) == "seen once"
    assert words.count("report.times", 12345) == "seen 12,345 times"


def test_a_translation_stands_behind_the_same_class(rules: RuleSet) -> None:
    german = {"{source}, line {line}": "Zeile {line} in {source}"}
    words = Words(rules, lambda key, text: german.get(text, text), "de")
    assert words.say("report.place.line", source="a.log", line=3) == "Zeile 3 in a.log"
    assert words.say("report.none") == "none"
    assert words.lang == "de"


def test_secrets_do_not_leave_in_a_sentence(words: Words) -> None:
    secret = "https://user:hunter2hunter2@proxy.example:8080"
    assert "hunter2" not in words.say("report.place.line", source=secret, line=1)
    assert "hunter2" not in plain(words.parts(Msg.of("report.place.line", source=secret, line=1)))


def test_a_sentence_that_names_a_secret_gives_not_even_a_plain_word_away(rules: RuleSet) -> None:
    for text in ("password: {source}", "client-secret={source}"):
        words = Words(rules, lambda key, english, text=text: text, "de")  # type: ignore[misc]
        for secret in ("correcthorse", "HUNTER2", "2468"):
            assert secret not in words.say("report.place.line", source=secret, line=1)
            assert secret not in plain(words.parts(Msg.of("report.place.line", source=secret, line=1)))


def test_what_cannot_be_encoded_never_leaves(rules: RuleSet) -> None:
    words = Words(rules, lambda key, english: "a \udc80 sign", "de")
    assert words.say("report.none") == "a \N{REPLACEMENT CHARACTER} sign"
    assert plain(words.parts(Msg("report.none"))) == "a \N{REPLACEMENT CHARACTER} sign"


def keys_in_source() -> set[str]:
    """Every complete `report.…` key that the code and the templates name."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.j2")]
    found = {key for text in texts for key in re.findall(r'"(report\.[a-z0-9_.-]*[a-z0-9_])"', text)}
    for path in (ROOT / "arcdiag/report").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"^report\.[a-z0-9_.-]*[a-z0-9_]$", node.value))
    return {key for key in found if not key.endswith((".css", ".js", ".j2"))}


def test_every_key_that_is_named_has_a_text(words: Words) -> None:
    named = keys_in_source()
    assert len(named) > 60
    missing = {key for key in named if key not in words and f"{key}.one" not in words}
    assert missing == set()


FAMILIES = {
    "verdict": list(Verdict),
    "confidence": list(Confidence),
    "impact": list(Impact),
    "state": list(State),
    "status": list(CheckStatus),
    "outcome": list(Outcome),
    "fact": list(FactStatus),
    "kind": list(EvidenceKind),
    "layer": wire.Layer.__args__,
    "who": wire.Who.__args__,
    "os": (*wire.OsName.__args__, *wire.Os.__args__),
    "hop": (*wire.Hop.__args__, *wire.LayerStatus.__args__),
    "path": wire.Route.__args__,
    "group": wire.FactGroup.__args__,
    "id": wire.IdKind.__args__,
    "col": (*wire.IdentityDoc.__struct_fields__, "collected", "now"),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_value_of_the_contract_has_one_wording(words: Words, family: str) -> None:
    missing = [str(value) for value in FAMILIES[family] if f"report.{family}.{value}" not in words]
    assert missing == []


@pytest.mark.parametrize("name", ["recovered", "healthy", "inconclusive", "problem.offline", "problem.none"])
def test_every_verdict_has_a_headline(words: Words, name: str) -> None:
    assert f"report.lead.{name}" in words


def test_our_own_texts_are_ascii_for_serial_consoles(rules: RuleSet) -> None:
    assert [key for key, text in rules.texts.items() if key.startswith("report.") and not text.isascii()] == []
