"""`arcdiag explain`: codes, causes and messages for people and as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from arcdiag.cli.explain import command
from arcdiag.cli.main import run
from arcdiag.errors import InputError

OWN = """\
- signal: own.jammed
  text: ["the frobnicator at {host:host} is jammed"]
  subject: endpoint
  says: The frobnicator at {host} is jammed.
  samples:
    match: [{ line: "the frobnicator at a.example is jammed" }]
    no_match: [{ line: "the frobnicator is fine" }]
- cause: own-cause
  layer: host
  title: A jam in the machine
  summary: "The frobnicator {host} is jammed, and it stays so until somebody takes the time to clear it by hand."
  applies: { os: windows, agent: "<1.40" }
  confirmed: [ { all: [ own.jammed, { fact: own.fact, result: [stuck, slow] } ] } ]
  likely: [ { signal: own.jammed, role: [entra-login] }, { code: AZCM0026 } ]
  against: [ { fact: own.fact, result: free } ]
  breaks: [connect, heartbeat]
  explains: [ own-other ]
  look_alikes: { own-other: the frobnicator is only tired }
  fix:
    - { do: Unjam it., run: "frob clear {host} --force", who: server, os: windows, agent: ">=1.30" }
    - { do: Oil it., run: "frob oil", who: network, os: linux }
    - { do: Call somebody. }
  verify: frob check
  false_positives: [ "A frobnicator that was taken out." ]
  references: [ "https://learn.microsoft.com/azure/azure-arc/servers/frobnicator" ]
- cause: own-other
  layer: host
  title: Tired
  summary: It rests.
  likely: [ own.jammed ]
  breaks: [connect]
  fix: [ { do: Wait. } ]
