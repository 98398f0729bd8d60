"""Sentences that are not yet sentences: a key and its arguments; a renderer words them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Msg:
    """`key` names an English text of the rules (`cause.<id>.summary`) or of `rules/text.yaml`; `args` fill its braces.

    An argument without a value is left out of `args`; the renderer then shows `<name>`.
    """

    key: str
    args: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, key: str, /, **args: object) -> Msg:
        """Build from keyword arguments; None values are left out."""
        return cls(key, tuple(sorted((k, str(v)) for k, v in args.items() if v is not None)))

    @property
    def named(self) -> dict[str, str]:
        """The arguments as a dict."""
        return dict(self.args)
