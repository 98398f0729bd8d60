"""Codes: which meaning holds for an agent's time and system, and which codes a text may be."""

from __future__ import annotations

import re
from collections.abc import Iterable

from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.rule_types import CodeRule, Meaning

# In the order in which a bare number is most often meant; the first two only where the number can be one.
_SMALL = ("azcm", "extension", "curl", "wget", "msiexec", "apt", "yum", "zypper", "win32-service", "systemd")
_LARGE = ("msiexec", "win32-service", "service-event", "winhttp", "winsock", "systemd")
_MAX_AZCM = 255
_FAMILY_WORDS = {
    "aadsts": ("aadsts",),
    "azcm": ("azcm",),
    "azcmagent": ("azcm",),
    "apt": ("apt",),
    "apt-get": ("apt",),
    "curl": ("curl",),
    "dnf": ("yum",),
    "event": ("service-event",),
    "extension": ("extension",),
    "msi": ("msiexec",),
    "msiexec": ("msiexec",),
    "service": ("win32-service", "systemd"),
    "systemd": ("systemd",),
    "wget": ("wget",),
    "win32": ("win32-service", "msiexec", "winsock"),
    "winhttp": ("winhttp",),
    "winsock": ("winsock",),
    "yum": ("yum",),
    "zypper": ("zypper",),
}
_WORDS_ALONE = {"service-event": "event", "win32-service": "service"}
_AZCM = re.compile(r"AZCM[\s:_-]{0,3}(\d{1,4})\b", re.IGNORECASE)
_AADSTS = re.compile(r"AADSTS[\s:_-]{0,3}(\d{4,8})\b", re.IGNORECASE)
_HEX = re.compile(r"(?:(?:HRESULT|error|code)[\s:=]{0,3})?\(?(0x[0-9a-f]{8})\)?", re.IGNORECASE)
_WIN32 = re.compile(r"HRESULT_FROM_WIN32\((\d{1,5})\)", re.IGNORECASE)
_SYSTEMD = re.compile(r"(?:status\s?=\s?)?(\d{3})/([A-Z_]{3,30})", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<family>[a-z][a-z0-9-]{1,12})?[\s:]{0,3}(?:(?:exit|return|error|status)[\s_-]?(?:code|status|value)?|code)?"
    r"[\s:=]{0,3}\(?(?P<number>-?\d{1,10})\)?",
    re.IGNORECASE,
)
_PREFIXES = {"exit", "exitcode", "error", "code", "return", "status", "errno", "rc"}
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{2,63}")
_INSIDE = re.compile(
    r"(?<![A-Za-z0-9])(?:AZCM\d{4}|AADSTS\d{4,8}|0x8[0-9a-f]{7}|HRESULT_FROM_WIN32\(\d{1,5}\)|HCRP\d{3})(?![0-9a-z])"
    r"|\bcode[\\\"']{0,4}\s{0,2}[:=]\s{0,4}[\\\"']{0,4}([A-Za-z]{5,60})",
    re.IGNORECASE,
)


def meaning(rule: CodeRule, documented: str | None, os: str | None, printed: str | None = None) -> tuple[int, Meaning]:
    """The meaning of a code, and its place in the rule's list.

    `documented` is a month (`yyyy-mm`, that of the agent's release): the newest meaning that had begun by then holds,
    for an older month the oldest one, without a month the newest. `os` is windows or linux, else every meaning
    counts. A name `printed` beside the number that belongs to one meaning alone outranks the month.
    """
    chosen = [(i, m) for i, m in enumerate(rule.meanings) if os is None or m.os in ("any", os)]
    chosen = chosen or list(enumerate(rule.meanings))
    if printed:
        named = [(i, m) for i, m in chosen if any(p.lower() in printed.lower() for p in m.printed)]
        if named:
            return named[0]
    chosen.sort(key=lambda pair: pair[1].documented[0] or "")
    begun = [pair for pair in chosen if documented is None or (pair[1].documented[0] or "") <= documented]
    return begun[-1] if begun else chosen[0]


