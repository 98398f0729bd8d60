"""Facts and manifests: there and back, and what is no fact is named with its line."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.case.facts_io import BadFactError, fact_from_line, fact_to_line, facts_to_text, read_facts
from arcdiag.case.left_out import LeftOut
from arcdiag.case.manifest_io import NotAManifestError, manifest_from_json, manifest_to_json
from arcdiag.case.open import open_case
from arcdiag.model.case import Manifest, ManifestFile, NotEvaluated
from arcdiag.model.fact import Fact, FactPath, FactStatus
from arcdiag.model.subject import Subject, SubjectKind
from tests.case.archives import LOG, zip_of

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
FACT = st.builds(
    Fact,
    fact=TEXT.filter(bool),
    subject=st.none() | st.builds(Subject, st.sampled_from(SubjectKind), TEXT),
    status=st.sampled_from(FactStatus),
    value=st.dictionaries(TEXT, PLAIN, max_size=3),
    path=st.sampled_from(FactPath),
    at=st.none() | TEXT,
    by=TEXT,
    user=st.none() | TEXT,
    reason=st.none() | TEXT,
    raw=st.none() | TEXT,
)
MANIFEST = Manifest(
    "1.0",
    "0.1.0",
    "0.1.0+abc",
    "wéb01",
    "windows",
    "2024-10-01T09:12:44Z",
    -300,
    None,
    False,
    (ManifestFile("logs/a.log", "himds-log", 12, "ab" * 32),),
    (NotEvaluated("x", "y"),),
)


def read(text: bytes) -> tuple[list[Fact], list[tuple[str, str]]]:
    left_out = LeftOut()
    facts = list(read_facts(io.BytesIO(text), "facts.jsonl", left_out))
    return facts, [(item.what, item.why) for item in left_out.items()]


@settings(deadline=None, derandomize=True)
@given(fact=FACT)
def test_a_fact_there_and_back(fact: Fact) -> None:
    line = fact_to_line(fact)
    assert "\n" not in line
    assert fact_from_line(line) == fact
    assert fact_to_line(fact_from_line(line)) == line


@settings(deadline=None, derandomize=True)
@given(facts=st.lists(FACT, max_size=6), seed=st.randoms())
def test_the_order_does_not_matter(facts: list[Fact], seed: object) -> None:
    text = facts_to_text(facts)
    shuffled = list(facts)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert facts_to_text(shuffled) == text
    found, left_out = read(text.encode())
    assert left_out == []
    assert [fact.sort_key for fact in found] == sorted(fact.sort_key for fact in facts)


def test_the_documented_line() -> None:
    line = (
        '{"fact": "probe.proxy", "subject": {"kind": "proxy", "id": "proxy01.corp.example:8080"}, "status": "ok",'
        ' "value": {"result": "nxdomain", "resolver": "10.1.1.10:53", "ms": 4}, "path": "agent",'
        ' "at": "2024-10-01T09:12:44Z", "by": "probe/proxy", "user": "root", "raw": null}'
    )
    fact = fact_from_line(line)
    assert fact.subject == Subject(SubjectKind.PROXY, "proxy01.corp.example:8080")
    assert fact.value["result"] == "nxdomain"
    assert json.loads(fact_to_line(fact)) == json.loads(line)


GOOD = '{"fact":"a","status":"ok"}'


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "no JSON"),
        ("[]", "no JSON object"),
        ('"a"', "no JSON object"),
        ('{"status":"ok"}', "which fact"),
        ('{"fact":1,"status":"ok"}', "which fact"),
        ('{"fact":"a"}', "its status is none of"),
        ('{"fact":"a","status":"fine"}', "its status is none of"),
        ('{"fact":"a","status":[]}', "its status is none of"),
        ('{"fact":"a","status":"ok","path":"sideways"}', "its path is none of"),
        ('{"fact":"a","status":"ok","subject":{"kind":"planet","id":"x"}}', "its kind is none of"),
        ('{"fact":"a","status":"ok","subject":"x"}', "its subject"),
        ('{"fact":"a","status":"ok","subject":{"kind":"proxy"}}', "its subject"),
        ('{"fact":"a","status":"ok","value":[1]}', "value is no object"),
        ('{"fact":"a","status":"ok","value":"x"}', "value is no object"),
        ('{"fact":"a","status":"ok","at":5}', "its at is no text"),
        ('{"fact":"a","status":"ok","value":{"x":NaN}}', "no JSON"),
        ('{"fact":"a","status":"ok","value":{"x":1e999}}', "too big"),
        ('{"fact":"a","status":"ok","value":{"x":' + "9" * 400 + "}}", "too big"),
        ('{"fact":"a","status":"ok","value":{"x":' + "9" * 5000 + "}}", "no JSON"),
        ('{"fact":"a","status":"ok","value":{"x":' + "[" * 100_000 + "]" * 100_000 + "}}", "too deeply"),
        ('{"fact":"a","status":"ok","value":' + '{"a":' * 100_000 + "1" + "}" * 100_000 + "}", "too deeply"),
        ('{"fact":"a","status":"ok","value":{"x":' + "[" * 40 + "]" * 40 + "}}", "too deeply"),
        ('{"fact":"a","status":"ok","by":"' + "x" * 2_000_000 + '"}', "too long"),
        ("\udcff", "no UTF-8"),
    ],
    ids=range(24),
)
def test_a_broken_line_is_named_and_the_others_are_read(line: str, why: str) -> None:
    text = f"{GOOD}\n\n{line}\n{GOOD}".encode("utf-8", "surrogateescape")
    facts, left_out = read(text)
    assert [fact.fact for fact in facts] == ["a", "a"]
    assert [what for what, _ in left_out] == ["facts.jsonl line 3"]
    assert why.replace("no UTF-8", "not UTF-8") in left_out[0][1]


def test_half_a_character_is_replaced() -> None:
    fact = fact_from_line('{"fact":"a","status":"ok","value":{"x\\ud800":"\\udfff"}}')
    assert fact.value == {"x?": "?"}
    fact_to_line(fact).encode()


def test_one_line_alone_raises() -> None:
    with pytest.raises(BadFactError):
        fact_from_line("nonsense")


def test_a_manifest_there_and_back() -> None:
    text = manifest_to_json(MANIFEST)
    assert manifest_from_json(text.encode()) == MANIFEST
    assert manifest_from_json(b"\xef\xbb\xbf" + text.encode()) == MANIFEST
    assert manifest_to_json(replace(MANIFEST)) == text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 200_000,
        manifest_to_json(MANIFEST).replace('"wéb01"', "7").encode(),
        manifest_to_json(MANIFEST).replace("false", "0").encode(),
        manifest_to_json(MANIFEST).replace("-300", "true").encode(),
        manifest_to_json(MANIFEST).replace('"size": 12', '"size": "12"').encode(),
    ],
)
def test_what_is_no_manifest(raw: bytes) -> None:
    with pytest.raises(NotAManifestError):
        manifest_from_json(raw)


def open_files(tmp_path: Path, files: dict[str, bytes]) -> tuple[list[str], bool, int, list[str]]:
    (tmp_path / "case.zip").write_bytes(zip_of(files))
    with open_case(str(tmp_path / "case.zip")) as case:
        return (
            [file.path for file in case.files],
            case.manifest is not None,
            len(case.facts),
            [item.what for item in case.left_out],
        )


OWN = manifest_to_json(replace(MANIFEST, files=())).encode()
FACTS = f"{GOOD}\n".encode()


def test_reports_of_a_bundle_are_no_evidence(tmp_path: Path) -> None:
    files = {"manifest.json": OWN, "facts.jsonl": FACTS, "logs/a.log": LOG, "case.json": b"{}\n"}
    reports = {"report.json": b"{}\n", "report.html": b"<html></html>\n", "logs/report.json": b"{}\n"}
    expected = (["case.json", "logs/a.log", "logs/report.json"], True, 1, ["manifest.json"])
    assert open_files(tmp_path, files | reports) == expected
    assert open_files(tmp_path, {f"web01/{name}": data for name, data in (files | reports).items()}) == expected


def test_files_of_others_with_these_names_stay(tmp_path: Path) -> None:
    files = {"manifest.json": b'{"name": "app"}\n', "report.json": b'{"x": 1}\n', "a.log": LOG}
    assert open_files(tmp_path, files) == (["a.log", "manifest.json", "report.json"], False, 0, [])
    assert open_files(tmp_path, {"a.log": LOG, "report.html": b"<title>arcdiag</title>\n"})[0] == ["a.log"]


def test_a_bundle_with_a_broken_manifest_says_so(tmp_path: Path) -> None:
    files = {"manifest.json": OWN[:50], "facts.jsonl": FACTS + b"{broken\n", "a.log": LOG}
    assert open_files(tmp_path, files) == (["a.log"], False, 1, ["manifest.json", "facts.jsonl line 2"])


def test_a_bundle_without_logs_is_a_case(tmp_path: Path) -> None:
    assert open_files(tmp_path, {"manifest.json": OWN, "facts.jsonl": b""}) == ([], True, 0, ["manifest.json"])
    assert open_files(tmp_path, {"facts.jsonl": FACTS}) == ([], False, 1, [])
