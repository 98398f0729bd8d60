from __future__ import annotations

import struct
from collections.abc import Mapping

import pytest

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host import linux_paths
from arcdiag.collect.host.inspect import CHECKS, Inspection
from arcdiag.collect.host.platform import Host, ServiceRaw
from arcdiag.collect.host.services import decode_service
from arcdiag.collect.host.settings import read_settings
from arcdiag.collect.host.windows import WindowsHost
from arcdiag.collect.host.windows_paths import SERVICES, windows_logs, windows_paths
from arcdiag.collect.host.windows_registry import MACHINE_ENVIRONMENT, UNINSTALL, WINHTTP, WININET
from arcdiag.collect.host.windows_resolver import name_servers
from arcdiag.collect.raw import RawFiles
from arcdiag.logs.values.registry import Data, RecordedRegistry, RegistryValue, normal
from arcdiag.logs.values.scm import decode_scm
from arcdiag.logs.values.winhttp import decode_winhttp, https_part
from arcdiag.model.fact import FactStatus
from arcdiag.model.fact_maker import FactMaker
from arcdiag.model.reading import Reading


def blob(flags: int, proxy: bytes, bypass: bytes) -> bytes:
    """WinHttpSettings as Windows writes it."""
    head = struct.pack("<4I", 0x28, 0, flags, len(proxy))
    return head + proxy + struct.pack("<I", len(bypass)) + bypass + b"\0" * 32


def test_winhttp_is_decoded_by_its_lengths() -> None:
    # The length of the bypass list is 0x33, a digit: read as text, port 80 would become 803.
    bypass = b"*.contoso.example;10.*;" + b"x" * 28
    assert len(bypass) == 0x33
    assert decode_winhttp(blob(3, b"proxy.contoso.example:80", bypass)) == ("proxy.contoso.example:80", bypass.decode())


def test_winhttp_of_a_real_machine() -> None:
    recorded = bytes.fromhex(
        "28000000000000000300000010000000" + b"10.20.30.40:8080".hex() + "07000000" + b"<local>".hex()
    )
    assert decode_winhttp(recorded) == ("10.20.30.40:8080", "<local>")


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x28", blob(1, b"", b""), blob(3, b"proxy:80", b"")[:20], struct.pack("<4I", 0x28, 0, 3, 2**31) + b"x"],
)
def test_winhttp_direct_or_damaged_is_no_proxy(raw: bytes) -> None:
    assert decode_winhttp(raw) is None


@pytest.mark.parametrize(
    ("setting", "https"),
    [
        ("proxy:8080", "proxy:8080"),
        ("http=a:80;https=b:81;ftp=c:82", "b:81"),
        ("http=a:80", ""),
        ("http=a:80 https=b:81", "b:81"),
        ("", ""),
    ],
)
def test_the_proxy_for_https(setting: str, https: str) -> None:
    assert https_part(setting) == https


def test_name_servers_of_interfaces_that_have_an_address() -> None:
    interfaces: list[dict[str, Data]] = [
        {"dhcpipaddress": "0.0.0.0", "dhcpnameserver": "9.9.9.9"},
        {"ipaddress": ("10.0.0.5",), "nameserver": "10.0.0.2,10.0.0.3", "dhcpnameserver": "1.1.1.1"},
        {"dhcpipaddress": "10.1.0.5", "nameserver": "", "dhcpnameserver": "10.0.0.2 10.0.0.4"},
        {"nameserver": "8.8.8.8"},
    ]
    assert name_servers(interfaces) == ("10.0.0.2", "10.0.0.3", "10.0.0.4")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"status": "running", "start_type": "automatic", "exit_code": "0"}, (True, "running", "auto", "success", 0)),
        (
            {"status": "stopped", "start_type": "disabled", "exit_code": "1069"},
            (False, "stopped", "disabled", "logon-failed", 1069),
        ),
        ({"status": "start_pending", "start_type": "manual"}, (False, "starting", "manual", None, None)),
        (
            {"status": "stopped", "start_type": "automatic", "exit_code": "1077"},
            (False, "stopped", "auto", "never-started", 1077),
        ),
    ],
)
def test_recorded_states_of_windows_services(values: dict[str, str], expected: tuple[object, ...]) -> None:
    value = decode_service(ServiceRaw("himds", "scm", values))
    assert value is not None
    assert (value["running"], value["state"], value["start_type"], value["result"], value["exit_code"]) == expected


