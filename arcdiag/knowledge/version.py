"""Agent versions: `1.50.02986.2095`, `1.50.02986-239`, `1.65`; and ranges such as `>=1.56,<1.64`."""

from __future__ import annotations

import re
from functools import lru_cache

Version = tuple[int, ...]
_CLAUSE = re.compile(r"(>=|<=|==|>|<)\s*([0-9][0-9.\-]*)\Z")


@lru_cache(maxsize=256)
def parse_version(text: str | None) -> Version | None:
    """The numbers of a version, None if there is none. DEB writes `.`, RPM `-` before the revision."""
    numbers = re.findall(r"\d+", text or "")
    return tuple(int(n) for n in numbers[:4]) if numbers else None


def parse_range(text: str) -> tuple[tuple[str, Version], ...]:
    """The clauses of a range. Raises ValueError that says what is expected."""
    clauses = []
    for part in text.split(","):
        match = _CLAUSE.match(part.strip())
        version = parse_version(match[2]) if match else None
        if match is None or version is None:
            raise ValueError(f"a version range such as '>=1.13' or '>=1.56,<1.64', not {text!r}")
        clauses.append((match[1], version))
    return tuple(clauses)


def in_range(version: Version, text: str) -> bool:
    """Whether `version` satisfies every clause; compared only to the depth that the clause names."""
    for operator, bound in parse_range(text):
        have = version[: len(bound)] + (0,) * (len(bound) - len(version))
        holds = {
            ">=": have >= bound,
            "<=": have <= bound,
            "==": have == bound,
            ">": have > bound,
            "<": have < bound,
        }[operator]
        if not holds:
            return False
    return True
