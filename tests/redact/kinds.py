"""Forty kinds of secret: how each of them looks and what carries it. Nothing here is taken from the finders."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable
from dataclasses import dataclass

B62 = string.ascii_letters + string.digits
B64 = B62 + "+/"
URL64 = B62 + "-_"
HEX = "0123456789abcdef"


def word(rng: random.Random, alphabet: str, size: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(size))


def password(rng: random.Random) -> str:
    """What people and generators choose: letters, digits, a few signs that need no quoting anywhere."""
    return word(rng, B62, 5) + word(rng, string.digits, 2) + word(rng, B62 + "!*+^.-_", rng.randint(4, 16)) + "z9"


def entra(rng: random.Random) -> str:
    return f"{word(rng, B62 + '_.~', 3)}8Q~{word(rng, B62 + '_.~-', 33)}x"


def guid(rng: random.Random) -> str:
    return "-".join(word(rng, HEX, size) for size in (8, 4, 4, 4, 12))


def jwt(rng: random.Random) -> str:
    def part(data: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    head = part({"typ": "JWT", "alg": "RS256", "kid": word(rng, URL64, 20)})
    body = part({"aud": "https://management.azure.com/", "oid": guid(rng), "tid": guid(rng)})
    return f"{head}.{body}.{word(rng, URL64, 86)}"


def opaque(rng: random.Random) -> str:
    return f"0.A{word(rng, URL64, 60)}.Ag{word(rng, URL64, 90)}"


def key64(size: int) -> Callable[[random.Random], str]:
    """`size` random bytes in base64, as services make account keys."""
    return lambda rng: base64.b64encode(rng.randbytes(size)).decode()


def hexes(size: int) -> Callable[[random.Random], str]:
    return lambda rng: word(rng, HEX, size - 1) + "a"


def signature(rng: random.Random) -> str:
    return base64.b64encode(rng.randbytes(31)).decode().rstrip("=").replace("+", "-").replace("/", "_") + "%3D"


def key_body(first: str) -> Callable[[random.Random], str]:
    """The one long line of a key's base64; the carriers break it."""
    return lambda rng: first + base64.b64encode(rng.randbytes(240)).decode()


def basic(rng: random.Random) -> str:
    return base64.b64encode(f"svc-{word(rng, B62, 6)}:{password(rng)}".encode()).decode()


def negotiate(rng: random.Random) -> str:
    return "oYG2MIGzoAMKAQCh" + base64.b64encode(rng.randbytes(120)).decode()


def ntlm(rng: random.Random) -> str:
    return "TlRMTVNTUAADAAAA" + base64.b64encode(rng.randbytes(120)).decode()


def gitlab(rng: random.Random) -> str:
    return "glpat-" + word(rng, URL64, 19) + "z"


def github(rng: random.Random) -> str:
    return "ghp_" + word(rng, B62, 36)


def devops(rng: random.Random) -> str:
    return word(rng, B62, 76) + "AZDO" + word(rng, B62, 4)


def dpapi(rng: random.Random) -> str:
    return "01000000d08c9ddf0115d1118c7a00c04fc297eb01000000" + word(rng, HEX, 200)


def cms(rng: random.Random) -> str:
    return "MIIB0AYJKoZIhvcNAQcDoIIBwTCCAb0CAQAx" + base64.b64encode(rng.randbytes(210)).decode()


@dataclass(frozen=True)
class Kind:
    """`names`: names under which it is stored, if a name is what tells it; `texts`: what carries it otherwise (`%s`).

    `block`: it is a key between two marks, of this label.
    """

    id: str
    value: Callable[[random.Random], str]
    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    block: str = ""


