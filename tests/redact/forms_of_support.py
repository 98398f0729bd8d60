"""Secrets as tickets hold them: pages of a portal, prompts, logins, sentences, answer files, packed scripts.

A form is what it is, a text with `%s` where the secret stands, and what makes the secret.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable

from tests.redact.kinds import B62, HEX, basic, key64, password, word

Form = tuple[str, str, Callable[[random.Random], str]]


def _mixed(rng: random.Random) -> str:
    return f"Kp7{password(rng)}"


def _worded(rng: random.Random) -> str:
    """A word and a number, as people choose."""
    return rng.choice(("Winterzeit", "Sonnenblume", "Bluewhale", "Welcome")) + str(rng.randint(1, 9999))


def _letters(rng: random.Random) -> str:
    return rng.choice(("sonnenblume", "bluewhale", "elefant", "trombone"))


def _opaque(rng: random.Random) -> str:
    return f"aQ7{word(rng, B62, 60)}"


def _packed(width: int, lead: str = "", codec: str = "utf-8") -> Callable[[random.Random], str]:
    """A script in base64, in lines of that width; each but the first begins with `lead`."""

    def make(rng: random.Random) -> str:
        script = (
            f"#!/bin/bash\nset -e\nservicePrincipalSecret='{_mixed(rng)}'\nazcmagent connect -g rg-arc -l westeurope\n"
        )
        text = base64.b64encode(script.encode(codec)).decode()
        return f"\n{lead}".join(text[at : at + width] for at in range(0, len(text), width))

    return make


FORMS: tuple[Form, ...] = (
    # A label, and the value in the next line that is not blank.
    ("label", "Application (client) ID\n\n5f1c7d2e\n\nClient secret\n\n%s\n\nExpires\n\n11/21/2025\n", _mixed),
    ("label, colon", "Client secret:\n\n    %s\n\nthanks\n", _mixed),
    ("label, quoted mail", "> Client secret\n>\n> %s\n>\n> Tenant ID\n", _opaque),
    ("label, markdown", "**Client secret**\n\n`%s`\n", _mixed),
    ("label, numbered", "1. Client secret\n%s\n", _opaque),
    ("label, value of", "Secret value\n\n%s\nSecret ID\n0a1b2c3d-1111-4222-8333-944455556666\n", _opaque),
    ("label, proxy", "Hans, 11:02\nproxy pwd\n\n%s\n\nSabine, 11:04\nthanks\n", _mixed),
    ("label, word", "Admin password\n%s\n", _worded),
    ("label, german", "Passwort\n\n%s\n", _mixed),
    ("label, korean", "비밀번호:\n%s\n", _mixed),
    ("label, japanese", "パスワード\n\n%s\n", _mixed),
    ("label, key", "Primary key\n%s\nConnection string\n", key64(64)),
    ("label, first key", "Access key 1\n%s\n", key64(64)),
    ("label, key alone", "key1\nKey\n%s\nConnection string\n", key64(64)),
    ("label, bracket", "Workspace Key (primary)\n%s\n", key64(64)),
    ("key in brackets", "Workspace Key (primary): %s\n", key64(64)),
    ("label, cell", '<td class="label">Password</td>\n<td>%s</td>\n', _mixed),
    ("label, cell of code", "<th>Proxy password:</th>\n  <td><code>%s</code></td>\n", _mixed),
    ("label, list", "<dt>Client secret</dt>\n<dd>%s</dd>\n", _mixed),
    ("shown by a shell", "$ echo $challengeToken\n%s\n", _opaque),
    ("shown by powershell", "PS C:\\arc> $secret\n%s\n", _opaque),
    ("token file", "sudo cat /var/opt/azcmagent/tokens/0a1b2c3d.key\n%s\n", _opaque),
    ("token file, windows", "type C:\\ProgramData\\AzureConnectedMachineAgent\\Tokens\\0a1b2c3d.key\n%s\n", _opaque),
    ("token file content", "challenge token file content: %s\n", _opaque),
    # Prompts with what was typed.
    ("prompt", "Password for user CONTOSO\\admin: %s\n", password),
    ("prompt, kinit", "Password for svc-arc@CONTOSO.LOCAL: %s\n", password),
    ("prompt, sudo", "hansm@lnx042:~$ sudo azcmagent show\n[sudo] password for hansm: %s\n", password),
    ("prompt, sudo german", "[sudo] Passwort für hansm: %s\n", password),
    ("prompt, git", "Password for 'https://dev.azure.com': %s\n", password),
    ("prompt, runas", "Enter the password for CONTOSO\\admin: %s\n", password),
    ("prompt, type", "Type the password for CONTOSO\\admin: %s\n", password),
    ("prompt, proxy", "Enter proxy password for user 'svc-proxy': %s\n", password),
    ("prompt, pem", "Enter PEM pass phrase:%s\n", password),
    ("prompt, pem file", "Enter pass phrase for /etc/ssl/arc.key: %s\n", password),
    ("prompt, word", "Password for user: %s\n", _worded),
    # A user and the password in one breath.
    ("login, creds", "creds: svc-proxy:%s\n", _mixed),
    ("login, cred", "cred=svc-proxy:%s\n", _mixed),
    ("login, credentials", "credentials svc-proxy / %s\n", _worded),
    ("login, credentials of", "Proxy credentials: CONTOSO\\svc-proxy:%s\n", _mixed),
    ("login, json", '{"credentials": "svc-proxy:%s"}\n', _mixed),
    ("login, auth", "auth: svc-proxy:%s\n", _mixed),
    ("login, login", "login: svc-proxy / %s\n", _mixed),
    ("login, both", "Proxy user / password: svc-proxy / %s\n", password),
    ("login, both german", "Benutzername / Kennwort: svc-proxy / %s\n", password),
    ("login, id/pw", "ID/PW: svc-proxy / %s\n", password),
    ("login, korean", "아이디/비밀번호: svc-proxy / %s\n", _mixed),
    ("login, japanese", "ユーザー名/パスワード：svc-proxy / %s\n", _mixed),
    ("login, listed", "Zugangsdaten: Benutzer svc-proxy, Kennwort %s\n", _mixed),
    ("login, and", "It works with user svc and password %s.\n", _worded),
    ("login, usr", "usr svc-proxy pwd %s\n", _mixed),
    ("login, wireshark", "    Proxy-Authorization: Basic\n        Credentials: svc-proxy:%s\n", _mixed),
    (
        "login, digest",
        'Proxy-Authorization: Digest username="arc", realm="x", response="%s"\n',
        lambda r: word(r, HEX, 32),
    ),
    ("login, requests", "session.get(url, auth=HTTPProxyAuth('svc-proxy', '%s'))\n", password),
    ("login, docker", '{"auths": {"acr.contoso.com": {"auth": "%s"}}}\n', basic),
    ("login, npm", "_auth=%s\n", basic),
    # Sentences.
    ("sentence, whose", "The password for the proxy account svc-arc is %s, please keep it safe.\n", _mixed),
    ("sentence, of", "I reset the password of hansm to %s\n", _mixed),
    ("sentence, secret of", "The secret for the SPN is %s\n", _opaque),
    ("sentence, quoted", 'The password of the proxy user is "%s".\n', _letters),
    ("sentence, set", "I set the password to '%s' yesterday\n", _letters),
    ("sentence, pw", "pw is %s btw\n", _worded),
    ("sentence, chat", "<@U02AB3CD4> the pw for arc is `%s`\n", _letters),
    ("sentence, word", "My password is %s\n", _worded),
    ("sentence, german word", "Das Passwort lautet: %s\n", _worded),
    ("sentence, german", "Das Kennwort für den Proxy lautet %s\n", _mixed),
    ("sentence, korean", "서비스 계정 비밀번호는 %s입니다\n", _mixed),
    ("sentence, japanese", "パスワードは「%s」です\n", _mixed),
    ("sentence, bracket", "Secret (PFX): %s\n", _mixed),
    ("sentence, german with", "kannst du es mit dem Passwort %s probieren?\n", _mixed),
    ("sentence, follows", "Passwort lautet wie folgt: %s\n", _mixed),
    ("sentence, brackets", "The default password (%s) still works\n", _worded),
    ("sentence, arrow", "App secret → %s\n", _mixed),
    ("sentence, korean change", "비밀번호를 %s로 변경했습니다\n", _mixed),
    ("sentence, korean short", "비번: %s\n", _mixed),
    ("sentence, chinese change", "密码改为%s\n", _mixed),
    ("wide colon", "PW：%s\n", _mixed),
    ("rejected login", "407 Proxy Authentication Required (credentials svc:%s rejected)\n", _mixed),
    ("jira row", "||Password||%s||\n", _mixed),
    ("jira mark", "h3. Password: {{%s}}\n", _mixed),
    ("event grid", "aeg-sas-key: %s\n", key64(32)),
    # Answer files and pages.
    ("vmware", "<password>\n  <plainText>false</plainText>\n  <value>%s</value>\n</password>\n", key64(24)),
    (
        "vmware, type",
        "<domainAdminPassword>\n <_type>x</_type>\n <plainText>true</plainText>\n <value>%s</value>\n",
        _mixed,
    ),
    ("vmware, script", "$spec.GuiUnattended.Password.Value = '%s'\n", password),
    ("kickstart", "rootpw --plaintext %s\n", password),
    ("preseed", "d-i passwd/root-password password %s\n", password),
    ("sssd", "ldap_default_bind_dn = CN=svc\nldap_default_authtok = %s\n", password),
    ("field", '<input type="password" name="pw" value="%s">\n', password),
    ("field, value first", "<input value='%s' type='password'/>\n", password),
    ("page, entities", "&lt;Password&gt;%s&lt;/Password&gt;\n", password),
    ("page, bold", "<b>Password:</b> %s<br>\n", _mixed),
    ("page, bold value", "Password: <b>%s</b>\n", _mixed),
    (
        "putty key",
        "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n%s\nPrivate-MAC: 0f\n",
        lambda r: f"AAAA{_opaque(r)}",
    ),
    # Commands.
    ("xfreerdp", "xfreerdp /u:admin /p:%s /v:srv042\n", password),
    ("htpasswd", "htpasswd -b /etc/squid/passwd arcproxy %s\n", password),
    ("htpasswd, no file", "htpasswd -nb arcproxy %s >> /etc/squid/passwd\n", password),
    ("cntlm", "cntlm -u svc -d CONTOSO -p %s -M https://aka.ms\n", password),
    ("vault", 'az keyvault secret set --vault-name kv --name arc-sp --value "%s"\n', password),
    ("rsync", "rsync --password-file=/dev/stdin backup@srv1::arc . <<< %s\n", password),
    (
        "audit, sudo",
        "type=USER_CMD msg=audit(1.1:1): cmd=%s exe=x\n",
        lambda r: f"azcmagent --secret {_mixed(r)}".encode().hex().upper(),
    ),
    # Scripts in base64 over many lines.
    ("packed command", "powershell.exe -NoProfile -EncodedCommand ^\n%s\n\nPS>\n", _packed(64, codec="utf-16-le")),
    ("packed command, below", "powershell -EncodedCommand\n%s\n", _packed(70, codec="utf-16-le")),
    ("packed file", "  - path: /root/a.sh\n    encoding: b64\n    content: |\n      %s\n", _packed(72, "      ")),
    ("packed file, as wide", "    content: >-\n    %s\nruncmd:\n- bash /tmp/a.sh\n", _packed(76, "    ")),
    ("packed, binary", "user_data: !!binary |\n  %s\nhostname: x\n", _packed(64, "  ")),
    ("packed, here", "base64 -d <<EOF | bash\n%s\nEOF\n", _packed(76)),
    ("packed, here first", "cat <<'EOF' | base64 -d > /tmp/onboard.sh\n%s\nEOF\n", _packed(76)),
)
