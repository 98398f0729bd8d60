"""arcdiag: finds the root cause when an Azure Arc-enabled server cannot connect, and proves it.

import arcdiag
diagnosis = arcdiag.analyze("customer.zip")
print(diagnosis.verdict, [cause.id for cause in diagnosis.causes])
print(arcdiag.render(diagnosis, "md"))
"""

from __future__ import annotations

# `pathlib` and `typing` are half of a quick start; type checkers know the name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from arcdiag.model.diagnosis import Diagnosis

__version__ = "0.1.0"
__all__ = ["__version__", "analyze", "render"]


def analyze(path: str | Path, rules: str | Path | None = None) -> Diagnosis:
    """Diagnose a folder, a log, a bundle of `arcdiag collect` or a zip of `azcmagent logs`.

    `rules`: a folder or file of your own rules, over the shipped ones. The same input and rules always give the same
    diagnosis; `causes` is ordered, and the first one whose `state` is `current` is the answer (none: nothing is wrong
    now). Raises `arcdiag.errors.InputError` for a path that cannot be used, `RuleFileError` for a rule that cannot.
    """
    from pathlib import Path

    from arcdiag.knowledge.load import load_rules
    from arcdiag.pipeline import analyze as run

    return run(path, load_rules(Path(rules) if rules is not None else None))


def render(
    diagnosis: Diagnosis,
    format: Literal["json", "md", "text", "html"] = "json",
    lang: str = "en",
    rules: str | Path | None = None,
) -> str:
    """The diagnosis as one document; the same that the command prints. JSON is English whatever `lang` says.

    `rules`: those that `analyze` was given, for their texts. Raises `arcdiag.errors.InputError` for no such language.
    """
    from pathlib import Path

    from arcdiag import report
    from arcdiag.knowledge.load import load_rules

    known = load_rules(Path(rules) if rules is not None else None)
    if format == "json":
        return report.render_json(diagnosis, known)
    if format == "text":
        return report.render_text(diagnosis, known, lang=lang)
    return (report.render_markdown if format == "md" else report.render_html)(diagnosis, known, lang)
