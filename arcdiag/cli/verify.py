"""`arcdiag collect --verify REPORT.json`: whether the causes of an earlier report are gone."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from arcdiag.cli.probe_options import INTERRUPTED, progress_for
from arcdiag.errors import InputError

if TYPE_CHECKING:
    from arcdiag.collect.again import Again
    from arcdiag.collect.options import CollectOptions
    from arcdiag.knowledge.rule_set import RuleSet
    from arcdiag.model.diagnosis import Diagnosis
    from arcdiag.report.compare.wire import CauseChange
    from arcdiag.report.wire import ReportDoc

RESOLVED, STILL_THERE, CANNOT_TELL = 0, 1, 3


def verify(rules: RuleSet, options: CollectOptions, path: Path, quiet: bool, lang: str) -> int:
    """Look again at what decides the current causes of the report; nothing is written.

    0 all are resolved, 1 one is still there, 3 of one it cannot be told, 130 interrupted. Raises InputError.
    """
    from arcdiag.collect.run import collect
    from arcdiag.report.compare.run import compare
    from arcdiag.report.document import document

    before = _report(path)
    if not any(c.state == "current" for c in before.causes):
        click.echo(f"{path}: the report names no current cause, so there is nothing to look at again")
        return RESOLVED
    progress = progress_for(quiet)
    try:
        collected = collect(rules, _again(rules, before).options(options), progress)
    finally:
        progress.close()
    host = before.case.host
    if host and "«" not in host and host.lower() != collected.hostname.lower():
        raise InputError(f"{path}: the report is of {host}, and this machine is {collected.hostname}; run it there")
    from arcdiag.collect.bundle import write_case
    from arcdiag.pipeline import analyze

    with tempfile.TemporaryDirectory(prefix="arcdiag-") as folder:
        now = analyze(write_case(Path(folder) / "again.zip", collected, rules.version), rules)
    made = compare(before, document(now, rules), _seen(now))
    _print([cause for cause in made.causes if cause.before is not None], rules, lang)
    if collected.interrupted:
        return INTERRUPTED
    return standing(made.causes)


def standing(causes: Sequence[CauseChange]) -> int:
    """The exit code: what became of those that the earlier report named."""
    from arcdiag.report.compare.wire import Change

    old = {cause.change for cause in causes if cause.before is not None}
    if old - {Change.RESOLVED, Change.UNKNOWN}:
        return STILL_THERE
    return CANNOT_TELL if Change.UNKNOWN in old else RESOLVED


def _report(path: Path) -> ReportDoc:
    from arcdiag.report.compare.load import read_report

    if not path.exists():
        raise InputError(f"cannot open {path}: no such file")
    report = read_report(path)
    if report is None:
        raise InputError(f"{path}: not a JSON report; make one with: arcdiag analyze CASE --json -o REPORT.json")
    return report


def _again(rules: RuleSet, before: ReportDoc) -> Again:
    from arcdiag.collect.again import deciding_facts, look_again

    causes = [c for c in before.causes if c.state == "current"]
    shown = [e.signal for c in causes for e in c.evidence if e.kind != "log"]
    known = {e.host for e in before.endpoints}
    hosts = [known & set(c.subjects) for c in causes]
    # A cause that is about no endpoint, such as a proxy, is decided by all of them.
    about = frozenset().union(*hosts) if all(hosts) else frozenset()
    return look_again({*shown, *deciding_facts(rules, [c.id for c in causes])}, about)


def _seen(now: Diagnosis) -> frozenset[str]:
    return frozenset(fact.fact for fact in now.case.facts if fact.status.known)


def _print(causes: Sequence[CauseChange], rules: RuleSet, lang: str) -> None:
    from arcdiag.cli.output import wants_colour, write_stdout
    from arcdiag.report.compare.text import cause_lines
    from arcdiag.report.terminal import Sheet
    from arcdiag.report.words import Words

    terminal = sys.stdout.isatty()
    width = min(100, shutil.get_terminal_size((80, 24)).columns) if terminal else 80
    sheet = Sheet(max(40, width), wants_colour(terminal))
    cause_lines(sheet, causes, Words.of(rules, lang))
    write_stdout(sheet.text())
