"""`rules pack`, and `--rules PACK` on every command that takes rules."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import click
import pytest

from arcdiag.cli.group import cli
from arcdiag.cli.main import run
from tests.knowledge.test_load import GOOD

LOG = 'time="2026-03-01T08:00:00Z" level=debug msg="Agent Command: connect"\n' + (
    'time="2026-03-01T08:00:09Z" level=fatal msg="the frobnicator is jammed"\n'
)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "My Rules"
    folder.mkdir()
    (folder / "own.yaml").write_text(GOOD, encoding="utf-8")
    assert run(["rules", "pack", str(folder), "-o", str(tmp_path / "own.zip")]) == 0
    return tmp_path / "own.zip"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    target = tmp_path / "azcmagent.log"
    target.write_text(LOG, encoding="utf-8")
    return target


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    capsys.readouterr()
    run(list(arguments))
    loaded: dict[str, object] = json.loads(capsys.readouterr().out)
    return loaded


def test_a_pack_is_named_after_its_folder_and_its_hash_is_what_reports_show(
    pack: Path, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = report(capsys, "analyze", str(log), "--json", "--rules", str(pack))
    digest = hashlib.sha256(pack.read_bytes()).hexdigest()
    assert found["tool"]["rules_version"].endswith(f"+my-rules-1.0.0.{digest[:12]}")  # type: ignore[index]
    assert found["causes"][0]["id"] == "own-cause"  # type: ignore[index]
    assert report(capsys, "analyze", str(log), "--json")["verdict"] == "inconclusive"


def test_every_command_with_rules_takes_a_pack(
    pack: Path, log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    arguments = {
        "analyze": [str(log)],
        "collect": ["--dry-run"],
        "compare": [str(log), str(log)],
        "explain": ["own-cause"],
        "probe": ["--dry-run"],
        "redact": [str(log), "-o", out + ".zip", "--identifiers"],
        "fleet analyze": [str(tmp_path / "bundles"), "-o", out + "-fleet", "--workers", "1"],
        "fleet report": ["--from", out + "-fleet", "-o", out + "-fleet.html"],
        "rules check": [],
        "rules docs": ["-o", out],
        "rules lint": [],
        "rules list": [],
        "rules test": [],
    }
    (tmp_path / "bundles").mkdir()
    (tmp_path / "bundles" / "azcmagent.log").write_text(LOG, encoding="utf-8")
    assert set(arguments) == set(with_rules())
    for name, rest in arguments.items():
        broken = tmp_path / "broken.zip"
        broken.write_bytes(pack.read_bytes()[:200])
        capsys.readouterr()
        assert run([*name.split(), *rest, "--rules", str(broken)]) == 2, name
        assert capsys.readouterr().err.startswith("arcdiag: broken.zip: "), name
        assert run([*name.split(), *rest, "--rules", str(pack)]) in (0, 1), name


def with_rules() -> list[str]:
    """Every command that has the option, by its words."""
    context = click.Context(cli)
    found = []
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        parts = command.commands.items() if isinstance(command, click.Group) else [("", command)]
        found += [f"{name} {part}".strip() for part, c in parts if c and any("--rules" in p.opts for p in c.params)]
    return found


def test_the_manifest_of_a_bundle_names_the_pack(pack: Path, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    run(["collect", "--no-probe", "--quiet", "-o", str(made), "--rules", str(pack)])
    (bundle,) = made.glob("*.zip")
    with zipfile.ZipFile(bundle) as archive:
        version = json.loads(archive.read("manifest.json"))["rules_version"]
        assert "+my-rules-1.0.0." in version
        assert json.loads(archive.read("diagnosis.json"))["tool"]["rules_version"] == version
        assert version in archive.read("report.html").decode()


def test_a_pack_with_a_sample_that_fails_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "own.yaml").write_text(GOOD.replace("the frobnicator is fine", "the frobnicator is jammed too"))
    assert run(["rules", "pack", str(folder), "-o", str(tmp_path / "own.zip")]) == 1
    assert "matches what it must not" in capsys.readouterr().out
    assert not (tmp_path / "own.zip").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["nowhere", "-o", "x.zip"], "is no folder"),
        (["rules", "-o", "x.zip", "--name", "No Name"], "cannot be packed"),
        (["rules", "-o", "x.zip", "--version", "new"], "cannot be packed"),
        (["rules", "-o", "x.zip", "--arcdiag", "new"], "--arcdiag: a version range"),
        (["rules", "-o", "x.zip", "--arcdiag", ">=99"], "is for arcdiag >=99"),
        (["rules", "-o", "nowhere/x.zip"], "the folder does not exist"),
        (["empty", "-o", "x.zip"], "holds no rule file"),
    ],
)
def test_what_cannot_be_packed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    expected: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.yaml").write_text(GOOD, encoding="utf-8")
    assert run(["rules", "pack", *arguments]) == 2
    error = capsys.readouterr().err
    assert expected in error and error.count("\n") == 1
    assert not list(tmp_path.glob("*.zip*"))


def test_a_sample_that_looks_like_a_secret_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    text = GOOD.replace("ERROR   the", "--service-principal-secret aB38Q~xkd.Yt1234567890 the")
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    assert run(["rules", "pack", str(folder), "-o", str(tmp_path / "own.zip")]) == 0
    assert "make sure that it is made up: own.yaml:5" in capsys.readouterr().err


def test_the_schemas_are_written_for_an_editor(tmp_path: Path) -> None:
    assert run(["rules", "schema", "-o", str(tmp_path / "a" / "b")]) == 0
    assert json.loads((tmp_path / "a" / "b" / "rules.json").read_text())["title"] == "arcdiag rule file"


def test_a_new_rule_of_a_log_line_is_sound_as_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = 'FATAL   the gate keeper of "rack12.corp.example" isn\'t in: come back in 300 s'
    target = tmp_path / "gate.yaml"
    assert run(["rules", "new", "rule", "gate-closed", "--layer", "network", "--line", line, "-o", str(target)]) == 0
    assert run(["rules", "test", "--rules", str(tmp_path)]) == 0
    text = target.read_text(encoding="utf-8")
    assert "signal: network.gate-closed" in text and "likely: [network.gate-closed]" in text
    assert run(["rules", "lint", "--rules", str(tmp_path)]) == 1
    assert capsys.readouterr().out.count("[todo]") == 5


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["rule", "x", "--layer", "cellar"], "no layer 'cellar'"),
        (["rule", "x", "--line", "12 34 56"], "no pattern can be made of it"),
        (["rule", "x", "--line", "a\nb"], "one line"),
        (["cause", "x", "--signal", "A B"], "is no id"),
    ],
)
def test_what_no_rule_can_be_made_of(capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str) -> None:
    assert run(["rules", "new", *arguments]) == 2
    assert expected in capsys.readouterr().err
