"""Bundles of made-up machines: what `azcmagent logs` would hold of each, the same bytes for the same number."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

FAULTS = {
    "healthy": None,
    "dns-failure": "dial tcp: lookup uks.his.arc.azure.com on 10.0.0.4:53: no such host",
    "proxy-unreachable": "proxyconnect tcp: dial tcp 10.9.9.9:3128: connect: connection refused",
    "tls-inspection": "tls: failed to verify certificate: x509: certificate signed by unknown authority",
}
"""The cause that each of them shows, and the text that shows it."""
BROKEN = (b"PK\x03\x04 cut off", b"\x7fELF no bundle", b"PK\x05\x06" + b"\xff" * 18)
_NOISE = (
    'level=info msg="Request served" Endpoint="/metadata/identity/oauth2/token" Duration={n}ms Correlation ID={g}',
    'level=debug msg="Token cache hit" Resource="https://vault.azure.net" Expires In={n}s Correlation ID={g}',
    'level=debug msg="Received response" Request URL="https://gbl.his.arc.azure.com/api?request={g}" Status Code=200',
    'level=debug msg="Extension status reported" Name=AzureMonitorLinuxAgent Sequence={n} Correlation ID={g}',
    'level=info msg="Certificate is valid for {n} minutes, renewal is not due" VM Id={g}',
)
_BEAT = 'level=info msg="Heartbeat sent"'
_EVERY = 36
"""A heartbeat stands among so many lines, as on a machine that is connected."""


def log(number: int, size: int) -> bytes:
    """A himds.log of about `size` bytes: noise of days, and at its end heartbeats that fail or not."""
    rng = random.Random(number)
    lines, length, minute = [], 0, 0
    while length < size:
        minute += 1
        form = _BEAT if minute % _EVERY == 0 else rng.choice(_NOISE)
        stamp = f"2026-03-{1 + minute // 1440 % 28:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z"
        guid = f"{rng.randrange(16**8):08x}-11b2-4c3d-8e4f-{rng.randrange(16**12):012x}"
        line = f'time="{stamp}" ' + form.format(g=guid, n=rng.randrange(10**5))
        lines.append(line)
        length += len(line) + 1
    fault = list(FAULTS.values())[number % len(FAULTS)]
    for at in range(4):
        stamp = f"2026-03-29T{8 + number % 3:02}:{at * 5:02}:00Z"
        lines.append(f'time="{stamp}" level=info msg="Sending heartbeat"')
        if fault is None:
            lines.append(f'time="{stamp}" level=info msg="Heartbeat sent"')
        else:
            text = f'Post \\"https://uks.his.arc.azure.com/v2.0/heartbeat\\": {fault}'
            lines.append(f'time="{stamp}" level=error msg="Failed to send heartbeat" Error="{text}"')
    return "\n".join(lines).encode() + b"\n"


def show(number: int) -> bytes:
    """What `azcmagent show -j` prints on that machine."""
    healthy = number % len(FAULTS) == 0
    return json.dumps(
        {
            "subscriptionId": f"00000000-0000-4000-8000-{number % 3:012}",
            "resourceGroup": f"rg-{number % 5}",
            "resourceName": f"srv-{number:05}",
            "tenantId": "cee2d177-3075-4f5f-8b8b-0dbda51b59f5",
            "location": "uksouth",
            "vmId": f"11111111-0000-4000-8000-{number:012}",
            "cloud": "AzureCloud",
            "agentVersion": f"1.{45 + number % 4}.02769.1814",
            "status": "Connected" if healthy else "Disconnected",
            "lastHeartbeat": "2026-03-29T08:00:00Z",
            "httpsProxy": "http://10.9.9.9:3128" if number % len(FAULTS) == 2 else "",
        }
    ).encode()


def bundle(number: int, size: int = 4096, comment: str = "") -> bytes:
    """A zip with a log of about `size` bytes; another `comment` makes other bytes of the same machine."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in (("Logs/himds.log", log(number, size)), ("show.json", show(number))):
            info = zipfile.ZipInfo(name, (2026, 3, 29, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
        archive.comment = comment.encode()
    return raw.getvalue()


def write_bundles(folder: Path, count: int, size: int = 4096, broken_every: int = 0) -> tuple[list[Path], list[Path]]:
    """`count` bundles in a folder, every so many-th of them broken; the sound ones and the broken ones."""
    folder.mkdir(parents=True, exist_ok=True)
    sound, broken = [], []
    for number in range(count):
        path = folder / f"srv-{number:05}.zip"
        if broken_every and number % broken_every == broken_every - 1:
            path.write_bytes(BROKEN[number // broken_every % len(BROKEN)] + str(number).encode())
            broken.append(path)
        else:
            path.write_bytes(bundle(number, size))
            sound.append(path)
    return sound, broken


def varied(distinct: int, count: int, size: int) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of `count` bundles, all different, that are made from `distinct` machines."""
    made = [bundle(number, size, "#" * 12) for number in range(distinct)]
    for number in range(count):
        yield f"b{number:06}.zip", made[number % distinct][:-12] + f"{number:012}".encode()
