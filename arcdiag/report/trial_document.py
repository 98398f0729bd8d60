"""A cause on trial as a JSON document: what `arcdiag explain CAUSE --case CASE --format json` prints."""

from __future__ import annotations

from typing import Literal

import msgspec

from arcdiag import __version__
from arcdiag.diagnose.trial import Trial, Tried
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.report import wire
from arcdiag.report.clean import clean_evidence
from arcdiag.report.clean_text import clean_text
from arcdiag.report.document import evidence_of, written
from arcdiag.report.explain import Explainer
from arcdiag.report.words import Words, plain

SCHEMA_VERSION = "1.0"


class _Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base: every field is always written, null where nothing is known."""


class TriedDoc(_Wire, frozen=True, kw_only=True):
    """One entry of one list of the cause; `state`: what time it was judged for."""

    list: Literal["confirmed", "likely", "possible", "against", "warns", "untold"]
    entry: str
    truth: Literal["true", "false", "unknown"]
    state: Literal["current", "past"]
    proofs: tuple[wire.EvidenceDoc, ...]


class TrialDoc(_Wire, frozen=True, kw_only=True):
    """`state` and `confidence` are those of the diagnosis, null if the cause is not named in it; `under`: the id of the
    cause that explains it instead, if any."""

    schema_version: Literal["1.0"]
    tool: wire.ToolDoc
    cause: str
    title: str
    state: Literal["current", "past"] | None
    confidence: Literal["confirmed", "likely", "possible"] | None
    under: str | None
    entries: tuple[TriedDoc, ...]


def render_trial_json(trial: Trial, rules: RuleSet) -> str:
    """One JSON document with a line feed at its end; always English. Every string is free of secrets."""
    return written(msgspec.json.encode(trial_document(trial, rules)))


def trial_document(trial: Trial, rules: RuleSet) -> TrialDoc:
    """The document as typed data."""
    words = Words(rules)
    explainer = Explainer(rules, words)
    tool = {"name": "arcdiag", "version": __version__, "rules_version": rules.version}
    data = {
        "schema_version": SCHEMA_VERSION,
        "tool": tool,
        "cause": trial.id,
        "title": plain(words.title("cause", trial.id)),
        "state": trial.chosen.state.value if trial.chosen else None,
        "confidence": trial.chosen.confidence.value if trial.chosen else None,
        "under": trial.under,
        "entries": [_tried(tried, explainer, words) for tried in trial.tried],
    }
    return msgspec.convert(data, TrialDoc)


def _tried(tried: Tried, explainer: Explainer, words: Words) -> dict[str, object]:
    return {
        "list": tried.list,
        "entry": clean_text(explainer.entry(tried.entry)),
        "truth": tried.truth.value,
        "state": tried.state.value,
        "proofs": [evidence_of(clean_evidence(proof), words) for proof in tried.proofs],
    }
