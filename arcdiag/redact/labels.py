"""A label alone on its line, with the secret in the next line that is not blank, as a page of a portal copies."""

from __future__ import annotations

import re

from arcdiag.redact.judge import looks_secret
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.names import FOREIGN_PASSWORDS, kind_of_name

BLANK_LINES = 3
"""So many blank lines may stand between a label and its value."""
_WORDS_TEXT = """
client service principal access proxy admin administrator user sas api application app shared primary secondary
workspace storage account my the new old temporary initial root local domain azure arc svc spn sp your our das dein ihr
neues onboarding registration function host master subscription bearer pfx certificate key secret password token pwd
"""
_WORDS = frozenset(_WORDS_TEXT.split())
_LEAD = r"[ \t]{0,40}(?:[-*>#|][ \t]{1,4}|[0-9]{1,2}[.)][ \t]{1,4}){0,3}[*\"'`]{0,2}"
# What a shell is told to show: `$secret`, `echo $challengeToken`.
_SHOW = r"(?:(?:ps [^\n>]{1,80}> ?|[^\n]{0,60}[#$>] )?(?:echo |write-(?:host|output) )?[\"']?\$\{?)"
_LABEL = re.compile(
    rf"\ufeff?(?:(?P<variable>{_SHOW})|{_LEAD})(?P<name>[A-Za-z][A-Za-z_-]{{1,30}}(?: [A-Za-z_-]{{2,30}}){{0,4}})"
    r"(?: ?[0-9])?(?: ?\([\w -]{2,24}\))?[ \t]{0,2}[:：]?[*\"'`}]{0,2}[ \t]*\Z",
    re.I,
)
_ENDING = re.compile(
    rb"[a-z]{2,20}+(?: (?:value|text|string))?(?: ?[0-9])?(?: ?\([a-z0-9_ -]{2,24}\))?"
    rb"[ \t]{0,2}(?::|\xef\xbc\x9a)?[*\"'`}]{0,2}[ \t]*+\r?\n"
)
_BEGIN = re.compile(rf"(?:\xef\xbb\xbf)?(?:{_SHOW}|{_LEAD})(?:[a-z][a-z_-]{{1,30}} ){{0,4}}[a-z_-]{{0,30}}\Z".encode())
_KEY_FILE = re.compile(rb"(?:key[\"']?|(?<=\)\.)password)[ \t]*+\r?\n")
_LONGEST = 160
LABEL_REST = 64
"""So many characters a label has at most behind the first letter of its last name, with the end of the line."""
_GUID = re.compile(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?\Z")
_OTHER = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.%]{2,}\Z|[\w.+-]+@[\w-]+(?:\.[\w-]+)+\Z|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+){2,}\Z"
    r"|[A-Z0-9_-]+\Z|[a-z]+[-_.]?[0-9]{1,3}\Z|[a-z0-9]+(?:[-_.][a-z0-9]+)+\Z"
)
_AROUND = "\ufeff \t\r\n:：*-#>|`\"'"
_SHORT, _LONG = 8, 16
_KEY = re.compile(r"(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[0-9])[A-Za-z0-9+/]{40,}={0,2}\Z")


def label_kind(line: str) -> SecretKind | None:
    """What the value below `line` is, if the line is a label and nothing else; None for all other lines."""
    if not line.isascii() and line.strip(_AROUND).lower() in FOREIGN_PASSWORDS:
        return SecretKind.PASSWORD
    match = _LABEL.match(line) if len(line) <= _LONGEST else None
    if match is None:
        return None
    words = match["name"].lower().split()
    if match["variable"]:
        return kind_of_name(words[0]) if len(words) == 1 and words[0] != "pass" else None
    if words[-1] in ("value", "text", "string"):
        words.pop()
    if not words or not set(words[:-1]) <= _WORDS or words[-1] == "pass":
        return None
    if words == ["key"]:
        return SecretKind.ACCESS_KEY
    kind = kind_of_name("".join(words))
    return kind if len(words) > 1 or kind in (SecretKind.PASSWORD, SecretKind.CLIENT_SECRET) else None


def may_be_label(low: bytes, at: int) -> bool:
    """Whether the name around `at` (in lower case) can be a label alone on its line, or the file of a key ends it."""
    if low.startswith((b".key", b".password"), at - 1):
        return _KEY_FILE.match(low, at) is not None
    ending = _ENDING.match(low, at)
    if ending is None or ending.end() - at > LABEL_REST:
        return False
    start = low.rfind(b"\n", 0, at) + 1
    if at - start > _LONGEST or _BEGIN.match(low[start:at]) is None:
        return False
    return label_kind(low[start : ending.end()].decode("utf-8", "replace").rstrip()) is not None


def is_labelled(word: str, kind: SecretKind) -> bool:
    """Whether a word alone below a label is its value: no id, time, address or name of a machine."""
    if _GUID.match(word) or not any(map(str.isdigit, word)) or not looks_secret(word):
        return False
    if kind is SecretKind.ACCESS_KEY:
        return _KEY.match(word) is not None
    if len(word) >= _LONG and any(map(str.isupper, word)) and any(map(str.islower, word)):
        return True
    return kind is SecretKind.PASSWORD and len(word) >= _SHORT and _OTHER.match(word) is None
