"""Forms in which secrets of a rollout really travel: nothing is left of them, in two line ends and two encodings."""

from __future__ import annotations

import base64
import json
import random

import pytest

from arcdiag.redact.secrets import holds_secret, scrub_bytes, scrub_text
from tests.redact import forms_of_people, forms_of_rollout, forms_of_shells, forms_of_support, forms_of_tools
from tests.redact.forms_of_people import Form
from tests.redact.kinds import jwt, password
from tests.redact.left import left_of

FORMS = (
    *forms_of_people.FORMS,
    *forms_of_rollout.FORMS,
    *forms_of_shells.FORMS,
    *forms_of_support.FORMS,
    *forms_of_tools.FORMS,
)
PLAIN = (
    "The client secret is expired, the token was issued at 2024-06-03 and the password is not set.\n",
    "Token,Status,Count\nThe token,was read,3 times\n",
    "passwords:\n  length: 12\n  policy: on\nsecrets:\n  - db_password\n",
    "the secret was used by 3 services; use AADSTS7000215 as the code for the client secret\n",
    "token  refreshed\npass  fail\npassword authentication failed for 10.1.2.3\n",
    "Name   Token   Status\n----   -----   ------\nhimds  Ready   Running\n",
    "kpasswd\t\t464/tcp\nkpasswd\t\t464/udp\n",
    '{"parameters": {"adminPassword": {"type": "securestring", "defaultValue": "[parameters(\'x\')]"}}}\n',
    'variable "client_secret" {\n  type = string\n  default = null\n}\n',
    'expect "login:"\nsend "svc-arc01\\r"\n',
    "密码错误或帐户被锁定有单独的编号（AADSTS50126、50053）。\n",
    "비밀번호가 만료되었습니다 (AADSTS50055).\n",
    "a token (SHA256), the key (KB5034441), the secret - AADSTS7000215, password [Event4625], token -> 12 bytes\n",
    "the machine identified by srv01-web2 and the group identified by 7f3c0d1e-1111-2222-3333-444455556666\n",
    "tests: pass=12 fail=3\npwd: /var/opt/azcmagent\n",
    "ldapsearch -x -H ldap://dc01 -b dc=corp\nnet ads testjoin\nredis-cli ping\n",
    "Client secret\n\n0a1b2c3d-1111-4222-8333-944455556666\n\nPassword\n2026-03-01T08:00:00Z\nPassword\nMUCSQL07\n",
    "Failed to refresh token\nkQpZ7Lm2RtXw9sYdN1oTi6Gf\nPassword:\n\nsrv01.corp.example\n",
    'Password for user svc: expired\nthe password is "required" and the token for the machine is expired, password is SHA256\n',
    "credentials provider: v1.2.3\ncredentials error: x509: certificate\nauth: basic:realm1\nuser: corp / srv01\n",
    'credentials Kerberos / NTLMv2, login: himds / 3.4.5\nTo disable an action, set the password to "disable".\n',
    "content: |\n  -----BEGIN CERTIFICATE-----\n  MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n",
    "content: |\n  MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n",
    "adcli join --stdin-password corp.example\nif token.value:\n  add(TemplateData(token.value, lineno=3))\n",
    "<tr><td>Password</td>\n<td>Expired on Monday</td></tr>\n<td>Token:</td>\n<td>valid</td>\n",
    "password = var.admin_password\nclient_secret = data.azurerm_key_vault_secret.spn.value\npassword: incorrect\n",
    "azcmagent connect --service-principal-secret ${{ secrets.ARC_SECRET }}\ncurl --proxy-user user:password -I https://x\n",
    'username and password can\'t contain commas; Username and Password fields from %ENV\n.IX Item "-psk key"\n',
    "logging.info('password=%s', value)\nfmt.Printf(\"token=%s\", token2)\nprintf 'secret=%s' \"$SECRET\"\n",
    "Password: authentication failed for the user again\npassphrase: cannot read key file\nPassword: see next page\n",
    "snmp-server location Rack 12\nradius-server timeout 5\nthe community of users is large\ncommunity.general\n",
    "gunzip -P x\nzip -r logs.zip logs\nmsg.format.a1b2c3d4e5f6g7h8i9j0.k1l2m3n4o5p6q7r8s9\n",
    "Content-Transfer-Encoding: base64\nContent-Type: image/png\n\niVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlE\n",
    "Content-Transfer-Encoding: 7bit\n\nHello\nthe key usage of this certificate is digital signature, and more of such words=\nhere\n",
    '--protected-settings <protected.json> --settings <settings.json>\nprotectedSettings: {}\n"protectedSettings": null\n',
    "secret read from file: /var/opt/azcmagent/tokens/x.key\nthe token changed 'twice' in a row\n",
    "set psksecret\nsha512-Zk9vT2RwcmF5c2hvd2VyMDE0NTY3ODkwYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY3ODkwQUI3Qw==\n",
)


