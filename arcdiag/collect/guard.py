"""Keeps the error of one piece of work, so that it becomes a result and not the end of the others."""

from __future__ import annotations

from types import TracebackType


class Guard:
    """`error` is what ended the block, None if it ended well; Ctrl-C and exits pass through."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __enter__(self) -> Guard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self.error = error if isinstance(error, Exception) else None
        return self.error is not None
