"""Names that look like hosts in the agent's own files; what they are good for is decided elsewhere."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from arcdiag.case.ahead import Patience, ahead
from arcdiag.case.folder import open_regular
from arcdiag.collect.host.config import Settings
from arcdiag.collect.host.platform import Host
from arcdiag.collect.log_files import find_logs
from arcdiag.model.reading import Reading

TAIL_BYTES = 256 * 1024
MOST_NAMES = 200
_SECONDS = 3.0
_NAME = re.compile(r"(?<![\w.-])(?:[a-z0-9-]{1,63}\.){2,8}[a-z]{2,12}(?![\w-])", re.IGNORECASE)


def names_in(text: str) -> tuple[str, ...]:
    """Host-like names in lower case, each once, the last mention first; at most MOST_NAMES."""
    found = [match[0].lower() for match in _NAME.finditer(text)]
    return tuple(dict.fromkeys(reversed(found)))[:MOST_NAMES]


def mentioned_names(host: Host, configurations: Sequence[Reading[Settings]]) -> tuple[str, ...]:
    """Names of the configuration, then of the end of the newest log of each kind, as far as those can be read soon."""
    found: dict[str, None] = {}
    for reading in configurations:
        if reading.value is not None:
            found.update(dict.fromkeys(names_in(json.dumps(reading.value)[:TAIL_BYTES])))
    with suppress(TimeoutError):
        for text in ahead(lambda: _tails(host), Patience.of(_SECONDS, _SECONDS)):
            found.update(dict.fromkeys(names_in(text)))
    return tuple(found)


def _tails(host: Host) -> Iterator[str]:
    seen = set()
    for log in find_logs(host)[0]:
        if log.kind not in seen:
            seen.add(log.kind)
            yield _tail(log.source)


def _tail(path: Path) -> str:
    """The end of a log as text, empty if it cannot be read; UTF-16 has a zero beside each letter of a name."""
    try:
        with open_regular(path.resolve(strict=True)) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL_BYTES))
            return file.read(TAIL_BYTES).replace(b"\0", b"").decode("utf-8", "replace")
    except OSError:
        return ""
