"""Every line format to records: level, time, message, fields, joined blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arcdiag.logs.decode import Line
from arcdiag.logs.logrus import parse_logrus, unescape
from arcdiag.logs.records import RECORD_CHARS, records
from arcdiag.logs.shape import Shape, shaped
from arcdiag.model.record import Record

RULER = "-" * 80


def read(text: str) -> list[Record]:
    lines = [Line(n, t) for n, t in enumerate(text.split("\n"), 1)]
    return list(records(shaped(lines, Shape.of(text))))


def only(text: str) -> Record:
    found = read(text)
    assert len(found) == 1, [r.text for r in found]
    return found[0]


@pytest.mark.parametrize(
    ("line", "form", "level", "time", "text"),
    [
        (
            'time="2022-09-30T10:04:09Z" level=debug msg="Agent Version: 1.21.02043.347"',
            "logrus", "debug", "2022-09-30T10:04:09Z", "Agent Version: 1.21.02043.347",
        ),
        (
            'time="2020-10-20T15:25:51-06:00" level=error msg="Failed to AzcmagentConnect ARM resource" '
            'Error="Get Resource Failed with Status Code: 403"',
            "logrus", "error", "2020-10-20T21:25:51Z",
            "Failed to AzcmagentConnect ARM resource Error=Get Resource Failed with Status Code: 403",
        ),
        ("ERROR[0032] Failed to discover OS information  Error=\"x\"", "tty", "error", None,
         'Failed to discover OS information  Error="x"'),
        ("FATAL   Code: ScopeLocked httpStatusCode:409", "console", "fatal", None, "Code: ScopeLocked httpStatusCode:409"),
        ("  INFO    Creating resource in Azure...", "console", "info", None, "Creating resource in Azure..."),
        (
            "[2023-11-13 09:52:16.613] [PID 623] [TID 798] [Pull Client] [ERROR] "
            "[7f0a8719-0000-0000-0000-000000000000] [/__w/1/s/x.cpp:363] Failed",
            "gc", "error", "2023-11-13T09:52:16", "[/__w/1/s/x.cpp:363] Failed",
        ),
        (
            "<GCLOG>[2024-05-26 03:01:21.330] [PID 49720] [TID 43280] [TELEMETRY Timer Manager] [INFO] "
            "[cf1eac9f-0000-0000-0000-000000000000] Run pull refresh</GCLOG>",
            "gc", "info", "2024-05-26T03:01:21", "Run pull refresh",
        ),
        ("[2024-03-19][06:17:32] WARNING New Agent version", "gpo", "warning", "2024-03-19T06:17:32", "New Agent version"),
        (
            '[2024-03-19][06:17:32] ERROR time="2024-03-19T05:17:31Z" level=fatal msg="no such host"',
            "logrus", "fatal", "2024-03-19T05:17:31Z", "no such host",
        ),
        (
            "Mar 19 06:17:32 srv01 himds[812]: Failed to write to log, invalid argument",
            "journal", "plain", None, "himds: Failed to write to log, invalid argument",
        ),
        ("[00000018] 2021-01-12T16:35:45Z [ERROR]  GetVersions() failed", "waappagent", "error", "2021-01-12T16:35:45Z",
         "GetVersions() failed"),
        ("[00000006] [01/12/2020 16:35:45.12] [HEART]  alive", "waappagent", "info", "2020-01-12T16:35:45", "alive"),
        ("2021/04/02 20:55:01.043511 INFO Daemon Wire server endpoint", "waagent", "info", "2021-04-02T20:55:01",
         "Daemon Wire server endpoint"),
        ("[7/14/2021 9:36:18 PM UTC] [ERROR]   [Provider]      [Event] text", "dated", "error", "2021-07-14T21:36:18Z",
         "[Provider]      [Event] text"),
        ("MSI (s) (28:E8) [09:41:22:602]: MainEngineThread is returning 1603", "msi", "plain", None,
         "MSI (s) (28:E8) [09:41:22:602]: MainEngineThread is returning 1603"),
        ("plain text", "plain", "plain", None, "plain text"),
    ],
)  # fmt: skip
def test_one_line(line: str, form: str, level: str, time: str | None, text: str) -> None:
    record = only(line)
    assert (record.form, record.level.value, record.text) == (form, level, text)
    assert (record.time.iso() if record.time else None) == time


def test_keys_hold_blanks_and_bodies_hold_quotes() -> None:
    line = (
        'time="2024-01-01T00:00:00Z" level=debug msg="Response" Body="{\\"code\\":\\"X\\"}" Status Code=200 VM Id=ab-1'
    )
    fields = dict(only(line).fields)
    assert fields["Status Code"] == "200"
    assert fields["VM Id"] == "ab-1"
    assert fields["Body"] == '{"code":"X"}'


def test_escaped_blocks_become_lines() -> None:
    record = only(
        'time="2024-01-01T00:00:00Z" level=fatal msg="ClientSecretCredential authentication failed. \\nPOST https://h/p\\n'
        + RULER
        + '\\nRESPONSE 401: 401 Unauthorized"'
    )
    assert record.text.splitlines()[1] == "POST https://h/p"


def test_raw_blocks_of_a_console_belong_to_their_error() -> None:
    text = "\n".join(
        [
            "INFO    Connecting machine to Azure...",
            "ERROR   Failed to acquire authorization token from SPN  Error=ClientSecretCredential authentication failed.",
            "POST https://login.microsoftonline.com/x/oauth2/v2.0/token",
            RULER,
            "RESPONSE 401: 401 Unauthorized",
            "{",
            '  "error_description": "AADSTS7000222: expired"',
            "}",
            "PS C:\\> next",
        ]
    )
    found = read(text)
    assert [r.line for r in found] == [1, 2, 9]
    assert "AADSTS7000222" in found[1].text and found[1].end_line == 8


def test_a_record_broken_inside_a_value_is_joined() -> None:
    text = (
        'time="2023-09-21T07:16:10Z" level=error msg="Regional" Error="the target\n machine actively refused it."\n'
        'time="2023-09-21T07:16:11Z" level=info msg="next"'
    )
    found = read(text)
    assert len(found) == 2
    assert " ".join(found[0].text.split()).endswith("the target machine actively refused it.")


@pytest.mark.parametrize("width", [72, 80, 100, 120])
def test_hard_wraps_are_undone(width: int) -> None:
    long = (
        'ERROR   Regional Service Discovery  Error=Get "https://gbl.his.arc.azure.com/discovery?location=northeurope'
        '&api-version=2.1": proxyconnect tcp: dial tcp: lookup proxy01.corp.example on 10.1.1.10:53: no such host '
        "Proxy Status=proxy set via environment variable Request URL=https://gbl.his.arc.azure.com/discovery"
    )
    text = "INFO    Connecting machine to Azure...\n" + long + "\nINFO    Exit Code:  AZCM0026: Network Error"
    folded = "\n".join(line[i : i + width] for line in text.split("\n") for i in range(0, len(line), width))
    found = read(folded)
    assert [r.text.replace("\n", "") for r in found] == [r.text for r in read(text)]


def test_wraps_at_blanks_are_undone() -> None:
    import textwrap

    long = "ERROR   Unable to connect: " + " ".join(["dial tcp 10.0.0.1:443: connect: connection refused;"] * 6)
    folded = "\n".join(textwrap.wrap(long, 80))
    assert " ".join(only(folded).text.split()) == " ".join(only(long).text.split())


def test_quoting_marks_of_a_mail_are_undone() -> None:
    text = "> INFO    Connecting machine to Azure...\n> FATAL   no such host"
    assert [(r.form, r.text) for r in read(text)][1] == ("console", "no such host")


def test_html_entities_are_undone() -> None:
    text = "FATAL   Get &quot;https://h/&quot;: dial tcp: lookup h: no such host"
    assert only(text).text == 'Get "https://h/": dial tcp: lookup h: no such host'


def test_colours_and_bars_go() -> None:
    text = "\x1b[36mINFO\x1b[0m    Connecting\n  20% [==>   ]\r\x1b[2K  30% [===>  ]\n\x1b[31mFATAL\x1b[0m   end"
    found = read(text)
    assert [r.form for r in found] == ["console", "plain", "plain", "console"]
    assert [r.line for r in found] == [1, 2, 2, 3]


def test_powershell_errors_stay_together() -> None:
    text = (
        "cat : Access to the path 'C:\\x.key' is denied.\nAt line:14 char:11\n+ $secret = cat -Raw $f\n"
        "    + CategoryInfo          : PermissionDenied\nnext"
    )
    assert [r.line for r in read(text)] == [1, 5]


def test_what_ping_prints_belongs_to_its_command() -> None:
    text = """[root@srv ~]# ping -M do -s 1472 -c 3 20.50.1.16
