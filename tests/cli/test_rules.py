from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from arcdiag.cli.main import run
from arcdiag.cli.rules import command


def test_a_new_rule_is_sound_as_written(tmp_path: Path) -> None:
    assert run(["rules", "new", "signal", "my.fault", "-o", str(tmp_path / "s.yaml")]) == 0
    assert run(["rules", "test", "--rules", str(tmp_path)]) == 0


def test_a_new_cause_names_what_is_missing(tmp_path: Path, capsys: object) -> None:
    assert run(["rules", "new", "cause", "my-cause", "-o", str(tmp_path / "c.yaml")]) == 0
    assert run(["rules", "test", "--rules", str(tmp_path)]) == 2


def test_a_skeleton_overwrites_nothing(tmp_path: Path) -> None:
    target = tmp_path / "s.yaml"
    target.write_text("mine")
    assert run(["rules", "new", "signal", "my.fault", "-o", str(target)]) == 2
    assert target.read_text() == "mine"


def test_an_id_is_checked() -> None:
    assert run(["rules", "new", "signal", "My Fault"]) == 2


def test_a_sample_that_fails_is_exit_1(tmp_path: Path) -> None:
    run(["rules", "new", "signal", "my.fault", "-o", str(tmp_path / "s.yaml")])
    text = (tmp_path / "s.yaml").read_text().replace("only this fault prints gbl", "nobody prints gbl")
    (tmp_path / "s.yaml").write_text(text)
    assert run(["rules", "test", "--rules", str(tmp_path)]) == 1


def test_lists() -> None:
    for kind, word in (
        ("causes", "dns-failure"),
        ("signals", "dns."),
        ("codes", "AZCM0042"),
        ("steps", "heartbeat"),
        ("endpoints", "entra-login"),
    ):
        result = CliRunner().invoke(command, ["list", "--kind", kind])
        assert result.exit_code == 0
        assert word in result.output
