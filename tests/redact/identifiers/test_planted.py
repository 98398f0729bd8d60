"""Every kind of identifier in every place: nothing of it is left, and its token tells what it is."""

from __future__ import annotations

import random
import re

import pytest

from tests.redact.carriers import OUTER, makes_sense
from tests.redact.identifiers.kinds import KINDS, Kind
from tests.redact.identifiers.left import readings, squeezed, tokens_of
from tests.redact.identifiers.passes import fresh, learn, redacted, replaced

PLAIN = 'time="2026-03-01T08:00:00Z" level=info msg="https://gbl.his.arc.azure.com is available"\r\n'


def by_id(kind: Kind) -> str:
    return kind.id


def planted(kind: Kind, body: str) -> tuple[str, str]:
    """A value, and the text that carries it."""
    value = kind.value(random.Random(f"{kind.id} {body}"))
    return value, body.replace("%s", value).replace("%%", "%")


def check(kind: Kind, value: str, text: str, where: str, told: str = "") -> None:
    ids = fresh()
    learn(ids, told.encode())
    once = redacted(ids, text.encode())[0].decode()
    assert squeezed(value) not in squeezed(once), where
    assert tokens_of(once) & set(kind.token), where
    assert once.count("\n") == text.count("\n"), where
    assert ids.left_in(once) is None, where
    assert redacted(fresh(), once.encode())[0].decode() == once, where


def test_there_are_places_enough() -> None:
    assert len(KINDS) >= 25
    assert len(OUTER) >= 25 and all(kind.texts for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=by_id)
def test_where_a_text_tells_it(kind: Kind) -> None:
    for number, body in enumerate(kind.texts):
        value, text = planted(kind, body)
        outer = [name for name in OUTER if makes_sense(name, text)]
        # The first text in all places, the others in every third one, each time other ones.
        for name in outer if number == 0 else outer[number % 3 :: 3]:
            check(kind, value, OUTER[name](text), f"{body} in {name}")


@pytest.mark.parametrize("kind", KINDS, ids=by_id)
def test_where_it_stands_bare_and_in_every_spelling(kind: Kind) -> None:
    names = list(OUTER)
    for number, body in enumerate(kind.texts):
        value, told = planted(kind, body)
        if "\n" in told:
            continue
        for spelt in (value, *(spelling(value) for spelling in kind.spellings)):
            for name in names[number % 7 :: 7]:
                check(kind, spelt, OUTER[name](f"seen {spelt} here"), f"{body}: {spelt} in {name}", told + "\n")


@pytest.mark.parametrize("kind", KINDS, ids=by_id)
def test_every_spelling_has_the_same_token(kind: Kind) -> None:
    value, told = planted(kind, kind.texts[0])
    ids = fresh()
    learn(ids, f"{told}\n".encode())
    spelt = (value, *(spelling(value) for spelling in kind.spellings))
    tokens = [re.findall("«[^»]+»", replaced(ids, f"seen {one} here\n".encode()).decode()) for one in spelt]
    assert all(len(found) == 1 for found in tokens)
    assert len({found[0] for found in tokens}) == 1


@pytest.mark.parametrize("kind", KINDS, ids=by_id)
def test_in_wide_and_damaged_files(kind: Kind) -> None:
    value, told = planted(kind, kind.texts[0])
    text = PLAIN * 20 + told + "\r\n" + PLAIN * 3 + f"{told}\r\n"
    for codec in ("utf-16-le", "utf-16-be"):
        wide = text.encode(codec)
        files = {
            "wide": wide,
            "with a mark": "\ufeff".encode(codec) + wide,
            "a byte lost": wide[:801] + wide[802:],
            "a byte lost behind a mark": "\ufeff".encode(codec) + wide[:801] + wide[802:],
            "a narrow end": wide + text.encode(),
            "a narrow beginning": text.encode() + wide,
            "cut in two": wide[:-1],
        }
        for how, data in files.items():
            out = redacted(fresh(), data)[0]
            for reading in readings(out):
                assert squeezed(value) not in squeezed(reading), f"{codec} {how}"
