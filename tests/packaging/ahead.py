"""Builds what the tests of this folder try, beside other tests: python -m tests.packaging.ahead

A file whose build fails is built again by its tests, which say why.
"""

from __future__ import annotations

import contextlib
import os

from tests.packaging.built import built
from tests.packaging.needs import unmet
from tests.packaging.userland import system
from tools.release.run import BuildError


def main() -> None:
    """Build each that this machine can build and is not kept yet, the slowest first, when nobody else wants the time."""
    if os.environ.get("ARCDIAG_RELEASE_TESTS") == "0":
        return
    os.nice(19)
    for what in ("linux", "windows", "pyz", "wheel"):
        if unmet(f"test_{what}.py") is None:
            with contextlib.suppress(BuildError, AssertionError):
                built(what)
                if what == "linux":
                    system()


if __name__ == "__main__":
    main()
