"""The renderers: one `Diagnosis` in, one finished document out. They word what was decided and decide nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arcdiag.report.document import render_json
    from arcdiag.report.html import render_html
    from arcdiag.report.markdown import render_markdown
    from arcdiag.report.text import render_text

__all__ = ["render_html", "render_json", "render_markdown", "render_text"]

_HOMES = {"render_html": "html", "render_json": "document", "render_markdown": "markdown", "render_text": "text"}


def __getattr__(name: str) -> Any:
    """Load a renderer when it is first asked for: a text report must not pay for the template engine."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
