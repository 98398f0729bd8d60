"""`rules lint`: each finding on a rule that has the fault, and none on a rule that is as it should be."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.cli.main import run

GOOD = """\
- signal: own.jam
  text: ["the frobnicator of {host:host} is jammed by {thing:text}"]
  subject: host
  says: The frobnicator of {host} is jammed.
  samples:
    match:
      - line: 'ERROR   the frobnicator of rack1.corp.example is jammed by dust'
        gives: { host: rack1.corp.example }
    no_match:
      - line: 'ERROR   the frobnicator of rack1.corp.example is clean'
        why: it works
- cause: own-jam
  layer: host
  title: The frobnicator is jammed
  summary: Something jams the frobnicator of {subject}.
  likely: [own.jam]
  breaks: [connect]
  look_alikes: { disk-full: "In that case the disk is full. Here a part is jammed." }
  fix:
    - { do: Look at it., run: systemctl status frobnicator, os: linux }
    - { do: Unjam it., run: "unjam {host}" }
  verify: azcmagent show
  references: [https://learn.microsoft.com/azure/azure-arc/servers/overview]
"""


def lint(tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    capsys.readouterr()
    code = run(["rules", "lint", "--rules", str(tmp_path)])
    return code, capsys.readouterr().out.splitlines()


def test_a_good_rule_has_no_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(tmp_path, GOOD, capsys) == (0, ["nothing to say of 2 rules"])


@pytest.mark.parametrize(
    ("old", "new", "place", "finding"),
    [
        ('["the frobnicator of', '["Get {url:url} ... no such host", "the frobnicator of', "own.yaml:2: own.jam.text", "overlap"),
        ('["the frobnicator of', '["never seen words", "the frobnicator of', "own.yaml:2: own.jam.text[0]", "untried-pattern"),
        ('["the frobnicator of', '["timeout", "the frobnicator of', "own.yaml:2: own.jam.text[0]", "common-anchor"),
        ('["the frobnicator of', '["Could not resolve proxy: {proxy:host}", "the frobnicator of', "own.yaml:2: own.jam.text[0]", "same-pattern"),
        ("the frobnicator of rack1.corp.example is clean", "something else altogether", "own.yaml:5: own.jam.samples.no_match[0]", "no-look-alike"),
        ("        why: it works\n", "", "own.yaml:5: own.jam.samples.no_match[0]", "no-look-alike"),
        ("says: The frobnicator of {host}", "says: The frobnicator of {rack}", "own.yaml:4: own.jam.says", "unfilled-sentence"),
        ("likely: [own.jam]", "likely: [{ fact: machine.clock, ntp_synchronized: false }]", "own.yaml:1: own.jam.signal", "leads-nowhere"),
        ("is jammed by dust'", "is jammed by dust --service-principal-secret aB38Q~xkd.Yt1234567890'", "own.yaml:5: own.jam.samples.match[0]", "secret-in-sample"),
        ("title: The frobnicator is jammed", "title: The frobnicator is jammed.", "own.yaml:14: own-jam.title", "headline"),
        ("Something jams", "Something jams " * 40, "own.yaml:15: own-jam.summary", "headline"),
        (", os: linux }", " }", "own.yaml:19: own-jam.fix[0]", "fix-system"),
        ("unjam {host}", "unjam {thing}", "own.yaml:19: own-jam.fix[1]", "unfilled-command"),
        ("  verify: azcmagent show\n", "", "own.yaml:12: own-jam.verify", "no-proof"),
        ("likely: [own.jam]", "likely: [own.jam]\n  confirmed: [{ fact: machine.clok, ntp: false }]", "own.yaml:17: own-jam.confirmed", "unknown-fact"),
        ("likely: [own.jam]", "against: [own.jam]", "own.yaml:12: own-jam.likely", "unreachable"),
        ("title: The frobnicator is jammed", "title: TODO", "own.yaml:14: own-jam.title", "todo"),
        ("  layer: host", "  layer: host\n  status: stable", "own.yaml", "untranslated"),
    ],
)  # fmt: skip
def test_each_fault_is_found_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, place: str, finding: str
) -> None:
    assert old in GOOD
    code, lines = lint(tmp_path, GOOD.replace(old, new, 1), capsys)
    assert code == 1
    found = [line for line in lines if line.endswith(f"[{finding}]")]
    assert found and found[0].startswith(place), lines


def test_a_rule_that_cannot_be_used_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(tmp_path, GOOD.replace("likely: [own.jam]", "likely: [own.jm]"), capsys)[0] == 2


def test_the_shipped_rules_have_no_grave_findings(capsys: pytest.CaptureFixture[str]) -> None:
    run(["rules", "lint"])
    grave = ("unknown-fact", "unfilled-sentence", "leads-nowhere", "todo", "untranslated", "unreachable", "no-proof")
    lines = [line for line in capsys.readouterr().out.splitlines() if line.endswith(tuple(f"[{g}]" for g in grave))]
    assert lines == []
