"""Secrets in the ways that tools, scripts and lists of settings have of their own, in three encodings."""

from __future__ import annotations

import base64

import pytest

from arcdiag.redact.secrets import scrub_bytes

SECRET = "Kp7vT2mXw9LqZr4B"
_COMMAND = f"$password='{SECRET}'".encode("utf-16-le")
_TITLE = f"azcmagent\0connect\0--service-principal-secret\0{SECRET}".encode()
TEXTS = (
    f'[System.Net.NetworkCredential]::new("svc", "{SECRET}", "CORP")\n',
    f"echo 'svc:{SECRET}' | chpasswd\n",
    f"echo {SECRET} | passwd --stdin svc\n",
    f"echo '{SECRET}' | sudo -S systemctl restart himdsd\n",
    f"echo {SECRET} | docker login --username svc --password-stdin\n",
    f"- name: AZURE_CLIENT_SECRET\n  value: {SECRET}\n",
    f'{{\n "name": "AZURE_CLIENT_SECRET",\n "value": "{SECRET}"\n}}\n',
    f"curl -sSLu svc:{SECRET} https://x.example/\n",
    f"curl --cert c.pem --pass {SECRET} https://x.example/\n",
    f"curl -E client.pem:{SECRET} https://x.example/\n",
    f"curl --cert C:\\certs\\client.pem:{SECRET} https://x.example/\n",
    f"net use Z: \\\\srv\\share {SECRET} /user:CORP\\jane\n",
    f"net use Z: \\\\srv\\share /user:CORP\\jane {SECRET}\n",
    f"net user svc {SECRET} /add\n",
    f"cmdkey /add:srv /user:jane /pass:{SECRET}\n",
    f"schtasks /create /tn x /ru svc /rp {SECRET}\n",
    f"psexec \\\\srv -u CORP\\jane -p {SECRET} cmd\n",
    f"certutil -p {SECRET} -importpfx c.pfx\n",
    f"openssl pkcs12 -in c.pfx -passin pass:{SECRET} -out x\n",
    f"openssl rsa -passin 'pass:{SECRET}'\n",
    f"keytool -storepass {SECRET} -list\n",
    f"('client_secret', '{SECRET}')\n",
    f"<Password>\n  {SECRET}\n</Password>\n",
    f"<AdministratorPassword><Value>{SECRET}</Value></AdministratorPassword>\n",
    f'ansible-playbook x -e "ansible_become_pass={SECRET}"\n',
)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_left(text: str, codec: str) -> None:
    scrubbed = scrub_bytes(text.encode(codec))
    assert SECRET not in scrubbed.decode(codec)
    assert scrub_bytes(scrubbed) == scrubbed


@pytest.mark.parametrize(
    "text",
    [
        f"powershell -EncodedCommand {base64.b64encode(_COMMAND).decode()}\n",
        f"type=PROCTITLE msg=audit(1.1:2): proctitle={_TITLE.hex().upper()}\n",
    ],
)
def test_a_command_in_another_coding_goes_if_it_speaks_of_a_secret(text: str) -> None:
    assert "«secret:credentials:" in scrub_bytes(text.encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        "net use\nnet use * /delete\nnet user svc /delete\nnet user svc *\n",
        "curl -sS https://x.example:8443/ -o out; curl -E client.pem https://x.example/\n",
        "systemctl status himdsd | sudo tee /tmp/x | grep -e 'pass'\n",
        "- name: himds\n  value: 12\n",
        "type=PROCTITLE msg=audit(1.1:2): proctitle=2F7573722F62696E2F68696D6473002D6465627567\n",
        "log.info('token', 'received')\n",
    ],
)
def test_what_tells_no_secret_stays(text: str) -> None:
    assert scrub_bytes(text.encode()).decode() == text
