"""Places in which a secret stands in what people send. A place takes a text that holds the secret, or a name and it."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from tests.redact.kinds import Kind

ESC = "\x1b"
ERROR = 'time="2026-03-01T08:00:00Z" level=error msg="%s" Error="AZCM0026: Network Error"\n'


def logrus(text: str) -> str:
    return 'time="2026-03-01T08:00:00Z" level=error msg="failed" Error=' + json.dumps(text) + "\n"


def wrapped(text: str, width: int = 80, lead: int = 0, end: str = "\n") -> str:
    text = "$ " + "echo ".ljust(lead, "=") + " " + text
    return end.join(text[at : at + width] for at in range(0, len(text), width)) + end + "INFO    done" + end


def csv(text: str) -> str:
    return 'time,text\n2026-03-01,"' + text.replace('"', '""') + '"\n'


Outer = Callable[[str], str]
OUTER: dict[str, Outer] = {
    "alone": lambda t: t + "\n",
    "log field": lambda t: f'time="2026-03-01T08:00:00Z" level=info msg="request" Body={json.dumps(t)} Code=401\n',
    "log error": logrus,
    "JSON": lambda t: json.dumps({"at": 1, "message": t, "next": "x"}) + "\n",
    "JSON, many lines": lambda t: json.dumps({"at": 1, "message": t, "list": [t]}, indent=2) + "\n",
    "JSON in JSON": lambda t: json.dumps({"body": json.dumps({"message": t, "n": 1})}) + "\n",
    "JSON in JSON in JSON": lambda t: json.dumps({"a": json.dumps({"b": json.dumps({"c": t})})}) + "\n",
    "HTML": lambda t: f"<td class='x'>{html.escape(t)}</td>\n",
    "XML attribute": lambda t: f'<entry time="1" text="{html.escape(t)}" n="2"/>\n',
    "XML": lambda t: f"<Event><Data Name='text'>{html.escape(t, quote=False)}</Data></Event>\n",
    "CDATA": lambda t: f"<log><![CDATA[{t}]]></log>\n",
    "CSV": csv,
    "YAML": lambda t: f"message: |\n  {t}\nnext: x\n",
    "YAML list": lambda t: f"- id: 1\n  text: '{t}'\n" if "'" not in t else f"- id: 1\n  text: {t}\n",
    "journal": lambda t: f"Mar 01 08:00:00 srv01 himds[812]: {t}\n",
    "gc_ext": lambda t: (
        f"<GCLOG>[2026-03-01 08:00:00.123] [PID 1] [TID 2] [Pull Client] [ERROR] [00000000-0000-0000-0000-000000000000] {t}</GCLOG>\n"
    ),
    "Markdown code": lambda t: f"It says `{t}` here.\n",
    "Markdown fence": lambda t: f"```\n{t}\n```\n",
    "Markdown quote": lambda t: f"> {t}\n",
    "Markdown table": lambda t: f"| what | text |\n|---|---|\n| a | {t} |\n",
    "stack trace": lambda t: (
        f"System.Exception: call failed\n   at A.B(String s) in c.cs:line 3\n ---> {t}\n   at D.E()\n"
    ),
    "Go panic": lambda t: f"goroutine 1 [running]:\nmain.call({json.dumps(t)}, 0x1)\n\t/src/a.go:12 +0x1d\n",
    "CRLF": lambda t: f"first\r\n{t}\r\nlast\r\n",
    "after a NUL": lambda t: f"\0\0\0{t}\0\n",
    "colour": lambda t: f"{ESC}[31m{t}{ESC}[0m\n",
    "colour per word": lambda t: " ".join(f"{ESC}[3{i % 8}m{w}{ESC}[0m" for i, w in enumerate(t.split(" "))) + "\n",
    "history": lambda t: f"  501  {t}\n",
    "PowerShell transcript": lambda t: f"PS C:\\> {t}\nPS C:\\>\n",
    "bash -x": lambda t: f"++ {t}\n",
    "comment": lambda t: f"# {t}\n",
    "event text": lambda t: f"Log Name: Application\nDescription:\n{t}\nEvent Xml:\n",
    "after umlauts": lambda t: f"Größe übermäßig: {t}\n",
    "long line": lambda t: "x " * 3000 + t + " y" * 3000 + "\n",
    "wrapped at 80": wrapped,
    "wrapped at 80, cut elsewhere": lambda t: wrapped(t, 80, 31),
    "wrapped at 80, CRLF": lambda t: wrapped(t, 80, 17, "\r\n"),
    "wrapped at 120": lambda t: wrapped(t, 120, 50),
}

Named = Callable[[str, str], str]
NAMED: dict[str, Named] = {
    "JSON": lambda n, v: json.dumps({"a": 1, n: v, "b": [2]}),
    "JSON, spaced": lambda n, v: '{ "a": 1, "' + n + '" : "' + v + '" }',
    "JSON, many lines": lambda n, v: json.dumps({"a": 1, n: v}, indent=4),
    "escaped JSON": lambda n, v: json.dumps({"body": json.dumps({n: v, "z": 0})}),
    "twice escaped JSON": lambda n, v: json.dumps({"b": json.dumps({"c": json.dumps({n: v})})}),
    "JSON with unicode escapes": lambda n, v: f"\\u0022{n}\\u0022:\\u0022{v}\\u0022",
    "HTML escaped JSON": lambda n, v: html.escape(json.dumps({n: v})),
    "percent-encoded JSON": lambda n, v: quote(json.dumps({n: v})),
    "Azure template": lambda n, v: '{"parameters":{"' + n + '":{"value":"' + v + '"}}}',
    "name and value": lambda n, v: json.dumps({"name": n, "value": v}),
    "YAML": lambda n, v: f"a: 1\n{n}: {v}\nb: 2",
    "YAML, quoted": lambda n, v: f"a:\n  - {n}: '{v}'",
    "YAML, folded": lambda n, v: f"{n}: >-\n  {v}\nb: 2",
    "INI": lambda n, v: f"[proxy]\n{n} = {v}\n",
    "INI, tight": lambda n, v: f"[proxy]\n{n}={v}\n",
    "shell": lambda n, v: f"{n}='{v}'",
    "export": lambda n, v: f'export {n}="{v}"',
    "set": lambda n, v: f"set {n}={v}",
    "setx": lambda n, v: f'setx {n} "{v}" /M',
    "environment": lambda n, v: f"HOME=/root\n{n}={v}\nLANG=C",
    "environment of a process": lambda n, v: f"HOME=/root\0{n}={v}\0LANG=C\0",
    "PowerShell": lambda n, v: f'${n} = "{v}"',
    "PowerShell environment": lambda n, v: f"$env:{n} = '{v}'",
    "PowerShell hashtable": lambda n, v: f"@{{ Tenant = 't'; {n} = '{v}' }}",
    "PowerShell list": lambda n, v: f"{n:<40}: {v}",
    "systemd": lambda n, v: f'Environment="{n}={v}" "OTHER=1"',
    "docker": lambda n, v: f"docker run -e {n}={v} image",
    "XML element": lambda n, v: f"<a><{n}>{html.escape(v)}</{n}></a>",
    "XML setting": lambda n, v: f'<add key="{n}" value="{html.escape(v)}" />',
    "XML attribute": lambda n, v: f'<server a="1" {n}="{html.escape(v)}"/>',
    "registry": lambda n, v: f'[HKEY_LOCAL_MACHINE\\SOFTWARE\\X]\n"{n}"="{v}"\n',
    "reg query": lambda n, v: f"    {n}    REG_SZ    {v}",
    "CSV": lambda n, v: f'"name","value"\n"{n}","{v}"',
    "CSV, plain": lambda n, v: f"{n},{v}",
    "Markdown": lambda n, v: f"* **{n}**: `{v}`",
    "Markdown table": lambda n, v: f"| {n} | {v} |",
    "form": lambda n, v: f"a=1&{n}={quote(v)}&b=2",
    "address": lambda n, v: f"https://host.example/p?a=1&{n}={quote(v)}#f",
    "percent-encoded address": lambda n, v: quote(f"https://host.example/p?{n}={v}&b=2", safe=""),
    "MSI property": lambda n, v: f"PROPERTY CHANGE: Adding {n.upper()} property. Its value is '{v}'.",
    "MSI dump": lambda n, v: f"Property(S): {n.upper()} = {v}",
    "msiexec": lambda n, v: f'msiexec /i a.msi /qn {n.upper()}="{v}" /l*v log.txt',
    "Go struct": lambda n, v: "{Tenant:t " + n + ":" + v + " Cloud:c}",
    "Go map": lambda n, v: f"map[a:1 {n}:{v} z:2]",
    "Python": lambda n, v: f"{{'a': 1, '{n}': '{v}'}}",
    "log field": lambda n, v: f'time="2026-03-01T08:00:00Z" level=error msg="x" {n}={v}',
    "sentence": lambda n, v: f"using {n}: {v}",
    "HTTP header": lambda n, v: f"> {n}: {v}",
    "SQL": lambda n, v: f"ALTER LOGIN sa WITH {n} = '{v}'",
    "Terraform": lambda n, v: f'variable {{\n  {n} = "{v}"\n}}',
}

FLAGS: dict[str, Named] = {
    "blank": lambda f, v: f"azcmagent connect {f} {v} --location westeurope",
    "double quotes": lambda f, v: f'azcmagent connect {f} "{v}" --location westeurope',
    "single quotes": lambda f, v: f"azcmagent connect {f} '{v}' --location westeurope",
    "equals": lambda f, v: f"azcmagent connect {f}={v} --location westeurope",
    "equals and quotes": lambda f, v: f'azcmagent connect {f}="{v}"',
    "colon": lambda f, v: f"azcmagent connect {f}:{v} -l x",
    "backtick": lambda f, v: f"azcmagent connect `\n  --location westeurope `\n  {f} {v} `\n  --verbose",
    "backtick before the value": lambda f, v: f"azcmagent connect {f} `\n  {v}",
    "backslash": lambda f, v: f"sudo azcmagent connect \\\n  {f} '{v}' \\\n  --verbose",
    "caret": lambda f, v: f'azcmagent connect ^\n  {f} "{v}" ^\n  -g rg',
    "list of words": lambda f, v: json.dumps(["azcmagent", "connect", f, v, "--verbose"]),
    "Python list": lambda f, v: f"['azcmagent', 'connect', '{f}', '{v}']",
    "cmdline of a process": lambda f, v: f"azcmagent\0connect\0{f}\0{v}\0-g\0rg\0",
    "audit": lambda f, v: f'type=EXECVE argc=4 a0="azcmagent" a1="connect" a2="{f}" a3="{v}"',
    "escaped quotes": lambda f, v: json.dumps({"commandToExecute": f'azcmagent connect {f} "{v}" -g rg'}),
    "process event": lambda f, v: f"Process Command Line:\tazcmagent.exe connect {f} {v}",
}


@dataclass(frozen=True)
class Place:
    """`text` is a file's text with the secret in it."""

    id: str
    text: str


