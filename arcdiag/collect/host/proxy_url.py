"""A proxy setting, read as the agent's Go code reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

_SCHEMES = {"http": 80, "https": 443, "socks5": 1080}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,15})://", re.IGNORECASE)
_SLASH_LOST = re.compile(r"https?:(?:/(?!/)|\d+\.\d)", re.IGNORECASE)
_HOST = re.compile(r"(?:\[[0-9a-f:.%]{2,60}\]|[\w.-]{1,253})\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProxyUrl:
    """`problem` is None for a setting that parses; else host may be empty. `credentials` (user, password) stay here.

    Problems: blank, scheme-twice, unsupported-scheme, no-host, bad-host, bad-port; `port-missing` is used all the same.
    """

    scheme: str
    host: str
    port: int
    problem: str | None = None
    credentials: tuple[str, str] | None = field(default=None, repr=False)
    shown: str = ""

    @property
    def usable(self) -> bool:
        """Whether the agent can try this proxy at all."""
        return self.problem in (None, "port-missing")

    @property
    def address(self) -> str:
        """`host:port`, the id of the proxy as a subject."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if host else self.shown


def parse_proxy(text: str) -> ProxyUrl:
    """Read a value of `proxy.url` or `HTTPS_PROXY`; one without a scheme is `http`."""
    value = text.strip()
    shown = without_credentials(value)
    scheme, rest = "http", value
    match = _SCHEME.match(value)
    if match:
        scheme, rest = match[1].lower(), value[match.end() :]
    if re.search(r"\s", text):
        # Go refuses a blank even at the end, so a value copied with a line break does not work.
        return ProxyUrl(scheme, "", 0, "blank", shown=shown)
    if _SLASH_LOST.match(value):
        # Go reads a scheme and no host; `http:8080` alone would be a host of that name.
        return ProxyUrl(scheme, "", 0, "no-host", shown=shown)
    if _SCHEME.match(rest) or re.match(r"https?:/?[^\d/]", rest, re.IGNORECASE):
        return ProxyUrl(scheme, "", 0, "scheme-twice", shown=shown)
    if scheme not in _SCHEMES:
        return ProxyUrl(scheme, "", 0, "unsupported-scheme", shown=shown)
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in rest[len(authority) :]:
        # A login behind a slash is none for Go, and no part of it may be taken for a host here.
        problem = "scheme-twice" if authority.lower() in _SCHEMES else "bad-host"
        return ProxyUrl(scheme, "", 0, problem, shown=shown)
    login, _, place = authority.rpartition("@")
    return _placed(scheme, place, _credentials(login), shown)


def _placed(scheme: str, place: str, credentials: tuple[str, str] | None, shown: str) -> ProxyUrl:
    host, colon, port = place.rpartition(":") if not place.endswith("]") else (place, "", "")
    if not colon:
        host, port = place, ""
    if not host:
        return ProxyUrl(scheme, "", 0, "no-host", credentials, shown)
    if not _HOST.match(host):
        return ProxyUrl(scheme, "", 0, "bad-host", credentials, shown)
    name = host.strip("[]").lower().rstrip(".")
    if not port:
        return ProxyUrl(scheme, name, _SCHEMES[scheme], "port-missing", credentials, shown)
    if not re.fullmatch(r"0*[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        return ProxyUrl(scheme, name, 0, "bad-port", credentials, shown)
    return ProxyUrl(scheme, name, int(port), None, credentials, shown)


def _credentials(login: str) -> tuple[str, str] | None:
    user, _, password = login.partition(":")
    return (unquote(user), unquote(password)) if login else None


def without_credentials(text: str) -> str:
    """The setting as people may see it: everything between the scheme and the last `@` is gone."""
    match = _SCHEME.match(text)
    head, rest = (match[0], text[match.end() :]) if match else ("", text)
    return head + rest.rpartition("@")[2]
