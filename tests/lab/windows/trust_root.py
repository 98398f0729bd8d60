"""Runs under the Windows Python: puts a certificate (DER) into the machine's store of trusted roots.

python -m tests.lab.windows.trust_root FILE
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

_SYSTEM_REGISTRY, _LOCAL_MACHINE, _X509, _REPLACE = 10, 0x20000, 1, 3


def main(path: Path) -> None:
    if sys.platform != "win32":
        raise SystemExit("this is not Windows")
    crypt = ctypes.WinDLL("crypt32", use_last_error=True)
    crypt.CertOpenStore.restype = ctypes.c_void_p
    crypt.CertAddEncodedCertificateToStore.argtypes = [ctypes.c_void_p, ctypes.c_uint32,
                                                       ctypes.c_char_p, ctypes.c_uint32, ctypes.c_uint32,
                                                       ctypes.c_void_p]  # fmt: skip
    crypt.CertCloseStore.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    store = crypt.CertOpenStore(ctypes.c_void_p(_SYSTEM_REGISTRY), 0, None, _LOCAL_MACHINE, ctypes.c_wchar_p("ROOT"))
    data = path.read_bytes()
    done = crypt.CertAddEncodedCertificateToStore(store, _X509, data, len(data), _REPLACE, None)
    crypt.CertCloseStore(store, 0)
    raise SystemExit(0 if done else f"the store refused it: {ctypes.get_last_error()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
