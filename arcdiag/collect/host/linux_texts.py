"""Reads small text files of a Linux machine, the head of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

CAP = 256 * 1024
"""Bytes that are read of a file."""


def text_of(path: Path) -> str:
    """The head of a file as UTF-8, with replacements. Raises OSError."""
    with path.open("rb") as file:
        return file.read(CAP).decode("utf-8", "replace")


def texts(root: Path, paths: Iterable[Path]) -> Iterator[tuple[str, str | OSError]]:
    """Name below `root` and text of each file that is there, or why it cannot be read."""
    for path in paths:
        place = "/" + path.relative_to(root).as_posix()
        try:
            yield place, text_of(path)
        except (FileNotFoundError, IsADirectoryError):
            continue
        except OSError as error:
            yield place, error
