"""One rule from plain data to a typed and compiled one; errors name file, line, field and what is expected."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from arcdiag.knowledge.data_types import FactRule
from arcdiag.knowledge.entry import LISTS, parse_entry
from arcdiag.knowledge.matching import Pattern
from arcdiag.knowledge.pattern import PatternError, compile_pattern, compile_regex
from arcdiag.knowledge.rule_set import CompiledCause, CompiledFact, CompiledSignal, CompiledStep, RuleSetBuilder
from arcdiag.knowledge.rule_types import KINDS, CauseRule, RunRule, SignalRule, StepRule
from arcdiag.knowledge.sources import RuleFileError, RuleItem
from arcdiag.knowledge.version import parse_range

_PATH = re.compile(r"^(?P<text>.*?)(?: - at (?:key in )?`\$(?P<path>[^`]*)`)?$", re.DOTALL)


def add_item(builder: RuleSetBuilder, item: RuleItem, text: str, replace: bool = False) -> None:
    """Type, compile and check one item of a rule file whose whole text is `text`, and add it.

    What it says of other rules is checked by `builder.build`. Raises RuleFileError.
    """
    try:
        _compile_into(builder, _typed(item), item.file, replace)
    except _InvalidError as error:
        raise RuleFileError(item.file, line_of(text, item.index, error.path), error.field, error.expected) from None


class _InvalidError(ValueError):
    """`path`: keys and indexes into the item."""

    def __init__(self, path: tuple[str | int, ...], expected: str) -> None:
        super().__init__(expected)
        self.path, self.expected = path, expected

    @property
    def field(self) -> str | None:
        words = [f"[{p}]" if isinstance(p, int) else f".{p}" for p in self.path]
        return "".join(words).lstrip(".") or None


def _typed(item: RuleItem) -> msgspec.Struct:
    if not isinstance(item.data, dict):
        raise _InvalidError((), "a rule is a mapping with one of the keys " + ", ".join(KINDS))
    kind = next((key for key in item.data if key in KINDS), None)
    if kind is None:
        first = next(iter(item.data), "")
        raise _InvalidError(
            (), f"unknown kind of rule {first!r}{_did_you_mean(str(first), KINDS)}; one of {', '.join(KINDS)}"
        )
    try:
        return msgspec.convert(item.data, KINDS[kind], strict=True)
    except msgspec.ValidationError as error:
        match = _PATH.match(str(error))
        text, path = (match["text"], match["path"] or "") if match else (str(error), "")
        unknown = re.search(r"contains unknown field `([^`]+)`", text)
        steps = _steps(path)
        if unknown:
            known = _fields_at(KINDS[kind], steps)
            steps = (*steps, unknown[1])
            text = f"unknown field{_did_you_mean(unknown[1], known)}; one of {', '.join(known)}"
        raise _InvalidError(steps, text[:1].lower() + text[1:]) from None


def _steps(path: str) -> tuple[str | int, ...]:
    found = re.findall(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]", path)
    return tuple(name or (int(index) if index.isdigit() else index) for name, index in found)


def _fields_at(struct: Any, steps: tuple[str | int, ...]) -> list[str]:
    """Field names of the structure at `steps`; those of the last structure on the way where it cannot be told."""
    current = struct
    for step in steps:
        if isinstance(step, str) and step in current.__struct_fields__:
            field = next(f for f in msgspec.structs.fields(current) if f.name == step)
            current = next(_structs_in(field.type), current)
    return list(current.__struct_fields__)


def _structs_in(type_: Any) -> Iterator[Any]:
    if hasattr(type_, "__struct_fields__"):
        yield type_
    for part in getattr(type_, "__args__", ()):
        yield from _structs_in(part)


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def line_of(text: str, index: int, steps: tuple[str | int, ...]) -> int | None:
    """The line of a place in a YAML file; the nearest parent's if the place itself is not there."""
    import yaml

    # The loader in Python takes a minute for what the one in C reads in half a second.
    node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if isinstance(node, yaml.SequenceNode) and index < len(node.value):
        node = node.value[index]
    line = node.start_mark.line if node else None
    for step in steps:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return None if line is None else line + 1


def _compile_into(builder: RuleSetBuilder, rule: msgspec.Struct, file: str, replace: bool) -> None:
    compiled: object = rule
    match rule:
        case SignalRule():
            compiled = CompiledSignal(rule, _signal_patterns(rule), file)
        case StepRule():
            marks = {m: _patterns(getattr(rule, m), (m,)) for m in ("begin", "ok", "failed", "end", "alive")}
            compiled = CompiledStep(rule, **marks)
        case CauseRule():
            compiled = _cause(rule, file)
        case FactRule():
            compiled = _fact(rule)
        case RunRule():
            marks = {m: _patterns(getattr(rule, m), (m,)) for m in builder.RUN_MARKS}
            compiled = marks
    try:
        builder.add(rule, compiled, file, replace)
    except ValueError as error:
        raise _InvalidError((), str(error)) from None


def _patterns(texts: Iterable[str], where: tuple[str | int, ...]) -> tuple[Pattern, ...]:
    found = []
    for index, text in enumerate(texts):
        try:
            found.append(compile_pattern(text))
        except PatternError as error:
            raise _InvalidError((*where, index), str(error)) from None
    return tuple(found)


def _signal_patterns(rule: SignalRule) -> tuple[Pattern, ...]:
    patterns = _patterns(rule.text, ("text",))
    for index, source in enumerate(rule.regex):
        try:
            patterns += (compile_regex(source, rule.anchor or ""),)
        except PatternError as error:
            raise _InvalidError(("regex", index), str(error)) from None
    if not patterns:
        raise _InvalidError(("text",), "at least one pattern in 'text' or 'regex'")
    captures = {name for pattern in patterns for name, _ in pattern.captures}
    if rule.subject not in captures | {"machine", "endpoint"}:
        raise _InvalidError(
            ("subject",),
            f"'machine', 'endpoint' or a capture of the patterns ({', '.join(sorted(captures))})",
        )
    if not rule.samples.match or not rule.samples.no_match:
        raise _InvalidError(("samples",), "samples of both kinds: match and no_match")
    return patterns


def _cause(rule: CauseRule, file: str) -> CompiledCause:
    lists = {}
    for name in LISTS:
        entries = []
        for index, data in enumerate(getattr(rule, name)):
            try:
                entries.append(parse_entry(data))
            except ValueError as error:
                raise _InvalidError((name, index), str(error)) from None
        lists[name] = tuple(entries)
    for index, fix in enumerate(rule.fix):
        _check_range(fix.agent, ("fix", index, "agent"))
    _check_range(rule.applies.agent, ("applies", "agent"))
    return CompiledCause(rule=rule, file=file, **lists)


def _fact(rule: FactRule) -> CompiledFact:
    forms = []
    for index, form in enumerate(rule.forms):
        try:
            forms.append(parse_entry({"fact": rule.fact, **form.when}))
        except ValueError as error:
            raise _InvalidError(("forms", index, "when"), str(error)) from None
    return CompiledFact(rule, tuple(forms))


def _check_range(text: str | None, where: tuple[str | int, ...]) -> None:
    if text is not None:
        try:
            parse_range(text)
        except ValueError as error:
            raise _InvalidError(where, str(error)) from None
