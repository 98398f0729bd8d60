from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.collect.filters_in_a_box import (
    DROPPED_HERE,
    DROPPED_THERE,
    NOBODY_ON_THE_LINK,
    REJECTED_HERE,
    REJECTED_THERE,
    RESET_HERE,
)
from tests.namespaces import NEW_NETWORK, available

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(not available(), reason="this user may not make a network namespace"),
]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    command = [*NEW_NETWORK, sys.executable, "-m", "tests.collect.filters_in_a_box"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("address", "result", "refused_by", "own_filter"),
    [
        (DROPPED_THERE, "timeout", None, False),
        (REJECTED_THERE, "host-unreachable", REJECTED_THERE, False),
        (DROPPED_HERE, "blocked-locally", None, True),
        (REJECTED_HERE, "blocked-locally", "20.0.0.2", True),
        # A local filter that answers with a reset looks like a device on the way, and is not called either.
        (RESET_HERE, "refused", None, None),
    ],
)
def test_a_filter_here_is_told_from_one_on_the_way(
    seen: dict[str, Any], address: str, result: str, refused_by: str | None, own_filter: bool | None
) -> None:
    assert seen[address] == [result, refused_by, own_filter, False]


def test_a_neighbour_that_does_not_answer_is_no_filter(seen: dict[str, Any]) -> None:
    assert seen[NOBODY_ON_THE_LINK] == ["host-unreachable", "20.0.0.2", False, True]


def test_the_routing_table_tells_no_route_from_a_device_that_says_so(seen: dict[str, Any]) -> None:
    assert seen["no route"] == ["no-route", "no-route"]
    assert seen["unreachable route"] == ["no-route"]
