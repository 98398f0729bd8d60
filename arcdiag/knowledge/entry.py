"""Entries of a cause's lists: `signal.id`, or a mapping with one of the keys below and conditions.

- proxy.refused                                      the signal
- { signal: proxy.forbidden, role: [entra-login] }   with captures, `role`, `step` or `subject` among values
- { fact: probe.proxy, result: [refused, timeout] }  a fact's values; `status: absent` for what is not there
- { fact: clock.skew, seconds: ">120" }              numbers by comparison
- { code: AZCM0020 }                                 a printed code
- { all: [ ... ] }                                   one level deep
- { same: [ ... ] }                                  the same, and all parts are about one and the same subject
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from msgspec import Struct

COMPOUND = ("all", "same")
KINDS = ("signal", "fact", "code", *COMPOUND)
LISTS = ("confirmed", "likely", "possible", "against", "warns", "untold")
"""The lists of a cause that hold entries. `untold`: what neither shows the cause nor speaks against it."""


class Entry(Struct, frozen=True, gc=False):
    """One condition. `where`: key to accepted values (strings); `parts` only for the compound kinds."""

    kind: str
    id: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    parts: tuple[Entry, ...] = ()

    @property
    def compound(self) -> bool:
        """Whether it is made of parts."""
        return self.kind in COMPOUND


def parse_entry(data: str | dict[str, Any], nested: bool = False) -> Entry:
    """Read one entry. Raises ValueError that says what is expected."""
    if isinstance(data, str):
        return Entry("signal", data)
    # `code` is a kind and a common name of captures too: beside `signal` or `fact` it is a condition.
    kinds = [key for key in KINDS if key in data and not (key == "code" and len(data.keys() & {"signal", "fact"}))]
    if len(kinds) != 1:
        raise ValueError(f"an entry has exactly one of {', '.join(KINDS)}, not {sorted(data)}")
    kind = kinds[0]
    if kind in COMPOUND:
        if nested or len(data) != 1 or not isinstance(data[kind], list) or len(data[kind]) < 2:
            raise ValueError(f"'{kind}' holds a list of two entries or more, stands alone and is not nested")
        return Entry(kind, "", (), tuple(parse_entry(part, nested=True) for part in data[kind]))
    if not isinstance(data[kind], str):
        raise ValueError(f"'{kind}' names one id")
    where = tuple((key, _values(value)) for key, value in sorted(data.items()) if key != kind)
    return Entry(kind, data[kind], where)


def _values(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(_plain(v) for v in values)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError(f"a condition is a string, a number, true or false, not {value!r}")


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def accepts(accepted: tuple[str, ...], value: Any) -> bool:
    """Whether a value is one of the accepted ones: equal without regard to case, or by comparison (`>120`).

    A list is accepted if one of its members is; a missing value only by `none`.
    """
    if isinstance(value, list | tuple):
        return any(accepts(accepted, member) for member in value)
    return any(_accepts_one(want, value) for want in accepted)


def _accepts_one(want: str, value: Any) -> bool:
    if value is None:
        return want == "none"
    sign = want[: len(want) - len(want.lstrip("<>="))]
    if sign in _COMPARE and isinstance(value, int | float) and not isinstance(value, bool):
        return _COMPARE[sign](float(value), float(want[len(sign) :]))
    return isinstance(value, str | int | float) and _plain(value).lower() == want.lower()
