"""Lines that are made to take for ever: all of them end, and none raises. A pattern that blows up would hang here."""

from __future__ import annotations

import pytest

from arcdiag.redact.secrets import scrub_text

SIZE = 64 * 1024
BITS = (
    "tokentoken",
    "token: ",
    "token:",
    "token=",
    'password="',
    'password=\\"',
    "token://",
    "://",
    "://a:",
    "a:b@",
    "@",
    "-----BEGIN PRIVATE KEY-----!",
    "-----BEGIN PRIVATE KEY-----",
    "eyJ",
    "%22eyJ",
    "\\neyJ",
    "eyJa.",
    "MII",
    "MIIabcIBAzCC",
    "MIIabcIBAzCC ",
    " -p ",
    '"-p"',
    "azcmagent -p ",
    "sig=",
    "sig=%",
    "authorization=",
    "authorization: ",
    "bearer ",
    "Bearer aB3aB3aB3 ",
    "cookie: a=b",
    "~",
    "aaa8Q~",
    "--password ",
    "--password=",
    "<password ",
    "<password>",
    '{"secret":{',
    "secret=['",
    'secret,"value":',
    "secret&quot;",
    "\\",
    '"',
    "password=\\",
    "convertto-securestring ",
    "credential(",
    "--user ",
    "curl -u",
    "%3a%2f%2fa",
    "«",
    "«secret:a:b:1»",
    "password=«secret:a:b:1»",
    "key\t",
    "pwd-",
    "p\0a\0s\0s\0",
    "password=))))",
    "password=&",
    'token: "https://',
    'token: "https://a" token: \'https://',
    "%",
)


@pytest.mark.parametrize("bit", BITS)
@pytest.mark.parametrize("end", ["", "\n", "x" * 200 + "\n"])
def test_a_line_of_repeats(bit: str, end: str) -> None:
    text = (bit * (SIZE // len(bit)) + end) * (2 if end else 1)
    assert isinstance(scrub_text(text), str)


@pytest.mark.parametrize("bit", BITS)
def test_a_secret_behind_it_is_found(bit: str) -> None:
    assert "Tr0ub4dor77" not in scrub_text(bit * 50 + "\n\nServicePrincipalSecret='Tr0ub4dor77'\n")


def test_a_letter_with_the_byte_of_a_tokens_sign_in_narrowed_text() -> None:
    wide = "\0".join('password="Xk7mnbvQ2pL"')
    scrubbed = scrub_text(f"\u086b\0{wide}\0\n")
    assert "Xk7mnbvQ2pL" not in scrubbed.replace("\0", "")
    assert scrubbed.startswith("\u086b")
