"""Style of rules beyond what must hold: what an author can do better. Here: causes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from arcdiag.knowledge.entry import LISTS, Entry
from arcdiag.knowledge.pattern import STRICT_TYPES
from arcdiag.knowledge.rule_set import CompiledCause, RuleSet

MAX_TITLE = 80
MAX_SUMMARY = 400
MAX_FIXES = 4
_BRACE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_LINUX = re.compile(
    r"(?:sudo|systemctl|journalctl|apt|apt-get|dnf|yum|zypper|dpkg|rpm|cat|ls|ip|ss|df|grep|chmod|chown)\b"
)
_WINDOWS = re.compile(
    r"(?:(?:Get|Set|Test|Resolve|Restart|Start|Stop|New|Remove)-[A-Z]|(?:reg|sc|netsh|gpupdate|gpresult|msiexec|w32tm)\b)"
)
_LOG_LISTS = ("confirmed", "likely", "possible")


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule`: the check's name; `id`: the signal or cause; `field`: its field; `text`: what is found and what to do."""

    rule: str
    id: str
    field: str
    text: str


CauseCheck = Callable[[RuleSet, CompiledCause], Iterator[tuple[str, str]]]


def cause_findings(rules: RuleSet, cause: CompiledCause) -> list[Finding]:
    """What could be better in a cause; [] if nothing."""
    found = ((name, part) for name, check in CAUSE_CHECKS.items() for part in check(rules, cause))
    return [Finding(name, cause.rule.cause, field, text) for name, (field, text) in found]


def todo_fields(data: object) -> Iterator[str]:
    """The fields of a rule, as plain data, that still hold the skeleton's TODO."""
    if isinstance(data, dict):
        yield from (str(key) for key, value in data.items() if "TODO" in str(value))


def _titles(rules: RuleSet, cause: CompiledCause) -> Iterator[tuple[str, str]]:
    title, summary = cause.rule.title, cause.rule.summary
    if title.endswith(".") or len(title) > MAX_TITLE:
        yield "title", f"make it a headline: no full stop, at most {MAX_TITLE} characters (now {len(title)})"
    if len(summary) > MAX_SUMMARY:
        yield "summary", f"shorten it to {MAX_SUMMARY} characters (now {len(summary)}): what is wrong, what follows"


def _fixes(rules: RuleSet, cause: CompiledCause) -> Iterator[tuple[str, str]]:
    for index, fix in enumerate(cause.rule.fix):
        command = fix.run or ""
        system = "linux" if _LINUX.match(command) else "windows" if _WINDOWS.match(command) else None
        if system and fix.os == "any" and cause.rule.applies.os == "any":
            yield f"fix[{index}]", f"the command works on {system} alone: add 'os: {system}'"
    if len(cause.rule.fix) > MAX_FIXES and len({fix.os for fix in cause.rule.fix}) == 1:
        yield "fix", f"keep the {MAX_FIXES} most useful steps (now {len(cause.rule.fix)})"


def _braces(rules: RuleSet, cause: CompiledCause) -> Iterator[tuple[str, str]]:
    """A command is filled only with captures of strict types; another brace is shown as <name>."""
    types: dict[str, set[str]] = {}
    for part in _parts(cause):
        for pattern in rules.signals[part.id].patterns if part.kind == "signal" and part.id in rules.signals else ():
            for name, type_ in pattern.captures:
                types.setdefault(name, set()).add(type_)
    kinds = ", ".join(sorted(STRICT_TYPES))
    for index, fix in enumerate(cause.rule.fix):
        for name in _BRACE.findall(fix.run or ""):
            # The host of an endpoint is known wherever the evidence is about one.
            if name != "host" and not types.get(name, set()) & STRICT_TYPES:
                reason = f"no signal of the cause captures it as {kinds}; write <{name}>"
                yield f"fix[{index}]", f"{{{name}}} is never filled: {reason}"


def _proof(rules: RuleSet, cause: CompiledCause) -> Iterator[tuple[str, str]]:
    if not cause.rule.verify:
        yield "verify", "add one command that shows that it is mended"
    if not cause.rule.references:
        yield "references", "add the page of learn.microsoft.com, or of another maker, that tells more"
    if (cause.likely or cause.confirmed) and not cause.rule.look_alikes and not cause.rule.last_resort:
        yield (
            "look_alikes",
            "name the cause that it is most easily taken for and how to tell: 'In that case ... Here ...'",
        )


def _facts(rules: RuleSet, cause: CompiledCause) -> Iterator[tuple[str, str]]:
    """A name that neither has words nor stands in another cause is most likely misspelt."""
    others = {part.id for other in rules.causes.values() if other is not cause for part in _parts(other)}
    for name in LISTS:
        for entry in getattr(cause, name):
            for part in entry.parts or (entry,):
                if part.kind == "fact" and part.id not in rules.facts and part.id not in others:
                    yield name, f"no fact is called {part.id!r}: rules/facts holds the names that there are"


def _parts(cause: CompiledCause) -> Iterator[Entry]:
    for name in LISTS:
        for entry in getattr(cause, name):
            yield from entry.parts or (entry,)


def _evidence(rules: RuleSet, cause: CompiledCause) -> Iterator[tuple[str, str]]:
    by_code = any(cause.rule.cause in (c.cause, *c.causes_by_os.values()) for c in rules.codes.values())
    if not any(getattr(cause, name) for name in _LOG_LISTS) and not by_code:
        yield "likely", "no evidence leads to it: name a signal, a fact or a code"


CAUSE_CHECKS: dict[str, CauseCheck] = {
    "headline": _titles,
    "fix-system": _fixes,
    "unfilled-command": _braces,
    "no-proof": _proof,
    "unknown-fact": _facts,
    "unreachable": _evidence,
}
"""Every check of a cause by the name that a finding shows; each yields fields and what to do about them."""
