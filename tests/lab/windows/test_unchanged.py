"""`collect` changes nothing on the machine but its own two files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.lab.windows import agent
from tests.lab.windows.reports import collect
from tests.lab.windows.wine import Machine

# The service manager counts the processes that it started for services here.
OWN_COUNT = r"Control\ServiceCurrent"
ROOTS = ("HKLM", "HKCU", "HKU", "HKCR")
_HASHED_BELOW = 4 * 1024 * 1024
# Whoever looks into a store of certificates first has Wine fill the registry from the host's certificates.
_FIRST_LOOK = "import ssl, socket; ssl.create_default_context(); socket.getaddrinfo('localhost', 80)"


def registry(machine: Machine) -> dict[str, str]:
    """Every key of the registry, with its values as text."""
    found = {}
    for root in ROOTS:
        machine.done("reg", "export", root, r"C:\export.reg", "/y")
        export = machine.drive / "export.reg"
        for block in export.read_text("utf-16").split("\n[")[1:]:
            key, _, values = block.partition("]\n")
            if not key.endswith(OWN_COUNT):
                found[key] = values
        export.unlink()
    return found


def files(machine: Machine) -> dict[str, tuple[int, int, str]]:
    """Size, time of the last change and hash of every file of drive C."""
    found = {}
    for path in sorted(machine.drive.rglob("*")):
        if path.is_file() and not path.is_symlink():
            entry = path.stat()
            data = path.read_bytes() if entry.st_size < _HASHED_BELOW else b""
            name = str(path.relative_to(machine.drive))
            found[name] = (entry.st_size, entry.st_mtime_ns, hashlib.sha256(data).hexdigest())
    return found


def services(machine: Machine) -> list[str]:
    """State of each service."""
    return [machine.done("sc", "query", name) for name in ("himds", "GCArcService", "ExtensionService")]


def test_registry_files_and_services_stay_as_they_were(machine: Machine) -> None:
    agent.install(machine)
    assert machine.py("-c", _FIRST_LOOK).code == 0
    before = registry(machine), files(machine), services(machine)
    assert len(before[0]) > 1000 and any("Azure Connected Machine Agent" in values for values in before[0].values())
    seen = collect(machine, "--timeout", "30")
    after = registry(machine), files(machine), services(machine)
    assert {key: values for key, values in after[0].items() if before[0].get(key) != values} == {}
    assert set(before[0]) == set(after[0])
    assert after[2] == before[2]
    own = {str(Path("out") / path.name) for path in (seen.case, seen.report)}
    assert {name: entry for name, entry in after[1].items() if name not in own} == before[1]
    assert own <= set(after[1])
