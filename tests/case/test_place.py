"""Devices, pipes and what is read are never replaced by what is written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from arcdiag.case.place import check_apart, check_place, is_stream
from arcdiag.errors import OutputError
from tests.case.archives import LOG

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")
ARCDIAG = [sys.executable, "-m", "arcdiag"]


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(
        [*ARCDIAG, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
    )


@POSIX
def test_what_is_a_stream(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    (tmp_path / "file").write_text("x")
    (tmp_path / "to-file").symlink_to("file")
    for name in ("/dev/null", "/dev/zero", "/dev/stdout", "/proc/self/fd/1", f"{tmp_path}/pipe", f"{tmp_path}/link"):
        assert is_stream(Path(name)), name
    for name in ("file", "to-file", "new", "none/new"):
        assert not is_stream(tmp_path / name), name
    assert not is_stream(Path("/dev/shm/arcdiag-new"))


@POSIX
@pytest.mark.parametrize("command", [["redact"], ["redact", "--identifiers"]])
def test_no_file_takes_the_place_of_a_pipe(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    os.mkfifo(tmp_path / "pipe")
    done = run(*command, "a.log", "-o", "pipe", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "arcdiag: cannot write pipe: it is a device or a pipe; name a file\n"
    assert (tmp_path / "pipe").is_fifo() and sorted(p.name for p in tmp_path.iterdir()) == ["a.log", "pipe"]


@POSIX
def test_a_report_goes_into_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", str(tmp_path / "pipe")], stdout=subprocess.PIPE, text=True) as reader:
        done = run("analyze", "a.log", "--json", "-o", "pipe", folder=tmp_path)
        assert reader.stdout is not None
        assert reader.stdout.read().startswith("{")
    assert done.returncode in (0, 3) and done.stderr == "written: pipe\n"
    assert (tmp_path / "pipe").is_fifo()


@POSIX
def test_a_report_goes_to_the_standard_output_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    done = run("analyze", "a.log", "--json", "-o", "/dev/fd/1", folder=tmp_path)
    assert done.stdout.startswith("{") and done.stderr == "written: /dev/fd/1\n"


def test_a_folder_is_no_place(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="there is a folder of that name"):
        check_place(tmp_path)
    check_place(tmp_path / "new.zip")


def test_what_is_read_stays(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "a.log").write_bytes(LOG)
    (tmp_path / "case" / "console.txt").write_text("$ arcdiag collect\n")
    (tmp_path / "b.log").write_bytes(LOG)
    (tmp_path / "again.log").hardlink_to(tmp_path / "b.log")
    for target, source in (("b.log", "b.log"), ("again.log", "b.log"), ("case/a.log", "case"),
                           ("case/console.txt", "case")):  # fmt: skip
        with pytest.raises(OutputError, match=r"cannot write .* the input"):
            check_apart(tmp_path / target, ["-", tmp_path / "none", tmp_path / source])
    for target in ("case/new.html", "new.html", "b.log"):
        check_apart(tmp_path / target, ["-", tmp_path / "case"])


@pytest.mark.parametrize("name", ["report.html", "report.json"])
def test_an_earlier_report_beside_the_evidence_is_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    for _ in range(2):
        assert run("analyze", ".", "-o", name, folder=tmp_path).returncode in (0, 3)


@pytest.mark.parametrize(
    "arguments",
    [["analyze", "a.log", "-o", "a.log"], ["analyze", ".", "-o", "b.log"], ["compare", "a.log", "b.log", "-o", "b.log"],
     ["redact", "a.log", "-o", "a.log"], ["redact", "a.log.partial", "-o", "a.log.partial"]],
)  # fmt: skip
def test_no_command_writes_over_what_it_reads(tmp_path: Path, arguments: list[str]) -> None:
    for name in ("a.log", "b.log", "a.log.partial"):
        (tmp_path / name).write_bytes(LOG)
    done = run(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "") and done.stderr.count("\n") == 1
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {LOG}


def test_files_of_a_like_name_beside_the_output_stay(tmp_path: Path) -> None:
    (tmp_path / "x.log.partial").write_bytes(LOG)
    (tmp_path / "x.log.PRIVATE-do-not-send.json.partial").write_bytes(LOG)
    done = run("redact", "x.log.partial", "--identifiers", "-o", "x.log", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.log.partial").read_bytes() == LOG == (tmp_path / "x.log").read_bytes()
    assert (tmp_path / "x.log.PRIVATE-do-not-send.json.partial").read_bytes() == LOG


@pytest.mark.parametrize("arguments", [["analyze", ""], ["redact", "", "-o", "new"], ["compare", "", ""]])
def test_an_empty_name_is_no_case(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    done = run(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert [path.name for path in tmp_path.iterdir()] == ["a.log"]
