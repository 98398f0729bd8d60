"""One file of a case, from bytes to hits and facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader, RawIOBase
from typing import BinaryIO, cast

from arcdiag.logs.allowance import LineAllowance
from arcdiag.logs.check import parse_check_json, parse_check_text
from arcdiag.logs.decode import HEAD_BYTES, Line, TextFile, UnreadableError
from arcdiag.logs.exported import head_records, holds_lines, is_newest_first, oldest_first, unwrapped
from arcdiag.logs.fast import FastReader, fast_form
from arcdiag.logs.kind import kind_of
from arcdiag.logs.records import records
from arcdiag.logs.scan import Hit, Scanner
from arcdiag.logs.shape import Shape, cleaned, shaped, unbroken
from arcdiag.logs.show import error_record, parse_show_json, parse_show_text
from arcdiag.logs.split import WHOLE, Split
from arcdiag.logs.values.azure_vm import machines_in, parse_azure_vm_json, speaks_of_a_vm
from arcdiag.logs.values.certificate_text import certificate_facts
from arcdiag.logs.values.config_list import config_list_facts
from arcdiag.logs.values.guest_services import waagent_facts
from arcdiag.logs.values.recorded import BINARY, TEXT, Recorded, query_facts, read_binary, read_text
from arcdiag.logs.values.systemctl import systemctl_facts
from arcdiag.model.case import Source
from arcdiag.model.fact import Fact
from arcdiag.model.record import Record
from arcdiag.model.stamp import Stamp

_FACTS_ONLY = frozenset({"show-text", "show-json", "local-config", "agent-config", "vm-list"})
"""Kinds that are read as facts and not searched line by line."""
_VALUES = {"systemctl-show": (systemctl_facts, waagent_facts), "config-list": (config_list_facts,)}
"""Kinds of recorded values with what decodes them."""


@dataclass
class FileReader:
    """Reads one file; `hits` may be consumed once, `source` and `problem` are final after that.

    `facts` stand ready at once: they come from the beginning of the file, as `newest_first` does. `scrubbed`: secrets
    were taken out when the file was written; else they are while it is read. `allowance`: the lines that the case may
    still have.
    `blocks_from`: from so many bytes on a log may be read in blocks, which gives the same hits and pays for large
    ones; `split`: over how many processor cores, which gives the same hits again.
    """

    path: str
    stream: BinaryIO
    scanner: Scanner
    kind: str = ""
    facts: list[Fact] = field(default_factory=list)
    problem: str | None = None
    head: str = ""
    scrubbed: bool = False
    allowance: LineAllowance | None = None
    blocks_from: int = HEAD_BYTES
    split: Split = WHOLE

    def __post_init__(self) -> None:
        self._lines = 0
        self._first: Stamp | None = None
        self._last: Stamp | None = None
        self._file: TextFile | None = None
        self._recorded: Recorded | None = None
        self._fast: FastReader | None = None
        self._exported = self.newest_first = False
        try:
            if self._is_binary_recording():
                return
            self._file = TextFile(self.stream, self.scrubbed, self.allowance)
        except (UnreadableError, OSError, EOFError) as error:
            self.problem = str(error)
            return
        if self._file.encoding == "binary":
            self.problem = "not a text file"
            return
        self._shape = Shape.of(self._file.head)
        self.head = cleaned(self._file.head, self._shape)
        self.kind = kind_of(self.head, self.path)
        if self.kind == "document":
            self.problem = "reads like documentation or a script; its examples and messages are no evidence"
            return
        if self.kind in TEXT:
            self._take(read_text(self.kind, self.path, self._file))
            return
        self.facts = self._read_facts()
        self._fast = self._in_blocks(self._file)
        if self._fast is None and self.kind not in _FACTS_ONLY:
            head = unbroken(self.head, self._shape)
            self._exported = holds_lines(head, self.kind)
            self.newest_first = is_newest_first(head_records(head, self._exported))

    def _in_blocks(self, file: TextFile) -> FastReader | None:
        """Reads the file in blocks, if it is one that can be read so."""
        found = fast_form(file, self.kind, self._shape, self.blocks_from)
        if found is None or any(fact.fact == "agent.show" for fact in self.facts):
            return None
        form, self._first = found
        allowance = self.allowance or LineAllowance()
        return FastReader(file, self.scanner, self.kind, form, self.scrubbed, allowance, self.split)

    def _is_binary_recording(self) -> bool:
        """A registry hive or a policy file: read at once, as a whole."""
        if not isinstance(self.stream, BufferedReader):
            self.stream = cast(BinaryIO, BufferedReader(cast(RawIOBase, self.stream)))
        kind = BINARY.get(cast(BufferedReader, self.stream).peek(4)[:4])
        if kind is None:
            return False
        self.kind = kind
        self._take(read_binary(kind, self.path, self.stream))
        return True

    def _take(self, recorded: Recorded) -> None:
        self._recorded = recorded
        self.facts, self.problem = recorded.facts, recorded.problem
        times = [record.time for record in recorded.records if record.time]
        self._first, self._last = (times[0], times[-1]) if times else (None, None)
        self._lines = len(recorded.records)

    def _read_facts(self) -> list[Fact]:
        if self.kind == "vm-json":
            found = parse_azure_vm_json(self.head, self.path)
            # Lines cannot tell which of several machines they are about.
            count = len(machines_in(found))
            self.kind = "vm-list" if count > 1 else "vm-json" if count else "json"
            return found
        if self.kind in ("show-json", "check-json"):
            parse = parse_show_json if self.kind == "show-json" else parse_check_json
            return parse(self.head, self.path)
        if self.kind in _VALUES:
            found = [fact for decode in _VALUES[self.kind] for fact in decode(self.head, self.path)]
            return [*found, *parse_check_text(self.head, self.path)]
        facts = parse_check_text(self.head, self.path)
        if self.kind in ("show-text", "console", "check-table", "installer-linux", "installer-windows"):
            facts += parse_show_text(self.head, self.path)
        if self.kind in ("console", "journal", "show-text"):
            facts += certificate_facts(self.head, self.path)
        if self.kind == "console" and "HKEY_" in self.head:
            facts += query_facts(self.head, self.path)
        if self.kind == "console" and speaks_of_a_vm(self.head):
            facts += parse_azure_vm_json(self.head, self.path)
        return facts

    @property
    def source(self) -> Source:
        """What was read so far."""
        encoding = self._file.shown_encoding if self._file else "binary" if self._recorded else "unknown"
        if (self._file and self._file.replaced) or (self._fast and self._fast.replaced):
            encoding += "+replaced"
        return Source(self.path, self.kind or "unreadable", encoding, self._lines, self._first, self._last)

    def hits(self) -> Iterator[Hit]:
        """Hits in order. A file that cannot be read to its end ends early and says so in `problem`."""
        if self._recorded:
            yield from self.scanner.scan(iter(self._recorded.records), self.kind)
            return
        if self._file is None or self.problem:
            return
        if self._fast is not None:
            yield from self._fast.hits()
            self._lines, self._last = self._fast.lines, self._fast.last or self._first
            self.problem = self._fast.problem
            return
        yield from self.scanner.scan(self._records(self._file), self.kind)

    def _records(self, file: TextFile) -> Iterator[Record]:
        lines = shaped(self._counted(file), self._shape)
        found = records(unwrapped(lines) if self._exported else lines)
        try:
            for record in oldest_first(found) if self.newest_first else found:
                if record.time:
                    self._first = self._first or record.time
                    self._last = record.time
                if self.kind not in _FACTS_ONLY:
                    yield record
        except (UnreadableError, OSError) as error:
            self.problem = f"read up to line {self._lines} only: {error}"
        for fact in self.facts:
            extra = error_record(fact) if fact.fact == "agent.show" else None
            if extra:
                yield extra

    def _counted(self, file: TextFile) -> Iterator[Line]:
        for line in file.lines():
            self._lines = line.number
            yield line
