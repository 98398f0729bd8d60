"""What rules say of each other: every reference leads somewhere, and `explains` has no circle."""

from __future__ import annotations

from collections.abc import Iterator

from arcdiag.knowledge.entry import LISTS, Entry
from arcdiag.knowledge.rule_set import CompiledCause, RuleSet
from arcdiag.knowledge.sources import RuleFileError


def check_references(rules: RuleSet) -> None:
    """Raises RuleFileError for the first reference that leads nowhere."""
    for cause in rules.causes.values():
        for field, kind, id_ in _cause_references(cause):
            if not _exists(rules, kind, id_):
                raise RuleFileError(cause.file, None, f"{cause.rule.cause}.{field}", f"no {kind} has the id {id_!r}")
    for signal in rules.signals.values():
        for name in ("fails", "step"):
            step: str | None = getattr(signal.rule, name)
            if step is not None and step not in rules.steps:
                raise RuleFileError(signal.file, None, f"{signal.rule.signal}.{name}", f"no step has the id {step!r}")
    for code in rules.codes.values():
        wanted = [*code.behind, *code.causes_by_os.values(), *([code.cause] if code.cause else [])]
        for id_ in wanted:
            if id_ not in rules.causes:
                raise RuleFileError("codes", None, code.code, f"no cause has the id {id_!r}")
        if code.names == "cause" and not (code.cause or code.causes_by_os):
            raise RuleFileError("codes", None, code.code, "a code that names a cause has 'cause' or 'causes_by_os'")
    _check_circles(rules)


def _exists(rules: RuleSet, kind: str, id_: str) -> bool:
    if kind == "signal":
        return id_ in rules.signals
    if kind == "code":
        return any(code == id_ for _, code in rules.codes)
    return id_ in {"cause": rules.causes, "step": rules.steps}[kind]


def _cause_references(cause: CompiledCause) -> Iterator[tuple[str, str, str]]:
    for name in LISTS:
        for entry in getattr(cause, name):
            for part in _flat(entry):
                if part.kind in ("signal", "code"):
                    yield name, part.kind, part.id
                yield from ((name, "step", step) for key, steps in part.where if key == "step" for step in steps)
    yield from (("breaks", "step", step) for step in cause.rule.breaks)
    if cause.rule.symptom_of:
        yield ("symptom_of", "step", cause.rule.symptom_of)
    yield from (("explains", "cause", id_) for id_ in cause.rule.explains)
    yield from (("look_alikes", "cause", id_) for id_ in cause.rule.look_alikes)


def _flat(entry: Entry) -> tuple[Entry, ...]:
    return entry.parts if entry.compound else (entry,)


def _check_circles(rules: RuleSet) -> None:
    done: set[str] = set()

    def visit(id_: str, path: tuple[str, ...]) -> None:
        if id_ in path:
            circle = " > ".join((*path[path.index(id_) :], id_))
            raise RuleFileError(rules.causes[id_].file, None, "explains", f"goes in a circle: {circle}")
        if id_ not in done:
            for next_id in rules.causes[id_].rule.explains:
                visit(next_id, (*path, id_))
            done.add(id_)

    for id_ in rules.causes:
        visit(id_, ())
