"""Files that hold recorded values of a Windows machine: what each kind gives, and what could not be read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from arcdiag.logs.decode import TextFile, UnreadableError
from arcdiag.logs.values import hive, pol_file
from arcdiag.logs.values.asked import Asked
from arcdiag.logs.values.azure_guest import azure_guest_facts
from arcdiag.logs.values.event_xml import EventFacts, read_events, record_of
from arcdiag.logs.values.gpresult import PolicyResult, read_result
from arcdiag.logs.values.logon_right import logon_as_service_fact
from arcdiag.logs.values.policy import policy_facts
from arcdiag.logs.values.reg_file import read_export
from arcdiag.logs.values.reg_query import read_queries
from arcdiag.logs.values.registry import Registry
from arcdiag.logs.values.secedit import read_security
from arcdiag.logs.values.token_source import token_source_facts
from arcdiag.logs.values.windows_parts import agent_facts
from arcdiag.logs.values.windows_update import windows_update_facts
from arcdiag.logs.values.xml_parts import DamagedXmlError
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker
from arcdiag.model.reading import Reading
from arcdiag.model.record import Record

MAX_RECORDS = 20_000
BINARY = {hive.MAGIC: "registry-hive", pol_file.MAGIC: "policy-file"}
"""The first bytes of binary files that are read."""
_UNDATED = FactMaker(None, None)


@dataclass
class Recorded:
    """What a file gives. `records` are searched as lines of a log are; `problem` says what is missing of it."""

    facts: list[Fact] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    problem: str | None = None


def read_binary(kind: str, path: str, stream: BinaryIO) -> Recorded:
    """A file of a kind of BINARY."""
    try:
        if kind == "policy-file":
            return _policy_file(stream.read(pol_file.MAX_BYTES + 1), path)
        with hive.open_hive(stream) as registry:
            return Recorded(registry_facts(registry, "hive", path))
    except (hive.HiveError, EOFError, OSError) as error:
        return Recorded(problem=str(error) or type(error).__name__)


def read_text(kind: str, path: str, file: TextFile) -> Recorded:
    """A file of a kind of TEXT."""
    try:
        return TEXT[kind](file, path)
    except (UnreadableError, EOFError, OSError) as error:
        return Recorded(problem=f"it cannot be read to its end: {error}")


def registry_facts(registry: Registry, by: str, path: str, whole: bool = True) -> list[Fact]:
    """Everything that a recorded registry gives. Of one that is not whole only what is seen counts."""
    found = policy_facts(_UNDATED, registry, by, path, proxies=True)
    found += agent_facts(Asked(_UNDATED, registry, by, path))
    found += azure_guest_facts(_UNDATED, registry, path)
    found += windows_update_facts(_UNDATED, registry, path)
    found += token_source_facts(_UNDATED, registry, path)
    return found if whole else [fact for fact in found if _is_seen(fact)]


def query_facts(text: str, path: str) -> list[Fact]:
    """What `reg query` printed in the text of a console."""
    registry = read_queries(text)
    return registry_facts(registry, "reg query", path, whole=False) if registry.keys else []


def _is_seen(fact: Fact) -> bool:
    if fact.fact == "windows.pending-reboot":
        return fact.value.get("pending") is True
    if fact.fact == "policy.tls-client":
        return any(state != "default" for state in fact.value.values())
    return fact.status in (FactStatus.OK, FactStatus.ERROR)


def _export(file: TextFile, path: str) -> Recorded:
    registry, problem = read_export(line.text for line in file.lines() if not line.cut)
    return Recorded(registry_facts(registry, "registry export", path, whole=not problem), problem=problem)


def _policy_file(data: bytes, path: str) -> Recorded:
    if len(data) > pol_file.MAX_BYTES:
        return Recorded(problem=f"a policy file of more than {pol_file.MAX_BYTES // 1024**2} MiB, which is not read")
    whose = pol_file.policy_source(path)
    registry, problem = pol_file.read_policy(data, whose.machine)
    facts = registry_facts(registry, "policy file", path, whole=False)
    return Recorded([_from(fact, whose.source, whose.gpo) for fact in facts], problem=problem)


def _from(fact: Fact, source: str, gpo: str | None) -> Fact:
    """The fact, with whose policy sets it."""
    if fact.fact != "policy.cleanup-profiles" or fact.status is not FactStatus.OK:
        return fact
    return replace(fact, value={**fact.value, "source": source, **({"gpo": gpo} if gpo else {})})


def _security(file: TextFile, path: str) -> Recorded:
    settings = read_security((line.text for line in file.lines()), path)
    facts = registry_facts(settings.registry, "secedit", path, whole=False)
    holders = settings.logon_as_service()
    if holders is not None:
        source = "gpo" if settings.template else "unknown"
        facts.append(logon_as_service_fact(_UNDATED, holders, source, "secedit", path))
    return Recorded(facts, problem=settings.problem)


def _gpresult(file: TextFile, path: str) -> Recorded:
    result = read_result(file.blocks())
    make = FactMaker(result.at, None)
    facts = [replace(f, at=result.at) for f in registry_facts(result.recorded(), "gpresult", path, whole=False)]
    facts = [fact for fact in facts if fact.fact != "policy.cleanup-profiles"]
    facts += _cleanup(result, make, path)
    if result.logon_right:
        source, gpo = result.source(result.logon_right.gpo)
        holders = Reading.of(result.logon_right.value)
        facts.append(logon_as_service_fact(make, holders, source, "gpresult", path, gpo))
    if result.gpos:
        applied = sorted(name for name, applies in result.gpos.values() if applies)
        others = sorted(name for name, applies in result.gpos.values() if not applies)
        facts.append(make.ok("policy.gpos", MACHINE, {"applied": applied, "not_applied": others}, "gpresult", path))
    problem = result.problem or (None if result.computer else "it holds no settings of the computer")
    return Recorded(facts, problem=problem)


def _cleanup(result: PolicyResult, make: FactMaker, path: str) -> Iterable[Fact]:
    setting = result.cleanup
    if setting is None:
        return
    source, gpo = result.source(setting.gpo)
    if setting.value is None:
        days = 0
    elif setting.value.isascii() and setting.value.isdigit() and len(setting.value) < 11:
        days = int(setting.value)
    else:
        reason = f"CleanupProfiles is no number: {setting.value[:60]!r}"
        yield make.not_seen("policy.cleanup-profiles", MACHINE, FactStatus.ERROR, reason, "gpresult", raw=path)
        return
    value = {"days": days, "source": source, **({"gpo": gpo} if gpo else {})}
    yield make.ok("policy.cleanup-profiles", MACHINE, value, "gpresult", path)


def _events(file: TextFile, path: str) -> Recorded:
    found, counts = Recorded(), EventFacts()
    try:
        for event in read_events(file.blocks()):
            counts.note(event)
            record = record_of(event)
            if record and len(found.records) < MAX_RECORDS:
                found.records.append(record)
    except DamagedXmlError as error:
        found.problem = str(error)
    found.records.sort(key=lambda r: (r.time is None, r.time.iso() if r.time else "", r.line))
    found.facts = counts.facts(_UNDATED, path)
    return found


TEXT: dict[str, Callable[[TextFile, str], Recorded]] = {
    "registry-export": _export,
    "security-settings": _security,
    "gpresult": _gpresult,
    "event-xml": _events,
}
"""Kinds of text that are read as a whole, with what reads them."""
