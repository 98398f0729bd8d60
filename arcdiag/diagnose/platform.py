"""Where a machine runs and which of several virtual machines a case is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE
from arcdiag.model.subject import SubjectKind

_VM_LOGS = frozenset({"waagent-log", "waappagent-log"})
_OF_A_VM = ("vm.model", "vm.instance", "patch.assessment", "patch.installation", "patch.configuration")
_TELLING = ("agent.package", "probe.imds", "vm.chassis", *_OF_A_VM)
_ARC = ("agent.package", "agent.show", "config.agent")
_AGENTS = frozenset({"waagent", "RdAgent", "WindowsAzureGuestAgent"})
_TOKENS = {
    "azure-vm": "http://169.254.169.254/metadata/identity/oauth2/token (IMDS)",
    "arc": "http://localhost:40342/metadata/identity/oauth2/token (with a challenge)",
}


def platform_facts(facts: Sequence[Fact], kinds: Iterable[str]) -> list[Fact]:
    """`machine.platform` {kind: azure-vm | arc | other | unknown, azure_hardware, vm_agent, tokens_from}.

    [] if nothing tells. `vm_agent`: running, stopped or missing, None where nobody looked. A machine with the Azure Arc
    agent is `arc` wherever it runs. `kinds` of the case's files: a log of the VM agent speaks for an Azure VM, unless
    the hardware says otherwise (images of Azure also run elsewhere).
    """
    if not any(f.fact in _TELLING for f in facts) and not _VM_LOGS & set(kinds):
        return []
    hardware = _hardware(facts)
    value = {"kind": _kind(facts, kinds, hardware), "azure_hardware": hardware, "vm_agent": _vm_agent(facts)}
    tokens = _TOKENS.get(str(value["kind"]))
    if tokens:
        value["tokens_from"] = tokens
    return [Fact("machine.platform", MACHINE, FactStatus.OK, value, by="derived")]


def _kind(facts: Sequence[Fact], kinds: Iterable[str], hardware: bool | None) -> str:
    if any(_shows_arc(f) for f in facts if f.status is FactStatus.OK):
        return "arc"
    if hardware is not None:
        return "azure-vm" if hardware else "other"
    if any(f.fact in _OF_A_VM for f in facts) or _VM_LOGS & set(kinds):
        return "azure-vm"
    # Other clouds have a service at this address too; only a probe that asked says that it is not Azure's.
    return "other" if any(f.fact == "probe.imds" and f.value.get("azure") is False for f in facts) else "unknown"


def _shows_arc(fact: Fact) -> bool:
    return fact.fact in _ARC or (fact.fact == "service.state" and fact.value.get("installed") is True)


def _vm_agent(facts: Sequence[Fact]) -> str | None:
    seen = [f for f in facts if f.fact == "vm.service" and f.subject and f.subject.id in _AGENTS]
    states = [f.value.get("settling") or f.value.get("running") for f in seen if f.status is FactStatus.OK]
    if states:
        return None if None in states else "running" if all(states) else "stopped"
    return "missing" if any(f.status is FactStatus.ABSENT for f in seen) else None


def _hardware(facts: Sequence[Fact]) -> bool | None:
    """What the chassis says, else an answer of Azure's metadata service; its silence says nothing."""
    for fact in facts:
        if fact.fact == "vm.chassis" and fact.status is FactStatus.OK:
            return fact.value.get("azure") is True
    return True if any(f.fact == "probe.imds" and f.value.get("azure") is True for f in facts) else None


def vm_agent_works(facts: Iterable[Fact]) -> bool:
    """Whether the agent of an Azure VM is a sign of life: Azure has it as ready, or it is seen to run."""
    return any(
        (f.fact == "vm.instance" and f.value.get("agent_ready") is True)
        or (f.fact == "machine.platform" and f.value.get("kind") == "azure-vm" and f.value["vm_agent"] == "running")
        for f in facts
    )


def own_machine(facts: Sequence[Fact], host: str | None) -> list[Fact]:
    """The facts without those of other virtual machines (of `az vm list`), and of each kind the newest.

    Nothing goes where the case's own machine is not known, or is not among them; but all of a list goes beside the
    `azcmagent show` of a machine that is not in it.
    """
    known = {_name(f) for f in facts if f.fact in _OF_A_VM}
    shown = {str(f.value.get("resource_name") or "").lower() for f in facts if f.fact == "agent.show"} - {""}
    hosts = {*shown, *([host.lower()] if host else [])}
    mine = {_name(f) for f in facts if f.fact in _OF_A_VM and any(_is(f, name) for name in hosts)}
    others = known - mine if mine or (shown and len(known) > 1) else set()
    kept = [f for f in facts if f.fact not in _OF_A_VM or _name(f) not in others]
    newest: dict[tuple[str, str], str] = {}
    for fact in kept:
        if fact.fact in _OF_A_VM and fact.at:
            key = (fact.fact, _name(fact))
            newest[key] = max(newest.get(key, ""), fact.at)
    return [f for f in kept if not f.at or newest.get((f.fact, _name(f)), f.at) == f.at or f.fact not in _OF_A_VM]


def _name(fact: Fact) -> str:
    return fact.subject.id if fact.subject and fact.subject.kind is SubjectKind.MACHINE else ""


def _is(fact: Fact, host: str) -> bool:
    """Names as Azure and as the machine itself know them."""
    computer = str(fact.value.get("computer_name") or "").lower()
    short = host.partition(".")[0]
    return _name(fact) in (host, short) or computer in (host, short)
