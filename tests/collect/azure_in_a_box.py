"""Runs inside a network and mount namespace of its own: a name server, Azure's endpoints, and `collect` against them.

python -m tests.collect.azure_in_a_box FOLDER SCENARIO   prints what was seen as JSON.
Scenarios: healthy, no-network, dns-silent, untrusted, interrupt, interrupt-probe.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import trustme

from arcdiag.collect.dry_run import dry_run_lines
from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.progress import SilentProgress
from arcdiag.collect.run import collect, prepare
from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from tests.collect.azure_stand_in import serve_azure
from tests.collect.servers import dns_server


def bind(folder: Path, name: str, text: str, target: str) -> None:
    """Put a file of this namespace's own over one of the machine's."""
    source = folder / name
    source.write_text(text)
    subprocess.run(["mount", "--bind", str(source), target], check=True)


@contextmanager
def servers(scenario: str, rules: RuleSet, authority: trustme.CA) -> Iterator[None]:
    """The scenario's servers in a process of their own, so that what they send is not taken for ours."""
    up_reader, up_writer = os.pipe()
    stop_reader, stop_writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(stop_writer)
        with ExitStack() as stack:
            if scenario in ("healthy", "untrusted"):
                serve_azure(stack, rules, authority)
            elif scenario == "dns-silent" or scenario.startswith("interrupt"):
                stack.enter_context(dns_server(lambda query, way: None, port=53))
            os.write(up_writer, b"up")
            os.read(stop_reader, 1)
        os._exit(0)
    os.read(up_reader, 2)
    yield
    os.close(stop_writer)
    os.waitpid(child, 0)


def interrupted(folder: Path, name: str) -> dict[str, Any]:
    """Start the program, and press Ctrl-C when the first probe has ended and others wait for an answer."""
    output = folder / "out"
    output.mkdir()
    target = output if name == "collect" else output / "probe.json"
    command = [sys.executable, "-m", "arcdiag", name, "-o", str(target), "--timeout", "60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None and process.stdout is not None
        for line in process.stderr:
            if line == "done: himds\n":
                break
        process.send_signal(signal.SIGINT)
        rest, printed = process.stderr.read(), process.stdout.read()
        code = process.wait()
    files = sorted(p.name for p in output.iterdir())
    return {"code": code, "files": files, "errors": rest, "printed": printed}


def watch() -> list[str]:
    """Every address that any socket of this process connects or sends to, from now on."""
    seen: list[str] = []

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg") and isinstance(args[1], tuple):
            seen.append(f"{args[1][0]}:{args[1][1]}")
        elif event == "socket.getaddrinfo":
            seen.append(f"name {args[0]}")

    sys.addaudithook(hook)
    return seen


def main(folder: Path, scenario: str) -> None:
    rules = load_rules()
    authority = trustme.CA(organization_name="Microsoft Corporation")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    bind(folder, "resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", "/etc/resolv.conf")
    bind(folder, "hosts", "127.0.0.1 localhost\n", "/etc/hosts")
    if scenario == "healthy":
        pem = authority.cert_pem.bytes().decode()
        bind(folder, "ca.crt", pem, "/etc/ssl/certs/ca-certificates.crt")
    with servers(scenario, rules, authority):
        if scenario.startswith("interrupt"):
            print(json.dumps(interrupted(folder, scenario.partition("-")[2] or "collect")))
            return
        host, options = LinuxHost(), CollectOptions(timeout=20, region="eastus")
        _, plan = prepare(rules, options, host)
        listed = "\n".join(dry_run_lines(plan, host, options))
        seen = watch()
        collected = collect(rules, options, SilentProgress(), host)
    facts = [
        {"fact": f.fact, "subject": f.subject.id if f.subject else "", "status": f.status.value, "value": dict(f.value)}
        for f in collected.facts
    ]
    print(json.dumps({"facts": facts, "seen": sorted(set(seen)), "listed": listed}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
