"""What every renderer for people picks from a diagnosis, so that all of them show the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from arcdiag.model.attempt import Outcome
from arcdiag.model.case import TimeBasis
from arcdiag.model.diagnosis import (
    Cause,
    Check,
    CheckStatus,
    Diagnosis,
    EndpointSeen,
    Evidence,
    FactSeen,
    Fix,
    LayerSeen,
    RuledOut,
    State,
    Verdict,
)
from arcdiag.model.message import Msg
from arcdiag.model.stamp import Stamp
from arcdiag.report.outside import outside_check
from arcdiag.report.words import Part, Parts, Words

_ANSWERED = (("tls", "pass"), ("http", "pass"))

_LOOK_ALIKE = ".look_alike."


def lead(diagnosis: Diagnosis) -> Cause | None:
    """The cause that is the answer: the first current one, of a recovered machine the first past one."""
    wanted = {Verdict.PROBLEM: State.CURRENT, Verdict.RECOVERED: State.PAST}.get(diagnosis.verdict)
    return next((cause for cause in diagnosis.causes if cause.state is wanted), None)


def others(diagnosis: Diagnosis) -> tuple[Cause, ...]:
    """Every cause but the answer, in their order."""
    first = lead(diagnosis)
    return tuple(cause for cause in diagnosis.causes if cause is not first)


def headline(diagnosis: Diagnosis, words: Words) -> str:
    """What the verdict means for the server, as a sentence without an end mark."""
    if diagnosis.verdict is Verdict.PROBLEM:
        cause = lead(diagnosis)
        return words.say(f"report.lead.problem.{cause.impact.value if cause else 'none'}")
    return words.say(f"report.lead.{diagnosis.verdict.value}")


def answer(cause: Cause, words: Words) -> Parts:
    """The cause named in one sentence that also says how sure it is."""
    key = "report.cause_was" if cause.state is State.PAST else f"report.cause_is.{cause.confidence.value}"
    return words.nested(key, title=words.parts(cause.title))


def reasons(cause: Cause, words: Words) -> tuple[Parts, ...]:
    """Why it was chosen; what two rules say in the same words is said once."""
    return tuple(dict.fromkeys(words.parts(msg) for msg in cause.why))


def proofs(cause: Cause) -> tuple[Evidence, ...]:
    """The evidence, a log line that proves several things only once."""
    places: dict[object, Evidence] = {}
    for index, one in enumerate(cause.evidence):
        places.setdefault(index if one.line is None else (one.source, one.line, one.text), one)
    return tuple(places.values())


def sign_of_life(diagnosis: Diagnosis, words: Words) -> Parts:
    """The newest success, where nothing is wrong now; empty without one."""
    if diagnosis.verdict not in (Verdict.HEALTHY, Verdict.RECOVERED):
        return ()
    good = [seen.attempt for seen in diagnosis.attempts if seen.attempt.outcome is Outcome.OK]
    if not good:
        return ()
    last = good[-1]
    time = (Part(when(last.end or last.begin, words), False),)
    at = words.parts(Msg.of("report.place.line", source=last.source, line=last.end_line))
    return words.nested("report.sign_of_life", step=words.title("step", last.step), time=time, place=at)


def fixes(cause: Cause, os: str) -> tuple[Fix, ...]:
    """The steps for this system; all of them where the system is not known."""
    return tuple(fix for fix in cause.fix if os == "unknown" or fix.os in ("any", os))


def warnings(diagnosis: Diagnosis) -> tuple[Check, ...]:
    """The checks that warn or fail, but for those of endpoints, which have a place of their own."""
    risky = (CheckStatus.WARN, CheckStatus.FAIL)
    hosts = {endpoint.host for endpoint in diagnosis.endpoints}
    return tuple(check for check in diagnosis.checks if check.status in risky and check.subject not in hosts)


def failing(diagnosis: Diagnosis) -> tuple[EndpointSeen, ...]:
    """Endpoints that fail at some layer."""
    return tuple(endpoint for endpoint in diagnosis.endpoints if endpoint.failing_layer)


def reachable(endpoint: EndpointSeen) -> bool:
    """Whether nothing fails and the last layer answered; a name that resolves is not yet a way to Azure."""
    last = endpoint.layers[-1] if endpoint.layers else None
    return endpoint.failing_layer is None and last is not None and (last.layer, last.status) in _ANSWERED


def layer_says(layer: LayerSeen, words: Words) -> Parts:
    """What a layer answered: in words, else its raw values; empty if there is nothing to say."""
    if layer.says is not None:
        return words.parts(layer.says)
    return (Part(words.reason(layer.detail), True),) if layer.detail else ()


def fact_says(fact: FactSeen, words: Words) -> Parts:
    """What a fact says: in words, else its raw values, or why there are none."""
    if fact.says is not None:
        return words.parts(fact.says)
    return (Part(words.reason(fact.value), True),)


def refuted(cause: Cause) -> tuple[RuledOut, ...]:
    """Causes that something seen speaks against."""
    return tuple(out for out in cause.ruled_out if _LOOK_ALIKE not in out.by.key)


def look_alikes(cause: Cause) -> tuple[RuledOut, ...]:
    """Causes that are easily taken for it, with what tells them apart; nothing seen here speaks of them."""
    return tuple(out for out in cause.ruled_out if _LOOK_ALIKE in out.by.key)


def who_mends(cause: Cause, os: str, words: Words) -> str:
    """Who usually can do what is to be done, each once, in the order of the steps."""
    return ", ".join(dict.fromkeys(words.say(f"report.who.{fix.who}") for fix in fixes(cause, os)))


def now_key(diagnosis: Diagnosis) -> str:
    """The name of the case's *now*: when it was collected, or its newest record."""
    return "collected" if diagnosis.case.time_basis is TimeBasis.MANIFEST else "now"


