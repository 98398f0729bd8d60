"""What `azcmagent config list` prints, to the agent's settings by name."""

from __future__ import annotations

import re
from typing import Any

from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE

_ROW = re.compile(r"^\s{0,8}([a-z][A-Za-z]{1,40}(?:\.[A-Za-z]{1,40}){1,4})(?: \([^)]{1,40}\))?\s{0,60}:(?:\s(.*))?$")


def decode_config_list(text: str) -> dict[str, Any]:
    """Settings in lower case: `true` and `false` as such, lists as lists, an empty text as None; {} without any."""
    found: dict[str, Any] = {}
    for line in text.splitlines():
        match = _ROW.match(line.rstrip())
        if match:
            found.setdefault(match[1].lower(), _value((match[2] or "").strip()))
    return found


def config_list_facts(text: str, source: str) -> list[Fact]:
    """`config.list` of a kept text; [] if it holds no settings."""
    value = decode_config_list(text)
    return [Fact("config.list", MACHINE, FactStatus.OK, value, by="config-list", raw=source)] if value else []


def _value(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    if text.startswith("[") and text.endswith("]"):
        return [part for part in re.split(r"[,\s]+", text[1:-1]) if part]
    return text or None
