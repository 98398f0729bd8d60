"""Names as programs and people write them: nothing is left of any, and what is no name stays."""

from __future__ import annotations

import json

import pytest

from tests.redact.identifiers.forms import OF_LOGS, OF_MACHINES, OF_PEOPLE, OF_PROGRAMS, ONLY_HERE, STAY, filled
from tests.redact.identifiers.passes import fresh, redacted
from tests.redact.identifiers.tool_forms import OF_PERSONS, OF_TOOLS, STAY_AS_WELL, TOLD_HERE

FORMS = (*OF_LOGS, *OF_PROGRAMS, *OF_MACHINES, *OF_PEOPLE, *OF_TOOLS, *OF_PERSONS, *TOLD_HERE)


def check(text: str, names: list[str]) -> None:
    ids = fresh()
    once = redacted(ids, text.encode())[0].decode()
    assert [name for name in names if name.lower() in once.lower()] == []
    assert once.count("\n") == text.count("\n")
    assert ids.left_in(once) is None
    assert redacted(fresh(b"other"), once.encode())[0].decode() == once


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_left(form: str) -> None:
    for seed in range(4):
        text, places = filled(form, seed)
        names = list(places.values())
        check(text, names)
        check(f"level=info msg=begin\n{text}\nlevel=info msg=end\n", names)
        check(f"{text}\n".replace("\n", "\r\n"), names)
        wide = redacted(fresh(), f"{text}\n".encode("utf-16"))[0].decode("utf-16")
        assert [name for name in names if name.lower() in wide.lower()] == []


@pytest.mark.parametrize("form", [form for form in FORMS if form not in (*ONLY_HERE, *TOLD_HERE)])
def test_a_name_told_once_is_gone_from_other_files(form: str) -> None:
    text, places = filled(form, 9)
    names = [name for place, name in places.items() if not place.startswith("label")]
    other = json.dumps({"msg": " and ".join(names)})
    left = redacted(fresh(), text.encode(), other.encode())[1].decode()
    assert [name for name in names if name.lower() in left.lower()] == []


@pytest.mark.parametrize("text", (*STAY, *STAY_AS_WELL))
def test_what_is_no_name_stays(text: str) -> None:
    assert redacted(fresh(), text.encode())[0].decode() == text
    everything = "\n".join((*STAY, *STAY_AS_WELL))
    assert redacted(fresh(), everything.encode())[0].decode() == everything


def test_there_are_many_forms() -> None:
    assert len(set(FORMS)) == len(FORMS) >= 100
