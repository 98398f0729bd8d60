"""The agent's challenge to whoever wants a token: it names a key file, and the caller must be able to read that file.

No token is asked for: that would take a second call. The key's content never leaves the file.
"""

from __future__ import annotations

import re
from typing import Any

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.platform import Host
from arcdiag.collect.probe.local import LocalAnswer, ask_local
from arcdiag.collect.probe.token_group import caller_belongs, group_number, members_can_read
from arcdiag.model.fact import FactStatus

TOKEN_PATH = "/metadata/identity/oauth2/token?api-version=2020-06-01&resource=https%3A%2F%2Fmanagement.azure.com%2F"
SECONDS = 5.0
_REALM = re.compile(r'basic\s+realm="?([^"\r\n]{1,400}?)"?\s*\Z', re.IGNORECASE)
_MAX_KEY = 4096


def challenge_value(host: Host, address: str, port: int, deadline: Deadline) -> dict[str, Any]:
    """The value of `probe.token`.

    `challenged`: the answer is the expected 401 with a key file · `no-challenge`: 401 that names none · `unexpected`:
    another status · else the words of `probe.himds`. `key_readable` is None where there was no key to look at;
    `entitled`: the caller has all rights or belongs to the group `himds`; `group_can_read`: the rights of the key and
    its folder let members of that group in, None where that cannot be seen.
    """
    answer = ask_local(address, port, TOKEN_PATH, SECONDS, deadline)
    elevated = (host.user().value or (None, None))[1]
    group = group_number(host)
    named = _named(answer)
    value: dict[str, Any] = {
        "result": _word(answer, named),
        "status": answer.status,
        "key_in_token_folder": None,
        "key_readable": None,
        "key_state": None,
        "entitled": True if elevated else caller_belongs(group) if group is not None else None,
        "group_can_read": None,
        "ms": answer.ms,
        "detail": answer.detail,
    }
    return value if named is None else value | _key(host, named, group)


def _named(answer: LocalAnswer) -> str | None:
    match = _REALM.match(answer.headers.get("www-authenticate", "").strip())
    return match[1] if match and answer.status == 401 else None


def _word(answer: LocalAnswer, named: str | None) -> str:
    if answer.result != "ok":
        return answer.result
    if answer.status != 401:
        return "unexpected"
    return "challenged" if named else "no-challenge"


def _key(host: Host, named: str, group: int | None) -> dict[str, Any]:
    """Whether the caller could read the key; a name outside the agent's folder is somebody's trap and not touched."""
    folder = host.paths()["tokens"].rstrip("/\\")
    name = named[len(folder) + 1 :]
    inside = named[: len(folder)].lower() == folder.lower() and named[len(folder) :][:1] in ("/", "\\")
    if not (inside and re.fullmatch(r"[\w.{}-]{1,100}\.key", name)):
        return {"key_in_token_folder": False}
    found = host.read(named, _MAX_KEY)
    readable = found.status is FactStatus.OK
    state = found.status.value if not readable or found.value else "empty"
    return {
        "key_in_token_folder": True,
        "key_readable": readable and bool(found.value),
        "key_state": state,
        "group_can_read": members_can_read(host, group, folder, named),
    }
