"""What a virtual machine reports to Azure: `az vm get-instance-view`, `Get-AzVM -Status`, the REST interface."""

from __future__ import annotations

from typing import Any

from arcdiag.logs.times import parse_time
from arcdiag.logs.values.azure_json import Doc, body, parts, text_of
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.subject import Subject

_BY = "azure-vm-json"
_VIEW_KEYS = frozenset({"vmagent", "patchstatus", "vmhealth", "bootdiagnostics", "extensions", "hypervgeneration"})
_POWER = "powerstate/"
_PROVISIONING = "provisioningstate/"
_MESSAGE_CHARS = 400


def is_instance_view(doc: Doc) -> bool:
    """Whether an object is the view itself, as the REST interface and PowerShell give it. Keys are in lower case."""
    if "osprofile" in doc or "storageprofile" in doc:
        return False
    return "vmagent" in doc or "patchstatus" in doc or ("statuses" in doc and bool(_VIEW_KEYS & doc.keys()))


def instance_facts(view: Doc, subject: Subject, source: str) -> list[Fact]:
    """`vm.instance`: power state, provisioning state and what the VM agent last said; [] if the view tells neither.

    `power`: running, deallocated, stopped, ...; `agent_ready`: None if the view has no part about the agent.
    """
    agent = body(view).get("vmagent")
    statuses = parts(view, "statuses")
    power = _state(statuses, _POWER)
    if not isinstance(agent, dict) and power is None:
        return []
    said = _agent(agent) if isinstance(agent, dict) else {}
    value: dict[str, Any] = {
        "power": power,
        "provisioning": _state(statuses, _PROVISIONING),
        "os_name": text_of(view, "osname"),
        "os_version": text_of(view, "osversion"),
        **said,
    }
    at = said.get("agent_time") if said else None
    return [Fact("vm.instance", subject, FactStatus.OK, value, at=at, by=_BY, raw=source)]


def _agent(agent: Doc) -> dict[str, Any]:
    statuses = parts(agent, "statuses")
    status: Doc = statuses[0] if statuses else {}
    code = (text_of(status, "code") or "").lower()
    shown = (text_of(status, "displaystatus") or "").lower()
    version = text_of(agent, "vmagentversion")
    message = text_of(status, "message")
    return {
        "agent_ready": _ready(code, shown),
        "agent_status": text_of(status, "displaystatus"),
        "agent_code": text_of(status, "code"),
        "agent_version": None if version is None or version.lower() == "unknown" else version,
        "agent_message": message[:_MESSAGE_CHARS] if message else None,
        "agent_time": _iso(text_of(status, "time")),
    }


def _ready(code: str, shown: str) -> bool | None:
    if shown == "ready" or (code == "provisioningstate/succeeded" and shown in ("", "ready")):
        return True
    return False if code or shown else None


def _state(statuses: list[Doc], prefix: str) -> str | None:
    """`PowerState/running` to `running`; of `ProvisioningState/failed/Code` the state and its code."""
    for status in statuses:
        code = text_of(status, "code") or ""
        if code.lower().startswith(prefix):
            return code[len(prefix) :].lower()
    return None


def _iso(text: str | None) -> str | None:
    stamp = parse_time(text or "")
    return stamp.iso() if stamp else None
