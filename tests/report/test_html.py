from __future__ import annotations

import base64
import hashlib
import itertools
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest

from arcdiag.knowledge.sources import data_dir
from arcdiag.report import render_html
from tests.report import samples
from tests.report.hostile import ATTACKS, MARK, everything, hostile

RULES = samples.sample_rules()
MAKERS = [
    samples.one_cause,
    samples.three_causes,
    samples.healthy,
    samples.recovered,
    samples.inconclusive,
    samples.after_collect,
    everything,
]
VOID = {"meta", "link", "img", "input", "br", "hr", "wbr"}
ATTRIBUTES = {
    *("lang", "charset", "content", "name", "http-equiv", "class", "id", "href", "rel", "tabindex", "open", "role"),
    *(
        "scope",
        "data-label",
        "data-copy",
        "data-copied",
        "data-open",
        "data-close",
        "data-filter",
        "data-left",
        "aria-hidden",
        "aria-labelledby",
    ),
    *("focusable", "width", "height", "viewbox", "preserveaspectratio", "d", "cx", "cy", "r", "x", "y"),
}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "script", "header", "nav", "main", "section", "footer"),
    *("svg", "symbol", "path", "circle", "rect", "use", "a", "p", "strong", "span", "code", "pre", "mark", "div"),
    *("h1", "h2", "h3", "h4", "h5", "ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td", "wbr"),
}


@dataclass
class Page(HTMLParser):
    """A page as a browser's parser sees it."""

    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    bodies: dict[str, list[str]] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.bodies.setdefault(self.open[-1], []).append(data)


def parse(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.__name__)
def test_every_page_is_well_formed(maker: Any) -> None:
    html = render_html(maker(), RULES)
    page = parse(html)
    assert html.startswith("<!doctype html>")
    assert page.tags.count("h1") == page.tags.count("main") == 1
    assert "[report." not in html
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    for _, name, value in page.attributes:
        if name == "aria-labelledby" or (name == "href" and value.startswith("#")):
            assert value.lstrip("#") in ids


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m.__name__)
def test_headings_come_in_order(maker: Any) -> None:
    body = render_html(maker(), RULES).split("<main", 1)[1]
    levels = [int(level) for level in re.findall(r"<h([1-6])", body)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_no_element_and_no_attribute_stems_from_a_log(attack: str) -> None:
    html = render_html(hostile(attack), RULES)
    page = parse(html)
    assert set(page.tags) <= TAGS
    assert {name for _, name, _ in page.attributes} <= ATTRIBUTES
    assert [(tag, name) for tag, name, value in page.attributes if MARK in value] == []
    assert page.tags.count("script") == page.tags.count("style") == 1
    script = (data_dir("templates") / "report.js").read_text(encoding="utf-8")
    assert page.bodies["script"] == [script]
    assert MARK in "".join(page.bodies["code"]) or attack[:9] in "".join(page.bodies["code"])
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff]", html)
    assert len(html.encode("utf-8")) < 2_000_000


def test_a_template_in_a_log_is_not_run() -> None:
    html = render_html(hostile("{{ 7 * 191 }}{% raw %}{# x #}"), RULES)
    assert "1337" not in html
    assert "{{ 7 * 191 }}{% raw %}{# x #}" in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "http://x.example", " https://x.example"])
def test_only_https_becomes_a_link(url: str) -> None:
    d = samples.diagnosis(samples.Verdict.PROBLEM, causes=(samples.proxy_cause(references=(url,)),))
    page = parse(render_html(d, RULES))
    assert all(value.startswith("#") for tag, name, value in page.attributes if name == "href")


