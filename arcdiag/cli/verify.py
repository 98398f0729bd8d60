"""`arcdiag collect --verify REPORT.json`: whether the causes of an earlier report are gone."""

from __future__ import annotations

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
    from arcdiag.redact.identifiers.replace import Identifiers
    from arcdiag.report.compare.wire import CauseChange
    from arcdiag.report.wire import ReportDoc

RESOLVED, STILL_THERE, CANNOT_TELL = 0, 1, 3


def verify(rules: RuleSet, options: CollectOptions, path: Path, quiet: bool, redact: bool, lang: str) -> int:
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
    _check_machine(path, before)
    progress = progress_for(quiet)
    try:
        collected = collect(rules, _again(rules, before).options(options), progress)
    finally:
        progress.close()
    from arcdiag.collect.bundle import write_case
    from arcdiag.pipeline import analyze

    with tempfile.TemporaryDirectory(prefix="arcdiag-") as folder:
        case = write_case(Path(folder) / "again.zip", collected, rules.version)
        ids = _names_of(case, rules) if redact else None
        now = analyze(case, rules)
    made = compare(before, document(now, rules), _seen(now))
    _print(made.causes, rules, ids, lang)
    if collected.interrupted:
        return INTERRUPTED
    return standing(made.causes)


def _check_machine(path: Path, before: ReportDoc) -> None:
    """Raises InputError for the report of another machine; one without its name is taken for this one's."""
    from arcdiag.collect.run import this_host

    host, here = before.case.host, this_host().host().value
    if host and here and "«" not in host and host.lower() != here.hostname.lower():
        raise InputError(f"{path}: the report is of {host}, and this machine is {here.hostname}; run it there")


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
    from arcdiag.collect.again import deciding_facts, is_of_the_network, look_again

    known = {e.host for e in before.endpoints}
    facts: set[str] = set()
    hosts: set[str] = set()
    everywhere = False
    for cause in before.causes:
        if cause.state != "current":
            continue
        decide = {*(e.signal for e in cause.evidence if e.kind != "log"), *deciding_facts(rules, [cause.id])}
        about = known & set(cause.subjects)
        # A cause of the network that is about no endpoint, such as a proxy, is decided by all of them.
        everywhere = everywhere or (not about and any(is_of_the_network(fact) for fact in decide))
        facts |= decide
        hosts |= about
    return look_again(facts, frozenset() if everywhere else hosts)


def _seen(now: Diagnosis) -> frozenset[str]:
    return frozenset(fact.fact for fact in now.case.facts if fact.status.known)


def _names_of(case: Path, rules: RuleSet) -> Identifiers:
    """The names of a bundle, to be taken out of what is printed."""
    from arcdiag.case.redacted import learn_case
    from arcdiag.cli.redact import identifiers_of

    ids = identifiers_of(rules)
    learn_case(str(case), ids)
    return ids


def _print(causes: Sequence[CauseChange], rules: RuleSet, ids: Identifiers | None, lang: str) -> None:
    from arcdiag.cli.output import text_width, wants_colour, write_stdout
    from arcdiag.report.compare.text import cause_lines
    from arcdiag.report.terminal import Sheet
    from arcdiag.report.words import Words

    terminal = sys.stdout.isatty()
    sheet = Sheet(text_width(terminal), wants_colour(terminal))
    cause_lines(sheet, causes, Words.of(rules, lang))
    write_stdout(ids.replace(sheet.text()) if ids else sheet.text())
