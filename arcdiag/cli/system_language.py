"""The language that the system asks for."""

from __future__ import annotations

import os
import sys

from arcdiag.report.language import ENGLISH

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def system_language() -> str:
    """The one of LANGUAGES that the system asks for; English where it asks for none of them."""
    return closest(_asked())


def closest(tag: str) -> str:
    """`ko_KR.UTF-8` becomes `ko`, `zh_CN` and `zh-Hans-SG` become `zh-CN`; everything else English.

    Traditional Chinese (`zh_TW`, `zh-Hant`) is another script, so it is not answered with the simplified one.
    """
    words = tag.split(".")[0].split("@")[0].replace("_", "-").lower().split("-")
    if words[0] == "ko":
        return "ko"
    if words[0] == "zh" and not {"tw", "hk", "mo", "hant"} & set(words):
        return "zh-CN"
    return ENGLISH


def _asked() -> str:
    for name in _VARIABLES:
        if value := os.environ.get(name):
            return value
    return _windows_language() if sys.platform == "win32" else ""


def _windows_language() -> str:
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return locale.windows_locale.get(number, "")
