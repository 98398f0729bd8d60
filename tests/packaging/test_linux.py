"""The program for Linux in a system without Python and without a network: it does what the checkout does."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.windows.reports import here
from tests.packaging.bills import components
from tests.packaging.built import built
from tests.packaging.userland import Userland, system

CASE = Path(__file__).parents[1] / "cases/corpus/06-spn-secret-expired-file/evidence"
ARCDIAG = "/srv/arcdiag"
GLIBC = (2, 17)
LIMIT = 30 * 1024 * 1024
TELLS_ITS_VARIABLES = "#!/bin/sh\nset > /srv/variables\nexit 1\n"


@pytest.fixture(scope="module")
def folder() -> Path:
    return built("linux")


@pytest.fixture(scope="module")
def userland(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Userland]:
    shared = tmp_path_factory.mktemp("shared")
    shutil.copy(folder / "arcdiag", shared)
    shutil.copytree(CASE, shared / "evidence")
    yield Userland(system(), shared)


def test_it_is_small(folder: Path) -> None:
    assert (folder / "arcdiag").stat().st_size < LIMIT


def test_version_and_rules_are_those_of_the_checkout(userland: Userland) -> None:
    told = userland.run(ARCDIAG, "--version")
    assert (told.returncode, told.stdout) == (0, here("--version").raw), told.stderr
    assert re.search(rb"\(rules [0-9a-f]{12}\)", told.stdout)


def test_it_explains(userland: Userland) -> None:
    told = userland.run(ARCDIAG, "explain", "AZCM0042")
    assert (told.returncode, told.stdout) == (0, here("explain", "AZCM0042").raw), told.stderr


def test_it_has_the_rule_files_for_authors(userland: Userland) -> None:
    """They are unpacked where they are asked for."""
    told = userland.run(ARCDIAG, "rules", "check")
    assert (told.returncode, told.stdout) == (0, here("rules", "check").raw), told.stderr


def test_a_worker_is_not_the_program_again(userland: Userland) -> None:
    """With these words multiprocessing starts the watcher of its resources, which ends at the end of its input."""
    told = userland.run(ARCDIAG, "-I", "-B", "-S", "-c", "from multiprocessing.resource_tracker import main;main(0)")
    assert (told.returncode, told.stdout, told.stderr) == (0, b"", b"")
    told = userland.run(ARCDIAG, "fleet", "analyze", "/srv/evidence", "--out", "/srv/fleet")
    assert told.returncode == 2 and b"not in the program of one file" in told.stderr and b"Traceback" not in told.stderr


@pytest.mark.parametrize("language", ["ko", "zh-CN"])
def test_it_speaks_other_languages(userland: Userland, language: str) -> None:
    told = userland.run(ARCDIAG, "explain", "dns-failure", "--lang", language)
    assert (told.returncode, told.stdout.decode()) == (0, here("explain", "dns-failure", "--lang", language).output)
    assert not told.stdout.isascii()


def test_it_gives_the_same_diagnosis(userland: Userland) -> None:
    told = userland.run(ARCDIAG, "analyze", "/srv/evidence", "--format", "json")
    assert told.returncode == 1, told.stderr
    ours = json.loads(here("analyze", str(CASE), "--format", "json").raw)
    theirs = json.loads(told.stdout)
    assert theirs == ours
    assert theirs["causes"]


def test_it_collects_where_there_is_no_network(userland: Userland) -> None:
    told = userland.run(ARCDIAG, "collect", "-o", "/srv/out", "--timeout", "5", variables={"LC_ALL": "C.UTF-8"})
    assert told.returncode in (1, 3) and b"Traceback" not in told.stderr, told.stderr
    case = next((userland.shared / "out").glob("*.zip"))
    assert next((userland.shared / "out").glob("*.html")).read_bytes().startswith(b"<!doctype html>")
    ours = here("analyze", str(case), "--format", "json")
    theirs = userland.run(ARCDIAG, "analyze", f"/srv/out/{case.name}", "--format", "json")
    assert (ours.code, json.loads(ours.raw)) == (theirs.returncode, json.loads(theirs.stdout))
    assert told.returncode == ours.code


def test_programs_of_the_system_get_the_variables_of_the_caller(userland: Userland) -> None:
    """What they link with is theirs, not what this program carries."""
    query = userland.shared / "dpkg-query"
    query.write_text(TELLS_ITS_VARIABLES)
    query.chmod(0o755)
    found = []
    for given in ({}, {"LD_LIBRARY_PATH": "/opt/mine"}):
        told = userland.run(
            ARCDIAG, "collect", "-o", "/srv/else", "--no-probe", variables=given, before="cp /srv/dpkg-query /usr/bin/"
        )
        assert b"Traceback" not in told.stderr
        text = (userland.shared / "variables").read_text()
        assert "LC_ALL='C'" in text
        found.append(set(re.findall(r"^(LD_LIBRARY_PATH\w*|_PYI_\w+|_MEI\w*)=(.*)", text, re.M)))
        (userland.shared / "variables").unlink()
    assert found == [set(), {("LD_LIBRARY_PATH", "'/opt/mine'")}]


def test_a_place_for_temporary_files_that_forbids_programs(userland: Userland) -> None:
    """It says so, and TMPDIR names another place."""
    before = "mount -t tmpfs -o noexec tmpfs /tmp"
    told = userland.run(ARCDIAG, "--version", before=before)
    assert told.returncode != 0 and b"failed to map segment" in told.stderr
    told = userland.run(ARCDIAG, "--version", before=before, variables={"TMPDIR": "/var/tmp"})
    assert (told.returncode, told.stdout) == (0, here("--version").raw)


def test_nothing_is_left_in_the_place_for_temporary_files(userland: Userland) -> None:
    for arguments, code in ((("--version",), 0), (("analyze", "/nowhere"), 2)):
        told = userland.run("/bin/sh", "-c", '"$@"; code=$?; ls -A /tmp; exit $code', "sh", ARCDIAG, *arguments)
        assert told.returncode == code and b"_MEI" not in told.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_end_by_a_signal_leaves_nothing(folder: Path, tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C reaches every process of the terminal's group, a service manager's end only the first."""
    command = [str(folder / "arcdiag"), "analyze", "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, env={"TMPDIR": str(tmp_path)}, start_new_session=True
    ) as process:
        while not _waits_for_input(process.pid):
            assert process.poll() is None
            time.sleep(0.05)
        assert list(tmp_path.glob("_MEI*"))
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        _, errors = process.communicate(timeout=240)
    assert (process.returncode, errors.strip()) == (130, b"arcdiag: interrupted")
    assert not list(tmp_path.iterdir())


