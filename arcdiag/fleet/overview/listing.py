"""All machines as data inside the page, for its filter: short, and safe inside a script element."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from arcdiag.fleet.overview.model import Machine
from arcdiag.report.visible import one_line

SHORT = 12
"""So many characters of a bundle's hash name it."""
# Inside a script element only these could end it or begin another; as JSON escapes they are the same data.
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


class _Index:
    """Values that many rows share, by number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def of(self, value: str | None) -> int:
        """-1 for nothing."""
        return -1 if value is None else self.numbers.setdefault(value, len(self.numbers))

    @property
    def values(self) -> list[str]:
        return [one_line(value) for value in self.numbers]


def listing(
    machines: Iterable[Machine],
    title: Callable[[str], str],
    verdict: Callable[[str], str],
    reports: str,
    report_name: Callable[[str], str],
) -> str:
    """JSON of all machines; `title` and `verdict` word ids, `reports` is the folder of links, relative to the page."""
    causes, verdicts, agents, proxies, folders = _Index(), _Index(), _Index(), _Index(), _Index()
    rows = []
    for one in machines:
        folder, file = split_source(one.source)
        rows.append(
            [
                one.bundle[:SHORT],
                one_line(one.name),
                verdicts.of(one.verdict),
                [causes.of(cause) for cause in one.causes],
                agents.of(one.agent),
                proxies.of(one.proxy),
                short_time(one.onset),
                folders.of(folder),
                one_line(file),
                report_name(one.bundle) if one.report else "",
            ]
        )
    data = {
        "causes": causes.values,
        "titles": [title(cause) for cause in causes.numbers],
        "keys": verdicts.values,
        "verdicts": [verdict(key) for key in verdicts.numbers],
        "agents": agents.values,
        "proxies": proxies.values,
        "folders": folders.values,
        "reports": reports,
        "rows": rows,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def short_time(iso: str | None) -> str:
    """`2026-02-27T15:39:12Z` as `2026-02-27 15:39Z`; empty for None."""
    return iso[:16].replace("T", " ") + ("Z" if iso.endswith("Z") else "") if iso else ""


def split_source(source: str) -> tuple[str, str]:
    """Folder, with its last separator, and file of a path or URL."""
    at = max(source.rfind("/"), source.rfind("\\")) + 1
    return source[:at], source[at:] or PurePosixPath(source).name
