"""Ends a file where something packed begins: what is packed behind a head of text holds secrets nobody can take out."""

from __future__ import annotations

import re

from arcdiag.case.sniff import CONTROLS, SNIFF_BYTES
from arcdiag.redact.encoded import wide_codec

# With enough behind the beginning that no text has it by chance.
_PACKED = re.compile(
    rb"PK\x03\x04|PK\x01\x02|\x1f\x8b\x08[\x00-\x1f]|7z\xbc\xaf\x27\x1c|\xfd7zXZ\0|BZh[1-9]1AY&SY|\x28\xb5\x2f\xfd"
    rb"|Rar!\x1a\x07|MSCF\0\0\0\0"
)
_WITHOUT_CONTROLS = (b"1AY&SY", b"\x28\xb5\x2f\xfd")
"""Parts of those that hold no control character; all others are looked for only where there is one."""
_LONGEST = 10
_MOST_CONTROLS = SNIFF_BYTES * 3 // 100
_WIDE_ZEROS = SNIFF_BYTES * 5 // 100
"""So many zero bytes tell a portion of 16-bit characters, whose other bytes may be any."""


class TextOnly:
    """Lets the bytes of one file through up to the first that are packed; `head`: its first bytes, if it is fed later.

    `ended_at`: None while all of it was text, then the place, counted from the first byte fed; `why` says so in words.
    Zero bytes, which a crash leaves in logs, and programs' own bytes, which hide nothing, go through.
    """

    def __init__(self, head: bytes = b"") -> None:
        self._head = head
        self._wide: bool | None = None
        self._held = b""
        self._done = 0
        self.ended_at: int | None = None
        self.why = ""

    def feed(self, block: bytes) -> bytes:
        """What can go on; a few bytes are held back, until it is known that they begin nothing packed."""
        if self.ended_at is not None:
            return b""
        if self._wide is None:
            self._wide = bool(wide_codec((self._head or block)[:SNIFF_BYTES]))
        data = self._held + block
        end = self._end_of_text(data)
        if end is None:
            end = max(0, len(data) - _LONGEST)
            self._held = data[end:]
        else:
            self._held = b""
            self.ended_at = self._done + end
        self._done += end
        return data[:end]

    def finish(self) -> bytes:
        """The rest."""
        rest, self._held = self._held, b""
        return rest

    def _end_of_text(self, data: bytes) -> int | None:
        controls = len(data) - len(data.translate(None, CONTROLS))
        zeros = data.count(0)
        packed = None
        if controls or zeros or any(sign in data for sign in _WITHOUT_CONTROLS):
            packed = _PACKED.search(data)
        end = packed.start() if packed else len(data)
        if controls > _MOST_CONTROLS and not self._wide:
            for at in range(0, end, SNIFF_BYTES):
                if _is_binary(data[at : min(end, at + SNIFF_BYTES)]):
                    self.why = f"from byte {self._done + at:,} on it is binary"
                    return at
        if packed:
            self.why = f"from byte {self._done + end:,} on there is something packed in it"
        return packed.start() if packed else None


def _is_binary(portion: bytes) -> bool:
    return len(portion) - len(portion.translate(None, CONTROLS)) > _MOST_CONTROLS and portion.count(0) < _WIDE_ZEROS
