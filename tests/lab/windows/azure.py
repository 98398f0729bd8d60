"""Runs in the namespaces of a Windows machine of the lab: its name server and Azure's endpoints, until input ends.

python -m tests.lab.windows.azure FOLDER   writes FOLDER/ca.der, then prints `up`.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from arcdiag.knowledge.load import load_rules
from tests.collect.azure_stand_in import AZURE_ADDRESS, serve_azure


def main(folder: Path) -> None:
    authority = trustme.CA(organization_name="Microsoft Corporation")
    root = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
    (folder / "ca.der").write_bytes(root.public_bytes(Encoding.DER))
    subprocess.run(["ip", "addr", "add", f"{AZURE_ADDRESS}/32", "dev", "lo"], check=True)
    for name, text in (("resolv.conf", "nameserver 127.0.0.1\n"), ("hosts", "127.0.0.1 localhost\n")):
        (folder / name).write_text(text)
        subprocess.run(["mount", "--bind", str(folder / name), f"/etc/{name}"], check=True)
    with ExitStack() as stack:
        serve_azure(stack, load_rules(), authority, AZURE_ADDRESS)
        print("up", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
