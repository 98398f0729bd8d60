"""How a context is written down: words that name what follows, and what follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple

from arcdiag.redact.identifiers.tokens import IdKind

QUOTE = r"(?:\\{0,15}[\"'`]{1,2}|&quot;|&#3[49];|&#x2[27];|&apos;|\\{1,15}u002[27]|%2[27])"
SLASH = r"(?:\\{0,31}/|%2[Ff]|\\{1,7}u002[fF])"
HOST = r"(?P<v>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?)"
UNC_HOST = r"(?:\\{2,8})?" + HOST
HOSTS = r"(?P<v>[A-Za-z0-9_][A-Za-z0-9_.,;| \t-]{0,400})"
# Letters of any alphabet; of what is no ASCII all but punctuation, whose UTF-8 begins with C2, E2, E3 or EF.
_LETTER = r"[A-Za-z0-9_\x80-\xbf\xc3-\xe1\xe4-\xee\xf0-\xf4]"
_FIRST = r"[A-Za-z0-9_\xc3-\xe1\xe4-\xee\xf0-\xf4]"
# The next key is no value, nor is a call.
_NO_KEY = r"(?![A-Za-z0-9_.$=(\x80-\xbf-])"
# The first letter of a name in capitals and what follows; what stands between the words of a person's name.
_CAPITAL = r"(?:[A-Z]|[\xc3-\xd4][\x80-\xbf])"
NAME_WORD = rf"{_CAPITAL}(?:[A-Za-z'\x80-\xbf\xc3-\xd4-]|\xe2\x80\x99){{0,39}}\.?"
_PARTICLES = r"(?:(?:van|von|vom|zu|de|der|den|du|da|das|di|do|dos|del|della|la|le|el|al|bin|ibn|ter|ten|af|av) ){0,3}"
_WEEKDAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_DATE = rf"(?:{_WEEKDAY},? {{1,2}}(?:{_MONTH}|\d)|{_MONTH} {{1,2}}\d|\d{{1,4}}[-/]\d{{1,2}}[-/])"
PERSON = rf"(?P<v>(?!{_DATE}){NAME_WORD}(?:,? {_PARTICLES}{NAME_WORD}){{1,3}})"
"""Two to four words in capitals."""
PERSON_END = r"(?=[ \t]{0,60}(?:\r?\n|[\"'`;|,<\]]|\\{1,15}[\"nr])| [<(\[]| {2}|&)"
_DOMAIN_BEFORE = r"(?:(?:\.|(?P<d>[A-Za-z0-9][A-Za-z0-9.-]{0,63}))\\{1,32})?"
_NO_PERSON = PERSON.replace("?P<v>", "?:")
# A date is no login, nor is the first word of a person's name.
LOGIN = (
    rf"(?!{_DATE}|S-1-\d|{_NO_PERSON}{PERSON_END}){_DOMAIN_BEFORE}(?P<v>{_FIRST}(?:{_LETTER}|[.$-]){{0,89}}){_NO_KEY}"
)
WORD = rf"(?P<v>{_FIRST}(?:{_LETTER}|[.$-]){{0,89}})"
USER_LIST = (
    rf"{_FIRST}(?:{_LETTER}|[.$-]){{0,89}}(?:,? {_FIRST}(?:{_LETTER}|[.$-]){{0,89}}){{0,20}}(?=[ \t]{{0,8}}\r?\n)"
)
GROUP = rf"(?P<v>(?:{_FIRST}|[(])(?:{_LETTER}|[.()-]){{0,89}})"
GUID = r"(?P<v>[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})"
# What no proxy is asked for: a list without blanks, or in brackets.
_ITEM = r"[A-Za-z0-9_.*<][A-Za-z0-9_.*:/>-]{0,253}"
BYPASS = rf"(?P<b>\[)?(?P<v>{_ITEM}(?(b)(?:,?[ \t]{_ITEM}){{0,40}}|(?:[,;|][ \t]?{_ITEM}){{1,40}}))"
# Several words, up to what ends a field.
FULL_NAME = (
    rf"(?P<v>{_FIRST}(?:{_LETTER}|[.&'-]){{0,39}}(?:,? (?:{_LETTER}|[.&'-]){{1,40}}){{0,5}})"
    r"(?=[ \t]{0,60}(?:\r?\n|[\"'<;|,)\\]| {2}))"
)
BARE_ID = r"(?P<v>[0-9A-Fa-f]{32})(?![0-9A-Za-z])"
BARE_MAC = r"(?P<v>(?=[0-9]{0,11}[A-Fa-f]|[0-9]{12}\b)[0-9A-Fa-f]{12})(?![0-9A-Za-z])"
_SCHEME = r"[A-Za-z0-9]{2,6}:(?:\\{0,2}/){2}"
URL_LEAD = rf"(?:{_SCHEME}|(?!{_SCHEME}))" r"(?:[^\s/@\"'<>]{1,200}@|(?![^\s/@\"'<>]{1,200}(?:@|\xc2\xabmail:)))"
_EQUALS = r"(?:=>|==|=~|[=:|>]|%3[AaDd]|&gt;|\\{1,15}u003[eEdD]|\xef\xbc\x9a)"
_CELL = r"(?:[ \t]{0,4}:?(?:\s{0,9}</[a-z]{1,6}>){1,3}\s{0,9}(?:<[a-z][^>\n]{0,80}>\s{0,9}){0,3})"
_SIGN = (
    rf"(?:{QUOTE}?(?:[ \t]?\([a-z]{{1,12}}\))?[ \t.]{{0,60}}{_EQUALS}(?:[ \t]|\\{{1,7}}t|%20){{0,40}}{QUOTE}?|{_CELL}"
    rf"|{QUOTE}(?:[ ,]{{1,3}}|\s?:\s?\{{\s{{0,40}}){QUOTE}value{QUOTE}[ \t]?:[ \t]?{QUOTE}"
    rf"|[ \t]{{1,8}}REG_(?:EXPAND_)?SZ[ \t]{{1,8}}|(?<=me) is (?:{QUOTE}|(?=[^\s]{{0,60}}[0-9A-Z])))"
)
QUOTE_STARTS = frozenset(b"\\\"'`&%")
_SIGN_STARTS = frozenset(b"\0 \t.=:|><%\"'`\\&(\xef")
_BEFORE_DASH = frozenset(b"\0 \t\n->[|\"'`(")
_PARAMETER = rf"(?:[ \t]{{1,4}}|[=:][ \t]?|{QUOTE},[ \t]?|\0){QUOTE}?"
_ESCAPED_QUOTES = frozenset((b"\\u0022", b"\\u0027"))
WORD_BYTES = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")


class Reach(Enum):
    """How far a context tells a name.

    EVERYWHERE: it is one wherever else it stands, too. HERE: a name that nobody uses as a word (it has a digit, a dash
    or a dot) is one everywhere, any other one only here. IF_TELLING: any other one is none. UNCOMMON: a word that
    messages are made of is none, any other one is one everywhere.
    """

    EVERYWHERE = 0
    HERE = 1
    IF_TELLING = 2
    UNCOMMON = 3

    @property
    def is_doubtful(self) -> bool:
        """Whether a word that is not learnt is none here either."""
        return self in (Reach.IF_TELLING, Reach.UNCOMMON)


class Told(NamedTuple):
    """A name that a text tells, where it begins, and how far it is one."""

    kind: IdKind
    value: bytes
    start: int
    reach: Reach = Reach.EVERYWHERE


Look = Callable[[bytes, int, int], Sequence[Told]]
"""Asked where an anchor stands, `text[at:end]`; a line end stands before and behind the text."""


First = Callable[[bytes, int], "re.Match[bytes] | None"]


class Context(NamedTuple):
    """`anchors` are in lower case; `look` is asked wherever one of them stands.

    `first`, if there is one, is asked before, with `end`: nothing is told if it matches nothing, and nothing new where
    its group `v` is as it was before. Without one of `signs` right behind the anchor `look` tells nothing.
    """

    anchors: tuple[str, ...]
    look: Look
    first: First | None = None
    signs: frozenset[int] | None = None


def compiled(text: str) -> re.Pattern[bytes]:
    """A pattern over bytes; its signs beyond ASCII are bytes."""
    return re.compile(text.encode("latin-1"))


def keyed(kind: IdKind, keys: str, value: str, reach: Reach = Reach.EVERYWHERE) -> Context:
    """The value of a key in a setting, a table, JSON, XML, or of a parameter. In `keys`, `_` is any joint of words."""
    sign, parameter = compiled(_SIGN + value).match, compiled(_PARAMETER + value).match

    def look(text: bytes, at: int, end: int) -> Sequence[Told]:
        before = text[at - 1]
        if before in WORD_BYTES and before != 95 and not is_escape(text, at):
            return ()
        match = parameter(text, end) if before == 45 and text[at - 2] in _BEFORE_DASH else None
        match = match or sign(text, end)
        if match is None:
            return ()
        value = match["v"]
        if text[match.end("v")] == 61 and b" " in value:  # the last word is the next key
            value = value[: value.rindex(b" ")].rstrip()
        told = Told(kind, value, match.start("v"), reach)
        if kind is IdKind.USER and (domain := match.groupdict().get("d")):
            return told, Told(IdKind.DOMAIN, domain, match.start("d"))
        return (told,)

    return Context(tuple(spelt for key in keys.split() for spelt in _spellings(key)), look, signs=_SIGN_STARTS)


def behind(
    kind: IdKind,
    anchors: Sequence[str],
    value: str,
    reach: Reach = Reach.EVERYWHERE,
    free: bool = False,
    signs: frozenset[int] | None = None,
) -> Context:
    """What stands right behind words. If they are `free`, no letter and no digit stands before them."""
    match_at = compiled(value).match

    def look(text: bytes, at: int, end: int) -> Sequence[Told]:
        if free and text[at - 1] in WORD_BYTES and not is_escape(text, at):
            return ()
        match = match_at(text, end)
        return (Told(kind, match["v"], match.start("v"), reach),) if match else ()

    return Context(tuple(anchors), look, None if free else match_at, signs)


def is_escape(text: bytes, at: int) -> bool:
    """Whether an escaped line end, tab or quote ends at `at`: it looks like a letter or a digit of the next word."""
    if text[at - 2] == 92:
        return text[at - 1] in b"nrt"
    return text[at - 6 : at] in _ESCAPED_QUOTES


def before(
    kind: IdKind, anchors: Sequence[str], pattern: re.Pattern[bytes], size: int, reach: Reach = Reach.EVERYWHERE
) -> Context:
    """What stands before words: group `v` of `pattern`, which is searched in the `size` bytes before them."""

    def look(text: bytes, at: int, end: int) -> Sequence[Told]:
        begin = max(0, at - size)
        match = pattern.search(text[begin:at])
        return (Told(kind, match["v"], begin + match.start("v"), reach),) if match else ()

    return Context(tuple(anchors), look)


def _spellings(key: str) -> list[str]:
    words = key.split("_")
    return list(dict.fromkeys(joint.join(words) for joint in ("", " ", "_", "-", ".")))
