"""Parts of a large XML file, one after the other: no document types, no entities, no more memory than one part needs.

The text is read inside an element of our own, so a document type is an error and one that expands cannot be declared.
That also lets files be read that hold one document after the other, as `wevtutil qe /f:xml` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

MAX_DEPTH = 100
MAX_NODES = 20_000
MAX_TEXT = 1_000_000
MAX_TOKEN = 4 * 1024**2
"""Bytes of one tag; the parser holds an unfinished one in memory."""
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,200}\?>")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(slots=True)
class Node:
    """An element: `name` without its prefix, in `line` of the file; `text` is all text directly in it."""

    name: str
    attributes: dict[str, str]
    line: int = 0
    texts: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text without blanks around it."""
        return "".join(self.texts).strip()

    def child(self, *names: str) -> Node | None:
        """The first child of the first name, then its child of the next one."""
        node: Node | None = self
        for name in names:
            node = next((c for c in node.children if c.name == name), None) if node else None
        return node

    def value(self, *names: str) -> str:
        """The text of such a child; empty without one."""
        found = self.child(*names)
        return found.text if found else ""

    def all(self, name: str) -> list[Node]:
        """Children of a name."""
        return [c for c in self.children if c.name == name]


class DamagedXmlError(ValueError):
    """XML that cannot be read further; the text says why. What came before was handed out."""


class _Builder:
    """Keeps the elements of the wanted names, with everything in them."""

    def __init__(self, wanted: frozenset[str], parser: expat.XMLParserType) -> None:
        self._wanted, self._parser = wanted, parser
        self.path: list[str] = []
        self._open: list[Node] = []
        self._nodes = self._chars = 0
        self.ready: list[tuple[tuple[str, ...], Node]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        self.path.append(name)
        if len(self.path) > MAX_DEPTH:
            raise DamagedXmlError(f"more than {MAX_DEPTH} elements inside one another")
        if not self._open and name not in self._wanted:
            return
        if not self._open:
            self._nodes = self._chars = 0
        self._nodes += 1
        self._chars += sum(len(k) + len(v) for k, v in attributes.items())
        self._check()
        node = Node(name, attributes, self._parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(node)
        self._open.append(node)

    def text(self, data: str) -> None:
        if self._open:
            self._chars += len(data)
            self._check()
            self._open[-1].texts.append(data)

    def end(self, name: str) -> None:
        self.path.pop()
        if self._open:
            node = self._open.pop()
            if not self._open:
                # Without the element that was put around the text.
                self.ready.append((tuple(self.path[1:]), node))

    def _check(self) -> None:
        if self._nodes > MAX_NODES or self._chars > MAX_TEXT:
            raise DamagedXmlError("an element that is larger than anything Windows writes")


def parts(blocks: Iterable[str], wanted: frozenset[str]) -> Iterator[tuple[tuple[str, ...], Node]]:
    """The elements of these names, each with the names of the elements around it. Raises DamagedXmlError."""
    parser = expat.ParserCreate("utf-8")
    builder = _Builder(wanted, parser)
    parser.buffer_text = True
    fed = 0
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(b"<all>", False)
        for block in _without_declarations(blocks):
            data = _CONTROLS.sub(" ", block).encode("utf-8")
            parser.Parse(data, False)
            fed += len(data)
            yield from builder.ready
            builder.ready.clear()
            if fed - max(parser.CurrentByteIndex, 0) > MAX_TOKEN:
                raise DamagedXmlError("a tag that is larger than anything Windows writes")
        parser.Parse(b"</all>", True)
    except expat.ExpatError as error:
        yield from builder.ready
        raise DamagedXmlError(f"no valid XML in line {error.lineno}: {expat.ErrorString(error.code)}") from error
    except DamagedXmlError:
        yield from builder.ready
        raise


def _refuse(*_: object) -> None:
    raise DamagedXmlError("it declares a document type or entities, which are not read")


def _without_declarations(blocks: Iterable[str]) -> Iterator[str]:
    """`<?xml ...?>` taken out wherever it stands, also where a block ends inside it."""
    held = ""
    for block in blocks:
        text = _DECLARATION.sub("", held + block)
        cut = text.rfind("<?")
        if cut >= 0 and "?>" not in text[cut:] and len(text) - cut < 300:
            held, text = text[cut:], text[:cut]
        elif text.endswith("<"):
            held, text = "<", text[:-1]
        else:
            held = ""
        yield text
    yield held
