"""collect → read → diagnose → redact → render: the middle of it, for every command."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Diagnosis


def analyze(path: str | Path, rules: RuleSet | None = None, stdin: BinaryIO | None = None, cores: int = 1) -> Diagnosis:
    """Diagnose a folder, file or archive, or `-` for `stdin`, large logs on so many processor `cores`.

    Raises InputError if it cannot be opened.
    """
    from arcdiag.case.open import open_case
    from arcdiag.diagnose.run import diagnose

    chosen = rules if rules is not None else load_rules()
    with open_case(str(path), stdin) as case:
        return diagnose(case, chosen, cores)
