"""The adapter under a real Windows Python: registry, service manager, files and pipes are those of the machine."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest

from tests.lab.windows import agent
from tests.lab.windows.wine import Machine

KEY = r"HKLM\SOFTWARE\Lab"
ABSENT = r"HKLM\SOFTWARE\Policies\Microsoft\Nothing"
ENVIRONMENT = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
INTERNET = r"Microsoft\Windows\CurrentVersion\Internet Settings"
SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
TCPIP = SERVICES + r"\Tcpip\Parameters"
PROXY, BYPASS = b"proxy.contoso.example:80", b"*.lab.local;" + b"x" * 39
# The length of the bypass list is 0x33, the digit 3: read as text, port 80 becomes 803.
WINHTTP = struct.pack("<4I", 0x28, 0, 3, len(PROXY)) + PROXY + struct.pack("<I", len(BYPASS)) + BYPASS

WRITE = r"""
import winreg
with winreg.CreateKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Lab") as key:
    for name, kind, data in (
        ("Big", winreg.REG_QWORD, 2**40), ("Bytes", winreg.REG_BINARY, b"\x00\xff"), ("Nothing", winreg.REG_NONE, None),
        ("Half", winreg.REG_SZ, "a\ud800b"), ("", winreg.REG_SZ, "the default"),
    ):
        winreg.SetValueEx(key, name, 0, kind, data)
"""

# A log that is being read can be rotated: renamed, made anew, deleted.
ROTATE = r"""
import os
from pathlib import Path
from arcdiag.case.folder import open_regular
os.makedirs(r"C:\rotate", exist_ok=True)
log = Path(r"C:\rotate\himds.log")
log.write_text("old")
with open_regular(log) as file:
    log.rename(r"C:\rotate\himds-1.log")
    log.write_text("new")
    Path(r"C:\rotate\himds-1.log").unlink()
    print(file.read().decode(), log.read_text())
with log.open("rb"):
    try:
        log.rename(r"C:\rotate\himds-2.log")
    except PermissionError as error:
        print("an ordinary open forbids it:", error.winerror)
for path in (r"C:\rotate\nothing.log", r"C:\rotate"):
    try:
        open_regular(path)
    except OSError as error:
        print(type(error).__name__)
