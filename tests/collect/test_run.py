from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from arcdiag.case.facts_io import fact_from_line
from arcdiag.collect.bundle import write_case
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.log_files import FILES_PER_KIND, find_logs
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.progress import SilentProgress
from arcdiag.collect.run import Collected, collect, prepare
from arcdiag.errors import OutputError
from arcdiag.knowledge.rule_set import RuleSet
from tests.collect.machine import with_agent, with_system, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    machine = tmp_path / "machine"
    machine.mkdir()
    with_system(machine)
    with_agent(machine)
    return machine


def look(rules: RuleSet, root: Path) -> Collected:
    return collect(rules, CollectOptions(probe=False, timeout=20), SilentProgress(), LinuxHost(root))


def test_a_collection_without_probes_says_so_and_probes_nothing(rules: RuleSet, root: Path) -> None:
    seen = look(rules, root)
    assert not [f for f in seen.facts if f.fact.startswith(("probe.", "clock."))]
    assert [(item.what, "--no-probe" in item.why) for item in seen.left_out] == [("network probes", True)]
    assert (seen.os, seen.interrupted) == ("linux", False)
    assert seen.at.endswith("Z") and {f.at for f in seen.facts} == {seen.at}
    assert list(seen.facts) == sorted(seen.facts, key=lambda f: f.sort_key)


def test_two_collections_of_one_machine_differ_in_time_alone(rules: RuleSet, root: Path) -> None:
    def shape(seen: Collected) -> list[tuple[str, str, str]]:
        return [(f.fact, f.subject.id if f.subject else "", f.status.value) for f in seen.facts]

    assert shape(look(rules, root)) == shape(look(rules, root))


def test_every_fact_survives_the_case(rules: RuleSet, root: Path, tmp_path: Path) -> None:
    seen = look(rules, root)
    target = write_case(tmp_path / "case.zip", seen, "rules-1")
    with zipfile.ZipFile(target) as case:
        names = set(case.namelist())
        manifest = json.loads(case.read("manifest.json"))
        facts = [fact_from_line(line) for line in case.read("facts.jsonl").decode().splitlines()]
    assert {"logs/azcmagent.log", "logs/himds.log", "raw/systemctl-show.txt", "raw/agentconfig.json"} <= names
    assert [f.fact for f in facts] == [f.fact for f in seen.facts]
    assert (manifest["os"], manifest["collected_at"], manifest["rules_version"]) == ("linux", seen.at, "rules-1")
    assert {f["path"]: f["kind"] for f in manifest["files"]}["logs/himds.log"] == "himds-log"


def test_no_secret_of_the_machine_reaches_the_case(rules: RuleSet, root: Path, tmp_path: Path) -> None:
    secret = "Tr0ub4dor-and-3"
    write(root, "/var/opt/azcmagent/localconfig.json", json.dumps({"proxy.url": f"http://arc:{secret}@proxy:8080"}))
    write(root, "/etc/environment", f"HTTPS_PROXY=http://arc:{secret}@proxy:8080\n")
    log = f'time="2024-10-01T09:00:00Z" level=debug msg="proxy http://arc:{secret}@proxy:8080"\n'
    write(root, "/var/opt/azcmagent/log/himds.log", log)
    target = write_case(tmp_path / "case.zip", look(rules, root), "rules-1")
    with zipfile.ZipFile(target) as case:
        for name in case.namelist():
            assert secret.encode() not in case.read(name), name


