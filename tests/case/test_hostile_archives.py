"""The real command opens each hostile file in a process of its own: little memory, one line or a disclosed cap."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.case.hostile_archives import Maker, makers

ROOT = Path(__file__).parents[2]
MOST_MEMORY = 200 * 1024 * 1024
LONGEST = 300
"""Seconds after which a file counts as endless; none comes near."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")

_CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 30, 3 << 30))
from arcdiag.cli.main import run
code = run(sys.argv[2:])
sys.stdout.flush()
with open("/proc/self/status") as status:
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
with open(sys.argv[1], "w") as out:
    out.write(f"{code} {peak}")
"""


def opened(tmp_path: Path, *arguments: str, stdin: int | None = subprocess.DEVNULL) -> tuple[int, int, str, str]:
    """Exit code, most memory in bytes, standard output and error."""
    told = tmp_path / "told"
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(told), *arguments],
        stdin=stdin,
        capture_output=True,
        timeout=LONGEST,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    code, peak = told.read_text().split()
    return int(code), int(peak) * 1024, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def is_one_line_or_disclosed(code: int, out: str, errors: str) -> None:
    if code == 2:
        assert out == ""
        assert errors.startswith("arcdiag: ") and len(errors.splitlines()) == 1 and len(errors) < 1500
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in errors.rstrip("\n"))
    else:
        assert code in (0, 1, 3) and errors == ""
        assert json.loads(out)["tool"]["name"] == "arcdiag"


@pytest.mark.parametrize(("name", "make"), [pytest.param(name, make, id=name) for name, make in makers()])
def test_a_hostile_file_is_opened_in_little_memory(tmp_path: Path, name: str, make: Maker) -> None:
    path = tmp_path / "case"
    make(path)
    before = {p.name for p in tmp_path.iterdir()}
    code, peak, out, errors = opened(tmp_path, "analyze", str(path), "--json")
    is_one_line_or_disclosed(code, out, errors)
    assert peak < MOST_MEMORY, f"{peak / 2**20:.0f} MiB"
    assert {p.name for p in tmp_path.iterdir()} - before == {"told"}, "nothing that was unpacked is left"
    if name.split("-")[0] in ("zip", "tar", "tgz") and code != 2 and name not in _WHOLE:
        assert json.loads(out)["not_evaluated"], "what is not read is said"


_WHOLE = frozenset({"zip-other-local-name", "tar-many", "tar-pax-negative", "tar-pax-sparse"})
"""Odd, and read to the end all the same."""


def test_an_endless_input_ends(tmp_path: Path) -> None:
    endless = ["sh", "-c", "exec tr '\\000' x < /dev/zero"]
    with subprocess.Popen(endless, stdout=subprocess.PIPE) as source:
        assert source.stdout is not None
        code, peak, out, errors = opened(tmp_path, "analyze", "-", "--json", stdin=source.stdout.fileno())
        source.kill()
    is_one_line_or_disclosed(code, out, errors)
    assert peak < MOST_MEMORY
    assert any("only the first 256 MiB" in item["why"] for item in json.loads(out)["not_evaluated"])
