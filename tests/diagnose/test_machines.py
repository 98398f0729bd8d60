"""Which machine a file is of, and what that keeps apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from arcdiag.diagnose.machines import machines_of
from arcdiag.knowledge.load import load_rules
from arcdiag.model.diagnosis import State, Verdict
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.pipeline import analyze

OK = 'time="2026-09-30T{h:02}:{m:02}:00Z" level=info msg="Heartbeat sent successfully"\n'
BAD = (
    'time="2026-09-30T{h:02}:{m:02}:00Z" level=error msg="Failed to send heartbeat" '
    'Error="Post \\"https://weu.his.arc.azure.com/v2.0/heartbeat\\": no space left on device"\n'
)


def shown(path: str, name: str, uuid: str = "") -> Fact:
    return Fact("agent.show", None, FactStatus.OK, {"resource_name": name, "vm_uuid": uuid}, raw=path)


def apart(one: str, other: str, *facts: Fact, hosts: Mapping[str, str] | None = None) -> bool:
    return machines_of(facts, {one: "", other: "", **(hosts or {})}).apart(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SRV01/himds.log", "SRV02/himds.log"),
        ("srv-app-07/himds.log", "srv-app-08/gc_ext.log"),
        ("web1_himds.log", "web2_himds.log"),
        ("azcmagent-logs-20260930T1200-SRV01.zip!himds.log", "azcmagent-logs-20260930T1205-SRV02.zip!himds.log"),
    ],
)
def test_places_that_differ_by_a_number_are_machines(one: str, other: str) -> None:
    assert apart(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("log1/himds.log", "log2/himds.log"),
        ("2026-09-28/himds.log", "2026-09-30/himds.log"),
        ("srv01_2026-09-28/himds.log", "srv01_2026-09-30/himds.log"),
        ("before/himds.log", "after/himds.log"),
        ("himds-2026-08-24T18-53-28.663.log", "himds.log"),
        ("Sep28/himds.log", "Sep30/himds.log"),
        ("SRV01/himds.log", "himds.log"),
    ],
)
def test_days_copies_and_rotated_logs_are_not(one: str, other: str) -> None:
    assert not apart(one, other)


def test_show_names_machines_and_the_folders_beside() -> None:
    assert apart("a.txt", "b.txt", shown("a.txt", "alpha"), shown("b.txt", "beta"))
    assert not apart("a.txt", "b.txt", shown("a.txt", "alpha"), shown("b.txt", "ALPHA"))
    assert not apart("a.txt", "b.txt", shown("a.txt", "old", "4c4c"), shown("b.txt", "new", "4C4C"))
    assert apart("alpha/show.txt", "beta/himds.log", shown("alpha/show.txt", "alpha"))


def test_a_folder_is_of_the_machine_that_is_shown_in_it() -> None:
    facts = [shown("NODE1/show.txt", "sql-eu"), shown("NODE2/show.txt", "sql-us")]
    paths = dict.fromkeys(("NODE1/show.txt", "NODE1/himds.log", "NODE2/show.txt", "NODE2/himds.log"), "")
    found = machines_of(facts, paths)
    assert not found.apart("NODE1/show.txt", "NODE1/himds.log")
    assert found.apart("NODE1/show.txt", "NODE2/himds.log")


def test_a_success_elsewhere_heals_nothing(tmp_path: Path) -> None:
    for name, line in (("node1", OK), ("node2", BAD)):
        (tmp_path / name).mkdir()
        text = "".join(line.format(h=8 if line is OK else 7, m=m) for m in range(0, 60, 5))
        (tmp_path / name / "himds.log").write_text(text, encoding="utf-8")
    found = analyze(tmp_path, load_rules())
    assert [(c.id, c.state) for c in found.causes] == [("disk-full", State.CURRENT)]
    (tmp_path / "node2").rename(tmp_path / "later")
    assert analyze(tmp_path, load_rules()).verdict is Verdict.RECOVERED


def test_one_machine_that_is_online_excuses_no_other(tmp_path: Path) -> None:
    value = '{"resourceName": "SRV01", "status": "Connected", "lastHeartbeat": "2026-09-30T10:00:00Z", "agentVersion": "1.62"}'
    test = "# curl -m 5 https://weu.his.arc.azure.com\ncurl: (28) Connection timed out after 5001 milliseconds\n"
    (tmp_path / "SRV01-show.json").write_text(value, encoding="utf-8")
    (tmp_path / "SRV02-console.txt").write_text(test, encoding="utf-8")
    assert [c.id for c in analyze(tmp_path, load_rules()).causes] == ["firewall-blocks-endpoint"]
    (tmp_path / "SRV02-console.txt").rename(tmp_path / "SRV01-console.txt")
    assert analyze(tmp_path, load_rules()).verdict is Verdict.HEALTHY