def test_a_case_that_cannot_be_written_leaves_nothing(rules: RuleSet, root: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_case(tmp_path / "none" / "case.zip", look(rules, root), "rules-1")
    assert not (tmp_path / "none").exists()


def test_the_newest_logs_of_each_kind_are_taken(root: Path) -> None:
    folder = "/var/opt/azcmagent/log"
    for day in range(10, 17):
        path = write(root, f"{folder}/himds-2024-09-{day}T00-00-00.000.log", "x")
        os.utime(path, (1_700_000_000 + day, 1_700_000_000 + day))
    logs, left_out = find_logs(LinuxHost(root))
    himds = [log.path for log in logs if log.kind == "himds-log"]
    assert himds[0] == "logs/himds.log"
    assert himds[1:] == [f"logs/himds-2024-09-{day}T00-00-00.000.log" for day in (16, 15, 14)]
    assert len(himds) == FILES_PER_KIND
    assert [item.what.rpartition("/")[2] for item in left_out] == [
        f"himds-2024-09-{day}T00-00-00.000.log" for day in (13, 12, 11, 10)
    ]


def test_full_takes_every_log_the_newest_of_each_kind_first(root: Path) -> None:
    folder = "/var/opt/azcmagent/log"
    for day in range(10, 17):
        path = write(root, f"{folder}/himds-2024-09-{day}T00-00-00.000.log", "x")
        os.utime(path, (1_700_000_000 + day, 1_700_000_000 + day))
    logs, left_out = find_logs(LinuxHost(root), full=True)
    assert left_out == []
    assert len([log for log in logs if log.kind == "himds-log"]) == 8
    kinds = [log.kind for log in logs]
    assert len(set(kinds)) == len(set(kinds[: len(set(kinds))])) > 1


def test_caps_on_logs_are_said(rules: RuleSet, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = "/var/opt/azcmagent/log"
    for day in range(10, 13):
        path = write(root, f"{folder}/himds-2024-09-{day}T00-00-00.000.log", "2024-09-10 line\n" * 100)
        os.utime(path, (1_700_000_000 + day, 1_700_000_000 + day))
    seen = look(rules, root)
    monkeypatch.setattr("arcdiag.collect.bundle.FILE_CAP", 1000)
    with zipfile.ZipFile(write_case(tmp_path / "whole.zip", seen, "rules-1")) as case:
        logs = [i for i in case.infolist() if i.filename.startswith("logs/")]
    oldest = [f"logs/himds-2024-09-{day}T00-00-00.000.log" for day in (10, 11)]
    first = sum(i.file_size for i in logs if i.filename not in oldest)
    monkeypatch.setattr("arcdiag.collect.bundle.TOTAL_CAP", first)
    target = write_case(tmp_path / "case.zip", seen, "rules-1")
    with zipfile.ZipFile(target) as case:
        sizes = {i.filename: i.file_size for i in case.infolist() if "himds-2024" in i.filename}
        why = {item["what"]: item["why"] for item in json.loads(case.read("manifest.json"))["left_out"]}
    newest = "logs/himds-2024-09-12T00-00-00.000.log"
    assert list(sizes) == [newest] and 900 < sizes[newest] <= 1000
    assert "only the newest" in why[newest]
    for path in oldest:
        assert "the most of all together" in why[f"{folder}/{path.removeprefix('logs/')}"]


def test_preparing_runs_no_program(rules: RuleSet, root: Path) -> None:
    for name in ("usr/bin/systemctl", "usr/bin/dpkg-query", "usr/bin/timedatectl", "opt/azcmagent/bin/azcmagent"):
        (root / name).write_text(f"#!/bin/sh\ntouch {root}/was-run\n")
    prepare(rules, CollectOptions(), LinuxHost(root))
    assert not (root / "was-run").exists()


@pytest.mark.parametrize("url", ["http:/arc:{}@proxy:8080", "http//arc:{}@proxy:8080", "http://http://arc:{}@proxy:1"])
def test_the_login_of_a_broken_proxy_setting_reaches_no_case(
    rules: RuleSet, root: Path, tmp_path: Path, url: str
) -> None:
    secret = "Tr0ub4dor-and-3"
    write(root, "/var/opt/azcmagent/localconfig.json", json.dumps({"proxy.url": url.format(secret)}, indent=1))
    target = write_case(tmp_path / "case.zip", look(rules, root), "rules-1")
    with zipfile.ZipFile(target) as case:
        for name in case.namelist():
            assert secret.encode() not in case.read(name), name
        assert b"proxy:" in case.read("raw/localconfig.json")
