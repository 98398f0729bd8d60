"""What a shell completes where click cannot know it: names that the rules know, and files given as plain text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from click import Context, Parameter
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from arcdiag.knowledge.rule_set import RuleSet


def complete_file(_ctx: Context, _param: Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Any file or folder; the shell looks itself."""
    return [CompletionItem(incomplete, type="file")]


def complete_what(ctx: Context, _param: Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Ids of causes with their titles, and codes that are one word; whatever their case was."""
    rules = _rules(ctx)
    if rules is None:
        return []
    names = {id_: cause.rule.title for id_, cause in rules.causes.items()}
    # A bare number is a code of many programs, and a name with blanks would need quotes.
    names |= {rule.code: rule.meanings[-1].text for rule in rules.codes.values() if not rule.code.isdigit()}
    return _that_begin(incomplete, sorted(names.items()))


def complete_feature(ctx: Context, _param: Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Names of features, also after others and a comma."""
    from arcdiag.knowledge.endpoints import feature_ids

    rules = _rules(ctx)
    if rules is None:
        return []
    before, comma, last = incomplete.rpartition(",")
    return [
        CompletionItem(before + comma + item.value)
        for item in _that_begin(last, ((name, "") for name in feature_ids(rules)))
    ]


def complete_cloud(_ctx: Context, _param: Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Names of clouds."""
    from arcdiag.knowledge.endpoints import CLOUDS

    return _that_begin(incomplete, ((name, "") for name in CLOUDS))


def _rules(ctx: Context) -> RuleSet | None:
    """The rules that the line asks for; none where they cannot be used, which the command itself will say."""
    from arcdiag.errors import ArcdiagError
    from arcdiag.knowledge.load import load_rules
    from arcdiag.knowledge.sources import RuleFileError

    own: Path | None = ctx.params.get("own_rules")
    try:
        return load_rules(own)
    except (ArcdiagError, RuleFileError, OSError):
        return None


def _that_begin(incomplete: str, names: Iterable[tuple[str, str]]) -> list[CompletionItem[str]]:
    start = incomplete.lower()
    return [CompletionItem(name, help=text or None) for name, text in names if name.lower().startswith(start)]
