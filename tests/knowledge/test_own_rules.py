"""Own rules: a folder, a file or a pack; what reports call them follows their content alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.own_rules import read_own
from arcdiag.knowledge.sources import RuleFileError
from tests.knowledge.test_load import GOOD


def label(folder: Path, text: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "own.yaml").write_bytes(text.encode())
    return read_own(folder).label


def test_the_label_is_the_hash_of_names_and_contents(tmp_path: Path) -> None:
    first = label(tmp_path / "a", GOOD)
    assert first == label(tmp_path / "b", GOOD) == label(tmp_path / "b", GOOD.replace("\n", "\r\n"))
    assert first != label(tmp_path / "b", GOOD + "# a word more\n")
    assert first == read_own(tmp_path / "a" / "own.yaml").label
    assert load_rules(tmp_path / "a").version == f"{load_rules().version}+{first}"


def test_locales_and_other_files_are_no_rules(tmp_path: Path) -> None:
    label(tmp_path, GOOD)
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "x.yaml").write_text("nonsense")
    (tmp_path / "readme.txt").write_text("nonsense")
    assert list(read_own(tmp_path).files) == ["own.yaml"]


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_what_holds_no_rules_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RuleFileError, match=name):
        read_own(tmp_path / name)


def test_an_empty_file_is_no_rules_and_no_fault(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_bytes(b"")
    assert list(read_own(tmp_path / "own.yaml").items()) == []
