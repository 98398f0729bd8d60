"""Causes that are easily confused: two small inputs a pair, alike but for what decides, under the shipped rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.diagnosis import Confidence, Diagnosis, State
from arcdiag.pipeline import analyze

TENANT = "3f0c9a51-7f5e-4f0a-9a56-2f7a6f0e4a11"
APP = "7d41c2ee-9a4b-4f3e-8f2a-51c0be6a9d34"
SUBSCRIPTION = "b2c8f6d4-1f7c-4f8e-a3a0-6a1d6f0f9e21"
LOGIN = "login.microsoftonline.com"
ARM = "management.azure.com"
HIS = "gbl.his.arc.azure.com"
GUESTCONFIG = "agentserviceapi.guestconfiguration.azure.com"
DISCOVERY = f"https://{HIS}/discovery?location=westeurope&api-version=2.1"
TOKEN = f"https://{LOGIN}/{TENANT}/oauth2/v2.0/token"
MACHINE = (
    f"https://{ARM}/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-arc/providers/Microsoft.HybridCompute/machines/app07"
)
AT = "2026-06-09T08:10:00Z"


@dataclass(frozen=True)
class Case:
    """One side of a pair: the files of a folder, and the first cause that they must give."""

    cause: str
    files: Mapping[str, str]
    facts: tuple[Mapping[str, Any], ...] = ()
    also: tuple[str, ...] = ()
    sure: Confidence | None = None


def fact(
    name: str,
    subject: str | None = None,
    kind: str = "endpoint",
    path: str = "agent",
    seen: str = "ok",
    **value: object,
) -> dict[str, Any]:
    about = {"kind": kind, "id": subject} if subject else None
    given = {"value": value} if value else {}
    return {"fact": name, "subject": about, "status": seen, "path": path, "at": AT, "by": "test", **given}


def record(at: str, level: str, message: str, **fields: str) -> str:
    quoted = "".join(f" {name}={json.dumps(text)}" for name, text in fields.items())
    return f'time="2026-06-09T{at}Z" level={level} msg={json.dumps(message)}{quoted}'


def connect(
    fatal: str, *before: tuple[str, str], version: str = "1.61.03319.859", code: str = "AZCM0042: Failed to Create"
) -> dict[str, str]:
    lines = [
        record("08:00:00", "debug", "Running as elevated user"),
        record("08:00:00", "debug", f"Agent Version: {version}"),
        record("08:00:00", "debug", "Agent Command: connect"),
        record("08:00:01", "info", "Connecting machine to Azure... This might take a few minutes."),
        *(record("08:00:03", level, text) for level, text in before),
        record("08:00:05", "info", f"Exit Code:  {code}"),
        record("08:00:05", "fatal", fatal),
    ]
    return {"azcmagent.log": "\n".join(lines) + "\n"}


def heartbeats(error: str, version: str = "1.61.03319.859") -> dict[str, str]:
    lines = [record("06:00:00", "info", "Starting HIMDS service", Version=version)]
    for minute in range(0, 60, 5):
        lines.append(record(f"06:{minute:02}:10", "info", "Sending heartbeat"))
        if minute < 15:
            lines.append(record(f"06:{minute:02}:11", "info", "Heartbeat sent successfully"))
        else:
            lines.append(record(f"06:{minute:02}:11", "error", "Failed to send heartbeat", Error=error))
    return {"himds.log": "\n".join(lines) + "\n"}


def console(*lines: str) -> dict[str, str]:
    return {"console.txt": "\n".join(lines) + "\n"}


def entra(credential: str, description: str, status: str = "401 Unauthorized", error: str = "invalid_client") -> str:
    rule = "-" * 80
    body = json.dumps({"error": error, "error_description": description}, indent=2)
    return (
        f"{credential} authentication failed. \nPOST {TOKEN}\n{rule}\nRESPONSE {status[:3]}: {status}\n{rule}\n{body}"
    )


def show(**value: Any) -> dict[str, Any]:
    return fact("agent.show", **value)


NOT_FOUND = (
    f"AADSTS700016: Application with identifier '{APP}' was not found in the directory 'Contoso'. "
    "This can happen if the application has not been installed by the administrator of the tenant."
)
WRONG_SECRET = (
    "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client "
    f"secret value, not the client secret ID, for a secret added to app '{APP}'."
)
UNTRUSTED = f'Get "{DISCOVERY}": tls: failed to verify certificate: x509: certificate signed by unknown authority'
EXPIRED = (
    f'Get "{DISCOVERY}": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: '
    "current time 2026-06-09T08:00:05Z is after 2026-06-01T00:00:00Z"
)
DROPPED = f'Get "{DISCOVERY}": dial tcp 20.50.1.10:443: i/o timeout'
OLD_SIGNIN = (
    "Error occurred while sending request for Device Authorization Code: "
    f"Post https://login.windows.net/{TENANT}/oauth2/devicecode?api-version=1.0: "
    "dial tcp lookup login.windows.net: no such host"
)
NETWORK = "AZCM0026: Network Error"
TOKEN_CODE = "AZCM0041: Authentication Error"
NO_STATUS = "AZCM0066: Unable to Obtain Agent Status"
PIPE_DENIED = r"open \\.\pipe\himds: Access is denied."
SERVICE_SCRIPT = (
    "sudo azcmagent connect --service-principal-id {app} --service-principal-secret {secret} --tenant-id {tenant}"
    " --subscription-id {subscription} --resource-group rg-arc --location westeurope"
)
KEY_EXPIRED = (
    "AADSTS700027: The certificate with identifier used to sign the client assertion is expired on application. "
    "[Reason - The key used is expired., Thumbprint of key used by client: "
    "'6F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C'.]"
)


THROTTLED = (
    "POST https://we.his.arc.azure.com/machine/9ce46d7e-ffe7-4575-9fe6-244e4dae47d6/heartbeat\n"
    f"{'-' * 80}\nRESPONSE 429: 429 Too Many Requests"
)


def by_shell(secret: str) -> dict[str, str]:
    line = SERVICE_SCRIPT.format(app=APP, secret=secret, tenant=TENANT, subscription=SUBSCRIPTION)
    return console(
        f"admin@app07:~$ {line}",
        "INFO    Connecting machine to Azure... This might take a few minutes.",
        "INFO    Exit Code:  AZCM0041: Authentication Error",
        f"FATAL   ClientSecretCredential authentication failed. POST {TOKEN} RESPONSE 401 Unauthorized {WRONG_SECRET}",
    )


PROXY = "px1.meuse.example:3128"
SENT_PAST_PROXY = (
    fact("probe.proxy", PROXY, "proxy", result="answered"),
    fact("probe.dns", "weu.his.arc.azure.com", result="ok", address_class="public", hosts_file=False),
    fact("probe.tcp", "weu.his.arc.azure.com", result="timeout"),
)


def refused_system(system: str) -> dict[str, str]:
    return console(
        "root@app07:~# bash /tmp/install_linux_azcmagent.sh",
        "Total physical memory: 15947788 kB",
        "Retrieving distro info from /etc/os-release...",
        f"/tmp/install_linux_azcmagent.sh: unsupported Linux distribution: {system}. For supported OSs, see "
        "https://learn.microsoft.com/en-us/azure/azure-arc/servers/prerequisites#supported-operating-systems",
    )


PAIRS: dict[str, tuple[Case, Case]] = {
    "proxy 403 or RBAC 403": (
        Case("proxy-blocks-arm", connect(f'Get "{MACHINE}?api-version=2024-07-10": Forbidden')),
        Case(
            "rbac-missing-onboarding-role",
            connect(
                f"Message: The client '{APP}' with object id '{APP}' does not have authorization to perform action "
                f"'Microsoft.HybridCompute/machines/write' over scope '/subscriptions/{SUBSCRIPTION}/resourceGroups/"
                "rg-arc/providers/Microsoft.HybridCompute/machines/app07' or the scope is invalid. "
                "Code: AuthorizationFailed Status Code: 403"
            ),
        ),
    ),
    "TLS inspection or missing root": (
        Case(
            "tls-inspection",
            connect(UNTRUSTED, code=NETWORK),
            (fact("probe.tls", HIS, result="untrusted", microsoft_issuer=False, issuer="CN=Contoso Web Gateway CA"),),
        ),
        Case(
            "tls-root-missing",
            connect(UNTRUSTED, code=NETWORK),
            (fact("probe.tls", HIS, result="untrusted", microsoft_issuer=True, issuer="CN=Microsoft Azure RSA TLS"),),
        ),
    ),
    "clock or expired certificate": (
        Case(
            "clock-skew",
            connect(EXPIRED, code=NETWORK),
            (fact("probe.tls", HIS, result="expired"), fact("clock.skew", seconds=1209600)),
        ),
        Case(
            "tls-certificate-expired",
            connect(EXPIRED, code=NETWORK),
            (fact("probe.tls", HIS, result="expired"), fact("clock.skew", seconds=1)),
        ),
    ),
    "DNS or profile deletion policy": (
        Case(
            "dns-failure",
            connect(
                OLD_SIGNIN,
                ("error", f"Get https://{ARM}/metadata/endpoints: dial tcp: lookup {ARM}: no such host"),
                version="1.5.21118.002",
            ),
            (
                fact("machine.host", os="windows", os_name="Windows Server 2016"),
                fact("policy.cleanup-profiles", days=30),
                fact("file.state", "certs", "file", type="directory"),
                fact("probe.dns", "login.windows.net", result="nxdomain", hosts_file=False),
            ),
        ),
        Case(
            "profile-deletion-gpo",
            connect(OLD_SIGNIN, version="1.5.21118.002"),
            (
                fact("machine.host", os="windows", os_name="Windows Server 2016"),
                fact("policy.cleanup-profiles", days=30),
                fact("file.state", "certs", "file", seen="absent"),
                fact("probe.dns", "login.windows.net", result="ok", address_class="public", hosts_file=False),
            ),
        ),
    ),
    "firewall or proxy needed": (
        Case(
            "firewall-blocks-endpoint",
            connect(DROPPED, code=NETWORK),
            (
                fact("agent.proxy", source="none"),
                fact("probe.dns", HIS, result="ok", address_class="public", hosts_file=False),
                fact("probe.tcp", HIS, result="timeout"),
                fact("probe.tcp", LOGIN, result="ok"),
            ),
        ),
        Case(
            "proxy-required",
            connect(DROPPED, code=NETWORK),
            (
                fact("agent.proxy", source="none"),
                fact("probe.dns", HIS, result="ok", address_class="public", hosts_file=False),
                fact("probe.tcp", HIS, result="timeout"),
                fact("probe.connect", HIS, path="what-if", result="ok"),
            ),
        ),
    ),
    "firewall or bypass list": (
        Case(
            "firewall-blocks-endpoint",
            heartbeats('Post "https://weu.his.arc.azure.com/v2.0/heartbeat": dial tcp 20.50.1.50:443: i/o timeout'),
            (*SENT_PAST_PROXY[1:], fact("agent.proxy", source="none", bypass=[])),
        ),
        Case(
            "proxy-bypass-wrong",
            heartbeats('Post "https://weu.his.arc.azure.com/v2.0/heartbeat": dial tcp 20.50.1.50:443: i/o timeout'),
            (
                *SENT_PAST_PROXY,
                fact("agent.proxy", PROXY, "proxy", source="config", url=f"http://{PROXY}", bypass=["Arc"]),
            ),
        ),
    ),
    "SNI filter or cipher mismatch": (
        Case(
            "sni-filter-resets",
            connect(f'Get "{DISCOVERY}": read tcp 10.1.2.3:50112->20.50.1.10:443: read: connection reset by peer'),
            (
                fact("probe.tcp", HIS, result="ok"),
                fact("probe.tls", HIS, result="reset"),
                fact("probe.tls", LOGIN, result="ok", microsoft_issuer=True),
            ),
        ),
        Case(
            "tls-cipher-mismatch",
            connect(f'Get "{DISCOVERY}": remote error: tls: handshake failure'),
            (
                fact("probe.tcp", HIS, result="ok"),
                fact("probe.tls", HIS, result="alert", alert=40),
                fact("probe.tls", LOGIN, result="ok", microsoft_issuer=True),
            ),
        ),
    ),
    "wrong secret or mangled argument": (
        Case("spn-secret-invalid", by_shell("'aB38Q~xkd.Ytw8Rz'")),
        Case("argument-mangled", by_shell('"aB38Q~x$kd.Ytw8Rz"')),
    ),
    "wrong application or wrong tenant": (
        Case(
            "spn-not-in-tenant",
            connect(entra("ClientSecretCredential", NOT_FOUND, "400 Bad Request"), code=TOKEN_CODE),
        ),
        Case(
            "tenant-not-found",
            connect(
                entra(
                    "ClientSecretCredential",
                    f"AADSTS90002: Tenant '{TENANT}' not found. Check to make sure you have the correct tenant ID and "
                    "are signing into the correct cloud.",
                    "400 Bad Request",
                    "invalid_request",
                ),
                code=TOKEN_CODE,
            ),
        ),
    ),
    "expired identity or deleted resource": (
        Case(
            "managed-identity-cert-expired",
            heartbeats("[certStore] " + entra("ClientAssertionCredential", KEY_EXPIRED)),
            (show(status="Expired", never_connected=False),),
        ),
        Case(
            "resource-deleted-in-azure",
            heartbeats("[certStore] " + entra("ClientAssertionCredential", NOT_FOUND, "400 Bad Request")),
            (show(status="Disconnected", never_connected=False),),
        ),
    ),
    "onboarding credential or the machine's own": (
        Case(
            "spn-not-in-tenant",
            connect(entra("ClientSecretCredential", NOT_FOUND, "400 Bad Request"), code=TOKEN_CODE),
        ),
        Case(
            "resource-deleted-in-azure",
            heartbeats("[certStore] " + entra("ClientAssertionCredential", NOT_FOUND, "400 Bad Request")),
        ),
    ),
    "VM agent down or wireserver blocked": (
        Case(
            "azure-vm-agent-not-running",
            console("vmAgent status as shown by Azure: ProvisioningState/Unavailable"),
            (
                fact("probe.imds", "169.254.169.254", result="ok", azure=True),
                fact("vm.service", "RdAgent", "service", installed=True, running=False, start_type="disabled"),
                fact("probe.wireserver", "168.63.129.16", port=80, result="ok"),
                fact("probe.wireserver", "168.63.129.16:32526", port=32526, result="ok"),
            ),
        ),
        Case(
            "azure-vm-wireserver-unreachable",
            console("vmAgent status as shown by Azure: ProvisioningState/Unavailable"),
            (
                fact("probe.imds", "169.254.169.254", result="ok", azure=True),
                fact("vm.service", "RdAgent", "service", installed=True, running=True, start_type="auto"),
                fact("probe.wireserver", "168.63.129.16", port=80, result="ok"),
                fact("probe.wireserver", "168.63.129.16:32526", port=32526, result="timeout"),
            ),
        ),
    ),
    "clone or the defect that sends heartbeats twice": (
        Case(
            "heartbeat-throttled-clone",
            heartbeats(THROTTLED),
        ),
        Case(
            "heartbeat-throttled-clone",
            heartbeats(THROTTLED, version="1.52.02975.1355"),
            also=("agent-known-defect",),
        ),
    ),
    "himds down or its port taken": (
        Case(
            "himds-not-running",
            console(
                "PS C:\\> azcmagent show",
                'ERROR   Unable to obtain agent status  Error=Get "http://localhost:40342/agentstatus": dial tcp '
                "127.0.0.1:40342: connectex: No connection could be made because the target machine actively refused it.",
            ),
            (
                fact("service.state", "himds", "service", installed=True, running=False, start_type="disabled"),
                fact("probe.himds", "localhost:40342", result="refused"),
            ),
        ),
        Case(
            "himds-port-in-use",
            {
                "himds.log": record("06:00:00", "info", "Starting HIMDS service", Version="1.61.03319.859")
                + "\n"
                + record(
                    "06:00:01",
                    "error",
                    "listen tcp 127.0.0.1:40342: bind: Only one usage of each socket address "
                    "(protocol/network address/port) is normally permitted.",
                )
                + "\n"
            },
            (
                fact("service.state", "himds", "service", installed=True, running=False, start_type="auto"),
                fact("probe.himds", "localhost:40342", result="ok", listener="java", listener_is_himds=False),
            ),
        ),
    ),
    "not elevated or himds down": (
        Case(
            "not-elevated",
            console("PS C:\\> azcmagent logs", f"INFO    Exit Code:  {NO_STATUS}", f"FATAL   {PIPE_DENIED}"),
            (
                fact("machine.user", elevated=False),
                fact("service.state", "himds", "service", installed=True, running=True),
            ),
        ),
        Case(
            "himds-not-running",
            console(
                "PS C:\\> azcmagent logs",
                f"INFO    Exit Code:  {NO_STATUS}",
                r"FATAL   open \\.\pipe\himds: The system cannot find the file specified.",
            ),
            (
                fact("machine.user", elevated=True),
                fact("service.state", "himds", "service", installed=True, running=False),
            ),
        ),
    ),
    "repository blocked or broken": (
        Case(
            "package-repo-blocked",
            console(
                "# ./install_linux_azcmagent.sh",
                "Retrieving distro info from /etc/os-release...",
                "dpkg-deb: error: '/tmp/packages-microsoft-prod.deb' is not a Debian format archive",
                "dpkg: error processing archive /tmp/packages-microsoft-prod.deb (--install):",
                "# head -c 60 /tmp/packages-microsoft-prod.deb",
                "<html><head><title>Web page blocked</title></head>",
            ),
        ),
        Case(
            "package-repo-signature-invalid",
            console(
                "# ./install_linux_azcmagent.sh",
                "Retrieving distro info from /etc/os-release...",
                "Get:1 https://packages.microsoft.com/ubuntu/22.04/prod jammy InRelease [3632 B]",
                "Err:1 https://packages.microsoft.com/ubuntu/22.04/prod jammy InRelease",
                "  The following signatures couldn't be verified because the public key is not available: "
                "NO_PUBKEY EB3E94ADBE1229CF",
                "E: The repository 'https://packages.microsoft.com/ubuntu/22.04/prod jammy InRelease' is not signed.",
            ),
        ),
    ),
    "private names without a scope or a scope without private names": (
        Case(
            "pls-required",
            connect(f"No indication of Private Link Scope but found private endpoint {HIS}: 10.44.7.5", code=NETWORK),
            (fact("probe.dns", HIS, result="ok", address_class="private", hosts_file=False),),
        ),
        Case(
            "pls-dns-public",
            connect(
                "Failed to get MSI certificate: HTTP 403 Forbidden: public network access is disabled",
                ("debug", f"HIS host name: {HIS}, IPv4 address: 20.50.1.10"),
                code="AZCM0081: Failed to Get MSI Certificate from HIS",
            ),
            (
                fact("probe.dns", HIS, result="ok", address_class="public", hosts_file=False),
                show(
                    status="Disconnected",
                    private_link_scope=f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/"
                    "Microsoft.HybridCompute/privateLinkScopes/pls",
                ),
            ),
        ),
    ),
    "AZCM0105 by the network or by a leftover resource": (
        Case(
            "firewall-blocks-endpoint",
            connect(
                'Get "https://we.his.arc.azure.com/machines/x/identity": dial tcp 20.50.2.20:443: i/o timeout',
                code="AZCM0105: Failed to Download Managed Service Identity Certificate",
            ),
        ),
        Case(
            "resource-already-exists",
            connect(
                "The resource 'app07' already exists in location 'northeurope' in resource group 'rg-arc'. A resource "
                "with the same name cannot be created in location 'westeurope'. Code: InvalidResourceLocation",
                code="AZCM0105: Failed to Download Managed Service Identity Certificate",
            ),
        ),
    ),
    "Conditional Access or tenant restriction": (
        Case(
            "conditional-access-blocked",
            connect(
                entra("DeviceCodeCredential", "AADSTS53003: Access has been blocked by Conditional Access policies."),
                code=TOKEN_CODE,
            ),
        ),
        Case(
            "tenant-restricted-by-proxy",
            connect(
                entra("DeviceCodeCredential", "AADSTS500021: Access to 'Contoso' tenant is denied.", "400 Bad Request"),
                code=TOKEN_CODE,
            ),
        ),
    ),
    "unsupported system or old install script": (
        Case("unsupported-os-or-arch", refused_system("Fedora Linux:40.40"), sure=Confidence.LIKELY),
        Case("unsupported-os-or-arch", refused_system("Ubuntu:26.04"), sure=Confidence.POSSIBLE),
    ),
    "msiexec 1633 or ESU 1633": (
        Case(
            "unsupported-os-or-arch",
            {
                "installation.log": "=== Verbose logging started: 6/9/2026  8:00:01  Build type: SHIP UNICODE 5.00.10011.00"
                "  Calling process: C:\\Windows\\system32\\msiexec.exe ===\n"
                "MSI (s) (B4:60) [08:00:02:512]: Product: Azure Connected Machine Agent -- This installation package is "
                "not supported by this processor type. Contact your product vendor.\n"
                "MSI (s) (B4:60) [08:00:02:514]: MainEngineThread is returning 1633\n"
            },
        ),
        Case(
            "esu-license-stale",
            {
                "CBS.log": "2026-06-09 03:12:41, Info                  CBS    ESU: Checking ESU eligibility\n"
                "2026-06-09 03:12:42, Info                  CBS    ESU: IMDS answered, HTTP status 200\n"
                "2026-06-09 03:12:42, Error                 CBS    ESU: not eligible HRESULT_FROM_WIN32(1633) "
                "[HRESULT = 0x80070661 - ERROR_INSTALL_PLATFORM_UNSUPPORTED]\n"
            },
        ),
    ),
}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def diagnose(case: Case, folder: Path, rules: RuleSet) -> Diagnosis:
    folder.mkdir()
    for name, text in case.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    if case.facts:
        (folder / "facts.jsonl").write_text("".join(json.dumps(f) + "\n" for f in case.facts), encoding="utf-8")
    diagnosis = analyze(folder, rules)
    assert not [n for n in diagnosis.not_evaluated if n.what.startswith("facts.jsonl")], "a fact that is not read"
    return diagnosis


@pytest.mark.parametrize("pair", PAIRS, ids=lambda name: name.replace(" ", "-"))
def test_the_deciding_test_tells_them_apart(pair: str, rules: RuleSet, tmp_path: Path) -> None:
    for side, case in zip("ab", PAIRS[pair], strict=True):
        causes = [c for c in diagnose(case, tmp_path / side, rules).causes if c.state is State.CURRENT]
        found = [c.id for c in causes]
        assert found[:1] == [case.cause], f"{side} of {pair}: {found}"
        assert set(case.also) <= set(found[1:]), f"{side} of {pair}: {found}"
        assert case.sure in (None, causes[0].confidence), f"{side} of {pair}: {causes[0].confidence}"
