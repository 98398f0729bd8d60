"""Secrets under a name: `password=…`, `"client_secret": "…"`, `--service-principal-secret …`, `<Password>…<`."""

from __future__ import annotations

import re

from arcdiag.redact.cells import celled_values
from arcdiag.redact.elements import element_values, shown_value
from arcdiag.redact.judge import has_placeholder, is_blank_value, is_prose, is_sentence, looks_secret
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span
from arcdiag.redact.logins import second_value
from arcdiag.redact.names import TOLD_LOOSE, is_loose_name, is_path, kind_of_name
from arcdiag.redact.pairs import paired_values
from arcdiag.redact.sentences import told_values
from arcdiag.redact.values import Value, read_between, read_quoted, read_value, read_word

_NAME_LEAD = re.compile(r"[a-z0-9_.$/-]{1,64}\Z")
_NAME_REST = re.compile(r"[a-z0-9_-]*")
_QUOTE = r"(?:\\{0,31}[\"']|`[\"']|&quot;|&apos;|&#3[49];|\\{1,15}u002[27]|%2[27]|[“”‘’])"
_ASSIGN = re.compile(
    rf"(?P<quote>{_QUOTE}{{0,2}})[\])]?(?:\*{{1,2}}|`)?(?P<blank>[ \t]{{0,64}})"
    r"(?P<sign>:=|=>|==?|:(?!:)|：|%(?:25){0,3}3[AaDd])"
    r"(?P<mark>\*{0,2})(?P<after>(?:[ \t]|%(?:25){0,3}20|\+(?=%22)){0,64})(?P<tick>`(?![\s\"']))?"
)
_PAIR = re.compile(
    rf"{_QUOTE}[ \t]{{0,8}}[,;]?[ \t]{{0,8}}{_QUOTE}?value{_QUOTE}?[ \t]{{0,8}}[:=][ \t]{{0,8}}(?={_QUOTE})", re.I
)
_MSI = re.compile(r" property\. Its (?:current )?value is (?=['\"])|[ \t]{0,4}property, value (?=['\"])", re.I)
_MSI_NEW = re.compile(r"['\"]\. Its new value(?: is|:) (?=['\"])", re.I)
# What continues a command or a value in the next line, where a viewer put both into one.
_CONTINUED = re.compile(r"[`\\^](?:[ \t]|\\{1,8}[rn]){1,40}")
_FOLDED = re.compile(r"[|>][+-]?(?:[ \t]|\\{1,8}[rn]){1,40}(?=\S)")
_NESTED = re.compile(rf"\{{\s{{0,8}}{_QUOTE}value{_QUOTE}\s{{0,8}}:\s{{0,8}}(?={_QUOTE})", re.I)
_FLAG = re.compile(
    rf"(?P<quote>{_QUOTE}?)(?:(?P<sign>[ \t]{{0,4}}[=:][ \t]{{0,4}})"
    rf"|(?P<comma>[ \t]{{0,4}},[ \t]{{0,8}}(?={_QUOTE}))|(?P<blank>[ \t]{{1,16}}))"
)
_LINE_START = re.compile(
    r"[\s﻿]{0,64}(?:[-#>*+|][ \t]{1,8}|(?:export|set|setx|env)[ \t]{1,4}){0,2}"
    r"(?:(?:client|service|principal|access|refresh|shared|account|user|proxy|admin|sas|api|application|app|storage|private|"
    r"primary|secondary|bearer|azure|arc|domain|onboarding|secret)[ _]){0,4}[\"'$]?\Z",
    re.I,
)
_URL_VALUE = re.compile(r"https?(?::|%3a)", re.I)
_IS_KEY = re.compile(rf"{_QUOTE}[ \t]{{0,8}}:")
# What a script or a document has in place of a value: a call, a table, a cast, a list, an object.
_CODE = re.compile(
    r"@[{(]|\$?\((?:[A-Z]\w{1,30}-|\$|\[|Get|Read|cat\b)|\[[A-Za-z.]{2,60}\]|\{[\"'\s\\}]|\[[\"'\s\\\]{]|<\w{1,30}>"
    r"|\([a-z]{2,20}(?: [a-z]{1,20}){0,3}\)|[|>][+-]?(?:\s|\Z)"
)
_BRACED = re.compile(r"\{[^{}\n=:\"'\\]{2,256}\}(?=[;\"'\s]|\Z)")
# What a ticket shows as it was typed: `{{…}}`; a variable of a template has no capitals and digits.
_MARKED = re.compile(r"\{\{(?=[^\s{}]*[A-Z])(?=[^\s{}]*[a-z])(?=[^\s{}]*[0-9])(?P<value>[^\s{}]{6,256})\}\}")
_BOXED = re.compile(r"\[(?P<value>[^\s\[\]]{8,4096})\]")  # a header as Go prints it
_LOOSE = re.compile(
    rf"{_QUOTE}?[ \t]{{0,8}}(?:=>?|[:：])[ \t]{{0,8}}{_QUOTE}?(?P<value>[^\s()\[\]{{}}|$\\\"'`&;,<>]{{6,256}})"
)
_VALUE_OF = ".value"
_NO_VALUE = ("", "\r", "\n")
_LOGIN = re.compile(r"login[ \t]{1,8}\S{1,128}[ \t]{1,8}\Z", re.I)
_SURELY = 300
_WRAP_WIDTH = 72
_OPEN_KEY = re.compile(r"(?P<name>[A-Za-z][\w.-]{1,60})[\"']?[ \t]{0,16}[:=][ \t]{0,4}(?:[|>][+-]?|\[|@\()?\Z")
_OPEN_TAG = re.compile(r"<(?:\w{1,20}:)?(?P<name>[A-Za-z][\w.-]{1,60})>\Z")
_TUPLE = re.compile(rf"{_QUOTE},[ \t]{{0,4}}[bur]?(?={_QUOTE})")
_TUPLE_OPENS = ("(", "[")
_MORE = ("\\", "`", "^")
_KEY_ENDS = (":", "=", "|", ">", "+", "-", "[", "(")
_OPEN_FLAG = re.compile(
    r"(?:\A|[\s\"'(\[,])(?P<name>--?[A-Za-z][A-Za-z0-9-]{1,40})[\"']?[ \t]{0,8}(?P<more>[\\`^])?[ \t]{0,4}\Z"
)
_SETX = re.compile(r"setx[ \t]{1,4}[\"']?\Z")
_CMDLET = re.compile(r"[A-Z][a-z]+-[A-Z]\w+\Z")


