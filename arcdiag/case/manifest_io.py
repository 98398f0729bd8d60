"""`manifest.json`: what a bundle says of itself."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, TypeVar

from arcdiag.case.limits import MAX_MANIFEST_BYTES, MAX_MANIFEST_ENTRIES
from arcdiag.case.plain_json import NotPlainError, parse_json
from arcdiag.model.case import Manifest, ManifestFile, NotEvaluated

_T = TypeVar("_T", str, int, bool)
_DAY_MINUTES = 24 * 60
_TEXTS = ("schema_version", "tool_version", "rules_version", "host", "os", "collected_at")


class NotAManifestError(ValueError):
    """Data that is no manifest of arcdiag; the text says why."""


def manifest_to_json(manifest: Manifest) -> str:
    """The text of `manifest.json`: keys sorted, one a line, so that equal manifests are equal bytes."""
    return json.dumps(asdict(manifest), sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def manifest_from_json(raw: bytes) -> Manifest:
    """The manifest in `raw`; keys that are not known are ignored. Raises NotAManifestError."""
    if len(raw) > MAX_MANIFEST_BYTES:
        raise NotAManifestError("it is too long")
    try:
        data = parse_json(raw.decode("utf-8-sig"))
    except (NotPlainError, UnicodeDecodeError) as error:
        raise NotAManifestError("it is no JSON" if isinstance(error, UnicodeDecodeError) else str(error)) from error
    if not isinstance(data, dict):
        raise NotAManifestError("it is no JSON object")
    texts = {key: _get(data, key, str) for key in _TEXTS}
    return Manifest(
        **texts,
        utc_offset_minutes=_offset(data),
        user=None if data.get("user") is None else _get(data, "user", str),
        elevated=_get(data, "elevated", bool),
        files=tuple(_file(item) for item in _list(data, "files")),
        left_out=tuple(NotEvaluated(_get(i, "what", str), _get(i, "why", str)) for i in _list(data, "left_out")),
    )


def _offset(data: dict[str, Any]) -> int:
    minutes = _get(data, "utc_offset_minutes", int)
    if abs(minutes) > _DAY_MINUTES:
        raise NotAManifestError("its utc_offset_minutes is no offset of a time zone")
    return minutes


def _file(item: dict[str, Any]) -> ManifestFile:
    return ManifestFile(
        _get(item, "path", str), _get(item, "kind", str), _get(item, "size", int), _get(item, "sha256", str)
    )


def _list(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    items = data.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise NotAManifestError(f"its {key} are no list of objects")
    if len(items) > MAX_MANIFEST_ENTRIES:
        raise NotAManifestError(f"its {key} are more than {MAX_MANIFEST_ENTRIES:,}")
    return items


def _get(data: dict[str, Any], key: str, kind: type[_T]) -> _T:
    value = data.get(key)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise NotAManifestError(f"its {key} is missing or of another type")
    return value
