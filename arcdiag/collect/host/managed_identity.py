"""Where programs of this machine ask for tokens: IMDS, the Azure Arc agent, or the retired extension of Azure VMs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from arcdiag.collect.host.environment import parse_env_file, parse_systemd, split_assignments
from arcdiag.collect.host.patching import extension_fact
from arcdiag.collect.host.platform import Host
from arcdiag.logs.values.token_source import EXTENSION_PORT, MACHINE_ENVIRONMENT, variable_facts, variables_of
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker
from arcdiag.model.subject import Subject, SubjectKind

WINDOWS_EXTENSION = r"C:\Packages\Plugins\Microsoft.ManagedIdentity.ManagedIdentityExtensionForWindows"
_LINUX_MANIFEST = "/var/lib/waagent/Microsoft.ManagedIdentity.ManagedIdentityExtensionForLinux-*/HandlerManifest.json"
_SYSTEMD = tuple(f"{place}/systemd/system.conf.d/*.conf" for place in ("/etc", "/run", "/usr/lib", "/lib"))
_CAP = 64 * 1024
_BY = "host/managed-identity"


def managed_identity_facts(make: FactMaker, host: Host) -> Iterator[Fact]:
    """`identity.extension` (folder), `port.listener` of 50342 if somebody listens there, `identity.variable`."""
    yield extension_fact(make, host, "identity.extension", WINDOWS_EXTENSION, _LINUX_MANIFEST)
    listeners = host.listeners(EXTENSION_PORT).value
    if listeners:
        value = {"listening": True, "process": listeners[0].process, "pid": listeners[0].pid}
        subject = Subject(SubjectKind.ENDPOINT, f"localhost:{EXTENSION_PORT}")
        yield Fact("identity.listener", subject, FactStatus.OK, value, at=make.at, by=_BY, user=make.user)
    for place, variables in _places(host):
        yield from variable_facts(make, place, variables)


def _places(host: Host) -> Iterator[tuple[str, Mapping[str, str]]]:
    registry = host.registry()
    if registry is not None:
        yield "machine environment", variables_of(registry.values(MACHINE_ENVIRONMENT).value or {})
        return
    yield "/etc/environment", parse_env_file(_text(host, "/etc/environment"))
    for path in dict.fromkeys(path for pattern in _SYSTEMD for path in host.find(pattern)):
        for _, value in parse_systemd(_text(host, path), ["DefaultEnvironment"]):
            yield path, split_assignments(value)


def _text(host: Host, path: str) -> str:
    return (host.read(path, _CAP).value or b"").decode("utf-8", "replace")
