"""What the extra `arcdiag[fleet]` brings, asked for before any work begins."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from arcdiag.errors import InputError

TABLES = ("pyarrow", "duckdb")
REMOTE = ("fsspec",)
CLUSTER = ("distributed",)


def need(modules: tuple[str, ...], what: str) -> None:
    """Raises InputError, with what to install, if one of `modules` is not there. `what` needs them."""
    missing = [name for name in modules if find_spec(name) is None]
    if missing and getattr(sys, "frozen", False):
        raise InputError(f'{what} is not in the program of one file; with Python: pip install "arcdiag[fleet]"')
    if missing:
        raise InputError(f'{what} needs {", ".join(missing)}; run: pip install "arcdiag[fleet]"')
