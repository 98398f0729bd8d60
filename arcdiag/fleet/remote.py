"""Bundles behind a URL, by fsspec: `abfs://`, `s3://`, `https://`, `memory://` and what else is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from arcdiag.errors import InputError
from arcdiag.fleet.extra import REMOTE, need
from arcdiag.fleet.folders import ARCHIVE, bundles_in
from arcdiag.fleet.rows import shown
from arcdiag.fleet.task import Kind, Source

_GLOB = re.compile(r"[*?\[]")
_WEB_GLOB = re.compile(r"[*\[]")


def remote_sources(url: str, passed_over: list[str]) -> Iterator[Source]:
    """The bundles at a URL: that file, or the archives below that folder, or what a glob matches.

    Access keys come from where the file system looks for them (environment, `~/.config/fsspec`). Raises InputError.
    """
    need(REMOTE, f"a source such as {shown(url)}")
    from fsspec.core import url_to_fs

    try:
        fs, path = url_to_fs(url)
        if "file" in _protocols(fs) and not _is_glob(fs, path):
            local = Path(path)
            yield from bundles_in(local, passed_over) if local.is_dir() else [_of_info(fs, url, fs.info(path))]
            return
        yield from _listed(fs, url, path, passed_over)
    except InputError:
        raise
    # Each file system has errors of its own: keys that are missing, hosts that do not answer.
    except Exception as error:
        raise InputError(f"cannot open {shown(url)}: {_why(error)}") from error


def _listed(fs: Any, url: str, path: str, passed_over: list[str]) -> Iterator[Source]:
    infos: list[dict[str, Any]]
    if _is_glob(fs, path):
        infos = sorted(fs.glob(path, detail=True).values(), key=lambda info: str(info["name"]))
        kept = [info for info in infos if info["type"] == "file"]
    elif not ARCHIVE.search(path.split("?")[0]) and fs.isdir(path):
        infos = sorted(fs.find(path, detail=True).values(), key=lambda info: str(info["name"]))
        kept = [info for info in infos if ARCHIVE.search(str(info["name"]))]
        passed_over += [_address(fs, url, str(info["name"])) for info in infos if info not in kept]
    else:
        kept = [fs.info(path)]
    if not kept and _is_glob(fs, path):
        raise InputError(f"cannot open {shown(url)}: nothing matches it")
    for info in kept:
        yield _of_info(fs, _address(fs, url, str(info["name"])), info)


def _of_info(fs: Any, where: str, info: dict[str, Any]) -> Source:
    size = info.get("size")
    if "file" in _protocols(fs):
        return Source(str(info["name"]), Kind.FILE, size if isinstance(size, int) else -1)
    # What lives in this process alone goes to the workers as bytes.
    data = fs.cat_file(info["name"]) if "memory" in _protocols(fs) else None
    return Source(where, Kind.REMOTE, size if isinstance(size, int) else -1, data)


def _address(fs: Any, url: str, name: str) -> str:
    """The whole URL of a file that was listed, with what stands before the last `::` (caches) as it was asked for."""
    chain = url.rsplit("::", 1)[0] + "::" if "::" in url else ""
    return chain + str(fs.unstrip_protocol(name))


def _is_glob(fs: Any, path: str) -> bool:
    """On the web a question mark begins what a signed address ends with."""
    web = not {"http", "https"}.isdisjoint(_protocols(fs))
    return bool(_WEB_GLOB.search(path.split("?")[0]) if web else _GLOB.search(path))


def _protocols(fs: Any) -> tuple[str, ...]:
    protocol = fs.protocol
    return (protocol,) if isinstance(protocol, str) else tuple(protocol)


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    text = shown(str(error)) or "it cannot be opened"
    return f'{text}; pip install it, or "arcdiag[fleet]"' if isinstance(error, ImportError) else text
