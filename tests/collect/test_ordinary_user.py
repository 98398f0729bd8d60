from __future__ import annotations

import json
import os
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.inspect import CHECKS, Inspection
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.host.settings import read_settings
from arcdiag.collect.log_files import find_logs
from arcdiag.collect.raw import RawFiles
from arcdiag.model.fact_maker import FactMaker
from tests.collect.machine import with_agent, with_system


def look_around(root: Path) -> dict[str, object]:
    host = LinuxHost(root)
    make = FactMaker("2024-10-01T09:00:00Z", None)
    look = Inspection(host, make, read_settings(host), (), RawFiles(), Deadline.after(20))
    facts = [f for _, _, check in CHECKS for f in check(look)]
    table = {f"{f.fact} {f.subject.id if f.subject else ''}": [f.status.value, f.reason, dict(f.value)] for f in facts}
    logs, left = find_logs(host)
    return {"facts": table, "logs": [log.path for log in logs], "left": [[i.what, i.why] for i in left]}


@pytest.fixture
def root() -> Iterator[Path]:
    """A machine whose agent's folder belongs to somebody else and is closed to others."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        with_system(path)
        with_agent(path)
        for closed in ("localconfig.json", "agentconfig.json"):
            (path / "var/opt/azcmagent" / closed).chmod(0)
        for folder in ("tokens", "log"):
            (path / "var/opt/azcmagent" / folder).chmod(0)
        yield path
        for folder in ("tokens", "log"):
            (path / "var/opt/azcmagent" / folder).chmod(0o755)


def as_nobody(root: Path) -> dict[str, object]:
    """Look around in a child that has given up root; a fork, as the interpreter may lie where only root gets."""
    # What is imported late must be there before the child may no longer read it.
    look_around(root)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        # Whatever happens, the child must never come back into the test run as a second one.
        status = 1
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            with os.fdopen(writer, "w") as pipe:
                json.dump(look_around(root), pipe)
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    assert os.waitpid(child, 0)[1] == 0
    return dict(json.loads(text))


def test_an_ordinary_user_sees_what_can_be_seen_and_says_what_cannot(root: Path) -> None:
    seen = as_nobody(root)
    facts = seen["facts"]
    assert isinstance(facts, dict)
    assert facts["machine.user "][2]["elevated"] is False
    assert facts["config.agent agentconfig"][:2] == ["denied", "/var/opt/azcmagent/agentconfig.json: permission denied"]
    assert facts["config.local localconfig"][0] == "denied"
    assert facts["file.state agentconfig"][2]["readable"] is False
    assert facts["file.state himds.log"][0] == "denied"
    assert facts["file.state tokens"][2]["readable"] is False
    assert facts["service.state himds"][2]["running"] is True
    assert facts["agent.package "][2]["complete"] is True
    assert facts["agent.show "][2]["status"] == "Connected"
    # Which proxy the agent uses stands in a file that was not read: unknown, not "none".
    assert facts["agent.proxy "][0] == "denied"
    assert seen["logs"] == []
    left = seen["left"]
    assert isinstance(left, list) and any("azcmagent*.log" in what and "root" in why for what, why in left)