def find_named(line: Line, hit: int) -> list[Span]:
    """The values of the secret name that stands around `hit`, if one does."""
    lead = _NAME_LEAD.search(line.low, max(0, hit - 64), hit)
    start = lead.start() if lead else hit
    rest = _NAME_REST.match(line.low, hit, hit + 40)
    end = rest.end() if rest else hit
    kind = kind_of_name(line.low[start:end].rpartition("/")[2])
    if kind is None:
        return []
    name = line.text[start:end]
    if kind is SecretKind.PASSWORD and line.low.startswith(_VALUE_OF, end):
        end += len(_VALUE_OF)
    if is_path(line.low[start:end].encode("utf-8", "replace"), line.low[end : end + 1].encode("utf-8", "replace")):
        return []
    if is_loose_name(name):
        sign = _ASSIGN.match(line.text, end)
        loose = second_value(line.text, start, sign.end()) if sign else []
        loose = loose or _loose_value(line.text, end)
        if not loose and name.lower() in TOLD_LOOSE:
            loose = told_values(line, start, end, kind)
        return [Span(v.start, v.end, kind, start) for v in loose]
    flag = name.startswith("-") or _SETX.search(line.low, max(0, start - 16), start)
    values = _flag_values(line, name, start, end) if flag else None
    if values is None:
        values = (
            element_values(line.text, start, end)
            or celled_values(line.text, start, end, kind)
            or _assigned(line, name, start, end)
            or paired_values(line.text, start, end)
            or told_values(line, start, end, kind)
        )
    return [Span(v.start, v.end, kind, start) for v in values if v.end > v.start]


