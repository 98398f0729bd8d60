"""What is no secret stays: texts that decide a diagnosis, names without values, codes, ids, ordinary addresses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arcdiag.redact.secrets import scrub_bytes, scrub_text

CORPUS = Path(__file__).parents[1] / "cases" / "corpus"
CASES = sorted(CORPUS.glob("*/case.json"))

KEPT = (
    "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
    "not the client secret ID, for a secret added to app '7f3c0d1e-1111-2222-3333-444455556666'.",
    "AADSTS7000222: The provided client secret keys for app '7f3c0d1e-1111-2222-3333-444455556666' are expired.",
    '{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret is provided.\\r\\nTrace ID: x"}',
    "Pass the value with --service-principal-secret or --access-token, and try again.",
    "The argument --service-principal-secret is missing.",
    "the wrong value was passed to --service-principal-secret.",
    "  -p, --service-principal-secret string   Service principal secret",
    "azcmagent connect --service-principal-secret <secret> --access-token <your token>",
    "azcmagent connect --access-token System.Security.SecureString --location westeurope",
    "azcmagent connect --access-token Microsoft.Azure.Commands.Profile.Models.PSAccessToken",
    "--access-token older than one hour",
    "Failed to acquire authorization token from SPN",
    "Using access token provided by user",
    "The access token expiry UTC time '11/19/2024 1:04:51 PM' is earlier than current UTC time '11/19/2024 2:22:09 PM'.",
    "error connecting machine to Azure: invalid change token",
    'failed to get token: Get "https://login.microsoftonline.com/x": dial tcp: lookup login on 127.0.0.53:53: no such host',
    'Could not fetch service principal secret: Exception calling "UnprotectBase64" with "1" argument(s)',
    "POST https://login.microsoftonline.com/189cae65-9ec4-4139-95d2-21a66f98c8b1/oauth2/v2.0/token\n-----",
    'To troubleshoot, visit https://aka.ms/azsdk/go/identity/troubleshoot#client-secret" Status Code=401',
    'Get Resource Failed with Status Code: 401 Error="[certStore] ClientAssertionCredential authentication failed."',
    "Www-Authenticate: Basic realm=/var/opt/azcmagent/tokens/70a352d9-aa92-4b4c-ab26-30412be4a617.key",
    'WWW-Authenticate: Bearer authorization_uri="https://login.windows.net/x", error="invalid_token"',
    'Proxy-Authenticate: Basic realm="proxy"',
    "Basic/NTLM/Negotiate; Basic authentication is used; a bearer token is needed",
    "cat : Access to the path 'C:\\ProgramData\\AzureConnectedMachineAgent\\Tokens\\70a352d9-aa92.key' is denied.",
    "+ $secret = cat -Raw $secretFile",
    "$token = Get-AzAccessToken -ResourceUrl https://management.azure.com",
    "Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089",
    "Unexpected token 'connect' in expression or statement.",
    "W: GPG error: https://packages.microsoft.com NO_PUBKEY EB3E94ADBE1229CF",
    "Missing key 0123456789012345678901234567890123456789, which is needed to verify signature.",
    '"claims":"{\\"access_token\\":{\\"capolids\\":{\\"essential\\":true}}}"',
    '{"token_type":"Bearer","expires_in":3599}',
    "PWD=/var/opt/azcmagent",
    "mkdir -p /var/opt/azcmagent; ssh -p 2222 host; azcmagent check -p -l eastus",
    "https://host:443/path@version and git@github.com and mailto:a@b.example",
    "Using HTTPS Proxy                       : http://proxy.corp.example:8080",
    'msg="Enter the password:" Error="x y"',
    'time="2024-06-03T09:12:11Z" level=error msg="Failed to refresh token" Error="x"',
    "password: ******** secret=<redacted> token=null clientSecret=None",
    '"adminPassword": "[parameters(\'adminPassword\')]"',
    "Correlation ID=595c1787-bb35-4fdf-8fd6-aebae0379c59 Resource ID=/subscriptions/595c1787-bb35-4fdf-8fd6-aebae0379c59/x",
    "Agent Version: 1.46.02809.1841, Exit Code:  AZCM0041: Failed To Obtain Access Token",
    "client_secret_id=595c1787-bb35-4fdf-8fd6-aebae0379c59",
    "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----",
    "expected a block that begins with -----BEGIN RSA PRIVATE KEY----- and found none",
)


@pytest.mark.parametrize("text", KEPT)
def test_texts_without_a_secret(text: str) -> None:
    assert scrub_text(text) == text
    raw = text.encode()
    assert scrub_bytes(raw) == raw
    wide = b"\xff\xfe" + text.encode("utf-16-le")
    assert scrub_bytes(wide) == wide


def test_the_labelled_cases_are_there() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize("label", CASES, ids=lambda path: path.parent.name)
def test_the_decisive_text_of_a_case_stays(label: Path) -> None:
    decisive = json.loads(label.read_text(encoding="utf-8"))["decisive_text"]
    files = [path for path in sorted(label.parent.rglob("*")) if path.is_file() and path != label]
    found = False
    for path in files:
        raw = path.read_bytes()
        assert scrub_bytes(raw) == raw
        codec = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        found = found or decisive in scrub_text(raw.decode(codec, "replace"))
    assert found
