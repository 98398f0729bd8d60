"""A network namespace for a command: a machine without any network, of the test's own."""

from __future__ import annotations

import os
import subprocess

_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NEW_NETWORK = ["unshare", "-n"] if _ROOT else ["unshare", "--map-root-user", "-n"]
"""Prefix of a command; an ordinary user becomes root of a namespace of his own, where the system allows that."""


def available() -> bool:
    """Whether this user may make one; root always may."""
    try:
        return (
            subprocess.run([*NEW_NETWORK, "-m", "true"], capture_output=True, timeout=20, check=False).returncode == 0
        )
    except OSError:
        return False
