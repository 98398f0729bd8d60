"""Proxies that the package managers of a Linux machine are told: a network that needs one often has it there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from arcdiag.collect.host.linux_texts import texts
from arcdiag.collect.host.platform import EnvironmentRaw
from arcdiag.model.reading import Reading, failed

_MOST_FILES = 50
_APT = re.compile(r"""^\s*Acquire::(https?)::Proxy\s+["']?([^"';\s]+)""", re.IGNORECASE | re.MULTILINE)
_SETTING = re.compile(r"^\s*(proxy|proxy_username|proxy_password)\s*=\s*(\S+)\s*$", re.MULTILINE)
_NONE = ("", "_none_", "none", "direct", "false")

Place = tuple[str, Reading[EnvironmentRaw]]


def package_proxy_places(root: Path) -> Iterator[Place]:
    """One place for each file of apt, dnf, yum or zypp that names a proxy or may not be read."""
    for place, text in texts(root, _files(root)):
        if isinstance(text, OSError):
            yield place, failed(text, place)
        elif variables := _of_apt(text) if "/apt/" in place else _of_yum(text):
            yield place, Reading.of(EnvironmentRaw(place, "system", variables))


def _files(root: Path) -> list[Path]:
    apt = [root / "etc/apt/apt.conf", *sorted((root / "etc/apt/apt.conf.d").glob("*"))[:_MOST_FILES]]
    return [path for path in (*apt, root / "etc/dnf/dnf.conf", root / "etc/yum.conf") if path.is_file()]


def _of_apt(text: str) -> dict[str, str]:
    """apt's nested notation is left alone: it is rare, and a what-if is all that hangs on it."""
    found = {f"{scheme.upper()}_PROXY": url for scheme, url in _APT.findall(text) if url.lower() not in _NONE}
    return {**({"HTTPS_PROXY": found["HTTP_PROXY"]} if "HTTP_PROXY" in found else {}), **found}


def _of_yum(text: str) -> dict[str, str]:
    settings = dict(_SETTING.findall(text))
    url = settings.get("proxy", "")
    if url.lower() in _NONE:
        return {}
    user, password = settings.get("proxy_username"), settings.get("proxy_password", "")
    scheme, mark, rest = url.partition("://")
    if user and mark and "@" not in rest:
        url = f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@{rest}"
    return {"HTTPS_PROXY": url}
