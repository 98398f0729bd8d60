"""All finders of secrets, in one list; a new kind of secret is one entry here."""

from __future__ import annotations

import re

from arcdiag.redact.assignments import find_named
from arcdiag.redact.bare import find_entra, find_jwt, find_key_bytes, find_pem
from arcdiag.redact.commands import (
    find_credential,
    find_history_event,
    find_secure_string,
    find_short_secret,
    find_user,
)
from arcdiag.redact.headers import find_authorization, find_cookie, find_scheme
from arcdiag.redact.line import Confirm, Finder
from arcdiag.redact.names import ANCHORS, may_be_named
from arcdiag.redact.urls import find_encoded_userinfo, find_schemeless, find_signature, find_userinfo

_HEADER = re.compile(rb"authorization[\\\\\"'&a-z0-9;`\]]{0,40}[ \t]{0,8}[:=,]")
_SCHEME = re.compile(rb"(?:basic|bearer)(?:[ \t]|%20|\+){1,8}[^\s]{6}")
_AT_SIGN = re.compile(rb"%40")
_SIGNATURE = re.compile(rb"sig[=%]")
_SHORT = re.compile(rb"-p(?:[\\\"'=:, \t]|[^\s\"'-]{6})")
_USER = re.compile(rb"-u(?:ser)?[ \t=]|-u[^\s]{1,64}:")
_KEY_BYTES = re.compile(rb"mii[a-z0-9+/]{3}ib")


def _is_short(low: bytes, at: int) -> bool:
    return low[max(0, at - 1) : at] in (b" ", b"\t", b'"', b"'", b"") and _SHORT.match(low, at) is not None


def _behind_q(low: bytes, at: int) -> bool:
    return low[max(0, at - 1) : at] in (b"q", b"\n", b"")


FINDERS: tuple[Finder, ...] = (
    Finder(ANCHORS, find_named, confirm=may_be_named),
    Finder(("://", ":\\/", ":\\u002f"), find_userinfo, gate=("@",)),
    Finder(("%3a%2f%2f",), find_encoded_userinfo, gate=("%",), confirm=_AT_SIGN.match),
    Finder(("@",), find_schemeless),
    Finder(("sig=", "sig%"), find_signature, gate=("sig",), confirm=_SIGNATURE.match),
    Finder(("authorization",), find_authorization, confirm=_HEADER.match),
    Finder(("basic", "bearer"), find_scheme, confirm=_SCHEME.match),
    Finder(("cookie",), find_cookie),
    Finder(("eyj",), find_jwt),
    Finder(("~",), find_entra, confirm=_behind_q),
    Finder(("mii",), find_key_bytes, confirm=_KEY_BYTES.match),
    Finder(("begin ",), find_pem),
    Finder((" -p", '"-p', "'-p"), find_short_secret, gate=("-p",), confirm=_is_short),
    Finder(("convertto-securestring",), find_secure_string),
    Finder((": event not found",), find_history_event),
    Finder(("credential(",), find_credential),
    Finder(("--user", "--proxy-user", " -u"), find_user, gate=("-u",), confirm=_USER.match),
)


GATES: tuple[tuple[bytes, Confirm | None], ...] = tuple(
    (gate.encode(), finder.confirm) for finder in FINDERS for gate in finder.gate or finder.anchors
)
"""A line without a confirmed gate (in lower case) holds no secret that a finder knows."""
