"""The extensions of an Azure virtual machine and how they ended, from any JSON that lists them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from arcdiag.logs.values.azure_json import Doc, body, count_of, part, parts, text_of
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.subject import Subject, SubjectKind

_BY = "azure-vm-json"
_MESSAGE_CHARS = 600
_TYPE_KEYS = ("typepropertiestype", "virtualmachineextensiontype", "extensiontype")


def is_extension(doc: Doc) -> bool:
    """Whether an object is one extension, as `az vm extension list` and `az vm extension show` print it."""
    type_ = (text_of(doc, "type") or "").lower()
    return type_.endswith("/extensions") or ("typehandlerversion" in doc and "publisher" in doc)


def extension_facts(docs: Iterable[Doc], source: str) -> list[Fact]:
    """`vm.extension` of each: `kind` is its type without the publisher; `state` succeeded, failed, transitioning."""
    found = []
    for doc in docs:
        fact = _fact(body(doc), source)
        if fact is not None:
            found.append(fact)
    return found


def _fact(doc: Doc, source: str) -> Fact | None:
    name = text_of(doc, "name")
    kind = _kind(doc)
    if not name and not kind:
        return None
    view = part(doc, "instanceview")
    statuses = parts(view if view is not None else doc, "statuses")
    status: Doc = statuses[0] if statuses else {}
    code = text_of(status, "code") or ""
    message = text_of(status, "message")
    state = code.lower().removeprefix("provisioningstate/").partition("/")[0] or (
        (text_of(doc, "provisioningstate") or "").lower() or None
    )
    value: dict[str, Any] = {
        "kind": kind,
        "publisher": text_of(doc, "publisher"),
        "version": text_of(doc, "typehandlerversion"),
        "state": state,
        "code": code or None,
        "message": message[:_MESSAGE_CHARS] if message else None,
        "port": count_of(part(doc, "settings") or {}, "port"),
    }
    return Fact(
        "vm.extension", Subject(SubjectKind.SERVICE, name or kind or ""), FactStatus.OK, value, by=_BY, raw=source
    )


def _kind(doc: Doc) -> str | None:
    """The type: a resource has its own `type`, and the extension's in another member; an instance view has the latter.

    An instance view writes publisher and type in one, `Microsoft.CPlat.Core.WindowsPatchExtension`.
    """
    told = text_of(doc, *_TYPE_KEYS)
    if told is None:
        own = text_of(doc, "type")
        inner = text_of(part(doc, "properties") or {}, "type")
        told = inner if own is None or "/" in own else own
    return told.rpartition(".")[2] if told and "/" not in told else None
