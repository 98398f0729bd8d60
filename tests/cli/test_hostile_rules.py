"""Rules of one's own that are made to take time or memory, through the real command: one line and no work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.case.archives import zip_of

ROOT = Path(__file__).parents[2]
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}
LONGEST = 120
"""Seconds after which a command counts as endless; none comes near."""


def regex(source: str) -> bytes:
    """A rule with one regular expression."""
    return (
        f"- signal: own.jam\n  regex: ['{source}']\n  anchor: own jam\n  says: It is jammed.\n"
        "  samples: {match: [{line: own jam of srv1}], no_match: [{line: no jam, why: It turns.}]}\n"
        "  status: experimental\n"
    ).encode()


def laughs(levels: int) -> bytes:
    """Each line holds the one before it ten times."""
    lines = ["a0: &a0 [lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines).encode()


BAD: dict[str, bytes] = {
    "laughs": laughs(12),
    "merges": b"- &x {a: 1}\n- {<<: [*x, *x, *x]}\n",
    "deep-flow": b"[" * 200_000,
    "deep-flow-closed": b"[" * 100_000 + b"]" * 100_000,
    "deep-maps": b'{"a": ' * 100_000,
    "deep-sequences": b"- " * 100_000 + b"x",
    "deep-keys": b"? " * 100_000 + b"x",
    "deep-indents": b"\n".join(b" " * depth + b"a:" for depth in range(3_000)),
    "many-anchors": b"".join(b"- &a%d x\n" % number for number in range(100_000)),
    "a-long-line": b"- signal: " + b"x" * 20_000_000,
    "a-date-that-is-none": b"- signal: own.x\n  since: 2026-13-45\n",
    "a-long-number": b"- signal: own.x\n  since: " + b"9" * 100_000,
    "objects": b"- !!python/object/apply:os.system ['touch /tmp/never']\n",
    "no-text": bytes(100_000),
    "a-zip": zip_of({"own.yaml": b"- " * 100_000}),
    "a-zip-bomb": zip_of({"pack.json": b" " * 50_000_000}),
    "regex-nested": regex("own jam (a+)+b"),
    "regex-bounded-nested": regex("own jam (?:a{0,50}){0,50}b"),
    "regex-alternatives": regex("own jam (?:a|a){0,60}b"),
    "regex-one-behind-the-other": regex(r"own jam \w{0,400}\w{0,400}\w{0,400}\w{0,400}!"),
    "regex-marked": regex(r"own jam [\w ]{0,300}a[\w ]{0,300}a[\w ]{0,300}a[\w ]{0,300}!"),
    "regex-endless": regex("own jam .*.*.*!"),
    "regex-backwards": regex(r"(own jam \w{1,400})(?:x|\1){0,60}!"),
    "regex-ahead": regex("own jam (?=(?:a{0,50}){0,50}b)c"),
}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, with a cap on its memory."""
    prefix = ["prlimit", f"--as={1 << 30}"] if sys.platform == "linux" else []
    command = [*prefix, sys.executable, "-m", "arcdiag", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False, env=ENV)


@pytest.mark.parametrize("name", BAD)
def test_one_line_and_exit_code_2(tmp_path: Path, name: str) -> None:
    rules, log = tmp_path / "own.yaml", tmp_path / "a.log"
    rules.write_bytes(BAD[name])
    log.write_text("own jam " + "a" * 60_000 + "\n")
    done = run("analyze", str(log), "--rules", str(rules))
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.startswith("arcdiag: ") and len(done.stderr.splitlines()) == 1 and len(done.stderr) < 2_000


def test_a_regex_with_bounds_ends(tmp_path: Path) -> None:
    rules, log = tmp_path / "own.yaml", tmp_path / "a.log"
    rules.write_bytes(regex("own jam of (?P<host>[a-z0-9-]{1,60}) .{0,200}!"))
    log.write_text("own jam of " + "a" * 60_000 + "\n" + "own jam of a " * 5_000 + "\n")
    done = run("analyze", str(log), "--rules", str(rules), "--json")
    assert done.returncode in (0, 3), done.stderr
    assert json.loads(done.stdout)["tool"]["name"] == "arcdiag"
