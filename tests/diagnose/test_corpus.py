"""Every labelled case names its first cause; the score is printed as a table by `tests/diagnose/score.py`."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
import zipfile
from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Diagnosis, State, Verdict
from arcdiag.pipeline import analyze
from arcdiag.report import render_json
from tests.diagnose import noise
from tests.diagnose.score import judge, labels

CASES = labels()
CODE_PAGES = frozenset({"cp949", "cp932", "cp950", "cp850", "cp1252", "gb18030", "euc_jp"})
"""What a label says of files that are neither UTF-8 nor UTF-16."""
KNOWN_WRONG: dict[str, str] = {}
"""Cases whose first cause is known to be named wrongly, and why; the test fails as soon as one is right again."""


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def case_id(path: Path) -> str:
    return f"{path.parent.parent.name}/{path.parent.name}"


def check(path: Path, diagnosis: Diagnosis) -> None:
    label = json.loads(path.read_text(encoding="utf-8"))
    name = case_id(path)
    result = judge(label, name, diagnosis)
    if name in KNOWN_WRONG:
        assert not result.first_right, f"{name} is right now: take it off the list"
        return
    assert result.first_right, f"expected {result.expected}, got {result.verdict} {result.got}"
    assert result.also_right, f"{label['also_present']} are not all in {result.got}"


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_the_first_cause_is_right(path: Path, rules: RuleSet) -> None:
    check(path, analyze(path.parent / "evidence", rules))


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_twice_gives_the_same_bytes_whatever_the_files_times(path: Path, rules: RuleSet, tmp_path: Path) -> None:
    first = render_json(analyze(path.parent / "evidence", rules), rules)
    copy = tmp_path / "evidence"
    copy.mkdir()
    for file in sorted((path.parent / "evidence").rglob("*"), reverse=True):
        if file.is_file():
            target = copy / file.relative_to(path.parent / "evidence")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
            os.utime(target, (random.random() * 1e9, random.random() * 1e9))
    assert render_json(analyze(copy, rules), rules) == first


def texts(path: Path) -> dict[str, str]:
    found = {}
    said = json.loads(path.read_text(encoding="utf-8")).get("files", {})
    for file in sorted((path.parent / "evidence").rglob("*")):
        if file.is_file():
            data, name = file.read_bytes(), file.relative_to(path.parent / "evidence").as_posix()
            bare = b"\x00" in data[:64]
            encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le" if bare else "utf-8-sig"
            page = str(said.get(name, "")).split(" ")[0]
            found[name] = data.decode(page if page in CODE_PAGES else encoding, "replace")
    return found


def is_export(name: str) -> bool:
    """A registry export or a report in XML is written by a program into a file: no terminal colours or wraps it."""
    return name.endswith((".reg", ".xml"))


def coloured(text: str) -> str:
    return "\n".join(f"\x1b[36m{line}\x1b[0m" if line else line for line in text.split("\n"))


ENCODERS = {
    "utf-16-crlf": lambda text: b"\xff\xfe" + text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-16-le"),
    "utf-8-bom": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "ansi": lambda text: coloured(text).encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
}


@pytest.mark.parametrize("encoder", sorted(ENCODERS))
@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_encodings_do_not_matter(path: Path, encoder: str, rules: RuleSet, tmp_path: Path) -> None:
    for name, text in texts(path).items():
        target = tmp_path / (name + (".gz" if encoder == "gzip" else ""))
        target.parent.mkdir(parents=True, exist_ok=True)
        chosen = "utf-8-bom" if encoder == "ansi" and is_export(name) else encoder
        target.write_bytes(ENCODERS[chosen](text))
    check(path, analyze(tmp_path, rules))


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_a_zip_among_unrelated_files_is_the_same(path: Path, rules: RuleSet, tmp_path: Path) -> None:
    target = tmp_path / "azcmagent.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts(path).items():
            archive.writestr(f"logs/{name}", text)
        archive.writestr("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
        archive.writestr("notes/readme.md", "# Notes\nNothing to see here.\n")
        archive.writestr("logs/dpkg.log", "2024-01-01 10:00:00 status installed base-files:amd64 12\n" * 50)
    check(path, analyze(target, rules))


@pytest.mark.parametrize("path", CASES, ids=case_id)
def test_wrapped_at_80_columns(path: Path, rules: RuleSet, tmp_path: Path) -> None:
    for name, text in texts(path).items():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        width = max(1, len(text)) if is_export(name) else 80
        wrapped = (line[i : i + width] for line in text.splitlines() for i in range(0, max(1, len(line)), width))
        target.write_text("\n".join(wrapped) + "\n", encoding="utf-8")
    check(path, analyze(tmp_path, rules))


def test_healthy_noise_is_healthy(rules: RuleSet, tmp_path: Path) -> None:
    noise.write(tmp_path, megabytes=float(os.environ.get("ARCDIAG_NOISE_MB", "5")))
    found = analyze(tmp_path, rules)
    assert (found.verdict, [c.id for c in found.causes]) == (Verdict.HEALTHY, [])


def single_log(path: Path) -> tuple[str, str] | None:
    """Name and text of the one agent log of a case, None if it has another or more evidence."""
    found = texts(path)
    return next(iter(found.items())) if len(found) == 1 and next(iter(found)).endswith(".log") else None


LOGS = [path for path in CASES if single_log(path) and case_id(path) not in KNOWN_WRONG]


@pytest.mark.parametrize("path", LOGS, ids=case_id)
def test_ten_thousand_healthy_lines_before_change_nothing(path: Path, rules: RuleSet, tmp_path: Path) -> None:
    name, text = single_log(path) or ("", "")
    before = list(itertools.islice(noise.himds(random.Random(7)), 10_000))
    if "gc_" in name:
        before = list(itertools.islice(noise.gc_ext(random.Random(7)), 10_000))
    before = [line.replace("2025-03-", "2019-03-").replace("2025-04-", "2019-04-") for line in before]
    (tmp_path / name).write_text("\n".join(before) + "\n" + text, encoding="utf-8")
    check(path, analyze(tmp_path, rules))


HEALED = [path for path in LOGS if json.loads(path.read_text(encoding="utf-8"))["root_cause"] != "healthy"]


@pytest.mark.parametrize(
    "path", [p for p in HEALED if "himds" in (single_log(p) or ("",))[0] or "azcmagent" in (single_log(p) or ("",))[0]],
    ids=case_id,
)  # fmt: skip
def test_success_afterwards_makes_it_past(path: Path, rules: RuleSet, tmp_path: Path) -> None:
    name, text = single_log(path) or ("", "")
    later = [
        'time="2030-01-01T00:00:00Z" level=debug msg="Agent Version: 1.67.03504.1320"',
        'time="2030-01-01T00:00:00Z" level=debug msg="Agent Command: connect"',
        'time="2030-01-01T00:00:05Z" level=info msg="Connected machine to Azure"',
        'time="2030-01-01T00:00:05Z" level=debug msg="Exiting..."',
    ]
    for minute in range(0, 60, 5):
        later.append(f'time="2030-01-01T01:{minute:02}:00Z" level=info msg="Sending heartbeat"')
        later.append(f'time="2030-01-01T01:{minute:02}:01Z" level=info msg="Heartbeat sent successfully"')
    (tmp_path / name).write_text(text.rstrip("\n") + "\n" + "\n".join(later) + "\n", encoding="utf-8")
    found = analyze(tmp_path, rules)
    assert (found.verdict.exit_code, [c.id for c in found.causes if c.state is State.CURRENT]) == (0, [])


def decisive_line(label: dict[str, object], text: str) -> int:
    words = label["decisive_text"]
    wanted = words if isinstance(words, list) else [words]
    lines = text.splitlines()
    return max((n for n, line in enumerate(lines) for w in wanted if str(w)[:40] in line), default=len(lines))


@pytest.mark.parametrize("path", LOGS, ids=case_id)
def test_cut_after_nine_tenths(path: Path, rules: RuleSet, tmp_path: Path) -> None:
    name, text = single_log(path) or ("", "")
    label = json.loads(path.read_text(encoding="utf-8"))
    lines = text.splitlines()
    keep = int(len(lines) * 0.9)
    if decisive_line(label, text) >= keep:
        keep = len(lines)
    (tmp_path / name).write_text("\n".join(lines[:keep]) + "\n", encoding="utf-8")
    if label["root_cause"] != "healthy" or keep == len(lines):
        check(path, analyze(tmp_path, rules))
    else:
        found = analyze(tmp_path, rules)
        assert [c.id for c in found.causes if c.state is State.CURRENT] == []


def test_every_cause_has_a_labelled_case(rules: RuleSet) -> None:
    seen: set[str] = set()
    for path in CASES:
        label = json.loads(path.read_text(encoding="utf-8"))
        if case_id(path) not in KNOWN_WRONG:
            seen |= {label["root_cause"], *label.get("also_present", [])}
    assert set(rules.causes) - seen == set()
