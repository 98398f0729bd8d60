"""Bytes of files: any encoding, any portions, lines without an end; what holds no secret stays byte by byte."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.redact.secrets import Scrubber, holds_secret, scrub_bytes, scrub_text
from arcdiag.redact.stream import PIECE
from tests.redact.places import NAMED, PLACES

LINE = st.one_of(
    st.text(max_size=60),
    st.builds(lambda place, secret: place % secret, st.sampled_from(PLACES), NAMED),
    st.sampled_from(
        ["-----BEGIN PRIVATE KEY-----", "QUJD" * 16, "-----END PRIVATE KEY-----", '"', "password=\\", "token:"]
    ),
)
TEXT = st.lists(LINE, max_size=12).map("\n".join)
PIECES = st.text("\"'\\ =:;,&<>{}[]()-_.~@/%$`«»\n\r\t\0aQ7", max_size=12)
WORDS = (
    "password",
    "client_secret",
    "--access-token",
    " -p ",
    "azcmagent",
    "eyJ",
    "sig=",
    "Basic ",
    "Bearer ",
    "://",
    "@",
    "key",
    "-----BEGIN PRIVATE KEY-----",
    "Authorization",
    "value",
    "&quot;",
    "%22",
    "%3A",
    "\\u0022",
    "Q~",
    "MIIabcIBAzCC",
    "null",
    "«secret:token:jwt:9»",
    '"«secret:nothing:jwt:99»\n',
    "«secret:nothing:jwt:99»\n",
    "«secret:",
    "Cookie:",
    "ConvertTo-SecureString",
    "-AsPlainText",
    "proxy",
    "x" * 30,
    "A1b2" * 10,
)
SOUP = st.lists(st.one_of(st.sampled_from(WORDS), PIECES), max_size=30).map("".join)


def in_portions(data: bytes, size: int) -> bytes:
    scrubber = Scrubber()
    parts = [scrubber.feed(data[at : at + size]) for at in range(0, len(data), size)]
    return b"".join([*parts, scrubber.finish()])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(text=TEXT)
def test_scrubbing_twice_is_scrubbing_once(text: str) -> None:
    once = scrub_text(text)
    assert scrub_text(once) == once
    assert not holds_secret(once)


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(text=SOUP)
def test_any_soup_of_signs_too(text: str) -> None:
    once = scrub_text(text)
    assert scrub_text(once) == once


@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.binary(max_size=400))
def test_any_bytes_do(data: bytes) -> None:
    once = scrub_bytes(data)
    assert scrub_bytes(once) == once


@settings(max_examples=100, deadline=None, derandomize=True)
@given(text=st.text(st.characters(), max_size=200))
def test_half_characters_do_not_hurt(text: str) -> None:
    scrubbed = scrub_text(text + "\ud800 password=Tr0ub4dor \udfff")
    assert "Tr0ub4dor" not in scrubbed and "\ud800" in scrubbed


@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=TEXT, size=st.integers(1, 700), bom=st.sampled_from(["", "utf-8", "utf-16-le", "utf-16-be"]))
def test_the_portions_do_not_matter(text: str, size: int, bom: str) -> None:
    text = ("\ufeff" if bom else "") + text.encode("utf-8", "replace").decode() * 8
    data = text.encode(bom or "utf-8")
    assert in_portions(data, size) == scrub_bytes(data)


@pytest.mark.parametrize("raw", [b"\x82\xb1\x82\xf1", b"\xff\xfe\xfd", b"\0\0\0", b"\xff\xfea\0b", b"\xfe\xff\0"])
def test_bytes_that_are_no_text_stay(raw: bytes) -> None:
    assert scrub_bytes(raw) == raw
    assert scrub_bytes(raw * 3000) == raw * 3000


def test_a_code_page_around_a_secret_stays() -> None:
    japanese = "プロキシ認証が必要です".encode("cp932")
    scrubbed = scrub_bytes(japanese + b" password=Tr0ub4dor " + japanese + b"\n" + japanese)
    assert scrubbed == japanese + " password=«secret:password:text:9» ".encode() + japanese + b"\n" + japanese


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_two_encodings_in_one_file(codec: str) -> None:
    narrow = "first\r\nServicePrincipalSecret=Tr0ub4dor77\r\nthird line of it\r\n"
    wide = "Zeile eins\r\nServicePrincipalSecret=Gr0ssGeheim88\r\nletzte\r\n"
    for data in (narrow.encode() * 3 + wide.encode(codec), ("\ufeff" + wide).encode(codec) + narrow.encode() * 3):
        scrubbed = scrub_bytes(data)
        for secret in ("Tr0ub4dor77", "Gr0ssGeheim88"):
            assert secret.encode() not in scrubbed
            assert secret.encode(codec) not in scrubbed


@pytest.mark.parametrize(
    "at", [0, 1000, PIECE - 140_000, PIECE - 131_080, PIECE - 131_072, PIECE - 20, PIECE, 2 * PIECE + 7]
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le"])
def test_a_line_without_an_end(at: int, codec: str) -> None:
    text = "x " * (at // 2) + "x" * (at % 2) + ' --service-principal-secret "Tr0ub4dor77" ' + "y " * PIECE
    data = ("\ufeff" + text).encode(codec)
    scrubbed = in_portions(data, 300_000).decode(codec)
    assert scrubbed == "\ufeff" + text.replace("Tr0ub4dor77", "«secret:client-secret:text:11»")


def test_a_secret_longer_than_a_piece() -> None:
    scrubbed = scrub_bytes(b"client_secret=" + b"aB3d" * PIECE + b" end of it\nnext line\n")
    assert b"aB3daB3d" not in scrubbed
    assert scrubbed.endswith(b" end of it\nnext line\n")
    assert len(scrubbed) < 200


def test_a_beginning_that_was_read_before() -> None:
    wide = "password=Tr0ub4dor77\n".encode("utf-16-be")
    scrubber = Scrubber(b"\xfe\xff" + wide)
    assert (scrubber.feed(wide) + scrubber.finish()).decode("utf-16-be") == "password=«secret:password:text:11»\n"
    assert scrubber.finish() == b""


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(first=SOUP, second=SOUP, name=st.sampled_from(["value", "command", "password", "url"]))
def test_lines_of_json_stay_lines_of_json(first: str, second: str, name: str) -> None:
    for document in (
        {name: first, "next": second},
        {"body": json.dumps({name: first, "next": second}), "last": [second]},
    ):
        text = json.dumps(document, ensure_ascii=False)
        assert "\n" not in text
        assert set(json.loads(scrub_text(text))) == set(document)
