"""Environment variables that tell programs where to ask for tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from arcdiag.logs.values.registry import Registry, RegistryValue
from arcdiag.model.fact import Fact
from arcdiag.model.fact_maker import FactMaker, file

EXTENSION_PORT = 50342
MACHINE_ENVIRONMENT = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
_NAMES = ("MSI_ENDPOINT", "IDENTITY_ENDPOINT", "IMDS_ENDPOINT")
_TARGETS = {50342: "extension", 40342: "arc"}
_IMDS = "169.254.169.254"
_LOCAL = ("localhost", "127.0.0.1", "::1")
_BY = "environment"


def variable_facts(make: FactMaker, place: str, variables: Mapping[str, str], raw: str | None = None) -> Iterator[Fact]:
    """`identity.variable`: `variable`, where it points (`extension`, `arc`, `imds`, `other`), host and port; no path.

    The subject is the place where it is set. Variables with a secret (MSI_SECRET) are not looked at.
    """
    upper = {name.upper(): value for name, value in variables.items()}
    for name in _NAMES:
        text = upper.get(name, "").strip()
        if text:
            host, port = _address(text)
            value = {"variable": name, "target": _target(host, port), "address": f"{host}:{port}" if host else None}
            yield make.ok("identity.variable", file(place), value, _BY, raw)


def variables_of(values: Mapping[str, RegistryValue]) -> dict[str, str]:
    """The texts among the values of a registry key."""
    return {value.name: value.data for value in values.values() if isinstance(value.data, str)}


def token_source_facts(make: FactMaker, registry: Registry, raw: str | None = None) -> list[Fact]:
    """The same from a registry, live or recorded."""
    values = registry.values(MACHINE_ENVIRONMENT).value or {}
    return list(variable_facts(make, "machine environment", variables_of(values), raw))


def _address(text: str) -> tuple[str, int]:
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        return (parts.hostname or "").lower(), parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "", 0


def _target(host: str, port: int) -> str:
    if host == _IMDS:
        return "imds"
    return _TARGETS.get(port, "other") if host in _LOCAL else "other"
