from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.network.azure_hosts import ARM, GUEST, HIS, HOSTS, LOGIN, public_address
from tests.lab.network.certificates import authorities, write_plain_chain
from tests.lab.network.lab import Lab
from tests.lab.network.policies import nginx
from tests.lab.network.programs import Program
from tests.lab.network.proxies import URL


def test_inspection_of_everything(lab: Lab) -> None:
    lab.device.inspect("company")
    report = lab.probe()
    assert (report.first, report.code, report.failing(LOGIN)) == ("tls-inspection", 1, "tls"), report
    assert "Contoso" in report.said


def test_inspection_of_one(lab: Lab) -> None:
    lab.device.inspect("company", GUEST)
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("tls-inspection", {GUEST: "tls"}), report


def test_inspection_by_a_trusted_authority_is_a_warning(lab: Lab) -> None:
    lab.machine.trust(authorities().roots + authorities().company.pem)
    lab.device.inspect("company")
    report = lab.probe()
    assert (report.first, report.code) == (None, 0), report
    assert "tls-inspection" in report.warnings


def test_inspection_by_squid_behind_the_proxy(lab: Lab) -> None:
    lab.squid.inspect(authorities().company)
    lab.squid.start()
    lab.machine.proxy(URL)
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("tls-inspection", "tls"), report
    assert report.layers(LOGIN)["proxy"] == "pass"


def test_inspection_by_squid_of_one_host(lab: Lab) -> None:
    lab.squid.inspect(authorities().company, HIS)
    lab.squid.start()
    lab.machine.proxy(URL)
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("tls-inspection", {HIS: "tls"}), report


def test_inspection_with_a_negative_serial_number(lab: Lab) -> None:
    lab.machine.trust(authorities().roots + authorities().company.pem)
    lab.device.inspect("negative")
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("tls-inspection", "tls"), report
    assert "negative" in report.said


def test_a_root_is_missing_here(lab: Lab) -> None:
    lab.machine.trust(authorities().ca.pem)
    report = lab.probe()
    assert (report.first, report.failing(HIS), report.failing(LOGIN)) == ("tls-root-missing", "tls", None), report


def test_no_root_at_all(lab: Lab) -> None:
    lab.machine.trust(b"")
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("tls-root-missing", "tls"), report


def test_an_intermediate_is_missing(lab: Lab) -> None:
    lab.azure.answer(HIS, chain="leaf-only")
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("tls-root-missing", {HIS: "tls"}), report


def test_the_leaf_has_expired(lab: Lab) -> None:
    lab.device.inspect("expired", ARM)
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("tls-certificate-expired", {ARM: "tls"}), report


def test_the_name_is_wrong(lab: Lab) -> None:
    lab.device.inspect("wrong-name", GUEST)
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("tls-name-mismatch", {GUEST: "tls"}), report


POLICY = pytest.mark.parametrize(
    ("protocols", "ciphers"),
    [
        ("TLSv1", "ALL:@SECLEVEL=0"),
        ("TLSv1.2", "CAMELLIA256-SHA:ECDHE-RSA-CAMELLIA256-SHA384"),
        ("TLSv1.2", "DHE-RSA-AES256-GCM-SHA384"),
    ],
    ids=["TLS 1.0 alone", "no common cipher", "a cipher that Go lacks"],
)


@POLICY
def test_a_policy_of_one_host(lab: Lab, protocols: str, ciphers: str) -> None:
    nginx(lab, (HIS,), protocols, ciphers)
    report = lab.probe()
    assert (report.first, report.failing_layers) == ("tls-cipher-mismatch", {HIS: "tls"}), report


@POLICY
def test_a_policy_of_all_hosts(lab: Lab, protocols: str, ciphers: str) -> None:
    nginx(lab, HOSTS, protocols, ciphers)
    report = lab.probe()
    assert (report.first, report.failing(LOGIN)) == ("tls-cipher-mismatch", "tls"), report


def test_stunnel_with_tls_1_2_alone_is_healthy(lab: Lab) -> None:
    """TLS 1.3 is not needed; the TLS in front of the host is stunnel's."""
    lab.azure.elsewhere.add(HIS)
    lab.azure.listen.append(("127.0.0.1", 8000, False))
    pem = write_plain_chain(lab.folder, (HIS,))
    config = Path(lab.folder) / "stunnel.conf"
    config.write_text(f"foreground = yes\npid =\n[his]\naccept = {public_address(HIS)}:443\nconnect = 127.0.0.1:8000\n"
                      f"cert = {pem}\nsslVersion = TLSv1.2\n")  # fmt: skip
    Program(lab.internet, lab.folder / "stunnel.log", "/usr/bin/stunnel4", str(config)).listens(443)
    report = lab.probe()
    assert (report.first, report.code, report.failing(HIS)) == (None, 0, None), report
