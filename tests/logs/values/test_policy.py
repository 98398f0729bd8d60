"""Facts of a registry: values by type, nothing for what was not recorded, errors for what is malformed."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.logs.values import keys
from arcdiag.logs.values.policy import policy_facts
from arcdiag.logs.values.registry import Data, RecordedRegistry, RegistryValue
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker

MAKE = FactMaker("2026-06-09T08:00:00Z", "root")
ALL = ("HKLM", "HKCU")
GOOD = ("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")


def facts(
    recorded: dict[str, dict[str, Data]], covers: tuple[str, ...] = ALL, proxies: bool = False
) -> dict[str, Fact]:
    kinds = {int: "REG_DWORD", str: "REG_SZ", tuple: "REG_MULTI_SZ", bytes: "REG_BINARY"}
    registry = RecordedRegistry.of(
        {k: [RegistryValue(n, kinds[type(d)], d) for n, d in v.items()] for k, v in recorded.items()}, covers
    )
    found = policy_facts(MAKE, registry, "test", "a.reg", proxies)
    return {f"{f.fact} {f.subject.id}".strip() if f.subject else f.fact: f for f in found}


@pytest.mark.parametrize(
    ("key", "values", "fact", "expected"),
    [
        (keys.SYSTEM_POLICY, {"CleanupProfiles": 30}, "policy.cleanup-profiles", {"days": 30, "source": "unknown"}),
        (keys.SYSTEM_POLICY, {"CleanupProfiles": 0}, "policy.cleanup-profiles", {"days": 0, "source": "unknown"}),
        (keys.KERNEL, {"obcaseinsensitive": 0}, "policy.case-insensitivity", {"enabled": False}),
        (keys.FIPS, {"Enabled": 1}, "policy.fips", {"enabled": True}),
        (keys.AUTH_ROOT_POLICY, {"DisableRootAutoUpdate": 1}, "policy.root-update", {"disabled": True}),
        (
            keys.POWERSHELL_POLICY,
            {"ExecutionPolicy": "AllSigned", "EnableScripts": 1},
            "policy.execution",
            {"policy": "AllSigned", "scripts": True},
        ),
        (
            keys.NET_SETUP,
            {"Release": 528040, "Version": "4.8.03761"},
            "windows.dotnet",
            {"version": "4.8", "release": 528040},
        ),
        (keys.NET_SETUP, {"Release": 1}, "windows.dotnet", {"version": "older than 4.5", "release": 1}),
        (keys.NET_SETUP, {"Version": "4.0.30319"}, "windows.dotnet", {"version": "4.0.30319"}),
        (keys.POWERSHELL, {"PowerShellVersion": "5.1.17763.1"}, "windows.powershell", {"version": "5.1.17763.1"}),
        (keys.POWERSHELL_OLD, {"PowerShellVersion": "2.0"}, "windows.powershell", {"version": "2.0"}),
        (
            keys.TIME,
            {"Type": "NoSync", "NtpServer": "a,0x8"},
            "machine.time-source",
            {"type": "NoSync", "servers": "a,0x8"},
        ),
        (
            keys.NET,
            {"SchUseStrongCrypto": 1, "SystemDefaultTlsVersions": 0},
            "policy.strong-crypto",
            {"strong": True, "system_default": False},
        ),
        (
            keys.CIPHERS_LOCAL,
            {"Functions": GOOD},
            "policy.cipher-order",
            {"source": "local", "suites": list(GOOD), "tls12": True, "tls13": False},
        ),
    ],
)
def test_values(key: str, values: dict[str, Data], fact: str, expected: dict[str, Any]) -> None:
    found = facts({key: values})[fact]
    assert (found.status, dict(found.value)) == (FactStatus.OK, expected)
    assert (found.at, found.raw, found.by) == ("2026-06-09T08:00:00Z", "a.reg", "test")


def test_what_is_not_set_is_absent_and_what_was_not_recorded_is_nothing() -> None:
    assert facts({})["policy.cleanup-profiles"].status is FactStatus.ABSENT
    assert facts({keys.SYSTEM_POLICY: {}})["policy.cleanup-profiles"].status is FactStatus.ABSENT
    assert facts({}, covers=()) == {}
    assert set(facts({}, covers=(r"HKLM\SOFTWARE\Policies",))) == {
        "policy.cleanup-profiles", "policy.root-update", "policy.execution", "policy.cipher-order",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "values", "fact", "says"),
    [
        (
            keys.SYSTEM_POLICY,
            {"CleanupProfiles": "30"},
            "policy.cleanup-profiles",
            "CleanupProfiles is no number: REG_SZ",
        ),
        (keys.SYSTEM_POLICY, {"CleanupProfiles": b"\x1e\0\0"}, "policy.cleanup-profiles", "3 bytes"),
        (keys.FIPS, {"Enabled": "yes"}, "policy.fips", "no number"),
        (keys.NET_SETUP, {"Release": "528040"}, "windows.dotnet", "Release is no number"),
        (rf"{keys.PROTOCOLS}\TLS 1.2\Client", {"Enabled": "0"}, "policy.tls-client", "TLS 1.2"),
        (keys.CIPHERS_POLICY, {"Functions": 5}, "policy.cipher-order", "no text"),
        (keys.NET, {"SchUseStrongCrypto": "1"}, "policy.strong-crypto", "no number"),
        (keys.POWERSHELL_POLICY, {"ExecutionPolicy": 1}, "policy.execution", "no text"),
    ],
)
def test_malformed_values_are_errors(key: str, values: dict[str, Data], fact: str, says: str) -> None:
    found = facts({key: values})[fact]
    assert found.status is FactStatus.ERROR
    assert not found.value
    assert says in str(found.reason)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "default"),
        ({"Enabled": 0}, "off"),
        ({"Enabled": 0, "DisabledByDefault": 0}, "off"),
        ({"Enabled": 1}, "on"),
        ({"Enabled": 0xFFFFFFFF, "DisabledByDefault": 0}, "on"),
        ({"Enabled": 1, "DisabledByDefault": 1}, "off-by-default"),
        ({"DisabledByDefault": 1}, "off-by-default"),
    ],
)
def test_protocols_of_clients(values: dict[str, Data], state: str) -> None:
    found = facts({rf"{keys.PROTOCOLS}\TLS 1.2\Client": values})["policy.tls-client"].value
    assert found == {"tls10": "default", "tls11": "default", "tls12": state, "tls13": "default"}


def test_the_order_of_a_policy_wins_over_the_local_one() -> None:
    local: dict[str, Data] = {"Functions": GOOD}
    policy: dict[str, Data] = {"Functions": "TLS_AES_256_GCM_SHA384,TLS_AES_128_GCM_SHA256"}
    both = facts({keys.CIPHERS_LOCAL: local, keys.CIPHERS_POLICY: policy})["policy.cipher-order"].value
    assert (both["source"], both["tls12"], both["tls13"]) == ("policy", False, True)
    assert facts({keys.CIPHERS_LOCAL: local})["policy.cipher-order"].value["source"] == "local"
    empty = facts({keys.CIPHERS_LOCAL: local, keys.CIPHERS_POLICY: {"Functions": ""}})["policy.cipher-order"]
    assert empty.value["source"] == "local"


def test_old_windows_names_the_curve_behind_the_suite() -> None:
    named = tuple(f"{suite}_P256" for suite in GOOD)
    assert facts({keys.CIPHERS_LOCAL: {"Functions": named}})["policy.cipher-order"].value["tls12"] is True


@pytest.mark.parametrize(
    ("recorded", "reasons"),
    [
        ({}, []),
        ({rf"{keys.CBS}\RebootPending": {}}, ["servicing"]),
        ({rf"{keys.WINDOWS_UPDATE}\RebootRequired": {}}, ["windows-update"]),
        ({keys.SESSION_MANAGER: {"PendingFileRenameOperations": ("a", "b")}}, ["file-renames"]),
    ],
)
def test_pending_reboots(recorded: dict[str, dict[str, Data]], reasons: list[str]) -> None:
    assert facts(recorded)["windows.pending-reboot"].value == {"pending": bool(reasons), "reasons": reasons}


def winhttp(flags: int, proxy: bytes, bypass: bytes) -> bytes:
    head = struct.pack("<4I", 0x28, 0, flags, len(proxy))
    return head + proxy + struct.pack("<I", len(bypass)) + bypass


def test_the_byte_behind_a_proxy_is_no_digit_of_its_port() -> None:
    blob = winhttp(3, b"proxy.contoso.example:80", b"*.contoso.example;10.*;" + b"x" * 28)
    found = facts({keys.WINHTTP: {"WinHttpSettings": blob}}, proxies=True)["proxy.env WinHTTP"].value
    assert (found["url"], found["host"], found["port"]) == (
        "http://proxy.contoso.example:80",
        "proxy.contoso.example",
        80,
    )


@pytest.mark.parametrize(
    ("blob", "status"),
    [
        (winhttp(1, b"", b""), FactStatus.ABSENT),
        (winhttp(3, b"p:80", b"")[:18], FactStatus.ERROR),
        (struct.pack("<4I", 0x28, 0, 3, 2**31) + b"x", FactStatus.ERROR),
        (b"", FactStatus.ERROR),
    ],
)
def test_winhttp_without_a_proxy_or_damaged(blob: bytes, status: FactStatus) -> None:
    assert facts({keys.WINHTTP: {"WinHttpSettings": blob}}, proxies=True)["proxy.env WinHTTP"].status is status


def test_proxies_of_the_machine_environment_lose_their_credentials() -> None:
    values: dict[str, Data] = {"HTTPS_PROXY": "http://svc:S3cret!@proxy.contoso.example:3128", "NO_PROXY": "10.0.0.0/8"}
    found = facts({keys.ENVIRONMENT: values}, proxies=True)["proxy.env machine environment"]
    assert found.value["url"] == "http://proxy.contoso.example:3128"
    assert found.value["has_credentials"] is True
    assert "S3cret" not in str(found)


@pytest.mark.parametrize(
    ("values", "url"),
    [
        ({"ProxyEnable": 1, "ProxyServer": "http=a:80;https=b:81"}, "http://b:81"),
        ({"ProxyEnable": 0, "ProxyServer": "a:80"}, None),
        ({"ProxyServer": "a:80"}, None),
    ],
)
def test_wininet(values: dict[str, Data], url: str | None) -> None:
    assert facts({keys.WININET: values}, proxies=True)["proxy.env WinINET"].value.get("url") == url


@pytest.mark.parametrize("setting", ["proxy", "proxy:0", "proxy:99999", "pro xy:80", "a:b:c", "x" * 4000])
def test_a_setting_that_is_no_host_and_port_says_so(setting: str) -> None:
    found = facts({keys.ENVIRONMENT: {"HTTPS_PROXY": setting}}, proxies=True)["proxy.env machine environment"].value
    assert (found["problem"], found["port"]) == ("no host and port", None)


_DATA = st.one_of(
    st.integers(0, 2**32 - 1), st.text(max_size=30), st.binary(max_size=40), st.tuples(st.text(max_size=9))
)
_NAMES = st.sampled_from(
    ["CleanupProfiles", "Functions", "Enabled", "DisabledByDefault", "WinHttpSettings", "ProxyEnable", "ProxyServer", "Release",
     "Version", "Type", "HTTPS_PROXY", "SchUseStrongCrypto", "ExecutionPolicy", "PowerShellVersion", "ObCaseInsensitive"]
)  # fmt: skip
_KEYS = st.sampled_from(
    [v for k, v in vars(keys).items() if k.isupper() and isinstance(v, str)] + [rf"{keys.PROTOCOLS}\TLS 1.2\Client"]
)


@given(st.dictionaries(_KEYS, st.dictionaries(_NAMES, _DATA, max_size=4), max_size=6))
@settings(max_examples=300, deadline=None)
def test_any_values_give_facts(recorded: dict[str, dict[str, Data]]) -> None:
    for fact in facts(recorded, proxies=True).values():
        assert (fact.status is FactStatus.OK) == bool(fact.value)
