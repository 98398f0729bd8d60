"""The two doors: strings that leave in a rendering, bytes that are written into a case."""

from __future__ import annotations

from arcdiag.redact.stream import Scrubber, scrub_plain

__all__ = ["Scrubber", "holds_secret", "scrub_bytes", "scrub_text"]


def scrub_text(text: str) -> str:
    """`text` (one line or many) with a token in place of each secret; the same text if there is none. Never raises."""
    raw = text.encode("utf-8", "surrogatepass")
    scrubbed = scrub_plain(raw, "surrogatepass")
    return text if scrubbed is raw or scrubbed == raw else scrubbed.decode("utf-8", "surrogatepass")


def scrub_bytes(data: bytes) -> bytes:
    """The bytes of one whole file without secrets, in the file's own encoding."""
    scrubber = Scrubber()
    return scrubber.feed(data) + scrubber.finish()


def holds_secret(text: str) -> bool:
    """Whether the scrubber would still change `text`: the last look before something leaves."""
    return scrub_text(text) != text
