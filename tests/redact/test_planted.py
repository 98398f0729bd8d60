"""Planted secrets never survive, wherever they stand, and what stands around them does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.redact.secrets import holds_secret, scrub_bytes, scrub_text
from tests.redact.places import BASE64_KEY, ENTRA, GUID, JWT, KEYED, LETTERS, NAMED, PASSWORD, PLACES, URLS

FEW = settings(max_examples=25, deadline=None, derandomize=True)


def check_gone(text: str, secret: str) -> str:
    scrubbed = scrub_text(text)
    assert secret not in scrubbed
    assert "«secret:" in scrubbed
    assert scrub_text(scrubbed) == scrubbed
    assert not holds_secret(scrubbed)
    return scrubbed


@pytest.mark.parametrize("place", PLACES)
@FEW
@given(secret=NAMED)
def test_a_named_secret(place: str, secret: str) -> None:
    before, _, after = place.partition("%s")
    scrubbed = check_gone(place % secret, secret)
    assert scrubbed.startswith(before.replace("%%", "%")[:8])
    assert scrubbed.endswith(after.replace("%%", "%")[-8:])


@pytest.mark.parametrize("place", PLACES)
@FEW
@given(secret=NAMED)
def test_in_the_middle_of_a_log(place: str, secret: str) -> None:
    line = 'time="2024-06-03T09:12:11Z" level=info msg="https://gbl.his.arc.azure.com is available"\n'
    check_gone(line * 3 + place % secret + "\n" + line * 3, secret)


@pytest.mark.parametrize("place", PLACES)
@FEW
@given(secret=NAMED)
def test_in_utf_16(place: str, secret: str) -> None:
    text = f"Zeile eins ä\r\n{place % secret}\r\nende\r\n"
    for codec, bom in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b"")):
        scrubbed = scrub_bytes(bom + text.encode(codec))
        assert scrubbed.startswith(bom)
        read = scrubbed.removeprefix(bom).decode(codec)
        assert read == scrub_text(text)
        assert secret not in read


@pytest.mark.parametrize("place", URLS)
@FEW
@given(secret=PASSWORD)
def test_proxy_credentials(place: str, secret: str) -> None:
    scrubbed = check_gone(place % secret, secret)
    assert "«secret:proxy-credentials:user-and-password:" in scrubbed
    assert "user:" not in scrubbed


@FEW
@given(secret=st.text(LETTERS + "@/#?!&=:", min_size=8, max_size=20).map(lambda text: f"x{text}x"))
def test_a_password_with_signs_that_belong_into_no_address(secret: str) -> None:
    check_gone(f"azcmagent config set proxy.url http://user:{secret}@proxy.corp:8080", secret)


@pytest.mark.parametrize("scheme", ["http:/", "http:", "http//", "http:\\", "http:\\\\", "http://http://", "https:/"])
@FEW
@given(secret=PASSWORD)
def test_an_address_that_is_none(scheme: str, secret: str) -> None:
    for text in (
        f'{{"proxy.url": "{scheme}arc:{secret}@10.77.0.1:3128"}}',
        f"azcmagent config set x {scheme}arc:{secret}@px",
    ):
        check_gone(text, secret)


@FEW
@given(secret=PASSWORD)
def test_the_host_of_a_proxy_stays(secret: str) -> None:
    scrubbed = scrub_text(f"proxyconnect tcp: http://user:{secret}@proxy01.corp.example:8080/ no such host")
    assert scrubbed.endswith("@proxy01.corp.example:8080/ no such host")


@pytest.mark.parametrize("place", KEYED)
@FEW
@given(secret=BASE64_KEY)
def test_account_keys(place: str, secret: str) -> None:
    assert "«secret:access-key:base64:88»" in check_gone(place % secret, secret)


@FEW
@given(secret=JWT)
def test_a_bare_token(secret: str) -> None:
    assert (
        check_gone(f"got {secret} from the service", secret) == f"got «secret:token:jwt:{len(secret)}» from the service"
    )


@FEW
@given(secret=ENTRA)
def test_a_bare_client_secret(secret: str) -> None:
    assert check_gone(f"value ({secret})", secret) == "value («secret:client-secret:entra-shaped:40»)"


@FEW
@given(secret=st.text(LETTERS, min_size=30, max_size=50))
@pytest.mark.parametrize("sign", ["sig=", "&sig=", "\\u0026sig=", "&amp;sig=", "sig%3D", "%26sig%253D"])
def test_signatures_of_addresses(sign: str, secret: str) -> None:
    scrubbed = check_gone(f"https://a.blob.core.windows.net/c/b?sv=2022&{sign}{secret}%3D&se=2024-01-01", secret)
    assert "«secret:sas-signature:" in scrubbed
    assert scrubbed.endswith("&se=2024-01-01")


@FEW
@given(secret=NAMED)
def test_json_stays_json(secret: str) -> None:
    document = {"client_secret": secret, "list": [{"password": secret}, "plain"], "url": f"http://u:{secret}@p:1"}
    for indent in (None, 2):
        once = scrub_text(json.dumps(document, indent=indent))
        assert json.loads(once)["list"][1] == "plain"
        twice = scrub_text(json.dumps({"body": json.dumps(document, indent=indent)}))
        assert json.loads(json.loads(twice)["body"])["list"][1] == "plain"
        assert secret not in once and secret not in twice


@FEW
@given(secret=st.text(min_size=8, max_size=40).filter(lambda text: text.strip() and not text.isspace()))
def test_any_characters_inside_quoted_json(secret: str) -> None:
    long = f"Aa1{secret}Zz9"
    for ascii_only in (True, False):
        inner = json.dumps({"client_secret": long}, ensure_ascii=ascii_only)
        for text in (inner, json.dumps({"body": inner}, ensure_ascii=ascii_only)):
            scrubbed = scrub_text(text)
            value = json.loads(scrubbed)
            value = json.loads(value["body"]) if "body" in value else value
            assert value["client_secret"].startswith("«secret:client-secret:")
            assert scrub_text(scrubbed) == scrubbed


@FEW
@given(secret=GUID)
def test_the_id_of_a_secret_keeps_its_form(secret: str) -> None:
    scrubbed = check_gone(f"azcmagent connect --service-principal-secret {secret}", secret)
    assert scrubbed == "azcmagent connect --service-principal-secret «secret:client-secret:guid-shaped:36»"


def test_an_object_instead_of_a_token_keeps_its_form() -> None:
    assert scrub_text("azcmagent connect --access-token aGVsbG8gd29ybGQ0MTIzNDU2Nzg5MDEyMzQ=") == (
        "azcmagent connect --access-token «secret:token:not-a-jwt:36»"
    )


@FEW
@given(secret=NAMED)
def test_the_command_line_and_environment_of_a_process(secret: str) -> None:
    for text in (
        f"/opt/azcmagent/bin/azcmagent\0connect\0--service-principal-secret\0{secret}\0-g\0rg\0",
        f"HOME=/root\0AZURE_CLIENT_SECRET={secret}\0PATH=/bin\0",
    ):
        assert secret not in check_gone(text, secret)
        assert secret.encode() not in scrub_bytes(text.encode())


@FEW
@given(secret=PASSWORD)
def test_a_value_in_braces_of_a_connection_string(secret: str) -> None:
    assert check_gone(f"Server=a;Pwd={{{secret};x}};Database=b", secret).endswith("»;Database=b")
