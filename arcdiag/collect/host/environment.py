"""Reads environment variables out of the files that set them; keeps only those that steer the way to the network."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping

NAMES = frozenset({"https_proxy", "http_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"})


def selected(variables: Mapping[str, str]) -> dict[str, str]:
    """Only the variables of NAMES, whatever their case; all others may be secrets and are none of our business."""
    return {k: v for k, v in variables.items() if k.lower() in NAMES and v.strip()}


def proxy_variable(variables: Mapping[str, str], name: str) -> str | None:
    """The value of `https_proxy` and the like as Go reads it: upper case first, an empty one counts as none."""
    value = variables.get(name.upper()) or variables.get(name.lower())
    return value if value and value.strip() else None


def parse_env_file(text: str) -> dict[str, str]:
    """Lines `NAME=value`, with optional quotes and `export`, as /etc/environment and EnvironmentFile have them."""
    return _assignments(line.strip().removeprefix("export ") for line in text.splitlines())


def parse_shell(text: str) -> dict[str, str]:
    """Plain assignments of a shell's script, `export` before them or not; what the shell has to work out is left.

    Nothing is run: a value with `$` or a backquote in it counts as none.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            # A quote that goes on in the next line: no assignment of a proxy.
            continue
        words = words[1:] if words[:1] == ["export"] else words
        found |= {name: value for name, sign, value in (w.rstrip(";").partition("=") for w in words) if sign}
    return {name: value for name, value in found.items() if name.isidentifier() and not {"$", "`"} & set(value)}


def parse_env_block(block: bytes) -> dict[str, str]:
    """The block of a running process: assignments with a NUL between them."""
    pairs = (part.decode("utf-8", "replace").partition("=") for part in block.split(b"\0") if b"=" in part)
    return {name: value for name, _, value in pairs}


def parse_systemd(text: str, keys: Iterable[str]) -> list[tuple[str, str]]:
    """The settings of `keys` (`Environment`, `DefaultEnvironment`) in a file of systemd, in order, lines joined."""
    wanted = set(keys)
    joined = text.replace("\\\n", " ")
    found = []
    for line in joined.splitlines():
        name, sign, value = line.strip().partition("=")
        if sign and not line.lstrip().startswith(("#", ";")) and name.strip() in wanted:
            found.append((name.strip(), value.strip()))
    return found


def split_assignments(value: str) -> dict[str, str]:
    """`"A=1" B=2` as systemd writes them after `Environment=`; what cannot be split gives nothing."""
    try:
        return _assignments(shlex.split(value))
    except ValueError:
        return _assignments(value.split())


def _assignments(parts: Iterable[str]) -> dict[str, str]:
    found = {}
    for part in parts:
        name, sign, value = part.partition("=")
        if sign and name.strip() and not name.lstrip().startswith("#"):
            found[name.strip()] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
