"""The last look at what is finished: whether the scrubber would still find a secret in it."""

from __future__ import annotations

from collections.abc import Iterable

from arcdiag.errors import SecretLeftError
from arcdiag.redact.lines import token_kinds
from arcdiag.redact.secrets import scrub_text
from arcdiag.redact.stream import Scrubber


def check_text(text: str, what: str) -> None:
    """Raises SecretLeftError, which names the kind and `what` and never the secret itself."""
    scrubbed = scrub_text(text)
    if scrubbed != text:
        new = token_kinds(scrubbed)
        new.subtract(token_kinds(text))
        raise left_error("a secret", what, [kind for kind, count in new.items() if count > 0])


def check_blocks(blocks: Iterable[bytes], what: str) -> None:
    """The same for the bytes of a file, in portions and in constant memory."""
    scrubber = Scrubber()
    waiting = bytearray()
    for block in blocks:
        waiting += block
        _drop_equal(waiting, scrubber.feed(block), what, scrubber)
    _drop_equal(waiting, scrubber.finish(), what, scrubber)
    if waiting:
        raise left_error("a secret", what, scrubber.removed)


def _drop_equal(waiting: bytearray, seen: bytes, what: str, scrubber: Scrubber) -> None:
    if not waiting.startswith(seen):
        raise left_error("a secret", what, scrubber.removed)
    del waiting[: len(seen)]


def left_error(left: str, what: str, kinds: Iterable[str]) -> SecretLeftError:
    """The error of a last look: `left` is what was found in `what`; it never holds the thing itself."""
    found = f"{left} ({', '.join(sorted(set(kinds))) or 'of some kind'})"
    return SecretLeftError(
        f"{found} was left in {scrub_text(what)}; nothing was written. "
        "This is a defect of arcdiag: please report it, without the file",
        found,
    )
