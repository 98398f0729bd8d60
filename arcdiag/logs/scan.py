"""The one place where text is searched: records in, hits out.

All patterns' anchors are found in one pass by an automaton; a pattern runs only where its anchor stands. Rules and
diagnosis see only hits, so another scanner (over blocks of bytes) can take this one's place.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial

from arcdiag.knowledge.endpoints import role_of
from arcdiag.knowledge.matching import Pattern, captured
from arcdiag.knowledge.rule_set import CompiledSignal, RuleSet
from arcdiag.knowledge.subjects import subject_of
from arcdiag.logs.finder import finder_of
from arcdiag.logs.forms import FORMS, LineForm
from arcdiag.logs.grammar import asked_host, asked_service
from arcdiag.logs.growing import SharedFinder
from arcdiag.logs.nearby import CONTEXT_CHARS, CONTEXT_LINES
from arcdiag.logs.needles import needed, needles_of, numbers_of, signs_of, written
from arcdiag.logs.regions import Regions
from arcdiag.model.around import ALONE, Around, Surroundings
from arcdiag.model.record import Record
from arcdiag.model.subject import Subject, SubjectKind

_CODES = re.compile(r"(?<![A-Za-z0-9])(AZCM\d{4}|AADSTS\d{4,8})(?!\d)", re.IGNORECASE)
_WRAPPED = re.compile(
    r"(?<!installing )(?<!_)azcmagent(?:\.exe)?\b(?:(?!scriptlet|package|rpm).){0,200}?"
    r"\b(?:exit ?code|exited with(?: code| status)?)[\s:=]{0,4}(\d{1,3})\b",
    re.IGNORECASE,
)
_ROUTINE_MARKS = frozenset({"begin", "ok", "end"})
_CODE_ANCHORS = ("azcm", "aadsts")


@dataclass(frozen=True, slots=True)
class Match:
    """A signal rule that matches: `span` are offsets into the record's text."""

    signal: str
    captures: tuple[tuple[str, str], ...]
    span: tuple[int, int]
    subject: Subject | None
    role: str | None

    @property
    def named(self) -> dict[str, str]:
        """The captures as a dict."""
        return dict(self.captures)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of a step (`connect.ok`) or of a run (`run.command`)."""

    id: str
    captures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that says something. Error records are hits even where nothing matches.

    `again`: so many more times the same few records stood before this one, in the same order, and are not handed out.
    """

    record: Record
    matches: tuple[Match, ...]
    marks: tuple[Mark, ...]
    codes: tuple[str, ...]
    around: Surroundings = ALONE
    again: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the last command at a prompt asked: a host, a service; None where it names none."""

    host: str | None = None
    service: str | None = None


NOTHING_ASKED = Asked()


@dataclass(frozen=True, slots=True)
class _Owned:
    pattern: Pattern
    signal: CompiledSignal | None
    mark: str


class Scanner:
    """Compiled once per rule set; `scan` may run for many files."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules
        self._owned = list(_all_patterns(rules))
        by_anchor: dict[str, list[int]] = {}
        for index, owned in enumerate(self._owned):
            for anchor in owned.pattern.anchors:
                by_anchor.setdefault(anchor, []).append(index)
        self._anchors = [*by_anchor, *(a for a in _CODE_ANCHORS if a not in by_anchor)]
        self._owners = [tuple(by_anchor.get(anchor, ())) for anchor in self._anchors]
        self._finder = finder_of([anchor.encode() for anchor in self._anchors])
        self._regions: dict[tuple[str, bytes], Regions] = {}
        self._role = lru_cache(maxsize=4096)(lambda host: role_of(rules, host))

    def scan(self, records: Iterable[Record], kind: str, asked: Asked = NOTHING_ASKED) -> Iterator[Hit]:
        """Hits in order. `kind` is the file kind, for rules that depend on it; `asked` what a prompt before asked."""
        before: deque[str] = deque(maxlen=CONTEXT_LINES)
        waiting: deque[tuple[Hit, list[str]]] = deque()
        for record in records:
            excerpt = record.text[:CONTEXT_CHARS]
            while waiting and len(waiting[0][1]) >= CONTEXT_LINES:
                yield _with_after(waiting.popleft())
            for _, after in waiting:
                if len(after) < CONTEXT_LINES:
                    after.append(excerpt)
            hit, asked = self.follow(record, kind, asked)
            if hit:
                waiting.append((replace(hit, around=Around(tuple(before))), []))
            before.append(excerpt)
        while waiting:
            yield _with_after(waiting.popleft())

    def follow(self, record: Record, kind: str, asked: Asked) -> tuple[Hit | None, Asked]:
        """What a record says behind a prompt that `asked`, and what is asked from here on."""
        host = asked_host(record.text) if record.form == "plain" else None
        if host is None:
            return self.examine(record, kind, asked), asked
        now = Asked(host or None, asked_service(record.text) or None)
        # A command with its answer below it is one record.
        found = self.examine(record, kind, now if "\n" in record.text else asked)
        return _prompted(found or Hit(record, (), (), ())), now

    def regions(self, kind: str, form: LineForm) -> Regions:
        """What finds the records of this form in files of this kind; made once."""
        key = (kind, form.start)
        if key not in self._regions:
            anchors = self.anchors_for(kind, form.name)
            numbers = partial(numbers_of, anchors, form)
            self._regions[key] = Regions(self._all_needles, needles_of(anchors, form), numbers, form)
        return self._regions[key]

    @cached_property
    def _all_needles(self) -> SharedFinder:
        """One automaton for all kinds and forms: their needles are the same but for a few."""
        unscoped = [_is_unscoped(owned) for owned in self._owned]
        everywhere = frozenset.intersection(*(frozenset(signs_of(form)) for form in FORMS)).union(
            needle
            for anchor, owners in zip(self._anchors, self._owners, strict=True)
            if any(unscoped[index] for index in owners)
            for needle in written(anchor)
        )
        needles = (needle for anchor in self._anchors for needle in written(anchor))
        return SharedFinder(needed((*needles, *(sign for form in FORMS for sign in signs_of(form))), everywhere))

    def is_routine(self, marks: Iterable[Mark]) -> bool:
        """Whether these are marks of one step that comes again and again, and of nothing else."""
        parts = {mark.id.partition(".")[::2] for mark in marks}
        step = self._rules.steps.get(next(iter(parts))[0]) if len({step for step, _ in parts}) == 1 else None
        return step is not None and step.rule.routine and all(mark in _ROUTINE_MARKS for _, mark in parts)

    def ignores_digits(self, text: str) -> bool:
        """Whether a record would say the same, which is nothing or bare marks, with other digits in its text."""
        candidates = self._candidates(text)
        return -1 not in candidates and all(
            owned.pattern.is_deaf_to_digits(text) and not (owned.signal and owned.pattern.regex.search(text))
            for owned in (self._owned[index] for index in candidates)
        )

    def anchors_for(self, kind: str, form: str) -> list[str]:
        """The anchors of all that can match records of this form in files of this kind."""
        fits = [
            owned.signal is None
            or all(
                value in owned.signal.rule.only.get(key, (value,)) for key, value in (("kind", kind), ("form", form))
            )
            for owned in self._owned
        ]
        return [
            anchor
            for anchor, owners in zip(self._anchors, self._owners, strict=True)
            if any(fits[index] for index in owners)
        ]

    def examine(self, record: Record, kind: str = "text", asked: Asked = NOTHING_ASKED) -> Hit | None:
        """What one record says; None if nothing and it is no error.

        `asked`: what the command of a console asked, for output that does not name it.
        """
        text = record.text
        candidates = self._candidates(text)
        matches: list[Match] = []
        marks: list[Mark] = []
        for index in sorted(candidates):
            owned = self._owned[index]
            if owned.signal is not None:
                matches += self._matches(owned.signal, owned.pattern, record, kind, asked)
            else:
                found = owned.pattern.regex.search(text)
                if found:
                    marks.append(Mark(owned.mark, tuple(captured(found).items())))
        codes = _codes(text) if -1 in candidates else ()
        if not (matches or marks or codes or record.level.is_error):
            return None
        return Hit(record, self._longest(matches), tuple(marks), codes)

    def _candidates(self, text: str) -> set[int]:
        squeezed = " ".join(text.split()).lower().encode("utf-8", "replace")
        found: set[int] = set()
        for number in {number for number, _, _ in self._finder.find(squeezed)}:
            found.update(self._owners[number])
            if self._anchors[number] in _CODE_ANCHORS:
                found.add(-1)
        return found

    def _matches(
        self, signal: CompiledSignal, pattern: Pattern, record: Record, kind: str, asked: Asked
    ) -> Iterator[Match]:
        rule = signal.rule
        for found in pattern.regex.finditer(record.text):
            captures = captured(found)
            subject = subject_of(rule.subject, captures, record.text, found.start())
            if subject is None and rule.subject == "endpoint" and asked.host and record.form == "plain":
                subject = Subject.endpoint(asked.host)
            role = self._role(subject.id) if subject and subject.kind is SubjectKind.ENDPOINT else None
            values = {**captures, "role": role, "kind": kind, "level": record.level.value, "form": record.form}
            values["asked"] = asked.service
            if subject is not None:
                values["subject"] = subject.id
            if _fits(rule.only, values, True) and not _fits(rule.unless, values, False):
                yield Match(rule.signal, tuple(captures.items()), found.span(), subject, role)

    def _longest(self, matches: list[Match]) -> tuple[Match, ...]:
        """Longest first: what lies inside a longer match of another rule is hidden; noise hides and goes."""
        kept: list[Match] = []
        for match in sorted(matches, key=lambda m: (m.span[0] - m.span[1], m.span, m.signal)):
            start, end = match.span
            inside = [k for k in kept if k.span[0] <= start and end <= k.span[1]]
            if any(k.span != match.span or k.signal == match.signal for k in inside):
                continue
            kept.append(match)
        shown = [m for m in kept if not self._rules.signals[m.signal].rule.noise]
        return tuple(sorted(shown, key=lambda m: (m.span, m.signal)))


