"""A disk that hangs, crawls or lies, logs of any size, a processor that is busy: it ends, and says what it left out."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from arcdiag.case.source import measure_tail, scrubbed_tail, within
from arcdiag.case.write import CaseWriter
from arcdiag.collect.bundle import write_case
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.host.packages import LOCKS, package_manager_facts
from arcdiag.collect.log_files import FILE_CAP, find_logs
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.priority import NICE, low_priority
from arcdiag.collect.progress import SilentProgress
from arcdiag.collect.run import Collected, collect
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.fact import FactStatus
from arcdiag.model.fact_maker import FactMaker
from tests.collect.machine import with_agent, with_system
from tests.collect.slow_disk import NEVER, SlowDisk, SlowFile

ROOT = Path(__file__).parents[2]
LOGS = "var/opt/azcmagent/log"
LINE = b'time="2024-10-01T09:00:%02dZ" level=info msg="heartbeat number %09d"\n'
SOON = 0.3


def lines(count: int) -> bytes:
    return b"".join(LINE % (i % 60, i) for i in range(count))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    machine = tmp_path / "machine"
    machine.mkdir()
    with_system(machine)
    with_agent(machine)
    return machine


@contextmanager
def logs_on(disk: SlowDisk, root: Path) -> Iterator[Path]:
    """The agent's folder of logs on a disk of this kind."""
    shutil.rmtree(root / LOGS)
    with disk.mounted(root / LOGS) as place:
        yield place


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hangs for good is waited for a moment only."""
    monkeypatch.setattr("arcdiag.collect.bundle.STALL_SECONDS", SOON)
    monkeypatch.setattr("arcdiag.collect.run.STALL_SECONDS", SOON)
    monkeypatch.setattr("arcdiag.collect.host.mentions._SECONDS", SOON)


def look(rules: RuleSet, root: Path, timeout: float = 20) -> Collected:
    return collect(rules, CollectOptions(probe=False, timeout=timeout), SilentProgress(), LinuxHost(root))


def packed(rules: RuleSet, seen: Collected, target: Path) -> tuple[dict[str, bytes], dict[str, list[str]]]:
    """Members of the bundle, and what it left out with the reasons."""
    write_case(target, seen, rules.version)
    assert [path.name for path in target.parent.iterdir() if path.suffix == ".partial"] == []
    with zipfile.ZipFile(target) as case:
        members = {name: case.read(name) for name in case.namelist()}
    left_out: dict[str, list[str]] = {}
    for item in json.loads(members["manifest.json"])["left_out"]:
        left_out.setdefault(item["what"], []).append(item["why"])
    return members, left_out


@pytest.mark.usefixtures("impatient")
def test_a_log_that_hangs_is_named_and_holds_up_no_other(rules: RuleSet, root: Path, tmp_path: Path) -> None:
    half = lines(60_000)
    disk = SlowDisk({
        "azcmagent.log": SlowFile(lines(100)),
        "arcproxy.log": SlowFile(lines(100), lambda offset: NEVER),
        "himds.log": SlowFile(half, lambda offset: NEVER if offset > len(half) // 2 else 0.0),
    })  # fmt: skip
    with logs_on(disk, root):
        members, left_out = packed(rules, look(rules, root), tmp_path / "case.zip")
    assert members["logs/azcmagent.log"] == lines(100)
    assert "logs/arcproxy.log" not in members
    assert left_out["logs/arcproxy.log"] == ["it could not be read in time"]
    assert left_out["logs/himds.log"] == ["the rest of it: it could not be read in time"]
    assert members["logs/himds.log"] and half.startswith(members["logs/himds.log"])


@pytest.mark.usefixtures("impatient")
def test_a_folder_that_hangs_is_named(rules: RuleSet, root: Path, tmp_path: Path) -> None:
    with logs_on(SlowDisk({"himds.log": SlowFile(lines(10))}, listing=NEVER), root):
        members, left_out = packed(rules, look(rules, root, timeout=2), tmp_path / "case.zip")
    assert left_out["logs"] == ["it could not be read in time"]
    assert not [name for name in members if name.startswith("logs/himds")]
    assert members["facts.jsonl"]


def test_of_a_slow_disk_the_newest_lines_are_kept(tmp_path: Path) -> None:
    data = lines(80_000)
    disk = SlowDisk({"himds.log": SlowFile(data, lambda offset: 0.05)})
    with disk.mounted(tmp_path / "slow") as place:
        whole = measure_tail(place / "himds.log", FILE_CAP)
        part = within(whole, 0.5)
        assert within(whole, 600) == whole
        kept = b"".join(scrubbed_tail(part))
    assert whole.dropped == 0 and 0 < part.dropped < len(data)
    assert 0 < len(kept) <= len(data) - part.dropped
    assert data.endswith(kept) and kept.startswith(b"time=")


def test_logs_for_which_no_time_is_left_are_named(rules: RuleSet, root: Path, tmp_path: Path) -> None:
    import dataclasses

    seen = dataclasses.replace(look(rules, root), copy_seconds=0.0)
    members, left_out = packed(rules, seen, tmp_path / "case.zip")
    for name in ("azcmagent.log", "himds.log"):
        assert left_out[f"/{LOGS}/{name}"] == ["the time for copying logs was over (--timeout)"]
        assert f"logs/{name}" not in members


def test_what_cannot_be_looked_at_is_named(root: Path) -> None:
    disk = SlowDisk({"himds.log": SlowFile(b"", look=errno.EIO), "himds-1.log": SlowFile(lines(3))})
    with logs_on(disk, root):
        found, left_out = find_logs(LinuxHost(root))
    assert [log.path for log in found] == ["logs/himds-1.log"]
    assert [(item.what, item.why) for item in left_out] == [
        (f"/{LOGS}/himds.log", "it cannot be read (Input/output error)")
    ]


def test_what_is_no_file_is_named_and_takes_no_files_place(root: Path) -> None:
    folder = root / LOGS
    for number in range(4):
        os.mkfifo(folder / f"himds-{number}.log")
    (folder / "himds-broken.log").symlink_to("nowhere")
    (folder / "himds-self.log").symlink_to("himds-self.log")
    (folder / "himds-dir.log").mkdir()
    found, left_out = find_logs(LinuxHost(root))
    assert [log.path for log in found if log.kind == "himds-log"] == ["logs/himds.log"]
    reasons = {item.what.rpartition("/")[2]: item.why for item in left_out}
    assert {f"himds-{number}.log" for number in range(4)} <= {
        name for name, why in reasons.items() if why == "it is a device, a pipe or a socket"
    }
    assert reasons["himds-broken.log"] == "it is no longer there"
    assert "symbolic links" in reasons["himds-self.log"]


def test_a_log_that_grows_is_kept_as_far_as_it_was_when_it_was_opened(tmp_path: Path) -> None:
    log, stop = tmp_path / "himds.log", threading.Event()
    log.write_bytes(lines(20_000))

    def grow() -> None:
        with log.open("ab", buffering=0) as file:
            number = 20_000
            while not stop.is_set():
                file.write(LINE % (number % 60, number))
                number += 1

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        tail = measure_tail(log, FILE_CAP)
        kept = b"".join(scrubbed_tail(tail))
    finally:
        stop.set()
        writer.join()
    assert len(kept) == tail.size and log.read_bytes().startswith(kept)


def test_a_log_that_is_cut_while_it_is_read_is_said_to_be(rules: RuleSet, tmp_path: Path) -> None:
    data = lines(60_000)
    log = tmp_path / "himds.log"
    log.write_bytes(data)
    tail = measure_tail(log, FILE_CAP)
    os.truncate(log, len(data) // 3)
    found = b""
    with pytest.raises(OSError, match="shorter while it was read"):
        for block in scrubbed_tail(tail):
            found += block
    assert data.startswith(found) and len(found) == len(data) // 3


def test_of_five_gigabytes_the_newest_part_is_kept(rules: RuleSet, root: Path, tmp_path: Path) -> None:
    log, newest = root / LOGS / "himds.log", lines(600_000)
    size = 5 * 1024**3
    with log.open("wb") as file:
        file.write(lines(1000))
        file.truncate(size - len(newest))
        file.seek(0, os.SEEK_END)
        file.write(b"\n" + newest[1:])
    assert log.stat().st_size == size and len(newest) > FILE_CAP
    members, left_out = packed(rules, look(rules, root), tmp_path / "case.zip")
    kept = members["logs/himds.log"]
    assert FILE_CAP - 1000 < len(kept) <= FILE_CAP
    assert newest.endswith(kept) and kept.startswith(b"time=")
    assert left_out["logs/himds.log"] == [
        f"its oldest {size - FILE_CAP:,} bytes; only the newest {FILE_CAP:,} are kept"
    ]


def test_a_lock_that_cannot_be_looked_at_is_told(root: Path) -> None:
    (root / "proc").mkdir(exist_ok=True)
    (root / "proc" / "locks").write_text("1: FLOCK  ADVISORY  WRITE 1 00:01:1 0 EOF\n")
    lock = root / LOCKS[0].lstrip("/")
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.unlink(missing_ok=True)
    lock.symlink_to(lock.name)
    facts = [
        f
        for f in package_manager_facts(FactMaker("2024-10-01T09:00:00Z", "root"), LinuxHost(root))
        if f.fact == "package.lock"
    ]
    told = [f for f in facts if f.subject is not None and f.subject.id == LOCKS[0]]
    assert [f.status for f in told] == [FactStatus.ERROR]
    assert LOCKS[0] in (told[0].reason or "")


def test_the_low_priority_is_for_the_process_alone_and_for_a_while() -> None:
    code = (
        "import os, psutil\n"
        "from arcdiag.collect.priority import low_priority\n"
        "before = (os.getpriority(os.PRIO_PROCESS, 0), os.getpriority(os.PRIO_PROCESS, os.getppid()))\n"
        "with low_priority():\n"
        "    print(os.getpriority(os.PRIO_PROCESS, 0), os.getpriority(os.PRIO_PROCESS, os.getppid()) == before[1])\n"
        "    print(int(psutil.Process().ionice().ioclass), psutil.Process().ionice().value)\n"
        "print(os.getpriority(os.PRIO_PROCESS, 0) == before[0])\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.split() == [str(max(NICE, os.getpriority(os.PRIO_PROCESS, 0))), "True", "2", "7", "True"]
    with low_priority():
        pass


def test_secrets_of_a_log_that_ends_in_a_hang_are_taken_out_and_counted(tmp_path: Path) -> None:
    secret = b'level=debug msg="connect" Command="azcmagent connect --service-principal-secret abC8Q~dEfGhIjKlMnOpQrStUvWxYz0123456.-_9"\n'
    data = secret + lines(60_000)
    disk = SlowDisk({"himds.log": SlowFile(data, lambda offset: NEVER if offset > 2_500_000 else 0.0)})
    from arcdiag.case.ahead import Patience
    from arcdiag.model.case import Manifest

    manifest = Manifest("1.0", "0", "0", "host", "linux", "2024-10-01T09:00:00Z", 0, "root", True, ())
    with disk.mounted(tmp_path / "slow") as place, CaseWriter(tmp_path / "case.zip", manifest) as writer:
        size = writer.add_file("logs/himds.log", "himds-log", place / "himds.log", FILE_CAP, Patience.of(600, SOON))
        assert size > 0
        assert sum(writer.removed.of("logs/himds.log").values()) == 1
    with zipfile.ZipFile(tmp_path / "case.zip") as case:
        assert b"abC8Q~" not in case.read("logs/himds.log")


@pytest.fixture
def burners() -> Iterator[None]:
    """Every core busy, twice over."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * (os.cpu_count() or 1))]
    yield
    for process in running:
        process.kill()
        process.wait()


