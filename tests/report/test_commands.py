"""Which result a check must have, and which shell a command is for."""

from __future__ import annotations

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.model.diagnosis import Fix
from arcdiag.model.message import Msg
from arcdiag.report.commands import expected, shells
from arcdiag.report.words import Words

WORDS = Words(load_rules())


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("azcmagent show", "Agent Status must be Connected"),
        ("sudo systemctl restart himdsd && azcmagent show", "it must end without a failure"),
        ("azcmagent check --enable-pls-check", "Every required endpoint must be reachable"),
        ("sudo azcmagent version", "must print the version"),
        ("arcdiag probe", "on the server"),
        ("az connectedmachine extension list --machine-name x", "must be Succeeded"),
        ("az vm show --name x", "the setting that you made"),
        ("", "it must end without a failure"),
    ],
)
def test_what_must_come_of_a_command(command: str, text: str) -> None:
    assert text in expected(command, WORDS)


def fix(command: str | None, os: str = "any") -> Fix:
    return Fix(Msg.of("report.todo"), command, os, "server")


@pytest.mark.parametrize(
    ("steps", "verify", "wanted"),
    [
        ([fix(None)], None, ()),
        ([fix("azcmagent show")], "azcmagent show", ()),
        ([fix("sc.exe query himds", "windows")], None, ("PowerShell",)),
        ([fix("azcmagent show")], "az vm show --name <vm>", ("Cloud Shell", "in angle brackets")),
        ([fix("curl -x http://<proxy>", "linux")], None, ("in angle brackets",)),
    ],
)
def test_which_shell_and_what_to_replace(steps: list[Fix], verify: str | None, wanted: tuple[str, ...]) -> None:
    said = shells(steps, verify, WORDS)
    assert len(said) == len(wanted)
    assert all(word in sentence for word, sentence in zip(wanted, said, strict=True))


def test_every_command_that_shows_a_repair_has_a_result_to_expect() -> None:
    """Apart from those that tell by their exit code, which are few."""
    rules = load_rules()
    generic = expected("", WORDS)
    open_ = {
        c.rule.verify for c in rules.causes.values() if c.rule.verify and expected(c.rule.verify, WORDS) == generic
    }
    assert len(open_) <= 12, open_