def _loose_value(text: str, end: int) -> list[Value]:
    """The value of a name that other things have, too: no piece of a program, no sentence."""
    match = _LOOSE.match(text, end)
    if match is None or not looks_secret(match["value"]) or not any(char.isdigit() for char in match["value"]):
        return []
    return [Value(*match.span("value"))]


def _flag_values(line: Line, name: str, start: int, end: int) -> list[Value] | None:
    """Values of a command's parameter; None if what follows is no parameter's value but may be an assignment's."""
    match = _FLAG.match(line.text, end)
    if match is None:
        return None if name.startswith("-") and _ASSIGN.match(line.text, end) else []
    if has_placeholder(line.text, match.end()):
        return []
    more = _CONTINUED.match(line.text, match.end())
    value = read_value(line.text, more.end() if more else match.end())
    text = line.text[value.start : value.end]
    if value.start == value.end or is_blank_value(text) or text in ("\\", "`", "^", "|", "&&"):
        return []
    if match["comma"] and _IS_KEY.match(line.text, value.end):
        return []
    if value.quote or match["sign"]:
        return [value]
    if text.startswith("-") and not looks_secret(text.lstrip("-")):
        return []
    if _CODE.match(text) or is_prose(text) or is_sentence(line.text, value.start):
        return []
    return [value]


def _assigned(line: Line, name: str, start: int, end: int) -> list[Value]:
    text = line.text
    pair = _PAIR.match(text, end) or _MSI.match(text, end)
    if pair:
        return _paired(text, pair.end())
    match = _ASSIGN.match(text, end)
    if match is None:
        return _of_tuple(text, start, end) or _of_netrc(text, start, end)
    at = match.end()
    if match["tick"]:
        ticked = read_between(text, at, "`", "`")
        return [ticked] if ticked.closed and not is_blank_value(text[at : ticked.end]) else []
    shown = shown_value(text, at)
    if shown:
        return [shown]
    folded = _FOLDED.match(text, at) if ":" in match["sign"] else None
    if folded:
        value = read_word(text, folded.end())
        return [value] if looks_secret(text[value.start : value.end]) else []
    nested = _NESTED.match(text, at)
    if nested:
        at = nested.end()
    elif text[at : at + 1] == "[" and (values := _listed(text, at + 1)):
        return values
    quoted = read_quoted(text, at, sure=bool(match["quote"]))
    if quoted is not None and match["quote"] and quoted.quote.count("\\") < match["quote"].count("\\"):
        # The name is quoted deeper than what follows: that quote closes the string around the name.
        return []
    if quoted is not None:
        return _quoted(line, match, quoted, start)
    if text[at : at + 1] in _NO_VALUE or _CODE.match(text, at) or has_placeholder(text, at):
        return []
    marked = _MARKED.match(text, at)
    if marked and looks_secret(marked["value"]):
        return [Value(*marked.span("value"))]
    if text[at] in "{[(" and ":" in match["sign"]:
        boxed = None if match["after"] else _BOXED.match(text, at)
        return [Value(*boxed.span("value"))] if boxed and looks_secret(boxed["value"]) else []
    braced = _BRACED.match(text, at)
    if braced:
        return [Value(at, braced.end())]
    return _bare(line, match, name, start)


def _of_tuple(text: str, start: int, end: int) -> list[Value]:
    """The second of two strings in brackets, `('client_secret', '…')`, if it looks like a secret."""
    match = _TUPLE.match(text, end) if text[max(0, start - 2) : start].strip("\"'") in _TUPLE_OPENS else None
    value = read_quoted(text, match.end()) if match else None
    word = text[value.start : value.end] if value else ""
    return [value] if value and looks_secret(word) and not any(char.isspace() for char in word) else []


def _of_netrc(text: str, start: int, end: int) -> list[Value]:
    """`login NAME password VALUE`, as `.netrc` and apt's `auth.conf` have it."""
    if text[end : end + 1] not in (" ", "\t") or not _LOGIN.search(text, max(0, start - 160), start):
        return []
    value = read_word(text, len(text) - len(text[end:].lstrip(" \t")))
    return [value] if not is_blank_value(text[value.start : value.end]) else []