"""


def prepare(machine: Machine) -> None:
    agent.install(machine)
    machine.done("sc", "stop", "GCArcService")
    machine.done("sc", "stop", "ExtensionService")
    machine.done("sc", "delete", "ExtensionService")
    agent.create(machine, "ExtensionService", r"C:\nowhere\ext.exe", "start=", "disabled", "depend=", "himds")
    machine.reg(rf"{SERVICES}\himds", "DelayedAutostart", "REG_DWORD", "1")
    assert machine.py("-c", WRITE).code == 0
    for name, kind, data in (("Number", "REG_DWORD", "30"), ("Text", "REG_SZ", "żółw"), ("List", "REG_MULTI_SZ", r"a\0b"),
                             ("Path", "REG_EXPAND_SZ", "%SystemRoot%\\x")):  # fmt: skip
        machine.reg(KEY, name, kind, data)
    machine.reg(rf"{KEY}\Sub", "x", "REG_SZ", "y")
    machine.reg(ENVIRONMENT, "HTTPS_PROXY", "REG_SZ", "http://user:pw@proxy01.corp.example:8080")
    machine.reg(ENVIRONMENT, "NO_PROXY", "REG_SZ", "localhost,.corp.example")
    machine.reg(rf"HKLM\SOFTWARE\{INTERNET}\Connections", "WinHttpSettings", "REG_BINARY", WINHTTP.hex())
    machine.reg(rf"HKCU\Software\{INTERNET}", "ProxyEnable", "REG_DWORD", "1")
    machine.reg(rf"HKCU\Software\{INTERNET}", "ProxyServer", "REG_SZ", "http=a:80;https=b.example:81")
    machine.reg(rf"{TCPIP}\Interfaces\{{1}}", "DhcpIPAddress", "REG_SZ", "10.0.0.5")
    machine.reg(rf"{TCPIP}\Interfaces\{{1}}", "DhcpNameServer", "REG_SZ", "10.0.0.2 10.0.0.3")
    machine.reg(TCPIP, "Hostname", "REG_SZ", "WEB01")
    machine.reg(TCPIP, "Domain", "REG_SZ", "corp.example")
    machine.done("attrib", "+r", r"C:\ProgramData\AzureConnectedMachineAgent\Config\agentconfig.json")


@pytest.fixture(scope="module")
def seen(machine: Machine) -> dict[str, Any]:
    prepare(machine)
    ended = machine.py("-m", "tests.lab.windows.inside", KEY, ABSENT, apart=True)
    assert ended.code == 0, ended.errors.decode()[-3000:]
    return dict(json.loads(ended.raw))


def test_values_of_every_kind(seen: dict[str, Any]) -> None:
    values = seen["values"][KEY]["value"]
    assert {name: (v["kind"], v["data"]) for name, v in values.items()} == {
        "number": ("REG_DWORD", 30),
        "big": ("REG_QWORD", 2**40),
        "bytes": ("REG_BINARY", "00ff"),
        "text": ("REG_SZ", "żółw"),
        "list": ("REG_MULTI_SZ", ["a", "b"]),
        "path": ("REG_EXPAND_SZ", "%SystemRoot%\\x"),
        "nothing": ("REG_NONE", ""),
        "half": ("REG_SZ", "a\ufffdb"),
        "": ("REG_SZ", "the default"),
    }
    assert values["number"]["name"] == "Number"
    assert seen["subkeys"][KEY]["value"] == ["Sub"]


def test_a_key_that_is_not_there(seen: dict[str, Any]) -> None:
    for asked in ("values", "subkeys"):
        assert (seen[asked][ABSENT]["status"], seen[asked][ABSENT]["value"]) == ("absent", None)


def test_services_missing_stopped_disabled_running(seen: dict[str, Any]) -> None:
    services = {name: reading["value"] and reading["value"]["values"] for name, reading in seen["services"].items()}
    assert (seen["services"]["arcproxy"]["status"], services["arcproxy"]) == ("absent", None)
    himds, gcad, extd = services["himds"], services["gcad"], services["extd"]
    assert (himds["status"], himds["start_type"], himds["exit_code"]) == ("running", "automatic", "0")
    assert (himds["username"], himds["delayed"], bool(himds["pid"])) == (r"NT SERVICE\himds", "yes", True)
    assert (gcad["status"], gcad["start_type"], gcad["pid"]) == ("stopped", "automatic", "")
    assert (extd["status"], extd["start_type"], extd["exit_code"]) == ("stopped", "disabled", "1077")
    assert (extd["delayed"], extd["binpath"]) == ("no", r"C:\nowhere\ext.exe")


def test_psutil_says_the_same_of_the_services(seen: dict[str, Any]) -> None:
    for name, other in seen["psutil"].items():
        ours = seen["services"][name]["value"]
        assert (ours is None) == (other is None), name
        for key in ("status", "start_type", "username", "binpath", "display_name") if other else ():
            assert ours["values"][key] == other[key], (name, key)
        if other:
            assert ours["values"]["pid"] == str(other["pid"] or "")


def test_files_with_their_attributes_and_the_pipe(seen: dict[str, Any]) -> None:
    files = {name: reading["value"] for name, reading in seen["files"].items()}
    assert (files["agentconfig"]["read_only"], files["localconfig"]["read_only"]) == (True, False)
    assert (files["certs"]["kind"], files["certs"]["readable"]) == ("folder", True)
    assert files["localconfig"]["owner"] and files["localconfig"]["modified"].endswith("Z")
    assert files["himds.sock"]["kind"] == "socket"
    assert seen["files"]["arcproxy.log"]["status"] == "absent"


def test_who_listens_is_not_known_where_the_system_does_not_tell(seen: dict[str, Any]) -> None:
    assert [raw["address"] for raw in seen["listeners"]["40342"]["value"]] == ["127.0.0.1"]
    assert seen["listeners"]["40342"]["value"][0]["process"] is None
    assert seen["listeners"]["40343"]["value"] == []


def test_proxies_of_every_place(seen: dict[str, Any]) -> None:
    places = {place: reading["value"] for place, reading in seen["environments"].items()}
    assert places["WinHTTP"]["variables"] == {"HTTPS_PROXY": PROXY.decode(), "NO_PROXY": BYPASS.decode()}
    assert places["WinINET"]["variables"] == {"HTTPS_PROXY": "b.example:81"}
    assert places["machine environment"]["kind"] == "service"
    assert places["machine environment"]["variables"]["NO_PROXY"] == "localhost,.corp.example"
    # A program gets the machine's variables when it starts.
    assert places["process"]["variables"] == places["machine environment"]["variables"]


def test_names_versions_and_name_servers(seen: dict[str, Any]) -> None:
    host = seen["host"]["value"]
    assert (host["hostname"], host["fqdn"]) == ("WEB01", "WEB01.corp.example")
    assert (host["os_name"], host["os_version"], host["kernel"]) == (
        "Windows Server 2022 Standard", "10.0.20348", "20348.2762")  # fmt: skip
    assert (host["product"], host["installation"], host["arch"]) == ("server", "Server", "AMD64")
    assert seen["resolver"]["value"]["nameservers"] == ["10.0.0.2", "10.0.0.3"]
    assert seen["package"]["value"] == [agent.VERSION, "uninstall record"]
    assert seen["user"]["value"][1] is True


def test_what_this_system_does_not_tell_is_said(seen: dict[str, Any]) -> None:
    for asked in ("right", "group"):
        assert seen[asked]["status"] == "unsupported" and "does not tell" in seen[asked]["reason"]
    assert seen["up"]["value"] > 0


def test_a_log_that_is_read_can_be_rotated(machine: Machine) -> None:
    told = machine.py("-c", ROTATE).output.split("\n")
    assert told[:2] == ["old new", "an ordinary open forbids it: 32"]
    assert told[2:4] == ["FileNotFoundError", "PermissionError"]
