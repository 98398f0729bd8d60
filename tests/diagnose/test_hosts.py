"""One file of several machines: each has a reading of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.diagnose.hosts import hosts_of, short
from arcdiag.knowledge.load import load_rules
from arcdiag.model.diagnosis import Diagnosis, State
from arcdiag.pipeline import analyze

OK = (
    'Sep 30 09:{m:02}:11 lx8 himds[811]: time="2026-09-30T09:{m:02}:11Z" level=info msg="Heartbeat sent successfully"\n'
)
BAD = (
    'Sep 30 09:{m:02}:10 {host} himds[32]: time="2026-09-30T09:{m:02}:10Z" level=error msg="Failed to send heartbeat" '
    'Error="Post \\"https://weu.his.arc.azure.com/v2.0/heartbeat\\": dial tcp: lookup weu.his.arc.azure.com on '
    '10.1.1.5:53: no such host"\n'
)
DENIED = (
    "FATAL   AADSTS7000222: The provided client secret keys are expired.\nINFO    Exit Code:  AZCM0041: Failed To Obtain "
    "Access Token\n"
)
CONNECTED = "INFO    Connecting machine to Azure...\nINFO    Connected machine to Azure\n"


def diagnosed(folder: Path, text: str) -> Diagnosis:
    (folder / "all.txt").write_text(text, encoding="utf-8")
    return analyze(folder, load_rules())


def current(diagnosis: Diagnosis) -> list[str]:
    return [cause.id for cause in diagnosis.causes if cause.state is State.CURRENT]


def test_a_central_syslog(tmp_path: Path) -> None:
    text = "".join((BAD + OK).format(m=m, host="lx7") for m in range(10, 50, 5))
    found = diagnosed(tmp_path, text)
    assert current(found) == ["dns-failure"]
    assert found.causes[0].evidence[0].source == "all.txt [lx7]"


@pytest.mark.parametrize("host", ["lx8", "localhost", "LX8.corp.example"])
def test_one_machine_under_its_names_is_one(tmp_path: Path, host: str) -> None:
    found = diagnosed(tmp_path, "".join((BAD + OK).format(m=m, host=host) for m in range(10, 50, 5)))
    assert not current(found)
    assert short("LX8.corp.example") == "lx8"


@pytest.mark.parametrize("mark", ["== {} ==", "===== {} =====", "*** {} ***", "--- {}"])
def test_headings_that_name_machines(tmp_path: Path, mark: str) -> None:
    text = f"{mark.format('SRV02')}\n{DENIED}{mark.format('SRV01')}\n{CONNECTED}"
    assert current(diagnosed(tmp_path, text)) == ["spn-secret-expired"]


@pytest.mark.parametrize("names", [("first try", "second try"), ("step1", "step2"), ("connect", "retry")])
def test_other_headings_do_not(tmp_path: Path, names: tuple[str, str]) -> None:
    text = f"== {names[0]} ==\n{DENIED}== {names[1]} ==\n{CONNECTED}"
    assert not current(diagnosed(tmp_path, text))


def test_what_ansible_says_of_its_hosts(tmp_path: Path) -> None:
    text = (
        "TASK [arc : Connect] ****************\n"
        'fatal: [web02]: FAILED! => {"rc": 41, "stderr": "FATAL   AADSTS7000222: The secret keys are expired."}\n'
        'changed: [web01] => {"rc": 0, "stdout": "INFO    Connected machine to Azure"}\n'
        "PLAY RECAP ****************\nweb01 : ok=4\n"
    )
    assert current(diagnosed(tmp_path, text)) == ["spn-secret-expired"]


def test_files_of_one_machine_are_not_told_apart() -> None:
    assert hosts_of("journal", OK.format(m=1) + OK.format(m=2)) is None
    assert hosts_of("himds-log", "== SRV01 ==\n== SRV02 ==\n") is None
    assert hosts_of("console", "== SRV01 ==\n") is None
