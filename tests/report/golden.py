"""Expected outputs of the renderers; `python -m tests.report.golden` writes them anew, and git shows what changed."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from arcdiag.report import render_html, render_json, render_markdown, render_text
from tests.report import samples

FOLDER = Path(__file__).with_name("golden")


def outputs() -> dict[str, str]:
    """What every renderer makes of one diagnosis, by file name; of the HTML only its text."""
    d, rules = samples.one_cause(), samples.sample_rules()
    return {
        "one_cause.json": render_json(d, rules),
        "one_cause.txt": render_text(d, rules),
        "one_cause.md": render_markdown(d, rules),
        "one_cause.html.txt": page_text(render_html(d, rules)),
    }


def expected(name: str) -> str:
    """The kept output."""
    return (FOLDER / name).read_text(encoding="utf-8")


def page_text(html: str) -> str:
    """The text of a page, a line for each piece, without style and script."""
    reader = _TextReader()
    reader.feed(html)
    return "\n".join(reader.lines) + "\n"


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.quiet = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.quiet = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self.quiet = False

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.quiet:
            self.lines.append(" ".join(data.split()))


if __name__ == "__main__":
    for file_name, text in outputs().items():
        (FOLDER / file_name).write_text(text, encoding="utf-8", newline="\n")
