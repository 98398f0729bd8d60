"""Holds the files of a bundle against its manifest: what was altered, taken out or put in after the collection.

The manifest is not signed: this shows accidents and edits, and is no proof against somebody who forges both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping, Set

from arcdiag.case.left_out import LeftOut
from arcdiag.case.streams import CaseFile
from arcdiag.model.case import Manifest, ManifestFile

ALTERED = "it was altered after the collection: size or SHA-256 is not that of the manifest"
MISSING = "it is missing: the manifest names it, so it was taken out after the collection"
UNREAD = "it cannot be read as it was collected, so it could not be held against the manifest"
ADDED = "it was added after the collection: the manifest does not name it"
_BLOCK = 1024 * 1024


def verify(
    manifest: Manifest,
    files: Mapping[str, CaseFile],
    refused: Set[str],
    left_out: LeftOut,
    may_come_later: Container[str] = (),
) -> None:
    """Name in `left_out` what differs; `files` are those of the case by path, without the manifest.

    `refused`: paths of those that could not be read. `may_come_later`: reports, which people put beside the evidence.
    """
    named = {file.path: file for file in manifest.files}
    for path, stated in sorted(named.items()):
        if path not in files:
            left_out.add(path, UNREAD if path in refused else MISSING)
        elif not _is_as_stated(files[path], stated):
            left_out.add(path, ALTERED)
    for path in sorted(files.keys() | refused):
        if path not in named and path not in may_come_later:
            left_out.add(path, ADDED)


def _is_as_stated(file: CaseFile, stated: ManifestFile) -> bool:
    if file.size >= 0 and file.size != stated.size:
        return False
    digest = hashlib.sha256()
    try:
        with file.open() as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except EOFError:
        return False
    return digest.hexdigest() == stated.sha256.lower()
