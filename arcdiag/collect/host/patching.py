"""What automatic guest patching needs on the machine: the update service, its source, the patch extension."""

from __future__ import annotations

from collections.abc import Iterator

from arcdiag.collect.deadline import Deadline
from arcdiag.collect.host.platform import Host
from arcdiag.collect.host.vm_agent import state_facts
from arcdiag.logs.values.windows_update import windows_update_facts
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE, FactMaker

WINDOWS_EXTENSION = r"C:\Packages\Plugins\Microsoft.CPlat.Core.WindowsPatchExtension"
LINUX_EXTENSIONS = "/var/lib/waagent"
_LINUX_MANIFEST = LINUX_EXTENSIONS + "/Microsoft.CPlat.Core.LinuxPatchExtension-*/HandlerManifest.json"
_UPDATE_SERVICES = frozenset({"wuauserv"})
_BY = "host/patching"


def patching_facts(make: FactMaker, host: Host, deadline: Deadline) -> Iterator[Fact]:
    """`vm.service` wuauserv and `policy.windows-update` on Windows; `patch.extension` on both."""
    registry = host.registry()
    if registry is not None:
        services = host.other_services(deadline)
        yield from state_facts(make, {name: raw for name, raw in services.items() if name in _UPDATE_SERVICES})
        yield from windows_update_facts(make, registry)
    yield extension_fact(make, host, "patch.extension", WINDOWS_EXTENSION, _LINUX_MANIFEST)


def extension_fact(make: FactMaker, host: Host, name: str, windows: str, linux: str) -> Fact:
    """Whether an extension of the Azure VM agent lies in its folder: `installed`, `path`, `version` on Linux.

    DENIED on Linux where the folder of all extensions may not be read, as by an ordinary user.
    """
    if host.os == "windows":
        entry = host.file(windows)
        if entry.value is None:
            return make.not_seen(name, MACHINE, entry.status, entry.reason, _BY)
        return make.ok(name, MACHINE, {"installed": True, "path": windows}, _BY)
    folder = host.file(LINUX_EXTENSIONS)
    if folder.value is None:
        return make.not_seen(name, MACHINE, folder.status, folder.reason, _BY)
    if not folder.value.readable:
        return make.not_seen(name, MACHINE, FactStatus.DENIED, f"{LINUX_EXTENSIONS} may not be read", _BY)
    found = host.find(linux)
    if not found:
        return make.not_seen(name, MACHINE, FactStatus.ABSENT, f"nothing in {LINUX_EXTENSIONS}", _BY)
    path = found[-1].rpartition("/")[0]
    return make.ok(name, MACHINE, {"installed": True, "path": path, "version": path.rpartition("-")[2]}, _BY)
