"""The name of a bundle in a folder that many machines may write to at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from arcdiag.cli.redact import map_path
from arcdiag.errors import OutputError

_MOST = 1000


def bundle_stem(hostname: str, at: str) -> str:
    """`arcdiag-<host>-<UTC>` from an ISO time; a host name may hold nothing that means something in a path."""
    host = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in hostname)
    stamp = at.replace("-", "").replace(":", "")
    return f"arcdiag-{host.strip('.')[:64] or 'host'}-{stamp}"


@contextmanager
def claimed(folder: Path, stem: str) -> Iterator[Path]:
    """The path of a bundle that nobody else writes to: `<stem>.zip`, or `<stem>-2.zip` and so on where that is taken.

    Two machines of one name may begin in the same second, as a schedule makes them. While the block runs, a file
    `<name>.claim` keeps the name. Raises OutputError where it cannot be made.
    """
    for number in range(1, _MOST + 1):
        target = folder / f"{stem}{f'-{number}' if number > 1 else ''}.zip"
        with _claim(target) as mine:
            # Whoever had the name before has given up the claim, but not the files.
            if mine and not any(map(_is_there, (target, target.with_suffix(".html"), map_path(target)))):
                yield target
                return
    raise OutputError(f"cannot write to {folder}: {stem} and {_MOST - 1} names after it are taken.")


@contextmanager
def _claim(target: Path) -> Iterator[bool]:
    """Whether the name was free; of those who ask at once, one alone is told so."""
    claim = target.with_suffix(".claim")
    try:
        claim.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        yield False
        return
    except OSError as error:
        reason = error.strerror or error
        raise OutputError(f"cannot write to {target.parent}: {reason}. Choose another place with -o.") from error
    try:
        yield True
    finally:
        # A share may have gone away meanwhile; what went wrong there has been said then.
        with suppress(OSError):
            claim.unlink(missing_ok=True)


def _is_there(path: Path) -> bool:
    """Also where a share lets nobody look at the files of others."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True
