"""Who the machine is, from facts and from what its files look like: OS, agent version, identity, host."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from arcdiag.diagnose.reading import Reading
from arcdiag.logs.words import Words
from arcdiag.model.case import Identity, Manifest, NotEvaluated
from arcdiag.model.fact import Fact, FactStatus

_WINDOWS_KINDS = frozenset(
    {
        "gpo-log", "msi-log", "installer-windows", "waappagent-log",
        "registry-export", "registry-hive", "policy-file", "security-settings", "gpresult", "event-xml",
    }
)  # fmt: skip
_LINUX_KINDS = frozenset({"installer-linux", "journal", "waagent-log", "systemctl-show"})
_WINDOWS = re.compile(
    r":(?<=[A-Z]:)\\\\?(?:ProgramData|Program Files|Windows|Users|Packages)|PS [A-Z]:\\"
    r"|extensionservice\)(?<=\bextensionservice\))"
    r"|HRESULT_FROM_WIN32|connectex:|wsarecv:|getaddrinfow:"
)
_WINDOWS_SIGNS = (":\\", "extensionservice)", "HRESULT_FROM_WIN32", "connectex:", "wsarecv:", "getaddrinfow:")
"""One of these stands in all that _WINDOWS matches; all are found much faster: thousands of files are gone through."""
_LINUX = re.compile(
    r"/(?:var/(?:opt|lib|log)|opt/azcmagent|etc|usr)/|\((?:himdsd|gcad|extd)\)|systemd\["
    r"|apt\b(?<=\bapt)|dnf\b(?<=\bdnf)|sudo (?<=\bsudo )|Reading package lists|is already the newest version"
)
_LINUX_SIGNS = (
    "/var/", "/opt/azcmagent/", "/etc/", "/usr/", "(himdsd)", "(gcad)", "(extd)", "systemd[", "apt", "dnf", "sudo ",
    "Reading package lists", "is already the newest version",
)  # fmt: skip
"""The same for _LINUX."""
_MOST = 10
# From the beginning of a word and bounded: a file of one endless word takes no endless time.
_AZURE_VM = re.compile(
    r"/resourceGroups/([^/\s]{1,90})/providers/Microsoft\.Compute/virtualMachines/([^/\s]{1,64})\Z", re.IGNORECASE
)
_PROMPT = re.compile(r"(?<![\w.«:»-])[\w.«:»-]{1,64}@[\w.«:»-]{1,253}[: ][^\n#$]{0,60}[#$] ")


@dataclass
class OsVotes:
    """Votes for an OS by file kinds and by paths in the beginning of files."""

    votes: Counter[str] = field(default_factory=Counter)

    def look(self, kind: str, head: str) -> None:
        """Take one file's vote."""
        if kind in _WINDOWS_KINDS:
            self.votes["windows"] += 20
        if kind in _LINUX_KINDS:
            self.votes["linux"] += 20
        signs = _signs().found(head)
        if not signs.isdisjoint(_WINDOWS_SIGNS):
            self.votes["windows"] += _count(_WINDOWS, head)
        linux = 0 if signs.isdisjoint(_LINUX_SIGNS) else _count(_LINUX, head)
        if "@" in head:
            linux += _count(_PROMPT, head)
        self.votes["linux"] += min(_MOST, linux)

    def winner(self) -> str:
        """`windows`, `linux` or, on a tie, `unknown`."""
        windows, linux = self.votes["windows"], self.votes["linux"]
        if windows == linux:
            return "unknown"
        return "windows" if windows > linux else "linux"


@cache
def _signs() -> Words:
    return Words((*_WINDOWS_SIGNS, *_LINUX_SIGNS))


def _count(pattern: re.Pattern[str], head: str) -> int:
    """How often a pattern matches, _MOST at most."""
    return sum(1 for _ in islice(pattern.finditer(head), _MOST))


def first_value(facts: Iterable[Fact], fact: str, *keys: str) -> str | None:
    """The first non-empty value of a fact under one of the keys."""
    for found in facts:
        if found.fact == fact and found.status is FactStatus.OK:
            for key in keys:
                if found.value.get(key):
                    return str(found.value[key])
    return None


def os_of(facts: Sequence[Fact], manifest: Manifest | None, votes: OsVotes) -> str:
    """`windows`, `linux` or `unknown`."""
    known = first_value(facts, "machine.host", "os") or (manifest.os if manifest else None)
    if known in ("windows", "linux"):
        return known
    told = first_value(facts, "vm.model", "os") or "unknown"
    return told if votes.winner() == "unknown" else votes.winner()


