"""Raw values that travel with the case, so that tomorrow's decoder can read them again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawFile:
    """`path` is inside the case (`raw/...` or `logs/...`); `kind` as `arcdiag.logs.kind` names it."""

    path: str
    kind: str
    text: str


class RawFiles:
    """The raw files of one collection, in the order in which they came."""

    def __init__(self) -> None:
        self._files: dict[str, RawFile] = {}

    def add(self, name: str, kind: str, text: str | bytes, folder: str = "raw") -> str:
        """Keep one; the path inside the case, for the facts that were decoded from it.

        In the folder `logs` it is read as a log of the machine; what lies in `raw` has given its facts already.
        """
        if isinstance(text, bytes):
            encoding = "utf-16" if text[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
            text = text.decode(encoding, "replace")
        path = f"{folder}/{name}"
        self._files[path] = RawFile(path, kind, text)
        return path

    def all(self) -> tuple[RawFile, ...]:
        """Sorted by path."""
        return tuple(sorted(self._files.values(), key=lambda f: f.path))
