"""Services on the machine and on its own link: himds, and the metadata service of a cloud."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from arcdiag.collect.deadline import Deadline, milliseconds_since
from arcdiag.collect.host.platform import Host

HIMDS_PATH = "/metadata/instance?api-version=2020-06-01"
IMDS_PATH = "/metadata/instance?api-version=2021-02-01"
HIMDS_SECONDS = 5.0
IMDS_SECONDS = 1.0
_BODY_CAP = 256 * 1024
_METADATA = {"Metadata": "true"}


@dataclass(frozen=True, slots=True)
class LocalAnswer:
    """`result`: ok (an HTTP answer), refused, timeout, no-route or error."""

    result: str
    ms: int
    status: int | None = None
    body: bytes = b""
    detail: str | None = None


def ask_local(address: str, port: int, path: str, seconds: float, deadline: Deadline) -> LocalAnswer:
    """GET without any proxy and without following anything. Never raises for what the network does."""
    import requests

    start = time.monotonic()
    limit = deadline.within(seconds)
    url = f"http://{address}:{port}{path}"
    with requests.Session() as session:
        # Neither the caller's proxy variables nor .netrc may touch a call that never leaves the machine.
        session.trust_env = False
        try:
            answer = session.get(url, headers=_METADATA, timeout=_positive(limit), allow_redirects=False, stream=True)
            with answer:
                body = _body(answer.iter_content(8192), limit)
            return LocalAnswer("ok", milliseconds_since(start), answer.status_code, body)
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
    listeners = host.listeners(port)
    found = list(listeners.value or ())
    process = next((raw.process for raw in found if raw.process), None)
    result = answer.result if answer.result != "ok" or answer.status == 200 else "unexpected"
    return {
        "result": result,
        "status": answer.status,
        "ms": answer.ms,
        "detail": answer.detail,
        "listening": bool(found) if listeners.value is not None else None,
        "process": process,
        "pid": next((raw.pid for raw in found if raw.pid), None),
        "listener_is_himds": process.lower().removesuffix(".exe") == "himds" if process else None,
    }


def imds_value(answer: LocalAnswer) -> dict[str, Any]:
    """The value of `probe.imds`: `azure` only if the answer is Azure's own document of a virtual machine."""
    compute = _compute(answer.body) if answer.result == "ok" and answer.status == 200 else {}
    return {
        "result": answer.result,
        "status": answer.status,
        "azure": bool(compute.get("azEnvironment") or compute.get("vmId")),
        "environment": compute.get("azEnvironment"),
        "ms": answer.ms,
        "detail": answer.detail,
    }


def _compute(body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    compute = document.get("compute") if isinstance(document, dict) else None
    return compute if isinstance(compute, dict) else {}