def version_of(facts: Sequence[Fact], readings: Sequence[Reading]) -> str | None:
    """The agent's version: as collected, else of the last run in the newest log, else of `show`."""
    live = first_value((f for f in facts if f.by != "show"), "agent.version", "version")
    if live:
        return live
    named = [(r.newest, r.versions[-1][1]) for r in readings if r.versions and r.versions[-1][1]]
    if named:
        dated = [n for n in named if n[0] is not None]
        return max(dated, key=lambda n: n[0].at.replace(tzinfo=None))[1] if dated else named[-1][1]  # type: ignore[union-attr]
    return first_value(facts, "agent.version", "version") or first_value(facts, "agent.show", "agent_version")


def identity_of(facts: Sequence[Fact]) -> Identity:
    """What the machine is in Azure."""

    def get(show: str, config: str) -> str | None:
        return first_value(facts, "agent.show", show) or first_value(facts, "config.agent", config)

    return Identity(
        vm_id=get("vm_id", "vmId"),
        resource_id=get("resource_id", "resourceId"),
        subscription=get("subscription_id", "subscriptionId"),
        tenant=get("tenant_id", "tenantId"),
        region=get("location", "location"),
        cloud=get("cloud", "cloud"),
        proxy=first_value(facts, "agent.proxy", "url") or first_value(facts, "agent.show", "https_proxy"),
        cert_thumbprint=first_value(facts, "identity.certificate", "thumbprint"),
    )


def host_of(facts: Sequence[Fact], manifest: Manifest | None) -> str | None:
    """The machine's host name, as collected; that of an Azure VM also as Azure has it."""
    collected = first_value(facts, "machine.host", "hostname") or (manifest.host if manifest else None)
    named = {f.value["computer_name"] for f in facts if f.fact == "vm.model" and f.value.get("computer_name")}
    return collected or (named.pop() if len(named) == 1 else None)


def names_of(facts: Sequence[Fact]) -> dict[str, str]:
    """Values for the placeholders of commands, of the machine's own identity."""
    wanted = {
        "resource-name": ("resource_name", "resourceName"),
        "resource-group": ("resource_group", "resourceGroup"),
        "subscription-id": ("subscription_id", "subscriptionId"),
        "tenant-id": ("tenant_id", "tenantId"),
        "location": ("location", "location"),
        "region": ("location", "location"),
    }
    found = {
        place: first_value(facts, "agent.show", show) or first_value(facts, "config.agent", config)
        for place, (show, config) in wanted.items()
    }
    machines = {
        str(f.value["resource_id"]).lower(): f for f in facts if f.fact == "vm.model" and f.value.get("resource_id")
    }
    for id_ in machines if len(machines) == 1 else ():
        if vm := _AZURE_VM.search(str(machines[id_].value["resource_id"])):
            found |= {"vm-group": vm[1], "vm": vm[2]}
    return {place: value for place, value in found.items() if value}


def strangers(facts: Sequence[Fact], labels: Mapping[str, str] | None = None) -> NotEvaluated | None:
    """Says so where the facts of a case carry more than one machine id: then it may mix the files of two machines.

    `labels`: the machine of each source, as far as names of hosts and of folders tell it.
    """
    found: dict[str, str] = {}
    for fact in facts:
        for name, key in (("agent.show", "vm_id"), ("config.agent", "vmId")):
            id_ = str(fact.value.get(key) or "").lower() if fact.fact == name else ""
            if id_:
                found.setdefault(id_, fact.raw or fact.by or "facts.jsonl")
    if len(found) < 2:
        return _several(sorted(set((labels or {}).values())))
    told = ", ".join(f"{id_} ({place})" for id_, place in sorted(found.items()))
    why = (
        f"it holds {len(found)} machine ids: {told}. "
        "Files of two machines, or of one before and after it was connected anew; analyse them apart"
    )
    return NotEvaluated("whether this case is of one machine", why)


def _several(names: Sequence[str]) -> NotEvaluated | None:
    if len(names) < 2:
        return None
    listed = ", ".join(names[:_MOST]) + (", …" if len(names) > _MOST else "")
    why = (
        f"its files are of {len(names)} machines, as they are called: {listed}. What went well on one heals nothing on "
        "another; analyse them apart"
    )
    return NotEvaluated("whether this case is of one machine", why)


def several_shown(path: str, names: Sequence[str]) -> list[NotEvaluated]:
    """Says so where one file shows several machines: only one of them is judged."""
    if len(names) < 2:
        return []
    listed = ", ".join(names[:_MOST]) + (", …" if len(names) > _MOST else "")
    why = f"it shows {len(names)} machines ({listed}), and one of them is judged; analyse them apart"
    return [NotEvaluated(path, why)]
