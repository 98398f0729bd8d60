"""TLS settings of Windows itself: protocols, cipher suites, .NET. Go programs (azcmagent, himds) do not use them.

The extension and policy services, PowerShell and the installer do.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from arcdiag.logs.values import keys
from arcdiag.logs.values.asked import Asked, Values
from arcdiag.logs.values.registry_data import number, words
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE

PROTOCOLS = {"tls10": "TLS 1.0", "tls11": "TLS 1.1", "tls12": "TLS 1.2", "tls13": "TLS 1.3"}
SUITES = {
    "tls12": ("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    "tls13": ("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"),
}
"""Suites that Azure Arc asks for, by protocol; one protocol with all of its suites is enough."""


def schannel_facts(asked: Asked) -> Iterable[Fact]:
    """- `policy.tls-client`: `tls10` to `tls13`, each `on`, `off`, `off-by-default` or `default` (nothing is set)
    - `policy.cipher-order`: `source` (`policy` wins over `local`), `suites`, and whether all suites that Azure Arc asks
      for are in it: `tls12`, `tls13`
    - `policy.strong-crypto`: .NET's `strong`, `system_default`, and for 32-bit programs `strong_32` (absent: not set)
    """
    yield from _protocols(asked)
    yield from _ciphers(asked)
    yield from _net(asked)


def _protocols(asked: Asked) -> Iterable[Fact]:
    found: dict[str, Any] = {}
    for key, name in PROTOCOLS.items():
        place = rf"{keys.PROTOCOLS}\{name}\Client"
        reading = asked.registry.values(place)
        if reading.status is FactStatus.UNSUPPORTED:
            return
        if reading.status not in (FactStatus.OK, FactStatus.ABSENT):
            yield asked.missing("policy.tls-client", reading.status, reading.reason)
            return
        try:
            found[key] = _state(reading.value or {})
        except ValueError as error:
            yield asked.missing("policy.tls-client", FactStatus.ERROR, f"{place}: {error}")
            return
    yield asked.make.ok("policy.tls-client", MACHINE, found, asked.by, asked.raw)


def _state(values: Values) -> str:
    enabled, silent = values.get("enabled"), values.get("disabledbydefault")
    if enabled is not None and number(enabled) == 0:
        return "off"
    if silent is not None and number(silent) != 0:
        return "off-by-default"
    return "on" if enabled is not None else "default"


def _ciphers(asked: Asked) -> Iterable[Fact]:
    """The list of a group policy where there is one, else the local list; an unreadable policy hides the local one."""
    found: list[Fact] = []
    for source, key in (("policy", keys.CIPHERS_POLICY), ("local", keys.CIPHERS_LOCAL)):
        found += asked.fact("policy.cipher-order", key, partial(_order, source))
        if found and found[-1].status is not FactStatus.ABSENT:
            break
    yield from found[-1:]


def _order(source: str, values: Values) -> dict[str, Any] | None:
    value = values.get("functions")
    if value is None:
        return None
    suites = [suite.upper() for suite in words(value)]
    if not suites:
        return None
    # Old Windows names the curve behind the suite: TLS_..._SHA384_P256.
    plain = {suite.rpartition("_P")[0] if suite.rpartition("_P")[2].isdigit() else suite for suite in suites}
    return {"source": source, "suites": suites, **{key: set(needed) <= plain for key, needed in SUITES.items()}}


def _net(asked: Asked) -> Iterable[Fact]:
    readings = {name: asked.registry.values(key) for name, key in (("", keys.NET), ("_32", keys.NET_32))}
    if readings[""].status is FactStatus.UNSUPPORTED:
        return
    if readings[""].status is not FactStatus.OK:
        yield asked.missing("policy.strong-crypto", readings[""].status, readings[""].reason)
        return
    found: dict[str, Any] = {}
    try:
        for suffix, reading in readings.items():
            for key, name in (("strong", "schusestrongcrypto"), ("system_default", "systemdefaulttlsversions")):
                value = (reading.value or {}).get(name)
                if value is not None:
                    found[key + suffix] = number(value) != 0
    except ValueError as error:
        yield asked.missing("policy.strong-crypto", FactStatus.ERROR, f"{keys.NET}: {error}")
        return
    if found:
        yield asked.make.ok("policy.strong-crypto", MACHINE, found, asked.by, asked.raw)
    else:
        yield asked.missing("policy.strong-crypto", FactStatus.ABSENT, f"{keys.NET}: not set")
