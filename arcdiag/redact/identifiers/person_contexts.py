"""Where the whole names of people stand: labels of tickets, of git and of mails, greetings, the owners of things."""

from __future__ import annotations

from arcdiag.redact.identifiers.context import (
    FULL_NAME,
    LOGIN,
    NAME_WORD,
    PERSON,
    PERSON_END,
    WORD,
    Context,
    Reach,
    before,
    behind,
    compiled,
    keyed,
)
from arcdiag.redact.identifiers.tokens import IdKind

_ONE_NAME = rf"(?P<v>(?!(?:None|Null|True|False|String)\b){NAME_WORD}(?:[ -]{NAME_WORD}){{0,2}}){PERSON_END}"
_CJK = r"(?:[\xe3-\xed][\x80-\xbf]{2})"
_CJK_PERSON = rf"(?P<v>{_CJK}{{2,6}}(?: {_CJK}{{1,5}})?)(?=[ \t]*(?:\r?\n|[(<,;]|\xef\xbc|\xe3\x80))"
_OF_PEOPLE = """
owner author caller reporter assignee assigned_to opened_by requested_by requester raised_by approver engineer
technician tam manager contact contact_name ansprechpartner verantwortlicher bearbeiter kontakt customer customer_name
user user_name source_user_name logged_on_user account_name benutzer utilisateur usuario
"""
_NOBODY = r"(?!(?:All|Team|Support|Sir|Madam|Everyone|Colleagues?|Customer|Microsoft|Folks|Zusammen)\b)"
_GREETINGS = tuple(f"\n{word} " for word in ("hi", "hello", "dear", "hallo", "bonjour", "hola"))
_CLOSINGS = ("regards,", "grüßen", "grüße", "cordialement,", "saludos,", "thanks,", "thank you,", "cheers,")
_SAID = tuple(f" {half}{end}" for half in ("am", "pm") for end in ("\n", "\r\n"))
_AFTER_SAID = compiled(rf"\n{PERSON} {{1,4}}\d{{1,2}}:\d\d\Z")
# An initial and a name: no word and no file of a program.
# So people begin the names of accounts for services and administrators.
_NO_MORE = r"(?![A-Za-z0-9_(\\/@-]|\.[A-Za-z0-9])"
_BY_PREFIX = rf"(?P<v>(?:(?:adm|svc|srv)[_.-]|(?:admin|sa|da|t[0-2])[_.])[a-z][a-z0-9_-]{{2,30}}){_NO_MORE}"
_INITIAL = r"(?P<v>[a-z]\.[a-z][a-z-]{2,30})(?![A-Za-z0-9_\\/@-]|\.[A-Za-z0-9])"

PERSON_CONTEXTS: tuple[Context, ...] = (
    keyed(IdKind.NAME, _OF_PEOPLE, PERSON + PERSON_END, reach=Reach.UNCOMMON),
    keyed(IdKind.USER, "source_user_name user_name user", rf"{PERSON.replace('?P<v>', '?:')} \({WORD}(?=\))"),
    keyed(IdKind.USER, "assignee assigned_to initiator", LOGIN, reach=Reach.UNCOMMON),
    keyed(IdKind.NAME, "담당자 담당 担当者 担当 联系人 负责人 聯絡人", _CJK_PERSON, reach=Reach.HERE),
    keyed(IdKind.NAME, "given_name surname first_name last_name", _ONE_NAME, reach=Reach.HERE),
    behind(IdKind.NAME, ("by ", "author: "), rf"{PERSON}(?= <)", reach=Reach.UNCOMMON, free=True),
    behind(IdKind.NAME, ("\ncc: ",), rf"{PERSON}(?=[ \t]*\r?\n)", reach=Reach.UNCOMMON),
    behind(IdKind.NAME, ("contact ",), rf"{PERSON}(?=[,;(]|\.\s| at | by | on )", reach=Reach.UNCOMMON, free=True),
    behind(
        IdKind.NAME, _GREETINGS, rf"{_NOBODY}(?P<v>{NAME_WORD}(?: {NAME_WORD})?)(?=,?[ \t]*\r?\n)", reach=Reach.HERE
    ),
    behind(IdKind.NAME, _CLOSINGS, rf"[ \t]*\r?\n(?:[ \t]*\r?\n)?{PERSON}(?=[ \t]*\r?\n)", reach=Reach.UNCOMMON),
    before(IdKind.NAME, _SAID, _AFTER_SAID, 120, reach=Reach.UNCOMMON),
    behind(IdKind.USER, ("user ", "benutzer ", "utilisateur ", "usuario ", "ユーザー "), _INITIAL, free=True),
    behind(IdKind.USER, ("ユーザー ", "ユーザ "), rf"{WORD}(?= )", reach=Reach.IF_TELLING),
    behind(IdKind.USER, ("as ", "account ", "with "), _BY_PREFIX, free=True),
    before(
        IdKind.USER, ("'s password:",), compiled(r"(?:\A|\s)(?P<v>[A-Za-z_][A-Za-z0-9_.-]{0,31})@[^\s@]{1,200}\Z"), 240
    ),
    behind(IdKind.USER, ("by ",), WORD + r"(?=\(uid=\d)", free=True),
    behind(IdKind.NAME, ("onedrive - ",), r"(?P<v>[^\\/\n\r\"'<>|:]{3,60})(?=\\|/)"),
    behind(IdKind.NAME, ("(display name: ",), r"(?P<v>[^)\n\"]{3,100})(?=\))"),
    behind(
        IdKind.NAME,
        ('"claims"',),
        rf"\s{{0,4}}:\s{{0,4}}\{{[^{{}}]{{0,900}}?\"name\"\s{{0,3}}:\s{{0,3}}\"{FULL_NAME}",
    ),
    behind(IdKind.NAME, ("\ngivenname ",), rf"[^\n]{{1,200}}\nName\s{{0,40}}: {FULL_NAME}"),
)
