"""The lab itself: nothing of it is left, whatever ends the test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil

from tests.lab.network.lab import Lab
from tests.lab.network.run import ROOT

_KEEPER = """
import signal
from tests.lab.network.lab import Lab
with Lab() as lab:
    lab.start()
    print(lab.client.pid, flush=True)
    signal.pause()
"""


def test_a_killed_test_leaves_no_process_behind() -> None:
    command = [sys.executable, "-c", _KEEPER]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    ) as test:
        assert test.stdout is not None
        first = psutil.Process(int(test.stdout.readline()))
        lab = [first, *first.children(recursive=True), *psutil.Process(test.pid).children(recursive=True)]
        assert len(set(lab)) > 4, "the namespaces, Azure and the name server"
        test.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(set(lab), timeout=30)
    assert not alive


def test_labs_do_not_see_each_other() -> None:
    with Lab() as one, Lab() as other:
        one.dns.forget()
        assert (one.probe().first, other.probe().first) == ("dns-failure", None)
