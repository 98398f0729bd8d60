"""Logs of a machine as large as wanted, with a known number of findings; the same on every run.

A day is rendered in a few variants and written again and again under new dates, so that gigabytes take seconds. Every
day of the himds log has failed heartbeats that a later success makes good; the last ones before the log's end stay.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

KINDS = ("himds", "gc_ext")
_DAY = "2000-01-01"
_FIRST_DAY = date(2024, 1, 1)
_VARIANTS = 8
_CYCLES = 288
_LINES = 36
_CHECK_EVERY = 72
_EPISODES = 2
_LAST_FAILURES = 12
# In the proportions of a machine that is connected; the first column counts.
_HIMDS = (
    (20, 'level=info msg="Request served" Endpoint="/metadata/identity/oauth2/token" Resource="https://management.azure.com/" Duration={n}ms Correlation ID={g}'),
    (16, 'level=debug msg="Token cache hit" Resource="https://vault.azure.net" Expires In={n}s Correlation ID={g}'),
    (12, 'level=debug msg="Sending request" Request URL="https://{h}/api?request={g}" Attempt=1'),
    (12, 'level=debug msg="Received response" Request URL="https://{h}/api?request={g}" Status Code=200 Duration={n}ms'),
    (8, 'level=debug msg="Metadata request answered" Request URL="http://localhost:40342/metadata/instance/compute?api-version=2020-06-01" Status Code=200 Duration={n}ms'),
    (8, 'level=info msg="Extension status reported" Name=AzureMonitorLinuxAgent Publisher=Microsoft.Azure.Monitor Sequence={n} Correlation ID={g}'),
    (6, 'level=debug msg="Machine metadata collected" Resource ID=/subscriptions/{g}/resourceGroups/rg-arc/providers/Microsoft.HybridCompute/machines/srv{n} Fields=27'),
    (6, 'level=info msg="Cancelled change token" Key="{n}"'),
    (8, 'level=info msg="Certificate is valid for {n} minutes, renewal is not due" VM Id={g}'),
    (2, 'level=info msg="Guest configuration heartbeat received" Component=gc_service Sequence={n}'),
    (1, 'level=warning msg="Slow answer from the local disk" Path="/var/opt/azcmagent/log" Duration={n}ms'),
)  # fmt: skip
_GC = (
    (14, "[Pull Client] [INFO] [{g}] Initializing pull client."),
    (14, "[Pull Client] [INFO] [{g}] Getting assignments from https://{h}/subscriptions/{g}/machines/srv{n}/assignments"),
    (12, "[EXTMGR] [INFO] [{g}] Checking the state of extension Microsoft.Azure.Monitor.AzureMonitorLinuxAgent, sequence {n}"),
    (10, "[EXTMGR] [INFO] [{g}] Extension state unchanged; nothing to do"),
    (8, "[TELEMETRY Timer Manager] [INFO] [{g}] Timer 'consistency_timer' set to {n} seconds"),
    (6, "[dsc_agent] [INFO] [{g}] Assignment AzureLinuxBaseline is compliant, {n} resources"),
    (4, "[Pull Client] [WARNING] [{g}] The answer took {n} ms"),
)  # fmt: skip
_HOSTS = (
    "gbl.his.arc.azure.com", "weu.his.arc.azure.com", "agentserviceapi.guestconfiguration.azure.com",
    "westeurope-gas.guestconfiguration.azure.com", "login.microsoftonline.com", "management.azure.com", "pas.windows.net",
)  # fmt: skip
_HEALED = (
    'Post \\"https://weu.his.arc.azure.com/v2.0/heartbeat\\": dial tcp 20.50.1.{n}:443: i/o timeout',
    'Post \\"https://weu.his.arc.azure.com/v2.0/heartbeat\\": dial tcp: lookup weu.his.arc.azure.com on 10.1.1.10:53: read udp 10.1.1.20:{p}->10.1.1.10:53: i/o timeout',
    "heartbeat request failed: 503 Service Unavailable",
)
_LAST = 'Post \\"https://weu.his.arc.azure.com/v2.0/heartbeat\\": proxyconnect tcp: dial tcp: lookup proxy01.corp.example on 10.1.1.10:53: no such host'


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: `errors` are the records of level error, `last_errors` those that no success follows."""

    bytes: int
    lines: int
    errors: int
    last_errors: int


@dataclass(frozen=True, slots=True)
class _Day:
    text: bytes
    lines: int
    errors: int


def write_log(path: Path, megabytes: float, kind: str = "himds") -> Made:
    """Write a log of about so many megabytes (10**6 bytes), a whole number of days and the last failure."""
    days = [_day(random.Random(seed), kind) for seed in range(_VARIANTS)]
    size = lines = errors = 0
    day = _FIRST_DAY
    with path.open("wb") as file:
        for part in _parts(days, megabytes * 1e6):
            text = part.text.replace(_DAY.encode(), day.isoformat().encode())
            file.write(text)
            size, lines, errors = size + len(text), lines + part.lines, errors + part.errors
            day += timedelta(days=1)
        last = _last_failures(kind, day)
        file.write(last.text)
    return Made(size + len(last.text), lines + last.lines, errors + last.errors, last.errors)


