"""Names of files that go out: without secrets, and with tokens in a form that every file system takes."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from arcdiag.redact.secrets import holds_secret

_TOKEN = re.compile(r"«([a-z-]{1,24}):([0-9a-f.]{1,48})»")


def safe_name(path: str) -> str:
    """`path` with `withheld` in place of each part that holds a secret; endings stay, as they tell what a file is."""
    if not holds_secret(path):
        return path
    return "/".join(_safe_part(part) for part in path.replace("\\", "/").split("/"))


def _safe_part(part: str) -> str:
    ending = PurePosixPath(part).suffix
    plain_ending = ending if re.fullmatch(r"\.[A-Za-z]{1,8}", ending) else ""
    return f"withheld{plain_ending}" if holds_secret(part) else part


def plain_tokens(path: str) -> str:
    """`host-3f2a` for `«host:3f2a»`: Windows allows no colon in a name."""
    return _TOKEN.sub(r"\1-\2", path)
