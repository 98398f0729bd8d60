"""The languages of a report, and their catalogues: gettext's, from English text to the text in that language."""

from __future__ import annotations

import gettext
import io
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from arcdiag.errors import InputError
from arcdiag.knowledge.sources import data_dir

ENGLISH = "en"
LANGUAGES = (ENGLISH, "ko", "zh-CN")
"""BCP 47 tags. English needs no catalogue; it is the text of the rules themselves."""


class Translation(Protocol):
    """The text of a key in one language; the English one where the catalogue has no other."""

    def __call__(self, key: str, english: str) -> str:
        """`english` has its braces, and so has what is returned."""


def untranslated(key: str, english: str) -> str:
    """English."""
    return english


def po_file(lang: str) -> Path:
    """The catalogue that translators edit, in a checkout and in a wheel."""
    return data_dir("rules") / "locales" / f"{lang}.po"


@lru_cache(maxsize=len(LANGUAGES))
def translation(lang: str) -> Translation:
    """The catalogue of one of LANGUAGES. Raises InputError for another one, or where its catalogue cannot be read."""
    if lang == ENGLISH:
        return untranslated
    if lang not in LANGUAGES:
        raise InputError(f"no language {lang!r}; there are {', '.join(LANGUAGES)}")
    catalogue = gettext.GNUTranslations(_compiled(lang))

    def translate(key: str, english: str) -> str:
        # A short word may need another translation in another place: then the place's key is its context.
        found = catalogue.pgettext(key, english)
        return found if found != english else catalogue.gettext(english)

    return translate


def _compiled(lang: str) -> io.BytesIO:
    """The catalogue as gettext's binary form: that of the wheel, else made of the checkout's text."""
    source = po_file(lang)
    compiled = source.with_suffix(".mo")
    if compiled.is_file():
        return io.BytesIO(compiled.read_bytes())
    try:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po
    except ImportError as error:
        raise InputError(f"--lang {lang} in a checkout needs Babel: run pip install babel") from error
    target = io.BytesIO()
    with source.open("rb") as stream:
        write_mo(target, read_po(stream, locale=lang.replace("-", "_")))
    target.seek(0)
    return target
