"""Makes the picture in the README: the top of the report of a labelled case, in Chromium.

`python -m tests.docs.picture` writes docs/report.png.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import arcdiag
from tests.docs.pages import ROOT

CASE = ROOT / "tests/cases/corpus/20-proxy-host-unresolvable/evidence"
TARGET = ROOT / "docs" / "report.png"
WIDTH, HEIGHT = 1100, 860


def make(target: Path) -> None:
    """Write the picture: `WIDTH` times `HEIGHT` pixels from the top of the page, in light colours."""
    page = arcdiag.render(arcdiag.analyze(CASE), "html")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        file = Path(folder) / "report.html"
        file.write_text(page, encoding="utf-8")
        browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        shown.goto(file.as_uri())
        shown.screenshot(path=target, clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT})
        browser.close()


if __name__ == "__main__":
    make(TARGET)