def _paired(text: str, at: int) -> list[Value]:
    """The quoted value at `at`, and the one that an installer's log names after it as the new one."""
    values = [read_quoted(text, at)]
    if values[0] is not None:
        renewed = _MSI_NEW.match(text, values[0].end)
        values.append(read_quoted(text, renewed.end()) if renewed else None)
    return [v for v in values if v is not None and not is_blank_value(text[v.start : v.end])]


def _listed(text: str, at: int) -> list[Value]:
    """The quoted strings of a list, `["a", "b"]`."""
    values: list[Value] = []
    while len(values) < 64:
        while at < len(text) and text[at] in " \t,":
            at += 1
        value = read_quoted(text, at)
        if value is None or not value.closed:
            break
        if not is_blank_value(text[value.start : value.end]):
            values.append(value)
        at = value.end + len(value.quote)
    return values


def _quoted(line: Line, match: re.Match[str], value: Value, start: int) -> list[Value]:
    text = line.text[value.start : value.end]
    if is_blank_value(text):
        return []
    if match["quote"]:
        return [value]
    # A quote right behind `name:` can as well close what is around: msg="enter the password:" Error="…".
    if text[:1].isspace() and text.rstrip()[-1:] == "=":
        return []
    in_sentence = (
        ":" in match["sign"] and match["after"] and not _LINE_START.match(line.text[max(0, start - 120) : start])
    )
    if in_sentence and (_URL_VALUE.match(text) or text.count(" ") >= 2):
        return []
    return [value]


def _bare(line: Line, match: re.Match[str], name: str, start: int) -> list[Value]:
    text, at = line.text, match.end()
    if not match["quote"] and (_URL_VALUE.match(text, at) or text.startswith("//", at)):
        return []
    apart = second_value(text, start + name.rfind("/") + 1, at)
    if apart:
        return apart
    stops = "<;" if text[start - 1 : start] not in ("?", "&") else "<;&"
    value = read_word(text, at, stops)
    value = Value(value.start, _form_end(text, value))
    word = text[value.start : value.end]
    if not word or is_blank_value(word):
        return []
    if match["quote"] or value.end - value.start >= _SURELY:
        return [value]
    if _is_working_folder(name, word, text[start - 1 : start]):
        return []
    rest_is_word = not text[value.end : value.end + 200].strip(" \t\r\n\"'`;,)\\")
    at_start = _LINE_START.match(text[max(0, start - 120) : start]) is not None
    spaced = bool(match["blank"] or match["after"])
    if "=" in match["sign"] or match["sign"].startswith("%"):
        if name.startswith("$"):
            sure = looks_secret(word) and not _CMDLET.match(word)
        else:
            sure = not spaced or rest_is_word or looks_secret(word)
    elif not spaced:
        sure = not is_prose(word)
    else:
        sure = looks_secret(word) or (at_start and rest_is_word and not is_prose(word))
    return [value] if sure else []


def _form_end(text: str, value: Value) -> int:
    """Where the next field of a form begins (`&grant_type=`), else the value's end."""
    match = re.search(
        r"&(?:amp;)?[A-Za-z_.][A-Za-z0-9_.-]{0,40}=|\\u0026|%26[A-Za-z_]{1,40}%3[Dd]", text[value.start : value.end]
    )
    return value.start + match.start() if match else value.end


def _is_working_folder(name: str, word: str, before: str) -> bool:
    """`PWD=/root` of an environment is a folder; `Pwd=…` of a connection string is not."""
    return name.lower().lstrip("$") == "pwd" and before != ";" and bool(re.match(r"/|[A-Za-z]:|~|\\\\", word))


def open_name(text: str) -> SecretKind | None:
    """The kind of the name that ends the line without its value, if the value may stand in the next line."""
    last = text[-1:]
    if last in _MORE or (len(text) >= _WRAP_WIDTH and "-" in text[-48:]):
        match = _OPEN_FLAG.search(text[-120:])
        if match and (match["more"] or len(text) >= _WRAP_WIDTH):
            return kind_of_name(match["name"])
    if last not in _KEY_ENDS:
        return None
    match = _OPEN_KEY.search(text[-120:]) or _OPEN_TAG.search(text[-120:])
    return kind_of_name(match["name"]) if match and not is_loose_name(match["name"]) else None
