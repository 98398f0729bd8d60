"""The parts: kinds and forms of tokens, which names hold a secret, and the cheap look before the real one."""

from __future__ import annotations

import pytest

from arcdiag.redact.finders import FINDERS
from arcdiag.redact.judge import looks_secret
from arcdiag.redact.kinds import SecretKind, is_redacted, token_of
from arcdiag.redact.names import kind_of_name
from arcdiag.redact.spans import may_hold
from arcdiag.redact.values import read_quoted, read_word


@pytest.mark.parametrize(
    ("kind", "value", "token"),
    [
        (SecretKind.CLIENT_SECRET, "7f3c0d1e-1111-2222-3333-444455556666", "«secret:client-secret:guid-shaped:36»"),
        (
            SecretKind.CLIENT_SECRET,
            "abC8Q~dEfGhIjKlMnOpQrStUvWxYz0123456.-_9",
            "«secret:client-secret:entra-shaped:40»",
        ),
        (SecretKind.CLIENT_SECRET, "aB38Q~x$kd.Yt", "«secret:client-secret:shell-expansion:13»"),
        (SecretKind.CLIENT_SECRET, "$env:ARC_SECRET", "«secret:client-secret:variable-shaped:15»"),
        (SecretKind.CLIENT_SECRET, "%SECRET%", "«secret:client-secret:variable-shaped:8»"),
        (SecretKind.CLIENT_SECRET, "Tr0ub4dor", "«secret:client-secret:text:9»"),
        (SecretKind.TOKEN, "eyJhbGciOi.eyJhdWQiOi.c2ln", "«secret:token:jwt:26»"),
        (SecretKind.TOKEN, "x" * 34, "«secret:token:not-a-jwt:34»"),
        (SecretKind.TOKEN, "7f3c0d1e-1111-2222-3333-444455556666", "«secret:token:not-a-jwt:36»"),
        (SecretKind.PROXY_CREDENTIALS, "user:pass", "«secret:proxy-credentials:user-and-password:9»"),
        (SecretKind.PROXY_CREDENTIALS, "user", "«secret:proxy-credentials:user-only:4»"),
        (SecretKind.ACCESS_KEY, "QUJD" * 8, "«secret:access-key:base64:32»"),
        (SecretKind.PASSWORD, "0123456789abcdef", "«secret:password:hex:16»"),
    ],
)
def test_a_token_says_kind_form_and_length(kind: SecretKind, value: str, token: str) -> None:
    assert token_of(kind, value) == token
    assert is_redacted(token)


def test_a_token_does_not_shield_what_stands_beside_it() -> None:
    assert not is_redacted("«secret:password:text:5»hunter2")
    assert not is_redacted("no token")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("client_secret", SecretKind.CLIENT_SECRET),
        ("--service-principal-secret", SecretKind.CLIENT_SECRET),
        ("ServicePrincipalClientSecret", SecretKind.CLIENT_SECRET),
        ("encryptedServicePrincipalSecret", SecretKind.CLIENT_SECRET),
        ("HTTP_PROXY_PASSWORD", SecretKind.PASSWORD),
        ("password2", SecretKind.PASSWORD),
        ("refreshToken", SecretKind.TOKEN),
        ("AccountKey", SecretKind.ACCESS_KEY),
        ("privateKey", SecretKind.PRIVATE_KEY),
        ("client_secret_id", None),
        ("client_secret_url", None),
        ("tokenType", None),
        ("PublicKeyToken", None),
        ("changeToken", None),
        ("passed", None),
        ("key", None),
    ],
)
def test_names(name: str, kind: SecretKind | None) -> None:
    assert kind_of_name(name) is kind


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a b" c', "a b"),
        ('"a\\"b" c', 'a\\"b'),
        ('"ab\\\\" c', "ab\\\\"),
        ('\\"a\\\\\\"b\\" c', 'a\\\\\\"b'),
        ("'a''b' c", "a''b"),
        ('""a b"",', "a b"),
        ("&quot;a b&quot; c", "a b"),
        ('`"a b`" c', "a b"),
        ("“a b” c", "a b"),
        ('"" c', ""),
        ('"ab', "ab"),
    ],
)
def test_quoted_values(text: str, value: str) -> None:
    found = read_quoted(text, 0)
    assert found is not None and text[found.start : found.end] == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("abc def", "abc"),
        ('abc" x', "abc"),
        ('abc\\", x', "abc"),
        ("ab'cd e", "ab'cd"),
        ("abc) x", "abc"),
        ("a(b) x", "a(b)"),
    ],
)
def test_bare_words(text: str, value: str) -> None:
    found = read_word(text, 0)
    assert text[found.start : found.end] == value


@pytest.mark.parametrize(
    "word", ["AADSTS7000222:", "AZCM0041", "0x80070005", "1.46.02809", "x509:", "https://a/1", "login.a.com:443"]
)
def test_codes_are_no_secrets(word: str) -> None:
    assert not looks_secret(word)


def test_every_finder_is_asked_for_lower_case() -> None:
    for finder in FINDERS:
        assert all(anchor == anchor.lower() for anchor in (*finder.anchors, *finder.gate))


def test_an_ordinary_line_is_not_looked_at() -> None:
    assert not may_hold(b'time="2024-06-03t09:12:11z" level=info msg="https://gbl.his.arc.azure.com is available"')
    assert may_hold(b"password=tr0ub4dor")
