from __future__ import annotations

import json

import pytest

from arcdiag.logs.check import parse_check_json, parse_check_text
from arcdiag.logs.grammar import asked_host
from arcdiag.logs.kind import kind_of
from arcdiag.logs.show import error_record, machines_shown, parse_show_json, parse_show_text
from arcdiag.logs.times import time_inside
from arcdiag.model.fact import Fact, FactStatus

SHOW = """\
Resource Name                           : WEB74
Resource Id                             : /subscriptions/x/machines/WEB74
Subscription ID                         : 6451aed1-a303-497d-9ccd-0ae0c4d2d591
Tenant ID                               : cee2d177-3075-4f5f-8b8b-0dbda51b59f5
VM ID                                   : 7727357d-729c-480c-890d-e2cb2ed5a7b6
Agent Version                           : 1.45.02769.1814
Agent Logfile                           : C:\\ProgramData\\AzureConnectedMachineAgent\\Log\\himds.log
Agent Status                            : Disconnected
Agent Last Heartbeat                    : 2024-10-24T22:14:07Z
Agent Error Code                        : AZCM0026
Agent Error Details                     : lookup uks.his.arc.azure.com on 127.0.0.53:53: i/o timeout
Agent Error Timestamp                   : 2024-10-25T05:18:44Z
Using HTTPS Proxy                       :
Dependent Service Status
  Agent Service (himdsd)                : active
  Azure Arc Proxy (arcproxyd)           : inactive
  SMS Agent Host (CcmExec)              : unknown
Cloud Metadata
"""


def named(facts: list[Fact], fact: str) -> list[Fact]:
    return [f for f in facts if f.fact == fact]


def test_show_text() -> None:
    facts = parse_show_text(SHOW, "show.txt")
    show = named(facts, "agent.show")[0]
    assert show.value["status"] == "Disconnected"
    assert show.value["last_heartbeat"] == "2024-10-24T22:14:07Z"
    assert show.value["never_connected"] is False
    states = {f.subject.id: f.value["running"] for f in named(facts, "service.state") if f.subject}
    assert states == {"himds": True, "arcproxy": False}
    record = error_record(show)
    assert record is not None and record.time is not None
    assert record.time.iso() == "2024-10-25T05:18:44Z"
    assert record.text.startswith("AZCM0026 lookup uks")


def test_blank_identity_is_never_connected() -> None:
    blank = "\n".join(
        line.split(":")[0] + ": " if "ID" in line or "Resource" in line else line for line in SHOW.splitlines()
    )
    assert named(parse_show_text(blank, "s"), "agent.show")[0].value["never_connected"] is True


def test_a_show_of_three_lines_is_a_show() -> None:
    text = "Agent Status                            : Connected\nAgent Version                           : 1.62.1\n"
    show = named(parse_show_text(text, "s"), "agent.show")[0]
    assert show.value["status"] == "Connected"
    assert show.value["never_connected"] is False


def test_a_connected_machine_has_no_error_record() -> None:
    assert error_record(named(parse_show_text(SHOW.replace("Disconnected", "Connected"), "s"), "agent.show")[0]) is None


@pytest.mark.parametrize("key", ["agentErrorCode", "errorCode", "AgentErrorCode"])
def test_show_json_keys_in_any_case(key: str) -> None:
    data = {
        "status": "Disconnected",
        "agentVersion": "1.58",
        "lastHeartbeat": "2025-01-01T00:00:00Z",
        key: "AZCM0062",
        "services": [{"serviceName": "himds", "displayName": "x", "status": "stopped"}],
    }
    facts = parse_show_json("some words first\n" + json.dumps(data), "show.json")
    assert named(facts, "agent.show")[0].value["error_code"] == "AZCM0062"
    assert named(facts, "service.state")[0].value["running"] is False


def test_unknown_service_states_are_unknown() -> None:
    facts = parse_show_text(SHOW.replace(": active", ": unknown"), "s")
    himds = next(f for f in named(facts, "service.state") if f.subject and f.subject.id == "himds")
    assert himds.status is FactStatus.UNSUPPORTED


@pytest.mark.parametrize("text", ["", "not json", "{", '{"status": 1}', "[" * 5000, '{"a":' * 5000])
def test_what_is_no_show_gives_nothing(text: str) -> None:
    assert parse_show_json(text, "x") == []


