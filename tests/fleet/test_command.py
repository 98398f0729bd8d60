"""`arcdiag fleet` as it is typed: exit codes, what is printed where, help, and one machine's report."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from arcdiag.cli.fleet import command
from arcdiag.cli.main import run
from arcdiag.errors import InputError
from arcdiag.fleet.extra import need
from tests.fleet.bundles import bundle, write_bundles


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fleet")
    write_bundles(root / "in", 6)
    assert run(["fleet", "analyze", str(root / "in"), "--out", str(root / "out"), "--quiet"]) == 0
    return root


def test_all_done_is_0_and_the_overview_is_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = folder / "out/fleet.html"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run(["fleet", "analyze", str(folder / "in"), "--out", str(folder / "out")]) == 0
    out, err = capsys.readouterr()
    assert out == "" and "6 bundles: 0 analysed, 6 done before, 0 with errors" in err


def test_a_broken_bundle_is_1_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 cut")
    (tmp_path / "good.zip").write_bytes(bundle(1))
    (tmp_path / "readme.txt").write_text("x")
    assert run(["fleet", "analyze", str(tmp_path), "--out", str(tmp_path / "out"), "--quiet"]) == 1
    said = capsys.readouterr().err
    assert f"no diagnosis: {tmp_path}/bad.zip: it is a damaged or cut-off zip archive" in said
    assert f"passed over (no bundle): {tmp_path}/readme.txt" in said
    assert "bad.zip" in (tmp_path / "out/fleet.html").read_text(encoding="utf-8")


def test_many_broken_bundles_are_named_by_the_query_that_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, broken = write_bundles(tmp_path / "in", 23, broken_every=1)
    assert run(["fleet", "analyze", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--quiet"]) == 1
    said = capsys.readouterr().err
    assert "no diagnosis: 3 more" in said
    told = next(line for line in said.splitlines() if line.startswith("all of them: arcdiag "))
    assert run(shlex.split(told.removeprefix("all of them: arcdiag "))) == 0
    shown = capsys.readouterr().out
    assert all(path.name in shown for path in broken)


@pytest.mark.parametrize(
    "arguments",
    [
        ["analyze", "{tmp}/none.zip", "--out", "{tmp}/out"],
        ["analyze", "{in}", "--out", "{in}/srv-00000.zip"],
        ["analyze", "{in}", "--out", "{tmp}/out", "--rules", "{tmp}/none.yaml"],
        ["analyze", "{in}", "--out", "{tmp}/out", "--scheduler", "tcp://127.0.0.1:1"],
        ["analyze", "{in}"],
        ["query", "SELECT 1", "--from", "{tmp}"],
        ["query", "SELECT x", "--from", "{out}"],
        ["report", "--from", "{tmp}", "-o", "{tmp}/x.html"],
        ["report", "--from", "{out}", "-o", "{tmp}/no/x.html"],
        ["report", "--from", "{out}", "-o", "{tmp}/x.html", "--machine", "nobody"],
    ],
)
def test_what_cannot_be_used_is_2_with_one_line(
    folder: Path, tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"tmp": tmp_path, "in": folder / "in", "out": folder / "out"}
    assert run(["fleet", *(one.format(**places) for one in arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "Traceback" not in err and err.strip()
    assert not (tmp_path / "x.html").exists()


def test_a_query_prints_only_the_answer(folder: Path) -> None:
    base = [sys.executable, "-m", "arcdiag", "fleet", "query", "--from", str(folder / "out")]
    sql = "SELECT cause, count(*) AS n FROM latest WHERE cause IS NOT NULL GROUP BY cause ORDER BY cause"
    done = subprocess.run([*base, sql, "--format", "csv"], capture_output=True, text=True, check=True)
    assert done.stdout == "cause,n\ndns-failure,2\nproxy-unreachable,1\ntls-inspection,1\n" and done.stderr == ""
    target = folder / "answer.json"
    done = subprocess.run(
        [*base, sql, "--format", "json", "-o", str(target)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "" and target.read_text(encoding="utf-8").startswith('[\n{"cause": "dns-failure", "n": 2}')


@pytest.mark.parametrize("who", ["srv-00001", "SRV-00001", "{folder}/in/srv-00001.zip"])
def test_the_report_of_one_machine_is_made_from_its_bundle(folder: Path, who: str) -> None:
    target = folder / "one.html"
    assert (
        run(
            [
                "fleet",
                "report",
                "--from",
                str(folder / "out"),
                "-o",
                str(target),
                "--machine",
                who.format(folder=folder),
            ]
        )
        == 0
    )
    assert "srv-00001.zip" in target.read_text(encoding="utf-8")


def test_a_bundle_that_has_changed_since_is_not_shown_as_the_old_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(bundle(1))
    assert run(["fleet", "analyze", str(path), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    path.write_bytes(bundle(2))
    assert (
        run(
            [
                "fleet",
                "report",
                "--from",
                str(tmp_path / "out"),
                "-o",
                str(tmp_path / "x.html"),
                "--machine",
                "srv-00001",
            ]
        )
        == 2
    )
    assert "has changed since" in capsys.readouterr().err


def test_a_missing_extra_is_named_with_what_to_install() -> None:
    with pytest.raises(InputError, match=r'no_such_module; run: pip install "arcdiag\[fleet\]"'):
        need(("json", "no_such_module"), "arcdiag fleet")


@pytest.mark.parametrize("name", [[], ["analyze"], ["query"], ["report"]])
def test_help_fits_80_columns_and_has_an_example(name: list[str]) -> None:
    shown = CliRunner().invoke(command, [*name, "--help"], terminal_width=80).output
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert not name or "arcdiag fleet" in shown
