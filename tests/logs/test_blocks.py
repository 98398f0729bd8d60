"""Reading by blocks gives what reading line by line gives: on all logs of the labelled cases, and on made ones."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.diagnose.reader import Reader
from arcdiag.knowledge.load import load_rules
from arcdiag.logs import growing, windows
from arcdiag.logs.finder import AutomatonFinder, TrieFinder
from arcdiag.logs.read import FileReader
from arcdiag.logs.scan import Scanner

RULES = load_rules()
SCANNER = Scanner(RULES)
LARGE = Scanner(RULES)
"""Takes every file for a large one, and so makes the automata that only large ones are worth."""
NEVER = 1 << 60
CASES = Path(__file__).parent.parent / "cases"
LOGS = sorted(path for path in CASES.rglob("*.log") if path.stat().st_size > 300)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "BLOCK", 700)
    monkeypatch.setattr(windows, "BEHIND", 9000)


def told(data: bytes, name: str, blocks_from: int, scanner: Scanner = SCANNER) -> tuple[object, bool]:
    """All that a diagnosis takes from a file, and whether it was read by blocks."""
    reader = FileReader(name, io.BytesIO(data), scanner, blocks_from=blocks_from)  # type: ignore[arg-type]
    reading = Reader(RULES, name, reader.kind).read(reader.hits())
    groups = [g for t in reading.tries for g in t.groups] + [g for gs in reading.loose.values() for g in gs]
    around = [(s.around.before, s.around.after) for g in groups for s in g.samples]
    return (reading, around, reader.source, reader.problem), reader._fast is not None


def same(data: bytes, name: str) -> bool:
    """Whether it could be read by blocks; asserts that all ways tell the same."""
    blocks, by_blocks = told(data, name, 0)
    lines, _ = told(data, name, NEVER)
    assert blocks == lines
    if by_blocks:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(growing, "_LARGE", 0)
            large, _ = told(data, name, 0, LARGE)
        assert large == lines
    return by_blocks


@pytest.mark.parametrize("path", LOGS, ids=lambda path: str(path.relative_to(CASES)))
def test_the_logs_of_all_cases(path: Path) -> None:
    data = path.read_bytes()
    same(data, path.name)
    same(data * 9, path.name)


def test_most_agent_logs_are_read_by_blocks() -> None:
    agent = [path for path in LOGS if path.name in ("himds.log", "azcmagent.log", "gc_ext.log", "gc_agent.log")]
    taken = [path for path in agent if told(path.read_bytes(), path.name, 0)[1]]
    assert len(agent) > 50
    assert len(taken) > len(agent) * 0.7


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-8-sig", "gzip", "crlf", "cut gzip", "noisy"])
def test_other_encodings(codec: str) -> None:
    for path in LOGS[::9]:
        data = path.read_bytes() * 3
        if codec == "crlf":
            data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        elif codec == "noisy":
            data = data.replace(b" ", b"\t", 40).replace(b"level", b"\x1b[31mlevel\x1b[0m", 5).replace(b"e", b"\xe9", 9)
        elif codec.endswith("gzip"):
            packed = gzip.compress(data, mtime=0)
            data = packed if codec == "gzip" else packed[: len(packed) * 2 // 3]
        else:
            text = data.decode("utf-8", "replace")
            data = text.encode(codec) if codec == "utf-8-sig" else ("\ufeff" + text).encode(codec)
        same(data, path.name)


MESSAGES = st.sampled_from(
    [
        'level=info msg="Sending heartbeat"',
        'level=info msg="Heartbeat sent successfully"',
        'level=info msg="Heartbeat sent successfully" Duration=12ms',
        'level=error msg="Failed to send heartbeat" Error="Post \\"https://gbl.his.arc.azure.com/x\\": dial tcp 1.2.3.4:443: i/o timeout"',
        'level=error msg="Failed to send heartbeat" Error="proxyconnect tcp: dial tcp: lookup proxy.example on 10.0.0.1:53: no such host"',
        'level=fatal msg="AZCM0026: Network Error"',
        'level=debug msg="Status Code=503" Request URL="https://weu.his.arc.azure.com/"',
        'level=debug msg="Response" Status Code=503',
        'level=info msg="dial tcp 1.2.3.4:443:\\n\\tconnect:  connection   refused"',
        'level=info msg="dial tcp 1.2.3.4:443: connect: connection\trefused"',
        'level=info msg="no such" host="no such host"',
        'level=info msg="Regional Service Discovery" Error="Get \\"https://gbl.his.arc.azure.com/\\": EOF"',
        'level=info msg="C:\\\\network\\\\t\\\\readme"',
        'level=info msg="Zugriff verweigert \xfc \xe9"',
        'level=warning msg="--service-principal-secret abC8Q~dEfGhIjKlMnOpQrStUvWxYz0000001.-_9"',
        'level=info msg="secret: \\',
        'level=debug msg="Running as elevated user"',
        'level=debug msg="Agent Version: 1.50.02986.2095"',
        'level=debug msg="Agent Command: connect"',
        'level=info msg="Exit Code: AZCM0000: Success"',
        'level=info msg="https://gbl.his.arc.azure.com is available, using cryptographic protocol: TLS 1.2"',
        'level="error" msg="odd"',
        'level=info msg="open quote',
        "level=info msg=\"it's 'open'\"",
    ]
)
STRAYS = st.sampled_from(
    [
        "", "\tat himds.go:12", "panic: runtime error", "goroutine 1 [running]:", "connection refused", "# curl https://gbl.his.arc.azure.com/",
        "curl: (7) Failed to connect to gbl.his.arc.azure.com port 443: Connection refused", "a\rb: no such host\rc",
        "-----BEGIN RSA PRIVATE KEY-----", "MIIEpAIBAAKCAQEAmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWX", "\x1b[31mERROR\x1b[0m  AZCM0042: Failed",
        "ERROR   lookup gbl.his.arc.azure.com: no such host", "level=error msg=\"no stamp\"", "2024-01-01 00:00:00 ERROR dated", "{\"error\": \"x\"}", "x" * 300,
    ]
)  # fmt: skip


def rows(number: int, message: str, stray: str | None) -> str:
    stamp = f"2024-01-{1 + number // 1440 % 28:02}T{number // 60 % 24:02}:{number % 60:02}:00Z"
    return f'time="{stamp}" {message}\n' + (f"{stray}\n" if stray is not None else "")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(MESSAGES, st.one_of(st.none(), st.none(), st.none(), STRAYS), st.integers(1, 4)),
        min_size=4,
        max_size=60,
    ),
    st.integers(1, 6),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(0, 3),
)
def test_made_logs(parts: list[tuple[str, str | None, int]], times: int, end: str, cut: int) -> None:
    numbers: Iterator[int] = iter(range(100_000))
    text = "".join(
        rows(next(numbers), message, stray) for _ in range(times) for message, stray, n in parts for _ in range(n)
    )
    data = text.replace("\n", end).encode("utf-8")
    same(data[: len(data) - cut], "himds.log")


def samples() -> list[str]:
    return [
        line
        for signal in RULES.signals.values()
        for sample in (*signal.rule.samples.match, *signal.rule.samples.no_match)
        for line in sample.line.splitlines()
    ]


def other_digits(line: str, by: int) -> str:
    return re.sub("[0-9]", lambda digit: str((int(digit[0]) + by) % 10), line)


DISGUISES: dict[str, Callable[[str], tuple[str, ...]]] = {
    "other digits before": lambda line: (other_digits(line, 3), other_digits(line, 7), line, other_digits(line, 1)),
    "ids": lambda line: tuple(
        f"{line} ID={id_}" for id_ in ("2a0f0cb5-6f6c-4a91-8a35-5b7d4b5c1f11", "f" * 32, "10771077")
    ),
    "blanks": lambda line: (line.replace(" ", "  "), line.replace(" ", "\t"), line.replace(" ", " \\n ")),
    "letters": lambda line: (
        f"Gerät: {line}",
        f"{line} 서버",
        line.replace("k", "\u212a"),
        line.replace("'", "\u2019"),
    ),
    "signs": lambda line: (f"\ufffd{line}", line.replace(" ", "\xa0"), line.replace(" ", "\u200b "), f"\x1b[1m{line}"),
    "escapes": lambda line: (f"C:\\\\new {line}", line.replace("e", "\\u0065"), f"\\x41{line}", f"{line}\\"),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_disguised_samples(disguise: str) -> None:
    lines = [
        f'time="2024-01-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z" level=info msg="{text}"'
        for number, sample in enumerate(samples()[:: 1 if "digits" in disguise else 3])
        for text in DISGUISES[disguise](sample.replace('"', '\\"'))
    ]
    assert same("\n".join(lines).encode(), "himds.log")


def test_the_samples_of_all_rules() -> None:
    lines = samples()
    assert len(lines) > 1000
    logrus, shell, bare = [], [], []
    for number, line in enumerate(lines):
        stamp = f"2024-{1 + number // 1440 % 12:02}-01T{number // 60 % 24:02}:{number % 60:02}:00Z"
        quoted = line.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        level = ("info", "error", "debug")[number % 3]
        logrus.append(line if line.startswith("time=") else f'time="{stamp}" level={level} msg="{quoted}"')
        logrus.append(f'time="{stamp}" level=info msg="Failed" Error="{quoted}" Status Code=200')
        written = f"[{stamp[:10]} 10:00:00.{number % 1000:03}] [PID 7] [TID {number}] [EXTMGR] [{level.upper()}] {line}"
        bare.append(written)
        shell.append(f"<GCLOG>{written}</GCLOG>")
    assert same("\n".join(logrus).encode(), "himds.log")
    assert same("\n".join(bare).encode(), "gc_ext.log")
    assert same("\n".join(shell).encode(), "gc_agent.log")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["begin", "end", "error", "ok", "noise"]), min_size=5, max_size=80), st.integers(1, 5))
def test_rows_of_routine_are_counted_as_one_by_one(marks: list[str], times: int) -> None:
    texts = {
        "begin": "[TELEMETRY Timer Manager] [INFO] [0] Run pull refresh for timer 'extension_refresh_timer'",
        "end": "[TELEMETRY Timer Manager] [INFO] [0] Completed pull refresh for timer 'extension_refresh_timer'",
        "error": "[Pull Client] [ERROR] [0] WinHttpSendRequest: 12002 The operation timed out",
        "ok": "[EXTMGR] [INFO] [0] Extension AzureMonitor installed successfully",
        "noise": "[EXTMGR] [INFO] [0] Extension state unchanged",
    }
    lines = [
        f"<GCLOG>[2024-01-01 {number // 60 % 24:02}:{number % 60:02}:00.{number % 1000:03}] [PID 1] [TID {number}] {texts[mark]}</GCLOG>\n"
        for number, mark in enumerate(mark for mark in marks for _ in range(times))
    ]
    same("".join(lines * 2).encode(), "gc_ext.log")


@settings(deadline=None)
@given(
    st.lists(st.text("ab c", min_size=1, max_size=5), min_size=1, max_size=12, unique=True),
    st.text("ab c\n", max_size=80),
)
def test_the_fallback_finds_what_the_automaton_finds(needles: list[str], text: str) -> None:
    coded = [needle.encode() for needle in needles]
    expected = sorted(AutomatonFinder(coded, True).find(text.encode()))
    assert sorted(TrieFinder(coded).find(text.encode())) == expected
    assert sorted(AutomatonFinder(coded, False).find(text.encode())) == expected
