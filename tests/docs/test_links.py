"""Links inside the documents lead to files and headings that are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, links

NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_link_is_dead(page: Path) -> None:
    dead = []
    for link in links(page):
        if link.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or not target.is_relative_to(ROOT):
            dead.append(link)
        elif anchor and anchor not in anchors(target):
            dead.append(f"{link} (there are {', '.join(sorted(anchors(target)))})")
    assert dead == []


def test_every_page_of_docs_is_linked_from_the_readme() -> None:
    readme = ROOT / "README.md"
    reached = {(readme.parent / link.partition("#")[0]).resolve() for link in links(readme)}
    reached |= {
        (page.parent / link.partition("#")[0]).resolve()
        for page in reached
        if page.suffix == ".md"
        for link in links(page)
    }
    assert [name for name, page in zip(NAMES, PAGES, strict=True) if page != readme and page not in reached] == []


def test_what_counts_as_a_link_and_an_anchor(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A `b` c: d?\n\n## Two words\n## Two words\n[x](y.md#z) ![p](q.png)\n```\n# no [n](o)\n```\n")
    assert links(page) == ["y.md#z", "q.png"]
    assert anchors(page) == {"a-b-c-d", "two-words", "two-words-1"}
