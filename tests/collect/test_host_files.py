"""Mounts, access of the agent's account, certificates, packages and protections of a Linux machine."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from arcdiag.collect.host.access import agent_access
from arcdiag.collect.host.certificates import certificate_facts
from arcdiag.collect.host.files import account_facts, backup_facts, temp_fact
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.host.machine import name_value
from arcdiag.collect.host.mounts import Mount, mount_of, parse_mountinfo
from arcdiag.collect.host.packages import dpkg_state, package_manager_facts
from arcdiag.collect.host.platform import AccountRaw, FileRaw
from arcdiag.collect.host.protection import protection_facts
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker
from tests.collect.machine import write

MAKE = FactMaker("2024-10-01T09:00:00Z", "root")
MOUNTINFO = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
30 22 254:1 / /var rw,nosuid,noexec,relatime shared:2 - xfs /dev/vdb rw,attr2
31 22 254:2 / /opt/with\\040blank rw - ext4 /dev/vdc rw
32 30 254:3 / /var/opt rw - ext4 /dev/vdd ro,errors=remount-ro
33 30 254:4 / /var rw,relatime - xfs /dev/vde rw
half a line
"""
CERTS = "/var/opt/azcmagent/certs"


def by_name(facts: list[Fact]) -> dict[str, Fact]:
    return {f.fact: f for f in facts}


def test_the_mount_of_a_path_is_the_deepest_and_the_last() -> None:
    mounts = parse_mountinfo(MOUNTINFO)
    assert len(mounts) == 5

    def point(path: str) -> tuple[str, str]:
        mount = mount_of(mounts, path)
        assert mount is not None
        return mount.point, mount.source

    assert point("/opt/azcmagent") == ("/", "/dev/vda")
    assert point("/opt/with blank/x") == ("/opt/with blank", "/dev/vdc")
    # A second mount on the same place hides the first.
    assert point("/var/lib/waagent") == ("/var", "/dev/vde")
    assert point("/variable") == ("/", "/dev/vda")
    optional = mount_of(mounts, "/var/opt/azcmagent")
    assert optional is not None and optional.has("ro") and not optional.has("rw")
    assert mount_of((), "/opt") is None


HIMDS = AccountRaw("himds", 997, ("himds", "tss"))
PLAIN = Mount("/", "ext4", "/dev/vda", ("rw",))


@pytest.mark.parametrize(
    ("mode", "owner", "group", "immutable", "mount", "wanted"),
    [
        ("0660", "himds", "himds", False, PLAIN, (True, True, None)),
        ("0440", "himds", "himds", False, PLAIN, (True, False, "mode")),
        # The owner's own bits decide, whatever the group may.
        ("0060", "himds", "himds", False, PLAIN, (False, False, "mode")),
        ("0660", "root", "himds", False, PLAIN, (True, True, None)),
        ("0644", "root", "root", False, PLAIN, (True, False, "owner")),
        ("0600", "root", "root", False, PLAIN, (False, False, "owner")),
        ("0660", "997", "997", None, None, (True, True, None)),
        ("0660", "himds", "himds", True, PLAIN, (True, False, "immutable")),
        ("0660", "himds", "himds", False, Mount("/", "ext4", "x", ("ro",)), (True, False, "read-only-mount")),
    ],
)
def test_what_the_agent_s_account_may_do(
    mode: str, owner: str, group: str, immutable: bool | None, mount: Mount | None, wanted: tuple[object, ...]
) -> None:
    entry = FileRaw("/x", 2, mode, owner, "file", True, group=group, immutable=immutable)
    access = agent_access(entry, HIMDS, mount)
    assert (access.read, access.write, access.why_not) == wanted
    assert agent_access(entry, None, mount).write is None


def test_the_immutable_attribute_is_what_lsattr_says(tmp_path: Path) -> None:
    path = write(tmp_path, "/agentconfig.json", "{}")
    for change in ("+i", "-i"):
        subprocess.run(["chattr", change, str(path)], capture_output=True, check=False)
        shown = subprocess.run(["lsattr", str(path)], capture_output=True, text=True, check=False)
        wanted = "i" in shown.stdout.split()[0] if shown.returncode == 0 else None
        entry = LinuxHost(tmp_path).file("/agentconfig.json").value
        assert entry is not None
        assert entry.immutable == wanted
        if wanted:
            assert entry.read_only is True


