"""Facts about the agent's files."""

from __future__ import annotations

from collections.abc import Iterator

from arcdiag.collect.host.platform import Host
from arcdiag.model.fact import Fact
from arcdiag.model.fact_maker import FactMaker, file

_BY = "host/files"


def file_facts(make: FactMaker, host: Host) -> Iterator[Fact]:
    """`file.state` of each logical file; ABSENT if it is not there, DENIED if its folder may not be searched."""
    for name, path in host.paths().items():
        reading = host.file(path)
        if reading.value is None:
            yield make.not_seen("file.state", file(name), reading.status, reading.reason, _BY)
            continue
        raw = reading.value
        value = {
            "path": raw.path,
            "size": raw.size,
            "mode": raw.mode,
            "owner": raw.owner,
            "kind": raw.kind,
            "readable": raw.readable,
        }
        yield make.ok("file.state", file(name), value, _BY)
