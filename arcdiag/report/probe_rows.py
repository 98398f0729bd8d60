"""The rows of the table of `arcdiag probe`: one endpoint on one way, with the reason of its first failure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from arcdiag.model.diagnosis import Diagnosis, EndpointSeen
from arcdiag.model.fact import Fact, FactPath, FactStatus
from arcdiag.model.message import Msg
from arcdiag.model.subject import SubjectKind

LAYERS: tuple[tuple[str, str], ...] = (
    ("dns", "probe.dns"),
    ("tcp", "probe.tcp"),
    ("proxy", "probe.connect"),
    ("tls", "probe.tls"),
    ("http", "probe.http"),
)
_PLAN = "probe.endpoint"
_NEEDS = ("always", "feature", "connect", "install", "optional")
_ISSUER_CHARS = 60


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """`cells` are pass, fail, unknown or none, in the order of LAYERS; `ms` is None if nothing was measured.

    `reason` words the first failure, or a risk of an endpoint that works. `what_if`: not the agent's own way.
    """

    host: str
    role: str
    needed: str
    required: bool
    path: str
    proxy: str | None
    what_if: bool
    cells: tuple[str, ...]
    ms: int | None
    reason: Msg | str | None

    @property
    def failed(self) -> bool:
        """Whether a layer failed."""
        return "fail" in self.cells

    @property
    def reachable(self) -> bool:
        """Whether the last layers answered."""
        return not self.failed and "pass" in self.cells[3:]


def rows_of(diagnosis: Diagnosis) -> tuple[ProbeRow, ...]:
    """All rows in the order of the diagnosis, the agent's own way first."""
    found: dict[tuple[FactPath, str], dict[str, Fact]] = {}
    for fact in diagnosis.case.facts:
        if fact.subject and fact.subject.kind is SubjectKind.ENDPOINT and fact.fact.startswith("probe."):
            found.setdefault((fact.path, fact.subject.id), {})[fact.fact] = fact
    seen = {end.host: end for end in diagnosis.endpoints}
    made = [_row(host, path, facts, seen) for (path, host), facts in found.items() if _PLAN in facts]
    return tuple(sorted(made, key=lambda r: (r.what_if, _NEEDS.index(r.needed), r.role, r.host)))


def _row(host: str, path: FactPath, facts: Mapping[str, Fact], seen: Mapping[str, EndpointSeen]) -> ProbeRow:
    plan = facts[_PLAN].value
    cells = tuple(_cell(facts.get(name)) for _, name in LAYERS)
    times = [fact.value.get("ms") for _, name in LAYERS if (fact := facts.get(name))]
    measured = [ms for ms in times if isinstance(ms, int | float)]
    end = seen.get(host)
    required = bool(plan.get("required"))
    needed = plan.get("needed")
    return ProbeRow(
        host=host,
        role=str(plan.get("role") or (end.role if end else "other")),
        needed=needed if needed in _NEEDS else ("always" if required else "optional"),
        required=required,
        path=str(plan.get("path", "direct")),
        proxy=plan.get("proxy"),
        what_if=path is FactPath.WHAT_IF,
        cells=cells,
        ms=round(sum(measured)) if measured else None,
        reason=_reason(facts),
    )


def _cell(fact: Fact | None) -> str:
    if fact is None:
        return "none"
    if fact.status is not FactStatus.OK:
        return "unknown"
    return "pass" if fact.value.get("result") == "ok" else "fail"


def _reason(facts: Mapping[str, Fact]) -> Msg | str | None:
    for layer, name in LAYERS:
        fact = facts.get(name)
        if fact is None:
            continue
        if fact.status is not FactStatus.OK:
            return fact.reason or fact.status.value
        if fact.value.get("result") != "ok":
            return reason_of(layer, fact.value)
    tls = facts.get("probe.tls")
    if tls is not None and tls.value.get("microsoft_issuer") is False:
        return Msg.of("probe.tls.inspected", **_args(tls.value))
    return None


def reason_of(layer: str, value: Mapping[str, object]) -> Msg:
    """Why a layer failed, as its fact's value tells it."""
    key = f"probe.{layer}.{value.get('result')}"
    if key == "probe.http.unexpected" and not value.get("expected"):
        key += ".any"
    if layer == "tcp" and value.get("refused_by"):
        # A device on the way answered, not the host itself.
        key += ".by"
    return Msg.of(key, **_args(value))


def _args(value: Mapping[str, object]) -> dict[str, object]:
    """The plain values; lists as words; an issuer by its common name or organisation."""
    args: dict[str, object] = {}
    for name, item in value.items():
        if isinstance(item, list | tuple):
            item = _words(item)
        elif name in ("issuer", "subject") and isinstance(item, str):
            item = short_name(item)
        if item not in (None, "") and isinstance(item, str | int | float):
            args[name] = item
    if isinstance(ms := value.get("ms"), int | float):
        args["seconds"] = f"{ms / 1000:.0f}" if ms >= 1000 else f"{ms / 1000:.1f}"
    return args


def _words(items: Iterable[object]) -> str:
    return ", ".join(str(item) for item in items if isinstance(item, str | int))[:120]


def short_name(name: str) -> str:
    """`CN=Corp Root,O=Corp` becomes `Corp Root`: the common name, else the organisation, else all of it."""
    parts = dict(part.partition("=")[::2] for part in name.replace("\\,", "\0").split(","))
    chosen = parts.get("CN") or parts.get("O") or name
    return chosen.replace("\0", ",").strip()[:_ISSUER_CHARS]
