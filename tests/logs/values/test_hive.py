"""Hives: what is found in good ones, and that damaged and hostile ones end soon and say so."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.logs.values.hive import HiveError, open_hive
from arcdiag.logs.values.policy import policy_facts
from arcdiag.model.fact import FactStatus
from arcdiag.model.fact_maker import FactMaker
from tests.logs.values.hives import dword, hive, text

SOFTWARE = hive(
    {
        "Classes": {},
        r"Microsoft\Windows\CurrentVersion": {},
        r"Policies\Microsoft\Windows\System": {
            "CleanupProfiles": dword(30),
            "Short": (4, b"\1\2\3"),
            "Name": text("a b c"),
        },
    }
)
SYSTEM = hive(
    {
        "Select": {"Current": dword(2)},
        r"ControlSet001\Control\Lsa\FIPSAlgorithmPolicy": {"Enabled": dword(0)},
        r"ControlSet002\Control\Lsa\FIPSAlgorithmPolicy": {"Enabled": dword(1)},
    }
)
POLICY = r"HKLM\Software\Policies\Microsoft\Windows\System"


def test_values_by_key_in_any_case() -> None:
    with open_hive(io.BytesIO(SOFTWARE)) as registry:
        values = registry.values(POLICY.upper()).value
        assert values is not None
        assert {n: v.data for n, v in values.items()} == {"cleanupprofiles": 30, "short": b"\1\2\3", "name": "a b c"}
        assert registry.subkeys(r"HKLM\SOFTWARE").value == ("Classes", "Microsoft", "Policies")
        assert registry.values(r"HKLM\SOFTWARE\Policies\No").status is FactStatus.ABSENT
        assert registry.subkeys(r"HKLM\SOFTWARE\Policies\No").status is FactStatus.ABSENT
        assert registry.values(r"HKLM\SYSTEM\Select").status is FactStatus.UNSUPPORTED


def test_the_control_set_that_is_in_use() -> None:
    with open_hive(io.BytesIO(SYSTEM)) as registry:
        facts = {f.fact: f for f in policy_facts(FactMaker(None, None), registry)}
    assert facts["policy.fips"].value == {"enabled": True}
    assert "policy.cleanup-profiles" not in facts


def test_a_hive_without_a_current_control_set() -> None:
    with open_hive(io.BytesIO(hive({"Select": {}, "ControlSet001": {}}))) as registry:
        reading = registry.values(r"HKLM\SYSTEM\CurrentControlSet\Control")
    assert reading.status is FactStatus.ERROR
    assert "control set" in str(reading.reason)


@pytest.mark.parametrize(
    "data",
    [
        b"regf",
        b"regf" + b"\0" * 5000,
        SOFTWARE[:4096],
        SOFTWARE[:4200],
        hive({"Accounts": {}}),
        b"regf" + b"\xff" * 9000,
    ],
)
def test_what_is_no_usable_hive_says_so(data: bytes) -> None:
    with pytest.raises(HiveError), open_hive(io.BytesIO(data)) as registry:
        registry.values(POLICY)


def _patched(at: bytes, offset: int, number: int, data: bytes = SOFTWARE) -> bytes:
    place = data.index(at) + offset
    return data[:place] + struct.pack("<I", number) + data[place + 4 :]


@pytest.mark.parametrize(
    ("at", "offset", "number"),
    [
        # An `nk` of `System`: number of values, list of values; its `vk`: size, place.
        (b"System", -76 + 36, 0x7FFFFFFF),
        (b"System", -76 + 40, 0x7FFFFFF0),
        (b"Name", -20 + 4, 0x7FFFFFFF),
        (b"Name", -20 + 8, 0x7FFFFF00),
    ],
)
def test_lengths_that_lie(at: bytes, offset: int, number: int) -> None:
    with open_hive(io.BytesIO(_patched(at, offset, number))) as registry:
        reading = registry.values(POLICY)
    assert reading.status is FactStatus.ERROR or "name" not in (reading.value or {})


def test_a_list_of_keys_that_contains_itself_ends() -> None:
    # The list of subkeys of `Policies` is an index of lists, 60,000 times the list of the root.
    data = bytearray(SOFTWARE)
    root_list = data.rindex(b"lh")
    index = struct.pack("<2sH", b"ri", 60_000) + struct.pack("<I", root_list - 4 - 4096) * 60_000
    place = len(data)
    data += struct.pack("<i", -(len(index) + 4)) + index
    node = data.index(b"Policies") - 76
    struct.pack_into("<II", data, node + 20, 60_000, 0)
    struct.pack_into("<I", data, node + 28, place - 4096)
    with open_hive(io.BytesIO(bytes(data))) as registry:
        reading = registry.values(POLICY)
    assert reading.status is FactStatus.ERROR
    assert "more keys than any registry" in str(reading.reason)


@given(st.lists(st.tuples(st.integers(0, len(SOFTWARE) - 1), st.integers(0, 255)), min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_flipped_bytes_never_raise_anything_else(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SOFTWARE)
    for at, byte in changes:
        data[at] = byte
    try:
        with open_hive(io.BytesIO(bytes(data))) as registry:
            policy_facts(FactMaker(None, None), registry, proxies=True)
    except HiveError as error:
        assert str(error)


@given(st.integers(0, len(SOFTWARE)))
@settings(max_examples=60, deadline=None)
def test_cut_off_anywhere(end: int) -> None:
    try:
        with open_hive(io.BytesIO(SOFTWARE[:end])) as registry:
            policy_facts(FactMaker(None, None), registry)
    except HiveError as error:
        assert str(error)