"""


def explain(*args: str) -> str:
    result = CliRunner().invoke(command, args, catch_exceptions=False)
    return result.output


def flat(*args: str) -> str:
    return " ".join(explain(*args).split())


def document(*args: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(explain(*args, "--format", "json"))
    return found


@pytest.fixture
def own(tmp_path: Path) -> str:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    return str(tmp_path)


def test_a_code_says_meaning_step_and_what_is_behind_it() -> None:
    text = flat("azcm42")
    assert text.startswith("AZCM0042 (azcmagent, exit code 42)")
    assert "could not be created" in text
    assert "not the reason" in text
    assert "rbac-missing-onboarding-role" in text
    assert "arcdiag explain AuthorizationFailed" in text


def test_a_bare_exit_code_is_azcmagents_first() -> None:
    text = flat("42")
    assert text.startswith("AZCM0042 (azcmagent, exit code 42)")
    assert "As an exit code of msiexec, curl, a package manager or an extension, 42 has no meaning" in text
    assert "As an exit code" not in flat("AZCM0042")


def test_a_bare_exit_code_lists_the_other_programs() -> None:
    text = flat("exit 64")
    assert text.startswith("AZCM0064")
    assert "64 (an extension's handler): The extension lies on a file system that is mounted noexec." in text
    assert 'arcdiag explain "extension 64"' in text
    assert flat("extension 64").startswith("64 (an extension's handler)")


def test_0104_by_version() -> None:
    assert "could not read information about the operating system" in flat("AZCM0104", "--agent-version", "1.0")
    new = document("AZCM0104", "--agent-version", "1.67")["codes"][0]
    assert new["meaning"]["text"] == "The private key could not be obtained."
    assert "operating system" in new["other_meanings"][0]["text"]
    assert "2026-08" in new["chosen_because"]


def test_0068_by_version() -> None:
    old = document("AZCM0068", "--agent-version", "1.10")["codes"][0]
    new = document("AZCM0068", "--agent-version", "1.30")["codes"][0]
    assert "being disconnected" in old["meaning"]["text"]
    assert "subscription was given by name" in new["meaning"]["text"]


def test_0147_by_system() -> None:
    windows = document("147", "--os", "windows")["codes"][0]
    linux = document("147", "--os", "linux")["codes"][0]
    assert [c["id"] for c in windows["causes"]] == ["azure-vm-not-supported"]
    assert [c["id"] for c in linux["causes"]] == ["command-line-invalid"]
    assert "version that was asked for" in linux["meaning"]["text"]
    both = document("147")["codes"][0]
    assert {c["why"] for c in both["causes"]} == {"Windows", "Linux"}
    assert "--os" in both["chosen_because"]


def test_a_version_that_is_not_in_the_calendar_is_said() -> None:
    assert "not in the release calendar" in flat("AZCM0068", "--agent-version", "9.9")


def test_the_printed_name_decides() -> None:
    line = "Exit Code:  AZCM0104: Failed To Get OS Information"
    found = document(line, "--agent-version", "1.67")["codes"][0]
    assert "operating system" in found["meaning"]["text"]
    assert "name printed beside" in found["chosen_because"]


def test_codes_of_other_families() -> None:
    assert "spn-secret-expired" in flat("AADSTS7000222")
    assert "resource-locked" in flat("ScopeLocked")
    assert "certificate chain could not be built" in flat("0x800B010A")
    assert "msi-install-failed" in flat("1603")


def test_a_cause_in_full(own: str) -> None:
    text = flat("own-cause", "--rules", own)
    for part in (
        "own-cause: A jam in the machine",
        "The frobnicator <host> is jammed, and it stays so",
        "Steps that fail because of it: connect, heartbeat.",
        "Inferred only for: Windows, agent <1.40.",
        "WHAT PROVES IT - The frobnicator at <host> is jammed, and also: A check of the machine says so: own.fact "
        "(result: stuck or slow)",
        "WHAT MAKES IT LIKELY - The frobnicator at <host> is jammed (role: entra-login) - The code AZCM0026",
        "WHAT SPEAKS AGAINST IT - A check of the machine says so: own.fact (result: free)",
        "WHAT LOOKS LIKE IT - own-other: the frobnicator is only tired",
        "WHAT FOLLOWS FROM IT - own-other: Tired",
        "1. Unjam it. [server administrator, Windows, agent >=1.30] frob clear <host> --force",
        "2. Oil it. [network team, Linux] frob oil",
        "frob check",
        "A frobnicator that was taken out.",
        "https://learn.microsoft.com/azure/azure-arc/servers/frobnicator",
    ):
        assert part in text


def test_fixes_of_one_system_and_version(own: str) -> None:
    fixes = document("own-cause", "--rules", own, "--os", "linux")["cause"]["fix"]
    assert [fix["text"] for fix in fixes] == ["Oil it.", "Call somebody."]
    fixes = document("own-cause", "--rules", own, "--os", "windows", "--agent-version", "1.29")["cause"]["fix"]
    assert [fix["text"] for fix in fixes] == ["Call somebody."]


def test_a_message_is_searched_like_a_log(own: str) -> None:
    found = document("ERROR the frobnicator at x.example is jammed, AZCM0026: Network Error", "--rules", own)
    assert found["kind"] == "text"
    match = next(m for m in found["matches"] if m["signal"] == "own.jammed")
    assert match["says"] == "The frobnicator at x.example is jammed."
    assert match["captures"] == {"host": "x.example"}
    assert {c["id"]: c["why"] for c in match["causes"]} == {
        "own-cause": "confirmed; depends on the host, the step and what else is seen",
        "own-other": "likely",
    }
    assert [code["code"] for code in found["codes"]] == ["AZCM0026"]
    text = flat("the frobnicator at x.example is jammed", "--rules", own)
    assert text.startswith("The frobnicator at x.example is jammed. Known to arcdiag as own.jammed.")
    assert "own-other: Tired (likely)" in text


def test_a_signal_by_its_id(own: str) -> None:
    assert "The frobnicator at <host> is jammed." in flat("own.jammed", "--rules", own)


def test_a_shipped_message_and_a_shipped_cause() -> None:
    text = flat("dial tcp: lookup gbl.his.arc.azure.com on 10.0.0.2:53: no such host")
    assert "dns-failure" in text
    assert flat("proxy-unreachable").startswith("proxy-unreachable: ")


def test_every_cause_and_code_can_be_printed_within_80_columns() -> None:
    from arcdiag.knowledge.codes import asked_as
    from arcdiag.knowledge.load import load_rules
    from arcdiag.report.explain import Explainer
    from arcdiag.report.explain_text import ExplainSheet
    from arcdiag.report.words import Words

    rules = load_rules()
    words = Words(rules)
    explainer = Explainer(rules, words)
    for rule in rules.codes.values():
        sheet = ExplainSheet(words)
        sheet.code(explainer.code(rule))
        sheet.same_number(asked_as(rule), [])
        assert max(map(len, sheet.text().splitlines())) <= 80, rule.code
        assert "[explain." not in sheet.text() and "[code." not in sheet.text()
    for id_ in rules.causes:
        sheet, cause = ExplainSheet(words), explainer.cause(id_)
        sheet.cause(cause)
        # Commands and addresses are there to be copied: they alone stay on one line.
        whole = {line for fix in cause.fix for line in (fix.command or "").splitlines()}
        whole |= {*cause.references, *(cause.verify or "").splitlines()}
        long = [line for line in sheet.text().splitlines() if len(line) > 80 and line.strip() not in whole]
        assert long == [], id_


@pytest.mark.parametrize(
    ("what", "near"),
    [
        ("AZCM0099", "AZCM0101"),
        ("proxy-unreachble", "proxy-unreachable"),
        ("AADSTS70002x", "AADSTS70002"),
        ("ScopeLockd", "ScopeLocked"),
        ("colourless green ideas sleep furiously", ""),
        ("", ""),
    ],
)
def test_the_unknown_gives_one_line_and_exit_2(what: str, near: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", what]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert near in err and "nothing is known of" in err


def test_a_secret_in_the_unknown_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "run --service-principal-secret Zx9~kQ2.vB7nM4wR8tY1uI5oP3aS6dF0gH"]) == 2
    assert "Zx9~kQ2" not in capsys.readouterr().err


def test_a_version_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(command, ["AZCM0042", "--agent-version", "latest"])
    assert isinstance(result.exception, InputError)
    assert "--agent-version" in str(result.exception)


def test_hostile_text_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    for what in ("A" * 100_000, "\x1b[31mred\x1b[0m", "1" * 5000, "({[" * 1000, "\udcff\udcfe"):
        assert run(["explain", what]) == 2
        assert "\x1b" not in capsys.readouterr().err


def test_no_heavy_module_is_loaded() -> None:
    code = (
        "import sys; from arcdiag.cli.main import run; status = run(['explain', '42']);"
        "heavy = {'dns', 'psutil', 'requests', 'jinja2', 'cryptography'} & set(sys.modules);"
        "sys.exit(f'{status} {heavy}' if status or heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
