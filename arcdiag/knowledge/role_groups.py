"""`$core` in a cause's entry becomes the roles of that group; every role that an entry names exists."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from msgspec import structs

from arcdiag.knowledge.data_types import GroupRule
from arcdiag.knowledge.entry import LISTS, Entry
from arcdiag.knowledge.rule_set import CompiledCause
from arcdiag.knowledge.sources import RuleFileError

ROLE_KEYS = ("role", "not_role")
_NO_ROLE = "none"


def with_roles(cause: CompiledCause, groups: Mapping[str, GroupRule], roles: Container[str]) -> CompiledCause:
    """The cause with every group written out. Raises RuleFileError for a group or role that does not exist."""
    try:
        lists: dict[str, Any] = {
            name: tuple(_expanded(entry, groups, roles) for entry in getattr(cause, name)) for name in LISTS
        }
    except ValueError as error:
        raise RuleFileError(cause.file, None, cause.rule.cause, str(error)) from None
    return structs.replace(cause, **lists)


def _expanded(entry: Entry, groups: Mapping[str, GroupRule], roles: Container[str]) -> Entry:
    where = tuple(
        (key, tuple(_roles(values, groups, roles)) if key in ROLE_KEYS else values) for key, values in entry.where
    )
    return structs.replace(entry, where=where, parts=tuple(_expanded(p, groups, roles) for p in entry.parts))


def _roles(names: tuple[str, ...], groups: Mapping[str, GroupRule], roles: Container[str]) -> Iterator[str]:
    for name in names:
        if name.startswith("$"):
            if name[1:] not in groups:
                raise ValueError(f"no group of roles has the id {name[1:]!r}")
            yield from groups[name[1:]].roles
        elif name == _NO_ROLE or name in roles:
            yield name
        else:
            raise ValueError(f"no endpoint has the role {name!r}")


def in_groups(roles: tuple[str, ...], groups: Mapping[str, GroupRule]) -> tuple[str, ...]:
    """The reverse, for people: groups whose roles are all there stand for them, the largest first."""
    left, found = dict.fromkeys(roles), []
    for group in sorted(groups.values(), key=lambda g: -len(g.roles)):
        if all(role in left for role in group.roles):
            found.append(group.group)
            left = {role: None for role in left if role not in group.roles}
    return (*found, *left)
