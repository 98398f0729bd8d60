"""All caps of opening and writing a case, in one place. What a cap leaves out is always named in `left_out`."""

from __future__ import annotations

MAX_MEMBERS = 5_000
"""Files of one case, those of nested archives included."""

MAX_MEMBER_BYTES = 2 * 1024**3
"""Unpacked bytes of one file; the rest of a longer one is not read."""

MAX_PLAIN_BYTES = 16 * 1024**3
"""The same for a file that is packed in nothing: it was as large before anybody sent it."""

MAX_TOTAL_BYTES = 8 * 1024**3
"""Unpacked bytes of all archives of one case together."""

MAX_RATIO = 1_000
"""Unpacked to packed size; what grows more is made to fill a disk, not to be read."""

MAX_TOTAL_RATIO = 100
"""The same for a whole case: thousands of small bombs are one."""

TOTAL_RATIO_FLOOR = 64 * 1024**2
"""Unpacked bytes of a case that are always allowed."""

RATIO_FLOOR = 1024**2
"""Below so many unpacked bytes the ratio says nothing."""

MAX_NAME = 500
"""Characters of a member's name."""

MAX_FOLDERS_DEEP = 64
"""Folders inside folders."""

MAX_ARCHIVES_DEEP = 2
"""A zip in a zip is opened, an archive inside that one is not."""

MAX_DIRECTORY_BYTES = 8 * 1024**2
"""Size of a zip's list of members, which is held in memory, where each byte takes eight."""

MAX_HEADER_BYTES = 1024**2
"""Size of one long name or attribute list of a tar, which has to be held in memory."""

MAX_HEADER_FIELDS = 200
"""Attributes in one list of a tar."""

MAX_ENTRIES = 50_000
"""Entries of all archives of a case that are looked at: folders, links and refused ones as well, and for a tar the
headers that only hold a long name or attributes."""

MAX_GZIP_PARTS = 50_000
"""Parts of one gzip, one behind the other; programs that cut at 64 KiB make less of 2 GiB."""

MAX_STDIN_BYTES = 256 * 1024**2
"""Bytes that are read from standard input."""

STDIN_IN_MEMORY = 16 * 1024**2
"""Of these so many are held in memory, more go to a temporary file."""

MAX_SHORT_LINES = 500_000
"""Lines of a case that are looked at however short they are."""

LINE_CHARS_EARNED = 32
"""Each so many characters allow one line more; lines of logs are three times as long."""

MAX_MANIFEST_BYTES = 4 * 1024**2
"""Size of `manifest.json`."""

MAX_MANIFEST_ENTRIES = 10_000
"""Files that a manifest names, and as many that were left out."""

MAX_FACT_LINE = 1024**2
"""Bytes of one line of `facts.jsonl`."""

MAX_FACTS = 100_000
"""Facts of one case."""

MAX_FACTS_BYTES = 32 * 1024**2
"""Bytes of `facts.jsonl`; those of one machine are some hundred KiB."""

MAX_FACT_VALUES = 500_000
"""Values in all facts of a case together: an empty list is two bytes there, and fifty in memory."""

MAX_FACT_DEPTH = 32
"""Dicts and lists inside one another in a fact's value."""

MAX_LEFT_OUT = 200
"""Entries that are named one by one; the others are counted."""
