from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.namespaces import NEW_NETWORK, available

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(not available(), reason="this user may not make a network namespace"),
]
ROOT = Path(__file__).parents[2]


def run(folder: Path, scenario: str) -> dict[str, Any]:
    command = [*NEW_NETWORK, "-m", sys.executable, "-m", "tests.collect.azure_in_a_box", str(folder), scenario]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
    return dict(json.loads(result.stdout))


def results(seen: dict[str, Any], fact: str) -> Counter[str]:
    return Counter(f["value"].get("result", f["status"]) for f in seen["facts"] if f["fact"] == fact)


def only_what_was_listed(seen: dict[str, Any]) -> None:
    listed = seen["listed"]
    for address in seen["seen"]:
        host, _, port = address.rpartition(":")
        if address.startswith("name "):
            assert address.removeprefix("name ") in listed, address
        elif port in ("443", "53", "0"):
            # The endpoints' names lead here; port 0 is the look at a route that some libraries take, not a packet.
            assert host == "127.0.0.1", address
        else:
            assert address in listed, address


def test_a_machine_with_a_good_network(tmp_path: Path) -> None:
    seen = run(tmp_path, "healthy")
    endpoints = results(seen, "probe.endpoint").total()
    assert endpoints >= 11
    for layer in ("probe.dns", "probe.tcp", "probe.tls", "probe.http"):
        assert results(seen, layer) == {"ok": endpoints}, layer
    assert results(seen, "probe.control") == {"ok": 2}
    skew = next(f for f in seen["facts"] if f["fact"] == "clock.skew")
    assert abs(skew["value"]["seconds"]) <= 5 and skew["value"]["samples"] == endpoints
    assert results(seen, "probe.himds") == {"refused": 1}
    assert results(seen, "probe.imds") == {"no-route": 1}
    only_what_was_listed(seen)
    assert any(address.startswith("127.0.0.1:443") for address in seen["seen"])


def test_an_authority_that_this_machine_does_not_trust(tmp_path: Path) -> None:
    seen = run(tmp_path, "untrusted")
    tls = results(seen, "probe.tls")
    assert set(tls) == {"untrusted"}
    assert results(seen, "probe.http") == {}
    issuers = {f["value"]["microsoft_issuer"] for f in seen["facts"] if f["fact"] == "probe.tls"}
    assert issuers == {True}
    only_what_was_listed(seen)


@pytest.mark.parametrize(("scenario", "words"), [("no-network", {"refused"}), ("dns-silent", {"timeout", "servfail"})])
def test_without_a_network_everything_ends_soon_and_says_so(tmp_path: Path, scenario: str, words: set[str]) -> None:
    seen = run(tmp_path, scenario)
    assert set(results(seen, "probe.dns")) <= words
    assert results(seen, "probe.tcp") == {}
    assert results(seen, "clock.skew") == {"error": 1}
    only_what_was_listed(seen)


def test_ctrl_c_still_gives_the_case_and_the_report(tmp_path: Path) -> None:
    seen = run(tmp_path, "interrupt")
    assert seen["code"] == 130, seen
    assert [name.rpartition(".")[2] for name in seen["files"]] == ["html", "zip"]
    assert "interrupted" in seen["errors"]
    assert "Traceback" not in seen["errors"] + seen["printed"]
    with zipfile.ZipFile(tmp_path / "out" / seen["files"][1]) as case:
        facts = [json.loads(line) for line in case.read("facts.jsonl").splitlines()]
    late = [f for f in facts if f["status"] == "timeout"]
    assert late and all("interrupted" in f["reason"] for f in late)
    assert any(f["fact"] == "machine.host" and f["status"] == "ok" for f in facts)


def test_ctrl_c_still_gives_the_table_of_the_probe(tmp_path: Path) -> None:
    seen = run(tmp_path, "interrupt-probe")
    assert seen["code"] == 130, seen
    assert "interrupted" in seen["errors"]
    assert "Traceback" not in seen["errors"] + seen["printed"]
    document = json.loads((tmp_path / "out/probe.json").read_text())
    late = [item for item in document["not_evaluated"] if "interrupted" in item["why"]]
    assert late and all(item["what"].startswith("probe.") for item in late)
