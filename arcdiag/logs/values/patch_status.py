"""The results of automatic guest patching: `patchStatus` of an instance view, what `az vm assess-patches` prints."""

from __future__ import annotations

import re
from typing import Any

from arcdiag.logs.times import parse_time
from arcdiag.logs.values.azure_json import Doc, count_of, documents, flag_of, part, parts, text_of
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.subject import Subject

_BY = "azure-vm-json"
_ASSESSMENT = "patch.assessment"
_INSTALLATION = "patch.installation"
_CONFIGURATION = "patch.configuration"
CODES = 20
_MESSAGES = 5
_MESSAGE_CHARS = 500
_HRESULT = re.compile(r"(?<![0-9A-Za-z])0x([0-9A-Fa-f]{8})(?![0-9A-Za-z])")
_DECIMAL = re.compile(r"(?<![\d.-])-21\d{8}(?!\.?\d)")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,60}\Z")
_COUNTS = {
    "critical": "criticalandsecuritypatchcount",
    "other": "otherpatchcount",
    "installed": "installedpatchcount",
    "failed": "failedpatchcount",
    "pending": "pendingpatchcount",
    "excluded": "excludedpatchcount",
    "not_selected": "notselectedpatchcount",
}
_SUBSTATUS = {
    "patchassessmentsummary": _ASSESSMENT,
    "patchinstallationsummary": _INSTALLATION,
    "configurepatchingsummary": _CONFIGURATION,
}


def is_patch_result(doc: Doc) -> bool:
    """Whether an object is what `az vm assess-patches` or `install-patches` print. Keys are in lower case."""
    return "status" in doc and bool({"assessmentactivityid", "installationactivityid"} & doc.keys())


def result_facts(doc: Doc, subject: Subject, source: str) -> list[Fact]:
    """The fact of such a result."""
    name = _ASSESSMENT if "assessmentactivityid" in doc else _INSTALLATION
    return [_summary(name, doc, subject, source)]


def patch_facts(view: Doc, subject: Subject, source: str) -> list[Fact]:
    """`patch.assessment`, `patch.installation`, `patch.configuration` of an instance view; [] if it tells none.

    Values: `outcome` (failed, succeeded, completedwithwarnings, inprogress, unknown), counts, `codes` (HRESULTs in
    capitals and code words, at most CODES) and `messages` of the errors. What the patch extension itself reports is
    read only where Azure's own summary is missing.
    """
    status = part(view, "patchstatus") or {}
    found: dict[str, Fact] = {}
    for name, key in ((_ASSESSMENT, "availablepatchsummary"), (_INSTALLATION, "lastpatchinstallationsummary")):
        summary = part(status, key)
        if summary:
            found[name] = _summary(name, summary, subject, source)
    configuration = parts(status, "configurationstatuses")
    if configuration:
        found[_CONFIGURATION] = _configuration(configuration, subject, source)
    for fact in _reported(view, subject, source):
        found.setdefault(fact.fact, fact)
    return list(found.values())


def _summary(name: str, summary: Doc, subject: Subject, source: str) -> Fact:
    error = part(summary, "error")
    codes, messages = errors_of(error)
    value: dict[str, Any] = {
        "outcome": (text_of(summary, "status") or "unknown").lower(),
        **{key: count_of(summary, member) for key, member in _COUNTS.items()},
        "window_exceeded": flag_of(summary, "maintenancewindowexceeded"),
        "reboot_pending": flag_of(summary, "rebootpending"),
        "reboot_status": text_of(summary, "rebootstatus"),
        "started": text_of(summary, "starttime", "startdatetime"),
        "codes": codes,
        "messages": messages,
    }
    return Fact(name, subject, FactStatus.OK, value, at=_at(summary), by=_BY, raw=source)


def _configuration(statuses: list[Doc], subject: Subject, source: str) -> Fact:
    """Several states, the worst of them first: Azure lists them without an order."""
    levels = [_level(status) for status in statuses]
    worst = statuses[levels.index("error")] if "error" in levels else statuses[0]
    message = text_of(worst, "message")
    codes, messages = errors_of({"code": text_of(worst, "code"), "message": message})
    value = {
        "outcome": "failed" if "error" in levels else "succeeded",
        "codes": codes if "error" in levels else [],
        "messages": messages,
        "display": text_of(worst, "displaystatus"),
    }
    return Fact(_CONFIGURATION, subject, FactStatus.OK, value, at=_at(worst), by=_BY, raw=source)


def _level(status: Doc) -> str:
    """PowerShell writes the level as a number."""
    number = min(count_of(status, "level") or 0, 2)
    return (text_of(status, "level") or ("info", "warning", "error")[number]).lower()


def _reported(view: Doc, subject: Subject, source: str) -> list[Fact]:
    """What the patch extension says in its substatuses: JSON in a text."""
    found = []
    for extension in parts(view, "extensions"):
        for status in parts(extension, "substatuses"):
            label = (text_of(status, "name") or text_of(status, "code") or "").lower()
            name = next((fact for word, fact in _SUBSTATUS.items() if word in label), None)
            inner = documents(_whole_text(status, "message")) if name else []
            if name and inner:
                found.append(_substatus(name, status, inner[0], subject, source))
    return found


def _whole_text(doc: Doc, key: str) -> str:
    """Not capped: the text is a document."""
    value = {k.lower(): v for k, v in doc.items()}.get(key)
    return value if isinstance(value, str) else ""


def _substatus(name: str, status: Doc, inner: Doc, subject: Subject, source: str) -> Fact:
    codes, messages = errors_of(part(inner, "errors"))
    ended = (text_of(status, "code") or "").lower()
    failed = _level(status) == "error" or ended.endswith(("/failed", "/error"))
    value: dict[str, Any] = {
        "outcome": "failed" if failed else (text_of(inner, "status") or "succeeded").lower(),
        **{key: count_of(inner, member) for key, member in _COUNTS.items()},
        "window_exceeded": flag_of(inner, "maintenancewindowexceeded"),
        "reboot_status": text_of(inner, "rebootstatus"),
        "codes": codes,
        "messages": messages,
    }
    return Fact(name, subject, FactStatus.OK, value, at=_at(inner), by=_BY, raw=source)


def errors_of(error: Doc | None) -> tuple[list[str], list[str]]:
    """Codes and messages of an error and of its details, in order, each once.

    Code numbers that say nothing (0, 1, 2: extensions count their errors so) are left out.
    """
    if error is None:
        return [], []
    codes: dict[str, None] = {}
    messages: dict[str, None] = {}
    for piece in (error, *parts(error, "details", CODES), *parts(error, "innererror")):
        code, message = text_of(piece, "code"), text_of(piece, "message", "errordetail")
        if code and _WORD.match(code):
            codes[code] = None
        for text in filter(None, (code, message)):
            codes.update(dict.fromkeys(hresults(text)))
        if message:
            messages[" ".join(message.split())[:_MESSAGE_CHARS]] = None
    return list(codes)[:CODES], list(messages)[:_MESSAGES]


def hresults(text: str) -> list[str]:
    """HRESULTs as `0x8024402C`, also those that are printed as a negative number."""
    found = [f"0x{match[1].upper()}" for match in _HRESULT.finditer(text)]
    return found + [f"0x{int(match[0]) & 0xFFFFFFFF:08X}" for match in _DECIMAL.finditer(text)]


def _at(doc: Doc) -> str | None:
    text = text_of(doc, "lastmodifiedtime", "lastmodifiedtimestamp", "startdatetime", "starttime", "time", "timestamp")
    stamp = parse_time(text or "")
    return stamp.iso() if stamp else None
