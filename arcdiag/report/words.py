"""The one place that makes sentences: a key and its arguments become a text for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.message import Msg
from arcdiag.report.catalogue import catalogue
from arcdiag.report.clean_text import clean_text, encodable
from arcdiag.report.language import ENGLISH, Translation, translation, untranslated
from arcdiag.report.reasons import Reasons, is_inner, too_deep

_HARMLESS = re.compile("[A-Za-z][a-z]{0,19}(?: [A-Za-z][a-z]{0,19}){0,7}|[A-Z]{3,8}[0-9]{1,8}|[0-9]{1,4}(?:-[0-9]{2})?")
_NAMES_SECRET = re.compile(
    "[^\\x00-\\x7f]|pass|pw|secret|token|key|cred|auth|sig|sas|cookie|pin|login|hash", re.IGNORECASE
)
_BRACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence. `given`: it came in as an argument (evidence), not from the rules' own text."""

    text: str
    given: bool

    @property
    def is_value(self) -> bool:
        """Whether it should be set apart: given, and more than a plain number."""
        return self.given and not (len(self.text) <= 12 and self.text.isascii() and self.text.isdigit())


Parts = tuple[Part, ...]


def plain(parts: Iterable[Part]) -> str:
    """The pieces as one text."""
    return "".join(part.text for part in parts)


def _holds_no_secret(parts: Iterable[Part]) -> bool:
    """Whether no finder could take a part for a secret, so that none need be loaded: they take as long to load as all
    else that `explain` of a code needs.

    The rules' own words are public; words of letters and short codes are secrets only where something names them so.
    """
    given = [part.text for part in parts if part.given]
    return not given or (all(map(_HARMLESS.fullmatch, given)) and not _NAMES_SECRET.search(plain(parts)))


def _cleaned(parts: Sequence[Part]) -> str:
    return encodable(plain(parts)) if _holds_no_secret(parts) else clean_text(plain(parts))


class Words:
    """Words messages in one language.

    `translate` is the catalogue of `lang` (a BCP 47 tag). Everything that is returned is scrubbed of secrets.
    """

    def __init__(self, rules: RuleSet, translate: Translation = untranslated, lang: str = ENGLISH) -> None:
        self._texts = catalogue(rules)
        self._translate = translate
        self.lang = lang
        self._reasons: Reasons | None = None

    @classmethod
    def of(cls, rules: RuleSet, lang: str) -> Words:
        """With the shipped catalogue of a language. Raises InputError for one that is not there."""
        return cls(rules, translation(lang), lang)

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def text(self, msg: Msg) -> str:
        """The whole sentence. A missing argument reads `<name>`, an unknown key reads as itself in brackets."""
        return _cleaned(self._fill(msg))

    def parts(self, msg: Msg) -> Parts:
        """The sentence in pieces, so that a renderer can set arguments apart.

        One piece of unknown origin (`given`) where a secret spans several of them.
        """
        parts = tuple(self._fill(msg))
        if _holds_no_secret(parts):
            return tuple(Part(encodable(part.text), part.given) for part in parts)
        cleaned = tuple(Part(clean_text(part.text), part.given) for part in parts)
        whole = clean_text(plain(parts))
        return cleaned if plain(cleaned) == whole else (Part(whole, True),)

    def say(self, key: str, /, **args: object) -> str:
        """A sentence of a renderer; arguments of None are missing."""
        return self.text(Msg.of(key, **args))

    def reason(self, text: str, depth: int = 0) -> str:
        """A finished English sentence of a case, in this language if its form is known; else as it is."""
        if self.lang == ENGLISH or too_deep(depth):
            return text
        if self._reasons is None:
            self._reasons = Reasons(self._texts)
        read = self._reasons.read(text)
        if read is None:
            return text
        key, args = read
        return self.say(key, **{n: self.reason(v, depth + 1) if is_inner(n) else v for n, v in args.items()})

    def count(self, key: str, number: int, /, **args: object) -> str:
        """A sentence with a number `n`: the text `<key>.one` for 1, `<key>.many` else."""
        return self.say(f"{key}.{'one' if number == 1 else 'many'}", n=f"{number:,}", **args)

    def nested(self, key: str, /, **inner: Parts) -> Parts:
        """The text of `key` with finished sentences in its braces; these keep their own pieces."""
        parts: list[Part] = []
        for part in self._fill(Msg(key)):
            name = part.text[1:-1] if part.given else ""
            parts += inner.get(name, (part,))
        return tuple(parts)

    def title(self, kind: str, id_: str) -> Parts:
        """The title of a cause or step; its id where the rules do not know it."""
        key = f"{kind}.{id_}.title"
        return self.parts(Msg(key)) if key in self else (Part(clean_text(id_), True),)

    def _argument(self, name: str, value: str | None) -> Part:
        """Steps and causes stand by their titles, not their ids; a reason that a case gives, in this language."""
        key = f"{name}.{value}.title"
        title = self._texts.get(key) if name in ("step", "cause") else None
        if title is not None and "{" not in title:
            return Part(self._translate(key, title), False)
        if name == "reason" and value is not None:
            return Part(self.reason(value), True)
        return Part(value if value is not None else f"<{name}>", True)

    def _fill(self, msg: Msg) -> list[Part]:
        english = self._texts.get(msg.key)
        if english is None:
            return [Part(f"[{msg.key}]", True)]
        args, parts, end = msg.named, [], 0
        text = self._translate(msg.key, english)
        for brace in _BRACE.finditer(text):
            parts.append(Part(text[end : brace.start()], False))
            parts.append(self._argument(brace[1], args.get(brace[1])))
            end = brace.end()
        parts.append(Part(text[end:], False))
        return [part for part in parts if part.text]
