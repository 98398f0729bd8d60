"""Whether a word is worth hiding: placeholders, masks, prose and codes are not secrets."""

from __future__ import annotations

import re

_NOTHING_TEXT = """
true false null none nil undefined unset unknown yes no default string securestring n/a (null) <nil> $null
$true $false required optional expired invalid missing empty redacted [redacted] <redacted> (redacted)
hidden <hidden> masked ok provided present absent not-set notset changed failed error {} [] () value bool
int object plaintext incorrect wrong rejected accepted %s %q %v %d {0} {1}
"""
_NOTHING = frozenset(_NOTHING_TEXT.split())
_PROSE_TEXT = """
a an and any are argument as at be because but by can cannot could does empty expired flag for from given
has have here how if in instead into invalid is it its may missing must name not of on only option or
parameter provided required requires should so string text than that the then there this to together used
using value values was were when where which while will with without you your eof get post put dial lookup
context error errors failed connect
"""
_PROSE = frozenset(_PROSE_TEXT.split())
_MASK = re.compile(r"([*xX•.#?_-])\1{2,}\Z")
_PLACEHOLDER = re.compile(
    r"<[A-Za-z][A-Za-z0-9 ,._'/-]{1,80}>|\[[A-Z][A-Z _-]{3,60}\]|\[[a-z]\w{2,30}\(.{0,200}\)\]"
    r"|\{\{?[ A-Za-z_.-]{3,60}\}?\}"
)
_PLACEHOLDER_WORD = re.compile(
    r"secret|password|token|value|key|your|enter|insert|credential|user|client|redact|hidden|mask|removed|placeholder"
    r"|[a-z][ _-][a-z]|\[[a-z]",
    re.I,
)
_ENDS = ("", *" \t\r\n,;\"'`)]}|\\")
_LEAST_WORDS, _MOST_WORDS = 3, 8
_PHRASE_WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,14}\Z")
_SAID_OF_ONE_TEXT = """
rejected accepted incorrect correct wrong disabled enabled locked encrypted protected stored plaintext cleartext hashed
unchanged always never active inactive visible sensitive confidential password secret username number unset disable
enable empty reset prompt generate random generated saved cached ignored weak strong simple complex
"""
_SAID_OF_ONE = frozenset(_SAID_OF_ONE_TEXT.split())
_IN_SENTENCES_TEXT = """
authentication authenticated policy policies history length age days last changed change changes set expires expire
user users account accounts login file files path key keys certificate token tokens credential credentials client
server service principal access request response message no more new old next see also please enter type used
use uses we they he she i do does did being had would shall might about after before again
who what why our ours their his her via per each every both all some few most other such own same very just now
and und oder der die das den dem ein eine einer ist sind war wird werden nicht kein keine mit von vom zum zur fuer für
auf aus bei nach noch nur auch als wenn wie bitte benutzer kennwort passwort
settings setting options manager management protection storage store vault provider support supported
successfully found read reading write written validation verification verified check checking checked
"""
_IN_SENTENCES = (_SAID_OF_ONE | frozenset(_IN_SENTENCES_TEXT.split())) - {"correct"}
_TWO_WORDS = re.compile(r"[a-z]{2,10} [a-z]{1,14}(?:[ .,;:)]|\Z)")
# What stands for a value that is elsewhere: in Terraform, in a workflow.
_REFERENCE = re.compile(
    r"(?:var|local|data|module|each|random_password|az(?:urerm|uread)_\w{1,60})(?:\.[A-Za-z_][\w-]{0,60}(?:\[[^\[\]\n]{1,60}\])?){1,6}\Z"
    r"|\$\{\{"
)
_TYPE_NAME = re.compile(r"(?:System|Microsoft)(?:\.[A-Z][A-Za-z0-9]{1,60}){1,8}(?:\[\])?\Z")
_CODE = re.compile(
    r"AADSTS[0-9]+|AZCM[0-9]+|HCRP[0-9]+|0x[0-9A-Fa-f]{1,16}|v?[0-9]+(?:[.:,/-][0-9]+)*|[0-9]{1,6}(?:[%a-z]|/[a-z]{3,6})|x509|http/?[0-9.]*|oauth2?|"
    r"(?:[0-9A-Za-z_-]+\.)+(?:com|net|org|io|local|internal|example|cn|us|exe|dll|ps1|py|go|log|json|xml|key|sh)(?::[0-9]+)?",
    re.I,
)
_LONG_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}\Z")
_LOOKED_AT = 300
_WORD_AND_NUMBER = re.compile(r"(?P<word>[A-Z]?[a-z]{4,24})[-_.]?[0-9]{1,4}[!?*#$+]{0,3}\Z")
_NUMBERED_TEXT = """
version server servers windows build event error level status step line base type class attempt retry host proxy user
node port column chapter phase stage group table method option device machine account client agent profile policy
secret password token number length exit release update patch section figure page item part test tests page rule
check checks thread process channel slot disk volume session minute minutes hour hours second seconds times byte bytes
days weeks month months year years january february march april june july august september october november december
"""
_LEAST_WORDED = 8
_NUMBERED = frozenset(_NUMBERED_TEXT.split())
_NAME_TOKEN = re.compile(r"«(?!secret:)[a-z-]{2,24}:[0-9a-f.]{4,80}»")
_PLACE = re.compile(r"https?:|ftp:|file:|[A-Za-z]:[\\/]|/|\./|~/|\\\\|[@({\[<]")


