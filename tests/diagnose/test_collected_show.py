"""The error that `azcmagent show` prints counts in a collected case as it does in a folder of a customer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arcdiag.case.facts_io import facts_to_text
from arcdiag.case.manifest_io import manifest_to_json
from arcdiag.knowledge.load import load_rules
from arcdiag.model.case import Manifest
from arcdiag.model.fact_maker import MACHINE, FactMaker
from arcdiag.pipeline import analyze

SHOW = {
    "agentVersion": "1.50.02784.1799",
    "status": "Disconnected",
    "lastHeartbeat": "2026-05-01T08:00:00Z",
    "resourceName": "web01",
    "agentErrorCode": "AZCM0026",
    "agentErrorDetails": 'Post "https://weu.his.arc.azure.com/v2.0/heartbeat": proxyconnect tcp: dial tcp: lookup '
    "proxy01.corp.example on 10.0.0.2:53: no such host",
    "agentErrorTimestamp": "2026-05-01T09:00:00Z",
}


def collected(folder: Path) -> Path:
    manifest = Manifest(
        schema_version="1.0",
        tool_version="0.1.0",
        rules_version="x",
        host="web01",
        os="linux",
        collected_at="2026-05-01T09:05:00Z",
        utc_offset_minutes=0,
        user="root",
        elevated=True,
        files=(),
        left_out=(),
    )
    (folder / "raw").mkdir()
    (folder / "raw" / "azcmagent-show.json").write_text(json.dumps(SHOW), encoding="utf-8")
    (folder / "manifest.json").write_text(manifest_to_json(manifest), encoding="utf-8")
    fact = FactMaker("2026-05-01T09:05:00Z", "root").ok("machine.systemd", MACHINE, {"running": True}, "host/machine")
    (folder / "facts.jsonl").write_bytes(facts_to_text([fact]).encode())
    return folder


@pytest.mark.parametrize("as_collected", [True, False])
def test_the_error_names_the_cause(tmp_path: Path, as_collected: bool) -> None:
    if as_collected:
        folder = collected(tmp_path)
    else:
        folder = tmp_path
        (folder / "show.json").write_text(json.dumps(SHOW), encoding="utf-8")
    diagnosis = analyze(folder, load_rules())
    assert diagnosis.case.collected_at == ("2026-05-01T09:05:00Z" if as_collected else None)
    assert [c.id for c in diagnosis.causes][:1] == ["proxy-unreachable"]
