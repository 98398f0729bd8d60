"""Secrets in what people write and keep: lists, tables, sentences, files of credentials.

A form is what it is, a text with `%s` where the secret stands, and what makes the secret.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.redact.kinds import entra, password

Form = tuple[str, str, Callable[[random.Random], str]]


def _mixed(rng: random.Random) -> str:
    return f"Kp7{password(rng)}"


FORMS: tuple[Form, ...] = (
    ("arrow", "client secret -> %s\n", entra),
    ("dash", "Client Secret - %s\n", _mixed),
    ("brackets", "my password (%s) works there\n", _mixed),
    ("quotes", 'The password "%s" was rejected\n', _mixed),
    ("rejected", "Invalid password '%s' for user svc\n", _mixed),
    ("bold", "**Client secret** %s\n", _mixed),
    ("value in brackets", "client secret (value): %s\n", _mixed),
    ("yaml list", "passwords:\n  - %s\n  - other\nnext: 1\n", password),
    ("yaml list flush", "tokens:\n- '%s'\n- x\n", password),
    ("yaml list second", "secrets:\n  - Other1pass2\n  - %s\nnext: 1\n", password),
    ("csv header last", "user,password\nsvc,%s\n", password),
    ("csv header mid", "host;password;user\nh1;abcdefgh;u\nh2;%s;u2\n", password),
    ("csv header quoted", '"Server","ClientSecret","Tenant"\n"h1","%s","t"\n', password),
    ("tab", "Password\t%s\n", password),
    ("tab user", "User\tsvc\nPassword\t\t%s\n", password),
    (
        "table az",
        "AppId     DisplayName    Password                  Tenant\n--------  -------------  ------------------------  ------\naaaa      onboarding     %s   tttt\n",
        password,
    ),
    ("table ps", "\nName       ClientSecret\n----       ------------\narc-onb    %s\n", password),
    ("md table cols", "| user | password |\n|---|---|\n| svc | %s |\n", password),
    ("sentence is", "For the record: the secret is %s and it expires in May.\n", password),
    ("sentence set", "password was set to %s.\n", password),
    ("sentence as", "Please use %s as the client secret when you run it.\n", password),
    ("sentence new", "The new client secret value is: %s\n", password),
    ("sentence changed", "I changed the proxy password to %s today\n", password),
    ("sentence german", "Das Passwort lautet %s\n", password),
    ("sentence german2", "Kennwort: %s\n", password),
    ("korean", "비밀번호: %s\n", password),
    ("chinese", "密码：%s\n", password),
    ("spanish", "La contraseña es %s\n", password),
    ("french", "mot de passe : %s\n", password),
    ("netrc", "machine h.example\n  login svc\n  password %s\n", password),
    ("netrc short", "machine h.example\nlogin svc\npassword %s\nmachine b\n", password),
    ("pgpass", "db.corp.example:5432:*:svc:%s\n", password),
    ("pgpass any", "*:*:*:svc:%s\n", password),
    ("expect", 'expect "assword:"\nsend "%s\\r"\ninteract\n', password),
    ("expect 1", 'expect { "*?assword:*" { send -- "%s\\r" } }\n', password),
    ("pexpect", "child.expect('Password: ')\nchild.sendline('%s')\n", password),
)
