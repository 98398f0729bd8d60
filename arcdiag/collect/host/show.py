"""What `azcmagent show` says, decoded without a word of English where a key is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.config import decode_json
from arcdiag.collect.host.platform import CommandRaw, Host
from arcdiag.collect.host.proxy_url import without_credentials
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker
from arcdiag.model.reading import Reading

SHOW_SECONDS = 20.0
_BY = "host/show"
# The tool's keys, newest name first; they grow with each release.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "status": ("status", "agentstatus"),
    "last_heartbeat": ("lastheartbeat", "agentlastheartbeat"),
    "agent_version": ("agentversion",),
    "error_code": ("agenterrorcode", "errorcode"),
    "error_details": ("agenterrordetails", "errordetails"),
    "error_time": ("agenterrortimestamp", "errortimestamp"),
    "resource_name": ("resourcename",),
    "resource_id": ("resourceid",),
    "resource_group": ("resourcegroup", "resourcegroupname"),
    "subscription_id": ("subscriptionid",),
    "tenant_id": ("tenantid",),
    "location": ("location",),
    "cloud": ("cloud",),
    "vm_id": ("vmid",),
    "https_proxy": ("httpsproxy", "usinghttpsproxy"),
    "upstream_proxy": ("upstreamproxy",),
    "gateway_url": ("gatewayurl",),
}


def run_show(host: Host, deadline: Deadline) -> Reading[CommandRaw]:
    """Run `azcmagent show -j`; TIMEOUT if it hangs, as it does while himds is stopped; ABSENT without the program."""
    binary = host.binary()
    entry = host.file(binary)
    if entry.status is not FactStatus.OK:
        return Reading(entry.status, None, entry.reason)
    return host.run([str(host.where(binary)), "show", "-j"], deadline.within(SHOW_SECONDS))


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


def decode_show(document: Mapping[str, Any]) -> dict[str, Any]:
    """The value of `agent.show`: normalised keys, and all that was printed under `raw` with keys in lower case.

    An empty text becomes None: a machine that was never connected prints empty resource fields.
    """
    raw = {key.lower(): value for key, value in document.items()}
    plain = {key.replace(" ", ""): value for key, value in raw.items()}
    value: dict[str, Any] = {}
    for name, keys in _KEYS.items():
        found = next((plain[key] for key in keys if plain.get(key) not in (None, "")), None)
        value[name] = found if isinstance(found, str | int | float | bool) else None
    for name in ("https_proxy", "upstream_proxy"):
        if isinstance(value[name], str):
            value[name] = without_credentials(value[name])
    value["raw"] = {key: _clean(key, inner) for key, inner in raw.items()}
    return value


def _clean(key: str, value: Any) -> Any:
    return without_credentials(value) if "proxy" in key and isinstance(value, str) else value
