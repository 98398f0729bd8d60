"""Services on the machine and on its own link: himds, and the metadata service of a cloud."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from arcdiag.collect.deadline import Deadline, milliseconds_since
from arcdiag.collect.host.platform import Host

STATUS_PATH = "/agentstatus?api-version=2019-08-15"
HIMDS_PATH = "/metadata/instance?api-version=2020-06-01"
IMDS_PATH = "/metadata/instance?api-version=2021-02-01"
HIMDS_SECONDS = 5.0
IMDS_SECONDS = 1.0
_BODY_CAP = 256 * 1024
METADATA: Mapping[str, str] = MappingProxyType({"Metadata": "true"})


@dataclass(frozen=True, slots=True)
class LocalAnswer:
    """`result`: ok (an HTTP answer), refused, timeout, no-route or error. `headers` with names in lower case."""

    result: str
    ms: int
    status: int | None = None
    body: bytes = b""
    detail: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def ask_local(
    address: str,
    port: int,
    path: str,
    seconds: float,
    deadline: Deadline,
    headers: Mapping[str, str] = METADATA,
) -> LocalAnswer:
    """GET without any proxy and without following anything. Never raises for what the network does."""
    import requests

    start = time.monotonic()
    limit = deadline.within(seconds)
    url = f"http://{address}:{port}{path}"
    with requests.Session() as session:
        # Neither the caller's proxy variables nor .netrc may touch a call that never leaves the machine.
        session.trust_env = False
        try:
            answer = session.get(
                url, headers=dict(headers), timeout=_positive(limit), allow_redirects=False, stream=True
            )
            with answer:
                body = _body(answer.iter_content(8192), limit)
            seen = {name.lower(): value for name, value in answer.headers.items()}
            return LocalAnswer("ok", milliseconds_since(start), answer.status_code, body, headers=seen)
        except requests.Timeout:
            return LocalAnswer("timeout", milliseconds_since(start))
        except requests.ConnectionError as error:
            word, detail = _word(error)
            return LocalAnswer(word, milliseconds_since(start), detail=detail)
        except requests.RequestException as error:
            return LocalAnswer("error", milliseconds_since(start), detail=type(error).__name__)


def _positive(deadline: Deadline) -> float:
    return max(0.05, deadline.left())


def _body(blocks: Any, limit: Deadline) -> bytes:
    data = b""
    for block in blocks:
        data += block
        if len(data) >= _BODY_CAP or limit.passed:
            break
    return data[:_BODY_CAP]


def _word(error: BaseException) -> tuple[str, str]:
    """The first system error inside the library's own errors, in the words of `probe.tcp`."""
    from arcdiag.collect.probe.tcp import errno_name, result_of

    stack: list[object] = [error]
    for _ in range(20):
        if not stack:
            break
        inner = stack.pop()
        if isinstance(inner, OSError) and inner.errno:
            word = result_of(inner)
            return {"host-unreachable": "no-route"}.get(word, word), errno_name(inner.errno) or ""
        if isinstance(inner, BaseException):
            stack += [*inner.args, getattr(inner, "reason", None), inner.__cause__, inner.__context__]
    return "error", type(error).__name__


def himds_value(host: Host, answer: LocalAnswer, port: int) -> dict[str, Any]:
    """The value of `probe.himds`: `ok` only for status 200; who listens, as far as it can be seen."""
    result = answer.result if answer.result != "ok" or answer.status == 200 else "unexpected"
    status = answer.status
    value = {"result": result, "status": status, "http_status": status, "ms": answer.ms, "detail": answer.detail}
    return value | owner_value(host, port, "himds")


def status_value(address: str, port: int, deadline: Deadline) -> dict[str, Any]:
    """What the agent says of its own connection: `Connected`, `Disconnected`, `Expired`; None where it does not say."""
    answer = ask_local(address, port, STATUS_PATH, HIMDS_SECONDS, deadline)
    told = json_object(answer.body) if answer.status == 200 else {}
    found = {key.lower(): value for key, value in told.items() if isinstance(value, str)}
    return {"agent_status": _short(found.get("status")), "last_heartbeat": _short(found.get("lastheartbeat"))}


def _short(text: str | None) -> str | None:
    return text[:64] if text else None


def json_object(body: bytes) -> Mapping[str, Any]:
    """A JSON object; empty for whatever else it is."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def owner_value(host: Host, port: int, name: str) -> dict[str, Any]:
    """Who listens on a local port, and whether it is the program `name`; None where that cannot be seen."""
    listeners = host.listeners(port)
    found = list(listeners.value or ())
    process = next((raw.process for raw in found if raw.process), None)
    return {
        "listening": bool(found) if listeners.value is not None else None,
        "process": process,
        "pid": next((raw.pid for raw in found if raw.pid), None),
        f"listener_is_{name}": process.lower().removesuffix(".exe") == name if process else None,
    }
