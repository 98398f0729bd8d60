"""`arcdiag probe` for a terminal: the endpoints in a table, then the answer in short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Cause, Diagnosis, Verdict
from arcdiag.model.fact import FactStatus
from arcdiag.report import view
from arcdiag.report.clean import clean
from arcdiag.report.language import ENGLISH
from arcdiag.report.probe_rows import ProbeRow, rows_of
from arcdiag.report.probe_table import add_table
from arcdiag.report.terminal import DIM, GREEN, RED, YELLOW, Sheet
from arcdiag.report.words import Words, plain

FIXES, NOTES, OTHERS, SUBJECTS = 3, 6, 4, 3
_COLOURS = {Verdict.PROBLEM: RED, Verdict.HEALTHY: GREEN, Verdict.RECOVERED: GREEN, Verdict.INCONCLUSIVE: YELLOW}


def render_probe(
    diagnosis: Diagnosis,
    rules: RuleSet,
    width: int = 80,
    colour: bool = False,
    lang: str = ENGLISH,
    seconds: float | None = None,
) -> str:
    """Lines of at most `width` columns (40 at least; commands may be longer). `seconds`: how long the probes took."""
    rows = rows_of(diagnosis)
    facts = _values(diagnosis)
    d, words = clean(diagnosis), Words.of(rules, lang)
    sheet = Sheet(max(40, width), colour)
    _top(sheet, d, words, facts)
    own, others = [r for r in rows if not r.what_if], [r for r in rows if r.what_if]
    if own:
        sheet.lines.append("")
        _table(sheet, own, words, seconds)
    if others:
        sheet.heading(words.say("probe.what_if"))
        for said in _what_ifs(others, facts, words):
            sheet.say(said)
        _table(sheet, others, words, None)
    _answer(sheet, d, own, facts.get("probe.plan", {}).get("installed"), words)
    _notes(sheet, d, words)
    return sheet.text()


def _what_ifs(rows: Sequence[ProbeRow], facts: Mapping[str, Mapping[str, Any]], words: Words) -> list[str]:
    """Which other ways these are, each once."""
    if facts.get("agent.proxy", {}).get("reason"):
        return [words.say("probe.what_if.own")]
    said = [
        words.say("probe.what_if.proxy", proxy=row.proxy) if row.proxy else words.say("probe.what_if.direct")
        for row in rows
    ]
    return list(dict.fromkeys(said))


def _values(diagnosis: Diagnosis) -> dict[str, Mapping[str, Any]]:
    """Values of the facts about the plan and the way; `reason` stands for one that could not be read."""
    found: dict[str, Mapping[str, Any]] = {}
    for fact in diagnosis.case.facts:
        if fact.fact in ("probe.plan", "agent.proxy"):
            found[fact.fact] = fact.value if fact.status is FactStatus.OK else {"reason": fact.reason}
    return found


def _top(sheet: Sheet, d: Diagnosis, words: Words, facts: Mapping[str, Mapping[str, Any]]) -> None:
    case = d.case
    agent = f"azcmagent {case.agent_version}" if case.agent_version else ""
    system = words.say(f"report.os.{case.os}") if case.os != "unknown" else ""
    about = [case.host or case.name, system, agent, view.when(case.now, words) if case.now else ""]
    sheet.say(" | ".join(part for part in about if part), "", code=DIM)
    said = [*_plan(facts.get("probe.plan", {}), words), *_way(facts.get("agent.proxy", {}), words)]
    if said:
        sheet.say(" ".join(said), "", code=DIM)


def _plan(plan: Mapping[str, Any], words: Words) -> list[str]:
    if not plan.get("cloud"):
        return []
    region = plan.get("region") or words.say("report.unknown")
    said = [words.say("probe.plan", cloud=plan["cloud"], region=region)]
    if plan.get("private_link"):
        said.append(words.say("probe.plan.private_link"))
    if plan.get("gateway_host"):
        said.append(words.say("probe.plan.gateway", gateway=plan["gateway_host"]))
    if plan.get("features"):
        said.append(words.say("probe.plan.features", features=", ".join(plan["features"])))
    return said


def _way(proxy: Mapping[str, Any], words: Words) -> list[str]:
    if proxy.get("reason"):
        return [words.say("probe.way.unknown", why=words.reason(str(proxy["reason"])))]
    if not proxy:
        return []
    if proxy.get("url"):
        return [words.say("probe.way.proxy", proxy=proxy["url"], source=proxy.get("source"))]
    return [words.say("probe.way.direct")] if proxy.get("connection_type") != "gateway" else []


def _table(sheet: Sheet, rows: Sequence[ProbeRow], words: Words, seconds: float | None) -> None:
    explained = add_table(sheet, rows, words)
    ok = sum(row.reachable for row in rows)
    must = [row for row in rows if row.required]
    key = "report.endpoint.summary" if seconds is None else "probe.summary"
    time = f"{seconds:.1f}" if seconds is not None else None
    said = [words.say(key, ok=ok, all=len(rows), seconds=time)]
    if len(must) != len(rows):
        said.append(words.say("probe.summary.required", ok=sum(row.reachable for row in must), all=len(must)))
    if explained and any(row.needed in ("connect", "install") for row in rows):
        said.append(words.say("probe.legend"))
    sheet.lines.append("")
    sheet.say(" ".join(said), "")


def _answer(sheet: Sheet, d: Diagnosis, rows: Sequence[ProbeRow], installed: object, words: Words) -> None:
    cause = view.lead(d)
    verdict = words.say(f"report.verdict.{d.verdict.value}").upper()
    answer = f" {plain(view.answer(cause, words))}" if cause else ""
    sheet.lines.append("")
    sheet.say(f"{verdict}: {view.headline(d, words)}{words.say('report.stop')}{answer}", "", code=_COLOURS[d.verdict])
    if cause is None:
        for said in _without_cause(d, rows, installed, words):
            sheet.say(said)
        return
    sheet.say(words.text(cause.summary))
    if cause.subjects:
        shown = ", ".join(cause.subjects[:SUBJECTS])
        left = len(cause.subjects) - SUBJECTS
        more = f" {words.count('report.more_subjects', left)}" if left > 0 else ""
        sheet.say(f"{words.say('report.about')}: {shown}{more}. [{cause.id}]")
    _fixes(sheet, d, cause, words)
    for other in view.others(d)[:OTHERS]:
        marks = words.say(f"report.confidence.{other.confidence.value}")
        sheet.item(f"{words.text(other.title)}: {marks} [{other.id}]")


def _without_cause(d: Diagnosis, rows: Sequence[ProbeRow], installed: object, words: Words) -> Iterator[str]:
    failed = [row.host for row in rows if row.failed and (not row.required or row.needed == "feature")]
    if d.verdict is not Verdict.HEALTHY:
        key = f"report.lead.{d.verdict.value}.text"
        yield from [words.say(key)] if key in words else []
        return
    if installed is False and all(row.reachable for row in rows if row.required):
        yield words.say("probe.ready")
    elif not failed:
        yield words.say("report.lead.healthy.text")
    if failed:
        yield words.say("probe.healthy.but", hosts=", ".join(failed[:SUBJECTS]))


def _fixes(sheet: Sheet, d: Diagnosis, cause: Cause, words: Words) -> None:
    steps = view.fixes(cause, d.case.os)
    if steps:
        sheet.heading(words.say("report.todo"))
    for number, fix in enumerate(steps[:FIXES], 1):
        who = words.say(f"report.who.{fix.who}")
        sheet.say(f"{words.text(fix.text)} ({who})", f" {number:>2}. ", "     ")
        if fix.command:
            sheet.command(fix.command)
    if len(steps) > FIXES:
        sheet.say(words.count("report.more", len(steps) - FIXES), "    ", code=DIM)
    if steps:
        sheet.say(words.say("probe.more"), "     ", code=DIM)


def _notes(sheet: Sheet, d: Diagnosis, words: Words) -> None:
    """Warnings, and what was not looked at."""
    risky, missing = view.warnings(d), d.not_evaluated
    if risky:
        sheet.heading(words.say("report.warnings"))
    for check in risky[:NOTES]:
        sheet.item(f"{words.text(check.reason)} [{check.id}]")
    if missing:
        sheet.heading(words.say("report.not_evaluated"))
    for one in missing[:NOTES]:
        sheet.item(f"{words.reason(one.what)}: {words.reason(one.why)}")
    if len(missing) > NOTES:
        sheet.say(words.count("report.more", len(missing) - NOTES), "    ", code=DIM)