CHECK = """\
time="2024-01-01T00:00:00Z" level=info msg="x"
ENDPOINT                                              |REACHABLE  |PRIVATE  |TLS      |PROXY
https://gbl.his.arc.azure.com                         |false      |unknown  |unknown  |set
https://login.microsoftonline.com |true|false|TLS 1.2|set
"""


def test_check_table_by_header_names() -> None:
    facts = parse_check_text(CHECK, "check.txt")
    assert [(f.subject.id if f.subject else "", f.value["reachable"]) for f in facts] == [
        ("gbl.his.arc.azure.com", "false"),
        ("login.microsoftonline.com", "true"),
    ]
    swapped = parse_check_text("REACHABLE|ENDPOINT\ntrue|https://pas.windows.net\n", "c")
    assert swapped[0].value["reachable"] == "true"


@pytest.mark.parametrize(
    "text",
    [
        '[{"endpoint": "https://pas.windows.net", "reachable": false, "proxy status": "set"}]',
        '{"https://pas.windows.net": {"reachable": "false", "proxyStatus": "set"}}',
        '{"results": [{"Endpoint": "https://pas.windows.net", "Reachable": "False", "Proxy Status": "set"}]}',
    ],
)
def test_check_json_shapes(text: str) -> None:
    facts = parse_check_json(text, "c")
    assert [(f.subject.id if f.subject else "", f.value["reachable"], f.value["proxy"]) for f in facts] == [
        ("pas.windows.net", "false", "set")
    ]


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (SHOW, "x.txt", "show-text"),
        (CHECK, "x.log", "azcmagent-log"),
        (CHECK.split("\n", 1)[1], "x.log", "check-table"),
        ('time="2024-01-01T00:00:00Z" level=info msg="Sending heartbeat"', "a.log", "himds-log"),
        ('time="2024-01-01T00:00:00Z" level=info msg="x"', "himds-2026-08-24T18-53-28.663.log", "himds-log"),
        ('time="2024-01-01T00:00:00Z" level=debug msg="Agent Command: show "', "renamed.txt", "azcmagent-log"),
        ("[2024-05-26 03:01:21.330] [PID 1] [TID 2] [x] [INFO] [g] y", "gc_ext.log", "gc-ext-log"),
        ("[2024-05-26 03:01:21.330] [PID 1] [TID 2] [x] [INFO] [g] y", "gc_agent.log", "gc-agent-log"),
        ("[2024-05-26][03:01:21] INFO Starting Azure Arc Onboarding", "x", "gpo-log"),
        ("[root@srv ~]# azcmagent show", "x", "console"),
        ("", "x", "console"),
        ("# Errors\n\n| code | meaning |\n|---|---|\n| AZCM0042 | no right |\n", "runbook.md", "document"),
        ('#!/bin/sh\nazcmagent connect || echo "AZCM0041: secret expired"\n', "onboard.txt", "document"),
        ('try {\n  $a = "x"\n  & "$p" connect\n}\ncatch {\n  Write-Host "AZCM0026"\n}\n', "x.txt", "document"),
        ('HTTPS_PROXY="http://p:1"\nNO_PROXY="a"\nexport A="b"\nexport B="c"\nexport C="d"\n', "env.txt", "console"),
        ("#!/bin/sh\n$ azcmagent connect\nFATAL   AZCM0026\n", "x.sh", "console"),
        ("# Ticket\n## Output\n### Log\nFATAL   no such host\n", "ticket.md", "console"),
        (
            "# uname -r\n5.14.0\n# df -h /var\n/dev/sda2  40G  40G  0 100% /var\n# getenforce\nEnforcing\n",
            "x",
            "console",
        ),
        ("# Server mail-gw\n# sudo azcmagent show\nAgent Status : Connected\n# date\nOct 14\n", "x", "console"),
        ("# Runbook\n# Check the agent\nazcmagent show\n# Check the disk\ndf -h\n", "x.md", "document"),
        ("# A\n## B\n```\n# df -h\n/dev/sda2 40G 40G 0 100% /var\n# date\n```\n", "x.md", "document"),
        ("# curl is needed here\n# systemctl and journalctl too\n# date of change: May\nx\n", "notes", "document"),
    ],
)
def test_kinds_by_content_first(head: str, name: str, kind: str) -> None:
    assert kind_of(head, name) == kind


