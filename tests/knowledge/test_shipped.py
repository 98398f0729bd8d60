"""The compiled rules are those of the rule files, whatever lies in the cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from arcdiag.knowledge import shipped, sources
from arcdiag.knowledge.shipped import Shipped, packed, shipped_rules, unpacked
from arcdiag.knowledge.sources import RuleFileError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def fresh() -> Shipped:
    return shipped_rules(fresh=True)


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in a cache of its own, just made."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    shipped_rules()
    return next((tmp_path / "xdg" / "arcdiag").iterdir())


def test_the_cache_gives_the_same_rules(cached: Path, fresh: Shipped) -> None:
    made = cached.stat()
    again = shipped_rules()
    assert (again.rules, again.grouped) == (fresh.rules, fresh.grouped)
    assert (cached.stat().st_mtime_ns, cached.stat().st_ino) == (made.st_mtime_ns, made.st_ino)
    assert again.builder().build(fresh.rules.version) == fresh.rules
    assert fresh.grouped, "some causes name groups of roles"


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def one_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def other_shape(path: Path) -> None:
    body = msgspec.msgpack.encode({"key": "x", "rules": [], "grouped": {}})
    path.write_bytes(zlib.crc32(body).to_bytes(4, "big") + body)


def bottomless(path: Path) -> None:
    body = b"\x91" * 500_000
    path.write_bytes(zlib.crc32(body).to_bytes(4, "big") + body)


def of_others(path: Path) -> None:
    """Well made, of other rules: their key tells."""
    found = unpacked(path.read_bytes(), None)
    assert found is not None
    planted = msgspec.structs.replace(
        found, key=found.key.replace(" ", " 0", 1), rules=replace(found.rules, causes={}, version="planted")
    )
    path.write_bytes(packed(planted))


def planted_and_open(path: Path) -> None:
    """Well made, of this key, in a file that others may write: nobody's word is taken for it."""
    found = unpacked(path.read_bytes(), None)
    assert found is not None
    path.write_bytes(packed(msgspec.structs.replace(found, rules=replace(found.rules, causes={}, version="planted"))))
    path.chmod(0o666)


@pytest.mark.parametrize("change", [cut, emptied, one_bit, other_shape, bottomless, of_others, planted_and_open])
def test_what_is_not_what_was_kept_is_made_again(cached: Path, fresh: Shipped, change: Callable[[Path], None]) -> None:
    whole = cached.read_bytes()
    change(cached)
    assert cached.read_bytes() != whole
    assert shipped_rules().rules == fresh.rules
    again = unpacked(cached.read_bytes())
    assert again is not None and again.rules == fresh.rules and not cached.stat().st_mode & 0o022


def checkout(tmp_path: Path) -> Path:
    """A copy of what a checkout needs to explain something."""
    for part in ("arcdiag", "rules"):
        shutil.copytree(
            ROOT / part, tmp_path / "checkout" / part, ignore=shutil.ignore_patterns("__pycache__", "_data")
        )
    return tmp_path / "checkout"


def explained(root: Path, cache: Path, what: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "XDG_CACHE_HOME": str(cache), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "arcdiag", "explain", what],
        capture_output=True,
        text=True,
        cwd=root,
        env=env,
        check=False,
    )


def test_every_change_of_rules_or_of_the_code_that_reads_them_counts_at_once(tmp_path: Path) -> None:
    root, cache = checkout(tmp_path), tmp_path / "xdg"
    assert "nothing is known" in explained(root, cache, "fresh-thing").stderr
    rule = next(path for path in sorted((root / "rules").rglob("*.yaml")) if "cause: clock-skew" in path.read_text())
    before, text = rule.stat(), rule.read_text()
    title = next(line for line in text.splitlines() if line.strip().startswith("title:"))
    # The same size and the same times as before: only the contents tell.
    rule.write_text(text.replace(title, title[:-1] + ("x" if title[-1] != "x" else "y")))
    os.utime(rule, ns=(before.st_atime_ns, before.st_mtime_ns))
    changed = explained(root, cache, "clock-skew").stdout
    rule.write_text(text)
    os.utime(rule, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert changed != explained(root, cache, "clock-skew").stdout
    # A broken rule never hides behind rules that were sound.
    rule.write_text(text.replace("title:", "titel:", 1))
    broken = explained(root, cache, "clock-skew")
    assert broken.returncode == 2 and "titel" in broken.stderr
    rule.write_text(text)
    reader = root / "arcdiag" / "knowledge" / "entry.py"
    reader.write_text(reader.read_text().replace("an entry has exactly one of", "an entry has just one of"))
    made = next((cache / "arcdiag").iterdir()).stat().st_ino
    assert explained(root, cache, "clock-skew").returncode == 0
    assert next((cache / "arcdiag").iterdir()).stat().st_ino != made


def test_many_first_starts_at_once_agree(tmp_path: Path) -> None:
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "arcdiag", "explain", "AZCM0042"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env) for _ in range(4)]
    said = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0] * 4
    assert len(said) == 1 and "AZCM0042" in said.pop()
    assert len(list((tmp_path / "arcdiag").iterdir())) == 1


def test_rules_are_found_where_nothing_may_be_kept(tmp_path: Path) -> None:
    done = explained(ROOT, Path("/proc/none"), "AZCM0042")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_file_of_a_wheel_is_used_as_it_is_and_only_by_its_own_version(
    tmp_path: Path, fresh: Shipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    file = tmp_path / "rules.msgpack"
    monkeypatch.setattr(shipped, "packaged_file", lambda name: file)
    marked = msgspec.structs.replace(fresh, rules=replace(fresh.rules, version="of the wheel"))
    file.write_bytes(packed(marked))
    assert shipped_rules().rules.version == "of the wheel"
    assert shipped_rules(fresh=True).rules == fresh.rules
    file.write_bytes(packed(msgspec.structs.replace(marked, key="0.0.0 " + fresh.key)))
    assert shipped_rules().rules == fresh.rules
    assert not (tmp_path / "xdg").exists(), "an installed arcdiag keeps nothing"


def test_no_rules_at_all_is_an_error_and_never_an_empty_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr(shipped, "data_dir", lambda name: tmp_path / "none")
    with pytest.raises(RuleFileError, match="install arcdiag again"):
        shipped_rules()


def test_patterns_are_compiled_when_they_are_first_used(cached: Path) -> None:
    rules = shipped_rules().rules
    patterns = [pattern for signal in rules.signals.values() for pattern in signal.patterns]
    assert not any("regex" in vars(pattern) for pattern in patterns)
    assert patterns[0].regex is patterns[0].regex and "regex" in vars(patterns[0])


def test_the_order_of_files_is_that_of_their_names(tmp_path: Path) -> None:
    for name in ("b.yaml", "a/z.yml", "a.yaml", "locales/x.yaml", "a/locales/y.yaml", "c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"- {}\r\n")
    files = sources.read_sources(tmp_path)
    assert [name for name, _ in files] == ["a.yaml", "a/z.yml", "b.yaml"]
    assert [path.relative_to(tmp_path).as_posix() for path in sources.rule_files(tmp_path)] == [n for n, _ in files]
    assert sources.digest_of(files) == sources.digest_of((name, b"- {}\n") for name, _ in files)
