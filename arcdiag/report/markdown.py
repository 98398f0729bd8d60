"""The report for a ticket: short, complete in itself, safe to paste."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Cause, Diagnosis, Evidence, RuledOut, Verdict
from arcdiag.model.message import Msg
from arcdiag.report import view
from arcdiag.report.clean import clean
from arcdiag.report.commands import expected, shells
from arcdiag.report.excerpt import excerpt
from arcdiag.report.language import ENGLISH
from arcdiag.report.marks import code, escaped, fence, prose, sentence
from arcdiag.report.words import Words

LIMIT = 6000
QUOTE = 500


@dataclass(frozen=True, slots=True)
class _Block:
    """A section. `rank`: the lower, the later it is cut. Each item is whole in itself and may be left out."""

    rank: int
    heading: str
    items: tuple[str, ...]


def render_markdown(diagnosis: Diagnosis, rules: RuleSet, lang: str = ENGLISH) -> str:
    """Markdown of less than 6,000 characters, with a note if anything was left out."""
    d, words = clean(diagnosis), Words.of(rules, lang)
    blocks = [block for block in _blocks(d, words) if block.items]
    footer = sentence(words.parts(Msg.of("report.made_by", version=d.tool_version, rules=d.rules_version)))
    note = escaped(words.count("report.short", 10_000))
    room = LIMIT - len(footer) - len(note) - 8
    kept: dict[int, list[str]] = {}
    cut = 0
    for index, block in sorted(enumerate(blocks), key=lambda pair: (pair[1].rank, pair[0])):
        items, used = _fitting(block, room)
        room -= used
        cut += len(items) < len(block.items)
        kept[index] = items
    made = [_layout(block.heading, kept[index]) for index, block in enumerate(blocks) if kept[index]]
    ends = [footer] + ([escaped(words.count("report.short", cut))] if cut else [])
    return "\n\n".join([*made, *ends]) + "\n"


def _layout(heading: str, items: list[str]) -> str:
    return (f"### {heading}\n\n" if heading else "") + "\n".join(items).strip("\n")


def _fitting(block: _Block, room: int) -> tuple[list[str], int]:
    """The items that fit into `room` characters, and what they use."""
    used, items = len(_layout(block.heading, [])) + 2, []
    for item in block.items:
        if used + len(item) + 1 <= room:
            items.append(item)
            used += len(item) + 1
    return (items, used) if items else ([], 0)


def _blocks(d: Diagnosis, words: Words) -> Iterator[_Block]:
    cause = view.lead(d)
    yield _Block(0, "", tuple(_top(d, cause, words)))
    if cause is not None:
        past = d.verdict is Verdict.RECOVERED
        todo = words.say("report.todo.recovered" if past else "report.todo")
        yield _Block(1, escaped(todo), tuple(_todo(d, cause, words)))
        yield _Block(2, escaped(words.say("report.proof")), tuple(_proof(cause, words)))
    yield _Block(6, escaped(words.say("report.changes")), tuple(_changes(d, words)))
    yield _Block(3, escaped(words.say("report.unexplained")), tuple(_unexplained(d, words)))
    yield _Block(5, escaped(words.say("report.endpoints")), tuple(_endpoints(d, words)))
    yield _Block(6, escaped(words.say("report.other_causes")), tuple(_others(d, words)))
    if cause is not None:
        yield _Block(8, escaped(words.say("report.ruled_out")), tuple(_told_apart(view.refuted(cause), words)))
        yield _Block(9, escaped(words.say("report.look_alikes")), tuple(_told_apart(view.look_alikes(cause), words)))
        yield _Block(9, escaped(words.say("report.explains")), tuple(_explains(d, cause, words)))
    yield _Block(10, escaped(words.say("report.warnings")), tuple(_warnings(d, words)))
    yield _Block(7, escaped(words.say("report.not_evaluated")), tuple(_not_evaluated(d, words)))
    yield _Block(6, escaped(words.say("report.next_steps")), tuple(f"- {_said(m, words)}" for m in d.next_steps))
    yield _Block(4, escaped(words.say("report.support_ids")), tuple(_support_ids(d, words)))
    yield _Block(4, escaped(words.say("report.col.case")), tuple(_case(d, words)))


def _said(msg: Msg, words: Words) -> str:
    return sentence(words.parts(msg))


def _top(d: Diagnosis, cause: Cause | None, words: Words) -> Iterator[str]:
    verdict = words.say(f"report.verdict.{d.verdict.value}")
    yield f"## {escaped(verdict)}: {escaped(view.headline(d, words))}\n"
    if life := view.sign_of_life(d, words):
        yield sentence(life) + "\n"
    if cause is None:
        if (key := f"report.lead.{d.verdict.value}.text") in words:
            yield escaped(words.say(key))
        return
    yield f"**{sentence(view.answer(cause, words))}** {_said(cause.summary, words)}\n"
    yield f"- {escaped(words.say(f'report.confidence.{cause.confidence.value}.long'))}"
    if cause.since:
        yield f"- {escaped(words.say('report.since', time=view.when(cause.since, words)))}"
    if cause.last_seen:
        yield f"- {escaped(words.say('report.last_seen', time=view.when(cause.last_seen, words)))}"
    if cause.subjects:
        more = len(cause.subjects) - 5
        tail = f" {escaped(words.count('report.more_subjects', more))}" if more > 0 else ""
        yield f"- {escaped(words.say('report.about'))}: {', '.join(code(s, 120) for s in cause.subjects[:5])}{tail}"


def _changes(d: Diagnosis, words: Words) -> Iterator[str]:
    yield from (f"- {escaped(view.when(change.time, words))}: {_said(change.what, words)}" for change in d.changes)


def _todo(d: Diagnosis, cause: Cause, words: Words) -> Iterator[str]:
    steps = view.fixes(cause, d.case.os)
    for number, fix in enumerate(steps, 1):
        who = escaped(words.say(f"report.who.{fix.who}"))
        command = "\n" + fence(fix.command, "   ") if fix.command else ""
        yield f"{number}. {_said(fix.text, words)} ({who}){command}"
    yield from (f"\n{escaped(sentence)}" for sentence in shells(steps, cause.verify, words))
    if cause.verify:
        said = f"{words.say('report.verify')}. {expected(cause.verify, words)}"
        yield f"\n{escaped(said)}\n\n{fence(cause.verify)}"


def _proof(cause: Cause, words: Words) -> Iterator[str]:
    yield from (f"- {sentence(reason)}" for reason in view.reasons(cause, words))
    yield from (_evidence(evidence, words) for evidence in view.proofs(cause)[:3])
    if cause.why_not_sure:
        yield f"\n{escaped(words.say('report.why_not_sure'))}:\n"
        yield from (f"- {_said(msg, words)}" for msg in cause.why_not_sure)


def _evidence(evidence: Evidence, words: Words) -> str:
    where = [sentence(view.place(evidence, words)), escaped(view.when(evidence.time, words))]
    if times := view.seen(evidence, words):
        where.append(escaped(times))
    said = f" {_said(evidence.says, words)}" if evidence.says else ""
    quoted = excerpt(evidence.text, evidence.span, QUOTE)
    left = sum(quoted.left_out)
    cut = f"\n{escaped(words.say('report.cut', n=f'{left:,}'))}" if left else ""
    block = f"\n\n{fence(quoted.text)}" if quoted.text else ""
    return f"\n{', '.join(where)}:{said}{block}{cut}"


def _unexplained(d: Diagnosis, words: Words) -> Iterator[str]:
    for line in d.unexplained:
        where = sentence(words.parts(Msg.of("report.place.line", source=line.source, line=line.line)))
        times = f", {escaped(words.count('report.times', line.count))}" if line.count > 1 else ""
        quoted = fence(excerpt(line.text, (0, 0), QUOTE // 2).text)
        yield f"{where}, {escaped(view.when(line.time, words))}{times}:\n\n{quoted}\n"


def _endpoints(d: Diagnosis, words: Words) -> Iterator[str]:
    if not d.endpoints:
        return
    ok = sum(view.reachable(endpoint) for endpoint in d.endpoints)
    yield escaped(words.say("report.endpoint.summary", ok=ok, all=len(d.endpoints))) + "\n"
    for line in view.network_lines(d, words):
        check = "\n" + fence(line.check, "  ") if line.check else ""
        yield f"- {code(line.host, 120)}: {sentence(line.says)}{check}"


def _others(d: Diagnosis, words: Words) -> Iterator[str]:
    for cause in view.others(d):
        marks = (f"report.state.{cause.state.value}", f"report.confidence.{cause.confidence.value}")
        said = ", ".join(escaped(words.say(mark)) for mark in marks)
        about = f" ({code(cause.subjects[0], 120)})" if cause.subjects else ""
        yield f"- {_said(cause.title, words)}{about}: {said}, {code(cause.id)}"


def _told_apart(causes: Iterable[RuledOut], words: Words) -> Iterator[str]:
    for out in causes:
        yield f"- {sentence(words.title('cause', out.id))}: {_said(out.by, words)}"


def _explains(d: Diagnosis, cause: Cause, words: Words) -> Iterator[str]:
    for symptom in cause.explains:
        title = sentence(view.explained_title(symptom.id, d, words))
        times = f" ({escaped(words.count('report.times', symptom.count))})" if symptom.count > 1 else ""
        yield f"- {code(symptom.id)}{': ' if title else ''}{title}{times}"


def _warnings(d: Diagnosis, words: Words) -> Iterator[str]:
    for check in view.warnings(d):
        about = f" ({code(check.subject, 120)})" if check.subject else ""
        yield f"- {escaped(words.say(f'report.status.{check.status.value}'))}: {_said(check.reason, words)}{about}"


def _not_evaluated(d: Diagnosis, words: Words) -> Iterator[str]:
    for missing in d.not_evaluated:
        yield f"- {prose(words.reason(missing.what))}: {prose(words.reason(missing.why))}"


def _support_ids(d: Diagnosis, words: Words) -> Iterator[str]:
    for found in d.support_ids:
        time = f", {escaped(view.when(found.time, words))}" if found.time else ""
        yield f"- {escaped(words.say(f'report.id.{found.kind}'))}: {code(found.value)}{time}"


def _case(d: Diagnosis, words: Words) -> Iterator[str]:
    identity = d.case.identity
    rows = {
        "host": d.case.host,
        "os": words.say(f"report.os.{d.case.os}"),
        "agent": d.case.agent_version,
        "case": d.case.name,
        view.now_key(d): view.when(d.case.now, words) if d.case.now else None,
        "region": identity.region,
        "resource_id": identity.resource_id,
        "vm_id": identity.vm_id,
        "tenant": identity.tenant,
    }
    for name, value in rows.items():
        if value:
            yield f"- {escaped(words.say(f'report.col.{name}'))}: {code(value)}"