def _parts(days: list[_Day], wanted: float) -> Iterator[_Day]:
    size, number = 0, 0
    while size < wanted:
        part = days[number % len(days)]
        left = wanted - size
        if left < len(part.text):
            cut = part.text.rfind(b"\n", 0, int(left)) + 1
            text = part.text[:cut]
            yield _Day(text, text.count(b"\n"), text.count(b"level=error") + text.count(b"] [ERROR] "))
            return
        yield part
        size, number = size + len(part.text), number + 1


def _day(rng: random.Random, kind: str) -> _Day:
    lines: list[str] = []
    failing = _failing_cycles(rng)
    for cycle in range(_CYCLES):
        second = cycle * 300
        if kind == "himds":
            lines += _heartbeat(rng, second, failing.get(cycle))
            lines += _checked(second) if cycle % _CHECK_EVERY == 5 else []
        else:
            lines += _pull(rng, second, cycle in failing)
        lines += _noise(rng, kind, second)
    text = "".join(lines)
    return _Day(text.encode(), text.count("\n"), text.count("level=error") + text.count("] [ERROR] "))


def _failing_cycles(rng: random.Random) -> dict[int, str]:
    """Cycles whose attempt fails; the ones behind each episode succeed."""
    found = {}
    for start in rng.sample(range(8, _CYCLES - 8, 12), _EPISODES):
        text = rng.choice(_HEALED)
        found.update(dict.fromkeys(range(start, start + rng.randrange(1, 3)), text))
    return found


def _heartbeat(rng: random.Random, second: int, failure: str | None) -> list[str]:
    start = f'time="{_stamp(second)}" level=info msg="Sending heartbeat"\n'
    if failure is None:
        return [start, f'time="{_stamp(second + 1)}" level=info msg="Heartbeat sent successfully"\n']
    why = failure.format(n=rng.randrange(2, 250), p=rng.randrange(30000, 60000))
    return [start, f'time="{_stamp(second + 1)}" level=error msg="Failed to send heartbeat" Error="{why}"\n']


def _pull(rng: random.Random, second: int, fails: bool) -> list[str]:
    timer = "pull refresh for timer 'extension_refresh_timer'"
    lines = [_gc_line(rng, second, f"[TELEMETRY Timer Manager] [INFO] [{{g}}] Run {timer}")]
    if fails:
        error = "Failed to get extension settings. WinHttpSendRequest: 12002 The operation timed out"
        lines.append(_gc_line(rng, second + 2, f"[Pull Client] [ERROR] [{{g}}] {error}"))
    return [*lines, _gc_line(rng, second + 4, f"[TELEMETRY Timer Manager] [INFO] [{{g}}] Completed {timer}")]


def _checked(second: int) -> list[str]:
    """What the agent writes when it starts anew: every few hours."""
    lines = []
    for host in _HOSTS:
        lines.append(
            f'time="{_stamp(second + 6)}" level=info msg="Checking connectivity to https://{host}, proxy status: proxy is not used"\n'
        )
        lines.append(
            f'time="{_stamp(second + 7)}" level=info msg="https://{host} is available, using cryptographic protocol: TLS 1.2"\n'
        )
    lines.append(f'time="{_stamp(second + 8)}" level=info msg="Updating cloud provider. Azure not detected"\n')
    return lines


def _noise(rng: random.Random, kind: str, second: int) -> list[str]:
    weights, forms = zip(*(_HIMDS if kind == "himds" else _GC), strict=True)
    seconds = sorted(second + rng.randrange(5, 290) for _ in range(_LINES))
    chosen = rng.choices(forms, weights, k=_LINES)
    if kind == "himds":
        return [f'time="{_stamp(at)}" {_filled(rng, form)}\n' for at, form in zip(seconds, chosen, strict=True)]
    return [_gc_line(rng, at, form) for at, form in zip(seconds, chosen, strict=True)]


def _gc_line(rng: random.Random, second: int, form: str) -> str:
    stamp = _stamp(second).replace("T", " ").rstrip("Z")
    return f"<GCLOG>[{stamp}.{rng.randrange(1000):03}] [PID 1412] [TID {rng.randrange(9000)}] {_filled(rng, form)}</GCLOG>\n"


def _filled(rng: random.Random, form: str) -> str:
    guid = f"{rng.randrange(16**8):08x}-11b2-4c3d-8e4f-{rng.randrange(16**12):012x}"
    return form.format(g=guid, n=rng.randrange(1, 90_000), h=rng.choice(_HOSTS))


def _stamp(second: int) -> str:
    second = min(second, 86_399)
    return f"{_DAY}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def _last_failures(kind: str, day: date) -> _Day:
    rng, lines = random.Random(99), []
    for cycle in range(_LAST_FAILURES):
        if kind == "himds":
            lines += _heartbeat(rng, cycle * 300, _LAST)
        else:
            lines += _pull(rng, cycle * 300, fails=True)
    text = "".join(lines).replace(_DAY, day.isoformat())
    return _Day(text.encode(), len(lines), _LAST_FAILURES)
