"""The rules of one run: the shipped ones, and a person's own over them or in their place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from arcdiag import __version__
from arcdiag.knowledge.rule_set import RuleSet, RuleSetBuilder
from arcdiag.knowledge.shipped import Shipped, cache_name, packed, shipped_rules, unpacked
from arcdiag.knowledge.sources import RuleFileError, digest_of

if TYPE_CHECKING:
    from arcdiag.knowledge.own_rules import OwnRules


def load_rules(extra: Path | None = None, fresh: bool = False) -> RuleSet:
    """The shipped rules, and those of the folder, file or rule pack `extra` over them (same id replaces).

    A pack may say that it stands in place of the shipped rules. `version` of the result names both, with hashes. What
    is in `extra` is checked completely before it is used the first time, and everything if `fresh`. Raises
    RuleFileError.
    """
    shipped = shipped_rules(fresh)
    if extra is None:
        return shipped.rules
    from arcdiag.knowledge.own_rules import read_own

    own = read_own(extra)
    if fresh:
        return with_own(shipped, own, extra.name)
    return _kept(shipped, own, extra)


def _kept(shipped: Shipped, own: OwnRules, place: Path) -> RuleSet:
    """As `with_own`, from the cache if the same rules passed every check before."""
    from arcdiag.knowledge.cache import read_cached, write_cached

    key = f"{shipped.key} {own.label} {own.replaces} {digest_of(own.files.items())}"
    name = cache_name("own", place.absolute())
    if (found := unpacked(read_cached(name), key)) is not None:
        return found.rules
    rules = with_own(shipped, own, place.name)
    write_cached(name, packed(Shipped(key, rules, {})))
    return rules


def with_own(shipped: Shipped, own: OwnRules, name: str) -> RuleSet:
    """The rules of `own` over the shipped ones or in their place; `name` stands in errors. Raises RuleFileError."""
    from arcdiag.knowledge.compile import add_item
    from arcdiag.knowledge.own_checks import known_patterns, refuse_gaps, refuse_slow, with_line

    builder = RuleSetBuilder() if own.replaces else shipped.builder()
    known = known_patterns(shipped.rules)
    for item, text in own.items():
        add_item(builder, item, text, replace=not own.replaces)
        refuse_slow(item, text, known)
    version = f"{__version__}+{own.label}" if own.replaces else f"{shipped.rules.version}+{own.label}"
    try:
        rules = builder.build(version)
    except RuleFileError as error:
        raise with_line(error, own.items()) from None
    if own.replaces:
        refuse_gaps(rules, shipped.rules, name)
    return rules
