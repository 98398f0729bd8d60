"""The agent's stand-in on a booted machine: units of the real names and paths, small programs of our own behind them."""

from __future__ import annotations

import io
import json
import tarfile
import time
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from arcdiag.model.diagnosis import Diagnosis, State
from arcdiag.pipeline import analyze
from tests.lab.systemd.container import Container

UNITS = {
    "himdsd.service": ("Azure Connected Machine Agent Service", "/opt/azcmagent/bin/himds", "himds"),
    "gcad.service": ("GC Arc Service", "/opt/GC_Service/GC/gc_linux_service", "root"),
    "extd.service": ("Extension Service", "/opt/GC_Ext/GC/gc_linux_service", "root"),
    "arcproxyd.service": ("Azure Arc Proxy", "/opt/azcmagent/bin/arcproxy", "arcproxy"),
}
_UNIT = """\
[Unit]
Description={title}
After=network.target
StartLimitIntervalSec=300
StartLimitBurst=4

[Service]
ExecStart={program}
User={user}
Restart=on-failure
RestartSec=100ms

[Install]
WantedBy=multi-user.target
"""
_PACKAGE = """
Package: azcmagent
Status: install ok installed
Priority: optional
Section: misc
Installed-Size: 120000
Maintainer: nobody <nobody@example.com>
Architecture: amd64
Version: 1.67.03504.1320
Description: stand-in of the agent for tests
"""
CONFIG = {
    "resourceName": "web01",
    "resourceGroup": "rg1",
    "subscriptionId": "11111111-2222-3333-4444-555555555555",
    "tenantId": "66666666-7777-8888-9999-000000000000",
    "location": "eastus",
    "cloud": "AzureCloud",
    "vmId": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
}
_RESET = """
for unit in squatter azure; do systemctl stop $unit 2>/dev/null || true; done
for unit in himdsd gcad extd arcproxyd; do systemctl unmask $unit >/dev/null 2>&1 || true; done
systemctl stop himdsd gcad extd arcproxyd 2>/dev/null || true
for place in /var /opt /mnt; do while mountpoint -q $place; do umount $place; done; done
chattr -i /var/opt/azcmagent/*.json 2>/dev/null || true
rm -rf /var/opt/azcmagent /opt/azcmagent /opt/GC_Ext /opt/GC_Service /run/lab /run/out
rm -rf /etc/systemd/system/himdsd.service* /etc/systemd/system/extd.service* /etc/resolv.conf
cp -p /var/lib/dpkg/status-clean /var/lib/dpkg/status
"""
_START = """
cat /run/lab/package >> /var/lib/dpkg/status
chown -R himds:himds /var/opt/azcmagent
chmod 0700 /var/opt/azcmagent/certs
chmod 0750 /var/opt/azcmagent/tokens
systemctl daemon-reload
systemctl reset-failed
systemctl enable -q himdsd gcad extd arcproxyd
systemctl start himdsd gcad extd arcproxyd
"""


@dataclass(frozen=True)
class Look:
    """What `arcdiag collect` said on the machine, and what `analyze` says of the case that it wrote."""

    code: int
    text: str
    diagnosis: Diagnosis

    @property
    def first(self) -> str | None:
        """The id of the first current cause."""
        return next((c.id for c in self.diagnosis.causes if c.state is State.CURRENT), None)

    @property
    def causes(self) -> list[str]:
        """All current causes in order."""
        return [c.id for c in self.diagnosis.causes if c.state is State.CURRENT]

    def warned(self) -> set[str]:
        """Ids of the checks that warn."""
        return {c.id for c in self.diagnosis.checks if c.status.value == "warn"}

    def value(self, fact: str, subject: str = "") -> dict[str, Any]:
        """The value of one fact."""
        found = [
            f for f in self.diagnosis.case.facts if f.fact == fact and (f.subject.id if f.subject else "") == subject
        ]
        assert len(found) == 1, (fact, subject, found)
        return dict(found[0].value)