def when(stamp: Stamp | None, words: Words) -> str:
    """A time as people read it, with its zone; says so where there is none."""
    if stamp is None:
        return words.say("report.time.none")
    plain = stamp.at.replace(tzinfo=None).isoformat(" ", "seconds")
    return words.say("report.time.utc" if stamp.is_utc else "report.time.local", time=plain)


def place(evidence: Evidence, words: Words) -> Parts:
    """Where a piece of evidence stands: file and line, or the probe or check."""
    if evidence.line is not None:
        return words.parts(Msg.of("report.place.line", source=evidence.source, line=evidence.line))
    if evidence.source:
        return (Part(evidence.source, True),)
    return words.parts(Msg(f"report.kind.{evidence.kind.value}"))


def seen(evidence: Evidence, words: Words) -> str:
    """How often and when, for more than one occurrence; else empty."""
    if evidence.count < 2:
        return ""
    times = words.count("report.times", evidence.count)
    if evidence.first is None or evidence.last is None or evidence.first == evidence.last:
        return times
    between = words.say("report.times.between", first=when(evidence.first, words), last=when(evidence.last, words))
    return f"{times}, {between}"


def explained_title(id_: str, diagnosis: Diagnosis, words: Words) -> Parts:
    """What a folded code or cause means, empty if it is not known."""
    if f"cause.{id_}.title" in words:
        return words.title("cause", id_)
    return next((words.parts(code.meaning) for code in diagnosis.codes if code.code == id_), ())


@dataclass(frozen=True, slots=True)
class NetworkLine:
    """One failing endpoint for people who know nothing of this tool; `check` is a command, None for a strange name."""

    host: str
    says: Parts
    check: str | None


def network_lines(diagnosis: Diagnosis, words: Words) -> Iterator[NetworkLine]:
    """The failing endpoints as lines that a network team can act on."""
    for endpoint in failing(diagnosis):
        hop = words.say(f"report.hop.{endpoint.failing_layer}")
        says = [Part(words.say("report.endpoint.fails", layer=hop), False)]
        for layer in endpoint.layers:
            if layer.layer == endpoint.failing_layer and (detail := layer_says(layer, words)):
                says += [Part(" (", False), *_without_end(detail), Part(")", False)]
        says.append(Part(", " + words.say(f"report.path.{endpoint.path}"), False))
        check = outside_check(endpoint, diagnosis.case.os, diagnosis.case.identity.proxy)
        yield NetworkLine(endpoint.host, tuple(says), check)


def _without_end(parts: Parts) -> Parts:
    """A sentence without its full stop, to stand inside another one."""
    last = parts[-1]
    return (*parts[:-1], replace(last, text=last.text.rstrip(".\u3002")))
