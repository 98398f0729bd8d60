"""The template engine of every page: it escapes what is no markup, and a missing name is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from arcdiag.knowledge.sources import data_dir


def environment(finalize: Callable[[Any], Any] | None = None) -> Environment:
    """An engine over `templates/`. `finalize` is applied to every value before it is escaped."""
    env = Environment(
        loader=FileSystemLoader(data_dir("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    if env.from_string("{{ x }}").render(x="<") != "&lt;":
        raise AssertionError("the template engine does not escape")
    return env


def style_sheet() -> str:
    """The style sheet of every page."""
    return (data_dir("templates") / "report.css").read_text(encoding="utf-8")
