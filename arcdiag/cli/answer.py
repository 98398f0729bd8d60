"""What `arcdiag explain` answers; without click, which takes a third of the time of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from arcdiag.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from arcdiag.knowledge.rule_set import RuleSet
    from arcdiag.report.explain import Explainer
    from arcdiag.report.explain_text import ExplainSheet
    from arcdiag.report.words import Words

MAX_TEXT = 64 * 1024
_MAX_ECHO = 60


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `what` itself, and what narrows the answer. `case`: a path, to try the cause `what` against."""

    what: str
    lang: str
    agent_version: str | None = None
    os: str | None = None
    own_rules: Path | None = None
    as_json: bool = False
    case: str | None = None


def answer(asked: Question) -> str:
    """All that is printed. Raises InputError where nothing is known of it, RuleFileError."""
    from arcdiag.knowledge.load import load_rules
    from arcdiag.knowledge.version import parse_version
    from arcdiag.report.explain import Explainer
    from arcdiag.report.words import Words

    version = asked.agent_version
    if version is not None and len(parse_version(version) or ()) < 2:
        raise InputError(f"--agent-version: a version such as 1.50 is expected, not {version!r}")
    # Bytes that are no text arrive as lone surrogates.
    what = asked.what[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8").strip()
    rules = load_rules(asked.own_rules)
    words = Words(rules) if asked.as_json else Words.of(rules, asked.lang)
    if asked.case is not None:
        return _trial(rules, words, what, asked.case, asked.as_json)
    found = _find(rules, Explainer(rules, words, version, asked.os), what)
    if asked.as_json:
        return _document(asked, what, found)
    from arcdiag.report.explain_text import ExplainSheet

    return _printed(ExplainSheet(words), found, what)


def _document(asked: Question, what: str, found: dict[str, Any]) -> str:
    import json

    from msgspec import to_builtins

    from arcdiag.report.clean_text import clean_text

    whole = {"what": clean_text(what), "agent_version": asked.agent_version, "os": asked.os, **found}
    return json.dumps(whole, ensure_ascii=False, indent=2, default=to_builtins) + "\n"


def _trial(rules: RuleSet, words: Words, what: str, case: str, as_json: bool) -> str:
    """The cause `what` against a case. Raises InputError for what is no cause, and for a case that cannot be opened."""
    from difflib import get_close_matches

    from arcdiag.case.open import open_case
    from arcdiag.diagnose.trial import try_cause

    id_ = what.lower()
    if id_ not in rules.causes:
        near = get_close_matches(id_, list(rules.causes), n=3, cutoff=0.6)
        hint = f"; near it: {', '.join(near)}" if near else ""
        raise InputError(f"--case shows a cause against a case, and no cause has the id {what[:_MAX_ECHO]!r}{hint}")
    with open_case(case, None) as opened:
        trial = try_cause(opened, rules, id_)
    if as_json:
        from arcdiag.report.trial_document import render_trial_json

        return render_trial_json(trial, rules)
    from arcdiag.report.explain import Explainer
    from arcdiag.report.trial_text import render_trial

    return render_trial(trial, Explainer(rules, words), words)


def _find(rules: RuleSet, explainer: Explainer, what: str) -> dict[str, Any]:
    """Cause, codes and matches. Raises InputError with near misses where the rules know nothing of it."""
    from arcdiag.knowledge.codes import codes_in, known

    if (id_ := what.lower()) in rules.causes:
        return {"kind": "cause", "cause": explainer.cause(id_), "codes": [], "matches": []}
    if id_ in rules.signals:
        return {"kind": "text", "cause": None, "codes": [], "matches": [explainer.match(id_, {})]}
    codes, matches = known(rules, what), []
    sentence = len(what.split()) > 2 or not codes
    if sentence:
        from arcdiag.logs.phrase import explain_text

        matches = [explainer.match(match.signal, match.named) for match in explain_text(rules, what)]
        codes = codes_in(rules, what) or codes
    if not codes and not matches:
        raise InputError(_unknown(rules, what))
    kind = "text" if matches else "code"
    texts = [explainer.code(rule, what) for rule in codes]
    return {"kind": kind, "cause": None, "codes": texts, "matches": matches}


def _printed(sheet: ExplainSheet, found: dict[str, Any], what: str) -> str:
    from arcdiag.knowledge.codes import parse_code

    if found["cause"]:
        sheet.cause(found["cause"])
        return sheet.text()
    for match in found["matches"]:
        sheet.match(match)
    codes = found["codes"]
    ambiguous = not found["matches"] and len(parse_code(what)) > 1 and any(c.isdigit() for c in what)
    for code in codes[:1] if ambiguous else codes:
        sheet.code(code)
    if ambiguous and (len(codes) > 1 or codes[0].family == "azcm"):
        sheet.same_number(what.strip(), codes[1:])
    named = [n.id for part in (*found["matches"], *codes[:1]) for n in (*part.causes, *getattr(part, "behind", ()))]
    sheet.more(named)
    return sheet.text()


def _unknown(rules: RuleSet, what: str) -> str:
    """One line: what is unknown, and what comes near."""
    from arcdiag.report.clean_text import clean_text
    from arcdiag.report.visible import one_line

    shown = one_line(clean_text(what))
    shown = shown if len(shown) <= _MAX_ECHO else shown[: _MAX_ECHO - 3] + "..."
    near = _near(rules, what)
    hint = f"; near it: {', '.join(near)}" if near else ""
    return f"nothing is known of {shown!r}{hint} (a code, a cause id or a message in quotes is expected)"


def _near(rules: RuleSet, what: str) -> list[str]:
    """Up to three names that WHAT may have meant: the neighbours of an azcmagent code, else names spelt alike."""
    from difflib import get_close_matches

    from arcdiag.knowledge.codes import asked_as, parse_code

    codes = parse_code(what)
    if len(codes) == 1 and codes[0][0] == "azcm":
        number = int(codes[0][1][4:])
        known = (code for family, code in rules.codes if family == "azcm")
        return sorted(sorted(known, key=lambda code: abs(int(code[4:]) - number))[:2])
    names = {name.lower(): name for name in (*rules.causes, *rules.signals)}
    names |= {asked_as(rule).lower(): asked_as(rule) for rule in rules.codes.values()}
    return [names[name] for name in get_close_matches(what.lower()[:100], names, n=3, cutoff=0.7)]
