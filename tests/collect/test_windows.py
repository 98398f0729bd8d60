from __future__ import annotations

import struct

import pytest

from arcdiag.collect.host import linux_paths
from arcdiag.collect.host.platform import ServiceRaw
from arcdiag.collect.host.services import decode_service
from arcdiag.collect.host.windows import WindowsHost
from arcdiag.collect.host.windows_decode import decode_interfaces, decode_winhttp, https_part
from arcdiag.collect.host.windows_paths import SERVICES, windows_logs, windows_paths


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
    interfaces: list[dict[str, object]] = [
        {"DhcpIPAddress": "0.0.0.0", "DhcpNameServer": "9.9.9.9"},
        {"IPAddress": ["10.0.0.5"], "NameServer": "10.0.0.2,10.0.0.3", "DhcpNameServer": "1.1.1.1"},
        {"DhcpIPAddress": "10.1.0.5", "NameServer": "", "DhcpNameServer": "10.0.0.2 10.0.0.4"},
        {"NameServer": "8.8.8.8"},
    ]
    assert decode_interfaces(interfaces) == ("10.0.0.2", "10.0.0.3", "10.0.0.4")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"status": "running", "start_type": "automatic", "exit_code": "0"}, (True, "running", "auto", "success", 0)),
        (
            {"status": "stopped", "start_type": "disabled", "exit_code": "1069"},
            (False, "stopped", "disabled", "exit-code", 1069),
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


def test_the_adapter_imports_and_answers_on_another_system() -> None:
    host = WindowsHost()
    assert host.os == "windows"
    assert host.systemd_running().value is None
    assert host.trust_files() == ()
    assert host.host().value is not None
    assert {place for place, _ in host.environments()} == {"process", "machine environment", "WinHTTP", "WinINET"}