class Machine:
    """A machine with an agent that runs; `reset` makes it whole again."""

    def __init__(self, container: Container, folder: Path) -> None:
        self.container, self._folder, self._looks = container, folder, 0
        container.shell(
            """
            groupadd -f tss
            for user in himds arcproxy; do id $user >/dev/null 2>&1 || useradd --system --user-group $user; done
            id alice >/dev/null 2>&1 || useradd --create-home --user-group alice
            cp -p /var/lib/dpkg/status /var/lib/dpkg/status-clean
            # This machine's Python may lie in the home of root.
            chmod a+x /root
            """
        )

    def reset(self) -> None:
        """A healthy agent, whatever a test did before."""
        self.container.shell(_RESET)
        self.container.unpack(_archive())
        self.container.shell(_START)
        self.container.wait_until(listening(40342))

    def drop_in(self, unit: str, *lines: str) -> None:
        """Settings over those of a unit's own file."""
        self.container.put(f"/etc/systemd/system/{unit}.service.d/lab.conf", "[Service]\n" + "\n".join(lines) + "\n")
        self.container.shell("systemctl daemon-reload")

    def show(self, **values: object) -> None:
        """What himds says of itself."""
        self.container.put("/run/lab/show.json", json.dumps(_show() | values))

    def restart_and_fail(self) -> None:
        """Start himds anew where it cannot stay up; wait until systemd has given up."""
        self.container.run("systemctl", "restart", "himdsd", check=False)
        self.container.wait_until("systemctl is-failed -q himdsd")

    def squat(self, port: int) -> None:
        """Another program takes a port and keeps it."""
        program = f"import socket; s = socket.create_server(('127.0.0.1', {port})); s.accept()"
        self.container.shell(f'systemd-run -q --unit=squatter python3 -u -c "{program}"')
        self.container.wait_until(listening(port))

    def certificate(self, days_left: int) -> None:
        """The identity's certificate, valid for 90 days, that many of them ahead."""
        self.container.put("/var/opt/azcmagent/certs/myCert", certificate(days_left))

    def collect(self, *options: str, user: str | None = None) -> Look:
        """Run `arcdiag collect` there and `arcdiag analyze` here."""
        self._looks += 1
        place = f"/tmp/look{self._looks}"
        arguments = ["-m", "arcdiag", "collect", "-o", place, "--timeout", "60", *options]
        result = self.container.python(*arguments, user=user)
        assert "Traceback" not in result.stderr and result.returncode in (0, 1, 3), result.stderr[-3000:]
        cases = list(self.container.file(place).glob("*.zip"))
        assert len(cases) == 1, result.stdout + result.stderr
        copy = self._folder / f"look{self._looks}.zip"
        copy.write_bytes(cases[0].read_bytes())
        diagnosis = analyze(copy)
        assert diagnosis.verdict.exit_code == result.returncode
        return Look(result.returncode, result.stdout, diagnosis)

    def verify(self) -> tuple[int, str]:
        """Run `arcdiag collect --verify` there with the report of the last look: exit code and what it printed."""
        with zipfile.ZipFile(self._folder / f"look{self._looks}.zip") as bundle:
            self.container.put("/tmp/report.json", bundle.read("diagnosis.json").decode())
        arguments = ["collect", "--verify", "/tmp/report.json", "--no-probe", "--quiet", "--timeout", "60"]
        result = self.container.python("-m", "arcdiag", *arguments, "--lang", "en")
        assert "Traceback" not in result.stderr, result.stderr[-3000:]
        return result.returncode, result.stdout


def listening(port: int) -> str:
    """A condition of the shell: somebody listens on a port."""
    return f"ss -Hltn sport = :{port} | grep -q LISTEN"


def certificate(days_left: int) -> str:
    """A certificate without its key, as PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, CONFIG["vmId"])])
    end = datetime.now(UTC) + timedelta(days=days_left, hours=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = (
        made.serial_number(x509.random_serial_number()).not_valid_before(end - timedelta(days=90)).not_valid_after(end)
    )
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def _show() -> dict[str, object]:
    beat = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {**CONFIG, "agentVersion": "1.67.03504.1320", "status": "Connected", "lastHeartbeat": beat,
            "agentErrorCode": "", "agentErrorDetails": "", "httpsProxy": "", "connectionType": "default"}  # fmt: skip


def _archive() -> bytes:
    here = Path(__file__).parent / "agent"
    files: dict[str, tuple[bytes, int]] = {
        "opt/azcmagent/bin/himds": ((here / "himds").read_bytes(), 0o755),
        "opt/azcmagent/bin/azcmagent": ((here / "azcmagent").read_bytes(), 0o755),
        "var/opt/azcmagent/agentconfig.json": (json.dumps(CONFIG).encode(), 0o660),
        "var/opt/azcmagent/localconfig.json": (b"{}", 0o660),
        "var/opt/azcmagent/certs/myCert": (certificate(80).encode(), 0o600),
        "var/opt/azcmagent/tokens/a1.key": (b"key", 0o640),
        "var/opt/azcmagent/log/himds.log": (b"", 0o640),
        "run/lab/show.json": (json.dumps(_show()).encode(), 0o644),
        "run/lab/package": (_PACKAGE.encode(), 0o644),
    }
    for program in (
        "opt/azcmagent/bin/arcproxy",
        "opt/GC_Service/GC/gc_linux_service",
        "opt/GC_Ext/GC/gc_linux_service",
    ):
        files[program] = ((here / "sleeper").read_bytes(), 0o755)
    for unit, (title, program, user) in UNITS.items():
        text = _UNIT.format(title=title, program=program, user=user)
        files[f"usr/lib/systemd/system/{unit}"] = (text.encode(), 0o644)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, (data, mode) in files.items():
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode, entry.mtime = len(data), mode, int(time.time())
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()