def test_both_systems_have_the_same_logical_names() -> None:
    assert set(windows_paths()) == set(linux_paths.FILES)
    assert set(SERVICES) == set(linux_paths.UNITS)
    assert {kind for _, kind in windows_logs()} == {kind for _, kind in linux_paths.LOGS}


@pytest.mark.linux
def test_the_adapter_answers_on_another_system() -> None:
    host = WindowsHost()
    assert host.os == "windows"
    assert host.systemd_running().value is None
    assert host.trust_files() == ()
    assert {place for place, _ in host.environments()} == {"process", "machine environment", "WinHTTP", "WinINET"}
    assert {r.status for r in host.services(Deadline.after(1)).values()} == {FactStatus.UNSUPPORTED}
    assert host.right_holders("SeServiceLogonRight").status is FactStatus.UNSUPPORTED
    assert host.group_members("Administrators").status is FactStatus.UNSUPPORTED
    assert host.package(Deadline.after(1)).status is FactStatus.UNSUPPORTED


def test_every_method_of_the_protocol_is_there() -> None:
    wanted = {name for name in vars(Host) if not name.startswith("_")}
    assert {name for name in wanted if not hasattr(WindowsHost, name)} == set()


CURRENT = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
PRODUCT = r"HKLM\SYSTEM\CurrentControlSet\Control\ProductOptions"
TCPIP = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"


def recorded(keys: dict[str, dict[str, Data]]) -> WindowsHost:
    return WindowsHost(
        RecordedRegistry.of(
            {
                key: [RegistryValue(n, "REG_DWORD" if isinstance(d, int) else "REG_SZ", d) for n, d in values.items()]
                for key, values in keys.items()
            },
            covers=["HKLM", "HKCU"],
        )
    )


@pytest.mark.parametrize(
    ("current", "product", "expected"),
    [
        (
            {"ProductName": "Windows Server 2019 Datacenter", "CurrentMajorVersionNumber": 10, "UBR": 5329,
             "CurrentMinorVersionNumber": 0, "CurrentBuild": "17763", "InstallationType": "Server Core"},
            "LanmanNT",
            ("Windows Server 2019 Datacenter", "10.0.17763", "17763.5329", "domain-controller", "Server Core"),
        ),
        (
            {"ProductName": "Windows Server 2012 R2 Standard", "CurrentVersion": "6.3", "CurrentBuild": "9600",
             "InstallationType": "Server"},
            "ServerNT",
            ("Windows Server 2012 R2 Standard", "6.3.9600", "9600", "server", "Server"),
        ),
        (
            {"ProductName": "Windows 10 Pro", "CurrentMajorVersionNumber": 10, "CurrentMinorVersionNumber": 0,
             "CurrentBuildNumber": "22631", "CurrentBuild": "22631", "InstallationType": "Client"},
            "WinNT",
            ("Windows 11 Pro", "10.0.22631", "22631", "client", "Client"),
        ),
    ],
)  # fmt: skip
def test_versions_as_the_registry_tells_them(current: dict[str, Data], product: str, expected: tuple[str, ...]) -> None:
    raw = recorded({CURRENT: current, PRODUCT: {"ProductType": product}}).host().value
    assert raw is not None
    assert (raw.os_name, raw.os_version, raw.kernel, raw.product, raw.installation) == expected


def test_the_name_of_the_machine_with_its_domain() -> None:
    raw = recorded({TCPIP: {"Hostname": "WEB01", "Domain": "", "DhcpDomain": "corp.example"}}).host().value
    assert raw is not None
    assert (raw.hostname, raw.fqdn) == ("WEB01", "WEB01.corp.example")


def test_the_uninstall_record_of_the_agent_alone_counts() -> None:
    other: dict[str, dict[str, Data]] = {
        UNINSTALL + r"\{1}": {"DisplayName": "Azure Data Studio", "DisplayVersion": "1"}
    }
    agent: dict[str, dict[str, Data]] = {
        UNINSTALL + r"\{2}": {"DisplayName": "Azure Connected Machine Agent", "DisplayVersion": "1.66.1.2"}
    }
    deadline = Deadline.after(1)
    assert recorded(other).package(deadline).status is FactStatus.ABSENT
    assert recorded(other | agent).package(deadline).value == ("1.66.1.2", "uninstall record")


