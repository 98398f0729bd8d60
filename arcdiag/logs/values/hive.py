r"""Registry hives (`System32\config\SOFTWARE`, `reg save`), read with the library regipy where it is installed.

The library finds keys; the bytes of values are decoded here, so that a DWORD of three bytes is malformed and no number.
A hive from somebody else can be built to waste time: nodes are counted, and no more than NODES of them are looked at.
"""

from __future__ import annotations

import logging
import shutil
import struct
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from arcdiag.logs.values.registry import RegistryValue, kind_name, normal
from arcdiag.logs.values.registry_data import decoded
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, absent

MAGIC = b"regf"
MAX_BYTES = 256 * 1024**2
NODES = 60_000
_CHILDREN = 20_000
_VALUES = 2_000
_CELLS = 4096
_INLINE = 0x8000_0000
_MAX_PLAIN = 0x3FD8
_KINDS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"select", "controlset001"}), r"hklm\system"),
    (frozenset({"microsoft", "classes"}), r"hklm\software"),
    (frozenset({"microsoft", "policies"}), r"hklm\software"),
    (frozenset({"software", "control panel"}), "hkcu"),
)
"""Keys that stand at the top of a hive, and which part of the registry it therefore is."""
_CURRENT = r"hklm\system\currentcontrolset"


class HiveError(ValueError):
    """A hive that cannot be read; the text says why."""


@dataclass
class HiveRegistry:
    """A hive as a registry; see Registry. Whatever is damaged in it gives readings with status ERROR."""

    hive: Any
    root: str
    _known: dict[str, dict[str, Any]] = field(default_factory=dict)
    _left: int = NODES

    def values(self, key: str) -> Reading[Mapping[str, RegistryValue]]:
        """The values of a key."""
        if not self._inside(key):
            return Reading(FactStatus.UNSUPPORTED, None, f"{key}: not in this hive")
        try:
            node = self._node(self._resolved(key))
            if node is None:
                return absent(f"{key}: not there")
            return Reading.of({value.name.lower(): value for value in self._values_of(node)})
        except HiveError as error:
            return Reading(FactStatus.ERROR, None, f"{key}: {error}")

    def subkeys(self, key: str) -> Reading[tuple[str, ...]]:
        """The keys directly below."""
        if not self._inside(key):
            return Reading(FactStatus.UNSUPPORTED, None, f"{key}: not in this hive")
        try:
            wanted = self._resolved(key)
            node = self._node(wanted)
            if node is None:
                return absent(f"{key}: not there")
            return Reading.of(tuple(str(child.name) for child in self._children(wanted, node).values()))
        except HiveError as error:
            return Reading(FactStatus.ERROR, None, f"{key}: {error}")

    def _inside(self, key: str) -> bool:
        wanted = normal(key)
        return wanted == self.root or wanted.startswith(self.root + "\\")

    def _resolved(self, key: str) -> str:
        wanted = normal(key)
        if not (wanted == _CURRENT or wanted.startswith(_CURRENT + "\\")):
            return wanted
        select = self._node(r"hklm\system\select")
        found = {v.name.lower(): v.data for v in self._values_of(select)} if select is not None else {}
        number = found.get("current")
        if not isinstance(number, int):
            raise HiveError("Select\\Current, which names the control set, cannot be read")
        return rf"hklm\system\controlset{number:03d}" + wanted[len(_CURRENT) :]

    def _node(self, key: str) -> Any | None:
        node, path = self.hive.root, self.root
        for name in filter(None, key[len(self.root) :].split("\\")):
            node = self._children(path, node).get(name)
            if node is None:
                return None
            path = f"{path}\\{name}"
        return node

    def _children(self, path: str, node: Any) -> dict[str, Any]:
        if path not in self._known:
            with _damage():
                listed = list(islice(node.iter_subkeys(), min(_CHILDREN, self._left + 1)))
            self._left -= len(listed)
            if self._left < 0 or len(listed) >= _CHILDREN:
                raise HiveError("it holds more keys than any registry")
            self._known[path] = {str(child.name).lower(): child for child in listed}
        return self._known[path]

    def _values_of(self, node: Any) -> Iterator[RegistryValue]:
        from regipy.structs import VALUE_KEY

        if node.values_count > _VALUES:
            raise HiveError(f"a key with {node.values_count:,} values")
        stream = node._stream
        for index in range(node.values_count):
            with _damage():
                stream.seek(_CELLS + 4 + node.header.values_list_offset + 4 * index)
                (offset,) = struct.unpack("<I", stream.read(4))
                stream.seek(_CELLS + 4 + offset)
                entry = VALUE_KEY.parse_stream(stream)
                name = "" if entry.name_size == 0 else _name(entry)
                raw = _data(stream, int(entry.data_size), int(entry.data_offset))
                kind = kind_name(int(entry.data_type))
            if raw is not None:
                yield RegistryValue(name, kind, decoded(kind, raw))


