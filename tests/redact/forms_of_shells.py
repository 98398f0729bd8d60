"""Secrets in shells, pipelines, devices, mails and audits; pass phrases; keys that carry their maker's sign.

A form is what it is, a text with `%s` where the secret stands, and what makes the secret.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable

from tests.redact.kinds import B62, HEX, URL64, key64, password, word

Form = tuple[str, str, Callable[[random.Random], str]]

_WORDS = [
    "purple",
    "monkey",
    "dishwasher",
    "lantern",
    "horse",
    "battery",
    "staple",
    "igel",
    "graue",
    "kleine",
    "sommer",
    "wolke",
    "tisch",
    "lampe",
]


def _mixed(rng: random.Random) -> str:
    return f"Kp7{password(rng)}"


def _worded(rng: random.Random) -> str:
    """A word and a number, as people choose."""
    return rng.choice(("Winterzeit", "Sonnenblume", "Bluewhale", "Fruehling")) + str(rng.randint(10, 9999))


def _phrase(rng: random.Random) -> str:
    return " ".join(rng.sample(_WORDS, 4))


def _signed(before: str, alphabet: str, size: int, behind: str = "") -> Callable[[random.Random], str]:
    """A key with its maker's sign."""
    return lambda rng: f"{before}{word(rng, alphabet, size)}{behind}"


def _packed(rng: random.Random) -> str:
    return base64.b64encode(f"secret={_mixed(rng)}".encode()).decode()


def _hex(text: str) -> Callable[[random.Random], str]:
    """Arguments as auditd writes those with a blank in them."""
    return lambda rng: (text % _mixed(rng)).encode().hex().upper()


def _body(rng: random.Random) -> str:
    """The body of a mail in base64."""
    text = f"Guten Tag,\n\ndas Passwort für den Proxy ist {_mixed(rng)}, gültig bis morgen.\n\nGruß aus der IT\n"
    packed = base64.b64encode(text.encode()).decode()
    return "\n".join(packed[at : at + 76] for at in range(0, len(packed), 76))


