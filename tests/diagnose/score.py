"""The score: every labelled case, expected and got, as a table. `python tests/diagnose/score.py [SET...]`."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Diagnosis, State, Verdict
from arcdiag.pipeline import analyze

CASES = Path(__file__).parent.parent / "cases"


@dataclass(frozen=True)
class Score:
    name: str
    expected: str
    got: tuple[str, ...]
    verdict: str
    first_right: bool
    also_right: bool


def labels(sets: tuple[str, ...] = ()) -> list[Path]:
    return sorted(p for p in CASES.glob("*/*/case.json") if not sets or p.parent.parent.name in sets)


def current(diagnosis: Diagnosis) -> tuple[str, ...]:
    return tuple(c.id for c in diagnosis.causes if c.state is State.CURRENT)


def judge(label: dict[str, Any], name: str, diagnosis: Diagnosis) -> Score:
    got = current(diagnosis)
    want = label["root_cause"]
    if want == "healthy":
        right = diagnosis.verdict.exit_code == 0 and not got
    elif want == "inconclusive":
        right = diagnosis.verdict is Verdict.INCONCLUSIVE and not got
    else:
        right = bool(got) and got[0] in {want, *label.get("also_accept", [])}
    also = set(label.get("also_present", [])) <= set(got)
    return Score(name, want, got, diagnosis.verdict.value, right, also)


def score(path: Path, rules: RuleSet) -> Score:
    label = json.loads(path.read_text(encoding="utf-8"))
    return judge(label, f"{path.parent.parent.name}/{path.parent.name}", analyze(path.parent / "evidence", rules))


def table(scores: list[Score]) -> str:
    lines = [f"{'case':<52} {'expected':<36} got"]
    for s in scores:
        mark = " " if s.first_right and s.also_right else ("-" if s.first_right else "X")
        lines.append(f"{mark} {s.name:<50} {s.expected:<36} {s.verdict}: {', '.join(s.got) or '-'}")
    right = sum(s.first_right for s in scores)
    lines.append(f"first cause right: {right} of {len(scores)}; also present: {sum(s.also_right for s in scores)}")
    return "\n".join(lines)


if __name__ == "__main__":
    shipped = load_rules()
    print(table([score(p, shipped) for p in labels(tuple(sys.argv[1:]))]))
