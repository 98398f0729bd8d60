"""Words in another language what collectors and readers wrote down in English as plain text.

A fact's `reason` is a finished English sentence, as it must stand in a case for good. The texts `reason.*` of the rules
are the forms of these sentences; a sentence of such a form is worded anew, any other stays as it is. The braces
`{reason}` and `{what}` of a form hold a sentence, or a name of a thing, that can have such a form itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PREFIX = "reason."
_INNER = ("what", "reason")
_BRACE = re.compile(r"\{([a-z_]+)\}")
_MOST = 1000
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class _Form:
    key: str
    pattern: re.Pattern[str]
    weight: int


class Reasons:
    """The forms of a set of texts."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        forms = [_form(key, text) for key, text in texts.items() if key.startswith(_PREFIX)]
        self._forms = sorted(forms, key=lambda form: (-form.weight, form.key))

    def read(self, text: str) -> tuple[str, dict[str, str]] | None:
        """Key and arguments of the form that fits with the most words of its own; None if none does."""
        if len(text) > _MOST:
            return None
        for form in self._forms:
            found = form.pattern.fullmatch(text)
            if found:
                return form.key, found.groupdict()
        return None


def _form(key: str, text: str) -> _Form:
    literals = _BRACE.split(text)[0::2]
    names = _BRACE.findall(text)
    source = re.escape(literals[0])
    for name, literal in zip(names, literals[1:], strict=True):
        source += f"(?P<{name}>.+?)" + re.escape(literal)
    return _Form(key, re.compile(source, re.DOTALL), sum(map(len, literals)))


def is_inner(name: str) -> bool:
    """Whether an argument of a form is a sentence of such a form itself."""
    return name in _INNER


def too_deep(depth: int) -> bool:
    """Whether forms within forms go deeper than any real one."""
    return depth >= _DEEPEST
