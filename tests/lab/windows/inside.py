"""Runs under the Windows Python: prints what the adapter sees, as JSON, and what psutil says of the same services.

python -m tests.lab.windows.inside KEY...   KEY: registry keys whose values are to be printed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

import psutil

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.windows import WindowsHost
from arcdiag.collect.host.windows_paths import SERVICES
from arcdiag.model.reading import Reading

FILES = ("agentconfig", "localconfig", "certs", "himds.sock", "azcmagent", "arcproxy.log")


def told(reading: Reading[Any]) -> dict[str, Any]:
    return {"status": reading.status.value, "reason": reading.reason, "value": reading.value}


def by_psutil(unit: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = psutil.win_service_get(unit).as_dict()  # type: ignore[attr-defined, unused-ignore]
    except psutil.NoSuchProcess:
        return None
    return found


def main(keys: list[str]) -> None:
    host, deadline = WindowsHost(), Deadline.after(60)
    registry = host.registry()
    paths = host.paths()
    print(
        json.dumps(
            {
                "values": {key: told(registry.values(key)) for key in keys},
                "subkeys": {key: told(registry.subkeys(key)) for key in keys},
                "services": {name: told(reading) for name, reading in host.services(deadline).items()},
                "psutil": {name: by_psutil(unit) for name, unit in SERVICES.items()},
                "files": {name: told(host.file(paths[name])) for name in FILES},
                "listeners": {port: told(host.listeners(port)) for port in (40342, 40343)},
                "environments": {place: told(reading) for place, reading in host.environments()},
                "host": told(host.host()),
                "user": told(host.user()),
                "resolver": told(host.resolver()),
                "package": told(host.package(deadline)),
                "right": told(host.right_holders("SeServiceLogonRight")),
                "group": told(host.group_members("Administrators")),
                "up": told(host.up_seconds()),
            },
            default=lambda item: item.hex() if isinstance(item, bytes) else asdict(item),
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
