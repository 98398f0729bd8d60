"""Which role a host has, as a table that is made once: a large case asks for the same hosts hundreds of times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import translate

from arcdiag.knowledge.data_types import EndpointRule

HostRoles = tuple[Mapping[str, str], tuple[tuple[Callable[[str], object], str], ...]]
"""Names that stand in a rule as they are, with their roles; and matchers of globs with theirs, most specific first."""


def host_roles(endpoints: Mapping[str, EndpointRule]) -> HostRoles:
    """The table of all endpoints; of two equally specific globs the earlier one counts. Names are in small letters."""
    written: dict[str, str] = {}
    weighed: list[tuple[int, str, str]] = []
    for role, rule in endpoints.items():
        for glob in _globs(rule):
            written.setdefault(glob.lower(), role)
            pattern = glob.replace("[", "[[]").replace("{region}", "*").lower()
            weighed.append((-len(glob.replace("{region}", "").replace("*", "")), pattern, role))
    weighed.sort(key=lambda one: one[0])
    return written, tuple((re.compile(translate(pattern)).match, role) for _, pattern, role in weighed)


def _globs(rule: EndpointRule) -> Iterator[str]:
    yield from rule.match
    for hosts in rule.hosts.values():
        yield from hosts
