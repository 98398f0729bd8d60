"""The JSON Schema of rule files, for editors: made of the types that check the rules themselves."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from arcdiag.knowledge.entry import COMPOUND, LISTS
from arcdiag.knowledge.pack import PackManifest
from arcdiag.knowledge.rule_base import Rule
from arcdiag.knowledge.rule_types import KINDS, CauseRule

DRAFT = "http://json-schema.org/draft-07/schema#"
"""What the YAML extensions of editors read; the schema uses nothing that later drafts changed."""
FILES = ("rules.json", "pack.json")
_CONDITION = {
    "anyOf": [
        {"type": ["string", "number", "boolean"]},
        {"type": "array", "items": {"type": ["string", "number", "boolean"]}},
    ]
}


def schema_files() -> dict[str, str]:
    """File name to text: `rules.json` for rule files, `pack.json` for the manifest of a rule pack."""
    made = {"rules.json": rules_schema(), "pack.json": _schema_of(PackManifest, "The manifest of a rule pack")}
    return {name: json.dumps(made[name], indent=1, ensure_ascii=False) + "\n" for name in FILES}


def rules_schema() -> dict[str, Any]:
    """A rule file: one rule, or a list of rules; the key that names a rule's kind chooses what else it may hold."""
    _, found = msgspec.json.schema_components(KINDS.values(), ref_template="#/definitions/{name}")
    definitions = {name: _older(part) for name, part in found.items()}
    for name in LISTS:
        items = definitions[CauseRule.__name__]["properties"][name]
        items["items"] = {"$ref": "#/definitions/Entry"}
    definitions["Entry"] = _entry()
    definitions["Rule"] = _rule()
    rule = {"$ref": "#/definitions/Rule"}
    return {
        "$schema": DRAFT,
        "title": "arcdiag rule file",
        "if": {"type": "array"},
        "then": {"items": rule},
        "else": {"anyOf": [{"type": "null"}, rule]},
        "definitions": dict(sorted(definitions.items())),
    }


def _rule() -> dict[str, Any]:
    """One kind after the other, so that an editor tells what is wrong with the kind that is meant."""
    chosen: dict[str, Any] = {"anyOf": [{"required": [kind]} for kind in KINDS]}
    for kind in reversed(_by_inclusion()):
        then = {"$ref": f"#/definitions/{KINDS[kind].__name__}"}
        chosen = {"if": {"required": [kind]}, "then": then, "else": chosen}
    hints = {kind: {"description": (KINDS[kind].__doc__ or "").splitlines()[0]} for kind in KINDS}
    return {"type": "object", "properties": {kind: hints[kind] for kind in KINDS}, **chosen}


def _by_inclusion() -> list[str]:
    """The kinds, each before those whose key is a field of it: a signal may have a `step`, and is none."""
    order: list[str] = []

    def place(kind: str) -> None:
        if kind not in order:
            for other in KINDS:
                if other != kind and kind in _fields(KINDS[other]):
                    place(other)
            order.append(kind)

    for kind in KINDS:
        place(kind)
    return order


def _fields(rule: type[Rule]) -> tuple[str, ...]:
    return rule.__struct_fields__


def _entry() -> dict[str, Any]:
    """What stands in a cause's lists; the kinds of `knowledge/entry.py`."""
    own = {"type": "string"}
    simple: list[dict[str, Any]] = [
        {"properties": {kind: own}, "required": [kind], "additionalProperties": _CONDITION}
        for kind in ("signal", "fact", "code")
    ]
    parts = {"type": "array", "minItems": 2, "items": {"anyOf": [own, *simple]}}
    compound: list[dict[str, Any]] = [
        {"properties": {k: parts}, "required": [k], "additionalProperties": False} for k in COMPOUND
    ]
    return {
        "description": "the id of a signal, or what is asked of a signal, a fact or a code",
        "anyOf": [own, *({"type": "object", **part} for part in (*simple, *compound))],
    }


def _schema_of(type_: Any, title: str) -> dict[str, Any]:
    (body,), found = msgspec.json.schema_components([type_], ref_template="#/definitions/{name}")
    return {"$schema": DRAFT, "title": title, **body, "definitions": {n: _older(p) for n, p in sorted(found.items())}}


def _older(part: Any) -> Any:
    """The same in the older draft: a tuple's items are called otherwise there."""
    if isinstance(part, dict):
        made = {key: _older(value) for key, value in part.items()}
        if "prefixItems" in made:
            made["items"] = made.pop("prefixItems")
            made["additionalItems"] = False
        return made
    return [_older(value) for value in part] if isinstance(part, list) else part
