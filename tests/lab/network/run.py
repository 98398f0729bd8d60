"""Runs the real command on the client and reads its JSON document."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.network.azure_hosts import REGION
from tests.lab.network.topology import Node

ROOT = Path(__file__).parents[3]
_PATIENCE = 120.0


@dataclass(frozen=True, repr=False)
class Report:
    """`said` is everything that was printed; `facts` are empty where the command keeps none."""

    code: int
    document: dict[str, Any]
    said: str

    @property
    def verdict(self) -> str:
        return str(self.document["verdict"])

    @property
    def current(self) -> list[str]:
        """Current causes in order."""
        return [c["id"] for c in self.document["causes"] if c["state"] == "current"]

    @property
    def first(self) -> str | None:
        """The first current cause: the answer."""
        return next(iter(self.current), None)

    def cause(self, name: str) -> dict[str, Any]:
        """One cause by its id."""
        return next(c for c in self.document["causes"] if c["id"] == name)

    @property
    def warnings(self) -> set[str]:
        """Ids of the checks that warn."""
        return {c["id"] for c in self.document["checks"] if c["status"] == "warn"}

    @property
    def failing_layers(self) -> dict[str, str]:
        """Endpoints that fail, with the layer."""
        return {e["host"]: e["failing_layer"] for e in self.document["endpoints"] if e["failing_layer"]}

    def failing(self, host: str) -> str | None:
        """The layer at which an endpoint fails; None if it does not."""
        found = [e["failing_layer"] for e in self.document["endpoints"] if e["host"] == host]
        assert found, f"{host} was not probed; probed: {[e['host'] for e in self.document['endpoints']]}"
        return next((layer for layer in found if layer), None)

    def layers(self, host: str) -> dict[str, str]:
        """Status by layer."""
        end = next(e for e in self.document["endpoints"] if e["host"] == host)
        return {layer["layer"]: layer["status"] for layer in end["layers"]}

    def __repr__(self) -> str:
        """For a test that fails: what the report says in short."""
        lines = [f"exit {self.code}, {self.verdict}; warnings {sorted(self.warnings)}"]
        for cause in self.document["causes"]:
            lines.append(
                f"  {cause['id']} {cause['confidence']} {cause['state']} {cause['impact']} {cause['subjects']}"
            )
            lines += [f"      {e['text'][:200]}" for e in cause["evidence"]]
        for end in self.document["endpoints"]:
            shown = ", ".join(f"{x['layer']} {x['status']} ({x['detail'][:90]})" for x in end["layers"])
            lines.append(f"  {end['host']} [{end['path']}] {end['failing_layer']}: {shown}")
        return "\n".join(lines) + "\n" + self.said[-3000:]


def environment() -> dict[str, str]:
    """What an administrator's shell has, and nothing of the test's own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


def run_arcdiag(client: Node, *arguments: str, prefix: Sequence[str] = (), more: dict[str, str] | None = None
                ) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """`arcdiag ARGUMENTS` on the client; `prefix` is put before the command."""
    command = client.argv(*prefix, sys.executable, "-m", "arcdiag", *arguments)
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE,
        stdin=subprocess.DEVNULL,
        env=environment() | (more or {}),
    )


def probe(client: Node, *arguments: str, region: str | None = REGION, prefix: Sequence[str] = (),
          more: dict[str, str] | None = None) -> Report:  # fmt: skip
    """`arcdiag probe --json` there."""
    place = ["--location", region] if region else []
    done = run_arcdiag(client, "probe", "--json", *place, *arguments, prefix=prefix, more=more)
    return _report(done.returncode, done.stdout, done.stdout + done.stderr)


def collect(client: Node, folder: Path, *arguments: str, region: str | None = REGION) -> Report:
    """`arcdiag collect` there; the document is the one inside the case or of `analyze` of it."""
    place = ["--location", region] if region else []
    done = run_arcdiag(client, "collect", "-o", str(folder), *place, *arguments)
    cases = sorted(folder.glob("*.zip"))
    assert cases, done.stdout + done.stderr
    analyzed = run_arcdiag(client, "analyze", str(cases[-1]), "--format", "json")
    with zipfile.ZipFile(cases[-1]) as case:
        inside = "".join(case.read(name).decode("utf-8", "replace") for name in case.namelist())
    pages = "".join(path.read_text() for path in folder.glob("*.html"))
    return _report(done.returncode, analyzed.stdout, inside + pages + done.stdout + done.stderr)


def _report(code: int, text: str, said: str) -> Report:
    try:
        document = json.loads(text)
    except ValueError:
        raise AssertionError(f"no report, exit {code}: {said[-3000:]}") from None
    return Report(code, document, said)
