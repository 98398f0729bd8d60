"""The long run: `python -m tests.fuzz --minutes 10 [target ...]`, without a target each of them for so long.

Prints the smallest input that fails, and ends with 1 if there is one.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback

from hypothesis import HealthCheck, given, settings

from tests.fuzz.targets import TARGETS

_ROUND = 2_000


def run_for(name: str, seconds: float) -> int:
    """Feed one target for so long; how often."""
    target, count, failed, end = TARGETS[name], 0, False, time.monotonic() + seconds

    @settings(max_examples=_ROUND, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(target.feed)
    def feed(drawn: object) -> None:
        nonlocal count, failed
        # A failure is made smaller to the end, whatever the time.
        if failed or time.monotonic() < end:
            count += 1
            try:
                target.check(drawn)
            except BaseException:
                failed = True
                raise

    while time.monotonic() < end:
        feed()
    return count


def main() -> int:
    """Exit code 1 if a target failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*", choices=[[], *TARGETS], default=[])
    parser.add_argument("--minutes", type=float, default=10.0, help="for each target")
    asked = parser.parse_args()
    failed = False
    for name in asked.targets or TARGETS:
        try:
            print(f"{name}: {run_for(name, asked.minutes * 60):,} inputs, nothing found", flush=True)
        except (Exception, ExceptionGroup):  # noqa: BLE001
            failed = True
            print(f"{name}: FAILED", flush=True)
            traceback.print_exc()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
