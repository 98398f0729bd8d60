"""Targets that read rules of a person's own: YAML, patterns, packs. Whatever is wrong with them is one line."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.pattern import PatternError, compile_pattern
from arcdiag.knowledge.sources import RuleFileError
from tests.case.archives import zip_of
from tests.fuzz.strategies import damaged, one_of_damaged
from tests.fuzz.target import Target

_RULES = """\
- signal: own.jam
  text:
    - "the frobnicator of {host:host} is jammed"
  subject: host
  says: The frobnicator of {host} does not turn.
  samples:
    match:
      - line: the frobnicator of srv1.example is jammed
        gives: {host: srv1.example}
    no_match:
      - line: the frobnicator turns
        why: It turns.
  status: experimental
"""
_LINES = (
    "- signal: own.x\n", "  level: error\n", '  text: ["{a:word} refused {b:any}"]\n', "  text: [a]\n", "- &a [*a, *a]\n",
    "- cause: own-y\n", "  confirmed: [own.x]\n", "  fix: [{text: x, command: y}]\n", "? x\n", "- !!python/object:os.system x\n",
    "  title: \\ud800\n", "<<: {a: b}\n", "- [[[[[[[[\n", "  meaning: 0x7fffffffffffffff\n", "  since: 2026-13-45\n", "\t\n", "%YAML 9.9\n---\n",
    "  text:\n    - \"(?<x>a+)+b{\"\n", "  regex: '(a|a)*$'\n", "  example: null\n", "--- !<x>\n", "- a: &x 1\n  b: *y\n",
)  # fmt: skip
_TOKENS = st.sampled_from(
    ("{", "}", "{host:host}", "{a:word}", "{any}", ":", "(", ")", "[", "]", "|", "*", "+", "?", "{2,}", "\\", "\\d", "(?:", "(?P<a>",
     "error", "refused ", ".", "^", "$", " ", "\u0130", "\x00")
)  # fmt: skip


def _rules(data: bytes) -> None:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / "own.yaml"
        path.write_bytes(data)
        _one_line(lambda: load_rules(path))


def _pack(data: bytes) -> None:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / "own.zip"
        path.write_bytes(data)
        _one_line(lambda: load_rules(path))


def _one_line(load: Callable[[], object]) -> None:
    try:
        load()
    except RuleFileError as error:
        assert error.exit_code == 2 and str(error) and len(str(error).splitlines()) == 1, str(error)


def _pattern(source: str) -> None:
    try:
        found = compile_pattern(source)
    except PatternError as error:
        assert str(error)
    else:
        assert isinstance(found.regex, re.Pattern)
        found.regex.search("the host srv1 refused " * 20)


@cache
def _good_pack() -> bytes:
    return zip_of({"pack.json": b'{"pack":"own","version":"1","mode":"extends","rules_format":1,"arcdiag":">=0","files":[]}',
                   "own.yaml": _RULES.encode()})  # fmt: skip


_yaml = st.lists(st.one_of(st.sampled_from(_LINES), st.text(max_size=12)), max_size=8).map(
    lambda parts: "".join(parts).encode("utf-8", "surrogatepass")
)
OF_RULES: dict[str, Target] = {
    "rules": Target(st.one_of(damaged(_RULES.encode), _yaml), _rules, examples=25),
    "pack": Target(one_of_damaged((_good_pack,)), _pack, examples=25),
    "pattern": Target(st.one_of(st.lists(_TOKENS, max_size=10).map("".join), st.text(max_size=30)), _pattern),
}
