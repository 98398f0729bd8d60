"""Targets that read what a machine, its agent or a server on the way says."""

from __future__ import annotations

import json
import ssl
from functools import cache
from typing import Any

import trustme
from hypothesis import strategies as st

from arcdiag.case.facts_io import fact_from_line, fact_to_line
from arcdiag.collect.host.config import agent_fact, decode_json, local_fact, local_settings
from arcdiag.collect.host.environment import (
    parse_env_block,
    parse_env_file,
    parse_shell,
    parse_systemd,
    split_assignments,
)
from arcdiag.collect.host.mentions import names_in
from arcdiag.collect.host.proxy_url import parse_proxy, without_credentials
from arcdiag.collect.host.resolver import canonical_name, is_address, parse_hosts, parse_resolv_conf
from arcdiag.collect.host.show import decode_show
from arcdiag.collect.probe.address import class_of
from arcdiag.collect.probe.certificate import has_negative_serial, read_certificate
from arcdiag.collect.probe.http import host_of
from arcdiag.collect.probe.no_proxy import goes_past
from arcdiag.logs.values.audit import decode_denials
from arcdiag.logs.values.azure_json import json_values
from arcdiag.logs.values.azure_vm import machines_in, parse_azure_vm_json
from arcdiag.logs.values.certificate_text import certificate_facts
from arcdiag.logs.values.config_list import config_list_facts, decode_config_list
from arcdiag.logs.values.guest_services import waagent_facts
from arcdiag.logs.values.linux_network import dhcp_of
from arcdiag.logs.values.repository import decode_repositories
from arcdiag.logs.values.smbios import chassis_tag
from arcdiag.logs.values.winhttp import decode_winhttp, https_part, winhttp_setting
from arcdiag.model.fact_maker import FactMaker
from tests.fuzz.strategies import damaged, plain_json, texts
from tests.fuzz.target import Target

_MAKE = FactMaker(None, None)
_SAID = (
    "nameserver 10.0.0.1\nsearch corp.example\noptions timeout:1\n",
    "127.0.0.1 localhost # me\n10.1.2.3 gbl.his.arc.azure.com srv1\n",
    "export https_proxy='http://user:pa%ss@proxy.example:3128' no_proxy=\"a,b\"\n",
    'Environment="HTTPS_PROXY=http://p:1" "A=b c"\nEnvironmentFile=-/etc/x\n',
    'type=AVC msg=audit(1700000000.123:45): avc:  denied  { execute } for comm="himds" path="/opt/x"\n',
    "Local Configuration Settings\n  proxy.url (preview) : http://p:3128\n  connection.type : default\n",
    "[packages-microsoft-com-prod]\nname=x\nbaseurl=https://packages.microsoft.com/rhel/9/prod/\nenabled=1\n",
    "deb [arch=amd64 signed-by=/x] https://packages.microsoft.com/ubuntu/22.04/prod jammy main\n",
    "$ openssl x509 -in /var/opt/azcmagent/certs/myCert -dates -noout\nnotBefore=Mar  1 08:00:00 2026 GMT\nnotAfter=Jun 31\n",
    '{"name": "vm1", "properties": {"osProfile": {"computerName": "x"}, "instanceView": {"vmAgent": {"statuses": []}}}}\n',
    "[DHCP]\nDomainName=corp\n[Network]\nDNS=10.0.0.1\n",
)
machine_texts = st.lists(st.one_of(st.sampled_from(_SAID), st.sampled_from(_SAID).flatmap(lambda s: st.sampled_from(
    (s[: len(s) // 2], s[3:], s.replace("\n", "\r\n"), s.upper()))), st.text(max_size=20), texts), max_size=8).map("".join)  # fmt: skip
_urls = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(("http://", "https:", "//", "user", ":", "p@ss", "@", "proxy.example", "[::1", "]", ":3128", "/", "?x",
                         "#", "%zz", "\u3002", "xn--", " ", "\t", "99999", "9" * 5000, "socks5://", "\ud800"))
    ).map("".join),
)  # fmt: skip
_KEYS = (
    "proxy.url",
    "proxy.bypass",
    "connection.type",
    "location",
    "cloud",
    "resourceName",
    "vmId",
    "config.mode",
    "Properties",
)
_configs = st.dictionaries(st.one_of(st.sampled_from(_KEYS), st.text(max_size=6)), plain_json, max_size=6)


_CONFIG = '{"proxy": {"url": "http://p.example:3128", "bypass": ["Arc"]}, "proxy.bypass": 12345678901, "x": 1.5e3, "cloud": null}'
_NUMBERS = tuple(b'{"proxy.bypass": %s, "location": %s}' % (number, number) for number in (
    b"1e999", b"-1e999", b"NaN", b"Infinity", b"9" * 5000, b"-9223372036854775809", b'"\\ud800"', b"[" * 900 + b"]" * 900))  # fmt: skip


def _machine(source: str) -> None:
    parse_resolv_conf(source)
    hosts = parse_hosts(source)
    assert all(name and addresses for name, addresses in hosts.items())
    canonical_name("srv1", source)
    parse_env_file(source)
    parse_shell(source)
    parse_env_block(source.encode("utf-8", "replace"))
    parse_systemd(source, ("Environment", "EnvironmentFile"))
    split_assignments(source)
    names_in(source)
    decode_denials(source)
    decode_config_list(source)
    decode_repositories(
        {"/etc/yum.repos.d/a.repo": source, "/etc/apt/sources.list": source, "/etc/apt/a.sources": source}
    )
    dhcp_of(
        {"/etc/systemd/network/a.network": source, "/etc/netplan/a.yaml": source, "/etc/network/interfaces": source}
    )
    for read in (certificate_facts, config_list_facts, waagent_facts, parse_azure_vm_json):
        facts = read(source, "x")
        assert [fact_from_line(fact_to_line(fact)) for fact in facts] == facts
    machines_in(parse_azure_vm_json(source, "x"))
    list(json_values(source))


def _config(value: Any) -> None:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    reading = decode_json(data)
    for fact in (agent_fact(_MAKE, reading, "x"), local_fact(_MAKE, reading, "x")):
        assert fact_from_line(fact_to_line(fact)).fact == fact.fact
    if isinstance(reading.value, dict):
        local_settings(reading.value)
        decode_show(reading.value)
    decode_json(data[:-1])


def _url(url: str) -> None:
    parsed = parse_proxy(url)
    assert "p@ss" not in without_credentials("http://user:p@ss@proxy.example:1")
    without_credentials(url)
    str(parsed.address)
    host_of(url)
    goes_past(url, 443, (url, "*", ".x", "10.0.0.0/8", "::/0"))
    if is_address(url):
        class_of(url)
    https_part(url)


def _binary(data: bytes) -> None:
    read_certificate(data)
    has_negative_serial(data)
    chassis_tag(data)
    decode_winhttp(data)
    try:
        winhttp_setting(data)
    except ValueError as error:
        assert str(error)


def _certificate() -> bytes:
    leaf = trustme.CA().issue_cert("gbl.his.arc.azure.com", "10.0.0.1", "user@example.com")
    return ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())


OF_MACHINES: dict[str, Target] = {
    "machine": Target(machine_texts, _machine),
    "config": Target(st.one_of(_configs, damaged(_CONFIG.encode), st.sampled_from(_NUMBERS)), _config),
    "url": Target(_urls, _url),
    "binary": Target(st.one_of(damaged(cache(_certificate)), st.binary(max_size=120)), _binary),
}
