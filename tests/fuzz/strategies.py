"""What the targets are fed: things that are nearly right, then damaged, cut, doubled or put together anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from hypothesis import strategies as st

LOGRUS = 'time="2026-03-01T08:00:00Z" level=error msg="dial tcp: lookup gbl.his.arc.azure.com: no such host"\n'
LINES = (
    LOGRUS,
    "2026-03-01 08:00:00,123 [ERROR] AZCM0042: failed to connect: EOF\n",
    '{"time":"2026-03-01T08:00:00Z","level":"fatal","msg":"x \\"y\\" \\u2028"}\n',
    'Mar  1 08:00:00 srv himds[12]: level=warning msg="a\\\\" b="c\n',
    "azcmagent connect --service-principal-secret 'abC8Q~dEfGhIjKlMnOpQrStUvWxYz0123456.-_9' -g rg\n",
    "https_proxy=http://user:pass@proxy.example:8080\n",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n",
    "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln\n",
    '"password": "Tr0ub4dor\\"&3",\n',
    "  Agent Status                           : Disconnected\n",
    "Agent Last Heartbeat : 2026-03-01T08:00:00Z\n",
    "https://gbl.his.arc.azure.com | reachable | true | private: false | TLS 1.2\n",
    "ENDPOINT\tREACHABLE\tPRIVATE\tTLS\tPROXY\n",
    'Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies]\n"x"=dword:0000000g\n"y"=hex(7):61,00,\\\n',
    "[Registry Values]\nMACHINE\\System\\X=4,1\n[Privilege Rights]\nSeServiceLogonRight = *S-1-5-80-0\n",
    "Id=himdsd.service\nActiveState=failed\nExecMainStatus=203\nNRestarts=99999999999999999999\n\n",
    '<Event xmlns="x"><System><EventID>7000</EventID><TimeCreated SystemTime="2026-03-01"/></System></Event>\n',
    "<?xml version='1.0'?><Rsop><ComputerResults><GPO><Name>a</Name></GPO></ComputerResults></Rsop>\n",
    "RESPONSE 403: 403 Forbidden\nERROR CODE: AuthorizationFailed\n--------------------------------\n",
)
SIGNS = ("\r", "\x1b[31m", "\x00", "\u202e", "\\", '"', "'", "\\u", "{", "}", "[", "]", "<", "&#x0;", ":", "=", "%", " " * 90,
         "\ud800".encode("utf-16-le", "surrogatepass").decode("latin-1"), "9" * 30, "\u2028", "\x85", "İ", "ß", "«secret:")  # fmt: skip

pieces = st.one_of(st.sampled_from(LINES), st.sampled_from(SIGNS), st.text(max_size=30))
texts = st.lists(pieces, max_size=14).map("".join)
codecs = st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp949"))


@st.composite
def log_bytes(draw: st.DrawFn) -> bytes:
    """A log in some encoding, cut or damaged."""
    data = draw(texts).encode(draw(codecs), "replace")
    return draw(damaged(lambda: data)) if draw(st.booleans()) else data


@st.composite
def damaged(draw: st.DrawFn, make: Callable[[], bytes]) -> bytes:
    """What `make` gives with bytes changed, cut, put in or doubled."""
    data = bytearray(make())
    for _ in range(draw(st.integers(0, 8))):
        at = draw(st.integers(0, len(data)))
        how = draw(st.sampled_from(("set", "cut", "put", "double", "number")))
        if how == "set" and at < len(data):
            data[at] = draw(st.integers(0, 255))
        elif how == "cut":
            del data[at : at + draw(st.integers(1, 40))]
        elif how == "put":
            data[at:at] = draw(st.binary(max_size=24))
        elif how == "double":
            data[at:at] = data[at : at + draw(st.integers(1, 200))]
        elif how == "number":
            number = draw(st.sampled_from((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)))
            data[at : at + 4] = number.to_bytes(4, "little")
    return bytes(data[: draw(st.integers(0, len(data)))]) if draw(st.integers(0, 4)) == 0 else bytes(data)


def one_of_damaged(makes: Sequence[Callable[[], bytes]]) -> st.SearchStrategy[bytes]:
    """One of several good ones, damaged."""
    # Made once: a zip holds the time of its making, and what is drawn must not depend on it.
    kept = [cache(make) for make in makes]
    return st.sampled_from(kept).flatmap(damaged)


_leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(("ok", "1.0", "x" * 300)),
)
plain_json = st.recursive(
    _leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)
