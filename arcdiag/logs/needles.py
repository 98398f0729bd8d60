"""What the bytes of a line hold wherever the text of its record holds an anchor, and what makes a line worth a look.

A record's text is the line without its stamp, level and quotes, with escapes undone and blanks squeezed. The forms that
an anchor has in the bytes are written out here; lines in which it could have yet another form (other blanks, escapes,
signs beyond ASCII, several lines) are looked at whatever they hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from arcdiag.logs.finder import finder_of
from arcdiag.logs.forms import LineForm

ESCAPES = (b"\\n", b"\\t", b"\\r", b"\\u", b"\\x")
"""Escaped blanks and signs can stand inside an anchor."""
BLANKS = (b"  ",)
DOUBTFUL = (*ESCAPES, *BLANKS)
"""Where these stand the line is looked at once more, as its text reads."""
_CODES = (b"exit code", b"exitcode", b"exited with")
_CODE_FAMILIES = (b"azcm", b"aadsts")
ODD = 0
"""What `FOLDED` makes of bytes that only a whole reading understands."""
_DIGIT = re.compile("[0-9]")
_PLAIN = frozenset((*range(0x20, 0x7F), 0x0A, 0x0D))
FOLDED = bytes(byte if byte in _PLAIN else ODD for byte in bytes(range(256)).lower())
"""For `bytes.translate`: lower case, and ODD for control signs, tabs and all that is not ASCII."""


_LONGEST = 24
"""So many bytes of an anchor are looked for: in real logs they find no more lines than whole ones would."""


def needles_of(anchors: Iterable[str], form: LineForm) -> list[bytes]:
    """All needles, in lower case: those of the anchors, and the signs of lines to look at anyway."""
    return list(dict.fromkeys((*(needle for anchor in anchors for needle in written(anchor)), *signs_of(form))))


def signs_of(form: LineForm) -> tuple[bytes, ...]:
    """What makes a line of this form worth a look whatever is searched: codes, levels, blanks, escapes."""
    families = (family + b"%d" % digit for family in _CODE_FAMILIES for digit in range(10))
    return (*form.errors, *_CODES, *families, *BLANKS, *ESCAPES)


def strays_of(form: LineForm) -> list[bytes]:
    """Line ends, each with the beginning of a line that begins no record of this form, as far as it takes to tell."""
    start = form.start.lower()
    return [
        b"\n" + start[:length] + bytes((other,))
        for length, right in enumerate(start)
        for other in sorted(set(FOLDED))
        if other != right
    ]


def written(anchor: str) -> tuple[bytes, ...]:
    """How the beginning of an anchor stands in the bytes of a line, or in what a second look makes of an odd line."""
    return tuple(sorted({form[:_LONGEST] for form in _written(anchor.encode())}))


def numbers_of(anchors: Iterable[str], form: LineForm) -> list[bytes]:
    """Whole anchors, as the bytes can have them, and signs of lines that hold a digit."""
    whole = (written for anchor in anchors if _DIGIT.search(anchor) for written in _written(anchor.encode()))
    return list(dict.fromkeys((*whole, *(sign for sign in signs_of(form) if _DIGIT.search(sign.decode())))))


def needed(needles: Iterable[bytes], everywhere: Iterable[bytes]) -> list[bytes]:
    """`needles` without those in which another one stands that is looked for `everywhere`, and so finds the same."""
    common = frozenset(everywhere).difference(DOUBTFUL)
    ordered = [*common, *(needle for needle in dict.fromkeys(needles) if needle not in common)]
    finder = finder_of(list(common))
    return [needle for needle in ordered if all(ordered[i] == needle for i, _, _ in finder.find(needle))]


def _written(anchor: bytes) -> set[bytes]:
    """An anchor as the bytes can have it: quotes escaped, a field's value quoted, a field behind a quoted message."""
    if b"=" not in anchor and b'"' not in anchor and b"\\" not in anchor:
        return {anchor}
    forms = {anchor}
    if b"\\" in anchor:
        forms.add(anchor.replace(b"\\", b"\\\\"))
    if b'"' in anchor:
        forms |= {form.replace(b'"', b'\\"') for form in forms}
    if b"=" in anchor:
        key, _, value = anchor.partition(b"=")
        words = key.split(b" ")
        keys = {b" ".join(words[:i]) + b'" ' + b" ".join(words[i:]) for i in range(1, len(words))} | {key}
        forms |= {k + sign + value for k in keys for sign in (b"=", b'="')}
    return forms
