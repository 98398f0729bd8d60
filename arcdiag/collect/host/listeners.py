"""Who listens on a local port, on every system."""

from __future__ import annotations

from collections.abc import Sequence

from arcdiag.collect.host.platform import ListenerRaw
from arcdiag.model.fact import FactStatus
from arcdiag.model.reading import Reading, failed


def local_listeners(port: int) -> Reading[Sequence[ListenerRaw]]:
    """Listening TCP sockets of `port`, sorted; without rights the process stays unknown."""
    import psutil

    try:
        sockets = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:
        return Reading(FactStatus.DENIED, None, "the list of sockets may not be read")
    except (OSError, psutil.Error) as error:
        return failed(error, "list of sockets")
    found = {
        ListenerRaw(s.laddr.ip, s.pid, _name(s.pid))
        for s in sockets
        if s.status == psutil.CONN_LISTEN and s.laddr and s.laddr.port == port
    }
    return Reading.of(sorted(found, key=lambda raw: (raw.address, raw.pid or 0)))


def _name(pid: int | None) -> str | None:
    import psutil

    if pid is None:
        return None
    try:
        return psutil.Process(pid).name()
    except (OSError, psutil.Error):
        return None
