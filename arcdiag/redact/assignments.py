"""Secrets under a name: `password=…`, `"client_secret": "…"`, `--service-principal-secret …`, `<Password>…<`."""

from __future__ import annotations

import re

from arcdiag.redact.bare_words import URL_VALUE, bare_values, is_at_start
from arcdiag.redact.cells import celled_values
from arcdiag.redact.elements import element_values, shown_value
from arcdiag.redact.elsewhere import echoed_value, formatted_value, held_values
from arcdiag.redact.judge import has_placeholder, is_blank_value, is_pass_phrase, is_prose, is_sentence, looks_secret
from arcdiag.redact.kinds import SecretKind
from arcdiag.redact.line import Line, Span
from arcdiag.redact.logins import second_value
from arcdiag.redact.names import SETTER, TOLD_LOOSE, is_loose_name, is_path, kind_of_name
from arcdiag.redact.pairs import paired_values
from arcdiag.redact.sentences import told_values
from arcdiag.redact.values import Value, read_between, read_quoted, read_value, read_word

_NAME_LEAD = re.compile(r"[a-z0-9_.$/-]{1,64}\Z")
_NAME_REST = re.compile(r"[a-z0-9_-]*")
_QUOTE = r"(?:\\{0,31}[\"']|`[\"']|&quot;|&apos;|&#3[49];|\\{1,15}u002[27]|%2[27]|[“”‘’])"
_ASSIGN = re.compile(
    rf"(?P<quote>{_QUOTE}{{0,2}})[\])]?(?:\*{{1,2}}|`)?"
    r"(?:(?::[ \t]{0,4}|[ \t]{1,4})(?:string|str|securestring)(?=[ \t]{0,4}=))?(?P<blank>[ \t]{0,64})"
    r"(?P<sign>:=|=>|==?|::(?=[ \t])|:(?!:)|：|%(?:25){0,3}3[AaDd])"
    r"(?P<mark>\*{0,2})(?P<after>(?:[ \t]|%(?:25){0,3}20|\+(?=%22)){0,64})(?P<tick>`(?![\s\"']))?"
)
_PAIR = re.compile(
    rf"{_QUOTE}[ \t]{{0,8}}[,;]?[ \t]{{0,8}}{_QUOTE}?(?:secure|parameter|string|plain)?value{_QUOTE}?"
    rf"[ \t]{{0,8}}[:=][ \t]{{0,8}}(?={_QUOTE})",
    re.I,
)
_MSI = re.compile(r" property\. Its (?:current )?value is (?=['\"])|[ \t]{0,4}property, value (?=['\"])", re.I)
_MSI_NEW = re.compile(r"['\"]\. Its new value(?: is|:) (?=['\"])", re.I)
# What continues a command or a value in the next line, where a viewer put both into one.
_CONTINUED = re.compile(r"[`\\^](?:[ \t]|\\{1,8}[rn]){1,40}")
_FOLDED = re.compile(r"[|>][+-]?(?:[ \t]|\\{1,8}[rn]){1,40}(?=\S)")
_NESTED = re.compile(
    rf"\{{\s{{0,8}}{_QUOTE}(?:value|plain|plaintext|cleartext|clear|text|raw|secretvalue|_){_QUOTE}\s{{0,8}}:\s{{0,8}}(?={_QUOTE})",
    re.I,
)
_FLAG = re.compile(
    rf"(?P<quote>{_QUOTE}?)(?:(?P<sign>[ \t]{{0,4}}[=:][ \t]{{0,4}})"
    rf"|(?P<comma>[ \t]{{0,4}},[ \t]{{0,8}}(?={_QUOTE}))|(?P<blank>[ \t]{{1,16}}))"
)
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
_WRAP_WIDTH = 72
_OPEN_KEY = re.compile(r"(?P<name>[A-Za-z][\w.-]{1,60})[\"']?[ \t]{0,16}[:=][ \t]{0,4}(?:[|>][+-]?|\[|@\(|@[\"'])?\Z")
_OPEN_TAG = re.compile(r"<(?:\w{1,20}:)?(?P<name>[A-Za-z][\w.-]{1,60})>\Z")
_TUPLE = re.compile(rf"{_QUOTE},[ \t]{{0,4}}[bur]?(?={_QUOTE})")
_TUPLE_OPENS = ("(", "[")
_MORE = ("\\", "`", "^")
_HERE_ENDS = ('@"', "@'")
_KEY_ENDS = (":", "=", "|", ">", "+", "-", "[", "(")
_OPEN_FLAG = re.compile(
    r"(?:\A|[\s\"'(\[,])(?P<name>--?[A-Za-z][A-Za-z0-9-]{1,40})[\"']?[ \t]{0,8}(?P<more>[\\`^])?[ \t]{0,4}\Z"
)
_MOST_FLAG = 64
# `read SECRET <<EOF`, `cat > secret <<EOF`
_OPEN_HERE = re.compile(
    r"(?:\bread[ \t]{1,4}(?:-\w{1,3}[ \t]{1,4}){0,3}|>[ \t]{0,4}(?:\S{0,100}/)?\.?)(?P<name>[A-Za-z][\w-]{1,60})"
    r"[ \t]{1,4}<<-?[ \t]{0,4}[\"'\\]?\w{1,40}[\"']?\Z"
)
_SETTER = re.compile(SETTER)


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
    flag = name.startswith("-") or _SETTER.search(line.low, max(0, start - 24), start)
    values = held_values(line.text, end) or None if kind is SecretKind.CREDENTIALS else None
    if flag and values is None:  # the settings of an extension are a file, if they are no object
        values = [] if kind is SecretKind.CREDENTIALS else _flag_values(line, name, start, end)
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
    if match and looks_secret(match["value"]) and any(char.isdigit() for char in match["value"]):
        return [Value(*match.span("value"))]
    sign = _ASSIGN.match(text, end)
    quoted = read_quoted(text, sign.end()) if sign else None
    return [quoted] if quoted and is_pass_phrase(text[quoted.start : quoted.end]) else []


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
    elsewhere = shown_value(text, at) or echoed_value(text, at) or formatted_value(text, start, at)
    if elsewhere:
        return [elsewhere]
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
    return bare_values(text, start, name, match)


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
    in_sentence = ":" in match["sign"] and match["after"] and not is_at_start(line.text, start)
    if in_sentence and (URL_VALUE.match(text) or text.count(" ") >= 2):
        return []
    return [value]


def open_name(text: str) -> SecretKind | None:
    """The kind of the name that ends the line without its value, if the value may stand in the next line."""
    last = text[-1:]
    if last in _MORE or (len(text) >= _WRAP_WIDTH and "-" in text[-48:]):
        match = _OPEN_FLAG.search(text, max(0, len(text) - _MOST_FLAG))
        if match and (match["more"] or len(text) >= _WRAP_WIDTH):
            return kind_of_name(match["name"])
    here = _OPEN_HERE.search(text[-160:]) if "<<" in text[-60:] else None
    if here:
        return kind_of_name(here["name"])
    if last not in _KEY_ENDS and not text.endswith(_HERE_ENDS):
        return None
    match = _OPEN_KEY.search(text[-120:]) or _OPEN_TAG.search(text[-120:])
    return kind_of_name(match["name"]) if match and not is_loose_name(match["name"]) else None
