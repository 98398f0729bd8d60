"""What a worker does with a batch: the rules are read once in its life, then case after case is diagnosed."""

from __future__ import annotations

import time
import zlib
from functools import lru_cache
from pathlib import Path

from arcdiag.case.open import open_case
from arcdiag.diagnose.run import diagnose
from arcdiag.errors import ArcdiagError
from arcdiag.fleet.fetch import UnreadableError, fetched
from arcdiag.fleet.rows import error_row, rows_of
from arcdiag.fleet.task import Batch, Job, Outcome, OwnFiles
from arcdiag.knowledge.load import load_rules, with_own
from arcdiag.knowledge.own_rules import OwnRules, read_own
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.shipped import shipped_rules
from arcdiag.model.diagnosis import Diagnosis, State
from arcdiag.report.words import Words

_KEPT = 2


class OtherRulesError(ArcdiagError):
    """The worker does not have the rules that were asked for."""

    exit_code = 2


def analyze_batch(batch: Batch) -> list[Outcome]:
    """One outcome for each job, in order: what cannot be used is a row with its error.

    Raises OtherRulesError where this worker's rules are not those of the one who asks.
    """
    rules = rules_for(batch.own)
    if rules.version != batch.version:
        raise OtherRulesError(
            f"a worker has the rules {rules.version} and not {batch.version}: install the same arcdiag on every worker"
        )
    words = _words(batch.own)
    return [_outcome(job, batch, rules, words) for job in batch.jobs]


@lru_cache(maxsize=_KEPT)
def rules_for(own: OwnFiles | None) -> RuleSet:
    """The shipped rules with those of `own` over them, or in their place. Raises RuleFileError."""
    if own is None:
        return load_rules()
    return with_own(shipped_rules(), OwnRules(dict(own.files), own.replaces, own.label), own.name)


def own_files(path: Path | None) -> OwnFiles | None:
    """The rules at `path`, ready to be sent. Raises RuleFileError."""
    if path is None:
        return None
    own = read_own(path)
    return OwnFiles(tuple(own.files.items()), own.replaces, own.label, path.name)


@lru_cache(maxsize=_KEPT)
def _words(own: OwnFiles | None) -> Words:
    return Words(rules_for(own))


def _outcome(job: Job, batch: Batch, rules: RuleSet, words: Words) -> Outcome:
    began = time.perf_counter()
    source, bundle, size = job.source, None, job.source.size
    try:
        with fetched(source) as (path, bundle, size):
            if bundle in job.done:
                return Outcome(source, bundle, size, None, skipped=True)
            with open_case(str(path)) as case:
                diagnosis = diagnose(case, rules)
            rows, html = rows_of(diagnosis, words), _report(diagnosis, batch, rules)
    except ArcdiagError as error:
        rows, html = error_row(_without_path(str(error)), again=isinstance(error, UnreadableError)), None
    except MemoryError:
        rows, html = error_row("its analysis needs more memory than there is", again=True), None
    # One bundle must not end a run of ten thousand: what nobody foresaw is a row that says so.
    except Exception as error:  # noqa: BLE001
        rows, html = error_row(f"internal error: {type(error).__name__}: {error}", again=True), None
    return Outcome(source, bundle, size, rows, html=html, seconds=round(time.perf_counter() - began, 4))


def _report(diagnosis: Diagnosis, batch: Batch, rules: RuleSet) -> bytes | None:
    ill = any(cause.state is State.CURRENT for cause in diagnosis.causes) or diagnosis.verdict.exit_code != 0
    if batch.reports == "none" or (batch.reports == "problems" and not ill):
        return None
    from arcdiag.report import render_html

    return zlib.compress(render_html(diagnosis, rules, batch.lang).encode("utf-8"), 1)


def _without_path(error: str) -> str:
    """`cannot use /path/x.zip: it is empty` without the path, which stands in a column of its own."""
    head, colon, tail = error.partition(": ")
    return tail if colon and head.startswith(("cannot use ", "cannot open ")) else error
