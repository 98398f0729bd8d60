"""Registry exports: both versions, continued lines, escapes, deletions, and damage."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.logs.values.reg_file import HEADS, read_export
from arcdiag.logs.values.reg_query import read_queries
from arcdiag.logs.values.registry import RecordedRegistry, RegistryValue, normal
from arcdiag.model.fact import FactStatus

KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\System"


def export(*lines: str, head: str = HEADS[0]) -> tuple[RecordedRegistry, str | None]:
    return read_export([head, "", f"[{KEY}]", *lines, ""])


def data(registry: RecordedRegistry, name: str, key: str = KEY) -> object:
    values = registry.values(key).value
    assert values is not None
    return values[name].data if name in values else None


@pytest.mark.parametrize(
    ("line", "name", "expected"),
    [
        ('"CleanupProfiles"=dword:0000001e', "cleanupprofiles", 30),
        ('"a"=dword:123456789', "a", b"dword:123456789"),
        ('"a"=dword:xyz', "a", b"dword:xyz"),
        ('"a"=dword:', "a", b"dword:"),
        (r'"a"="C:\\Users\\x \"y\""', "a", r'C:\Users\x "y"'),
        (r'"a\\b\"c"="x"', r'a\b"c', "x"),
        ('@="default"', "", "default"),
        ('"a"=""', "a", ""),
        ('"a"=hex:01,ff,', "a", b"\x01\xff"),
        ('"a"=hex:', "a", b""),
        ('"a"=hex(4):1e,00,00,00', "a", 30),
        ('"a"=hex(4):1e,00,00', "a", b"\x1e\0\0"),
        ('"a"=hex(b):01,00,00,00,00,00,00,00', "a", 1),
        ('"a"=hex(2):25,00,41,00,25,00,00,00', "a", "%A%"),
        ('"a"=hex(7):41,00,00,00,42,00,00,00,00,00', "a", ("A", "B")),
        ('"a"=hex:zz', "a", b"hex:zz"),
        ('"a"=-', "a", None),
        ('"a"="x=1"', "a", "x=1"),
    ],
)
def test_values(line: str, name: str, expected: object) -> None:
    registry, problem = export(line)
    assert problem is None
    assert data(registry, name) == expected


def test_bytes_go_on_over_lines() -> None:
    registry, problem = export(
        '"Functions"=hex(7):54,00,4c,00,53,00,\\', "  5f,00,41,00,00,00,\\", "  00,00", '"b"=dword:1'
    )
    assert problem is None
    assert data(registry, "functions") == ("TLS_A",)
    assert data(registry, "b") == 1


def test_a_text_with_line_breaks() -> None:
    registry, problem = export('"a"="one', 'two"', '"b"=dword:00000002')
    assert problem is None
    assert (data(registry, "a"), data(registry, "b")) == ("one\ntwo", 2)


def test_the_old_version_has_texts_in_the_code_page() -> None:
    registry, problem = export('"a"=hex(7):41,00,42,43,00,00', '"c"="x"', head=HEADS[1])
    assert problem is None
    assert (data(registry, "a"), data(registry, "c")) == (("A", "BC"), "x")


def test_deleted_keys_say_nothing_about_a_machine() -> None:
    registry, problem = read_export(
        [HEADS[0], f"[-{KEY}]", '"CleanupProfiles"=dword:1', r"[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\X]"]
    )
    assert problem is None
    assert registry.values(KEY).status is FactStatus.UNSUPPORTED


def test_an_export_covers_where_it_begins() -> None:
    registry, _ = read_export([HEADS[0], r"[HKEY_LOCAL_MACHINE\SOFTWARE]", f"[{KEY}]"])
    assert registry.values(r"HKLM\SOFTWARE\Policies\Microsoft\SystemCertificates\AuthRoot").status is FactStatus.ABSENT
    assert registry.values(r"HKLM\SYSTEM\Select").status is FactStatus.UNSUPPORTED


def test_what_nobody_asks_for_is_not_kept() -> None:
    registry, _ = read_export([HEADS[0], r"[HKEY_LOCAL_MACHINE\SOFTWARE\Classes\.txt]", '@="x"', f"[{KEY}]"])
    assert set(registry.keys) == {normal(KEY)}


@pytest.mark.parametrize(
    "lines",
    [
        ['"Functions"=hex(7):54,00,\\'],
        ['"a"="never closed'],
        ['"a"=hex:01,\\', r"[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Next]"],
        ["what is this"],
        ["[HKEY_LOCAL_MACHINE\\SOFTWARE"],
        ["'a'=1", '"a"x'],
    ],
)
def test_a_damaged_export_covers_nothing(lines: list[str]) -> None:
    registry, problem = read_export([HEADS[0], f"[{KEY}]", '"CleanupProfiles"=dword:1e', *lines])
    assert problem
    assert data(registry, "cleanupprofiles") == 30
    assert registry.values(r"HKLM\SOFTWARE\Policies\Microsoft\Windows\System\Other").status is FactStatus.UNSUPPORTED


def test_an_endless_value_ends() -> None:
    lines = [HEADS[0], f"[{KEY}]", '"a"=hex:00,\\', *["  00,00,00,00,00,00,00,00,00,00,\\"] * 200_000, "  00"]
    _, problem = read_export(lines)
    assert problem == "it holds lines that no registry export has"


def test_no_export() -> None:
    assert read_export(["hello"])[1] == "it does not begin as a registry export does"
    assert read_export([])[1] == "it is empty"


@given(st.lists(st.text(max_size=60), max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_lines_are_read_without_an_error(lines: list[str]) -> None:
    registry, _ = read_export([HEADS[0], f"[{KEY}]", *lines])
    assert all(isinstance(v, RegistryValue) for values in registry.keys.values() for v in values.values())


_FRAGMENTS = st.sampled_from(
    [
        '"a"=',
        "dword:",
        "1e",
        "hex(7):",
        "00,",
        "\\",
        '"',
        "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies]",
        "[-",
        "]",
        "@=",
        "\ud800",
        "  ",
    ]
)


@given(st.lists(st.lists(_FRAGMENTS, max_size=6).map("".join), max_size=20))
@settings(max_examples=300, deadline=None)
def test_pieces_of_exports_in_any_order(lines: list[str]) -> None:
    registry, problem = read_export([HEADS[0], *lines])
    assert problem is None or (problem and not registry.covers)


@given(
    st.dictionaries(
        st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=20).filter(
            lambda s: s == s.lower() and len(s.lower()) == len(s)
        ),
        st.integers(0, 2**32 - 1),
        max_size=8,
    )
)
@settings(max_examples=150, deadline=None)
def test_numbers_come_back(values: dict[str, int]) -> None:
    lines = ['"' + n.replace("\\", "\\\\").replace('"', '\\"') + f'"=dword:{v:08x}' for n, v in values.items()]
    registry, problem = export(*lines)
    assert problem is None
    found = registry.values(KEY).value
    assert found is not None and {n: v.data for n, v in found.items()} == values


CONSOLE = r"""C:\>reg query HKLM\SOFTWARE\Policies\Microsoft\Windows\System /v CleanupProfiles

HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\System
    CleanupProfiles    REG_DWORD    0x1e
    (Default)    REG_SZ    (value not set)
    List    REG_MULTI_SZ    a\0b
    Blob    REG_BINARY    2800ff
    Bad    REG_DWORD    thirty

C:\>ver
    CleanupProfiles    REG_DWORD    0x2
"""


def test_what_reg_query_printed() -> None:
    registry = read_queries(CONSOLE)
    values = registry.values(KEY).value
    assert values is not None
    assert {n: v.data for n, v in values.items()} == {
        "cleanupprofiles": 30, "": "(value not set)", "list": ("a", "b"), "blob": b"\x28\0\xff", "bad": b"thirty",
    }  # fmt: skip
    assert registry.values(KEY + r"\Other").status is FactStatus.UNSUPPORTED


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_console_text(text: str) -> None:
    assert read_queries("HKEY_LOCAL_MACHINE\\A\n" + text).covers == ()
