"""What arcdiag itself wrote into a case: the manifest, the facts, and reports, which are never evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from arcdiag.case.facts_io import read_facts
from arcdiag.case.left_out import LeftOut
from arcdiag.case.limits import MAX_MANIFEST_BYTES
from arcdiag.case.manifest_io import NotAManifestError, manifest_from_json
from arcdiag.case.names import numbered
from arcdiag.case.streams import CaseFile
from arcdiag.case.verify import verify
from arcdiag.model.case import Manifest
from arcdiag.model.fact import Fact

MANIFEST = "manifest.json"
FACTS = "facts.jsonl"
REDACTION = "redaction.json"
DIAGNOSIS = "diagnosis.json"
REPORT = "report.html"
REPORTS = (DIAGNOSIS, REPORT, "report.json", REDACTION)
NO_MANIFEST = "it is missing: this was a bundle of arcdiag, and what was altered or taken out of it cannot be told"
NO_FILES = "it names no file, so that what was altered, taken out or added cannot be told"
_ONLY_IN_BUNDLES = (REDACTION, DIAGNOSIS)
_HEAD = 8192


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of a case, sorted out; `redaction` says what was removed when the bundle was made."""

    files: tuple[CaseFile, ...]
    manifest: Manifest | None
    facts: tuple[Fact, ...]
    redaction: CaseFile | None = None


def read_bundle(found: Iterable[CaseFile], left_out: LeftOut) -> Bundle:
    """Manifest and facts out of the files at the top, reports left aside, double names numbered, all by path."""
    taken: set[str] = set()
    files = [replace(file, path=numbered(file.path, taken)) for file in found]
    folder = _common_folder(files)
    by_path = {(path := file.path.removeprefix(folder)): replace(file, path=path) for file in files}
    manifest = _manifest(by_path, left_out)
    if manifest is not None:
        _hold_against(manifest, by_path, folder, left_out)
    elif any(name in by_path and _is_own_report(by_path[name]) for name in _ONLY_IN_BUNDLES):
        left_out.add(MANIFEST, NO_MANIFEST)
    facts: tuple[Fact, ...] = ()
    if FACTS in by_path:
        with by_path.pop(FACTS).open() as stream:
            facts = tuple(read_facts(stream, FACTS, left_out))
    redaction = by_path.get(REDACTION)
    for name in REPORTS:
        if name in by_path and (manifest or _is_own_report(by_path[name])):
            del by_path[name]
    if REDACTION in by_path:
        redaction = None
    return Bundle(tuple(sorted(by_path.values(), key=lambda file: file.path)), manifest, facts, redaction)


def _hold_against(manifest: Manifest, by_path: dict[str, CaseFile], folder: str, left_out: LeftOut) -> None:
    if not manifest.files:
        left_out.add(MANIFEST, NO_FILES)
        return
    refused = {name.removeprefix(folder) for name in left_out.names()}
    verify(manifest, by_path, refused, left_out, REPORTS)


def _common_folder(files: list[CaseFile]) -> str:
    """The folder, with its slash, with which a bundle was packed again after it was unpacked; empty for all others."""
    top = {file.path.partition("/")[0] for file in files}
    if len(top) != 1:
        return ""
    folder = f"{top.pop()}/"
    manifest = next((file for file in files if file.path == folder + MANIFEST), None)
    if manifest is None or not all(file.path.startswith(folder) for file in files):
        return ""
    return folder if isinstance(_parsed(manifest), Manifest) else ""


def _manifest(by_path: dict[str, CaseFile], left_out: LeftOut) -> Manifest | None:
    """The manifest, taken out of `by_path`; a file of that name that is somebody else's stays there."""
    if MANIFEST not in by_path:
        return None
    parsed = _parsed(by_path[MANIFEST])
    if isinstance(parsed, Manifest):
        del by_path[MANIFEST]
        return parsed
    if FACTS in by_path:
        left_out.add(MANIFEST, f"it is not read: {parsed}")
        del by_path[MANIFEST]
    return None


def _parsed(file: CaseFile) -> Manifest | str:
    """The manifest, or why it is none."""
    try:
        return manifest_from_json(_read(file, MAX_MANIFEST_BYTES + 1))
    except (NotAManifestError, EOFError) as error:
        return str(error)


def _is_own_report(file: CaseFile) -> bool:
    try:
        return b"arcdiag" in _read(file, _HEAD)
    except EOFError:
        return False


def _read(file: CaseFile, size: int) -> bytes:
    with file.open() as stream:
        return stream.read(size)
