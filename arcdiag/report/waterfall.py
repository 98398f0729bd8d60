"""How long each layer of an endpoint took, as bars that follow each other, on one scale for all endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arcdiag.model.diagnosis import EndpointSeen

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """`x` and `width` of WIDTH; `failed`: the endpoint ends here."""

    layer: str
    ms: int
    x: float
    width: float
    failed: bool


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The bars of one endpoint; `total` in milliseconds."""

    bars: tuple[Bar, ...]
    total: int


def waterfalls(endpoints: Sequence[EndpointSeen]) -> dict[str, Waterfall]:
    """By host; an endpoint of which no time was taken has none."""
    totals = {e.host: sum(layer.ms or 0 for layer in e.layers) for e in endpoints}
    scale = max(totals.values(), default=0)
    return {e.host: Waterfall(_bars(e, scale), totals[e.host]) for e in endpoints if totals[e.host] > 0}


def _bars(endpoint: EndpointSeen, scale: int) -> tuple[Bar, ...]:
    bars, at = [], 0
    for layer in endpoint.layers:
        if layer.ms:
            x, width = at * WIDTH / scale, layer.ms * WIDTH / scale
            bars.append(Bar(layer.layer, layer.ms, round(x, 2), round(width, 2), layer.status == "fail"))
            at += layer.ms
    return tuple(bars)