def others(rule: CodeRule, index: int) -> tuple[Meaning, ...]:
    """The meanings that the code has at other times or on other systems; empty if it never differed."""
    return tuple(m for i, m in enumerate(rule.meanings) if i != index)


def parse_code(text: str) -> tuple[tuple[str, str], ...]:
    """What a text may be a code of: (family, code) in sensible order, whether or not the rules know it.

    Empty for a text that is no code, such as a sentence.
    """
    text = text.strip().strip("\"'`").strip()
    for pattern, family, form in ((_AZCM, "azcm", "AZCM{:04d}"), (_AADSTS, "aadsts", "AADSTS{}")):
        if match := pattern.match(text):
            return ((family, form.format(int(match[1]))),)
    if match := _WIN32.fullmatch(text):
        return _numbers(int(match[1]), None)
    if match := _SYSTEMD.fullmatch(text):
        return (("systemd", match[1]),)
    if match := _HEX.fullmatch(text):
        return _hresult(int(match[1], 16))
    if (match := _NUMBER.fullmatch(text)) and (found := _from_number(match)):
        return found
    # A prefix "Exit Code:" may stand before a code that says its own family.
    rest = re.sub(r"^(?:exit|error)?\s?code:?\s{0,4}", "", text, flags=re.IGNORECASE)
    if rest != text and rest:
        return parse_code(rest)
    return (("arm", text), ("systemd", text)) if _WORD.fullmatch(text) else ()


def _from_number(match: re.Match[str]) -> tuple[tuple[str, str], ...]:
    number, word = int(match["number"]), (match["family"] or "").lower()
    if word and word not in _PREFIXES and word not in _FAMILY_WORDS:
        return ()
    if word in ("", *_PREFIXES) and (number < 0 or number >= 2**31):
        return _hresult(number % 2**32)
    return _numbers(number, _FAMILY_WORDS.get(word))


def _numbers(number: int, families: tuple[str, ...] | None) -> tuple[tuple[str, str], ...]:
    if families is None:
        families = _SMALL if number <= _MAX_AZCM else _LARGE
        if number >= 10_000:
            families = (*families, "aadsts")
    return tuple((family, _named(family, number)) for family in families)


def _named(family: str, number: int) -> str:
    return {"azcm": f"AZCM{number:04d}", "aadsts": f"AADSTS{number}"}.get(family, str(number))


def _hresult(value: int) -> tuple[tuple[str, str], ...]:
    """An HRESULT; one that wraps a Win32 error (0x8007xxxx) is that error."""
    text = f"0x{value:08X}"
    wrapped = _numbers(value & 0xFFFF, _LARGE) if value >> 16 == 0x8007 else ()
    return (("winhttp", text), *wrapped, ("windows-update", text))


def known(rules: RuleSet, text: str) -> tuple[CodeRule, ...]:
    """The codes that a text is and that the rules know, best first. Words are compared without regard to case."""
    by_name = {(family, code.lower()): rule for (family, code), rule in rules.codes.items()}
    for rule in rules.codes.values():
        for name in rule.printed:
            # `ERROR_INSTALL_FAILURE` stands for its number; a sentence does not.
            if _WORD.fullmatch(name):
                by_name.setdefault(("arm", name.lower()), rule)
    keys = ((family, code.lower()) for family, code in parse_code(text))
    return _unique(by_name[key] for key in keys if key in by_name)


def codes_in(rules: RuleSet, text: str) -> tuple[CodeRule, ...]:
    """The known codes that stand in a longer text, each once, in order."""
    words = (match[1] or match[0] for match in _INSIDE.finditer(text))
    return _unique(rule for word in words for rule in known(rules, word)[:1])


def asked_as(rule: CodeRule) -> str:
    """The text that means this code and no other: `AZCM0042`, `curl 60`, `event 7041`."""
    if not rule.code.isdigit():
        return rule.code
    return f"{_WORDS_ALONE.get(rule.family, rule.family)} {rule.code}"


def _unique(rules: Iterable[CodeRule]) -> tuple[CodeRule, ...]:
    return tuple({(rule.family, rule.code): rule for rule in rules}.values())
