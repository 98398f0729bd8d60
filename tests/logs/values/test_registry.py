"""Keys in any spelling, what a recording covers, and data that does not fit its type."""

from __future__ import annotations

import pytest

from arcdiag.logs.values.registry import RecordedRegistry, RegistryValue, kind_name, normal
from arcdiag.logs.values.registry_data import decoded, number, text, words
from arcdiag.model.fact import FactStatus

SYSTEM = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\System"
DAYS = RegistryValue("CleanupProfiles", "REG_DWORD", 30)


@pytest.mark.parametrize(
    "key", [SYSTEM, SYSTEM.lower(), SYSTEM.replace("HKLM", "HKEY_LOCAL_MACHINE"), SYSTEM.upper() + "\\"]
)
def test_a_key_is_found_in_any_spelling(key: str) -> None:
    registry = RecordedRegistry.of({SYSTEM: [DAYS]})
    values = registry.values(key).value
    assert values is not None and values["cleanupprofiles"] is DAYS


def test_only_below_what_was_recorded_a_missing_key_is_absent() -> None:
    registry = RecordedRegistry.of({r"HKLM\SOFTWARE\Policies": [], SYSTEM: [DAYS]})
    assert registry.values(r"HKLM\SOFTWARE\Policies\Other").status is FactStatus.ABSENT
    assert registry.values(r"HKLM\SOFTWARE\Microsoft").status is FactStatus.UNSUPPORTED
    assert registry.subkeys(r"HKLM\SYSTEM").status is FactStatus.UNSUPPORTED
    assert registry.values(r"HKLM\SOFTWARE\PoliciesX").status is FactStatus.UNSUPPORTED


def test_subkeys_are_those_directly_below() -> None:
    registry = RecordedRegistry.of({r"HKLM\A": [], r"HKLM\A\B\C": [], r"HKLM\A\D": []})
    assert registry.subkeys(r"hklm\a").value == ("b", "d")


def test_the_current_control_set_of_a_hive() -> None:
    registry = RecordedRegistry.of(
        {
            r"HKLM\SYSTEM": [],
            r"HKLM\SYSTEM\Select": [RegistryValue("Current", "REG_DWORD", 2)],
            r"HKLM\SYSTEM\ControlSet001\Control\Lsa": [RegistryValue("x", "REG_DWORD", 1)],
            r"HKLM\SYSTEM\ControlSet002\Control\Lsa": [RegistryValue("x", "REG_DWORD", 2)],
        }
    )
    values = registry.values(r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa").value
    assert values is not None and values["x"].data == 2


def test_a_control_set_of_its_own_wins() -> None:
    registry = RecordedRegistry.of({r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa": [RegistryValue("x", "REG_DWORD", 7)]})
    values = registry.values(r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa").value
    assert values is not None and values["x"].data == 7


@pytest.mark.parametrize(
    ("kind", "raw", "data"),
    [
        ("REG_DWORD", b"\x1e\0\0\0", 30),
        ("REG_DWORD", b"\x1e\0\0", b"\x1e\0\0"),
        ("REG_DWORD", b"\x1e\0\0\0\0", b"\x1e\0\0\0\0"),
        ("REG_DWORD", b"", b""),
        ("REG_DWORD_BIG_ENDIAN", b"\0\0\0\x1e", 30),
        ("REG_QWORD", b"\x01" + b"\0" * 7, 1),
        ("REG_QWORD", b"\x01\0\0\0", b"\x01\0\0\0"),
        ("REG_SZ", "30\0rest".encode("utf-16-le"), "30"),
        ("REG_SZ", b"a\0b", b"a\0b"),
        ("REG_SZ", b"\x00\xd8", b"\x00\xd8"),
        ("REG_MULTI_SZ", "a\0b\0\0".encode("utf-16-le"), ("a", "b")),
        ("REG_BINARY", b"\x01\x02", b"\x01\x02"),
        ("REG_99", b"\x01", b"\x01"),
    ],
)
def test_data_by_type_and_bytes_that_do_not_fit_stay_bytes(kind: str, raw: bytes, data: object) -> None:
    assert decoded(kind, raw) == data


def test_what_is_no_number_says_what_it_is() -> None:
    assert number(DAYS) == 30
    with pytest.raises(ValueError, match="CleanupProfiles is no number: REG_SZ with '30'"):
        number(RegistryValue("CleanupProfiles", "REG_SZ", "30"))
    with pytest.raises(ValueError, match="REG_DWORD with 3 bytes"):
        number(RegistryValue("CleanupProfiles", "REG_DWORD", b"\1\0\0"))
    with pytest.raises(ValueError, match="no text"):
        text(DAYS)


def test_lists_by_type_or_by_commas() -> None:
    assert words(RegistryValue("F", "REG_MULTI_SZ", ("A", " B "))) == ("A", "B")
    assert words(RegistryValue("F", "REG_SZ", "A, B,,C")) == ("A", "B", "C")
    with pytest.raises(ValueError):
        words(RegistryValue("F", "REG_BINARY", b"A"))


def test_names_of_types_and_keys() -> None:
    assert [kind_name(n) for n in (0, 1, 4, 7, 11, 12, -1)] == [
        "REG_NONE", "REG_SZ", "REG_DWORD", "REG_MULTI_SZ", "REG_QWORD", "REG_12", "REG_-1",
    ]  # fmt: skip
    assert normal("HKEY_CURRENT_USER") == "hkcu"
    assert normal("\\HKLM\\A\\") == "hklm\\a"
