"""What to do about a cause on this machine: commands that this OS and this agent have, filled in where that is safe."""

from __future__ import annotations

import re
from collections.abc import Mapping

from arcdiag.diagnose.candidate import Candidate, Machine
from arcdiag.knowledge.pattern import is_strict
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.version import in_range, parse_version
from arcdiag.model.diagnosis import Fix
from arcdiag.model.message import Msg
from arcdiag.model.subject import SubjectKind

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}\Z")
_PLACE = re.compile(r"<([a-z][a-z-]{1,40})>")
_FIELD = re.compile(r"(?<!%)\{([a-z][a-z0-9_]*)\}")


def captures_of(candidate: Candidate) -> dict[str, str]:
    """All captures of its evidence, the deciding line's first; `subject` names up to three subjects."""
    found: dict[str, str] = {}
    for occurrence in sorted(candidate.occurrences, key=lambda o: (not o.strong, -o.group.rank)):
        for name, value in occurrence.group.captures:
            found.setdefault(name, value)
    first = next((s.id for s in candidate.subjects if s.kind is SubjectKind.ENDPOINT), None)
    if first:
        found.setdefault("host", first)
    names = [s.id for s in candidate.subjects]
    if names:
        found["subject"] = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return found


def fixes(rules: RuleSet, candidate: Candidate, machine: Machine) -> tuple[Fix, ...]:
    """The fixes in order. Of an unknown OS both kinds are kept; commands that the agent's version lacks go."""
    captures = captures_of(candidate)
    safe = safe_captures(rules, candidate)
    made = []
    version = parse_version(machine.agent_version)
    for number, fix in enumerate(candidate.cause.rule.fix):
        if fix.os != "any" and machine.os in ("windows", "linux") and fix.os != machine.os:
            continue
        if fix.agent and version and not in_range(version, fix.agent):
            continue
        text = Msg.of(f"cause.{candidate.id}.fix.{number}", **captures)
        made.append(Fix(text, filled(fix.run, safe, machine), fix.os, fix.who))
    return tuple(made)


def filled(command: str | None, safe: Mapping[str, str], machine: Machine) -> str | None:
    """A command with `{name}` filled in, `<name>` where the value is unknown or of no strict type.

    Placeholders of the machine's own identity (`<tenant-id>`) are filled too, where it is known.
    """
    if command is None:
        return None
    text = _FIELD.sub(lambda m: safe.get(m[1], f"<{m[1]}>"), command)
    return _PLACE.sub(lambda m: _own_name(m, machine), text)


def _own_name(match: re.Match[str], machine: Machine) -> str:
    value = machine.names.get(match[1], "")
    return value if _SAFE.match(value) else match[0]


def safe_captures(rules: RuleSet, candidate: Candidate) -> dict[str, str]:
    """The captures that may enter a command: of strict types, and harmless as they stand; and the endpoint's host."""
    captures = captures_of(candidate)
    about = next((s.id for s in candidate.subjects if s.kind is SubjectKind.ENDPOINT), None)
    strict = {"host"} if about is not None and captures.get("host") == about else set()
    types: dict[str, set[str]] = {}
    for occurrence in candidate.occurrences:
        if occurrence.group.signal in rules.signals:
            for pattern in rules.signals[occurrence.group.signal].patterns:
                for name, type_ in pattern.captures:
                    types.setdefault(name, set()).add(type_)
    # Patterns of one signal may capture the same name as different types; what was captured tells which it is.
    strict |= {name for name, value in captures.items() if is_strict(value, types.get(name, ()))}
    return {name: value for name, value in captures.items() if name in strict and _SAFE.match(value)}
