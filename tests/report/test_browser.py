"""The HTML report in a real browser: every section, no request, no error, keyboard and accessibility, in each language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from arcdiag.knowledge.load import load_rules
from arcdiag.model.diagnosis import Diagnosis
from arcdiag.report import render_html
from arcdiag.report.language import LANGUAGES
from tests.report import samples
from tests.report.hostile import ATTACKS, everything, hostile

RULES = load_rules()
CHROMIUM = "/usr/bin/chromium"
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
CASES: dict[str, Callable[[], Diagnosis]] = {
    "healthy": samples.healthy,
    "recovered": samples.recovered,
    "one-cause": samples.one_cause,
    "three-causes": samples.three_causes,
    "inconclusive": samples.inconclusive,
    "after-collect": samples.after_collect,
    "many-lines": samples.many_lines,
    "hostile": lambda: hostile(" ".join(ATTACKS), everything()),
}
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@dataclass
class Seen:
    """What a page did beyond showing itself."""

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
    return tmp_path_factory.mktemp("pages")


def opened(context: BrowserContext, folder: Path, case: str, lang: str) -> tuple[Page, Seen]:
    path = folder / f"{case}-{lang}.html"
    if not path.exists():
        path.write_text(render_html(CASES[case](), RULES, lang), encoding="utf-8")
    page, seen = context.new_page(), Seen()
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    return page, seen


def quiet(page: Page, seen: Seen) -> None:
    """Nothing was asked for but the page itself, and nothing went wrong."""
    assert seen.requests == [page.url.split("#")[0]]
    assert seen.errors == [] and seen.dialogs == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_nothing_that_accessibility_rules_forbid(browser: Browser, folder: Path, case: str, lang: str) -> None:
    scheme = "dark" if case in ("one-cause", "healthy", "many-lines") else "light"
    with browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme) as context:
        page, seen = opened(context, folder, case, lang)
        page.evaluate(AXE)
        result: Any = page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        found = [(v["id"], [n["html"][:160] for n in v["nodes"][:2]]) for v in result["violations"]]
        assert found == []
        assert page.locator("html").get_attribute("lang") == lang
        quiet(page, seen)


@pytest.mark.parametrize("case", CASES)
def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, folder: Path, case: str) -> None:
    with browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark") as context:
        page, seen = opened(context, folder, case, "en")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.locator("h1").is_visible()
        quiet(page, seen)


@pytest.mark.parametrize("case", CASES)
def test_without_scripts_everything_can_be_read(browser: Browser, folder: Path, case: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page, seen = opened(context, folder, case, "en")
        assert page.locator("button").count() == 0
        links = page.locator(".contents a")
        for index in range(links.count()):
            target = links.nth(index).get_attribute("href")
            assert target is not None and page.locator(target).is_visible(), target
        quiet(page, seen)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_paper_all_is_open_and_nothing_to_click_is_left(browser: Browser, folder: Path, lang: str) -> None:
    with browser.new_context() as context:
        page, seen = opened(context, folder, "three-causes", lang)
        page.emulate_media(media="print")
        assert page.locator("button:visible").count() == 0
        pdf = page.pdf(format="A4")
        assert pdf.startswith(b"%PDF") and len(pdf) < 2_000_000
        quiet(page, seen)


def test_copy_puts_the_command_into_the_clipboard(browser: Browser, folder: Path) -> None:
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page, seen = opened(context, folder, "one-cause", "en")
        box = page.locator(".cmd").first
        box.get_by_role("button").click()
        box.get_by_role("button", name="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == box.locator("code").inner_text()
        quiet(page, seen)


def test_the_filter_leaves_the_rows_that_hold_the_words(browser: Browser, folder: Path) -> None:
    with browser.new_context() as context:
        page, seen = opened(context, folder, "after-collect", "en")
        rows = page.locator("main tbody tr")
        before = rows.count()
        field_ = page.get_by_role("searchbox")
        field_.fill("login.microsoftonline.com")
        shown = [row.inner_text().lower() for row in rows.all() if row.is_visible()]
        assert 0 < len(shown) < before and all("login.microsoftonline.com" in text.replace("\n", "") for text in shown)
        assert " of " in page.locator(".filter output").inner_text()
        field_.fill("")
        assert sum(row.is_visible() for row in rows.all()) == before
        quiet(page, seen)


def test_the_keyboard_reaches_the_answer_first_and_every_control(browser: Browser, folder: Path) -> None:
    with browser.new_context() as context:
        page, _ = opened(context, folder, "three-causes", "en")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#answer"
        wanted = page.locator("a:visible, button:visible, summary:visible, input:visible").count()
        reached = set()
        for _ in range(wanted * 2 + 40):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("(e => e.outerHTML + e.getBoundingClientRect().top)(document.activeElement)"))
        assert len(reached) >= wanted - 1


def test_hostile_text_is_shown_as_text(browser: Browser, folder: Path) -> None:
    with browser.new_context() as context:
        page, seen = opened(context, folder, "hostile", "en")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.querySelectorAll('main script, main img, main iframe, main object').length") == 0
        quiet(page, seen)
