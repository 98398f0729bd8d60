"""What in a file is not the agent's own: records of other programs, and package managers at work for an extension.

A record of another program counts where it speaks of something that is the agent's or Azure's, as an application does
that asks 169.254.169.254 for a token. What apt prints for an extension says nothing of the agent's installation, nor
does a host that a customer's own script asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from arcdiag.diagnose.foreign import CALLS, FREE_KINDS, as_proxys, is_foreign_call, names_only_others
from arcdiag.knowledge.endpoints import role_of
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.knowledge.subjects import host_of_url
from arcdiag.logs.scan import Hit, Match
from arcdiag.model.record import Record
from arcdiag.model.subject import SubjectKind

# Beginnings of the names of programs whose words tell of the machine or of the agent: the agent itself, Azure's other
# agents, the system, the package managers, and what runs azcmagent in somebody's place.
_OURS = (
    "himds", "azcmagent", "arcproxy", "gcad", "extd", "gc_", "gcarc", "azure", "waagent", "walinuxagent", "systemd",
    "kernel", "audit", "sudo", "dhclient", "dhcpcd", "networkmanager", "wicked", "chrony", "ntpd", "rsyslog", "syslog",
    "cloud-init", "setroubleshoot", "fapolicyd", "apparmor", "dnsmasq", "apt", "dpkg", "dnf", "yum", "zypp", "rpm",
    "packagekit", "unattended", "ansible", "puppet", "chef", "salt-", "mdatp", "mdsd", "omsagent", "install_linux",
    "microsoft", "service control",
)  # fmt: skip
_OURS_WHOLE = frozenset(
    {"python", "python3", "python2", "cron", "crond", "anacron", "root", "logger", "bash", "sh", "gcd"}
)
_NAMES = re.compile(
    r"azcm(?:agent|\d)|aadsts\d|himds|arcproxy|guestconfig|\bgc_(?:linux|service|worker|ext)"
    r"|\bazure ?(?:arc|connected|hybrid|monitor)|waagent|walinuxagent|168\.63\.129\.16|169\.254\.169\.254"
    r"|:(?:4034[0-4]|50342)\b|\bESU: ",
    re.IGNORECASE,
)
# Looked for one by one: an alternation that minds no case takes milliseconds for a file without any of them.
_SIGNS = (
    "azure", "azcm", "himds", "arcproxy", "guestconfig", "microsoft", "windows", "waagent", ".arc.", "168.63.",
    "169.254.", "50342", "extension", "proxy status",
)  # fmt: skip
_DOUBTFUL = ("aadsts", "arm", "4034")
_OTHER_SIGN = re.compile(r"aadsts\d|\barm\b|4034[0-4]")
_STAMPED = re.compile(
    r"\s{0,4}[\[<(]?(?:\d{4}[-/.]\d\d[-/.]\d\d|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[-/ ][A-Z][a-z]{2}[-/ ]\d{4})"
    r"[ T:,]{1,2}\d{1,2}:\d\d"
)
_EXTENSIONS_OWN = re.compile(
    r"exit code for (?:Install|Enable|Update|Uninstall|Disable|Reset)\b|\bExtension (?:Message|Error|error output):"
    r"|LinuxPatchExtension|\bazgps-|\bfrom package manager\b|\[Microsoft\.[\w.]{3,80}-\d{1,4}(?:\.\d{1,6}){1,3}\]"
)
_DOWNLOADS = frozenset({"ext.handler-no-network", "ext.gc-download-failed"})
"""What an extension also says of files that a customer has it fetch."""
_FETCHES = frozenset({"ext.download-failed", "ext.gc-download-failed"})
_OTHER_SERVICE = re.compile(
    r"\bThe (?!himds\b|Azure (?:Hybrid|Arc|Connected)|Guest Conf|Machine conf|Extension)[^\n\"]{1,80}? service"
    r" (?:failed|was unable|terminated|did not|could not)",
)
_OTHER_PRODUCT = re.compile(r"\bProduct(?: Name)?: (?!Azure Connected Machine Agent)[A-Za-z0-9]")
_AGENTS_PACKAGE = re.compile(
    r"azcm|himds|packages-microsoft|Azure Connected Machine|\.(?:deb|rpm)\b|install_linux", re.I
)
_FOR_OTHER_PACKAGES = re.compile(
    r"[^\n]{0,80}?[#$] ?(?:sudo )?(?:apt|apt-get|aptitude|dnf|yum|zypper)(?: -{1,2}\S{1,40}){0,6}"
    r" (?:install|in|upgrade|update|up|reinstall|remove)(?: -{1,2}\S{1,40}){0,6}"
    r" (?!-)(?P<packages>[a-z0-9][^\n|;&]{0,200})\Z"
)
_OBJECT = re.compile(r"[{}]")
_WENT_WELL = re.compile(
    r'"code"\s{0,4}:\s{0,4}"?0"?\s{0,4}[,}]|"code"\s{0,4}:\s{0,4}"ProvisioningState/succeeded"', re.I
)
_OTHER_RIGHT = re.compile(
    r"perform action ['\"]"
    r"(?!Microsoft\.(?:HybridCompute|GuestConfiguration|HybridConnectivity|AzureArcData|Resources)/)"
    r"[\w.]{3,80}/[\w/]{1,120}/(?:read|list\w{0,40}/action)['\"]"
)
_EXITED = re.compile(r"Extension returned non-zero exit code for \w{4,12}", re.I)
_EXTENSIONS_FILE = re.compile(
    r"(?:^|/)(?:\d{1,6}\.core\.log|[^/]*\.ext\.log)$|(?:^|/)extension_logs/|(?:^|/)log/azure/", re.I
)
_IDENTIFIER = re.compile(r'"SYSLOG_IDENTIFIER"\s{0,4}:\s{0,4}"([^"]{1,64})"')
_ANYBODYS = (*CALLS, "install.other-repository", "host.")
"""What a stamped line of a file that names nothing of the agent's may tell of any program."""
_FEWEST = 4
_REACH = 300
_MOSTLY = 0.3