FORMS: tuple[Form, ...] = (
    # Shells.
    ("quotes in quotes", "ssh root@srv1 'azcmagent connect --service-principal-secret '\\''%s'\\'' -g rg'\n", password),
    ("format, blank", "printf 'secret=%%s\\n' '%s' >> /etc/arc.conf\n", password),
    ("format, comma", "log.Printf(\"user=%%s password=%%s\", 'svc', '%s')\n", password),
    ("echoed", "SECRET=$(echo %s | base64 -d)\n", _packed),
    ("process", "ansible-vault decrypt --vault-password-file <(echo '%s') sp.yml\n", password),
    ("set, quoted whole", 'set "SP_SECRET=%s"\n', _phrase),
    ("systemd, quoted whole", 'Environment="ARC_SECRET=%s" "HTTPS_PROXY=http://p:3128"\n', _phrase),
    ("declare", "declare -x SPN_PW='%s'\n", password),
    ("setenv", "setenv ARC_CLIENT_SECRET %s\n", password),
    ("fish", "set -gx ARC_CLIENT_SECRET %s\n", password),
    ("launchctl", "launchctl setenv ARC_CLIENT_SECRET %s\n", password),
    ("docker", "ENV AZURE_CLIENT_SECRET %s\n", password),
    ("aws", "aws configure set aws_secret_access_key %s\n", password),
    ("read", "read -r SECRET <<'EOF'\n%s\nEOF\n", _mixed),
    ("unzip", "unzip -P %s arc.zip\n", password),
    ("7z", "7z x -p%s arc.zip\n", password),
    ("snmp 3", "snmpget -v3 -u arc -a SHA -A '%s' -x AES -X '«secret:password:text:9»' 10.2.3.4 sysName.0\n", password),
    ("snmp 3, privacy", "snmpget -v3 -u arc -a SHA -A x -x AES -X '%s' 10.2.3.4 sysName.0\n", password),
    ("radtest", "radtest svc-arc '%s' 10.2.3.4 0 testing123x\n", password),
    ("wpa", "wpa_passphrase FabLab '%s'\n", password),
    ("wpa, file", 'network={\n  ssid="FabLab"\n  psk="%s"\n}\n', _phrase),
    ("nmcli", 'nmcli con add type wifi ssid lab wifi-sec.key-mgmt wpa-psk wifi-sec.psk "%s"\n', password),
    ("nmcli, 802.1x", "nmcli connection modify eth0 802-1x.password '%s'\n", password),
    ("mkpasswd", "mkpasswd -m sha-512 '%s'\n", password),
    ("lftp", "lftp -u svc,%s ftp.corp.example\n", password),
    ("base64", "echo -n 'svc-arc:%s' | base64\n", password),
    ("here string", "az devops login --organization https://dev.azure.com/x <<< %s\n", password),
    ("random password", "random_password.arc: Creation complete [result=%s]\n", password),
    # PowerShell.
    ("variable", "$p='%s'; ConvertTo-SecureString $p -AsPlainText -Force\n", password),
    ("here-string", '$splat = @{\n  ServicePrincipalSecret = @"\n%s\n"@\n}\n', _mixed),
    ("entities", "<Data>$a = &quot;%s&quot; | ConvertTo-SecureString -AsPlainText -Force</Data>\n", password),
    ("shown", "PS C:\\> $cred.GetNetworkCredential().Password\n%s\nPS C:\\> exit\n", _mixed),
    ("bytes", "[Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes('svc-arc:%s'))\n", password),
    ("certificate", "[Security.Cryptography.X509Certificates.X509Certificate2]::new('C:\\a.pfx','%s')\n", password),
    ("protected", "Set-AzConnectedMachineExtension -ProtectedSetting @{ run = 'x.exe -key %s' } -Name x\n", password),
    ("protected, JSON", '{"protectedSettings":{"commandToExecute":"x.exe -key %s"},"publicSettings":{}}\n', password),
    # Declarations.
    ("bicep", "@secure()\nparam spnSecret string = '%s'\n", password),
    ("go", 'const clientSecret string = "%s"\n', password),
    ("python", 'password: str = "%s"\n', _phrase),
    ("secure value", '{"env":[{"name":"SPN_SECRET","secureValue":"%s"}]}\n', password),
    ("parameter", '{"ParameterKey":"SpnSecret","ParameterValue":"%s"}\n', password),
    ("plain within", '{"username":"svc","password":{"plain":"%s"}}\n', password),
    ("registry, xml", "<q1:Value><q1:Name>ArcSecret</q1:Name><q1:String>%s</q1:String></q1:Value>\n", password),
    ("cookie", '"cookies":[{"name":"ESTSAUTHPERSISTENT","value":"%s","httpOnly":true}]\n', password),
    ("reserved variable", "TSEnvList: _SMSTSReserved2-000=%s\n", password),
    ("sas token", "aeg-sas-token: r=https%%3a%%2f%%2fx&e=11%%2f21&s=%s\n", _signed("Yt5v", B62, 30)),
    # Pipelines.
    ("mask", 'echo "::add-mask::%s"\n', password),
    ("output", "::set-output name=secret::%s\n", password),
    ("set secret", "##vso[task.setsecret]%s\n", password),
    ("set variable", "##vso[task.setvariable variable=ARC_SECRET]%s\n", password),
    ("puppet", "Notice: /Exec[connect]/returns: secret changed 'x1' to '%s'\n", password),
    ("old and new", "We rotated the secret from '%s' to 'x'\n", password),
    (
        "audit, hex",
        'type=EXECVE msg=audit(1.1:9): argc=3 a0="bash" a1="-c" a2=%s\n',
        _hex("azcmagent connect --secret %s"),
    ),
    ("audit, curl", 'type=EXECVE msg=audit(1.1:9): argc=3 a0="sh" a1="-c" a2=%s\n', _hex("curl -u svc:%s https://x")),
    # Devices and daemons.
    ("community", "snmp-server community %s RO\n", _worded),
    ("community, daemon", "rocommunity %s 10.0.0.0/8\n", _worded),
    ("radius", "radius-server host 10.2.3.4 auth-port 1812 key %s\n", _worded),
    ("tacacs", "tacacs-server key 7 %s\n", _signed("07", "0123456789ABCDEF", 16)),
    ("isakmp", "crypto isakmp key %s address 10.1.1.1\n", password),
    ("user of a router", "username admin privilege 15 password 0 %s\n", password),
    ("shared secret", "shared secret for RADIUS client lnx9 is %s\n", _mixed),
    ("haproxy", "stats auth admin:%s\n", _mixed),
    ("unseal key", "Unseal Key 1: %s\n", _mixed),
    # Tickets and mails.
    ("dots", "Client secret ....... %s\n", _mixed),
    ("behind", "svc-arc / %s (pw)\n", _mixed),
    ("stroke", "svc-proxy / pw %s\n", _worded),
    ("as password", "The service account is svc-arc with %s as password\n", _worded),
    ("asciidoc", "Password:: %s\n", password),
    ("read from", "challenge secret read from file: %s\n", _mixed),
    ("phrase", "passphrase: %s\n", _phrase),
    ("phrase of a key", 'The pass phrase of the key is "%s".\n', _phrase),
    ("phrase, password", "Password: %s\n", _phrase),
    ("phrase, page", "<p>Client secret: <code>%s</code></p>\n", _phrase),
    ("phrase, colours", "\x1b[1;36mPassword:\x1b[0m \x1b[37m%s\x1b[0m\n", _phrase),
    (
        "mail, base64",
        "Content-Type: text/plain\nContent-Transfer-Encoding: base64\nX-A: b\n\n%s\n\n--x--\n",
        _body,
    ),
    (
        "mail, broken lines",
        "das Passwort f=C3=BCr den Proxy-Benutzer svc-arc auf dem Server im Rech=\nenzentrum lautet: %s\n\nGru=C3=9F\n",
        _mixed,
    ),
    # Makers.
    ("google", "key=%s&x=1\n", _signed("AIza", URL64, 35)),
    ("stripe", "stripe key %s\n", _signed("sk_live_51", B62, 30)),
    ("sendgrid", "sent by %s\n", _signed("SG." + "aB3" * 7 + ".", B62, 43)),
    ("vault", "vault login %s\n", _signed("hvs.CAES", B62, 40)),
    ("package index", "twine upload -u __token__ -p %s\n", _signed("pypi-AgEIcHlwaS5vcmc", B62, 40)),
    ("artifactory", "X-JFrog-Art-Api: %s\n", _signed("AKCp8", B62, 60)),
    ("amazon", "AKIA2QWERTYUIOP3ASDF %s\n", _signed("w7", B62 + "+/", 38)),
    ("function", "host key %s\n", _signed("u8Zx3cVbN5mQ1wErTy7UiOpA9sDfGhJk2lZxCvB4nM0q", B62, 0, "AzFuW9e8rQ==")),
    ("devops", "New PAT %s\n", _signed("", B62, 52, "JQQJ99BKACAAAAAAAAAAAAASAZDO4aBc")),
    ("storage key", "key1 %s\n", key64(64)),
    ("kubeconfig", "    client-key-data: %s\n", _signed("LS0tLS1", HEX, 200)),
)
