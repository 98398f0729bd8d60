"""Who the machine is, from the facts of its case."""

from __future__ import annotations

from collections.abc import Mapping

from arcdiag.diagnose.portrait import first_value, identity_of
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import MACHINE

THUMBPRINT = "0A1B2C3D4E5F60718293A4B5C6D7E8F901234567"


def fact(name: str, value: Mapping[str, object], status: FactStatus = FactStatus.OK) -> Fact:
    return Fact(name, MACHINE, status, value)


def test_the_identity_is_what_show_says_else_what_the_files_say() -> None:
    facts = [
        fact("config.agent", {"vmId": "1111", "location": "eastus"}),
        fact("agent.show", {"vm_id": "2222", "https_proxy": "http://shown:8080"}),
        fact("identity.certificate", {"form": "x509", "thumbprint": THUMBPRINT}),
    ]
    identity = identity_of(facts)
    assert (identity.vm_id, identity.region, identity.proxy) == ("2222", "eastus", "http://shown:8080")
    assert identity.cert_thumbprint == THUMBPRINT
    assert identity.tenant is None


def test_what_was_not_seen_says_nothing() -> None:
    facts = [fact("identity.certificate", {"thumbprint": THUMBPRINT}, FactStatus.ERROR)]
    assert identity_of(facts).cert_thumbprint is None
    assert first_value(facts, "identity.certificate", "thumbprint") is None
