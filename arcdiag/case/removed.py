"""What was taken out of a case: how many of each kind, in which file."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from arcdiag.case.limits import MAX_MANIFEST_ENTRIES
from arcdiag.case.names import RefusedNameError, shown
from arcdiag.case.plain_json import NotPlainError, parse_json

_SCHEMA = "1.0"


class Removed:
    """Counts of removals by file and kind; the secrets and names themselves are nowhere in it."""

    def __init__(self) -> None:
        self._files: dict[str, Counter[str]] = {}
        self.left_out: list[tuple[str, str]] = []

    def of(self, file: str) -> Counter[str]:
        """The counts of one file, to be updated."""
        return self._files.setdefault(file, Counter())

    def take(self, file: str, counts: Counter[str]) -> None:
        """Let `counts`, which may still grow, be those of one file."""
        self._files[file] = counts

    def forget(self, files: Iterable[str]) -> None:
        """Count nothing for these files."""
        for file in files:
            self.of(file).clear()

    def add_earlier(self, raw: bytes, name_of: Callable[[str], str]) -> None:
        """Add what a `redaction.json` counts; its files have the names of `name_of` now. What it does not say is none.

        The secrets that were taken out of a file first are not in it any more when names are taken out of it.
        """
        try:
            files = parse_json(raw.decode("utf-8-sig"))["files"]
            found = [(item["path"], one["kind"], one["count"]) for item in files for one in item["removed"]]
        except (NotPlainError, UnicodeDecodeError, LookupError, TypeError):
            return
        for path, kind, count in found[:MAX_MANIFEST_ENTRIES]:
            if isinstance(path, str) and isinstance(kind, str) and isinstance(count, int) and count > 0:
                with suppress(RefusedNameError):
                    self.of(name_of(path))[shown(kind)] += count

    @classmethod
    def of_bundle(cls, path: Path) -> Removed:
        """What a bundle that was just written says of itself."""
        removed = cls()
        with zipfile.ZipFile(path) as bundle:
            data = json.loads(bundle.read("redaction.json"))
        for file in data["files"]:
            removed.of(file["path"]).update({item["kind"]: item["count"] for item in file["removed"]})
        return removed

    @property
    def total(self) -> Counter[str]:
        """The counts of all files together."""
        total: Counter[str] = Counter()
        for counts in self._files.values():
            total.update(counts)
        return +total

    def to_json(self) -> str:
        """The text of `redaction.json`: totals, then each file in which something was removed."""
        files = [{"path": path, "removed": _listed(counts)} for path, counts in sorted(self._files.items()) if +counts]
        data = {
            "schema_version": _SCHEMA,
            "tool": "arcdiag",
            "removed": _listed(self.total),
            "files": files,
            "left_out": [{"what": what, "why": why} for what, why in self.left_out],
        }
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

    def line(self) -> str:
        """One line for a terminal: `removed: 3 password, 1 token`; `removed: nothing` if so."""
        found = ", ".join(f"{count} {kind}" for kind, count in sorted(self.total.items()))
        return f"removed: {found or 'nothing'}"


def _listed(counts: Counter[str]) -> list[dict[str, str | int]]:
    """As a list: the number behind a name such as `password` would look like one."""
    return [{"kind": kind, "count": count} for kind, count in sorted((+counts).items())]
