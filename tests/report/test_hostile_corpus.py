"""One hostile corpus in every field of a case, through every command that prints: nothing is obeyed, nothing is run."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from arcdiag.case.facts_io import facts_to_text
from arcdiag.case.manifest_io import manifest_to_json
from arcdiag.cli.main import run
from arcdiag.model.case import Manifest, NotEvaluated
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.subject import Subject, SubjectKind
from arcdiag.report import render_text
from arcdiag.report.compare.run import compare
from arcdiag.report.compare.text import render_comparison
from arcdiag.report.document import document
from arcdiag.report.probe_text import render_probe
from arcdiag.report.words import Words
from tests.report import samples
from tests.report.hostile import ATTACKS, hostile
from tests.report.test_html import ATTRIBUTES, TAGS, parse

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
COLOUR = re.compile("\x1b\\[[0-9;]{0,8}m")
RULES = samples.sample_rules()
IDS = range(len(ATTACKS))


def log(attack: str) -> str:
    """A log with the attack in every field of several kinds of lines."""
    one = attack.replace("\n", "\\n").replace('"', '\\"')
    return "\n".join(
        (
            f'time="2026-03-01T08:00:00Z" level=info msg="{one}" {one}="{one}"',
            f'time="{one}" level="{one}" msg="dial tcp: lookup {one} on {one}:53: no such host"',
            f'time="2026-03-01T08:00:00Z" level=error msg="Get \\"https://{one}.his.arc.azure.com/{one}\\": dial tcp: '
            f'lookup gbl.his.arc.azure.com on 10.0.0.1:53: no such host {one}"',
            f'time="2026-03-01T08:00:01Z" level=fatal msg="AZCM0026: {one}" Error="{one}"',
            f"Resource Name : {attack}",
            f"Agent Status : {attack}",
            f"Agent Version : {one}",
            f"{attack}",
            "",
        )
    )


def facts(attack: str) -> tuple[Fact, ...]:
    """The attack as subject, value, key, path, reason and name."""
    short = attack[:3000]
    value = {short[:200]: short, "host": short, "status": short, "proxy": short, "hosts": [short], "version": short}
    return tuple(
        Fact(name, Subject(kind, short), status, value, by=short, user=short, reason=short, raw=short)
        for name in ("agent.show", "service.state", "probe.endpoint", "probe.tls", "machine.host", "agent.proxy", short[:200])
        for kind in (SubjectKind.ENDPOINT, SubjectKind.MACHINE)
        for status in (FactStatus.OK, FactStatus.ERROR)
    )  # fmt: skip


def bundle(path: Path, attack: str) -> Path:
    """A bundle with the attack wherever somebody else can write."""
    short = attack[:200]
    manifest = Manifest(
        "1.0", short, short, short, "linux", "2026-03-01T09:00:00Z", 0, short, True, (), (NotEvaluated(short, attack[:3000]),)
    )  # fmt: skip
    name = short.replace("/", "_").replace("\0", "_").encode("utf-8", "replace").decode()[:120]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", manifest_to_json(manifest).encode("utf-8", "replace"))
        archive.writestr("facts.jsonl", facts_to_text(facts(attack)).encode("utf-8", "replace"))
        archive.writestr(f"logs/{name}.log", log(attack).encode("utf-8", "replace"))
        archive.writestr("logs/himds.log", log(attack).encode("utf-8", "replace"))
        archive.writestr(f"raw/{name}.exe", b"\x7fELF\0")
    return path


@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_no_command_passes_on_what_a_case_says(tmp_path: Path, attack: str, capsys: pytest.CaptureFixture[str]) -> None:
    case = str(bundle(tmp_path / "case.zip", attack))
    other = str(bundle(tmp_path / "other.zip", attack[::-1].encode("utf-8", "replace").decode()))
    commands = [
        ["analyze", case, "--lang", "en"],
        ["analyze", case, "--json"],
        ["analyze", case, "--format", "md", "--lang", "ko"],
        ["analyze", case, "--format", "html", "--lang", "zh-CN"],
        ["explain", "dns-failure", "--case", case, "--lang", "en"],
        ["compare", other, case, "--lang", "en"],
        ["compare", other, case, "--format", "html", "--lang", "en"],
        ["compare", other, case, "--format", "json"],
        ["redact", case, "-o", str(tmp_path / "redacted.zip"), "--lang", "en"],
        ["redact", case, "-o", str(tmp_path / "without.zip"), "--identifiers", "--lang", "en"],
    ]
    for command in commands:
        code = run(command)
        out, errors = capsys.readouterr()
        assert code in (0, 1, 3), (command, errors)
        assert not OBEYED.search(out + errors), command
        if "html" in command:
            page = parse(out)
            assert set(page.tags) <= TAGS | {"br"} and {name for _, name, _ in page.attributes} <= ATTRIBUTES, command
        if "json" in command or "--json" in command:
            json.loads(out)
    for name in ("redacted.zip", "without.zip"):
        with zipfile.ZipFile(tmp_path / name) as written:
            assert {"diagnosis.json", "report.html"} <= set(written.namelist())
            assert not any(OBEYED.search(member) for member in written.namelist())
            assert set(parse(written.read("report.html").decode()).tags) <= TAGS


@pytest.mark.parametrize("attack", ATTACKS, ids=IDS)
def test_colours_of_a_terminal_are_ours_alone(attack: str) -> None:
    bad = hostile(attack)
    before = document(samples.one_cause(), RULES)
    for text in (
        render_text(bad, RULES, width=80, colour=True),
        render_probe(bad, RULES, 100, True, "en", 1.0),
        render_comparison(compare(before, document(bad, RULES)), Words.of(RULES, "en"), 80, True),
        render_comparison(compare(document(replace(bad), RULES), before), Words.of(RULES, "en"), 80, True),
    ):
        assert not OBEYED.search(COLOUR.sub("", text))
        assert len(text) < 500_000
