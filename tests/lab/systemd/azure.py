"""Runs inside the container: Azure's endpoints and a name server that knows them; makes /run/lab/azure when they stand.

Its authority goes into the machine's own bundle, so that the agent's TLS would trust it.
"""

from __future__ import annotations

import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path

import trustme

from arcdiag.knowledge.load import load_rules
from tests.collect.azure_stand_in import AZURE_ADDRESS, serve_azure


def main() -> None:
    subprocess.run(["ip", "address", "add", f"{AZURE_ADDRESS}/32", "dev", "lo"], check=False, capture_output=True)
    authority = trustme.CA(organization_name="Microsoft Corporation")
    Path("/etc/ssl/certs/ca-certificates.crt").write_bytes(authority.cert_pem.bytes())
    Path("/etc/resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    with ExitStack() as stack:
        serve_azure(stack, load_rules(), authority, AZURE_ADDRESS)
        Path("/run/lab/azure").touch()
        signal.pause()


if __name__ == "__main__":
    main()
