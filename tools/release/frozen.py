"""One file with an interpreter, all packages, rules and templates, made by PyInstaller."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.release.packages import installed
from tools.release.run import run
from tools.release.sources import epoch
from tools.release.wheel import build_wheel

HERE = Path(__file__).parent
PACKAGES = "packages"
RULES = "arcdiag/_data/rules.zip"


@dataclass(frozen=True)
class Interpreter:
    """The Python that ends in the program: how to run it, its environment, and how it sees a path of this system."""

    command: Sequence[str]
    env: Mapping[str, str]
    seen: Callable[[Path], str] = str


def freeze(lock: str, system: str, python: Interpreter, work: Path, out: Path) -> Path:
    """Build the program into `out`; `work` is an empty folder. Beside it stands `contents.json` for the bill.

    Raises BuildError.
    """
    packages = installed(lock, work / PACKAGES, system)
    wheel = build_wheel(work / "wheel")[0]
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    _pack_rules(packages / RULES)
    start = shutil.copy(HERE / "start.py", work / "arcdiag_start.py")
    spec = shutil.copy(HERE / "arcdiag.spec", work / "arcdiag.spec")
    env = {
        **python.env,
        "PYTHONPATH": python.seen(packages),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SOURCE_DATE_EPOCH": epoch(),
        "PYINSTALLER_CONFIG_DIR": python.seen(work / "settings"),
        "ARCDIAG_START": python.seen(Path(start)),
    }
    places = ["--distpath", python.seen(work / "dist"), "--workpath", python.seen(work / "build")]
    pyinstaller = [*python.command, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places]
    run([*pyinstaller, python.seen(Path(spec))], cwd=work, env=env)
    made = next(p for p in (work / "dist").iterdir() if p.stem == "arcdiag")
    inside = shutil.copy(HERE / "inside.py", work / "arcdiag_inside.py")
    told = run([*python.command, python.seen(Path(inside)), python.seen(made)], cwd=work, env=env)
    out.mkdir(parents=True, exist_ok=True)
    known = described(packages)
    known["arcdiag"]["files"].append(RULES)
    contents = {**json.loads(told), "packages": known}
    (out / "contents.json").write_text(json.dumps(contents, indent=1, sort_keys=True), encoding="utf-8")
    return Path(shutil.copy(made, out / made.name))


def _pack_rules(target: Path) -> None:
    """The program unpacks each file that it carries at every start, and needs the rule files at very few of them."""
    rules = target.with_suffix("")
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(p for p in rules.rglob("*") if p.is_file()):
            # Not compressed: PyInstaller compresses all, and twice would cost size.
            archive.writestr(zipfile.ZipInfo(path.relative_to(rules).as_posix()), path.read_bytes())
    shutil.rmtree(rules)


def described(folder: Path) -> dict[str, dict[str, Any]]:
    """Name, version, licence and files of every package that was there to choose from."""
    from email.parser import HeaderParser

    found: dict[str, dict[str, Any]] = {}
    for info in sorted(folder.glob("*.dist-info")):
        head = HeaderParser().parsestr((info / "METADATA").read_text(encoding="utf-8"))
        licence = head.get("License-Expression") or head.get("License") or ""
        rows = (info / "RECORD").read_text(encoding="utf-8").splitlines()
        files = [row.rsplit(",", 2)[0].strip('"') for row in rows]
        found[str(head["Name"])] = {"version": str(head["Version"]), "licence": str(licence), "files": files}
    return found


def host_variables() -> dict[str, str]:
    """Of this process's environment only what programs need to run at all."""
    names = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "COMSPEC")
    return {name: os.environ[name] for name in names if name in os.environ}