def status(text: str) -> tuple[str, str]:
    value = named(parse_show_text(text, "s"), "agent.show")[0].value
    return value["resource_name"], value["status"]


def test_of_several_machines_the_one_in_trouble_counts() -> None:
    fine = SHOW.replace("WEB74", "WEB73").replace("Disconnected", "Connected")
    assert status(f"== WEB73 ==\n{fine}== WEB74 ==\n{SHOW}{fine.replace('WEB73', 'WEB75')}") == (
        "WEB74",
        "Disconnected",
    )
    assert machines_shown(fine + SHOW) == ["WEB73", "WEB74"]


def test_of_one_machine_the_newest_counts() -> None:
    later = SHOW.replace("Disconnected", "Connected").replace("2024-10-24T22", "2024-10-25T22")
    assert status(SHOW + later) == status(later + SHOW) == ("WEB74", "Connected")
    assert machines_shown(SHOW + later) == ["WEB74"]


def test_of_several_in_json_the_one_in_trouble_counts() -> None:
    rows = [
        {"resourceName": name, "status": word, "agentVersion": "1.62", "lastHeartbeat": ""}
        for name, word in (("A", "Connected"), ("B", "Disconnected"))
    ]
    for text in (json.dumps(rows), "\n".join(map(json.dumps, rows))):
        assert named(parse_show_json(text, "s"), "agent.show")[0].value["resource_name"] == "B"


@pytest.mark.parametrize("width", [72, 80, 100])
def test_a_narrow_window_breaks_values_not_rows(width: int) -> None:
    details = (
        'Post "https://weu.his.arc.azure.com/v2.0/heartbeat": dial tcp: lookup weu.his.arc.azure.com: no such host'
    )
    long = SHOW.replace("lookup uks.his.arc.azure.com on 127.0.0.53:53: i/o timeout", details)
    lines = [line[i : i + width] for line in long.splitlines() for i in range(0, len(line), width)]
    value = named(parse_show_text("\n".join(lines), "s"), "agent.show")[0].value
    assert (value["error_details"], value["error_time"]) == (details, "2024-10-25T05:18:44Z")


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("$ curl -x http://proxy.corp.example:8080 https://gbl.his.arc.azure.com/", "gbl.his.arc.azure.com"),
        ("$ curl --proxy=http://proxy.corp.example:8080 -I https://gbl.his.arc.azure.com", "gbl.his.arc.azure.com"),
        ("$ https_proxy=http://proxy.corp.example:8080 curl https://gbl.his.arc.azure.com", "gbl.his.arc.azure.com"),
        ("$ curl https://gbl.his.arc.azure.com -x http://proxy.corp.example:8080", "gbl.his.arc.azure.com"),
    ],
)
def test_the_proxy_of_a_command_is_not_what_it_asks(line: str, host: str) -> None:
    assert asked_host(line) == host


def test_a_quoted_record_has_a_time() -> None:
    quoted = time_inside('he says: time="2026-09-29T14:00:00+02:00" level=error msg="x"')
    assert quoted is not None and quoted.iso() == "2026-09-29T12:00:00Z"
    assert time_inside('time="yesterday" level=error') is None


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("2026-09-30 09:58:01.113 ERROR [main] c.c.PartnerClient - PKIX path building failed\n", "console"),
        ("2021/04/02 20:55:01.043511 INFO Daemon Azure Linux Agent Version:2.2\n", "waagent-log"),
        ("2022-08-11T07:27:33.509406Z ERROR SendTelemetryHandler ExtHandler Event: name=x\n", "waagent-log"),
        ('time="2026-09-30T09:58:01.11Z" level=error msg="PullImage failed" error="x509: unknown"\n', "console"),
        (
            'time="2026-09-30T09:58:01Z" level=error msg="x" Error="Get \\"https://gbl.his.arc.azure.com\\": EOF"\n',
            "azcmagent-log",
        ),
    ],
)
def test_logs_of_other_programs_in_the_same_form(head: str, kind: str) -> None:
    assert kind_of(head, "app.log") == kind


def test_what_comes_behind_a_long_row_is_not_part_of_it() -> None:
    text = SHOW.split("Agent Error Timestamp")[0] + "PS C:\\> azcmagent check\nreachable: false\n"
    assert named(parse_show_text(text, "s"), "agent.show")[0].value["error_details"].endswith("i/o timeout")
