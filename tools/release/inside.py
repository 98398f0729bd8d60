"""Prints what a program of PyInstaller holds, and the versions of the libraries of the Python that runs this, as JSON.

python inside.py PROGRAM
"""

from __future__ import annotations

import json
import platform
import ssl
import sys
import zlib
from xml.parsers import expat

from PyInstaller import __version__
from PyInstaller.archive.readers import CArchiveReader


def main(program: str) -> None:
    """Print names of files and modules, and versions of libraries."""
    archive = CArchiveReader(program)
    modules = archive.open_embedded_archive("PYZ.pyz" if "PYZ.pyz" in archive.toc else "PYZ-00.pyz")
    libraries = {
        "CPython": platform.python_version(),
        "OpenSSL": ssl.OPENSSL_VERSION.split()[1],
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "Expat": expat.EXPAT_VERSION.removeprefix("expat_"),
        "PyInstaller": __version__,
    }
    names = {"files": sorted(archive.toc), "modules": sorted(modules.toc), "libraries": libraries}
    print(json.dumps(names))


if __name__ == "__main__":
    main(sys.argv[1])