def check(secret: str, text: str) -> None:
    scrubbed = scrub_text(text)
    assert not left_of(secret, scrubbed), scrubbed
    assert "«secret:" in scrubbed
    assert scrub_text(scrubbed) == scrubbed
    assert not holds_secret(scrubbed)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0])
def test_nothing_is_left(form: Form) -> None:
    _, carrier, make = form
    for seed in range(3):
        secret = make(random.Random(f"{carrier}{seed}"))
        text = carrier % secret
        check(secret, text)
        check(secret, f"level=info msg=begin\n{text}level=info msg=end\n")
        check(secret, text.replace("\n", "\r\n"))
        wide = scrub_bytes(text.encode("utf-16"))
        assert not left_of(secret, wide.decode("utf-16"))


def test_there_are_many_forms() -> None:
    assert len({carrier for _, carrier, _ in FORMS}) == len(FORMS) >= 200


@pytest.mark.parametrize("width", [48, 50, 60, 64])
@pytest.mark.parametrize("lead", ["", "> ", "    "])
def test_a_token_that_a_mail_broke(width: int, lead: str) -> None:
    token = jwt(random.Random(f"{width}{lead}"))
    lines = [token[at : at + width] for at in range(0, len(token), width)]
    check(token, "".join(f"{lead}{line}\n" for line in lines) + f"{lead}Best regards\n")
    check(token, "access_token=" + "\n".join(lines) + "\nDone now\n")


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_json_in_json(depth: int) -> None:
    secret = password(random.Random(depth))
    text = json.dumps({"clientSecret": secret})
    for _ in range(depth):
        text = json.dumps({"body": text})
    check(secret, text + "\n")


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("before", range(3))
def test_a_command_in_base64(codec: str, before: int) -> None:
    command = " " * before + f"azcmagent connect --service-principal-secret '{password(random.Random(before))}'"
    packed = base64.b64encode(command.encode(codec)).decode()
    for text in (f"echo {packed} | base64 -d | bash\n", f"powershell -e {packed}\n", f'"script": "{packed}"\n'):
        check(packed, text)
    harmless = base64.b64encode("The secret of a good log is its time stamps.".encode(codec)).decode()
    assert scrub_text(f"echo {harmless}\n") == f"echo {harmless}\n"


def test_all_rows_of_a_table() -> None:
    rng = random.Random(5)
    secrets = [password(rng) for _ in range(300)]
    rows = "".join(f"srv{number},svc,{secret}\n" for number, secret in enumerate(secrets))
    scrubbed = scrub_text(f"host,user,password\n{rows}level=info msg=end\nsrv1,svc,Kept0nce\n")
    assert not any(secret in scrubbed for secret in secrets)
    assert scrubbed.endswith("level=info msg=end\nsrv1,svc,Kept0nce\n")


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_secret_stays(text: str) -> None:
    assert scrub_text(text) == text
    assert scrub_text(text.replace("\n", "\r\n")) == text.replace("\n", "\r\n")
