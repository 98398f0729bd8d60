"""The report for a terminal: the answer first, on one screen in the normal case."""

from __future__ import annotations

from collections.abc import Sequence

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Cause, Diagnosis, Evidence, Verdict
from arcdiag.report import view
from arcdiag.report.clean import clean
from arcdiag.report.commands import expected, shells
from arcdiag.report.excerpt import excerpt
from arcdiag.report.language import ENGLISH
from arcdiag.report.terminal import DIM, GREEN, RED, YELLOW, Sheet
from arcdiag.report.words import Words, plain

QUOTE, PROOFS, LIST = 480, 2, 6
_COLOURS = {Verdict.PROBLEM: RED, Verdict.HEALTHY: GREEN, Verdict.RECOVERED: GREEN, Verdict.INCONCLUSIVE: YELLOW}


def render_text(
    diagnosis: Diagnosis, rules: RuleSet, width: int = 80, colour: bool = False, lang: str = ENGLISH
) -> str:
    """Plain text of at most `width` columns (40 at least; commands may be longer).

    Without `colour` there is no escape sequence in it; in English nothing but ASCII besides the case's own text.
    """
    d, words = clean(diagnosis), Words.of(rules, lang)
    sheet = Sheet(max(40, width), colour)
    cause = view.lead(d)
    _top(sheet, d, words)
    if cause is not None:
        _proof(sheet, cause, words)
        _changes(sheet, d, words)
        _todo(sheet, d, cause, words)
    _warnings(sheet, d, words)
    _unexplained(sheet, d, words)
    _others(sheet, d, words)
    if cause is not None:
        _ruled_out(sheet, cause, words)
        _explains(sheet, d, cause, words)
    _endpoints(sheet, d, words)
    _not_evaluated(sheet, d, words)
    _next_steps(sheet, d, words)
    _support_ids(sheet, d, words)
    return sheet.text()


def _top(sheet: Sheet, d: Diagnosis, words: Words) -> None:
    case = d.case
    agent = f"azcmagent {case.agent_version}" if case.agent_version else ""
    system = words.say(f"report.os.{case.os}") if case.os != "unknown" else ""
    about = [case.host or case.name, system, agent, view.when(case.now, words) if case.now else ""]
    sheet.say(" | ".join(part for part in about if part), "", code=DIM)
    verdict = words.say(f"report.verdict.{d.verdict.value}").upper()
    cause, life = view.lead(d), plain(view.sign_of_life(d, words))
    answer = f" {plain(view.answer(cause, words))}" if cause else ""
    sheet.say(f"{verdict}: {view.headline(d, words)}{words.say('report.stop')}{answer}", "", code=_COLOURS[d.verdict])
    if cause is not None:
        sheet.say(words.text(cause.summary))
        sheet.say(_standing(cause, words))
    elif (key := f"report.lead.{d.verdict.value}.text") in words:
        sheet.say(words.say(key))
    if life:
        sheet.say(life)


def _standing(cause: Cause, words: Words) -> str:
    """How sure, since when, about what: one line."""
    said = [words.say(f"report.confidence.{cause.confidence.value}.long")]
    if cause.since:
        said.append(words.say("report.since", time=view.when(cause.since, words)))
    if cause.last_seen and cause.last_seen != cause.since:
        said.append(words.say("report.last_seen", time=view.when(cause.last_seen, words)))
    if cause.subjects:
        said.append(f"{words.say('report.about')}: {_subjects(cause, words)}.")
    return " ".join(said)


def _subjects(cause: Cause, words: Words, most: int = 3) -> str:
    shown = ", ".join(cause.subjects[:most])
    left = len(cause.subjects) - most
    return f"{shown} {words.count('report.more_subjects', left)}" if left > 0 else shown


def _proof(sheet: Sheet, cause: Cause, words: Words) -> None:
    if not (cause.evidence or cause.why):
        return
    sheet.heading(words.say("report.proof"))
    reasons, proofs = view.reasons(cause, words), view.proofs(cause)
    for reason in reasons[:LIST]:
        sheet.item(plain(reason))
    _more(sheet, words, len(reasons) - LIST)
    for evidence in proofs[:PROOFS]:
        _evidence(sheet, evidence, words)
    _more(sheet, words, len(proofs) - PROOFS)
    if cause.why_not_sure:
        sheet.say(f"{words.say('report.why_not_sure')}:")
    for msg in cause.why_not_sure[:LIST]:
        sheet.item(words.text(msg))


def _evidence(sheet: Sheet, evidence: Evidence, words: Words) -> None:
    where = [plain(view.place(evidence, words)), view.when(evidence.time, words), view.seen(evidence, words)]
    sheet.say(", ".join(part for part in where if part) + ":")
    if evidence.says is not None:
        sheet.say(words.text(evidence.says), "    ")
    if evidence.text:
        quoted = excerpt(evidence.text, evidence.span, QUOTE)
        sheet.quote(quoted)
        if sum(quoted.left_out):
            sheet.say(words.say("report.cut", n=f"{sum(quoted.left_out):,}"), "    ", code=DIM)


def _changes(sheet: Sheet, d: Diagnosis, words: Words) -> None:
    said = [f"{view.when(change.time, words)}: {words.text(change.what)}" for change in d.changes]
    _listed(sheet, words, "report.changes", said)


