"""A short form of the benchmark: the table is printed, the same findings come from every way, and none is missing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from arcdiag.knowledge.load import load_rules
from arcdiag.logs.read import FileReader
from arcdiag.logs.scan import Hit, scanner_of
from tests.bench.log_maker import write_log
from tests.bench.scan_bench import measured, told

SCANNER = scanner_of(load_rules())


def digest(path: Path, blocks_from: int) -> tuple[str, int]:
    """Of all hits with signals, codes or an error, by line; and how many of them are errors."""
    seen = hashlib.sha256()
    errors = 0
    with path.open("rb") as file:
        for hit in FileReader("himds.log", file, SCANNER, blocks_from=blocks_from).hits():
            if hit.matches or hit.codes or hit.record.level.is_error:
                errors += hit.record.level.is_error
                seen.update(repr(_plain(hit)).encode())
    return seen.hexdigest(), errors


def _plain(hit: Hit) -> tuple[object, ...]:
    record = hit.record
    return record.line, record.time, record.text, hit.matches, hit.marks, hit.codes, hit.around.before, hit.around.after


def test_both_ways_find_all_that_was_written(tmp_path: Path) -> None:
    for kind in ("himds", "gc_ext"):
        log = tmp_path / f"{kind}.log"
        made = write_log(log, 3, kind)
        blocks, errors = digest(log, 0)
        assert (blocks, errors) == digest(log, 1 << 60)
        assert errors == made.errors > made.last_errors > 0


def test_a_short_form_of_the_table(tmp_path: Path) -> None:
    log = tmp_path / "himds.log"
    made = write_log(log, 2)
    runs = measured(log, made, 1, 1, slow=True)
    print("\n".join(told(made, runs)))
    assert "proxy01.corp.example" in runs["arcdiag analyze"][0].printed
    assert f"seen {made.last_errors} times" in runs["arcdiag analyze"][0].printed
    counts = [int(done[0].printed) for name, done in runs.items() if name.endswith("-F -f")]
    assert len(counts) == 3
    assert min(counts) >= made.errors
    assert len(runs) == 6
