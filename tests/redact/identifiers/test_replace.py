"""Identifiers become tokens that keep kind, class and equality; what is nobody's own stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.knowledge.load import load_rules
from arcdiag.redact.identifiers.replace import Identifiers
from arcdiag.redact.identifiers.stream import TextStream
from arcdiag.redact.identifiers.tokens import IdKind, Tokens
from arcdiag.redact.identifiers.vocabulary import catalogue, vocabulary

RULES = load_rules()
GLOBS, COMMON = catalogue(RULES), vocabulary(RULES)


def fresh(key: bytes | None = b"key") -> Identifiers:
    return Identifiers(GLOBS, COMMON, key)


def redacted(text: str, learnt: str = "") -> str:
    ids = fresh()
    ids.learn(learnt + "\n" + text)
    return ids.replace(text)


def plain(text: str) -> str:
    """Tokens without their digits."""
    return re.sub(r"«([a-z-]+):[0-9a-f.]+»", r"<\1>", text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Resource ID=/subscriptions/595c1787-bb35-4fdf-8fd6-aebae0379c59/resourceGroups/rg-prod-01/providers/Microsoft.HybridCompute/machines/SRV-WEB01",
            "Resource ID=/subscriptions/<subscription>/resourceGroups/<resource-group>/providers/Microsoft.HybridCompute/machines/<host>",
        ),
        (
            "proxyconnect tcp: dial tcp: lookup proxy01.corp.example on 10.1.1.10:53: no such host",
            "proxyconnect tcp: dial tcp: lookup <host> on <ip-private>:53: no such host",
        ),
        ("dial tcp [fd00::12]:8888: connectex", "dial tcp <ip-private>:8888: connectex"),
        ("dial tcp 40.126.9.7:443: i/o timeout", "dial tcp <ip-public>:443: i/o timeout"),
        ("nameserver fe80::1%eth0 and 2a00:1450:4001::200e", "nameserver <ip-link-local> and <ip-public>"),
        ("ether 00:1a:2b:3c:4d:5e and 00-1A-2B-3C-4D-5E", "ether <mac> and <mac>"),
        ("mail to john.doe@contoso.com now", "mail to <mail> now"),
        ("owner CORP\\jdoe of C:\\Users\\jdoe\\AppData", "owner <domain>\\<user> of C:\\Users\\<user>\\AppData"),
        ('{"account":"CORP\\\\jdoe"}', '{"account":"<domain>\\\\<user>"}'),
        ("S-1-5-21-1004336348-1177238915-682003330-512", "<sid>"),
        (
            "https://login.microsoftonline.com/72f988bf-1111-2222-3333-2d7cd011db47/oauth2/token",
            "https://login.microsoftonline.com/<tenant>/oauth2/token",
        ),
        ("Correlation ID=595c1787-bb35-4fdf-8fd6-aebae0379c59", "Correlation ID=<guid>"),
        ("Jun 03 09:12:11 srv-web01 himds[812]: started", "Jun 03 09:12:11 <host> himds[812]: started"),
        ('"resourceName": "srvbln7", "resourceGroup": "arc-berlin"', '"resourceName": "<host>", "resourceGroup": "<resource-group>"'),
        ("COMPUTERNAME=WEB07 USERNAME=mmuster USERDNSDOMAIN=CORP.EXAMPLE", "COMPUTERNAME=<host> USERNAME=<user> USERDNSDOMAIN=<domain>"),
        ("/home/mmuster/.ssh and session opened for user mmuster", "/home/<user>/.ssh and session opened for user <user>"),
        ("search corp.example lab.corp.example\n", "search <domain> <domain>\n"),
        ("q=%2Fproxy01.corp.example%3A8080", "q=%2F<host>%3A8080"),
        ('"a\\nproxy01.corp.example\\n10.2.3.4"', '"a\\n<host>\\n<ip-private>"'),
        ("contoso.onmicrosoft.com", "<host>"),
    ],
)  # fmt: skip
def test_what_is_replaced(text: str, wanted: str) -> None:
    assert plain(redacted(text)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Agent Version: 1.46.02809.1841 and version 1.3.4.0, OpenSSL 3.0.2, azcmagent_1.3.4.1_amd64.deb",
        "AZCM0026: Network Error, AADSTS7000215, 0x80070005, HCRP404",
        "https://gbl.his.arc.azure.com https://westeurope-gas.guestconfiguration.azure.com packages.microsoft.com",
        "gbl.privatelink.his.arc.azure.com login.windows.net pas.windows.net download.microsoft.com aka.ms",
        "http://169.254.169.254/metadata 168.63.129.16 127.0.0.1:40342 [::1]:40342 localhost:40343 0.0.0.0 255.255.255.0",
        "lookup http: no such host",
        "himds.log azcmagent.exe agentconfig.json Microsoft.HybridCompute/machines himdsd.service proxy.url",
        "NT AUTHORITY\\SYSTEM NT SERVICE\\himds BUILTIN\\Administrators HKLM\\SOFTWARE\\Microsoft C:\\Users\\Public",
        "time 09:12:11 std::vector 12:34:56:78 a::b",
        "00000000-0000-0000-0000-000000000000 04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        "user=root user: himds S-1-5-80-4215458991-2034252225-2287069555-1155419622-2701885083",
        "System.Net.WebException: x at System.IO.Stream.Read",
        "http://proxy:8080",
    ],
)
def test_what_stays(text: str) -> None:
    assert redacted(text) == text


def test_names_of_facts_stay() -> None:
    names = {
        part.id
        for cause in RULES.causes.values()
        for entries in (cause.confirmed, cause.likely, cause.possible, cause.against)
        for entry in entries
        for part in (entry, *entry.parts)
        if part.kind == "fact"
    }
    text = "".join(
        f'{{"fact": "{name}", "status": "ok"}}\n' for name in sorted({*names, "config.local", "machine.host"})
    )
    assert redacted(text) == text


def test_a_name_found_once_is_replaced_everywhere() -> None:
    learnt = "Resource Name : erpdb\nUsing HTTPS Proxy : http://px7.meuse.example:3128\nuser=mmuster\n"
    text = "backup_erpdb.log for ERPDB by mmuster; dc02.meuse.example; PX7 is down; meuse.example"
    assert plain(redacted(text, learnt)) == "backup_<host>.log for <host> by <user>; <host>; <host> is down; <domain>"


def test_a_name_that_is_a_common_word_takes_no_word_out_of_a_sentence() -> None:
    learnt = "Resource Name : connect\nResource Group : agent\n"
    assert redacted("azcmagent connect: the agent could not connect", learnt) == (
        "azcmagent connect: the agent could not connect"
    )
    assert plain(redacted("machines/x\nResource Name : connect", learnt)).endswith("Resource Name : <host>")


def test_a_host_of_another_number_is_a_host_too() -> None:
    learnt = "Resource Name : erpdb01\nComputer: fs-k3\nHostname: server01\nvmName: zeb7\n"
    text = "ERPDB02 is down, erpdb17 too; fs-k12, zeb9; server02, erpdb and erpdb01x stay, erpdb02.log and xerpdb03"
    assert plain(redacted(text, learnt)) == (
        "<host> is down, <host> too; <host>, <host>; server02, erpdb and erpdb01x stay, <host>.log and xerpdb03"
    )
    assert redacted("ERPDB02", learnt) == redacted("erpdb02", learnt)


def test_the_same_value_has_the_same_token_in_any_case() -> None:
    first, second = redacted("/machines/SRV01X"), redacted("Computer: srv01x")
    assert first.rpartition("/")[2] == second.partition(": ")[2]


def test_two_runs_have_nothing_in_common() -> None:
    tokens = {Identifiers(GLOBS, COMMON).replace("10.1.2.3") for _ in range(5)}
    assert len(tokens) >= 4


def test_digits_are_unique_within_a_run() -> None:
    tokens = Tokens(b"key")
    made = [tokens.token(IdKind.HOST, f"host{number}") for number in range(20_000)]
    assert len(set(made)) == len(made)
    assert [tokens.token(IdKind.HOST, f"host{number}") for number in range(20_000)] == made


def test_secrets_tokens_stay() -> None:
    text = "password=«secret:password:text:9» srv «host:3f2a»"
    assert redacted(text, "machines/secret\nmachines/host\n") == text


@settings(max_examples=300, deadline=None, derandomize=True)
@given(text=st.text(max_size=200))
def test_any_text_will_do(text: str) -> None:
    ids = fresh()
    ids.learn(text)
    once = ids.replace(text)
    assert isinstance(once, str)
    assert text.count("\n") == once.count("\n")


WORDS = st.sampled_from(
    ["10.1.2.3", "srv-web01", "proxy01.corp.example", "CORP\\jdoe", "jdoe", "a@corp.example", "machines/srv-web01", "://",
     "lookup ", "user=", "\\n", "%2F", "«host:1234»", "fd00::1", "[fd00::1]:443", "\n", " ", ".", "x", "Größe", "\ud800"]
)  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(parts=st.lists(WORDS, max_size=12))
def test_nothing_learnt_is_left(parts: list[str]) -> None:
    text = "".join(parts)
    ids = fresh()
    ids.learn(text)
    assert ids.left_in(ids.replace(text)) is None


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("size", [1, 7, 4096, 100_000])
def test_files_in_any_encoding_and_any_portions(codec: str, size: int) -> None:
    text = "\ufeff" + "Größe 10.1.2.3 on srv-web01 😀\r\nComputer: srv-web01\r\n" * 300
    ids = fresh()
    ids.learn(text)
    raw = text.encode(codec)
    stream = TextStream(ids.replace_bytes)
    parts = [stream.feed(raw[at : at + size]) for at in range(0, len(raw), size)]
    assert b"".join([*parts, stream.finish()]).decode(codec) == ids.replace(text)


def test_bytes_that_are_no_text_stay() -> None:
    ids = fresh()
    raw = b"\xff\xfe\xfd\x00\xc3" * 3 + b"\n\x82\xb1 10.1.2.3\xe2\x82"
    stream = TextStream(ids.replace_bytes)
    out = stream.feed(raw) + stream.finish()
    assert out.startswith(raw[:2])
    plain_bytes = b"\x82\xb1 \xe2\x82 level=info\n\xc3"
    stream = TextStream(ids.replace_bytes)
    assert stream.feed(plain_bytes) + stream.finish() == plain_bytes
