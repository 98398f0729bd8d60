"""`arcdiag.pyz`: for machines that have Python 3.11 or newer and no registry in reach.

Compiled modules cannot be loaded out of a zip. The file therefore carries the packages of several systems and versions
of Python, each file once, and unpacks those that fit into a private folder at the first start (see `pyz_start.py`).
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

from tools.release.frozen import described
from tools.release.packages import ARM, LINUX, WINDOWS, installed
from tools.release.places import LOCKS
from tools.release.sources import epoch
from tools.release.store import kept
from tools.release.wheel import build_wheel

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = {
    "linux-x86_64": ("pyz-linux", LINUX),
    "linux-aarch64": ("pyz-linux", ARM),
    "windows": ("pyz-windows", WINDOWS),
}
_SHEBANG = b"#!/usr/bin/env python3\n"
_START = Path(__file__).with_name("pyz_start.py")
_NOT_CARRIED = (".dist-info/RECORD", ".dist-info/INSTALLER", ".dist-info/REQUESTED", ".pyi", ".h", ".pxd")


def build_pyz(out: Path) -> Path:
    """Build `arcdiag.pyz` into `out`. Raises BuildError."""
    blobs: dict[str, bytes] = {}
    trees: dict[str, dict[str, str]] = {}
    packages: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="arcdiag-build-") as name:
        own = Path(name) / "own"
        with zipfile.ZipFile(build_wheel(Path(name))[0]) as archive:
            archive.extractall(own)
        for system, (lock, platform) in SYSTEMS.items():
            for version in VERSIONS:
                for place in (_packages(lock, platform, version), own):
                    _add(packages, described(place))
                    trees.setdefault(f"{system}-{version}", {}).update(_tree(place, blobs))
    made = out / "arcdiag.pyz"
    _write(made, trees, blobs)
    files = sorted({path for tree in trees.values() for path in tree})
    contents = {"modules": [], "files": files, "libraries": {}, "packages": packages}
    (out / "contents.json").write_text(json.dumps(contents, indent=1, sort_keys=True), encoding="utf-8")
    return made


def _packages(lock: str, platform: str, version: str) -> Path:
    def fill(folder: Path) -> None:
        installed(lock, folder, platform, version)

    parts = [(LOCKS / f"{lock}.txt").read_text(encoding="utf-8"), platform, version]
    return kept(f"packages-{platform}-{version}", parts, fill, keep=0)


def _add(packages: dict[str, dict[str, Any]], more: dict[str, dict[str, Any]]) -> None:
    """The files of a package are those of all systems together."""
    for name, package in more.items():
        known = packages.setdefault(name, {**package, "files": []})
        known["files"] = sorted({*known["files"], *package["files"]})


def _tree(place: Path, blobs: dict[str, bytes]) -> dict[str, str]:
    """Each path with the hash of its content, which is added to `blobs`."""
    found = {}
    for path in sorted(p for p in place.rglob("*") if p.is_file()):
        name = path.relative_to(place).as_posix()
        if not name.endswith(_NOT_CARRIED) and not name.startswith("bin/"):
            data = path.read_bytes()
            found[name] = hashlib.sha256(data).hexdigest()
            blobs[found[name]] = data
    return found


def _write(target: Path, trees: dict[str, dict[str, str]], blobs: dict[str, bytes]) -> None:
    stamp = time.gmtime(max(int(epoch()), 315532800))[:6]
    index = json.dumps(trees, sort_keys=True).encode()
    members = {"__main__.py": _START.read_bytes(), "index.json": index}
    members |= {f"files/{digest}": data for digest, data in sorted(blobs.items())}
    with target.open("wb") as stream:
        stream.write(_SHEBANG)
        with zipfile.ZipFile(stream, "w") as archive:
            for name, data in members.items():
                entry = zipfile.ZipInfo(name, stamp)
                # Python itself starts from the first, and knows no other compression than zlib's there.
                entry.compress_type = zipfile.ZIP_STORED if name == "__main__.py" else zipfile.ZIP_LZMA
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, data)
    target.chmod(0o755)
