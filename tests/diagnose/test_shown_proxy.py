"""An error of another proxy than the one that `azcmagent show` names: the service and the settings differ."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.pipeline import analyze


@pytest.mark.parametrize(
    ("shown", "used", "cause"),
    [
        ("http://new.corp.example:3128", "lookup old.corp.example: no such host", "proxy-drift"),
        ("http://«host:3f2a.91c0»:3128", "lookup «host:77aa.91c0»: no such host", "proxy-drift"),
        ("http://old.corp.example:3128", "lookup old.corp.example: no such host", "proxy-unreachable"),
        ("http://new.corp.example:3128", "10.3.3.3:3128: connect: connection refused", "proxy-unreachable"),
        ("http://localhost:40343", "lookup old.corp.example: no such host", "proxy-unreachable"),
    ],
)
def test_names_are_held_against_names(tmp_path: Path, shown: str, used: str, cause: str) -> None:
    details = f'Post "https://weu.his.arc.azure.com/v2.0/heartbeat": proxyconnect tcp: dial tcp: {used}'
    value = {"agentVersion": "1.62.0", "status": "Disconnected", "lastHeartbeat": "2026-09-29T10:00:00Z"}
    value |= {"resourceName": "web01", "httpsProxy": shown, "agentErrorCode": "AZCM0026"}
    value |= {
        "agentErrorDetails": details.replace("tcp: 10.", "tcp 10."),
        "agentErrorTimestamp": "2026-09-30T10:00:00Z",
    }
    (tmp_path / "show.json").write_text(json.dumps(value), encoding="utf-8")
    assert analyze(tmp_path, load_rules()).causes[0].id == cause
