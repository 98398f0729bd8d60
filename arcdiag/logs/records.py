"""Lines to records: joins what belongs together (open quotes, raw blocks, wrapped lines), bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from arcdiag.logs.decode import Line
from arcdiag.logs.grammar import Start, asks_ping, parse_start, stands_alone, wix_text
from arcdiag.logs.logrus import unescape, unescape_loose
from arcdiag.model.record import Level, Record

RECORD_CHARS = 64 * 1024
RECORD_LINES = 400
_PING_LINES = 24
_POWERSHELL_TAIL = re.compile(
    r"\s{0,8}(?:\+ |At (?:line|[A-Za-z]:\\|\S+\.ps1):|at [A-Z<]|\S.{0,80}:\d{1,6} \S{1,12}:\d{1,5}\s*\Z)"
)
_RAW_BLOCK = re.compile(
    r"\s|[-=*]{10,}|RESPONSE \d|ERROR CODE:|(?:GET|POST|PUT|DELETE|PATCH) https?:|[{}\[\]]|To troubleshoot"
)


@dataclass
class _Open:
    """A record that may go on."""

    start: Start
    line: int
    end_line: int
    first: str = ""
    texts: list[str] = field(default_factory=list)
    size: int = 0
    cut: bool = False
    in_block: bool = False
    wix: bool = False
    ping: bool = False

    def add(self, text: str, line: int) -> None:
        self.end_line = line
        if self.size < RECORD_CHARS:
            self.texts.append(text)
            self.size += len(text) + 1
        else:
            self.cut = True

    def record(self) -> Record:
        start = self._whole() if self.start.open and self.texts else self.start
        if start is not self.start:
            self.texts = []
        text = "".join(self.texts) if self.wix else "\n".join((start.text, *self.texts)).strip("\n")
        return Record(
            line=self.line,
            end_line=self.end_line,
            time=start.time,
            level=start.level,
            text=text[:RECORD_CHARS],
            form=start.form,
            fields=start.fields,
            cut=self.cut or len(text) > RECORD_CHARS,
        )

    def _whole(self) -> Start:
        """A string that a copy broke over lines, read again as one."""
        return parse_start("\n".join((self.first, *self.texts))) or self.start


def _open(start: Start, line: Line) -> _Open:
    return _Open(start, line.number, line.number, line.text, cut=line.cut)


def _plain(line: Line) -> _Open:
    made = _open(Start("plain", Level.PLAIN, None, unescape_loose(line.text.rstrip())), line)
    made.ping = asks_ping(line.text)
    return made


def _goes_on(held: _Open, line: Line) -> bool:
    """Whether a line without a record start belongs to the record before it."""
    text = line.text
    if held.end_line - held.line > RECORD_LINES:
        return False
    if held.start.open:
        return True
    if held.ping:
        return held.end_line - held.line < _PING_LINES and not stands_alone(text)
    if not text.strip():
        return held.in_block
    if stands_alone(text):
        return False
    form = held.start.form
    if form in ("logrus", "gc", "waappagent", "waagent", "dated", "gpo"):
        return True
    if form == "plain":
        return bool(_POWERSHELL_TAIL.match(text)) or (text[:1] in " \t" and text.strip()[:1] not in "0123456789")
    if held.start.level.is_error and form in ("tty", "console"):
        return True
    return form in ("tty", "console") and bool(_RAW_BLOCK.match(text)) and text[:4].strip() != ""


def records(lines: Iterable[Line]) -> Iterator[Record]:
    """All records of a file in order; constant memory."""
    held: _Open | None = None
    for line in lines:
        wix = wix_text(line.text)
        if wix is not None:
            if held and held.wix:
                held.add(_unwrapped(held.texts, wix), line.number)
                continue
            if held:
                yield held.record()
            held = _Open(Start("msi", Level.PLAIN, None, ""), line.number, line.number, texts=[wix], wix=True)
            continue
        start = parse_start(line.text)
        if start is None and held is not None and not held.wix and _goes_on(held, line):
            held.add(_continuation(held, line.text), line.number)
            held.cut = held.cut or line.cut
            held.in_block = held.in_block or bool(_RAW_BLOCK.match(line.text))
            continue
        if held:
            yield held.record()
        held = None
        if start:
            held = _open(start, line)
        elif line.text.strip():
            held = _plain(line)
    if held:
        yield held.record()


def _continuation(held: _Open, text: str) -> str:
    if held.start.open:
        return text.rstrip()
    if held.start.form == "logrus":
        return unescape(text.rstrip())
    return unescape_loose(text.rstrip().removesuffix("</GCLOG>"))


def _unwrapped(before: list[str], text: str) -> str:
    """PowerShell text behind WixQuietExec breaks at about 80 columns; shorter lines really ended there."""
    wrapped = bool(before) and len(before[-1].lstrip("\n")) >= 70
    return text if wrapped else "\n" + text
