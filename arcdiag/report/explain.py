"""Sentences about a code, a cause or a message, without any case: what `arcdiag explain` shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from arcdiag.knowledge.codes import asked_as, meaning
from arcdiag.knowledge.entry import Entry
from arcdiag.knowledge.releases import released
from arcdiag.knowledge.role_groups import ROLE_KEYS, in_groups
from arcdiag.knowledge.rule_set import CompiledCause, RuleSet
from arcdiag.knowledge.rule_types import CodeRule, Meaning
from arcdiag.knowledge.version import in_range, parse_version
from arcdiag.model.message import Msg
from arcdiag.report.clean_text import clean_text
from arcdiag.report.words import Words, plain

LISTS = ("confirmed", "likely", "possible")
SHORT = 60
"""Longer conditions are not told beside a cause; `explain CAUSE` has them."""


class Named(Struct, frozen=True):
    """A cause by id and title. `why`: which list of it names the evidence, and under which condition; may be empty."""

    id: str
    title: str
    why: str = ""


class MeaningText(Struct, frozen=True):
    """A meaning with the months of the documentation (None: open, or not documented) and its system."""

    text: str
    documented: tuple[str | None, str | None]
    os: str


class CodeText(Struct, frozen=True):
    """All about a code. `asked`: the text that means it alone; `printed`: names and texts that stand beside it."""

    code: str
    family: str
    family_title: str
    asked: str
    exit: int | None
    meaning: MeaningText
    other_meanings: tuple[MeaningText, ...]
    chosen_because: str
    names: str
    proves: str
    causes: tuple[Named, ...]
    step: str | None
    printed: tuple[str, ...]
    behind: tuple[Named, ...]
    next: str | None


class FixText(Struct, frozen=True):
    """One thing to do, for whom; `agent`: the versions that have the command."""

    text: str
    command: str | None
    os: str
    who: str
    agent: str | None


class CauseText(Struct, frozen=True):
    """All about a cause. `evidence`: list name (confirmed, likely, possible, against) to sentences."""

    id: str
    title: str
    layer: str
    summary: str
    applies: str | None
    breaks: tuple[str, ...]
    evidence: Mapping[str, tuple[str, ...]]
    look_alikes: tuple[Named, ...]
    explains: tuple[Named, ...]
    codes: tuple[str, ...]
    fix: tuple[FixText, ...]
    verify: str | None
    false_positives: tuple[str, ...]
    references: tuple[str, ...]


class MatchText(Struct, frozen=True):
    """What a piece of a text means, and the causes whose lists name it."""

    signal: str
    says: str
    captures: Mapping[str, str]
    causes: tuple[Named, ...]
    against: tuple[Named, ...] = ()


class Explainer:
    """Words rules for one agent version and system; None for an unknown one, which shows everything."""

    def __init__(self, rules: RuleSet, words: Words, version: str | None = None, os: str | None = None) -> None:
        self._rules, self._words, self._version, self._os = rules, words, version, os
        self._month = released(rules, version)

    def code(self, rule: CodeRule, printed: str | None = None) -> CodeText:
        """A code; `printed` is the text it was found in, whose name beside the number may decide its meaning."""
        index, chosen = meaning(rule, self._month, self._os, printed)
        # A code whose meanings all belong to another system is shown as it is.
        shown = [self._meaning(rule, i) for i in range(len(rule.meanings))]
        return CodeText(
            code=rule.code,
            family=rule.family,
            family_title=self._words.say(f"explain.family.{rule.family}"),
            asked=asked_as(rule),
            exit=rule.exit,
            meaning=shown[index],
            other_meanings=tuple(m for i, m in enumerate(shown) if i != index),
            chosen_because=self._because(rule, chosen, printed),
            names=rule.names,
            proves=self._proves(rule),
            causes=self._causes_of(rule, chosen),
            step=rule.step,
            printed=rule.printed,
            behind=self._named(rule.behind),
            next=self._words.say(f"code.{rule.family}.{rule.code}.next") if rule.next else None,
        )

    def _meaning(self, rule: CodeRule, index: int) -> MeaningText:
        found = rule.meanings[index]
        text = self._words.say(f"code.{rule.family}.{rule.code}.meaning.{index}")
        return MeaningText(text, found.documented, found.os)

    def _because(self, rule: CodeRule, chosen: Meaning, printed: str | None) -> str:
        """How the meaning was chosen; empty where there was no choice."""
        if len(rule.meanings) == 1:
            return ""
        if printed and any(name.lower() in printed.lower() for name in chosen.printed):
            return self._words.say("explain.chosen.printed")
        said = []
        rivals = [m for m in rule.meanings if m is not chosen and m.os in (chosen.os, "any", self._os)]
        if any(m.documented != chosen.documented for m in rivals):
            if self._version is None:
                said.append(self._words.say("explain.chosen.newest"))
            elif self._month is None:
                said.append(self._words.say("explain.chosen.unknown_version", version=self._version))
            else:
                said.append(self._words.say("explain.chosen.version", version=self._version, month=self._month))
        if self._os is None and len({m.os for m in rule.meanings}) > 1:
            said.append(self._words.say("explain.chosen.os"))
        return " ".join(said)

    def _causes_of(self, rule: CodeRule, chosen: Meaning) -> tuple[Named, ...]:
        """The causes that the code names; of an unknown system, that of the chosen meaning first."""
        if rule.names != "cause":
            return ()
        if rule.cause:
            return self._named([rule.cause])
        systems = sorted(rule.causes_by_os, key=lambda os: (os != chosen.os, os))
        return tuple(
            Named(id_, self._title("cause", id_), self._words.say(f"report.os.{os}"))
            for os in systems
            if self._os in (None, os) and (id_ := rule.causes_by_os[os])
        )

    def _proves(self, rule: CodeRule) -> str:
        key = f"explain.names.{rule.names}"
        if rule.names == "step" and rule.step:
            return self._words.say(f"{key}.of", step=self._title("step", rule.step))
        return self._words.say(key)

    def _title(self, kind: str, id_: str) -> str:
        return plain(self._words.title(kind, id_))

    def _named(self, ids: Iterable[str]) -> tuple[Named, ...]:
        return tuple(Named(id_, self._title("cause", id_)) for id_ in ids)

    def cause(self, id_: str) -> CauseText:
        """A cause by its id. Raises KeyError for an unknown one."""
        cause, say, base = self._rules.causes[id_], self._words.say, f"cause.{id_}"
        rule = cause.rule
        return CauseText(
            id=id_,
            title=say(f"{base}.title"),
            layer=rule.layer,
            summary=say(f"{base}.summary"),
            applies=self._applies(cause),
            breaks=rule.breaks,
            evidence={name: tuple(self.entry(entry) for entry in getattr(cause, name)) for name in (*LISTS, "against")},
            look_alikes=tuple(
                Named(other, self._title("cause", other), say(f"{base}.look_alike.{other}"))
                for other in rule.look_alikes
            ),
            explains=self._named(rule.explains),
            codes=self._codes_of(id_),
            fix=tuple(self._fixes(cause)),
            verify=clean_text(rule.verify) if rule.verify else None,
            false_positives=tuple(say(f"{base}.false_positive.{i}") for i in range(len(rule.false_positives))),
            references=tuple(clean_text(text) for text in rule.references),
        )

    def _applies(self, cause: CompiledCause) -> str | None:
        limits, said = cause.rule.applies, []
        if limits.os != "any":
            said.append(self._words.say(f"report.os.{limits.os}"))
        if limits.agent:
            said.append(self._words.say("explain.applies.agent", versions=limits.agent))
        return ", ".join(said) or None

    def _codes_of(self, id_: str) -> tuple[str, ...]:
        """Codes that prove the cause by themselves."""
        rules = self._rules.codes.values()
        return tuple(asked_as(r) for r in rules if id_ in ({r.cause} | set(r.causes_by_os.values())))

    def _fixes(self, cause: CompiledCause) -> Iterator[FixText]:
        version = parse_version(self._version)
        for index, fix in enumerate(cause.rule.fix):
            if self._os and fix.os not in ("any", self._os):
                continue
            if fix.agent and version and not in_range(version, fix.agent):
                continue
            text = self._words.say(f"cause.{cause.rule.cause}.fix.{index}")
            command = clean_text(fix.run.replace("{", "<").replace("}", ">")) if fix.run else None
            yield FixText(text, command, fix.os, fix.who, fix.agent)

    def entry(self, entry: Entry) -> str:
        """An entry of a cause's list in words."""
        if entry.compound:
            return self._words.say("explain.and").join(self.entry(part) for part in entry.parts)
        told = {
            "signal": f"signal.{entry.id}.says",
            "fact": "explain.entry.fact",
            "code": "explain.entry.code",
        }[entry.kind]
        text = self._words.say(told, id=self._title(entry.kind, entry.id)).rstrip(".。")
        conditions = self._conditions(entry)
        return f"{text} ({conditions})" if conditions else text

    def _conditions(self, entry: Entry) -> str:
        return "; ".join(
            self._words.say("explain.entry.where", name=key, values=self._words.say("explain.or").join(shown))
            for key, values in entry.where
            for shown in [in_groups(values, self._rules.groups) if key in ROLE_KEYS else values]
        )

    def match(self, signal: str, captures: Mapping[str, str]) -> MatchText:
        """A signal that was found in a text, with what the text names."""
        supports, against = [], []
        for cause in self._rules.causes.values():
            for name in (*LISTS, "against"):
                entry = next((e for e in getattr(cause, name) if _mentions(e, signal)), None)
                if entry is None:
                    continue
                named = self._by_list(cause, name, entry)
                if name == "against":
                    against.append(named)
                else:
                    supports.append(((LISTS.index(name), entry.compound, -_weight(cause, signal)), named))
                    break
        supports.sort(key=lambda pair: pair[0])
        text = self._words.text(Msg(f"signal.{signal}.says", tuple(sorted(captures.items()))))
        cleaned = {name: clean_text(value) for name, value in captures.items()}
        return MatchText(signal, text, cleaned, tuple(named for _, named in supports), tuple(against))

    def _by_list(self, cause: CompiledCause, name: str, entry: Entry) -> Named:
        if name not in LISTS:
            return Named(cause.rule.cause, self._title("cause", cause.rule.cause), "")
        why = self._words.say(f"report.confidence.{name}")
        if entry.compound or entry.where:
            condition = self.entry(entry) if entry.compound else self._conditions(entry)
            key = "explain.only_if" if len(condition) <= SHORT else "explain.depends"
            why = self._words.say(key, why=why, condition=condition)
        return Named(cause.rule.cause, self._title("cause", cause.rule.cause), why)


def _weight(cause: CompiledCause, signal: str) -> int:
    """How much a cause is about a signal: the number of its entries that name it."""
    return sum(_mentions(entry, signal) for name in LISTS for entry in getattr(cause, name))


def _mentions(entry: Entry, signal: str) -> bool:
    return any(part.kind == "signal" and part.id == signal for part in (entry.parts or (entry,)))
