"""Which endpoint a text is about."""

from __future__ import annotations

import pytest

from arcdiag.knowledge.subjects import subject_of


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ('Get "https://login.microsoftonline.com/x": denied', "login.microsoftonline.com"),
        ('denied Request URL="https://gbl.his.arc.azure.com/discovery?location=x"', "gbl.his.arc.azure.com"),
        ("denied Endpoint=https://pas.windows.net Status Code=403", "pas.windows.net"),
        ('Get "https://a.example/": denied Request URL="https://b.example/"', "a.example"),
        ("denied, see https://help.example/", None),
    ],
)
def test_the_nearest_url_before_or_else_the_field_of_the_record(text: str, host: str | None) -> None:
    found = subject_of("endpoint", {}, text, text.index("denied"))
    assert (found.id if found else None) == host
