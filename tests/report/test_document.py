from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import jsonschema
import msgspec
import pytest

from arcdiag.report import render_json
from arcdiag.report.schema import generated_schema, schema
from tests.report import samples
from tests.report.hostile import ATTACKS, hostile

RULES = samples.sample_rules()
MAKERS = [
    samples.one_cause,
    samples.three_causes,
    samples.healthy,
    samples.recovered,
    samples.inconclusive,
    samples.after_collect,
]
VALIDATOR = jsonschema.Draft202012Validator(schema())


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.__name__)
def test_documents_keep_the_schema(maker: Any) -> None:
    VALIDATOR.validate(json.loads(render_json(maker(), RULES)))


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_hostile_documents_keep_the_schema(attack: str) -> None:
    text = render_json(hostile(attack), RULES)
    VALIDATOR.validate(json.loads(text))
    text.encode("utf-8")


def test_a_terminal_obeys_nothing_in_it() -> None:
    text = render_json(hostile("a\x1bb\x9bc\u202ed\u2066e\u200bf\u2028g"), RULES)
    assert not set(text) & set("\x1b\x9b\u202e\u2066\u200b\u2028")
    assert json.loads(text)["case"]["name"] == "a\x1bb\x9bc\u202ed\u2066e\u200bf\u2028g"


def test_the_shipped_schema_is_the_generated_one() -> None:
    assert schema() == generated_schema()
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("place", [(), ("tool",), ("case", "identity"), ("causes", 0), ("causes", 0, "evidence", 0)])
def test_an_unknown_field_is_refused(place: tuple[str | int, ...]) -> None:
    document = json.loads(render_json(samples.one_cause(), RULES))
    spot = document
    for step in place:
        spot = spot[step]
    spot["surprise"] = 1
    with pytest.raises(jsonschema.ValidationError, match="surprise"):
        VALIDATOR.validate(document)


@pytest.mark.parametrize("field", ["verdict", "causes", "tool", "not_evaluated"])
def test_a_missing_field_is_refused(field: str) -> None:
    document = json.loads(render_json(samples.one_cause(), RULES))
    del document[field]
    with pytest.raises(jsonschema.ValidationError, match=field):
        VALIDATOR.validate(document)


def test_every_object_of_the_schema_is_closed_and_complete() -> None:
    for name, part in schema()["$defs"].items():
        assert part["additionalProperties"] is False, name
        assert part["required"] == list(part["properties"]), name


def test_the_order_is_that_of_the_contract() -> None:
    document = json.loads(render_json(samples.one_cause(), RULES))
    assert " ".join(document) == (
        "schema_version tool case verdict causes codes attempts checks endpoints facts support_ids unexplained "
        "timeline next_steps not_evaluated"
    )
    assert " ".join(document["causes"][0]) == (
        "id title layer confidence state impact subject subjects summary why why_not_sure steps since last_seen "
        "evidence explains ruled_out fix verify references"
    )


def test_subject_is_the_first_of_subjects() -> None:
    cause = json.loads(render_json(samples.one_cause(), RULES))["causes"][0]
    assert cause["subject"] == cause["subjects"][0] == "proxy01.corp.example:8080"
    assert cause["evidence"][0]["line"] == 41
    assert cause["evidence"][1]["line"] is None


def test_a_fact_without_text_is_worded() -> None:
    probe = replace(samples.probe_evidence(), text="", span=(3, 9))
    d = samples.diagnosis(samples.Verdict.PROBLEM, causes=(samples.proxy_cause(evidence=(probe,)),))
    found = json.loads(render_json(d, RULES))["causes"][0]["evidence"][0]
    assert found["text"] == "The proxy's own name proxy01.corp.example does not resolve."
    assert found["span"] == [0, 0]


def test_a_value_outside_the_contract_is_an_error() -> None:
    d = samples.diagnosis(samples.Verdict.PROBLEM, causes=(samples.proxy_cause(layer="weather"),))
    with pytest.raises(msgspec.ValidationError, match="weather"):
        render_json(d, RULES)


def test_the_bytes_are_the_same_in_another_process() -> None:
    code = (
        "from arcdiag.report import render_json; from tests.report import samples as s;"
        "import sys; sys.stdout.buffer.write(render_json(s.one_cause(), s.sample_rules()).encode())"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)]
    assert runs[0] == runs[1] == render_json(samples.one_cause(), RULES).encode()
    assert runs[0].endswith(b"}\n")


def test_the_package_imports_nothing_heavy() -> None:
    code = (
        "import arcdiag.report, arcdiag.report.text, arcdiag.report.markdown, sys;"
        "print([m for m in ('jinja2', 'markupsafe', 'requests', 'yaml') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout.strip() == "[]"
