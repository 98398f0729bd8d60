"""As many rules as wanted that nothing matches: the shipped signals with other words, so that they cost what rules do."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.own_checks import MAX_STEPS
from arcdiag.knowledge.pattern import compile_pattern
from arcdiag.knowledge.regex_steps import steps

_WORD = re.compile(r"\{\w*:\w+\}|[A-Za-z]{4,}")
_SYLLABLES = ("ba", "ke", "lo", "mi", "nu", "ra", "se", "to", "vi", "zu", "dar", "fen", "gil", "hop", "jun", "tex")


def write_rules(folder: Path, count: int) -> None:
    """Write `count` signal rules into rule files of `folder`, to be used beside the shipped ones."""
    folder.mkdir(parents=True, exist_ok=True)
    made = _rules()
    for number in range(0, count, 100):
        rules = [next(made) for _ in range(min(100, count - number))]
        (folder / f"made-{number:05}.yaml").write_text("".join(f"- {json.dumps(rule)}\n" for rule in rules))


def _rules() -> Iterator[dict[str, object]]:
    shipped = {rule.rule.signal: rule.rule.text for rule in load_rules().signals.values()}
    turn = 0
    while True:
        turn += 1
        for signal, texts in shipped.items():
            other = partial(_other, turn)
            changed = _quick(dict.fromkeys(_WORD.sub(other, text) for text in texts))
            if changed:
                samples = {"match": [{"line": "made up"}], "no_match": [{"line": "quiet", "why": "says nothing"}]}
                name = f"made{turn}.{signal.replace('.', '-')}"
                yield {"signal": name, "text": changed, "says": "A rule that was made up.", "samples": samples}


def _quick(texts: Iterable[str]) -> list[str]:
    """Those that a person's own rules may hold."""
    return [text for text in texts if steps(compile_pattern(text).regex_source) <= MAX_STEPS]


def _other(turn: int, found: re.Match[str]) -> str:
    """A word that no log holds, of about the same length; captures stay."""
    word = found[0]
    if word.startswith("{"):
        return word
    digest = hashlib.sha256(f"{turn} {word.lower()}".encode()).digest()
    made = "".join(_SYLLABLES[byte % len(_SYLLABLES)] for byte in digest)
    return "q" + made[: len(word)]