def sha(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_exactly_this_style_and_script() -> None:
    html = render_html(samples.one_cause(), RULES)
    page = parse(html)
    policy = next(value for _, name, value in page.attributes if name == "content" and "default-src" in value)
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src {sha(page.bodies['style'][0])}",
        f"script-src {sha(page.bodies['script'][0])}",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert html.index("Content-Security-Policy") < html.index("<style>")


def test_nothing_is_loaded_and_nothing_is_inline() -> None:
    html = render_html(everything(), RULES)
    page = parse(html)
    names = {name for _, name, _ in page.attributes}
    assert not names & {"src", "srcset", "style", "action", "background", "poster"}
    assert not [name for name in names if name.startswith("on")]
    assert not re.search(r"@import|url\(", "".join(page.bodies["style"]))
    assert not re.search(r"fetch|XMLHttp|import\(|innerHTML|eval", "".join(page.bodies["script"]))


def test_the_order_from_the_top() -> None:
    html = render_html(everything(), RULES)
    order = (
        "todo proof ruled-out look-alikes explains others warnings timeline endpoints facts codes checks attempts not-evaluated "
        "next-steps unexplained support-ids appendix"
    )
    assert " ".join(re.findall(r'<section id="([a-z-]+)"', html)) == order


def test_evidence_shows_its_place_and_its_context() -> None:
    html = render_html(samples.one_cause(), RULES)
    assert re.search(r"<code>azcmagent\.log</code>, line 41", html)
    assert "<mark>proxyconnect tcp: dial tcp: lookup proxy01.corp.example" in html
    numbers = re.findall(r'class="no" aria-hidden="true">(\d+)<', html)
    assert numbers == ["39", "40", "41", "42"]


def test_a_record_of_several_lines_does_not_number_what_follows() -> None:
    evidence = samples.log_evidence("one\ntwo", 41)
    d = samples.diagnosis(samples.Verdict.PROBLEM, causes=(samples.proxy_cause(evidence=(evidence,)),))
    assert re.findall(r'class="no" aria-hidden="true">(\d*)<', render_html(d, RULES)) == ["39", "40", "41", ""]


def test_five_thousand_lines_stay_small_and_it_is_said() -> None:
    html = render_html(samples.many_lines(5000), RULES)
    assert len(html.encode()) < 500_000
    assert "20 of 5,000 matched lines shown; the JSON report holds all." in html


def test_a_page_of_the_worst_kind_stays_under_two_megabytes() -> None:
    wild = samples.log_evidence('"\x1b' * 4000, before=('"' * 900,) * 4, after=('"' * 900,) * 4)
    cause = samples.proxy_cause(evidence=(wild,) * 50, subjects=('"' * 5000,) * 50)
    many = samples.diagnosis(samples.Verdict.PROBLEM, causes=(cause,) * 60, endpoints=samples.endpoints() * 100)
    html = render_html(many, RULES)
    assert len(html.encode()) < 2_000_000
    assert " of 59 shown; the JSON report holds all." in html


def test_a_failing_hop_is_told_in_words() -> None:
    html = render_html(samples.after_collect(), RULES)
    cell = re.search(r'<td class="hop-fail">(.*?)</td>', html)
    assert cell
    assert "FAILED" in cell[1]
    assert "fails at DNS" in html


def test_tables_have_headers_with_scope() -> None:
    html = render_html(everything(), RULES)
    assert re.findall(r"<th(?![^>]*scope=)[^>]*>", html.replace("<thead", "")) == []


COLOURS = [("text", "bg"), ("dim", "bg"), ("link", "surface"), ("mark-text", "mark"), ("text", "code"), ("dim", "code")]
COLOURS += [(name, f"{name}-bg") for name in ("problem", "ok", "warn", "calm")]
COLOURS += [(name, "surface") for name in ("text", "dim", "problem", "ok", "warn", "calm")]
COLOURS += [(name, f"{other}-bg") for name in ("text", "dim") for other in ("problem", "ok", "warn", "calm")]


def palettes() -> list[dict[str, str]]:
    css = (data_dir("templates") / "report.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    first = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light))
    return [first, first | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark))]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("front, back", COLOURS)
def test_contrast_is_aa(scheme: int, front: str, back: str) -> None:
    palette = palettes()[scheme]
    high, low = sorted((luminance(palette[front]), luminance(palette[back])), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5
