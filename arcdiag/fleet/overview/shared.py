"""What machines with the same cause have in common, told from what most machines have anyway."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import exp, lgamma

from arcdiag.fleet.overview.model import Shared

FEWEST = 3
"""So many machines must have the cause and the value: two are no pattern."""
MOST_SHOWN = 4
_COVERED = 0.2
"""Of the machines with the cause this part must have the value."""
_LIFT = 2.0
"""With the value the cause must be so many times as frequent as without it."""
_CHANCE = 0.01
"""How probable it may be that any of all values compared comes out by chance."""


def shared_values(counts: Iterable[tuple[str, Shared]]) -> Mapping[str, tuple[Shared, ...]]:
    """By cause the values that set its machines apart, the surest first; a cause without one is not there.

    `counts`: cause and numbers of every value that a machine with the cause has. A value that all machines have is
    never named: nothing can be compared with it. The test is Fisher's exact one, one-sided, and its limit is divided by
    the number of comparisons (Bonferroni).
    """
    all_ = list(counts)
    limit = _CHANCE / max(1, len(all_))
    found: dict[str, list[tuple[float, Shared]]] = defaultdict(list)
    for cause, one in all_:
        if _stands_out(one) and (chance := by_chance(one)) < limit:
            found[cause].append((chance, one))
    return {
        cause: tuple(one for _, one in sorted(ones, key=lambda pair: (pair[0], pair[1].trait, pair[1].value)))[
            :MOST_SHOWN
        ]
        for cause, ones in found.items()
    }


def _stands_out(one: Shared) -> bool:
    if one.with_cause < FEWEST or not one.others or one.with_cause < _COVERED * one.of_cause:
        return False
    return one.with_cause / one.sharing >= _LIFT * one.others_with_cause / one.others


def by_chance(one: Shared) -> float:
    """How probable it is that at least so many of those who share the value have the cause, were the two unrelated."""
    ill, all_ = one.with_cause + one.others_with_cause, one.sharing + one.others
    most = min(ill, one.sharing)
    fixed = _log_choose(all_, one.sharing)
    return sum(
        exp(_log_choose(ill, k) + _log_choose(all_ - ill, one.sharing - k) - fixed)
        for k in range(one.with_cause, most + 1)
    )


def _log_choose(n: int, k: int) -> float:
    if k < 0 or k > n:
        return float("-inf")
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
