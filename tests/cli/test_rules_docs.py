"""`arcdiag rules docs`: a page about every cause, whole, linked, and without anything that runs or loads."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from arcdiag.cli.main import run
from arcdiag.knowledge.load import load_rules


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    assert run(["rules", "docs", "-o", str(folder), "--lang", "en"]) == 0
    return folder


def test_every_cause_has_a_page_that_the_index_links(site: Path) -> None:
    index = (site / "index.html").read_text(encoding="utf-8")
    for id_, cause in load_rules().causes.items():
        assert f'href="causes/{id_}.html"' in index
        page = html.unescape((site / f"causes/{id_}.html").read_text(encoding="utf-8"))
        assert cause.rule.title in page and cause.rule.fix[0].do.split("{")[0] in page


def test_no_link_is_dead_and_nothing_is_loaded_or_run(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text and "script-src 'none'" in text and " src=" not in text
        for target in re.findall(r'href="([^"#]+)"', text):
            assert target.startswith("https://") or (page.parent / target).is_file(), f"{page.name}: {target}"
        assert "[docs." not in text and "[explain." not in text and "[report." not in text


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert run(["rules", "docs", "-o", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
