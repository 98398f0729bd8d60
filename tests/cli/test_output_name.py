"""Many machines write into one folder: no two take one name, and what is there is never written over."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from arcdiag.cli.output_name import bundle_stem, claimed
from arcdiag.errors import OutputError
from tests.namespaces import NEW_NETWORK, available

ROOT = Path(__file__).parents[2]
AT = "2026-01-02T03:04:05Z"
_WRITER = """
import sys
from pathlib import Path
from arcdiag.cli.output_name import claimed
sys.stdin.readline()
with claimed(Path(sys.argv[1]), "one") as target:
    target.write_text(sys.argv[2])
"""


@pytest.mark.parametrize(
    ("host", "stem"),
    [
        ("web01", "arcdiag-web01-20260102T030405Z"),
        ("web01.contoso.com", "arcdiag-web01.contoso.com-20260102T030405Z"),
        ("..\\..\\etc/passwd", "arcdiag-_.._etc_passwd-20260102T030405Z"),
        ("", "arcdiag-host-20260102T030405Z"),
        ("서버", "arcdiag-__-20260102T030405Z"),
        ("a" * 300, f"arcdiag-{'a' * 64}-20260102T030405Z"),
    ],
)
def test_a_name_for_every_host(host: str, stem: str) -> None:
    assert bundle_stem(host, AT) == stem


@pytest.mark.parametrize("there", ["one.zip", "one.html", "one.zip.PRIVATE-do-not-send.json", "one.claim"])
def test_what_is_there_is_not_written_over(there: str, tmp_path: Path) -> None:
    (tmp_path / there).write_text("mine")
    with claimed(tmp_path, "one") as target:
        assert target.name == "one-2.zip"
    assert [path.name for path in tmp_path.iterdir()] == [there]


def test_machines_that_begin_at_once_get_names_of_their_own(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path), str(n)], stdin=subprocess.PIPE, env=env)
        for n in range(6)
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == [str(n) for n in range(6)]


def test_a_folder_that_went_away_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write to"), claimed(tmp_path / "gone", "one"):
        pass


@pytest.mark.network
def test_two_machines_of_one_name_in_the_same_second(tmp_path: Path) -> None:
    if not available():
        pytest.skip("this user may not make a network namespace")
    stopped = ["env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", "2026-01-02 03:04:05"]
    collect = [sys.executable, "-m", "arcdiag", "collect", "--quiet", "--no-probe", "-o", str(tmp_path / "share")]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TZ": "UTC"}
    said = []
    for _ in range(2):
        command = [*NEW_NETWORK, *stopped, *collect]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=env)
        assert done.returncode in (0, 1, 3) and done.stderr == ""
        said += [line.split(maxsplit=1)[1] for line in done.stdout.splitlines()]
    assert len(said) == 4 and sorted(said) == sorted(str(path) for path in (tmp_path / "share").iterdir())
    stems = sorted(Path(path).stem for path in said if path.endswith(".zip"))
    assert stems[1] == stems[0] + "-2" and stems[0].endswith("-20260102T030405Z")
