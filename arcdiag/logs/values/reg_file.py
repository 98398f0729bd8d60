r"""Registry exports (`reg export`, Regedit): version 5 in UTF-16 and REGEDIT4 in the code page of the machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from arcdiag.logs.values.keys import is_wanted
from arcdiag.logs.values.registry import RecordedRegistry, RegistryValue, kind_name, normal
from arcdiag.logs.values.registry_data import MAX_DATA, decoded, hex_bytes

HEADS = ("Windows Registry Editor Version 5.00", "REGEDIT4")
MAX_KEYS = 200_000
MAX_VALUES = 500_000
_MAX_ROOTS = 1_000
_TEXT_LINES = 200
_KEY = re.compile(r"\[(-?)([^\r\n]{1,4000})\]\s*\Z")
_NAME = re.compile(r'(?:@|"((?:[^"\\]|\\.){0,16000})")=(.*)\Z', re.S)
_HEX = re.compile(r"hex(?:\(([0-9A-Fa-f]{1,8})\))?:(.*)\Z", re.S)
_DWORD = re.compile(r"dword:([0-9A-Fa-f]{1,8})\s*\Z")
_STRING = re.compile(r'"((?:[^"\\]|\\.){0,200000})"\s*\Z', re.S)
_ESCAPE = re.compile(r"\\(.)", re.S)


@dataclass
class _Export:
    """What was read so far."""

    ansi: bool
    wanted: Callable[[str], bool]
    keys: dict[str, dict[str, RegistryValue]] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)
    key: str | None = None
    values: int = 0
    problem: str | None = None

    def begin(self, line: str) -> None:
        """A line `[HKEY_...]`; a key that the file deletes says nothing about a machine."""
        self.key = None
        match = _KEY.match(line)
        if match is None:
            self.problem = self.problem or "a key in it is not understood"
            return
        if match[1]:
            return
        key = normal(match[2])
        if not self.roots or not (key == self.roots[-1] or key.startswith(self.roots[-1] + "\\")):
            self.roots.append(key)
        self.key = key if self.wanted(key) else None
        if self.key is not None:
            self.keys.setdefault(self.key, {})

    def value(self, text: str) -> bool:
        """A whole `"name"=data`; False if it is not understood."""
        match = _NAME.match(text)
        if match is None:
            return False
        if self.key is None or match[2].strip() == "-":
            return True
        name = _ESCAPE.sub(r"\1", match[1] or "")
        self.keys[self.key][name.lower()] = self._value(name, match[2].strip())
        self.values += 1
        return True

    def _value(self, name: str, data: str) -> RegistryValue:
        string = _STRING.match(data)
        if string:
            return RegistryValue(name, "REG_SZ", _ESCAPE.sub(r"\1", string[1]))
        number = _DWORD.match(data)
        if number:
            return RegistryValue(name, "REG_DWORD", int(number[1], 16))
        listed = _HEX.match(data)
        if listed:
            kind = kind_name(int(listed[1], 16) if listed[1] else 3)
            try:
                raw = hex_bytes("".join(listed[2].split()))
            except ValueError:
                return RegistryValue(name, kind, data[:60].encode("utf-8", "replace"))
            return RegistryValue(name, kind, decoded(kind, raw, "cp1252" if self.ansi else "utf-16-le"))
        kind = "REG_DWORD" if data.startswith("dword:") else "REG_NONE"
        return RegistryValue(name, kind, data[:60].encode("utf-8", "replace"))


def read_export(lines: Iterable[str], wanted: Callable[[str], bool] = is_wanted) -> tuple[RecordedRegistry, str | None]:
    """The registry of an export, and what is wrong with it (None if nothing): cut off, too large, no export.

    `lines` without line ends. Of a damaged export what was read counts, but it covers nothing: what is not seen in it
    may stand in the part that is lost.
    """
    export: _Export | None = None
    held: list[str] = []
    size = 0
    for line in lines:
        if export is None:
            if not line.strip():
                continue
            if line.strip().lstrip("\ufeff") not in HEADS:
                return RecordedRegistry({}, ()), "it does not begin as a registry export does"
            export = _Export(line.strip().lstrip("\ufeff") == "REGEDIT4", wanted)
            continue
        if held and _KEY.match(line) and not line.startswith(" "):
            export.problem = f"a value of {export.key or 'a key'} has no end"
            held, size = [], 0
        held.append(line)
        size += len(line)
        if _goes_on(held) and size <= MAX_DATA * 4:
            continue
        _take(export, held)
        held, size = [], 0
        if len(export.keys) > MAX_KEYS or export.values > MAX_VALUES or len(export.roots) > _MAX_ROOTS:
            export.problem = "it is larger than any registry; the rest is not read"
            break
    if export is None:
        return RecordedRegistry({}, ()), "it is empty"
    if held:
        export.problem = "it ends in the middle of a value"
    return RecordedRegistry(export.keys, () if export.problem else tuple(export.roots)), export.problem


def _goes_on(held: list[str]) -> bool:
    """Whether a value needs the next line: a list of bytes with a backslash at its end, or an open quote."""
    first, last = held[0], held[-1]
    if first[:1] not in ('"', "@"):
        return False
    if last.rstrip().endswith("\\") and re.search(r"=hex(?:\([0-9A-Fa-f]{1,8}\))?:", first):
        return True
    if len(held) > _TEXT_LINES:
        return False
    match = _NAME.match(first)
    return bool(match and match[2].startswith('"') and not _STRING.match("\n".join([match[2], *held[1:]])))


def _take(export: _Export, held: list[str]) -> None:
    first = held[0]
    if first.startswith("["):
        export.begin(first)
    elif first[:1] in ('"', "@"):
        joiner = "" if re.search(r"=hex(?:\([0-9A-Fa-f]{1,8}\))?:", first) else "\n"
        parts = [part.rstrip().removesuffix("\\") for part in held] if joiner == "" else held
        if not export.value(joiner.join(parts)) and export.key is not None:
            export.problem = export.problem or f"a value of {export.key} is not understood"
    elif first.strip() and not first.lstrip().startswith(";"):
        export.problem = export.problem or "it holds lines that no registry export has"
