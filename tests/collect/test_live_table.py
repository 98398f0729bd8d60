from __future__ import annotations

import os
import pty
import re

from arcdiag.collect.live_table import LiveTable, can_redraw
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker
from arcdiag.model.subject import Subject

MAKE = FactMaker("2024-10-01T09:00:00Z", "root")
HOST = Subject.endpoint("gbl.his.arc.azure.com")


def facts() -> list[Fact]:
    plan = MAKE.ok("probe.endpoint", HOST, {"path": "direct"}, "test")
    dns = MAKE.ok("probe.dns", HOST, {"result": "ok"}, "test")
    tcp = MAKE.ok("probe.tcp", HOST, {"result": "timeout"}, "test")
    tls = MAKE.not_seen("probe.tls", HOST, FactStatus.TIMEOUT, "late", "test")
    return [plan, dns, tcp, tls]


def drawn() -> str:
    """What a real terminal of the default size gets."""
    master, slave = pty.openpty()
    with os.fdopen(slave, "w") as stream:
        table = LiveTable(stream)
        table.update("gbl.his.arc.azure.com", "running")
        for fact in facts():
            table.saw(fact)
        table.update("gbl.his.arc.azure.com", "done")
        text = b""
        while b"1 done" not in text:
            text += os.read(master, 65536)
        table.close()
    os.close(master)
    return text.decode()


def test_the_table_fills_itself_and_names_the_layers() -> None:
    text = drawn()
    assert re.search(r"ENDPOINT +DNS +TCP +PROXY +TLS +HTTP", text)
    assert re.search(r"gbl\.his\.arc\.azure\.com +ok +FAIL +\? *\r?\n", text)


def test_no_line_is_as_wide_as_the_terminal() -> None:
    plain = re.sub(r"\x1b\[[0-9]*[A-Z]", "", drawn())
    assert max(len(line) for line in re.split(r"[\r\n]+", plain)) < 80


def test_a_terminal_that_is_gone_disturbs_nobody() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        table = LiveTable(stream)
        for fact in facts():
            table.saw(fact)
        table.close()


def test_only_a_terminal_is_drawn_on() -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as stream:
        assert not can_redraw(stream)
    os.close(reader)
