"""What became of causes, checks, endpoints and facts between two reports; not seen again is not resolved."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import msgspec
import pytest

from arcdiag.model.diagnosis import Check, CheckStatus, Confidence, Diagnosis, FactSeen, State, Verdict
from arcdiag.model.message import Msg
from arcdiag.report.compare.page import render_page
from arcdiag.report.compare.run import compare
from arcdiag.report.compare.text import render_comparison
from arcdiag.report.compare.tokens import same
from arcdiag.report.compare.wire import Change, ComparisonDoc
from arcdiag.report.document import document
from arcdiag.report.schema import generated_schema, schema
from arcdiag.report.wire import ReportDoc
from arcdiag.report.words import Words
from tests.report import samples

RULES = samples.sample_rules()
FAILED = samples.endpoints()
FINE = tuple(
    replace(e, failing_layer=None, layers=tuple(replace(layer, status="pass") for layer in e.layers)) for e in FAILED
)


def made(**fields: Any) -> Diagnosis:
    return samples.diagnosis(Verdict.PROBLEM if fields.get("causes") else Verdict.HEALTHY, **fields)


def both(before: Diagnosis, after: Diagnosis) -> ComparisonDoc:
    return compare(document(before, RULES), document(after, RULES))


def only_cause(doc: ComparisonDoc) -> tuple[Change, str]:
    (one,) = doc.causes
    return one.change, one.because


def check(status: CheckStatus) -> Diagnosis:
    return made(checks=(Check("service", status, "himds", Msg.of("check.fact", text="-")),))


LOG_ONLY = samples.proxy_cause(evidence=(samples.log_evidence(),))
LIVE = samples.proxy_cause()


def test_a_cause_that_the_earlier_report_does_not_name_is_new_and_worse() -> None:
    doc = both(made(), made(causes=(LIVE,)))
    assert only_cause(doc) == (Change.NEW, "new") and doc.worse


def test_a_cause_that_is_still_there_is_no_worse_than_before() -> None:
    doc = both(made(causes=(LIVE,)), made(causes=(replace(LIVE, confidence=Confidence.LIKELY),)))
    assert only_cause(doc) == (Change.STILL, "confidence") and not doc.worse


def test_a_cause_that_concerns_more_is_worse_and_one_that_concerns_less_is_better() -> None:
    wide = replace(LIVE, subjects=(*LIVE.subjects, "proxy02:8080"))
    assert only_cause(both(made(causes=(LIVE,)), made(causes=(wide,)))) == (Change.WORSE, "more-subjects")
    assert only_cause(both(made(causes=(wide,)), made(causes=(LIVE,)))) == (Change.BETTER, "fewer-subjects")


def test_resolved_needs_a_proof() -> None:
    past = replace(LIVE, state=State.PAST)
    before = made(causes=(LIVE,), endpoints=FAILED)
    assert only_cause(both(before, made(causes=(past,)))) == (Change.RESOLVED, "past")
    assert only_cause(both(before, made(endpoints=FINE))) == (Change.RESOLVED, "works")
    assert only_cause(both(before, made())) == (Change.UNKNOWN, "not-looked-at")
    assert only_cause(both(before, made(endpoints=FAILED))) == (Change.UNKNOWN, "not-looked-at")


def test_a_cause_of_the_logs_is_resolved_by_a_later_success_of_its_step() -> None:
    before = made(causes=(LOG_ONLY,))
    assert only_cause(both(before, made())) == (Change.UNKNOWN, "not-looked-at")
    assert only_cause(both(before, samples.healthy()))[0] in (Change.RESOLVED, Change.UNKNOWN)


@pytest.mark.parametrize(
    ("old", "new", "change", "worse"),
    [
        (CheckStatus.PASS, CheckStatus.FAIL, Change.WORSE, True),
        (CheckStatus.WARN, CheckStatus.FAIL, Change.WORSE, True),
        (CheckStatus.FAIL, CheckStatus.PASS, Change.BETTER, False),
        (CheckStatus.PASS, CheckStatus.NOT_EVALUATED, Change.LOST, True),
        (CheckStatus.PASS, CheckStatus.ERROR, Change.LOST, True),
        (CheckStatus.FAIL, CheckStatus.NOT_EVALUATED, Change.UNKNOWN, False),
        (CheckStatus.NOT_EVALUATED, CheckStatus.FAIL, Change.NEW, True),
        (CheckStatus.NOT_EVALUATED, CheckStatus.PASS, Change.CHANGED, False),
    ],
)
def test_a_check(old: CheckStatus, new: CheckStatus, change: Change, worse: bool) -> None:
    doc = both(check(old), check(new))
    assert [item.change for item in doc.items] == [change]
    assert doc.worse is worse


def test_a_check_that_is_gone_was_lost() -> None:
    assert [i.change for i in both(check(CheckStatus.PASS), made()).items] == [Change.LOST]


def test_endpoints_and_facts() -> None:
    version = FactSeen("version", "agent.version", None, "ok", "version=1.40")
    before = made(endpoints=FINE, facts=(version,))
    after = made(endpoints=FAILED, facts=(replace(version, value="version=1.50"),))
    doc = both(before, after)
    assert ("endpoint", "gbl.his.arc.azure.com", Change.WORSE, "pass", "fail: dns") in [
        (i.kind, i.id, i.change, i.before, i.after) for i in doc.items
    ]
    assert ("fact", "version=1.40", "version=1.50") in [(i.kind, i.before, i.after) for i in doc.items]
    assert doc.worse and not both(after, before).worse


def test_the_same_twice_differs_in_nothing() -> None:
    doc = both(samples.three_causes(), samples.three_causes())
    assert doc.items == () and doc.notes == () and not doc.worse
    assert {c.change for c in doc.causes} == {Change.STILL}


def test_what_makes_them_hard_to_compare_is_said() -> None:
    one = document(made(endpoints=FINE), RULES)
    case = msgspec.structs.replace(one.case, host="other", now="2020-01-01T00:00:00Z")
    tool = msgspec.structs.replace(one.tool, version="0.0.9", rules_version="old")
    other = msgspec.structs.replace(document(made(), RULES), case=case, tool=tool)
    assert set(compare(one, other).notes) == {"other-tool", "other-rules", "other-host", "order", "no-probes"}


def renamed(diagnosis: Diagnosis, run: int) -> ReportDoc:
    """The report as a redaction leaves it that made its tokens in this run."""
    text = msgspec.json.encode(document(diagnosis, RULES)).decode()
    for number, name in enumerate(("proxy01", "srv-web-01", "192.168.3.9")):
        text = text.replace(name, f"«host:{run:02}{number:02}»")
    return msgspec.json.decode(text, type=ReportDoc)


@pytest.mark.parametrize("sides", [(1, 2), (1, 0), (0, 1)])
def test_names_that_were_replaced_make_nothing_worse(sides: tuple[int, int]) -> None:
    version = FactSeen("config", "net.route", "srv-web-01", "ok", "by=192.168.3.9 to=srv-web-01")
    ends = tuple(replace(e, host="srv-web-01") if n == 0 else e for n, e in enumerate(FAILED))
    server = made(causes=(LIVE, samples.dns_cause()), endpoints=ends, facts=(version,))
    before, after = (renamed(server, side) if side else document(server, RULES) for side in sides)
    assert before != after
    doc = compare(before, after)
    assert not doc.worse and doc.items == ()
    assert {c.change for c in doc.causes} == {Change.STILL}


def test_another_name_beside_one_that_was_replaced_is_more() -> None:
    wide = replace(LIVE, subjects=(*LIVE.subjects, "proxy02:8080"))
    assert compare(renamed(made(causes=(LIVE,)), 1), document(made(causes=(wide,)), RULES)).worse
    assert compare(renamed(made(causes=(LIVE,)), 1), renamed(made(causes=(wide,)), 2)).worse


def test_names_that_were_replaced_are_said() -> None:
    one = document(made(), RULES)
    hidden = msgspec.structs.replace(one, case=msgspec.structs.replace(one.case, host="«host:1f2a»"))
    other = msgspec.structs.replace(one, case=msgspec.structs.replace(one.case, host="«host:77b0»"))
    assert compare(one, one).notes == ()
    assert compare(hidden, other).notes == compare(one, other).notes == ("names-replaced",)


@pytest.mark.parametrize(
    ("one", "two", "is_same"),
    [
        ("«host:1f2a»:8080", "«host:77b0.12»:8080", True),
        ("«host:1f2a»:8080", "«ip-private:77b0»:8080", False),
        ("«host:1f2a»:8080", "«host:77b0»:3128", False),
        ("«host:1f2a»:8080", "proxy.corp:8080", True),
        ("proxy.corp:8080", "«host:1f2a»:8080", True),
        ("«host:1f2a»", "a name with blanks", False),
        ("«host:1f2a»", "", False),
        ("a «host:1» b «host:2» c", "a x b y c", True),
        ("a «host:1» b «host:2» c", "a x c", False),
        ("«secret:token:jwt:12»", "«secret:token:jwt:13»", False),
        ("«a:b»" * 3000, "x" * 5000, True),
    ],
)
def test_texts_that_can_be_the_same(one: str, two: str, is_same: bool) -> None:
    assert same(one, two) is is_same


def test_the_page_shows_whose_report_it_was_as_text() -> None:
    one = document(made(), RULES)
    tool = msgspec.structs.replace(one.tool, version="\x1b[31mX\u202e<b>", rules_version="\x07\u2028y")
    page = render_page(compare(one, msgspec.structs.replace(one, tool=tool)), Words.of(RULES, "en"))
    assert not any(sign in page for sign in ("\x1b", "\u202e", "<b>", "\x07", "\u2028"))


def test_the_published_schema_is_that_of_the_types_and_every_output_keeps_it() -> None:
    assert schema("compare") == generated_schema("compare")
    doc = both(made(), samples.three_causes())
    jsonschema.validate(json.loads(msgspec.json.encode(doc)), schema("compare"))


@pytest.mark.parametrize("lang", ["en", "ko", "zh-CN"])
def test_text_and_page_show_every_change_in_words(lang: str) -> None:
    words = Words.of(RULES, lang)
    doc = both(made(causes=(LIVE,), endpoints=FINE), made(causes=(samples.dns_cause(),), endpoints=FAILED))
    text, page = render_comparison(doc, words), render_page(doc, words)
    for shown in (text, page):
        assert "[compare." not in shown and "dns-failure" in shown and "gbl.his.arc.azure.com" in shown
    assert max(map(len, text.splitlines())) <= 80 and "\x1b" not in text
    assert "<script" not in page


def test_hostile_values_stay_text() -> None:
    attack = "<img src=x onerror=alert(1)>\x1b[2J\u202e"
    before = made(facts=(FactSeen("config", attack, attack, "ok", attack),), endpoints=FINE)
    after = made(facts=(FactSeen("config", attack, attack, "ok", attack + "2"),), endpoints=FINE)
    words = Words.of(RULES, "en")
    doc = both(before, after)
    assert "<img" not in render_page(doc, words)
    assert "\x1b" not in render_comparison(doc, words) and "\u202e" not in render_comparison(doc, words)