def scanner_of(rules: RuleSet) -> Scanner:
    """The scanner of a rule set; made once, however many cases are read."""
    found = rules.made.get(Scanner)
    if not isinstance(found, Scanner):
        found = rules.made[Scanner] = Scanner(rules)
    return found


def _is_unscoped(owned: _Owned) -> bool:
    return owned.signal is None or not owned.signal.rule.only.keys() & {"kind", "form"}


def _all_patterns(rules: RuleSet) -> Iterator[_Owned]:
    for signal in rules.signals.values():
        for pattern in signal.patterns:
            yield _Owned(pattern, signal, "")
    for id_, step in rules.steps.items():
        for name in ("begin", "ok", "failed", "end", "alive"):
            for pattern in getattr(step, name):
                yield _Owned(pattern, None, f"{id_}.{name}")
    for name, patterns in rules.run_marks.items():
        for pattern in patterns:
            yield _Owned(pattern, None, f"run.{name}")


def _fits(wanted: dict[str, tuple[str, ...]], values: dict[str, str | None], all_of: bool) -> bool:
    """Whether all (or any) of the conditions hold; no condition: all hold, none holds."""
    results = [(values.get(key) or "none").lower() in {a.lower() for a in accepted} for key, accepted in wanted.items()]
    return all(results) if all_of else any(results)


def _codes(text: str) -> tuple[str, ...]:
    """Codes as printed, and bare exit codes of azcmagent in the words of a wrapper (`exitcode: 42`).

    The number of `error installing azcmagent (exit code: 100)` is the package manager's.
    """
    printed = [code.upper() for code in _CODES.findall(text)]
    wrapped = [f"AZCM{int(number):04}" for number in _WRAPPED.findall(text) if int(number)]
    return tuple(dict.fromkeys((*printed, *wrapped)))


def _prompted(hit: Hit) -> Hit:
    return replace(hit, marks=(*hit.marks, Mark("run.prompt")))


def _with_after(pair: tuple[Hit, list[str]]) -> Hit:
    hit, after = pair
    return replace(hit, around=Around(hit.around.before, tuple(after)))
