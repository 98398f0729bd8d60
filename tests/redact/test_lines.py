"""Secrets that go on in the next line: key blocks, consoles that wrap, quotes that stay open, continued commands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.redact.secrets import scrub_bytes, scrub_text
from tests.redact.places import LETTERS

KEY_LINE = st.text(LETTERS + "+/", min_size=64, max_size=64)
KEY = st.lists(KEY_LINE, min_size=1, max_size=30)
FEW = settings(max_examples=25, deadline=None, derandomize=True)
MARKS = (
    ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"),
    ("-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"),
    ("-----BEGIN ENCRYPTED PRIVATE KEY-----", "-----END ENCRYPTED PRIVATE KEY-----"),
    ("-----BEGIN PKCS12-----", "-----END PKCS12-----"),
    ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", "---- END SSH2 ENCRYPTED PRIVATE KEY ----"),
)


@pytest.mark.parametrize("marks", MARKS)
@pytest.mark.parametrize("prefix", ["", "    ", "Jun 03 09:12:11 host app[12]: "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@FEW
@given(key=KEY)
def test_a_key_block(marks: tuple[str, str], prefix: str, end: str, key: list[str]) -> None:
    block = [marks[0], *key, "QUJD==", marks[1]]
    text = "before\n" + "".join(f"{prefix}{line}{end}" for line in block) + "after: all is well\n"
    scrubbed = scrub_text(text)
    for line in (*key, "QUJD=="):
        assert line not in scrubbed
    assert scrubbed.count("\n") == text.count("\n")
    assert marks[0] in scrubbed and marks[1] in scrubbed and scrubbed.endswith("after: all is well\n")
    assert scrub_text(scrubbed) == scrubbed
    assert scrub_bytes(b"\xff\xfe" + text.encode("utf-16-le")).decode("utf-16") == scrubbed


@FEW
@given(key=KEY)
def test_a_key_block_without_its_end_does_not_eat_the_log(key: list[str]) -> None:
    text = "\n".join(["-----BEGIN PRIVATE KEY-----", *key, "level=info msg=done", "QUJDREVGR0hJSktMTU5PUFFS"])
    scrubbed = scrub_text(text)
    assert not any(line in scrubbed for line in key)
    assert scrubbed.endswith("\nlevel=info msg=done\nQUJDREVGR0hJSktMTU5PUFFS")


@pytest.mark.parametrize("line_end", ["\\n", "\\r\\n", "\\\\n"])
@FEW
@given(key=KEY)
def test_a_key_block_on_one_line(line_end: str, key: list[str]) -> None:
    body = line_end.join(key)
    text = f'msg="-----BEGIN PRIVATE KEY-----{line_end}{body}{line_end}-----END PRIVATE KEY-----{line_end}" next="x"'
    scrubbed = scrub_text(text)
    assert not any(line in scrubbed for line in key)
    assert scrubbed.endswith(f'-----END PRIVATE KEY-----{line_end}" next="x"')
    cut = scrub_text(text[: text.index("-----END")])
    assert not any(line in cut for line in key)


@FEW
@given(rest=st.text(LETTERS + "+/", min_size=120, max_size=400))
@pytest.mark.parametrize("start", ["MIIKcAIBAzCCCi", "MIIEvgIBADANBgkqhkiG9w0BAQEF", "MIIEpAIBAAKCAQEA"])
def test_key_bytes_without_a_frame(start: str, rest: str) -> None:
    key = start + rest
    assert key not in scrub_text(f"certificate {key} stored")
    wrapped = re.findall(".{1,76}", key)
    scrubbed = scrub_text("\n".join(["pfx:", *wrapped, "", "end of file"]))
    assert not any(part in scrubbed for part in wrapped if len(part) >= 16)
    assert scrubbed.endswith("\n\nend of file")


@pytest.mark.parametrize("width", [80, 100, 120, 132])
def test_a_token_that_a_console_wrapped(width: int) -> None:
    token = "eyJ" + "aB3d" * 30 + ".eyJ" + "xY7z" * 60 + "." + "Qq9_" * 40
    text = f"azcmagent connect --access-token {token} --location westeurope"
    wrapped = "\n".join(re.findall(f".{{1,{width}}}", text))
    scrubbed = scrub_text(wrapped + "\nINFO    Connecting machine to Azure\n")
    assert not re.search(r"aB3daB3d|xY7zxY7z|Qq9_Qq9_", scrubbed)
    assert re.search(r"--location westeurope\n+INFO    Connecting machine to Azure\n\Z", scrubbed)
    assert scrubbed.count("\n") == wrapped.count("\n") + 2


@pytest.mark.parametrize("width", range(80, 118, 3))
def test_a_client_secret_that_a_console_wrapped(width: int) -> None:
    secret = "abC8Q~dEfGhIjKlMnOpQrStUvWxYz0123456.-_9"
    text = f"sudo azcmagent connect --service-principal-id 11112222 --service-principal-secret {secret}"
    wrapped = "\n".join(re.findall(f".{{1,{width}}}", text)) + "\nINFO    Exit Code: AZCM0041\n"
    scrubbed = scrub_text(wrapped)
    pieces = [secret[i : i + 8] for i in range(33)]
    assert not any(piece in scrubbed for piece in pieces if piece in wrapped)
    assert scrubbed.endswith("\nINFO    Exit Code: AZCM0041\n")


@pytest.mark.parametrize("more", ["`", "\\", "^"])
def test_a_command_over_many_lines(more: str) -> None:
    lines = ["azcmagent connect", "-i 11112222", "-p Tr0ub4dor&3x", "--tenant-id t", "-g rg"]
    text = f" {more}\n  ".join(lines) + "\n"
    assert scrub_text(text) == text.replace("Tr0ub4dor&3x", "«secret:client-secret:shell-characters:12»")
    apart = f"azcmagent connect --service-principal-secret {more}\n    Tr0ub4dor3x {more}\n  -g rg\n"
    assert scrub_text(apart) == apart.replace("Tr0ub4dor3x", "«secret:client-secret:text:11»")


def test_a_copy_that_broke_inside_a_value() -> None:
    text = 'a ServicePrincipalSecret="Tr0ub4dor\n AndMore77" Error="x"\n'
    scrubbed = scrub_text(text)
    assert "Tr0ub4dor" not in scrubbed and "AndMore77" not in scrubbed
    assert scrubbed.endswith('" Error="x"\n')


def test_a_piece_of_a_secret_in_the_shell_s_own_error() -> None:
    assert scrub_text("-bash: !Q~9xTz: event not found") == "-bash: !«secret:client-secret:text:6»: event not found"


def test_joined_lines_keep_every_line_end() -> None:
    text = "x" * 50 + " password=Tr0ub4dor77" + "y" * 9 + "\nz9 \rmore\nlast\n"
    assert scrub_text(text).count("\n") == 3 and scrub_text(text).count("\r") == 1