def _waits_for_input(starter: int) -> bool:
    """Whether the unpacked program, a child of the starter, is in a read of its standard input."""
    children = Path(f"/proc/{starter}/task/{starter}/children").read_text().split()
    return any(Path(f"/proc/{child}/syscall").read_text().startswith("0 0x0 ") for child in children)


def test_every_library_inside_runs_with_an_old_glibc(folder: Path, tmp_path: Path) -> None:
    command = [str(folder / "arcdiag"), "analyze", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"TMPDIR": str(tmp_path)}
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        libraries: list[Path] = []
        while not any("_rust" in path.name for path in libraries) or not list(tmp_path.glob("_MEI*/arcdiag/_data")):
            assert process.poll() is None
            libraries = list(tmp_path.glob("_MEI*/**/*.so*"))
        wanted = {path.name: _needs(path) for path in [*libraries, folder / "arcdiag"]}
        process.stdin.close()
        process.stdout.read()
    assert len(wanted) > 30 and max(wanted.values()) > (2, 2)
    assert {name: version for name, version in wanted.items() if version > GLIBC} == {}


def _needs(path: Path) -> tuple[int, ...]:
    told = subprocess.run(["objdump", "-T", str(path)], capture_output=True, text=True, check=False).stdout
    return max((tuple(map(int, v.split("."))) for v in re.findall(r"GLIBC_([0-9.]+)", told)), default=(0,))


def test_its_bill_names_what_is_inside(folder: Path) -> None:
    known = components(folder, "arcdiag")
    assert {"click", "cryptography", "ahocorasick_rs", "certifi", "regipy", "CPython", "OpenSSL"} <= set(known)
    assert not {"pytest", "hatchling", "Babel", "duckdb", "pip"} & set(known)
    assert known["python3.11"].startswith("3.11.2-") and known["openssl"].startswith(f"{known['OpenSSL']}-")