def is_blank_value(value: str) -> bool:
    """Whether `value` is none: empty, a constant, a mask, a placeholder, the name of a type."""
    if (
        len(value) <= 1
        or value.lower() in _NOTHING
        or _MASK.match(value)
        or _TYPE_NAME.match(value)
        or _REFERENCE.match(value)
    ):
        return True
    if value.isdigit() and len(value) <= 3:
        return True
    if value.startswith("&lt;") and value.endswith("&gt;"):
        # As a page shows it: `'<secret value>'` of a command stands there in entities, quotes and all.
        value = f"<{value[4:-4]}>"
    return bool(_PLACEHOLDER.fullmatch(value) and _PLACEHOLDER_WORD.search(value))


def has_placeholder(text: str, at: int) -> bool:
    """Whether a placeholder such as `<your secret>` stands bare at `at`."""
    match = _PLACEHOLDER.match(text, at) if text[at : at + 1] == "<" else None
    return bool(match and _PLACEHOLDER_WORD.search(match[0]) and text[match.end() : match.end() + 1] in _ENDS)


def is_sentence(text: str, at: int) -> bool:
    """Whether two plain lower-case words stand at `at`: a sentence about a parameter goes on, no value follows it."""
    return _TWO_WORDS.match(text, at) is not None


def is_prose(word: str) -> bool:
    """Whether a word behind a bare flag name only goes on with the sentence."""
    return word.rstrip(".,:;!?").lower() in _PROSE


def is_message(word: str) -> bool:
    """Whether programs say that word of a secret."""
    return word.lower() in _SAID_OF_ONE


def is_pass_phrase(text: str) -> bool:
    """Whether it is nothing but three to eight words that make no sentence and no message."""
    words = text.split()
    if not _LEAST_WORDS <= len(words) <= _MOST_WORDS or not all(map(_PHRASE_WORD.match, words)):
        return False
    return _IN_SENTENCES.isdisjoint(map(str.lower, words)) and not any(map(is_prose, words))


def looks_secret(word: str) -> bool:
    """Whether a bare word in the middle of a sentence can be a secret: not letters only, no code, place or number."""
    if "«" in word:
        word = _NAME_TOKEN.sub("host.local", word)  # the token of a name is judged as the name was
    core = word[:_LOOKED_AT].strip(".,:;!?'\"()[]")
    if len(core) < 6 or core.isalpha() or is_blank_value(core) or is_prose(core):
        return False
    if _is_long_base64(word):
        return True
    if _CODE.fullmatch(core) or _PLACE.match(word):
        return False
    return any(char.isdigit() for char in core) or not re.fullmatch(r"[A-Za-z]+(?:[-_./'’][A-Za-z]+)*(?:\(\))?", core)


def like_a_password(word: str) -> bool:
    """Whether it is a word and a number, as people make passwords, and no word that things are counted by."""
    match = _WORD_AND_NUMBER.match(word) if len(word) >= _LEAST_WORDED else None
    return match is not None and match["word"].lower() not in _NUMBERED


def _is_long_base64(word: str) -> bool:
    """Whether it is a key in base64, which may begin like a path."""
    if not _LONG_BASE64.match(word):
        return False
    return all(any(test(char) for char in word) for test in (str.isdigit, str.isupper, str.islower))
