"""Rules that a one-file program carries as a zip, and the digest of those that a wheel has compiled."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from arcdiag.knowledge import shipped, sources
from arcdiag.knowledge.sources import RuleFileError, data_dir, digest_of, packaged_digest, read_sources

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of data of a package that stands in no checkout."""
    monkeypatch.setattr(sources, "_PACKAGE", tmp_path / "arcdiag")
    data = tmp_path / "arcdiag" / "_data"
    data.mkdir(parents=True)
    return data


def test_a_zip_of_rules_is_unpacked_once(package: Path) -> None:
    with zipfile.ZipFile(package / "rules.zip", "w") as archive:
        for name, data in read_sources(RULES):
            archive.writestr(name, data)
    assert read_sources(data_dir("rules")) == read_sources(RULES)
    assert sorted(path.name for path in package.iterdir()) == ["rules", "rules.zip"]
    (package / "rules.zip").unlink()
    assert read_sources(data_dir("rules")) == read_sources(RULES)


def test_a_damaged_zip_is_named(package: Path) -> None:
    (package / "rules.zip").write_bytes(b"PK no zip")
    with pytest.raises(RuleFileError, match=r"rules\.zip: cannot be unpacked"):
        data_dir("rules")
    assert [path.name for path in package.iterdir()] == ["rules.zip"]


def test_the_digest_stands_at_the_head_of_compiled_rules(package: Path) -> None:
    assert packaged_digest() is None
    files = read_sources(RULES)
    (package / "rules.msgpack").write_bytes(shipped.packed(shipped.compiled(RULES, files)))
    assert packaged_digest() == digest_of(files)
    (package / "rules.msgpack").write_bytes(b"something else")
    assert packaged_digest() is None