# What makes no sense, and why.
HEADER_NAMES = frozenset({"Ocp-Apim-Subscription-Key", "x-api-key", "x-functions-key"})
"""Names with dashes belong to headers; no program has variables or properties of such a name."""
VARIABLES = frozenset(
    {
        "PowerShell",
        "PowerShell environment",
        "PowerShell hashtable",
        "shell",
        "export",
        "set",
        "setx",
        "environment",
        "environment of a process",
        "systemd",
        "docker",
        "SQL",
        "Go struct",
        "MSI property",
        "MSI dump",
        "msiexec",
        "Terraform",
    }
)
ONE_LINE = frozenset({"Markdown table", "Markdown code", "YAML list", "colour per word"})
"""A block of many lines fits into none of these."""


def makes_sense(where: str, text: str) -> bool:
    """Whether a text may stand there: blocks are neither wrapped nor in a cell of one line."""
    return "\n" not in text or not (where in ONE_LINE or "wrapped" in where)


def bodies(kind: Kind, value: str) -> list[str]:
    """Texts that hold the secret in what carries it."""
    made = [text % value for text in kind.texts]
    if kind.block:
        lines = [value[at : at + 64] for at in range(0, len(value), 64)]
        made.append(f"-----BEGIN {kind.block}-----\n" + "\n".join(lines) + f"\n-----END {kind.block}-----")
    return made


def places(kind: Kind, value: str) -> list[Place]:
    """Every place that makes sense for the kind."""
    found = [
        Place(f"{name} as {where}", make(name, value) + "\n")
        for name in kind.names
        for where, make in NAMED.items()
        if not (name in HEADER_NAMES and where in VARIABLES)
    ]
    found += [Place(f"{flag}, {how}", make(flag, value) + "\n") for flag in kind.flags for how, make in FLAGS.items()]
    texts = bodies(kind, value) + [f"{name}={value}" for name in kind.names[:1]]
    found += [
        Place(f"{text[:30]!r} in {where}", around(text))
        for text in texts
        for where, around in OUTER.items()
        if makes_sense(where, text)
    ]
    return found