PING 20.50.1.16 (20.50.1.16) 1472(1500) bytes of data.

--- 20.50.1.16 ping statistics ---
3 packets transmitted, 0 received, 100% packet loss, time 2056ms

[root@srv ~]# date"""
    first, second = read(text)
    assert first.text.endswith("time 2056ms") and (first.line, second.line) == (1, 7)


def test_the_last_words_of_a_program_stand_alone_between_the_lines_of_its_log() -> None:
    text = 'time="2026-02-01T10:00:00Z" level=info msg="Heartbeat sent successfully"\npanic: runtime error: index out of range'
    first, second = read(text)
    assert first.text == "Heartbeat sent successfully"
    assert (second.level.value, second.time) == ("fatal", None)


def test_msi_sentences_over_prefixed_lines_are_joined() -> None:
    text = (
        "WixQuietExec64:  Start-Service : Service 'Azure Hybrid Instance Metadata Service (himds)' \n"
        "WixQuietExec64:  cannot be started.\nMSI (s) (28:E8) [09:41:22:602]: Note"
    )
    assert "(himds)' cannot be started." in read(text)[0].text


def test_a_record_has_an_end() -> None:
    text = 'time="2024-01-01T00:00:00Z" level=error msg="open\n' + "x" * 1000 + "\n" + ("y" * 1000 + "\n") * 300
    found = read(text)
    assert max(len(r.text) for r in found) <= RECORD_CHARS
    assert found[0].cut


@given(st.text(max_size=400))
def test_nothing_raises(text: str) -> None:
    read(text)
    parse_logrus(text)


@given(st.text(max_size=200))
def test_unescape_undoes_go_quoting(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "")
    assert unescape(quoted) == text.replace("\r", "")
