"""Builds what people download: python -m tools.release linux|windows|pyz|wheel|all --out DIR

Needs Python 3.11 and the registry of Python packages; `linux` also Debian's mirror, apt-get, dpkg-dev, make and perl;
`windows` a Windows with Python 3.11, or Wine and what the tests of Windows need. Everything else is pinned in `locks`
with hashes. What is slow to build is kept (ARCDIAG_LAB_CACHE).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tools.release.bill import write_bill
from tools.release.linux import build_linux
from tools.release.locking import renew_locks
from tools.release.pyz import build_pyz
from tools.release.run import BuildError
from tools.release.sums import write_sums
from tools.release.wheel import build_wheel
from tools.release.windows import build_windows

PROGRAMS: dict[str, Callable[[Path], Path]] = {"linux": build_linux, "windows": build_windows, "pyz": build_pyz}


def main(arguments: list[str]) -> int:
    """Build into the folder and print what was built; exit code 1 with the reason if it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m tools.release", description="Build what people download.")
    parser.add_argument("what", choices=[*PROGRAMS, "wheel", "all", "locks"])
    parser.add_argument("--out", type=Path, default=Path("dist"), help="the folder to build into (default: dist)")
    options = parser.parse_args(arguments)
    try:
        if options.what == "locks":
            renew_locks()
            return 0
        build([*PROGRAMS, "wheel"] if options.what == "all" else [options.what], options.out.absolute())
    except BuildError as error:
        print(f"tools.release: {error}", file=sys.stderr)
        return 1
    return 0


def build(wanted: list[str], out: Path) -> None:
    """Build each into `out`, with its bill of materials, and list the hashes of all. Raises BuildError."""
    out.mkdir(parents=True, exist_ok=True)
    for what in wanted:
        begun = time.monotonic()
        if what == "wheel":
            made = build_wheel(out)
        else:
            with tempfile.TemporaryDirectory(prefix="arcdiag-out-") as place:
                program = PROGRAMS[what](Path(place))
                made = [_moved(program, out), write_bill(program, Path(place) / "contents.json", out)]
        for path in made:
            print(f"{path}  {path.stat().st_size} bytes  {time.monotonic() - begun:.0f} s", flush=True)
    print(write_sums(out))


def _moved(program: Path, out: Path) -> Path:
    target = out / program.name
    target.write_bytes(program.read_bytes())
    target.chmod(0o755)
    return target


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
