"""Which machine a file of the case is from, where a case holds files of several.

A success on one machine heals nothing on another. Nothing is told apart without a sign: what `azcmagent show` prints
of the machine, or places that are named like hosts and differ by their numbers (`SRV01/`, `SRV02/`, `web1_himds.log`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from arcdiag.case.names_out import plain_tokens
from arcdiag.model.fact import Fact, FactStatus

_FAMILY = re.compile(
    r"^(.{2,64}?)[-_. ](?:azcmagent|himds|arcproxy|gc[-_]?(?:ext|agent)|show|check|waagent|waappagent|journal|config"
    r"|installationlog|azurearconboarding)(?![a-z])",
    re.IGNORECASE,
)
_NO_HOSTS = frozenset({
    "log", "logs", "file", "files", "part", "day", "run", "case", "copy", "collect", "collection", "bundle", "zip",
    "tar", "test", "try", "attempt", "step", "session", "batch", "week", "month", "tag", "jour", "output", "out",
    "evidence", "show", "check", "himds", "azcmagent", "old", "new", "before", "after", "vorher", "nachher", "upload",
    "download", "ticket", "inc", "sr", "phase", "wave", "stage", "disk", "drive", "vol", "screenshot", "image",
    "attachment", "anhang", "mail", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct",
    "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so",
    "version", "pass", "round", "take", "reboot", "fix", "teil", "bild", "kopie", "export", "dump", "trace",
    "capture", "agent", "waagent", "waappagent", "arcproxy", "journal", "messages", "syslog", "dmesg", "console",
    "terminal", "term", "himdsd", "extd", "gcad", "cmd", "err", "error", "errors", "stdout", "stderr", "tmp", "temp",
    "report", "page", "note", "notes", "msg", "event", "events", "eth", "ens", "nic", "pic", "img", "scan", "extract",
    "backup", "info", "text",
})  # fmt: skip
_DATE = re.compile(
    r"(?<!\d)\d{4}[-_.]?\d\d[-_.]?\d\d(?:[-_. t]{0,2}\d{2}[-_.:h]?\d{2}(?:[-_.:]?\d{2})?z?)?(?!\d)"
    r"|(?<!\d)\d\d[-_.]\d\d[-_.]\d{2,4}(?!\d)"
)
_DIGITS = re.compile(r"\d+")
_TOKEN = re.compile(r"[a-z]{2,12}\d{1,4}[a-z]?")
_STEM = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Machines:
    """`labels`: the machine of each source, "" where nothing tells it."""

    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def several(self) -> bool:
        """Whether the case holds files of more than one machine."""
        return bool(self.labels)

    def apart(self, one: str, other: str) -> bool:
        """Whether two sources are known to be of two machines."""
        first, second = self.labels.get(one, ""), self.labels.get(other, "")
        return bool(first and second and first != second)


def machines_of(facts: Sequence[Fact], sources: Mapping[str, str]) -> Machines:
    """The machines of a case's files; without labels where it holds but one, as far as can be seen.

    `sources`: paths, each with its machine, where the text itself tells it, or "".
    """
    paths = sorted(sources)
    shown = _shown(facts)
    labels = {path: label for path, label in shown.items() if label}
    named = {path: _names(path) for path in paths}
    labelled = {*shown.values(), *map(plain_tokens, shown.values())}
    hosts = _hosts(named.values(), labelled) | _beside(paths, labelled)
    places = {path: next((name for name in named[path] if name in hosts), "") for path in paths}
    # The machine of a folder is the one that the `show` in it prints, whatever the folder is called.
    aliases = {places[path]: label for path, label in labels.items() if places.get(path)}
    for path, place in places.items():
        if place and path not in labels:
            labels[path] = aliases.get(place, place)
    labels.update((path, host) for path, host in sources.items() if host)
    return Machines(labels if len(set(labels.values())) > 1 else {})


def _shown(facts: Sequence[Fact]) -> dict[str, str]:
    """The name of the machine that each `show` is of; of one that was renamed or cloned, its first name."""
    found: dict[str, str] = {}
    ids: dict[str, str] = {}
    for fact in facts:
        if fact.fact != "agent.show" or fact.status is not FactStatus.OK or not fact.raw:
            continue
        name = str(fact.value.get("resource_name") or fact.value.get("vm_id") or "").lower()
        known = [str(fact.value.get(key) or "").lower() for key in ("vm_uuid", "vm_id")]
        label = next((ids[id_] for id_ in known if id_ in ids), name)
        ids.update((id_, label) for id_ in known if id_)
        if label:
            found[fact.raw] = label
    return found


def _names(path: str) -> tuple[str, ...]:
    """What could name a machine in a path, in lower case: in its folders, and before the log's own name."""
    *folders, name = path.replace("!", "/").replace("\\", "/").lower().split("/")
    before = _FAMILY.match(name)
    names: list[str] = []
    for place in (*folders, *((before[1],) if before else ())):
        bare = _DATE.sub("", place).strip("-_. ")
        names += [bare, *(part for part in re.split(r"[-_. ]", bare) if _TOKEN.fullmatch(part))]
    names += [part for part in re.split(r"[-_. ]", _DATE.sub("", name)) if _TOKEN.fullmatch(part)]
    return tuple(dict.fromkeys(name for name in names if name))


def _beside(paths: Sequence[str], shown: set[str]) -> frozenset[str]:
    """Folders beside one that is called like a machine: there each machine has its own."""
    folders = [path.lower().split("/")[:-1] for path in paths]
    found: set[str] = set()
    for depth in range(max(map(len, folders), default=0)):
        level = {folder[depth] for folder in folders if len(folder) > depth}
        if level & shown:
            found |= {name for name in level if _NO_HOSTS.isdisjoint(_STEM.findall(name)) and _STEM.search(name)}
    return frozenset(found)


def like_hosts(names: Iterable[str]) -> frozenset[str]:
    """Those of some names, in lower case, that look like hosts: they differ from each other by a number alone."""
    shapes: dict[str, set[str]] = {}
    for name in names:
        shapes.setdefault(_DIGITS.sub("#", name), set()).add(name)
    found: set[str] = set()
    for shape, group in shapes.items():
        stems = _STEM.findall(shape)
        if "#" in shape and stems and _NO_HOSTS.isdisjoint(stems) and len(group) > 1:
            found |= group
    return frozenset(found)


def _hosts(names: Iterable[Sequence[str]], shown: set[str]) -> frozenset[str]:
    """Names of machines: those that `show` prints, and all that differ from such, or from each other, by a number."""
    every = {name for several in names for name in several}
    return like_hosts(every | shown) & every | every & shown
