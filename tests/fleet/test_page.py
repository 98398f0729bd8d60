"""The overview of 10,000 machines in a real browser: small, quick, accessible, without a request, with scripts and without."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from arcdiag.fleet.overview.page import MOST_MACHINES
from arcdiag.fleet.overview.write import overview_page
from arcdiag.fleet.store import report_file
from arcdiag.knowledge.load import load_rules
from arcdiag.report.language import LANGUAGES
from tests.fleet.results import BAD_PROXY, write_results
from tests.fleet.tables import ask

CHROMIUM = "/usr/bin/chromium"
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
MACHINES = 10_000


@dataclass
class Seen:
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        yield made
        made.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("fleet <b>&amp;")
    write_results(made, MACHINES)
    ((first,),) = ask(
        made, "SELECT bundle FROM machines WHERE cause = 'proxy-unreachable' ORDER BY onset, name LIMIT 1"
    )
    report_file(made, first).parent.mkdir()
    report_file(made, first).write_text("<!doctype html><title>one machine</title>")
    rules = load_rules()
    for lang in LANGUAGES:
        page = made / f"fleet-{lang}.html"
        page.write_text(overview_page(made, rules, lang, page), encoding="utf-8")
    return made


def opened(context: BrowserContext, folder: Path, lang: str = "en") -> tuple[Page, Seen]:
    page, seen = context.new_page(), Seen()
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto((folder / f"fleet-{lang}.html").as_uri())
    return page, seen


def quiet(page: Page, seen: Seen) -> None:
    assert [url for url in seen.requests if not url.startswith(("data:", "blob:"))] == [page.url.split("#")[0]]
    assert seen.errors == [] and seen.dialogs == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_that_accessibility_rules_forbid(browser: Browser, folder: Path, lang: str) -> None:
    scheme = "dark" if lang == "ko" else "light"
    with browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme) as context:
        page, seen = opened(context, folder, lang)
        page.evaluate(AXE)
        result: Any = page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        assert [(v["id"], [n["html"][:160] for n in v["nodes"][:2]]) for v in result["violations"]] == []
        assert page.locator("html").get_attribute("lang") == lang
        quiet(page, seen)


def test_the_page_is_small_and_names_every_machine_and_every_broken_bundle(folder: Path) -> None:
    text = (folder / "fleet-en.html").read_text(encoding="utf-8")
    assert len(text.encode()) < 5_000_000
    data = json.loads(re.search(r'id="all">(.*?)</script>', text, re.S)[1])  # type: ignore[index]
    assert len(data["rows"]) == MACHINES - 100
    assert "--from &lt;folder&gt; --machine" in text, "a name that a shell reads otherwise is in no command"
    assert text.count("srv-00099.zip") >= 1 and f"{MACHINES - 100:,} machines" in text


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, folder: Path) -> None:
    with browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark") as context:
        page, seen = opened(context, folder)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.locator("h1").is_visible()
        quiet(page, seen)


def test_without_scripts_everything_can_be_read(browser: Browser, folder: Path) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page, seen = opened(context, folder)
        assert page.locator("button").count() == 0 and page.locator("input").count() == 0
        assert page.locator("#list tbody tr").count() == MOST_MACHINES
        links = page.locator(".contents a")
        for index in range(links.count()):
            target = links.nth(index).get_attribute("href")
            assert target is not None and page.locator(target).is_visible(), target
        assert "100 of 9,900" in page.locator("#left").inner_text()
        quiet(page, seen)


def test_the_filter_finds_every_machine_by_name_cause_or_proxy(browser: Browser, folder: Path) -> None:
    with browser.new_context() as context:
        page, seen = opened(context, folder)
        rows, box, said = page.locator("#list tbody tr"), page.get_by_role("searchbox"), page.locator("#finder output")
        box.fill("srv-09998")
        assert rows.count() == 1 and "srv-09998" in rows.first.inner_text() and "1 of 9900" in said.inner_text()
        ((behind,),) = ask(folder, f"SELECT count(*) FROM latest WHERE proxy = '{BAD_PROXY}'")
        box.fill("PROXY-B.contoso problem")
        found = int(said.inner_text().split()[0])
        assert rows.count() == min(200, found) and 0 < found <= behind
        box.fill("dns-failure")
        assert all("Names of Azure" in row.inner_text() for row in rows.all()[:5])
        box.fill("no such machine")
        assert rows.count() == 0
        box.fill("")
        assert rows.count() == MOST_MACHINES and said.inner_text() == ""
        quiet(page, seen)


def test_all_machines_and_each_table_can_be_saved_as_csv(browser: Browser, folder: Path) -> None:
    with browser.new_context(accept_downloads=True) as context:
        page, seen = opened(context, folder)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="All machines as CSV").click()
        text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert len(rows) == MACHINES - 100 + 1 and len({len(row) for row in rows}) == 1
        assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
        link = page.get_by_role("link", name="causes as CSV")
        kept = unquote((link.get_attribute("href") or "").split(",", 1)[1])
        assert [row[0] for row in csv.reader(io.StringIO(kept))][1:] == [
            "proxy-unreachable",
            "dns-failure",
            "himds-not-running",
        ]
        with page.expect_download() as waiting:
            link.click()
        assert Path(waiting.value.path()).read_text(encoding="utf-8").lstrip("\ufeff").startswith("cause,machines")
        quiet(page, seen)


def test_on_paper_nothing_to_click_is_left(browser: Browser, folder: Path) -> None:
    with browser.new_context() as context:
        page, seen = opened(context, folder)
        page.emulate_media(media="print")
        assert page.locator("button:visible, input:visible").count() == 0
        assert page.pdf(format="A4").startswith(b"%PDF")
        quiet(page, seen)


def test_a_report_that_was_written_is_one_click_away(browser: Browser, folder: Path) -> None:
    with browser.new_context() as context:
        page, _ = opened(context, folder)
        page.locator("#list").get_by_role("link", name="report").first.click()
        assert page.title() == "one machine"


def test_the_keyboard_reaches_the_answer_first_and_the_filter(browser: Browser, folder: Path) -> None:
    with browser.new_context() as context:
        page, _ = opened(context, folder)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#overview"
        reached = set()
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.tagName + ' ' + document.activeElement.type"))
        assert {"INPUT search", "BUTTON button", "A "} <= reached


def test_hostile_names_are_shown_as_text(browser: Browser, folder: Path) -> None:
    with browser.new_context() as context:
        page, seen = opened(context, folder)
        page.get_by_role("searchbox").fill("<script>")
        row = page.locator("#list tbody tr").first.inner_text()
        assert "<script>alert(1)</script><U+202E>gnp.exe<U+001B>[31m" in row
        assert page.evaluate("document.querySelectorAll('main script, main img, main iframe').length") == 0
        quiet(page, seen)


def test_two_renderings_are_the_same_bytes(folder: Path) -> None:
    page = folder / "fleet-en.html"
    assert overview_page(folder, load_rules(), "en", page) == page.read_text(encoding="utf-8")
