"""Characters that a reader cannot see, and that a terminal or a browser would obey, made visible."""

from __future__ import annotations

import re

TAB = " " * 4

# C0 but tab and line feed, DEL, C1; soft hyphen, invisible fillers, marks and joiners, line and paragraph separators,
# bidi embeddings, overrides and isolates, byte order mark, interlinear marks, surrogates, tags.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """Unseen characters as `<U+202E>`, a tab as four blanks, CR LF as LF; line feeds stay."""
    return _UNSEEN.sub(lambda found: f"<U+{ord(found[0]):04X}>", text.replace("\r\n", "\n")).replace("\t", TAB)


def one_line(text: str) -> str:
    """The same on one line: runs of white space are one blank."""
    return " ".join(visible(text).split())
