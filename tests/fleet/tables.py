"""What a fleet's folder says, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from arcdiag.fleet.views import connected


def ask(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a question."""
    with connected(folder) as connection:
        return connection.execute(sql).fetchall()


def doubled(folder: Path) -> list[tuple[Any, ...]]:
    """Bundles with more than one row in any part, and causes that stand twice for one bundle."""
    return ask(folder, "SELECT bundle FROM machine_rows GROUP BY bundle HAVING count(*) > 1") + ask(
        folder, "SELECT bundle, cause FROM causes GROUP BY bundle, cause, state HAVING count(*) > 1"
    )