@dataclass(frozen=True)
class FileSeen:
    """What is known of a file before it is read: `kind`, and `head`, the beginning of its text."""

    path: str
    kind: str
    head: str

    def is_another_products(self) -> bool:
        """Whether it is the installation log of a product that is not the agent."""
        return _OTHER_PRODUCT.search(self.head) is not None and _AGENTS_PACKAGE.search(self.head) is None

    def is_strangers(self) -> bool:
        """Whether it is the log of a program that has nothing to do with the agent: stamped lines, none names it."""
        return self._stamped_lines >= _FEWEST

    def may_be_strangers(self) -> bool:
        """The same of a few lines: too few to say so, yet calls over the network in them may be anybody's."""
        return self._stamped_lines > 0

    @cached_property
    def _stamped_lines(self) -> int:
        """How many lines are stamped, where most are and nothing of the agent's is named; else 0."""
        if self.kind != "console" or _names_ours(self.path) or _names_ours(self.head):
            return 0
        lines = [line for line in self.head.splitlines() if line.strip()]
        stamped = sum(1 for line in lines if _STAMPED.match(line))
        return stamped if stamped >= len(lines) * _MOSTLY else 0


def own_hits(hits: Iterable[Hit], rules: RuleSet, file: FileSeen) -> Iterator[Hit]:
    """The hits that tell of the agent or its machine."""
    extensions = bool(_EXTENSIONS_FILE.search(file.path))
    stranger, anybodys = file.is_strangers(), file.may_be_strangers()
    another, others_packages = file.is_another_products(), False
    for hit in hits:
        if any(mark.id == "run.prompt" for mark in hit.marks):
            asked = _FOR_OTHER_PACKAGES.match(hit.record.text)
            others_packages = asked is not None and not _AGENTS_PACKAGE.search(asked["packages"])
        if _is_others(hit, stranger) or ((another or others_packages) and _installs(rules, hit)):
            continue
        if hit.matches and file.kind in FREE_KINDS:
            proxied = tuple(as_proxys(hit.record, m) for m in hit.matches)
            hit = hit if proxied == hit.matches else replace(hit, matches=proxied)
        if hit.matches and not _NAMES.search(hit.record.text):
            own = tuple(
                m
                for m in hit.matches
                if not (anybodys and not m.role and m.signal.startswith(_ANYBODYS))
                and not _is_another(hit.record.text, m)
                and not is_foreign_call(rules, hit.record, m, file.kind)
            )
            hit = hit if len(own) == len(hit.matches) else replace(hit, matches=own)
        text = hit.record.text
        told = any(match.signal.startswith("ext.") for match in hit.matches)
        if hit.matches and (extensions or told or _EXTENSIONS_OWN.search(text)):
            newest = _older_attempts(text) if told else len(text)
            own = tuple(m for m in hit.matches if m.span[0] < newest and not _is_extensions(rules, m, text))
            if file.kind == "json":
                own = tuple(m for m in own if not (m.signal.startswith("ext.") and _went_well(text, m)))
            if any(m.signal in _FETCHES for m in own):
                # No host is named: the failed call is that of the download itself.
                own = tuple(m for m in own if m.subject is not None or m.role or not m.signal.startswith(CALLS))
            hit = replace(hit, matches=own)
        yield hit


