"""Security settings: who may log on as a service, exports and templates, values of the registry."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.logs.values.logon_right import logon_as_service_fact, service_sid
from arcdiag.logs.values.secedit import read_security
from arcdiag.model.fact import FactStatus
from arcdiag.model.fact_maker import FactMaker
from arcdiag.model.reading import Reading

HIMDS = "S-1-5-80-4215458991-2034252225-2287069555-1155419622-2701885083"
OTHERS = [
    "SeNetworkLogonRight = *S-1-1-0,*S-1-5-32-544",
    "SeBackupPrivilege = *S-1-5-32-544",
    "SeChangeNotifyPrivilege = *S-1-1-0",
    "SeSystemtimePrivilege = *S-1-5-19",
    "SeShutdownPrivilege = *S-1-5-32-544",
]


def export(*rights: str) -> list[str]:
    return ["[Unicode]", "Unicode=yes", "[Privilege Rights]", *OTHERS, *rights, "[Version]", 'signature="$CHICAGO$"']


def himds(*holders: str) -> object:
    fact = logon_as_service_fact(FactMaker(None, None), Reading.of(holders))
    assert fact.status is FactStatus.OK
    return fact.value.get("himds", "not said")


def test_the_sid_of_a_service_is_computed_from_its_name() -> None:
    assert service_sid("himds") == service_sid("HIMDS") == HIMDS
    assert service_sid("TrustedInstaller") == "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"


@pytest.mark.parametrize(
    ("holders", "has"),
    [
        (("*S-1-5-80-0",), True),
        (("S-1-5-80-0", "*S-1-5-20"), True),
        ((f"*{HIMDS}",), True),
        ((r"NT SERVICE\himds",), True),
        ((r"NT SERVICE\ALL SERVICES",), True),
        ((r"NT-DIENST\ALL SERVICES",), True),
        (("*S-1-1-0",), True),
        ((), False),
        (("*S-1-5-20", "svc_sql", r"CONTOSO\svc_backup"), False),
        ((f"*{HIMDS[:-1]}",), False),
        ((r"NT SERVICE\MSSQLSERVER",), False),
        ((r"NT AUTHORITY\NETWORK SERVICE",), False),
        ((r"NT-DIENST\ALLE DIENSTE",), "not said"),
        ((r"NT-DIENST\ALLE DIENSTE", r"NT-DIENST\himds"), True),
        ((r"NT-AUTORITÄT\NETZWERKDIENST",), False),
    ],
)
def test_three_holders_are_good(holders: tuple[str, ...], has: object) -> None:
    assert himds(*holders) == has


def test_who_has_the_right() -> None:
    found = read_security(export(f"SeServiceLogonRight = *S-1-5-80-0,*{HIMDS},svc_sql")).logon_as_service()
    assert found is not None and found.value == ("*S-1-5-80-0", f"*{HIMDS}", "svc_sql")


def test_an_export_without_the_line_means_that_nobody_has_it() -> None:
    found = read_security(export()).logon_as_service()
    assert found is not None and found.value == ()


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        (export(), r"Policies\{x}\Machine\Microsoft\Windows NT\SecEdit\GptTmpl.inf"),
        (["[Privilege Rights]", "SeBackupPrivilege = *S-1-5-32-544"], "a.inf"),
        (["[System Access]", "MinimumPasswordAge = 1"], "a.inf"),
        ([], "a.inf"),
    ],
)
def test_what_does_not_tell_gives_nothing(lines: list[str], path: str) -> None:
    assert read_security(lines, path).logon_as_service() is None


@pytest.mark.parametrize(
    ("line", "data"),
    [
        (r"MACHINE\System\CurrentControlSet\Control\Session Manager\Kernel\ObCaseInsensitive=4,1", 1),
        (r"MACHINE\System\CurrentControlSet\Control\Session Manager\Kernel\ObCaseInsensitive=4,0", 0),
        (r"machine\System\CurrentControlSet\Control\Session Manager\Kernel\ObCaseInsensitive = 4,0", 0),
        (r"MACHINE\System\CurrentControlSet\Control\Session Manager\Kernel\ObCaseInsensitive=4,yes", b"yes"),
        (
            r"MACHINE\System\CurrentControlSet\Control\Session Manager\Kernel\ObCaseInsensitive=4,99999999999",
            b"99999999999",
        ),
        (r'MACHINE\System\CurrentControlSet\Control\Session Manager\Kernel\ObCaseInsensitive=1,"0"', "0"),
        (r"MACHINE\System\CurrentControlSet\Control\Session Manager\Kernel\ObCaseInsensitive=7,a,b", ("a", "b")),
        (r"MACHINE\System\CurrentControlSet\Control\Session Manager\Kernel\ObCaseInsensitive=3,1", b"\x01"),
    ],
)
def test_values_of_the_registry(line: str, data: object) -> None:
    registry = read_security(["[Registry Values]", line]).registry
    values = registry.values(r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Kernel").value
    assert values is not None and values["obcaseinsensitive"].data == data


@given(st.lists(st.text(max_size=80), max_size=20))
@settings(max_examples=150, deadline=None)
def test_any_lines(lines: list[str]) -> None:
    found = read_security(["[Privilege Rights]", *lines, "[Registry Values]", *lines])
    assert found.problem is None


@given(st.lists(st.text(max_size=40), max_size=8))
@settings(max_examples=150, deadline=None)
def test_any_holders(holders: list[str]) -> None:
    assert himds(*holders) in (True, False, "not said")
