from __future__ import annotations

import os
import subprocess
import sys

import pytest

from arcdiag.cli.system_language import closest


@pytest.mark.parametrize(
    ("asked", "lang"),
    [
        ("ko_KR.UTF-8", "ko"),
        ("ko", "ko"),
        ("zh_CN.GB18030", "zh-CN"),
        ("zh-Hans-SG", "zh-CN"),
        ("zh_TW.UTF-8", "en"),
        ("zh-Hant-HK", "en"),
        ("de_DE@euro", "en"),
        ("C.UTF-8", "en"),
        ("", "en"),
    ],
)
def test_the_closest_language(asked: str, lang: str) -> None:
    assert closest(asked) == lang


def explain(*options: str, **env: str) -> str:
    command = [sys.executable, "-m", "arcdiag", "explain", "proxy-auth-required", *options]
    clean = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES", "LANG")}
    done = subprocess.run(command, capture_output=True, env=clean | env, timeout=60, check=True)
    return done.stdout.decode("utf-8")


def test_the_option_goes_before_the_system_and_json_stays_english() -> None:
    korean = explain(LC_ALL="ko_KR.UTF-8")
    assert korean == explain("--lang", "ko")
    assert any("\uac00" <= char <= "\ud7a3" for char in korean)
    english = explain("--lang", "en", LC_ALL="ko_KR.UTF-8")
    assert english.isascii()
    assert explain("--format", "json", "--lang", "ko") == explain("--format", "json", LANG="C")
