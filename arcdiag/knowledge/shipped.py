"""The rules that ship with arcdiag: from the compiled file of a wheel, from the cache of a checkout, or from YAML.

The compiled form holds them typed, checked and with their patterns taken apart, so that a start neither parses YAML nor
checks anything again. A wheel carries it. A checkout keeps it in the user's cache folder; there it counts only if its
key is the hash of all rule files, of the code that reads them and of the versions of both languages. Times and sizes of
files would be quicker to ask for and are not enough: editors, copies and other branches may keep them.
"""

from __future__ import annotations

import gc
import sys
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from arcdiag import __version__
from arcdiag.knowledge.rule_set import CompiledCause, RuleSet, RuleSetBuilder
from arcdiag.knowledge.sources import (
    COMPILED,
    RuleFileError,
    as_text,
    data_dir,
    digest_of,
    items_of,
    packaged_file,
    read_sources,
)

_CHECKSUM = 4


class Shipped(msgspec.Struct, frozen=True):
    """`key`: what they were made of. `grouped`: the causes that name groups of roles, before those were written out."""

    key: str
    rules: RuleSet
    grouped: dict[str, CompiledCause]

    def builder(self) -> RuleSetBuilder:
        """A builder that holds these rules, for others to come over them."""
        return RuleSetBuilder.of(replace(self.rules, causes={**self.rules.causes, **self.grouped}))


def shipped_rules(fresh: bool = False) -> Shipped:
    """The shipped rules; if `fresh` from the rule files themselves, with every check. Raises RuleFileError."""
    if not fresh and (found := _packaged()) is not None:
        return found
    from arcdiag.knowledge.cache import read_cached, write_cached

    root = data_dir("rules")
    files = read_sources(root)
    key, name = _key(files), cache_name("rules", root)
    if not fresh and (found := unpacked(read_cached(name), key)) is not None:
        return found
    made = compiled(root, files)
    if not packaged_file(COMPILED).exists():
        write_cached(name, packed(made))
    return made


def compiled(root: Path, files: Sequence[tuple[str, bytes]]) -> Shipped:
    """The rules in these files (name, bytes) of `root`, typed and checked. Raises RuleFileError."""
    from arcdiag.knowledge.compile import add_item

    if not files:
        raise RuleFileError(str(root), None, None, "holds no rules; install arcdiag again")
    builder = RuleSetBuilder()
    for name, data in files:
        text = as_text(data, name)
        for item in items_of(text, name):
            add_item(builder, item, text)
    rules = builder.build(f"{__version__}+{digest_of(files)[:12]}")
    grouped = {id_: cause for id_, cause in builder.causes.items() if cause != rules.causes[id_]}
    return Shipped(_key(files), rules, grouped)


def packed(shipped: Shipped) -> bytes:
    """The compiled form: a CRC-32, which tells of damage, and behind it the MessagePack that it is of."""
    data = msgspec.msgpack.encode(shipped)
    return _checksum(memoryview(data)) + data


def unpacked(data: bytes | None, key: str | None = None) -> Shipped | None:
    """What `packed` made, types checked; None for anything else, for another version's and for another `key`."""
    if data is None:
        return None
    body = memoryview(data)[_CHECKSUM:]
    if _checksum(body) != data[:_CHECKSUM]:
        return None
    try:
        found = _decoded(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    return found if (found.key == key if key else found.key.startswith(f"{__version__} ")) else None


def _checksum(data: memoryview) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM, "big")


def _decoded(data: memoryview) -> Shipped:
    """Raises DecodeError, also where a type does not fit."""
    # Some ten thousand objects appear and none can be garbage: looking for it takes as long as the decoding.
    searched = gc.isenabled()
    gc.disable()
    try:
        return msgspec.msgpack.decode(data, type=Shipped)
    finally:
        if searched:
            gc.enable()


def _packaged() -> Shipped | None:
    try:
        return unpacked(packaged_file(COMPILED).read_bytes())
    except OSError:
        return None


def _key(files: Sequence[tuple[str, bytes]]) -> str:
    code = sorted(Path(__file__).parent.glob("*.py"))
    python = ".".join(map(str, sys.version_info[:2]))
    readers = digest_of((path.name, path.read_bytes()) for path in code)
    return f"{__version__} {digest_of(files)} {readers} python-{python} msgspec-{msgspec.__version__}"


def cache_name(kind: str, place: Path) -> str:
    """A name of its own for the rules of each place, so that two of them do not take turns."""
    digest = digest_of([(place.as_posix().encode("utf-8", "surrogateescape").hex(), b"")])
    return f"{kind}-{digest[:16]}.msgpack"
