"""Names from outside: paths of members that cannot leave the case, and text that cannot play with a terminal."""

from __future__ import annotations

import re

from arcdiag.case.limits import MAX_NAME

# Control characters, marks that reverse the direction of writing, and what is no character at all.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_DRIVE = re.compile(r"[A-Za-z]:")


class RefusedNameError(ValueError):
    """A member's name that is not used; the text says why."""


def one_line(text: str) -> str:
    """`text` with every character replaced that is invisible, ends a line or is obeyed by a terminal."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def shown(text: str) -> str:
    """The same, and long texts are cut."""
    text = one_line(text[: MAX_NAME + 1])
    return text if len(text) <= MAX_NAME else text[: MAX_NAME - 1] + "…"


def member_path(name: str) -> str:
    """The path of an archive's member inside the case. Raises RefusedNameError for names that point elsewhere."""
    if len(name) > MAX_NAME:
        raise RefusedNameError(f"its name is longer than {MAX_NAME} characters")
    parts = name.replace("\\", "/").split("/")
    if ".." in parts:
        raise RefusedNameError("its name leads out of the archive (..)")
    if not parts[0] or _DRIVE.match(parts[0]):
        raise RefusedNameError("its name is an absolute path")
    kept = [part for part in parts if part not in ("", ".")]
    if not kept:
        raise RefusedNameError("it has no name")
    return shown("/".join(kept))


def file_path(parts: tuple[str, ...]) -> str:
    """The path inside the case of a file of a folder, from the names on the way to it."""
    return shown("/".join(part.replace("\\", "_") for part in parts))


def is_litter(path: str) -> bool:
    """Whether a desktop put the file there, as macOS and Windows do in folders and zips; it holds nothing of a case."""
    folders, _, name = path.rpartition("/")
    return "__MACOSX" in folders.split("/") or name in _LITTER


def numbered(path: str, taken: set[str]) -> str:
    """`path`, or with `#2`, `#3` … behind it if it is taken; the result is then taken too."""
    chosen, count = path, 1
    while chosen in taken:
        count += 1
        chosen = f"{path}#{count}"
    taken.add(chosen)
    return chosen
