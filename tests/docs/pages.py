"""The documents of this repository as data: their blocks of code, their headings and their links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
    + [path for folder in ("docs", "deploy") for path in (ROOT / folder).rglob("*.md")]
)
_FENCE = re.compile(r"^(?P<indent> *)```(?P<lang>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_NOTE = re.compile(r"<!-- ([a-z]+)(?:: ([^>]*?))? -->\s*\Z")
_FILE = re.compile(r"^`([^`\n]+)`:\s*\Z", re.MULTILINE)
_LINK = re.compile(r"(?<!`)\[[^\]\n]*\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block. `file`: the name in backticks and a colon above it, whose whole content it is.

    `note` and `value`: a comment above it such as `<!-- exit: 1 -->`, or empty.
    """

    lang: str
    text: str
    line: int
    file: str
    note: str
    value: str


def blocks(page: Path) -> list[Block]:
    """All fenced blocks in their order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        above = text[: match.start()]
        note, file = _NOTE.search(above), _FILE.search(above)
        found.append(
            Block(
                match["lang"],
                match["text"],
                above.count("\n") + 1,
                file[1] if file else "",
                note[1] if note else "",
                (note[2] or "") if note else "",
            )
        )
    return found


def prose(page: Path) -> str:
    """The text without its blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """The targets of all links and pictures."""
    return _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """The anchors of its headings, as GitHub makes them."""
    found: set[str] = set()
    for heading in _HEADING.findall(prose(page)):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        found.add(anchor if anchor not in found else f"{anchor}-{sum(a.startswith(anchor) for a in found)}")
    return found
