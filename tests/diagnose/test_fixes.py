"""What enters a suggested command: values of strict forms, and nothing that a shell would take for more."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.pipeline import analyze

APP = "a642c7ed-51d5-4a80-b031-a97c9a70f090"
OWN = """\
- signal: own.refused
  text:
    - 'The gate refuses app "{app:guid}"'
    - 'gate {app:word} is shut for {note:word}'
  subject: app
  says: "The gate refuses {app}."
  samples:
    match:
      - line: "The gate refuses app 'a642c7ed-51d5-4a80-b031-a97c9a70f090'"
    no_match:
      - line: "The gate is open"
        why: nothing is refused
  status: experimental

- cause: own-gate
  layer: identity
  title: The gate is shut
  summary: "The gate refuses {subject}."
  likely: [own.refused]
  breaks: [connect]
  fix:
    - { do: "Open it for {app}.", run: "gate --open {app} --because {note}" }
  references: [https://example.com/gate]
  status: experimental
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> RuleSet:
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.yaml").write_text(OWN, encoding="utf-8")
    return load_rules(folder)


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (f"The gate refuses app '{APP}'", f"gate --open {APP} --because <note>"),
        (f"gate {APP} is shut for maintenance", f"gate --open {APP} --because <note>"),
        ("gate north is shut for maintenance", "gate --open <app> --because <note>"),
        ("gate $(reboot) is shut for `reboot`", "gate --open <app> --because <note>"),
        (f"gate {APP}&reboot is shut for maintenance", "gate --open <app> --because <note>"),
    ],
)
def test_only_what_has_a_strict_form_enters_a_command(rules: RuleSet, tmp_path: Path, line: str, command: str) -> None:
    log = tmp_path / "azcmagent.log"
    log.write_text(
        'time="2026-03-02T06:00:00Z" level=info msg="Connecting machine to Azure"\n'
        f'time="2026-03-02T06:00:01Z" level=fatal msg="{line}"\n',
        encoding="utf-8",
    )
    causes = {cause.id: cause for cause in analyze(log, rules).causes}
    assert [fix.command for fix in causes["own-gate"].fix] == [command]