def _todo(sheet: Sheet, d: Diagnosis, cause: Cause, words: Words) -> None:
    past = d.verdict is Verdict.RECOVERED
    sheet.heading(words.say("report.todo.recovered" if past else "report.todo"))
    steps = view.fixes(cause, d.case.os)
    if not steps:
        sheet.say(words.say("report.todo.none"))
    for number, fix in enumerate(steps, 1):
        who = words.say(f"report.who.{fix.who}")
        os = f"; {words.say(f'report.os.{fix.os}')}" if d.case.os == "unknown" and fix.os != "any" else ""
        sheet.say(f"{words.text(fix.text)} ({who}{os})", f" {number:>2}. ", "     ")
        if fix.command:
            sheet.command(fix.command)
    for sentence in shells(steps, cause.verify, words):
        sheet.say(sentence)
    if cause.verify:
        sheet.say(f"{words.say('report.verify')}. {expected(cause.verify, words)}")
        sheet.command(cause.verify)


def _warnings(sheet: Sheet, d: Diagnosis, words: Words) -> None:
    said = [
        f"{words.say(f'report.status.{check.status.value}')}: {words.text(check.reason)}"
        f"{f' ({check.subject})' if check.subject else ''}"
        for check in view.warnings(d)
    ]
    _listed(sheet, words, "report.warnings", said)


def _unexplained(sheet: Sheet, d: Diagnosis, words: Words) -> None:
    if not d.unexplained:
        return
    sheet.heading(words.say("report.unexplained"))
    for line in d.unexplained[:LIST]:
        where = words.say("report.place.line", source=line.source, line=line.line)
        times = f", {words.count('report.times', line.count)}" if line.count > 1 else ""
        sheet.say(f"{where}, {view.when(line.time, words)}{times}:")
        sheet.quote(excerpt(line.text, (0, 0), QUOTE // 2))
    _more(sheet, words, len(d.unexplained) - LIST)


def _others(sheet: Sheet, d: Diagnosis, words: Words) -> None:
    rest = view.others(d)
    if not rest:
        return
    sheet.heading(words.say("report.other_causes"))
    for cause in rest[:LIST]:
        marks = [
            words.say(f"report.state.{cause.state.value}"),
            words.say(f"report.confidence.{cause.confidence.value}"),
        ]
        about = f" ({_subjects(cause, words, 2)})" if cause.subjects else ""
        sheet.item(f"{words.text(cause.title)}{about}: {', '.join(marks)} [{cause.id}]")
    _more(sheet, words, len(rest) - LIST)


def _ruled_out(sheet: Sheet, cause: Cause, words: Words) -> None:
    for key, causes in (("report.ruled_out", view.refuted(cause)), ("report.look_alikes", view.look_alikes(cause))):
        said = [f"{plain(words.title('cause', out.id))}: {words.text(out.by)}" for out in causes]
        _listed(sheet, words, key, said)


def _explains(sheet: Sheet, d: Diagnosis, cause: Cause, words: Words) -> None:
    if not cause.explains:
        return
    sheet.heading(words.say("report.explains"))
    for symptom in cause.explains[:LIST]:
        title = plain(view.explained_title(symptom.id, d, words))
        times = f" ({words.count('report.times', symptom.count)})" if symptom.count > 1 else ""
        sheet.item(f"{symptom.id}{': ' if title else ''}{title}{times}")
    _more(sheet, words, len(cause.explains) - LIST)


def _endpoints(sheet: Sheet, d: Diagnosis, words: Words) -> None:
    if not d.endpoints:
        return
    sheet.heading(words.say("report.endpoints"))
    ok = sum(view.reachable(endpoint) for endpoint in d.endpoints)
    sheet.say(words.say("report.endpoint.summary", ok=ok, all=len(d.endpoints)))
    lines = list(view.network_lines(d, words))
    if lines:
        sheet.say(words.say("report.network_lines.text"))
    for line in lines[:LIST]:
        sheet.item(f"{line.host}: {plain(line.says)}")
        if line.check:
            sheet.command(line.check)
    _more(sheet, words, len(lines) - LIST)


def _not_evaluated(sheet: Sheet, d: Diagnosis, words: Words) -> None:
    said = [f"{words.reason(missing.what)}: {words.reason(missing.why)}" for missing in d.not_evaluated]
    _listed(sheet, words, "report.not_evaluated", said)


def _next_steps(sheet: Sheet, d: Diagnosis, words: Words) -> None:
    _listed(sheet, words, "report.next_steps", [words.text(step) for step in d.next_steps])


def _support_ids(sheet: Sheet, d: Diagnosis, words: Words) -> None:
    if not d.support_ids or d.verdict is Verdict.HEALTHY:
        return
    sheet.heading(words.say("report.support_ids"))
    for found in d.support_ids[: LIST // 2]:
        time = f" ({view.when(found.time, words)})" if found.time else ""
        sheet.item(f"{words.say(f'report.id.{found.kind}')}: {found.value}{time}")
    _more(sheet, words, len(d.support_ids) - LIST // 2)


def _listed(sheet: Sheet, words: Words, heading: str, items: Sequence[str]) -> None:
    """A heading, the first items under it and how many more there are; nothing where there is none."""
    if not items:
        return
    sheet.heading(words.say(heading))
    for item in items[:LIST]:
        sheet.item(item)
    _more(sheet, words, len(items) - LIST)


def _more(sheet: Sheet, words: Words, number: int) -> None:
    if number > 0:
        sheet.say(words.count("report.more", number), "    ", code=DIM)
