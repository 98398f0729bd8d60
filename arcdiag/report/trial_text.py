"""What `arcdiag explain CAUSE --case CASE` prints: each piece of evidence as true, false or unknown."""

from __future__ import annotations

from arcdiag.diagnose.trial import Trial, Tried
from arcdiag.model.diagnosis import Evidence, State
from arcdiag.report import view
from arcdiag.report.clean_text import clean_text
from arcdiag.report.explain import Explainer
from arcdiag.report.terminal import Sheet
from arcdiag.report.words import Words, plain

WIDTH = 80
_SHOWN = 300


def render_trial(trial: Trial, explainer: Explainer, words: Words) -> str:
    """Plain text of 80 columns."""
    sheet = Sheet(WIDTH, colour=False)
    sheet.say(f"{trial.id}: {plain(words.title('cause', trial.id))}", "")
    sheet.say(_outcome(trial, words))
    for name in dict.fromkeys(tried.list for tried in trial.tried):
        sheet.heading(words.say(f"explain.evidence.{name}"))
        for tried in trial.tried:
            if tried.list == name:
                _entry(sheet, tried, explainer, words)
    return sheet.text()


def _outcome(trial: Trial, words: Words) -> str:
    if trial.chosen is not None:
        confidence = words.say(f"report.confidence.{trial.chosen.confidence.value}")
        return words.say(f"trial.chosen.{trial.chosen.state.value}", confidence=confidence)
    if trial.under is not None:
        return words.say("trial.under", cause=trial.under)
    return words.say("trial.not_chosen")


def _entry(sheet: Sheet, tried: Tried, explainer: Explainer, words: Words) -> None:
    past = ".past" if tried.state is State.PAST else ""
    sheet.item(f"{words.say(f'trial.{tried.truth.value}{past}')}: {explainer.entry(tried.entry)}")
    for proof in tried.proofs:
        sheet.say(_proof(proof, words), "      ")


def _proof(proof: Evidence, words: Words) -> str:
    where = plain(view.place(proof, words))
    said = words.text(proof.says) if proof.says else clean_text(proof.text)
    return f"{where}: {said if len(said) <= _SHOWN else said[:_SHOWN] + ' ...'}"
