"""`arcdiag.exe` for Windows x64, on Windows itself or, on another system, with a Windows Python under Wine."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.release.frozen import Interpreter, freeze, host_variables
from tools.release.packages import WINDOWS
from tools.release.places import ROOT
from tools.release.run import BuildError

_VERSION_FILE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0, OS=0x40004, fileType=1, subtype=0),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('CompanyName', 'The arcdiag authors'),
      StringStruct('FileDescription', 'Finds the root cause when an Azure Arc-enabled server cannot connect'),
      StringStruct('FileVersion', '{version}'),
      StringStruct('InternalName', 'arcdiag'),
      StringStruct('LegalCopyright', 'MIT License'),
      StringStruct('OriginalFilename', 'arcdiag.exe'),
      StringStruct('ProductName', 'arcdiag'),
      StringStruct('ProductVersion', '{version}')])]),
    VarFileInfo([VarStruct('Translation', [0x409, 1200])])
  ]
)
"""


def build_windows(out: Path) -> Path:
    """Build `arcdiag.exe` into `out`; on Windows with the Python 3.11 that runs this. Raises BuildError."""
    with tempfile.TemporaryDirectory(prefix="arcdiag-build-", ignore_cleanup_errors=True) as name:
        work = Path(name).resolve()
        with _windows_python(work) as python:
            version = work / "version.txt"
            version.write_text(_version_file(), encoding="utf-8")
            env = {**python.env, "ARCDIAG_VERSION_FILE": python.seen(version)}
            return freeze("frozen-windows", WINDOWS, Interpreter(python.command, env, python.seen), work, out)


@contextmanager
def _windows_python(work: Path) -> Iterator[Interpreter]:
    if sys.platform == "win32":
        if sys.version_info[:2] != (3, 11):
            raise BuildError("the versions in locks/frozen-windows.txt are for Python 3.11; run this with it")
        yield Interpreter([sys.executable, "-S"], host_variables())
        return
    # Only here, and never in a release that is built on Windows, the laboratory of the tests is a tool.
    from tests.lab.windows.wine import new_machine, windows_path, wine_variables

    with new_machine() as machine:
        command = machine.inside("wine", str(machine.python / "python.exe"), "-S", cwd=work)
        yield Interpreter(command, wine_variables(machine.prefix), windows_path)


def _version_file() -> str:
    text = (ROOT / "arcdiag" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    assert found is not None
    numbers = [int(part) for part in re.findall(r"\d+", found[1])][:4]
    return _VERSION_FILE.format(numbers=tuple(numbers + [0] * (4 - len(numbers))), version=found[1])
