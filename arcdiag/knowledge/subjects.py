"""From captures to subjects: which capture names which kind of subject, and how ids are normalised."""

from __future__ import annotations

import re
from collections.abc import Mapping

from arcdiag.knowledge.pattern import TOKEN
from arcdiag.model.subject import Subject, SubjectKind

CAPTURE_KINDS: Mapping[str, SubjectKind] = {
    "host": SubjectKind.ENDPOINT,
    "url": SubjectKind.ENDPOINT,
    "endpoint": SubjectKind.ENDPOINT,
    "proxy": SubjectKind.PROXY,
    "service": SubjectKind.SERVICE,
    "unit": SubjectKind.SERVICE,
    "file": SubjectKind.FILE,
    "path": SubjectKind.FILE,
    "provider": SubjectKind.PROVIDER,
    "tenant": SubjectKind.TENANT,
    "app": SubjectKind.IDENTITY,
    "identity": SubjectKind.IDENTITY,
    "user": SubjectKind.IDENTITY,
}
_URL_HOST = re.compile(
    r"(?:https?|wss)://(?:[^\s/@\"']{1,200}@)?"
    rf"(\[[0-9a-f:.]{{2,45}}\]|(?:{TOKEN}|[a-z0-9_])(?:{TOKEN}|[a-z0-9_.-]){{0,252}})(?::(\d{{1,5}}))?",
    re.IGNORECASE,
)

_REQUEST_FIELD = re.compile(r"\b(?:Request URL|Endpoint)=\\?\"?(?=(?:https?|wss)://)")


def host_of_url(text: str) -> str | None:
    """The host of the first URL in `text`, with a port that is neither 80 nor 443; None without one."""
    match = _URL_HOST.search(text)
    return _host(match) if match else None


def _host(match: re.Match[str]) -> str:
    port = match[2]
    host = match[1].lower().rstrip(".")
    return f"{host}:{port}" if port and port not in ("80", "443") else host


def nearest_host(text: str, before: int, reach: int = 600) -> str | None:
    """The host of the last URL that begins before offset `before` and not more than `reach` characters away."""
    found = None
    for match in _URL_HOST.finditer(text, max(0, before - reach), min(len(text), before + 8)):
        if match.start() > before:
            break
        found = match
    return _host(found) if found else None


def field_host(text: str, after: int) -> str | None:
    """The host of the request that a log record names in a field of its own, behind its message; None without one."""
    match = _REQUEST_FIELD.search(text, after)
    return host_of_url(text[match.end() : match.end() + 300]) if match else None


def normal_proxy(text: str) -> str:
    """`host:port` of a proxy as it may be written: without scheme, credentials and path, in lower case."""
    rest = re.sub(r"^[a-z]{2,6}://", "", text.strip().lower())
    return rest.rpartition("@")[2].split("/")[0].rstrip(".")


def host_part(address: str) -> str:
    """The host of `host:port`, which can be a token of the redaction (`«host:3f2a»:3128`) or an address in brackets."""
    if address.startswith(("«", "[")):
        end = address.find("»" if address[0] == "«" else "]")
        return address[: end + 1] if end > 0 else address
    return address.partition(":")[0]


def subject_of(name: str, captures: Mapping[str, str], text: str, start: int) -> Subject | None:
    """The subject that a rule's `subject:` means for one match; None where the text does not say it."""
    if name == "machine":
        return Subject(SubjectKind.MACHINE, "")
    if name == "endpoint":
        named = captures.get("host") or captures.get("endpoint")
        url = host_of_url(captures.get("url", ""))
        host = named or url or nearest_host(text, start) or field_host(text, start)
        return Subject.endpoint(host) if host else None
    value = captures.get(name)
    if not value:
        return None
    kind = CAPTURE_KINDS.get(name, SubjectKind.MACHINE)
    if kind is SubjectKind.ENDPOINT:
        return Subject.endpoint(host_of_url(value) or value)
    if kind is SubjectKind.PROXY:
        return Subject(kind, normal_proxy(value))
    return Subject(kind, value if kind is SubjectKind.FILE else value.lower())
