"""One record of a log or a line of console text, as it was read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from arcdiag.model.stamp import Stamp


class Level(StrEnum):
    """Levels of all formats, mapped to one scale; PLAIN = the line carries no level."""

    PLAIN = "plain"
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    FATAL = "fatal"

    @property
    def is_error(self) -> bool:
        """Error or fatal."""
        return self in (Level.ERROR, Level.FATAL)


@dataclass(frozen=True, slots=True)
class Record:
    """A record: `line` is its first physical line (from 1), `end_line` its last.

    `text` is what rules search and reports quote: the message and `key=value` fields, unescaped, with `\\n` between
    joined lines; no colours. `fields` keeps keys as written (they can hold blanks). `form` names the grammar.
    """

    line: int
    end_line: int
    time: Stamp | None
    level: Level
    text: str
    form: str
    fields: tuple[tuple[str, str], ...] = ()
    cut: bool = False
