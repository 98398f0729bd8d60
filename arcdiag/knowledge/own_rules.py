"""Rules of a person's own: a folder, a YAML file or a rule pack, read as text with a name for each file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from arcdiag import __version__
from arcdiag.knowledge.pack import Pack, is_pack, read_pack
from arcdiag.knowledge.sources import RuleFileError, RuleItem, as_text, digest_of, items_of, rule_files
from arcdiag.knowledge.version import in_range, parse_version

_HASH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class OwnRules:
    """`files`: name to bytes, in the order of loading. `replaces`: the built-in rules are not used at all.

    `label`: name, version and hash of what was read, as reports show it: `own.0123456789ab` for a folder or a file.
    """

    files: Mapping[str, bytes]
    replaces: bool
    label: str

    def items(self) -> Iterator[tuple[RuleItem, str]]:
        """Every rule as plain data, with the text of its file. Raises RuleFileError."""
        for name, data in self.files.items():
            text = as_text(data, name)
            for item in items_of(text, name):
                yield item, text


def read_own(path: Path) -> OwnRules:
    """The rules at `path`. Raises RuleFileError for what is not there, holds no rules, or is no sound pack."""
    if not path.exists():
        raise RuleFileError(str(path), None, None, "no such file or folder")
    if path.is_file() and is_pack(path):
        return of_pack(read_pack(path), path.name)
    files = folder_files(path) if path.is_dir() else {path.name: _bytes(path, path.name)}
    return OwnRules(files, False, f"own.{digest_of(files.items())[:_HASH_SHOWN]}")


def folder_files(folder: Path) -> dict[str, bytes]:
    """The rule files below a folder by their names in it. Raises RuleFileError, also if there is none."""
    files = {path.relative_to(folder).as_posix(): path for path in rule_files(folder)}
    if not files:
        raise RuleFileError(str(folder), None, None, "holds no rule file (*.yaml)")
    return {name: _bytes(path, name) for name, path in files.items()}


def of_pack(pack: Pack, name: str) -> OwnRules:
    """The rules of an opened pack; `name` stands in errors. Raises RuleFileError if it is for other versions."""
    about = pack.manifest
    try:
        fits = in_range(parse_version(__version__) or (), about.arcdiag)
    except ValueError as error:
        raise RuleFileError(name, None, "arcdiag", str(error)) from error
    if not fits:
        raise RuleFileError(
            name, None, "arcdiag", f"this pack is for arcdiag {about.arcdiag}, and this is {__version__}"
        )
    label = f"{about.pack}-{about.version}.{pack.digest[:_HASH_SHOWN]}"
    return OwnRules(pack.files, about.mode == "replaces", label)


def _bytes(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RuleFileError(name, None, None, f"cannot be read: {error.strerror}") from error
