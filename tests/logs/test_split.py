"""A log on several cores says what it says on one, even where helpers die."""

from __future__ import annotations

import io
import os
import signal
import threading
from pathlib import Path

import pytest

from arcdiag.diagnose.reader import Reader
from arcdiag.knowledge.load import load_rules
from arcdiag.logs import growing, regions, split, windows
from arcdiag.logs.read import FileReader
from arcdiag.logs.scan import Scanner
from arcdiag.logs.split import Split, usable_cores
from tests.bench.log_maker import write_log
from tests.own_process import in_own_process

RULES = load_rules()


def small(patch: pytest.MonkeyPatch) -> None:
    """Portions so small that a short log has many."""
    patch.setattr(windows, "BLOCK", 20_000)
    patch.setattr(windows, "BEHIND", 9000)
    patch.setattr(growing, "_LARGE", 0)
    patch.setattr(split, "_WORTHWHILE", 0)


@pytest.fixture(scope="module", params=["himds", "gc_ext"])
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("logs") / f"{request.param}.log"
    write_log(path, 2, request.param)
    return path


class Watch:
    """Counts what helpers answered; `before` is called with each helper that is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers = 0
        self.helpers: dict[int, split._Helper] = {}
        self.before = lambda helper: None
        inner = split._Helper.answer

        def answer(helper: split._Helper, slot: int) -> regions.Found | None:
            assert helper.process.pid is not None
            self.helpers[helper.process.pid] = helper
            self.before(helper)
            found = inner(helper, slot)
            self.answers += found is not None
            return found

        monkeypatch.setattr(split._Helper, "answer", answer)

    def all_gone(self) -> bool:
        """Whether no helper runs any more."""
        return bool(self.helpers) and not any(helper.process.is_alive() for helper in self.helpers.values())


def told(log: Path, cores: int) -> object:
    data = log.read_bytes()
    reader = FileReader(log.name, io.BytesIO(data), Scanner(RULES), blocks_from=0, split=Split(len(data), cores))  # type: ignore[arg-type]
    reading = Reader(RULES, log.name, reader.kind).read(reader.hits())
    groups = [g for t in reading.tries for g in t.groups] + [g for gs in reading.loose.values() for g in gs]
    around = [(s.around.before, s.around.after) for g in groups for s in g.samples]
    assert groups
    return reading, around, reader.source, reader.problem


def helped(path: Path, cores: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        small(patch)
        watch = Watch(patch)
        assert told(path, cores) == told(path, 1)
        assert watch.answers, "no helper was asked"
        assert watch.all_gone(), "a helper still runs"


def helped_by_the_dying(path: Path, sign: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        small(patch)
        patch.setattr(split, "_PATIENCE_SECONDS", 0.2)
        alone = told(path, 1)
        watch = Watch(patch)
        victims: set[int] = set()

        def strike(helper: split._Helper) -> None:
            if watch.answers == 2 and not victims:
                assert helper.process.pid is not None
                os.kill(helper.process.pid, sign)
                victims.add(helper.process.pid)
                if sign == signal.SIGKILL:
                    helper.process.join()

        watch.before = strike
        assert told(path, 3) == alone
        assert victims
        assert watch.answers >= 2, "no helper answered before one was struck"
        assert watch.all_gone(), "a helper still runs"
        assert all(helper.is_lost or helper.process.exitcode == 0 for helper in watch.helpers.values())


def left_by_its_reader(path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        small(patch)
        watch = Watch(patch)
        data = path.read_bytes()
        scanner = Scanner(RULES)
        reader = FileReader(path.name, io.BytesIO(data), scanner, blocks_from=0, split=Split(len(data), 2))  # type: ignore[arg-type]
        hits = reader.hits()
        for _ in hits:
            if watch.answers:
                break
        hits.close()  # type: ignore[attr-defined]
        assert watch.all_gone(), "a helper still runs"


@pytest.mark.parametrize("cores", [2, 4])
def test_helpers_change_nothing(log: Path, cores: int) -> None:
    in_own_process(helped, log, cores)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_helpers_that_die_or_stand_still_change_nothing(log: Path, sign: int) -> None:
    in_own_process(helped_by_the_dying, log, sign)


def test_who_stops_reading_ends_the_helpers(log: Path) -> None:
    in_own_process(left_by_its_reader, log)


def test_portions_too_large_for_helpers_are_read_here(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    alone = told(log, 1)
    watch = Watch(monkeypatch)
    monkeypatch.setattr(split, "_ROOM", 16)
    assert told(log, 2) == alone
    assert not watch.answers


def test_a_process_with_threads_is_not_forked(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    alone = told(log, 1)
    watch = Watch(monkeypatch)
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        assert told(log, 2) == alone
    finally:
        end.set()
        thread.join()
    assert not watch.helpers


def test_no_more_cores_than_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    assert usable_cores() == split.MOST_CORES
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3}, raising=False)
    assert usable_cores() == 1