def _installs(rules: RuleSet, hit: Hit) -> bool:
    """Whether a record tells of an installation only, and does not name the agent."""
    if _AGENTS_PACKAGE.search(hit.record.text):
        return False
    rest = [m for m in hit.matches if not _is_of_installing(rules, m)]
    told = len(rest) < len(hit.matches) or any(mark.id.startswith("install.") for mark in hit.marks)
    return told and all(m.signal.startswith(CALLS) and not m.role for m in rest)


def _is_of_installing(rules: RuleSet, match: Match) -> bool:
    rule = rules.signals[match.signal].rule
    return match.signal.startswith("msi.") or "install" in (rule.fails, rule.step)


def _went_well(text: str, match: Match) -> bool:
    """Whether a message stands in an object of JSON whose code says that it is one of success."""
    start = max((m.end() for m in _OBJECT.finditer(text, 0, match.span[0])), default=0)
    after = _OBJECT.search(text, match.span[1])
    return _WENT_WELL.search(text[start : after.end() if after else len(text)]) is not None


def _is_another(text: str, match: Match) -> bool:
    """Whether an event is of a service or product that it names, and that is not the agent."""
    if match.signal == "arm.authorization-failed":
        return _OTHER_RIGHT.search(text, match.span[0]) is not None
    if match.signal.startswith("himds.") and match.signal.endswith("-unnamed"):
        return _OTHER_SERVICE.search(text) is not None
    return match.signal.startswith("msi.") and _OTHER_PRODUCT.search(text) is not None


def _older_attempts(text: str) -> int:
    """Where the messages of older attempts begin, which an extension's status carries behind the newest one's."""
    first = _EXITED.search(text)
    again = _EXITED.search(text, first.end()) if first else None
    # A brace between them ends one extension's status: what follows is of another extension.
    return again.start() if first and again and "}" not in text[first.end() : again.start()] else len(text)


def _is_extensions(rules: RuleSet, match: Match, text: str) -> bool:
    """Whether what an extension prints concerns it alone: its packages, and hosts that are none of Azure's."""
    rule = rules.signals[match.signal].rule
    if "install" in (rule.fails, rule.step):
        return True
    if match.signal.endswith("-unaddressed"):
        return True
    if match.signal in _DOWNLOADS:
        return names_only_others(rules, text)
    if match.subject is not None:
        return match.subject.kind is SubjectKind.ENDPOINT and match.role is None
    named = host_of_url(text[match.span[1] : match.span[1] + _REACH]) if rule.subject == "endpoint" else None
    return named is not None and role_of(rules, named) is None


def _names_ours(text: str) -> bool:
    """Whether a text speaks of something that is the agent's or Azure's."""
    low = text.lower()
    if any(sign in low for sign in _SIGNS):
        return True
    return any(sign in low for sign in _DOUBTFUL) and _OTHER_SIGN.search(low) is not None


def _unit_of(record: Record) -> str:
    """The program that wrote a record of a journal, in lower case; "" for a record of another form."""
    if record.form == "journal":
        return dict(record.fields).get("unit", "").lower()
    named = _IDENTIFIER.search(record.text) if "SYSLOG_IDENTIFIER" in record.text else None
    return named[1].lower() if named else ""


def _is_others(hit: Hit, stranger: bool) -> bool:
    record = hit.record
    unit = _unit_of(record)
    if not stranger and (not unit or unit in _OURS_WHOLE or unit.startswith(_OURS)):
        return False
    return not any(match.role for match in hit.matches) and not _NAMES.search(record.text)
