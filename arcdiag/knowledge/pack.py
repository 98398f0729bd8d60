"""A rule pack: rule files in one zip, with a manifest that names, versions and hashes them. Data only; nothing runs.

The same files and the same manifest give the same bytes, on every system. The manifest is not signed: its hashes show
damage, not forgery.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from arcdiag.errors import InputError
from arcdiag.knowledge.rule_base import Rule
from arcdiag.knowledge.sources import MAX_RULE_FILE, RuleFileError

MANIFEST = "pack.json"
RULES_FORMAT = 1
"""The form of the rule files; it grows when an older arcdiag could not read them any more."""
MAX_PACK = 32 * 1024 * 1024
MAX_FILES = 2_000
_MAX_MANIFEST = 1024 * 1024
_MAGIC = b"PK\x03\x04"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_PATH = r"^([A-Za-z0-9_][A-Za-z0-9_.-]{0,60}/){0,6}[A-Za-z0-9_][A-Za-z0-9_.-]{0,80}\.ya?ml$"

PackName = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
PackVersion = Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]+){0,3}$", max_length=20)]
Mode = Literal["extends", "replaces"]


class PackFile(Rule, frozen=True, kw_only=True):
    """One rule file of a pack: path in the pack, bytes, SHA-256 in hex."""

    path: Annotated[str, Meta(pattern=_PATH)]
    size: Annotated[int, Meta(ge=0, le=MAX_RULE_FILE)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class PackManifest(Rule, frozen=True, kw_only=True):
    """What a pack is. `mode`: its rules come over the built-in ones, or stand in their place.

    `arcdiag`: the versions that can use it, as a range such as `>=0.1,<0.3`.
    """

    pack: PackName
    version: PackVersion
    mode: Mode
    rules_format: int
    arcdiag: str
    files: Annotated[tuple[PackFile, ...], Meta(min_length=1, max_length=MAX_FILES)]


@dataclass(frozen=True, slots=True)
class Pack:
    """An opened pack. `files`: path to bytes; `digest`: SHA-256 of the whole pack in hex."""

    manifest: PackManifest
    files: Mapping[str, bytes]
    digest: str


def is_pack(path: Path) -> bool:
    """Whether a file begins as a zip does. Raises RuleFileError if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        raise RuleFileError(str(path), None, None, f"cannot be read: {error.strerror}") from error


def pack_bytes(name: str, version: str, mode: str, arcdiag: str, files: Mapping[str, bytes]) -> bytes:
    """The pack of these rule files, as bytes. Raises InputError for a name, version or path that a pack cannot have."""
    odd = next((path for path in files if not re.match(_PATH, path)), None)
    if odd is not None:
        raise InputError(f"cannot be packed: rename {odd!r}: names have letters, digits, hyphens, _ and dots")
    listed = [
        {"path": path, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for path, data in sorted(files.items())
    ]
    about = {"pack": name, "version": version, "mode": mode, "rules_format": RULES_FORMAT, "arcdiag": arcdiag}
    try:
        manifest = msgspec.convert({**about, "files": listed}, PackManifest)
    except msgspec.ValidationError as error:
        raise InputError(f"cannot be packed: {error}") from error
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path, data in {MANIFEST: text, **dict(sorted(files.items()))}.items():
            # Not compressed: what a compressor makes of the same text differs from system to system.
            info = zipfile.ZipInfo(path, _EARLIEST)
            info.create_system = 3
            info.external_attr = _READABLE << 16
            archive.writestr(info, data)
    if target.tell() > MAX_PACK:
        raise InputError(f"cannot be packed: a pack has at most {MAX_PACK:,} bytes, and this has {target.tell():,}")
    return target.getvalue()


def read_pack(path: Path) -> Pack:
    """Open a pack and check it: size, members, manifest, format, and the hash of every file.

    Raises RuleFileError, in one line, for whatever is not as it must be; nothing is ever unpacked to the disk.
    """
    try:
        if path.stat().st_size > MAX_PACK:
            raise RuleFileError(path.name, None, None, f"a rule pack has at most {MAX_PACK:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise RuleFileError(str(path), None, None, f"cannot be read: {error.strerror}") from error
    return parse_pack(data, path.name)


def parse_pack(data: bytes, name: str) -> Pack:
    """The same for the bytes of a pack; `name` stands in errors. Raises RuleFileError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive, name)
            if MANIFEST not in members:
                raise RuleFileError(name, None, None, f"no rule pack: it holds no {MANIFEST}")
            manifest = _manifest(_content(archive, members.pop(MANIFEST), _MAX_MANIFEST, name), name)
            listed = {file.path: file for file in manifest.files}
            _same_names(set(members), listed, name)
            files = {path: _content(archive, members[path], listed[path].size, name) for path in listed}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise RuleFileError(name, None, None, f"a damaged zip: {error}") from error
    for path, file in listed.items():
        if len(files[path]) != file.size or hashlib.sha256(files[path]).hexdigest() != file.sha256:
            raise RuleFileError(f"{name}:{path}", None, None, "is not the file that the pack's manifest lists")
    return Pack(manifest, files, hashlib.sha256(data).hexdigest())


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MAX_FILES + 1:
        raise RuleFileError(name, None, None, f"a rule pack has at most {MAX_FILES:,} files")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        if info.filename in found or info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
            raise RuleFileError(name, None, None, f"{info.filename[:80]!r} is there twice, encrypted or packed oddly")
        found[info.filename] = info
    if sum(info.file_size for info in infos) > MAX_PACK:
        raise RuleFileError(name, None, None, f"a rule pack holds at most {MAX_PACK:,} bytes")
    return found


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int, name: str) -> bytes:
    with archive.open(info) as member:
        data = member.read(most + 1)
    if len(data) > most:
        raise RuleFileError(f"{name}:{info.filename}", None, None, f"has more than {most:,} bytes")
    return data


def _manifest(data: bytes, name: str) -> PackManifest:
    place = f"{name}:{MANIFEST}"
    try:
        manifest = msgspec.json.decode(data, type=PackManifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RuleFileError(place, None, None, f"no manifest of a rule pack: {error}") from error
    if manifest.rules_format != RULES_FORMAT:
        wanted = f"rules of format {RULES_FORMAT}, not {manifest.rules_format}"
        raise RuleFileError(
            place, None, "rules_format", f"this arcdiag reads {wanted}; use the arcdiag it was made for"
        )
    return manifest


def _same_names(members: set[str], listed: Mapping[str, PackFile], name: str) -> None:
    for path in sorted(members ^ set(listed)):
        where = "the manifest does not list" if path in members else "the manifest lists and the pack lacks"
        raise RuleFileError(name, None, None, f"{where} {path[:80]!r}")
