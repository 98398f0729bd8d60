"""A bad rule file gives file, line, field and what is expected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.sources import RuleFileError

GOOD = """\
- signal: own.thing
  text: ["the frobnicator is jammed"]
  says: The frobnicator is jammed.
  samples:
    match: [{ line: "ERROR   the frobnicator is jammed" }]
    no_match: [{ line: "the frobnicator is fine" }]
- cause: own-cause
  layer: host
  title: A jam
  summary: The frobnicator is jammed.
  likely: [own.thing]
  breaks: [connect]
  fix: [{ do: Unjam it. }]
"""


def problem(tmp_path: Path, text: str) -> RuleFileError:
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        load_rules(tmp_path)
    return caught.value


def test_own_rules_come_over_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(GOOD, encoding="utf-8")
    rules = load_rules(tmp_path)
    assert rules.causes["own-cause"].rule.title == "A jam"
    assert re.fullmatch(r"[0-9.]+\+[0-9a-f]{12}\+own\.[0-9a-f]{12}", rules.version)


def test_own_rules_replace_by_id(tmp_path: Path) -> None:
    shipped = load_rules()
    id_ = next(iter(shipped.causes))
    text = GOOD.replace("own-cause", id_)
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    assert load_rules(tmp_path).causes[id_].rule.title == "A jam"


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "expected"),
    [
        ("  title: A jam", "  titel: A jam", 9, "titel", "did you mean 'title'"),
        ("  title: A jam\n", "", 7, None, "title"),
        ("breaks: [connect]", "breaks: [conect]", 12, "own-cause.breaks", "conect"),
        ("breaks: [connect]", "breaks: connect", 12, "breaks", "expected `array`"),
        ("likely: [own.thing]", "likely: [own.thin]", 11, "own-cause.likely", "own.thin"),
        ('the frobnicator is jammed"]', '{x:hots} is jammed"]', 2, "text[0]", "unknown capture type"),
        ("fix: [{ do: Unjam it. }]", "fix: [{ doo: Unjam it. }]", 13, "fix[0].doo", "did you mean 'do'"),
        ("fix: [{ do: Unjam it. }]", "fix: [{ do: x, agent: new }]", 13, "fix[0].agent", ">=1.13"),
        ("fix: [{ do: Unjam it. }]", "fix: []", 13, "fix", "length"),
        ("- cause: own-cause", "- cuase: own-cause", 7, None, "did you mean 'cause'"),
    ],
)
def test_what_a_bad_rule_says(
    tmp_path: Path, old: str, new: str, line: int | None, field: str | None, expected: str
) -> None:
    error = problem(tmp_path, GOOD.replace(old, new, 1))
    assert error.line == line
    assert error.field == field
    assert expected in str(error)
    assert "own.yaml" in str(error) and "\n" not in str(error)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [unclosed", "not valid YAML"),
        ("a: &x [1]\nb: *x\n", "aliases"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('{"a": ' * 50_000, "nested too deeply"),
        ("- " * 100_000 + "x", "nested too deeply"),
        ("? " * 100_000 + "x", "nested too deeply"),
        ("\n".join(" " * depth + "a:" for depth in range(1_000)), "nested too deeply"),
        ("just words", "a rule is a mapping"),
        ("- signal: own.x\n  says: x\n  text: ['some thing']\n  samples: {match: [{line: x}]}\n", "both kinds"),
    ],
)
def test_what_is_no_rule_file(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in str(problem(tmp_path, text))


def test_a_circle_of_explanations_is_refused(tmp_path: Path) -> None:
    second = (
        GOOD.split("- cause:")[1]
        .replace("own-cause", "other-cause")
        .replace("breaks:", "explains: [own-cause]\n  breaks:")
    )
    first = GOOD.replace("  breaks:", "  explains: [other-cause]\n  breaks:")
    assert "circle" in str(problem(tmp_path, first + "- cause:" + second))


def test_a_missing_rule_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="no such file"):
        load_rules(tmp_path / "nowhere")
    with pytest.raises(RuleFileError, match="no rule file"):
        load_rules(tmp_path)


def test_binary_is_no_rule_file(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(RuleFileError, match="UTF-8"):
        load_rules(tmp_path)
