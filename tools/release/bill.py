"""The bill of materials: what a program holds, found out from the program itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tools.release.places import ROOT
from tools.release.run import BuildError, run
from tools.release.sources import epoch
from tools.release.tools_env import tools_python

_OF_PYINSTALLER = ("pyi", "PYZ", "struct", "arcdiag_start", "base_library.zip")
_LIBRARIES = {
    "CPython": ("libpython", "python3", "lib-dynload", "python311", "vcruntime", "ucrtbase", "api-ms-", "libffi"),
    "OpenSSL": ("libssl", "libcrypto"),
}


def write_bill(program: Path, contents: Path, out: Path) -> Path:
    """Write `PROGRAM.cdx.json`. Raises BuildError where something inside belongs to nothing that is known."""
    known = json.loads(contents.read_text(encoding="utf-8"))
    parts = list(_components(known))
    asked = json.dumps({"program": str(program), "epoch": int(epoch()), "components": parts})
    target = out / f"{program.name}.cdx.json"
    plan = contents.with_name("bill.json")
    plan.write_text(asked, encoding="utf-8")
    run([tools_python(), "-m", "tools.release.bill_document", plan, target], cwd=ROOT)
    return target


def _components(known: dict[str, Any]) -> Iterator[dict[str, str]]:
    used = used_packages(known)
    for name in sorted(used):
        package = known["packages"][name]
        yield {"name": name, "version": package["version"], "licence": package["licence"], "kind": "pypi"}
    sources = known.get("sources", {})
    for name, version in sorted(known.get("libraries", {}).items()):
        yield {"name": name, "version": version, "licence": "", "kind": "library"}
    for name, version in sorted(sources.items()):
        yield {"name": name, "version": version, "licence": "", "kind": "deb"}


def used_packages(known: dict[str, Any]) -> set[str]:
    """The packages of which anything is inside. Raises BuildError for a file or module of unknown origin."""
    owner = {path: name for name, package in known["packages"].items() for path in package["files"]}
    used, unknown = set(), []
    for thing, places in _things(known):
        found = next((owner[place] for place in places if place in owner), None)
        if found is not None:
            used.add(found)
        elif not _of_python(thing):
            unknown.append(thing)
    if unknown:
        raise BuildError(f"inside, and of no known origin: {', '.join(unknown[:20])}")
    return used


def _things(known: dict[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    for module in known["modules"]:
        path = module.replace(".", "/")
        yield module, (f"{path}.py", f"{path}/__init__.py")
    for file in known["files"]:
        plain = file.replace("\\", "/")
        yield plain, (plain,)


def _of_python(thing: str) -> bool:
    """Whether it is a part of Python itself, of its libraries or of PyInstaller's starter."""
    first = thing.replace("/", ".").partition(".")[0]
    low = thing.lower().rpartition("/")[2] if "lib-dynload" not in thing else "lib-dynload"
    known = any(low.startswith(prefix) for prefixes in _LIBRARIES.values() for prefix in prefixes)
    # The namespaces that a package's folders make are modules without a file.
    return known or first in sys.stdlib_module_names or thing.startswith(_OF_PYINSTALLER)
