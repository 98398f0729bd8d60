"""What is asked of a person's own rules beyond their shapes: patterns that stay quick, and a set that is whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from arcdiag.knowledge.compile import line_of
from arcdiag.knowledge.pattern import compile_pattern, compile_regex
from arcdiag.knowledge.regex_steps import steps, steps_in
from arcdiag.knowledge.rule_set import RuleSet, RuleSetBuilder
from arcdiag.knowledge.sources import RuleFileError, RuleItem

MAX_STEPS = 1_000_000_000
"""Python's engine takes seconds to a minute for so many; what people write has a tenth of it or less."""
MAX_STEPS_OF_REGEX = 2_000_000_000
"""Of a regular expression on a whole record, from all of its places: a few seconds."""
_RECORD = 64 * 1024
_MARKS = ("text", "begin", "ok", "failed", "end", "alive", *RuleSetBuilder.RUN_MARKS)
_WHOLE = ("texts", "limits", "run_marks", "steps", "groups", "endpoints")
_SHOWN = 3


def known_patterns(rules: RuleSet) -> frozenset[str]:
    """The sources of all patterns of these rules."""
    signals = (pattern for signal in rules.signals.values() for pattern in signal.patterns)
    steps = (p for s in rules.steps.values() for p in (*s.begin, *s.ok, *s.failed, *s.end, *s.alive))
    runs = (pattern for marks in rules.run_marks.values() for pattern in marks)
    return frozenset(pattern.source for part in (signals, steps, runs) for pattern in part)


def refuse_slow(item: RuleItem, text: str, known: frozenset[str]) -> None:
    """Raises RuleFileError for a pattern of a sound rule that a hostile log could keep busy; `known` ones may stay."""
    for key, index, source in _sources(item):
        if source in known:
            continue
        pattern = compile_regex(source, item.data["anchor"]) if key == "regex" else compile_pattern(source)
        of_regex = steps_in(source, _RECORD) if key == "regex" else 0
        if steps(pattern.regex_source) > MAX_STEPS or of_regex > MAX_STEPS_OF_REGEX:
            expected = "too many repeats that can hold the same letters, so that a long line could take minutes: "
            expected += "shorten it, or put words between its captures"
            raise RuleFileError(item.file, line_of(text, item.index, (key, index)), f"{key}[{index}]", expected)


def _sources(item: RuleItem) -> Iterator[tuple[str, int, str]]:
    if isinstance(item.data, dict) and item.data.keys() & {"signal", "step", "runs"}:
        for key in (*_MARKS, "regex"):
            yield from ((key, index, source) for index, source in enumerate(item.data.get(key) or ()))


def with_line(error: RuleFileError, items: Iterable[tuple[RuleItem, str]]) -> RuleFileError:
    """The same error with file and line, if it is about a rule among `items`: its field begins with that rule's id."""
    for item, text in items:
        id_ = next((str(item.data[key]) for key in ("cause", "signal", "code") if key in item.data), None)
        if error.line is None and id_ and error.field and (error.field + ".").startswith(f"{id_}."):
            steps = tuple(step for step in (error.field[len(id_) + 1 :],) if step)
            return RuleFileError(item.file, line_of(text, item.index, steps), error.field, error.expected)
    return error


def refuse_gaps(rules: RuleSet, shipped: RuleSet, name: str) -> None:
    """Raises RuleFileError if rules that are to replace the shipped ones lack what the program itself asks for."""
    for table in _WHOLE:
        lacks = [key for key in getattr(shipped, table) if key not in getattr(rules, table)]
        if lacks:
            shown = ", ".join(lacks[:_SHOWN]) + (f" and {len(lacks) - _SHOWN} more" if len(lacks) > _SHOWN else "")
            expected = f"rules that replace the built-in ones need every one of their {table}; missing: {shown}"
            raise RuleFileError(name, None, table, f"{expected}. Did you mean a pack that extends them?")
