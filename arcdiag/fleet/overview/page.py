"""The overview as one HTML page that loads nothing, runs nothing but its own few lines, and works without them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from markupsafe import Markup

from arcdiag.fleet.overview.export import csv_links
from arcdiag.fleet.overview.listing import listing, short_time, split_source
from arcdiag.fleet.overview.model import AgentVersion, CauseGroup, Machine, Overview
from arcdiag.fleet.store import REPORTS, report_file
from arcdiag.knowledge.sources import data_dir
from arcdiag.report.clean_text import clean_text
from arcdiag.report.policy import content_policy
from arcdiag.report.templates import environment, style_sheet
from arcdiag.report.visible import one_line
from arcdiag.report.words import Words, plain

MOST_CAUSES, MOST_MACHINES, MOST_ERRORS = 50, 100, 300
_LONGEST = 400
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,100}")
_VERDICTS = ("problem", "inconclusive", "recovered", "healthy")


def render_overview(o: Overview, words: Words, folder: Path, output: Path) -> str:
    """The whole page, to be written to `output`; links lead to reports in `folder`, commands name it."""
    page = _Page(o, words, folder, output)
    style = style_sheet() + _part("fleet.css")
    script = (data_dir("templates") / "report.js").read_text(encoding="utf-8") + _part("fleet.js")
    reports = page.relative(folder / REPORTS) + "/"
    return (
        environment()
        .get_template("fleet/page.html.j2")
        .render(
            o=o,
            p=page,
            lang=words.lang,
            t=words.say,
            count=words.count,
            reason=words.reason,
            title=page.title,
            style=Markup(style),
            script=Markup(script),
            policy=Markup(content_policy(style, script)),
            listing=Markup(
                listing(
                    o.machines,
                    page.title,
                    lambda verdict: words.say(f"report.verdict.{verdict}"),
                    reports,
                    lambda bundle: report_file(folder, bundle).name,
                )
            ),
        )
    )


def _part(name: str) -> str:
    return (data_dir("templates") / "fleet" / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class _Page:
    """What the template asks for."""

    o: Overview
    words: Words
    folder: Path
    output: Path

    @cached_property
    def all(self) -> int:
        return len(self.o.machines)

    @cached_property
    def csv(self) -> dict[str, str]:
        return csv_links(self.o)

    @property
    def verdicts(self) -> list[tuple[str, int]]:
        return [(name, self.o.verdicts[name]) for name in _VERDICTS if self.o.verdicts.get(name)]

    @property
    def causes(self) -> Sequence[CauseGroup]:
        return self.o.causes[:MOST_CAUSES]

    @property
    def most(self) -> int:
        return max((cause.machines for cause in self.o.causes), default=1)

    @property
    def machines(self) -> Sequence[Machine]:
        return self.o.machines[:MOST_MACHINES]

    @property
    def errors(self) -> Sequence[tuple[str, str]]:
        return self.o.errors[:MOST_ERRORS]

    @property
    def alike(self) -> list[CauseGroup]:
        """Causes whose machines have something in common."""
        return [cause for cause in self.causes if cause.shared or cause.cluster is not None]

    @cached_property
    def lanes(self) -> list[tuple[str, list[tuple[float, float, int]]]]:
        """Names, and bars of x, width and height in a box of 1000 by 40."""
        onsets = self.o.onsets
        if onsets is None:
            return []
        step = 1000 / len(onsets.bins)
        return [
            (
                self.title(lane.cause) if lane.cause else self.words.say("fleet.onsets.others"),
                [
                    (round(i * step, 2), round(step * 0.9, 2), max(3, round(38 * n / onsets.highest)))
                    for i, n in enumerate(lane.counts)
                    if n
                ],
            )
            for lane in onsets.lanes
        ]

    @property
    def bins(self) -> list[tuple[datetime, list[int]]]:
        """The rows of the chart's table: periods in which anything began."""
        onsets = self.o.onsets
        rows = [(at, [lane.counts[i] for lane in onsets.lanes]) for i, at in enumerate(onsets.bins)] if onsets else []
        return [(at, numbers) for at, numbers in rows if any(numbers)]

    @property
    def end(self) -> datetime:
        """The beginning of the last period."""
        assert self.o.onsets is not None
        return self.o.onsets.bins[-1]

    @property
    def contents(self) -> list[tuple[str, str, int]]:
        o = self.o
        entries = [
            ("shared", "fleet.shared", sum(len(c.shared) + (c.cluster is not None) for c in self.alike), True),
            ("causes", "fleet.causes", len(o.causes), True),
            ("clones", "fleet.clones", o.all_clones, True),
            ("onsets", "fleet.onsets", 0, o.onsets is not None),
            ("versions", "fleet.versions", len(o.versions), bool(o.versions)),
            ("machines", "fleet.machines", self.all, True),
            ("errors", "fleet.errors", len(o.errors), bool(o.errors)),
        ]
        return [(id_, key, number) for id_, key, number, there in entries if there]

    @property
    def open(self) -> str:
        return f"arcdiag fleet report --from {self._folder} --machine <name> -o <name>.html"

    @property
    def export(self) -> str:
        return f'arcdiag fleet query "FROM latest" --from {self._folder} --format csv -o machines.csv'

    @property
    def _folder(self) -> str:
        """Its name alone, as the page may be opened on another machine; not one that a shell would read otherwise."""
        name = self.folder.resolve().name
        return name if _PLAIN_NAME.fullmatch(name) else "<folder>"

    def title(self, cause: str) -> str:
        """A cause's title; its id where today's rules do not know it."""
        return one_line(plain(self.words.title("cause", cause)))

    def titles(self, machine: Machine) -> str:
        return "; ".join(self.title(cause) for cause in machine.causes[:5]) or "–"

    def shown(self, text: str, most: int = _LONGEST) -> str:
        """Text from the tables: visible, without secrets, cut."""
        seen = clean_text(one_line(text[: most + 1]))
        return seen if len(seen) <= most else seen[: most - 1] + "…"

    def trait(self, name: str) -> str:
        """A trait's name in words; policies stand by their ids."""
        key = f"fleet.trait.{name}"
        return self.words.say(key) if key in self.words else self.shown(name, 120)

    def value(self, value: str) -> str:
        return self.words.say("fleet.value.none") if value == "none" else self.shown(value, 160)

    def part(self, number: int, of: int) -> str:
        return self.words.say("fleet.of", n=f"{number:,}", all=f"{of:,}", percent=self.percent(number, of))

    def percent(self, number: int, of: int) -> str:
        """With one digit below ten, so that a few of thousands are not nothing."""
        share = 100 * number / of if of else 0.0
        return f"{share:.0f}\N{NO-BREAK SPACE}%" if share >= 10 or not share else f"{share:.1f}\N{NO-BREAK SPACE}%"

    def width(self, number: int, most: int) -> float:
        return round(100 * number / most, 2)

    def time(self, at: datetime) -> str:
        return at.isoformat(" ", "minutes")

    def since(self, machine: Machine) -> str:
        """When its first cause began, as the logs have it: with Z in UTC, without in local time."""
        return short_time(machine.onset) or "–"

    def support(self, version: AgentVersion) -> str:
        return "unknown" if version.supported is None else "yes" if version.supported else "no"

    def file(self, machine: Machine) -> str:
        return self.shown(split_source(machine.source)[1], 120)

    def link(self, machine: Machine) -> str:
        return self.relative(report_file(self.folder, machine.bundle))

    def relative(self, target: Path) -> str:
        """As a link from the page; a name of the folder that would be a scheme or markup stays a path."""
        from urllib.parse import quote

        try:
            way = os.path.relpath(target.resolve(), self.output.resolve().parent)
        except ValueError:
            # Another drive of Windows.
            return target.resolve().as_uri()
        return "./" + quote(way.replace(os.sep, "/"))
