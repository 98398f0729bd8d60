"""Tokens of one run: unique, the same again, and in constant memory however many values there are."""

from __future__ import annotations

import json
import tempfile
import tracemalloc
from pathlib import Path

import pytest

from arcdiag.errors import OutputError
from arcdiag.redact.identifiers.sorted_runs import SortedRuns
from arcdiag.redact.identifiers.tokens import IdKind, Tokens

GUIDS = [f"{number:08x}-11b2-4c3d-8e4f-0123456789ab" for number in range(3_000)]


def test_values_beyond_those_held_keep_their_tokens() -> None:
    tokens = Tokens(b"key", held=100)
    made = [tokens.of_bytes(IdKind.GUID, guid.encode()).decode() for guid in GUIDS]
    assert len(set(made)) == len(GUIDS)
    assert [tokens.of_bytes(IdKind.GUID, guid.upper().encode()).decode() for guid in GUIDS] == made
    assert [tokens.token(IdKind.GUID, guid) for guid in GUIDS] == made
    assert sorted(map(len, made))[100] == len("«guid:0123456789abcdef»") > len(made[0])


def test_the_map_lists_what_is_held_and_what_is_not() -> None:
    tokens = Tokens(b"key", held=100)
    for guid in [*GUIDS, *GUIDS]:
        tokens.token(IdKind.GUID, guid)
    host = tokens.token(IdKind.HOST, 'a"\\\nü\ud800.corp.example')
    read = json.loads(b"".join(tokens.map_blocks()))["tokens"]
    assert set(GUIDS) < set(read.values()) and len(read) == len(GUIDS) + 2
    assert all(tokens.token(IdKind.GUID, guid) == f"«guid:{digits}»" for digits, guid in read.items() if "-" in guid)
    label, _, domain = host.removeprefix("«host:").strip("»").partition(".")
    assert (read[label], read[domain]) == ('a"\\ ü?', "corp.example")
    assert json.loads(b"".join(Tokens().map_blocks()))["tokens"] == {}


def test_memory_does_not_grow_with_the_values() -> None:
    peaks = []
    for count in (60_000, 200_000):
        tokens = Tokens(b"key", held=5_000)
        tracemalloc.start()
        for number in range(count):
            tokens.of_bytes(IdKind.GUID, b"%08x-11b2-4c3d-8e4f-0123456789ab" % number)
        assert sum(1 for _ in tokens.map_blocks()) == count + 2
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]


@pytest.mark.parametrize("most", [1, 3, 1_000])
def test_lines_come_back_sorted_and_once(most: int) -> None:
    runs = SortedRuns(most)
    lines = [b"%d" % (number * 7919 % 199) for number in range(400)]
    for line in lines:
        runs.add(line)
    assert list(runs) == sorted(set(lines))
    assert list(runs) == sorted(set(lines))


def test_no_place_for_them_is_an_error_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    runs = SortedRuns(1)
    with pytest.raises(OutputError, match=r"cannot write to the temporary folder .*gone: "):
        runs.add(b"x")
