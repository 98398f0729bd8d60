"""Source packages of Debian, checked against Debian's own signature, with Debian's security patches applied."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from tools.release.run import BuildError, run

SUITE = "bookworm"
"""Its point releases bring the security patches; the versions that were used are recorded with what was built."""
MIRROR = "http://deb.debian.org/debian"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
NEEDED = ("apt-get", "dpkg-source", "make", "perl")


def unpacked_sources(names: Sequence[str], folder: Path) -> dict[str, tuple[str, Path]]:
    """Unpack the source packages below `folder`: version and folder of each. Raises BuildError, one line."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing or not KEYRING.exists():
        raise BuildError(
            f"needs {', '.join(missing) or KEYRING}: apt-get install apt dpkg-dev make perl debian-archive-keyring"
        )
    apt = _private_apt(folder / "apt")
    run(["apt-get", *apt, "-qq", "update"])
    run(["apt-get", *apt, "-qq", "source", "--download-only", *names], cwd=folder)
    found = {}
    for name in names:
        description = next(folder.glob(f"{name}_*.dsc"))
        target = folder / name
        # apt-get has checked every file against the signed index.
        run(["dpkg-source", "--no-check", "-x", description.name, target.name], cwd=folder)
        found[name] = (_version(description), target)
    return found


def _private_apt(folder: Path) -> list[str]:
    """Options under which apt-get keeps lists of its own, so that it neither needs root nor touches the system's."""
    for name in ("lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True)
    sources = folder / "sources.list"
    sources.write_text(f"deb-src [signed-by={KEYRING}] {MIRROR} {SUITE} main\n", encoding="ascii")
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder,
        "Dir::State::status": "/dev/null",
        "APT::Sandbox::User": "root",
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def _version(description: Path) -> str:
    lines = description.read_text(encoding="utf-8").splitlines()
    return next(line.partition(": ")[2] for line in lines if line.startswith("Version: "))
