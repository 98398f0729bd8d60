"""What the long runs found, each kept: inputs that once ended in something else than the documented errors."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from arcdiag.collect.host.config import decode_json, local_fact
from arcdiag.collect.host.proxy_url import parse_proxy
from arcdiag.collect.probe.certificate import read_certificate
from arcdiag.errors import InputError
from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.pack import parse_pack
from arcdiag.knowledge.sources import RuleFileError
from arcdiag.model.fact import FactStatus
from arcdiag.model.fact_maker import FactMaker
from arcdiag.redact.identifiers.replace import Identifiers
from arcdiag.redact.secrets import scrub_bytes, scrub_text
from arcdiag.report.compare.load import read_report
from tests.case.archives import zip_of
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "9" * 5000])
def test_a_number_that_is_none_makes_the_configuration_invalid(number: str) -> None:
    reading = decode_json(f'{{"proxy.bypass": {number}}}'.encode())
    assert reading.status is FactStatus.ERROR and "not valid JSON" in (reading.reason or "")


def test_a_number_that_only_a_float_holds() -> None:
    fact = local_fact(FactMaker(None, None), decode_json(b'{"proxy.bypass": 9223372036854775809}'), None)
    assert fact.value["proxy.bypass"] == float(2**63)


def test_a_port_of_many_digits() -> None:
    assert parse_proxy("http://p.example:" + "9" * 5000).problem == "bad-port"
    assert parse_proxy("http://p.example:003128").port == 3128


def test_a_certificate_of_a_version_that_is_none() -> None:
    der = ssl.PEM_cert_to_DER_cert(trustme.CA().issue_cert("a.example").cert_chain_pems[0].bytes().decode())
    version = b"\xa0\x03\x02\x01"
    assert version + b"\x02" in der
    assert read_certificate(der.replace(version + b"\x02", version + b"\x01", 1)).subject == ""


def test_a_pack_whose_data_is_damaged() -> None:
    data = bytearray(
        zip_of({"pack.json": b'{"pack": "own", "version": "1", "mode": "extends", "rules_format": 1}' * 3})
    )
    at = data.index(b"pack.json") + len(b"pack.json")
    data[at : at + 4] = b"\0\1\2\3"
    with pytest.raises(RuleFileError, match="a damaged zip"):
        parse_pack(bytes(data), "own.zip")


@pytest.mark.parametrize("value", ["2026-13-45", "9" * 5000])
def test_a_date_or_number_of_yaml_that_is_none(tmp_path: Path, value: str) -> None:
    (tmp_path / "own.yaml").write_text(f"- signal: own.x\n  since: {value}\n")
    with pytest.raises(RuleFileError, match="a date or a number"):
        load_rules(tmp_path)


def test_a_report_with_a_field_of_two_lines(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text('{"schema_version": "1.0", "tool": {"name": "arcdiag", "\\n\\u001b[2J": 1}}')
    with pytest.raises(InputError) as error:
        read_report(path)
    assert len(str(error.value).splitlines()) == 1 and "\x1b" not in str(error.value)


@pytest.mark.parametrize("text", ["fe80::1%eth0user@corp.example", "«host:3f2a»fe80::1%eth0user@corp.example\n"])
def test_an_identifier_that_begins_inside_of_another(text: str) -> None:
    ids = Identifiers()
    ids.learn(text)
    once = ids.replace(text)
    assert "corp" not in once and ids.left_in(once) is None and ids.replace(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "https_proxy=http://user:pass@proxy.example::8080",
        "CORP\\janeCORP\\janeuser@corp.example",
        "srv1.corp.examplesrv1.corp.example\u0130fe80::1%eth010.20.30.40srv1.corp.example",
        "ttps_proxy=0ttp://user:pass@proxy.example:8080\n",
        "srv1.corp.example10.20.30.40\nsrv1.corp.exampleS-1-5-21-1-2-3-500",
        'srv1.corp.example"O=user@corp.example0',
        "10.20.30.40\u0130srv1.corp.example",
        "srv1.corp.example\u0080\u00b20,O=\u0080\u00b20",
        "user@corp.examplesrv1.corp.example\u00c0srv1.corp.example",
    ],
)
def test_what_begins_only_beside_a_token(text: str) -> None:
    ids = Identifiers()
    ids.learn(text)
    once = ids.replace(text)
    assert ids.left_in(once) is None
    assert ids.replace(once) == once


def test_the_token_of_a_user_before_a_host_is_no_password() -> None:
    text = "https_proxy=http://us  :«user:a75c»@u«host:5e2b.aabd» | reachable\n"
    assert scrub_text(text) == text
    assert scrub_text("9Authorization:«host:8e78.8afc»:8080\n") == "9Authorization:«host:8e78.8afc»:8080\n"
    assert "Tr0ub4dor" not in scrub_text("proxy=svc:Tr0ub4dor3@proxy.corp.example\n")


def test_no_letter_is_cut_in_two_by_the_name_of_a_user() -> None:
    text = "ACHINE\\Sy\u0173tem\\X=4,1 and CORP\\" + "\u00fc" * 70 + " and user=" + "\u00fc" * 100 + "\n"
    ids = Identifiers()
    ids.learn(text)
    assert ids.left_in(ids.replace(text)) is None
    ids.replace_bytes(text.encode()).decode()


@pytest.mark.parametrize(
    "data",
    [
        b"https://gbl.his.ar#@c.azure.com\n",
        "ttpsproxy=http\u0001//user:pass@proxy.example:8080\n".encode("utf-16-le").replace(b"o\0x\0y", b"o\1x\0y", 1)[
            1:
        ],
        b"\0\0t\0t\0p\0s\0\0p\0r\0o\0x\0y\0=\0h\0t\0t\0p\0\1\0/\0/\0u\0s\0e\0r\0:\0p\0a\0s\0s\0@\0p\1r\0o\0x\0y\0."
        b"\0e\0x\0a\0m\0p\0l\0e\0:\x008\x000\x008\x000\0\n\0",
        b"https_proxy=http://user:pass@proxy.example:8080\n9Authorization:proxy.example:8080\n"
        b"9Authorization: Bearer eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln\n",
        b"\0\0\0\0\0\0\0\0ttps_proxy=http://user:pa\0\0\0\0roxy.example:8080\n"
        b"https_proxy=http://user:pass@proxy.example:8080\n",
        b"1::;Authorization: Bearer eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln\nhttps_proxy=http://u:p4ssw0rd@proxy.example\n",
    ],
)
def test_what_was_replaced_holds_no_secret_and_nothing_more_to_replace(data: bytes) -> None:
    TARGETS["identifiers-in-files"].check(data)


def test_a_mark_of_the_encoding_is_no_lead_of_a_key_block() -> None:
    TARGETS["redactor"].check(
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n".encode("utf-16-be") + b"-\0-\0N\0D\0 \0R\0", [])
    )


@pytest.mark.parametrize("rest", ["", "c", "cd", "'\n"])
def test_single_bytes_behind_the_mark_of_wide_text(rest: str) -> None:
    data = b"\xff\xfeazcmagent connect --service-principal-secret 'ab" + rest.encode()
    TARGETS["redactor"].check((data, []))
    assert b"'ab" not in scrub_bytes(data)