def certificate(days: int, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "web01")])
    end = datetime(2024, 10, 1, 9, tzinfo=UTC) + timedelta(days=days)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(end - timedelta(days=90)).not_valid_after(end)
    return made.sign(key, hashes.SHA256())


def test_certificates_have_dates_and_keys_are_left_alone(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem, der = serialization.Encoding.PEM, serialization.Encoding.DER
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    write(tmp_path, f"{CERTS}/myCert", private + certificate(40, key).public_bytes(pem))
    write(tmp_path, f"{CERTS}/der.cer", certificate(50, key).public_bytes(der))
    write(tmp_path, f"{CERTS}/bundle", pkcs12.serialize_key_and_certificates(b"x", key, certificate(60, key), None,
          serialization.NoEncryption()))  # fmt: skip
    write(tmp_path, f"{CERTS}/myKey.key", private)
    write(tmp_path, f"{CERTS}/empty", b"\0\0")
    found = {str(f.subject.id).rpartition("/")[2]: f for f in certificate_facts(MAKE, LinuxHost(tmp_path)) if f.subject}
    assert set(found) == {"myCert", "der.cer", "bundle", "empty"}
    assert found["myCert"].value["not_after"] == "2024-11-10T09:00:00Z"
    assert found["der.cer"].value["not_after"] == "2024-11-20T09:00:00Z"
    assert (found["bundle"].value["form"], found["bundle"].value["not_after"]) == ("with-key", None)
    assert found["empty"].status is FactStatus.ERROR
    assert "PRIVATE" not in str(found)


def test_a_folder_without_certificates(tmp_path: Path) -> None:
    (fact,) = certificate_facts(MAKE, LinuxHost(tmp_path))
    assert fact.status is FactStatus.ABSENT
    write(tmp_path, f"{CERTS}/only.key", "x")
    (fact,) = certificate_facts(MAKE, LinuxHost(tmp_path))
    assert (fact.status, fact.reason) == (FactStatus.ABSENT, f"no certificate is in {CERTS}")


def test_backups_accounts_and_temp(tmp_path: Path) -> None:
    write(tmp_path, "/var/opt/azcmagent/agentconfig.json", "{}")
    write(tmp_path, "/var/opt/azcmagent/agentconfig.json.bak", "{}")
    host = LinuxHost(tmp_path)
    backups = {f.subject.id: f for f in backup_facts(MAKE, host) if f.subject}
    assert backups["agentconfig"].value["files"] == ["/var/opt/azcmagent/agentconfig.json.bak"]
    assert backups["localconfig"].status is FactStatus.ABSENT
    write(tmp_path, "/etc/passwd", "root:x:0:0::/root:/bin/sh\nhimds:x:997:997::/:/bin/false\n")
    write(tmp_path, "/etc/group", "himds:x:997:alice,bob\ntss:x:110:himds\n")
    facts = list(account_facts(MAKE, host))
    assert facts[0].value == {"name": "himds", "uid": 997, "groups": ["himds", "tss"]}
    assert facts[1].status is FactStatus.ABSENT
    assert facts[2].value == {"group": "himds", "members": ["alice", "bob"]}
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp").chmod(0o755)
    (fact,) = temp_fact(MAKE, host)
    assert (fact.value["mode"], fact.value["open"], fact.value["sticky"]) == ("0755", False, False)


STATUS = """\
Package: bash
Status: install ok installed

Package: azcmagent
Status: install ok {}
Version: 1.58

Package: zlib1g
Status: install ok installed
"""


@pytest.mark.parametrize("word", ["installed", "half-configured", "half-installed", "unpacked"])
def test_the_state_of_a_package_that_dpkg_keeps(tmp_path: Path, word: str) -> None:
    write(tmp_path, "/var/lib/dpkg/status", STATUS.format(word))
    facts = by_name(list(package_manager_facts(MAKE, LinuxHost(tmp_path))))
    assert facts["package.state"].value["state"] == word
    assert dpkg_state(STATUS.format(word), "azcm") is None


def test_a_lock_that_is_held_has_a_holder(tmp_path: Path) -> None:
    lock = write(tmp_path, "/var/lib/dpkg/lock-frontend", "")
    free = write(tmp_path, "/var/lib/dpkg/lock", "")
    entry = lock.stat()
    import os

    place = f"{os.major(entry.st_dev):02x}:{os.minor(entry.st_dev):02x}:{entry.st_ino}"
    write(
        tmp_path,
        "/proc/locks",
        f"1: POSIX  ADVISORY  WRITE 4711 {place} 0 EOF\n2: FLOCK ADVISORY READ 1 00:01:5 0 EOF\n",
    )
    write(tmp_path, "/proc/4711/comm", "unattended-upgr\n")
    held = [f for f in package_manager_facts(MAKE, LinuxHost(tmp_path)) if f.fact == "package.lock"]
    assert [(f.subject.id if f.subject else "", f.value["process"]) for f in held] == [
        ("/var/lib/dpkg/lock-frontend", "unattended-upgr")
    ]
    assert free.exists()


def test_a_machine_without_dpkg_misses_nothing(tmp_path: Path) -> None:
    facts = by_name(list(package_manager_facts(MAKE, LinuxHost(tmp_path))))
    assert facts["package.state"].status is FactStatus.ABSENT
    assert facts["package.repository"].status is FactStatus.ABSENT


def test_protections_of_a_machine(tmp_path: Path) -> None:
    host = LinuxHost(tmp_path)
    off = by_name(list(protection_facts(MAKE, host, 0.0)))
    assert {off[n].status for n in off} == {FactStatus.ABSENT}
    write(tmp_path, "/sys/fs/selinux/enforce", "1")
    write(tmp_path, "/etc/selinux/config", "# x\nSELINUX=permissive\nSELINUXTYPE=targeted\n")
    write(tmp_path, "/sys/module/apparmor/parameters/enabled", "Y\n")
    write(
        tmp_path,
        "/sys/kernel/security/apparmor/profiles",
        "/usr/sbin/ntpd (enforce)\n/opt/azcmagent/bin/himds (enforce)\n",
    )
    write(tmp_path, "/proc/sys/crypto/fips_enabled", "1\n")
    write(tmp_path, "/run/fapolicyd/fapolicyd.pid", "7")
    denial = (
        'type=AVC msg=audit(1727770000.123:77): avc:  denied  { read } for  pid=7 comm="himds" name="x" '
        "scontext=system_u:system_r:init_t:s0 tcontext=system_u:object_r:var_t:s0 tclass=file permissive=0\n"
    )
    write(tmp_path, "/var/log/audit/audit.log", denial)
    facts = by_name(list(protection_facts(MAKE, host, 1727773600.0)))
    assert facts["machine.selinux"].value == {"mode": "enforcing", "configured": "permissive"}
    assert facts["machine.apparmor"].value["agent_profiles"] == ["/opt/azcmagent/bin/himds (enforce)"]
    assert facts["machine.fips"].value == {"enabled": True}
    assert facts["machine.fapolicyd"].value == {"running": True}
    assert facts["security.denied"].value["count"] == 1
    # A day later the same line is history.
    later = by_name(list(protection_facts(MAKE, host, 1727773600.0 + 86400)))
    assert later["security.denied"].value["count"] == 0


@pytest.mark.parametrize(
    ("hostname", "odd"),
    [
        ("web01", set()),
        ("localhost", {"local"}),
        ("localhost.localdomain", {"local"}),
        ("WEB01.corp.example", {"upper_case"}),
        ("web_01-", {"illegal"}),
        ("a" * 60, set()),
    ],
)
def test_names_under_which_azure_would_know_the_machine(hostname: str, odd: set[str]) -> None:
    value = name_value(hostname, None)
    seen = {word for word in ("local", "upper_case") if value[word]} | (set() if value["legal"] else {"illegal"})
    assert seen == odd
    assert value["length"] == len(hostname.partition(".")[0])
