"""Runs rule files by themselves: `python tests/rules/tool.py FILE...` loads them with the shipped steps, checks the
samples of every signal and prints what fails. References to causes of other files are not looked at."""

from __future__ import annotations

import sys
from pathlib import Path

from arcdiag.knowledge.load import _add
from arcdiag.knowledge.rule_set import RuleSet, RuleSetBuilder
from arcdiag.knowledge.sources import RuleFileError, data_dir, read_file, rule_files
from arcdiag.logs.samples import sample_failures


def load(files: list[Path]) -> RuleSet:
    root = data_dir("rules")
    builder = RuleSetBuilder()
    for path in [root / "steps.yaml", *rule_files(root / "endpoints"), *files]:
        for item in read_file(path, str(path)):
            _add(builder, item, path, replace=True)
    return RuleSet(
        "test", builder.signals, builder.causes, builder.codes, builder.steps, builder.run_marks, builder.endpoints,
        builder.texts, builder.limits, builder.releases, builder.supported_months, builder.defects,
    )  # fmt: skip


if __name__ == "__main__":
    try:
        problems = sample_failures(load([Path(p) for p in sys.argv[1:]]))
    except RuleFileError as error:
        problems = [str(error)]
    print("\n".join(problems) or "all samples hold")
    sys.exit(bool(problems))
