"""Forty kinds of secret in every place that makes sense: nothing of any of them survives."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.redact.secrets import holds_secret, scrub_bytes, scrub_text
from arcdiag.redact.stream import PIECE, Scrubber
from tests.redact.carriers import OUTER, bodies, places
from tests.redact.kinds import KINDS, Kind
from tests.redact.left import left_of

LEAST_PLACES = 25
BLOCK_TO_BLOCK = (1, 7, 64, 4095, 4096, 4097)


def by_id(kind: Kind) -> str:
    return kind.id


def check_everywhere(kind: Kind, secret: str) -> None:
    for place in places(kind, secret):
        scrubbed = scrub_text(place.text)
        assert not left_of(secret, scrubbed), (kind.id, place.id, scrubbed)
        assert "«secret:" in scrubbed
        assert scrub_text(scrubbed) == scrubbed, (kind.id, place.id)
        assert not holds_secret(scrubbed)


def test_there_are_forty_kinds_in_enough_places_each() -> None:
    assert len({kind.id for kind in KINDS}) == len(KINDS) >= 40
    for kind in KINDS:
        found = places(kind, kind.value(random.Random(0)))
        assert len({place.text for place in found}) >= LEAST_PLACES, kind.id


@pytest.mark.parametrize("kind", KINDS, ids=by_id)
@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_left_in_any_place(kind: Kind, seed: int) -> None:
    check_everywhere(kind, kind.value(random.Random(f"{kind.id} {seed}")))


@pytest.mark.parametrize("kind", KINDS, ids=by_id)
@settings(max_examples=2, deadline=None, derandomize=True)
@given(seed=st.integers(min_value=1000))
def test_nor_of_values_that_nobody_has_seen(kind: Kind, seed: int) -> None:
    check_everywhere(kind, kind.value(random.Random(seed)))


@pytest.mark.parametrize("kind", KINDS, ids=by_id)
def test_in_other_encodings(kind: Kind) -> None:
    secret = kind.value(random.Random(f"{kind.id} wide"))
    for place in places(kind, secret)[::5]:
        text = place.text.replace("\0", " ")
        for codec, bom in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff"), ("utf-8", b"\xef\xbb\xbf")):
            raw = bom + ("Zeile\r\n" * 3 + text).encode(codec)
            assert not left_of(secret, scrub_bytes(raw).decode(codec, "replace")), (kind.id, place.id, codec)


@pytest.mark.parametrize("kind", KINDS, ids=by_id)
def test_at_the_border_of_two_portions(kind: Kind) -> None:
    secret = kind.value(random.Random(f"{kind.id} border"))
    chosen = places(kind, secret)
    for place, size in zip(chosen[:: max(1, len(chosen) // 6)], BLOCK_TO_BLOCK * 3, strict=False):
        raw = b"level=info msg=x\n" * 260 + place.text.encode()
        scrubber = Scrubber()
        parts = [scrubber.feed(raw[at : at + size]) for at in range(0, len(raw), size)]
        whole = b"".join([*parts, scrubber.finish()])
        assert whole == scrub_bytes(raw)
        assert not left_of(secret, whole.decode())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.texts or kind.names], ids=by_id)
@pytest.mark.parametrize("at", [PIECE - 131_072, PIECE - 60, PIECE])
def test_in_a_line_without_an_end(kind: Kind, at: int) -> None:
    secret = kind.value(random.Random(f"{kind.id} long"))
    text = (bodies(kind, secret) or [f"{kind.names[0]}={secret}"])[0]
    raw = (b"x " * (at // 2) + text.encode() + b" y" * 40_000) * 2
    assert not left_of(secret, scrub_bytes(raw).decode())


def test_all_of_them_in_one_file() -> None:
    rng = random.Random(99)
    chosen = []
    for kind in KINDS:
        secret = kind.value(rng)
        chosen += [(secret, place) for place in rng.sample(places(kind, secret), 20)]
    rng.shuffle(chosen)
    text = "".join(f"INFO    begin\n{place.text}\nINFO    end\n" for _, place in chosen)
    scrubbed = "".join(scrub_text(text).split())
    for secret, place in chosen:
        assert secret[:12] not in scrubbed and secret[-12:] not in scrubbed, place.id


@pytest.mark.parametrize("where", OUTER)
def test_a_place_without_a_secret_stays(where: str) -> None:
    plain = OUTER[where]("nothing at all in here")
    assert scrub_text(plain) == plain