def test_proxies_of_a_recorded_registry() -> None:
    host = recorded(
        {
            MACHINE_ENVIRONMENT: {"https_proxy": "http://proxy01.corp.example:8080", "Path": "C:\\Windows", "n": 3},
            WINHTTP: {"WinHttpSettings": blob(3, b"http=a:1;https=b:2", b"<local>")},
            WININET: {"ProxyEnable": 0, "ProxyServer": "off.example:80"},
        }
    )
    places = {place: reading for place, reading in host.environments() if place != "process"}
    machine, winhttp = places["machine environment"].value, places["WinHTTP"].value
    assert machine is not None and dict(machine.variables) == {"https_proxy": "http://proxy01.corp.example:8080"}
    assert winhttp is not None and dict(winhttp.variables) == {"HTTPS_PROXY": "b:2", "NO_PROXY": "<local>"}
    assert places["WinINET"].status is FactStatus.ABSENT


def test_secrets_of_an_environment_are_not_shown_by_accident() -> None:
    host = recorded({MACHINE_ENVIRONMENT: {"HTTPS_PROXY": "http://user:geheim@proxy01:8080"}})
    assert "geheim" not in repr(host.environments())


def test_a_registry_that_may_not_be_read_is_no_empty_one() -> None:
    host = WindowsHost(Locked())
    assert {reading.status for place, reading in host.environments() if place != "process"} == {FactStatus.DENIED}
    assert host.resolver().status is FactStatus.DENIED
    assert host.package(Deadline.after(1)).status is FactStatus.DENIED


class Locked:
    """A registry that refuses everything."""

    def values(self, key: str) -> Reading[Mapping[str, RegistryValue]]:
        return Reading(FactStatus.DENIED, None, f"{key}: permission denied")

    def subkeys(self, key: str) -> Reading[tuple[str, ...]]:
        return Reading(FactStatus.DENIED, None, f"{key}: permission denied")


@pytest.mark.parametrize(
    ("code", "own", "expected"),
    [
        (0, 0, ("success", None)),
        (1053, 0, ("start-timeout", None)),
        (1058, 0, ("disabled", None)),
        (1066, 7, ("exit-code", 7)),
        (1067, 0, ("exit-code", None)),
        (1068, 0, ("dependency-failed", None)),
        (1069, 0, ("logon-failed", None)),
        (1297, 0, ("privilege-missing", None)),
    ],
)
def test_exit_codes_of_services(code: int, own: int, expected: tuple[str, int | None]) -> None:
    values = {"status": "stopped", "start_type": "automatic", "exit_code": str(code), "service_exit_code": str(own)}
    value = decode_scm("himds", values | {"delayed": "yes", "dependencies": "a,b", "username": r"NT SERVICE\himds"})
    assert (value["result"], value["service_exit_code"]) == expected
    assert (value["exit_code"], value["delayed_start"], value["dependencies"]) == (code, True, ["a", "b"])
    assert value["user"] == r"NT SERVICE\himds"


class Noting:
    """A registry that remembers what it was asked for."""

    def __init__(self, inner: RecordedRegistry) -> None:
        self.inner = inner
        self.asked: set[str] = set()

    def values(self, key: str) -> Reading[Mapping[str, RegistryValue]]:
        self.asked.add(normal(key))
        return self.inner.values(key)

    def subkeys(self, key: str) -> Reading[tuple[str, ...]]:
        self.asked.add(normal(key))
        return self.inner.subkeys(key)


def test_every_key_that_is_read_is_listed() -> None:
    policy = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\System"
    values = {UNINSTALL + r"\{1}": [RegistryValue("DisplayName", "REG_SZ", "x")], policy: []}
    noting = Noting(RecordedRegistry.of(values, covers=["HKLM", "HKCU"]))
    host = WindowsHost(noting)
    look = Inspection(host, FactMaker(None, None), read_settings(host), (), RawFiles(), Deadline.after(20))
    facts = [fact.fact for _, _, check in CHECKS for fact in check(look)]
    listed = tuple(normal(source) for source in host.sources())
    assert normal(policy) in noting.asked and "policy.cleanup-profiles" in facts
    assert [key for key in sorted(noting.asked) if not key.startswith(listed)] == []
