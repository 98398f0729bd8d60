"""What a line leaves open for the next one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from arcdiag.redact.kinds import SecretKind, token_of
from arcdiag.redact.tables import Columns


class Open(Enum):
    """What a line leaves open for the next one."""

    NOTHING = 0
    KEY_BLOCK = 1
    FLAG = 2
    RUN = 3
    SECRET = 4
    QUOTE = 5
    LIST = 6
    PAIR = 7
    USERS = 8
    TABLE = 9
    LABEL = 10
    PACKED = 11
    MAIL = 12


@dataclass(frozen=True, slots=True)
class Carry:
    """What is open, the kind of the secret, and for how many lines or characters at most.

    `width`: of the lines of a run that is narrower than a console; 0 for one as wide.
    """

    what: Open = Open.NOTHING
    kind: SecretKind = SecretKind.PRIVATE_KEY
    left: int = 0
    quote: str = ""
    prefixed: bool = False
    width: int = 0
    columns: Columns | None = None


def hidden(text: str, start: int, length: int, kind: SecretKind) -> str:
    """`text` with a token in place of so many characters; the same if there are none."""
    if start < 0 or length <= 0:
        return text
    return text[:start] + token_of(kind, text[start : start + length]) + text[start + length :]
