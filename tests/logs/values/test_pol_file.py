"""Registry.pol: settings, deletions, whose file it is, and files that lie about their lengths."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.logs.values.pol_file import policy_source, read_policy

KEY = r"Software\Policies\Microsoft\Windows\System"
HEAD = b"PReg\x01\0\0\0"


def setting(name: str, kind: int, raw: bytes, key: str = KEY, size: int | None = None) -> bytes:
    def utf16(text: str) -> bytes:
        return text.encode("utf-16-le")

    return (
        utf16("[") + utf16(key + "\0") + utf16(";") + utf16(name + "\0") + utf16(";") + struct.pack("<I", kind)
        + utf16(";") + struct.pack("<I", len(raw) if size is None else size) + utf16(";") + raw + utf16("]")
    )  # fmt: skip


def days(number: int) -> bytes:
    return setting("CleanupProfiles", 4, struct.pack("<I", number))


def found(data: bytes, machine: bool = True) -> tuple[dict[str, object], str | None]:
    registry, problem = read_policy(data, machine)
    values = registry.values(("HKLM\\" if machine else "HKCU\\") + KEY).value or {}
    return {name: value.data for name, value in values.items()}, problem


def test_settings_of_the_machine_and_of_users() -> None:
    data = HEAD + days(30) + setting("Text", 1, "a;]b\0".encode("utf-16-le"))
    assert found(data) == ({"cleanupprofiles": 30, "text": "a;]b"}, None)
    assert found(data, machine=False) == ({"cleanupprofiles": 30, "text": "a;]b"}, None)
    assert read_policy(data, machine=False)[0].values("HKLM\\" + KEY).value is None


@pytest.mark.parametrize(
    ("more", "left"),
    [
        (setting("**del.CleanupProfiles", 1, b" \0\0\0"), {}),
        (setting("**delvals.", 1, b" \0\0\0"), {}),
        (setting("**DEL.cleanupprofiles", 1, b"\0\0"), {}),
        (setting("**soft.CleanupProfiles", 4, struct.pack("<I", 5)), {"cleanupprofiles": 30}),
        (setting("**securekey", 4, b"\1\0\0\0"), {"cleanupprofiles": 30}),
        (days(60), {"cleanupprofiles": 60}),
    ],
)
def test_directives(more: bytes, left: dict[str, object]) -> None:
    assert found(HEAD + days(30) + more) == (left, None)


def test_a_soft_value_alone_counts() -> None:
    assert found(HEAD + setting("**soft.CleanupProfiles", 4, struct.pack("<I", 5))) == ({"cleanupprofiles": 5}, None)


@pytest.mark.parametrize(
    "bad",
    [
        days(30)[:-2],
        days(30)[:20],
        days(30)[:-1] + b"x",
        setting("X", 4, b"", size=100 * 1024**2),
        setting("X", 4, b"\1\0\0\0", size=2**32 - 1),
        setting("X", 4, b"\1\0\0\0", size=2),
        b"[\0" + b"a\0" * 10_000,
        b"[\0\x00\xd8\0\0",
        b"\0" * 64,
    ],
)
def test_a_damaged_setting_ends_the_reading_and_keeps_what_came_before(bad: bytes) -> None:
    values, problem = found(HEAD + days(30) + bad)
    assert values == {"cleanupprofiles": 30}
    assert problem is not None and problem.startswith("read up to byte")


@pytest.mark.parametrize("data", [b"", b"PReg", b"PReg\x02\0\0\0", b"regf\x01\0\0\0"])
def test_no_policy_file(data: bytes) -> None:
    assert found(data)[0] == {}
    assert found(data)[1]


@pytest.mark.parametrize(
    ("path", "source", "gpo", "machine"),
    [
        (r"Windows\System32\GroupPolicy\Machine\Registry.pol", "local", None, True),
        ("System32/GroupPolicy/User/registry.pol", "local", None, False),
        (
            r"SYSVOL\contoso.example\Policies\{31b2f340-016d-11d2-945f-00c04fb984f9}\Machine\Registry.pol",
            "gpo",
            "{31B2F340-016D-11D2-945F-00C04FB984F9}",
            True,
        ),
        ("registry.pol", "unknown", None, True),
    ],
)
def test_whose_it_is(path: str, source: str, gpo: str | None, machine: bool) -> None:
    assert policy_source(path) == type(policy_source(path))(source, gpo, machine)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes(data: bytes) -> None:
    values, _ = found(HEAD + days(30) + data)
    assert isinstance(values, dict)


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30),
    st.binary(max_size=60),
)
@settings(max_examples=150, deadline=None)
def test_settings_come_back(name: str, raw: bytes) -> None:
    values, problem = found(HEAD + setting("x" + name, 3, raw))
    assert (values, problem) == ({("x" + name).lower(): raw}, None)
