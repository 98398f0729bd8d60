"""The JSON Schemas for editors: up to date, true of every shipped rule, and they see what the loader sees."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from arcdiag.knowledge.pack import MANIFEST
from arcdiag.knowledge.schema import FILES, schema_files
from arcdiag.knowledge.sources import data_dir, parse_yaml, rule_files
from tests.knowledge.test_load import GOOD
from tests.knowledge.test_pack import made, members

RULES = data_dir("rules")
SHIPPED = {name: json.loads((RULES / "schema" / name).read_text(encoding="utf-8")) for name in FILES}


def faults(data: Any, name: str = "rules.json") -> list[str]:
    return [
        f"{list(e.absolute_path)}: {e.message}" for e in jsonschema.Draft7Validator(SHIPPED[name]).iter_errors(data)
    ]


@pytest.mark.parametrize("name", FILES)
def test_the_shipped_schema_is_that_of_the_types(name: str) -> None:
    hint = "run: arcdiag rules schema --output rules/schema"
    assert (RULES / "schema" / name).read_text(encoding="utf-8") == schema_files()[name], hint
    jsonschema.Draft7Validator.check_schema(SHIPPED[name])


@pytest.mark.parametrize("path", rule_files(RULES), ids=lambda p: p.relative_to(RULES).as_posix())
def test_every_shipped_file_is_valid(path: Any) -> None:
    assert faults(parse_yaml(path.read_text(encoding="utf-8"), path.name)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  title: A jam", "  titel: A jam"),
        ("  title: A jam\n", ""),
        ("breaks: [connect]", "breaks: connect"),
        ("layer: host", "layer: cellar"),
        ("fix: [{ do: Unjam it. }]", "fix: []"),
        ("fix: [{ do: Unjam it. }]", "fix: [{ doo: Unjam it. }]"),
        ("fix: [{ do: Unjam it. }]", "fix: [{ do: x, os: plan9 }]"),
        ("- cause: own-cause", "- cuase: own-cause"),
        ("- cause: own-cause", "- cause: Own Cause"),
        ("likely: [own.thing]", "likely: [{ sygnal: own.thing }]"),
        ("likely: [own.thing]", "likely: [{ all: [own.thing] }]"),
        ("likely: [own.thing]", "likely: [{ signal: own.thing, role: { a: b } }]"),
        ("  says: The frobnicator is jammed.\n", ""),
        ("match: [{ line:", "match: [{ lien:"),
    ],
)
def test_a_broken_rule_is_seen_in_the_editor(old: str, new: str) -> None:
    assert old in GOOD and faults(parse_yaml(GOOD, "x")) == []
    assert faults(parse_yaml(GOOD.replace(old, new, 1), "x"))


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("signal: own.x\nsays: x\nstep: connect\nsamples: {}\n", True),
        (
            "code: AZCM9999\nnames: cause\ncause: own-cause\nmeanings: [{ text: x, documented: [null, 2026-01] }]\n",
            True,
        ),
        ("", True),
        ("just words", False),
        ("[just words]", False),
        ("cause: own-cause\nsays: x\n", False),
    ],
)
def test_the_kind_is_told_by_its_key(text: str, valid: bool) -> None:
    assert (faults(parse_yaml(text, "x")) == []) is valid


def test_the_manifest_of_a_pack_has_a_schema() -> None:
    about = json.loads(dict(members(made()))[MANIFEST])
    assert faults(about, "pack.json") == []
    assert faults({**about, "mode": "destroys"}, "pack.json")
    assert faults({**about, "hook": "x"}, "pack.json")
