"""What `azcmagent show` says, decoded without a word of English where a key is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.config import decode_json
from arcdiag.collect.host.platform import CommandRaw, Host
from arcdiag.collect.host.proxy_url import without_credentials
from arcdiag.collect.raw import RawFiles
from arcdiag.logs.show import show_value
from arcdiag.logs.values.config_list import decode_config_list
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker
from arcdiag.model.reading import Reading

SHOW_SECONDS = 20.0
CONFIG_SECONDS = 10.0
HIMDS_PORT = 40342
_BY = "host/show"


def run_show(host: Host, deadline: Deadline) -> Reading[CommandRaw]:
    """Run `azcmagent show -j`; TIMEOUT if it hangs, as it does while himds is stopped; ABSENT without the program."""
    return run_agent(host, ("show", "-j"), SHOW_SECONDS, deadline)


def run_agent(host: Host, arguments: Sequence[str], seconds: float, deadline: Deadline) -> Reading[CommandRaw]:
    """Run azcmagent; where nobody listens on himds' port it gets a quarter of `seconds`, as most commands then hang."""
    binary = host.binary()
    entry = host.file(binary)
    if entry.status is not FactStatus.OK:
        return Reading(entry.status, None, entry.reason)
    listeners = host.listeners(HIMDS_PORT)
    limit = seconds if listeners.value or listeners.value is None else seconds / 4
    return host.run([str(host.where(binary)), *arguments], deadline.within(limit))


def show_fact(make: FactMaker, result: Reading[CommandRaw], raw: str | None) -> Fact:
    """`agent.show` from the ended command."""
    if result.value is None:
        return make.not_seen("agent.show", MACHINE, result.status, result.reason, _BY)
    output = result.value.output
    document = decode_json(output[max(0, output.find("{")) :].encode())
    if document.value is None:
        said = (result.value.errors.strip() or output.strip()).splitlines()
        reason = f"azcmagent show ended with {result.value.code}: {said[0][:200] if said else 'nothing printed'}"
        return make.not_seen("agent.show", MACHINE, FactStatus.ERROR, reason, _BY, raw=raw)
    return make.ok("agent.show", MACHINE, decode_show(document.value), _BY, raw)


def config_list_fact(make: FactMaker, host: Host, raw: RawFiles, deadline: Deadline) -> Fact:
    """`config.list`: what `azcmagent config list` prints, defaults included; ABSENT without the program."""
    result = run_agent(host, ("config", "list"), CONFIG_SECONDS, deadline)
    if result.value is None:
        return make.not_seen("config.list", MACHINE, result.status, result.reason, _BY)
    value = decode_config_list(result.value.output)
    if not value:
        reason = f"azcmagent config list ended with {result.value.code} and printed no settings"
        return make.not_seen("config.list", MACHINE, FactStatus.ERROR, reason, _BY)
    kept = raw.add("azcmagent-config-list.txt", "config-list", result.value.output)
    proxy = value.get("proxy.url")
    value = value | ({"proxy.url": without_credentials(proxy)} if isinstance(proxy, str) else {})
    return make.ok("config.list", MACHINE, value, _BY, kept)


def decode_show(document: Mapping[str, Any]) -> dict[str, Any]:
    """The value of `agent.show`, the same as of a kept text, and under `raw` all that was printed, keys in lower case.

    Proxies lose their credentials.
    """
    raw = {key.lower(): value for key, value in document.items()}
    scalars = {key: _text(value) for key, value in raw.items() if isinstance(value, str | int | float)}
    value = show_value(scalars)
    for name in ("https_proxy", "upstream_proxy"):
        if isinstance(value.get(name), str):
            value[name] = without_credentials(value[name])
    value["raw"] = {key: _clean(key, inner) for key, inner in raw.items()}
    return value


def _text(value: str | int | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _clean(key: str, value: Any) -> Any:
    return without_credentials(value) if "proxy" in key and isinstance(value, str) else value
