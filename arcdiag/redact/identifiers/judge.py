"""Whether a word in a telling place is a name at all."""

from __future__ import annotations

import re

from arcdiag.redact.identifiers.canonical import of_directory_name
from arcdiag.redact.identifiers.kept import Kept, kind_of_ip
from arcdiag.redact.identifiers.kept_words import is_public_name
from arcdiag.redact.identifiers.tokens import IdKind

_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")
_FOUR_NUMBERS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}\Z")
_CODE_FILE = re.compile(r"\.(?:go|py|c|cc|cpp|cs|rs|js|ts|ps1|sh|java|rb|log|json|exe|dll|service|txt)\Z", re.I)
_DIGEST = re.compile(r"[0-9A-Fa-f]{32,}\Z")
_VERSION = re.compile(r"v?\d+(?:\.\d+)*\Z")
_UNITS = (".service", ".socket", ".timer", ".target", ".mount", ".slice", ".scope", ".path", ".device")
_TYPES_TEXT = "string strings str int integer bool boolean object array optional required duration resource_group"
_TYPES = frozenset(_TYPES_TEXT.split())
"""What the help of a command and the code of a program write in place of a value."""
_CMDLET = re.compile(
    r"(?:Get|Set|New|Test|Invoke|Import|Export|Select|Where|Write|Read|Start|Stop|Add|Remove|Out)-[A-Z]"
)
_MEMBER = re.compile(r"[a-z]\w*(?:\.[A-Z][a-z]\w*)+\Z")
_LEAST = 3


def is_name(kept: Kept, kind: IdKind, value: str) -> bool:
    """Whether `value` in a context of `kind` is somebody's own name; numbers, files and what everybody has are not."""
    match kind:
        case IdKind.SUBSCRIPTION | IdKind.TENANT | IdKind.GUID:
            return not kept.guid(value)
        case IdKind.SID:
            return True
        case IdKind.MAC:
            return bool(value.strip("0")) and bool(value.lower().strip("f"))
        case IdKind.MAIL:
            return not value.endswith(_UNITS) and not kept.host(value.rpartition("@")[2])
        case _:
            return not _is_no_word(value) and _is_own(kept, kind, value)


def _is_no_word(value: str) -> bool:
    plain = value.strip(".")
    no_name = _GUID.match(plain) or _FOUR_NUMBERS.match(plain) or _CODE_FILE.search(plain) or _VERSION.match(plain)
    if plain.lower() in _TYPES or _CMDLET.match(plain) or _MEMBER.match(plain):
        return True
    return bool(no_name or _DIGEST.match(plain)) or plain.isdigit() or kind_of_ip(plain) is not None


def _is_own(kept: Kept, kind: IdKind, value: str) -> bool:
    if kind in (IdKind.HOST, IdKind.DOMAIN):
        low = value.lower()
        return not kept.host(of_directory_name(low) if "dc" in low and "=" in low else low)
    if kind is IdKind.USER:
        return not kept.user(value) and not kept.host(value)
    if kind is IdKind.RESOURCE and "." in value and kept.host(value):  # a zone of private names
        return False
    if kind is IdKind.NAME:
        return len(value) > 1 and not is_public_name(value)
    return len(value) > 1


def is_telling(label: str) -> bool:
    """Whether a short name is one that nobody uses as a word: it has a digit or a dash."""
    return len(label) >= _LEAST and bool(re.search(r"[a-z]", label)) and bool(re.search(r"[0-9-]", label))


def real_domain(low: str) -> str:
    """What stands behind the last label that begins with an underscore; empty if that is no domain."""
    labels = low.split(".")
    last = max((at for at, label in enumerate(labels) if label.startswith("_")), default=-1)
    domain = ".".join(labels[last + 1 :])
    return domain if "." in domain else ""