def _name(entry: Any) -> str:
    return str(entry.name.decode("latin-1" if entry.flags.VALUE_COMP_NAME else "utf-16-le", "replace"))


def _data(stream: BinaryIO, size: int, offset: int) -> bytes | None:
    """The bytes of a value; None for one that is kept in several places (larger than 16 KB), which nothing needs."""
    if size >= _INLINE:
        return struct.pack("<I", offset)[: size - _INLINE]
    if size > _MAX_PLAIN:
        return None
    stream.seek(_CELLS + 4 + offset)
    raw = stream.read(size)
    if len(raw) < size:
        raise ValueError("a value ends outside of the file")
    return raw


@contextmanager
def _damage() -> Iterator[None]:
    """Whatever the library raises for damaged data, as a HiveError."""
    from construct import ConstructError
    from regipy.exceptions import RegipyException

    try:
        yield
    except (ConstructError, RegipyException, ValueError, TypeError, AttributeError, LookupError, struct.error) as error:
        raise HiveError("it is damaged") from error
    except (ArithmeticError, RecursionError, MemoryError, RuntimeError, OSError) as error:
        raise HiveError("it is damaged") from error


@contextmanager
def open_hive(stream: BinaryIO) -> Iterator[HiveRegistry]:
    """The registry of a hive file. Raises HiveError: too large, damaged, of another kind, or no regipy installed."""
    try:
        from regipy.registry import RegistryHive
    except ImportError as error:
        raise HiveError(
            "a registry hive; install arcdiag[hives] to have it read, or add a text export (reg export)"
        ) from error
    _silence()
    with tempfile.TemporaryDirectory(prefix="arcdiag-") as folder:
        path = Path(folder) / "hive"
        with path.open("wb") as file:
            shutil.copyfileobj(_Capped(stream), file, 1024 * 1024)
        _check_length(path)
        with _damage():
            hive: Any = RegistryHive(str(path))  # type: ignore[no-untyped-call]
            names = {str(child.name).lower() for child in islice(hive.root.iter_subkeys(), _CHILDREN)}
        root = next((root for needed, root in _KINDS if needed <= names), None)
        if root is None:
            raise HiveError("a registry hive of a part that is not looked at (needed: SOFTWARE, SYSTEM, NTUSER.DAT)")
        yield HiveRegistry(hive, root)


def _check_length(path: Path) -> None:
    """The header tells how long the bins are; of a shorter file nobody knows what is lost."""
    with path.open("rb") as file:
        header = file.read(44)
    if len(header) < 44 or path.stat().st_size < _CELLS + int.from_bytes(header[40:44], "little"):
        raise HiveError("a registry hive that is cut off")


def _silence() -> None:
    """The library logs what it cannot parse; here that becomes a fact, and nothing is printed."""
    logger = logging.getLogger("regipy")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


class _Capped:
    """A stream that is refused when it turns out too long."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner, self._read = inner, 0

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read(size)
        self._read += len(data)
        if self._read > MAX_BYTES:
            raise HiveError(f"a registry hive of more than {MAX_BYTES // 1024**2} MiB, which is not read")
        return data
