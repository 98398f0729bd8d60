"""Results of a fleet without its analysis: rows as a worker gives them, with a known story in them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from arcdiag.fleet.rows import Rows, error_row
from arcdiag.fleet.store import Store
from arcdiag.fleet.tables import Row
from arcdiag.fleet.task import Kind, Outcome, Source

NOON = datetime(2026, 3, 29, 12, 0, 0)
BAD_PROXY, PROXIES = "http://proxy-b.contoso.example:3128", ("http://proxy-a.contoso.example:3128", "none")
BAD_GROUP = "rg-batch-7"
"""Where all machines were cloned from one image, and lost their logon right by a policy."""
HOSTILE = "<script>alert(1)</script>\u202egnp.exe\x1b[31m\r\n=cmd|' /C calc'!A0"
_LAYERS = {
    "proxy-unreachable": ("proxy", "offline"),
    "dns-failure": ("network", "offline"),
    "agent-outdated": ("agent", "none"),
    "himds-not-running": ("service", "offline"),
}


def outcomes(count: int, seed: int = 1) -> Iterator[Outcome]:
    """Machine 0 has a hostile name, every hundredth bundle is broken.

    Those behind BAD_PROXY cannot reach it since one minute; all in BAD_GROUP have one VM id and a himds that does not
    run; of all others one in fifty has a failure of DNS, at any time. Most machines are in one region.
    """
    rng = random.Random(seed)
    for number in range(count):
        source = Source(f"/in/day-{number % 7}/srv-{number:05}.zip", Kind.FILE, 1000 + number)
        bundle = hashlib.sha256(f"{seed} {number}".encode()).hexdigest()
        broken = number % 100 == 99
        rows = error_row("it is a damaged or cut-off zip archive", again=False) if broken else _rows(number, rng)
        yield Outcome(source, bundle, 1000 + number, rows, seconds=0.01)


def write_results(folder: Path, count: int, seed: int = 1) -> None:
    """One run of so many bundles."""
    store = Store.begin(folder, "0.1.0+abc", "0.1.0")
    for outcome in outcomes(count, seed):
        store.add([outcome])
    store.finish()


def _rows(number: int, rng: random.Random) -> Rows:
    proxy = rng.choices((BAD_PROXY, *PROXIES), (3, 60, 37))[0]
    group = BAD_GROUP if number % 400 == 7 else f"rg-{rng.randrange(40)}"
    cause, onset = None, None
    if group == BAD_GROUP:
        cause, onset = "himds-not-running", NOON - timedelta(days=3, minutes=rng.randrange(4000))
    elif proxy == BAD_PROXY and rng.random() < 0.95:
        cause, onset = "proxy-unreachable", NOON - timedelta(hours=5, minutes=rng.randrange(20))
    elif rng.random() < 0.02:
        cause, onset = "dns-failure", NOON - timedelta(minutes=rng.randrange(30 * 1440))
    host = HOSTILE if number == 0 else f"srv-{number:05}"
    vm_id = "aaaaaaaa-0000-4000-8000-000000000007" if group == BAD_GROUP else f"11111111-0000-4000-8000-{number:012}"
    version = f"1.{rng.choices((58, 57, 56, 45, 39), (40, 30, 15, 10, 5))[0]}.03000.1"
    traits = {
        "proxy": proxy, "resource_group": group, "region": "westeurope" if rng.random() < 0.9 else "northeurope",
        "agent_version": version[:4], "os": rng.choice(("windows", "linux")), "cloud": "AzureCloud",
        "policy.logon-as-service": "denied" if group == BAD_GROUP else "allowed",
    }  # fmt: skip
    machine: Row = {
        "host": host, "name": host, "os": traits["os"], "agent_version": version, "vm_id": vm_id,
        "subscription": f"00000000-0000-4000-8000-{number % 4:012}", "resource_group": group, "region": traits["region"],
        "cloud": "AzureCloud", "proxy": None if proxy == "none" else proxy, "verdict": "problem" if cause else "healthy",
        "exit_code": 1 if cause else 0, "cause": cause, "causes": 1 if cause else 0, "onset": onset,
        "onset_text": onset.isoformat() + "Z" if onset else None, "now": NOON, "now_text": NOON.isoformat() + "Z",
        "again": False,
    }  # fmt: skip
    causes = [_cause(cause, onset, number)] if cause else []
    return {
        "machines": [machine],
        "causes": causes,
        "codes": [{"code": "AZCM0026", "meaning": "Network error", "count": 3, "explained_by": cause}] if cause else [],
        "endpoints": [
            {"host": f"e{i}.his.arc.azure.com", "role": "his", "required": True, "path": "direct", "milliseconds": 12}
            for i in range(3)
        ],
        "traits": [{"name": name, "value": value} for name, value in traits.items()],
    }


def _cause(cause: str, onset: datetime | None, number: int) -> Row:
    layer, impact = _LAYERS[cause]
    subject = "gbl.his.arc.azure.com" if cause == "dns-failure" else BAD_PROXY if cause == "proxy-unreachable" else None
    return {
        "rank": 1, "cause": cause, "title": cause, "layer": layer, "confidence": "likely", "state": "current",
        "impact": impact, "subject": subject, "subjects": [subject] if subject else [], "steps": ["connect"],
        "since": onset if number % 20 else None, "since_text": onset.isoformat() if onset else None, "summary": cause,
    }  # fmt: skip