KINDS = (
    Kind(
        "client secret of today's shape",
        entra,
        ("client_secret", "clientSecret"),
        ("%s", "value %s of the application"),
        ("--service-principal-secret",),
    ),
    Kind(
        "client secret of old shape",
        password,
        ("ServicePrincipalSecret", "service_principal_secret"),
        (),
        ("--service-principal-secret", "-ServicePrincipalSecret"),
    ),
    Kind(
        "id of a client secret in its place",
        guid,
        ("servicePrincipalClientSecret", "AZURE_CLIENT_SECRET"),
        (),
        ("--service-principal-secret",),
    ),
    Kind(
        "client secret, short parameter",
        password,
        (),
        (
            "azcmagent connect -i 7b0f2a9c-1111-4222-8333-944455556666 -p %s -g rg",
            'azcmagent disconnect -p "%s"',
            "az login --service-principal -u app -p %s --tenant t",
        ),
        ("-p",),
    ),
    Kind("access token", jwt, ("access_token", "accessToken"), ("%s", "Bearer %s"), ("--access-token",)),
    Kind(
        "refresh token",
        opaque,
        ("refresh_token", "refreshToken"),
        ("grant_type=refresh_token&refresh_token=%s&scope=openid",),
    ),
    Kind("id token", jwt, ("id_token", "idToken"), ("%s", "client_info=1&id_token=%s")),
    Kind("opaque access token", opaque, ("access_token", "AccessToken"), (), ("--access-token", "-AccessToken")),
    Kind("client assertion", jwt, ("client_assertion",), ("client_assertion_type=urn&client_assertion=%s",)),
    Kind(
        "authorization code",
        opaque,
        ("authorization_code", "code_verifier"),
        ("grant_type=authorization_code&code=%s&redirect_uri=a",),
    ),
    Kind("device code", opaque, ("device_code",), ("grant_type=device_code&device_code=%s",)),
    Kind(
        "SAS signature",
        signature,
        (),
        ("https://acct.blob.core.windows.net/c/b?sv=2022-11-02&sp=r&sig=%s&se=2030-01-01", "?sv=2022-11-02&sig=%s"),
    ),
    Kind(
        "SAS token",
        signature,
        ("sas_token", "sasToken"),
        ("SharedAccessSignature=sv=2022-11-02&sr=c&sig=%s", "SharedAccessSignature sr=sb%%3A%%2F%%2Fa&sig=%s&se=1"),
    ),
    Kind(
        "proxy credentials",
        password,
        (),
        (
            "http://svcproxy:%s@proxy.corp.example:8080",
            "https_proxy=http://svcproxy:%s@10.2.3.4:3128/",
            "Using HTTPS Proxy : http://corp%%5Csvc:%s@proxy:8080",
        ),
    ),
    Kind(
        "proxy password",
        password,
        ("proxy_password", "ProxyPassword", "HTTP_PROXY_PASS"),
        ("curl --proxy-user svc:%s https://a",),
        ("--proxy-password",),
    ),
    Kind(
        "PKCS#8 private key",
        key_body("MIIEvgIBADANBgkqhkiG9w0BAQEF"),
        ("private_key", "privateKey"),
        ("%s",),
        (),
        "PRIVATE KEY",
    ),
    Kind("RSA private key", key_body("MIIEpAIBAAKCAQEA"), ("rsaPrivateKey",), ("%s",), (), "RSA PRIVATE KEY"),
    Kind("EC private key", key_body("MHcCAQEEI"), ("ec_private_key",), (), (), "EC PRIVATE KEY"),
    Kind(
        "encrypted private key",
        key_body("MIIFLTBXBgkqhkiG9w0BBQ0wSj"),
        ("encryptedPrivateKey",),
        (),
        (),
        "ENCRYPTED PRIVATE KEY",
    ),
    Kind(
        "OpenSSH private key",
        key_body("b3BlbnNzaC1rZXktdjEAAAAA"),
        ("ssh_private_key",),
        ("%s",),
        (),
        "OPENSSH PRIVATE KEY",
    ),
    Kind(
        "PFX",
        key_body("MIIKcAIBAzCCCi"),
        ("pfx_password_protected_pfxkey",),
        ("certificate %s stored", "%s"),
        ("-PrivateKey",),
    ),
    Kind(
        "challenge key of HIMDS",
        key64(48),
        ("challenge_token", "ChallengeToken"),
        (
            "Authorization: Basic %s",
            "curl -H 'Authorization: Basic %s' http://127.0.0.1:40342/metadata/identity/oauth2/token",
        ),
    ),
    Kind(
        "bearer of a header",
        opaque,
        (),
        ("Authorization: Bearer %s", "authorization: bearer %s", 'Authorization="Bearer %s"'),
    ),
    Kind(
        "basic of a header",
        basic,
        (),
        (
            "Authorization: Basic %s",
            "Proxy-Authorization: Basic %s",
            "-H Authorization:Basic\u00a0%s".replace("\u00a0", " "),
        ),
    ),
    Kind(
        "Kerberos of a header",
        negotiate,
        (),
        ("Authorization: Negotiate %s", "WWW-Authenticate: Negotiate %s", "Proxy-Authenticate: Negotiate %s"),
    ),
    Kind("NTLM of a header", ntlm, (), ("Proxy-Authorization: NTLM %s", "Www-Authenticate: NTLM %s", "%s")),
    Kind(
        "storage account key",
        key64(64),
        ("storageAccountKey", "STORAGE_ACCOUNT_KEY"),
        ("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=%s;EndpointSuffix=core.windows.net",),
        ("--account-key", "-StorageAccountKey"),
    ),
    Kind(
        "service bus key",
        key64(32),
        ("SharedAccessKey",),
        ("Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=%s",),
    ),
    Kind(
        "workspace key",
        key64(64),
        ("workspaceKey", "WORKSPACE_KEY"),
        ("omsadmin.sh -w 1 -s x WorkspaceKey=%s",),
        ("-WorkspaceKey",),
    ),
    Kind(
        "SQL password",
        password,
        ("sql_password",),
        ("Server=tcp:a.database.windows.net;User ID=sa;Password=%s;Encrypt=True", "Data Source=a;uid=sa;pwd=%s;"),
    ),
    Kind(
        "password of a database address",
        password,
        (),
        (
            "mongodb://app:%s@db.corp.example:27017/a",
            "redis://app:%s@cache.corp.example:6379",
            "amqps://app:%s@mq.corp.example:5671",
        ),
    ),
    Kind("password", password, ("password", "Password", "passwd"), (), ("--password", "-Password")),
    Kind("passphrase", password, ("passphrase", "ssl_passphrase"), (), ("--passphrase",)),
    Kind(
        "cookie",
        lambda rng: word(rng, URL64, 60) + "zz",
        (),
        (
            "Cookie: ESTSAUTH=%s",
            "Set-Cookie: ESTSAUTHPERSISTENT=%s; path=/; secure; HttpOnly",
            "cookie: sid=%s; lang=en",
        ),
    ),
    Kind("API key", hexes(32), ("api_key", "apiKey", "x-api-key", "Ocp-Apim-Subscription-Key"), (), ("--api-key",)),
    Kind(
        "functions key",
        key64(40),
        ("functions_key", "x-functions-key"),
        ("https://f.azurewebsites.net/api/run?code=%s",),
    ),
    Kind("GitHub token", github, ("GITHUB_TOKEN",), ("%s", "https://x-access-token:%s@github.com/a/b.git")),
    Kind("DevOps token", devops, ("AZURE_DEVOPS_EXT_PAT", "SYSTEM_ACCESSTOKEN"), ("%s",)),
    Kind("AWS secret key", key64(30), ("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"), (), ("--secret-access-key",)),
    Kind("protected string of DPAPI", dpapi, ("SecureStringPassword",), ("%s", "ConvertTo-SecureString %s")),
    Kind("protected settings of an extension", cms, ("protectedSettings", "protected_settings"), ("%s",)),
    Kind("GitLab token", gitlab, ("GITLAB_TOKEN",), ("%s", "PRIVATE-TOKEN: %s")),
)