@pytest.mark.network
@pytest.mark.usefixtures("burners")
def test_the_real_command_ends_in_time_beside_all_of_it(tmp_path: Path) -> None:
    """A dead share under the agent's logs, a pipe among the others, and every core at 100 %."""
    disk = SlowDisk({"himds.log": SlowFile(lines(50_000), lambda offset: NEVER)})
    agent, out = tmp_path / "agent", tmp_path / "out"
    guest = tmp_path / "guest" / "ext_mgr_logs"
    guest.mkdir(parents=True)
    out.mkdir()
    (guest / "gc_ext.log").write_bytes(lines(2000))
    os.mkfifo(guest / "gc_ext.1.log")
    script = (
        "mount -t tmpfs none /var/opt && mount -t tmpfs none /var/lib && mkdir -p /var/opt/azcmagent /var/lib/GuestConfig"
        ' && mount --rbind "$1" /var/opt/azcmagent && mount --bind "$2" /var/lib/GuestConfig && shift 2 && exec "$@"'
    )
    with disk.mounted(agent / "log"):
        done = subprocess.run(
            ["unshare", "-mn", "sh", "-c", script, "sh", agent, guest.parent, sys.executable, "-m", "arcdiag", "collect",
             "--no-probe", "--timeout", "4", "-o", out],
            capture_output=True, text=True, cwd=ROOT, timeout=300, check=False,
        )  # fmt: skip
    assert done.returncode in (0, 1, 3), done.stderr
    assert disk.reads > 0
    assert sorted(path.suffix for path in out.iterdir()) == [".html", ".zip"]
    with zipfile.ZipFile(next(out.glob("*.zip"))) as case:
        left_out = {item["what"]: item["why"] for item in json.loads(case.read("manifest.json"))["left_out"]}
        kept = case.read("logs/gc_ext.log")
    assert left_out["logs/himds.log"] == "it could not be read in time"
    assert left_out["/var/lib/GuestConfig/ext_mgr_logs/gc_ext.1.log"] == "it is a device, a pipe or a socket"
    assert kept == lines(2000)
    assert "Traceback" not in done.stderr
