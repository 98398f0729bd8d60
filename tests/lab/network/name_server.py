"""The provider's name server, with faults: `python -m tests.lab.network.name_server CONFIG.json`, for the lab alone.

The configuration: {"address", "names": {name: {addresses, alias}}, "rcode": one for every question, "only": names that
it applies to, "first": how many questions for a name get it, "wait": seconds before each answer, "silent": true,
"private_zones": {zone: its name server}: inside such a zone a name that is not in "names" does not exist}.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer:
    def __init__(self, config: dict[str, Any]) -> None:
        self.config, self.names = config, config["names"]
        self.asked: Counter[str] = Counter()

    def reply(self, query: dns.message.Message) -> dns.message.Message:
        """The answer to one question."""
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        self.asked[name] += 1
        reply = dns.message.make_response(query, recursion_available=True)
        if self._fails(name):
            reply.set_rcode(dns.rcode.from_text(self.config["rcode"]))
            return reply
        self._follow(reply, name, dns.rdatatype.to_text(query.question[0].rdtype))
        return reply

    def _fails(self, name: str) -> bool:
        if "rcode" not in self.config or name not in self.config.get("only", [name]):
            return False
        return self.asked[name] <= int(self.config.get("first", sys.maxsize))

    def _follow(self, reply: dns.message.Message, name: str, kind: str) -> None:
        while name in self.names and self.names[name].get("alias"):
            target = self.names[name]["alias"]
            reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{target}."))
            addresses = self.names[name]["addresses"]
            name = target
            if addresses:
                self._add(reply, name, addresses, kind)
                return
        if name in self.names:
            self._add(reply, name, self.names[name]["addresses"], kind)
            return
        reply.set_rcode(dns.rcode.NXDOMAIN)
        zone = next((z for z in self.config.get("private_zones", {}) if name.endswith(f".{z}") or name == z), None)
        if zone is not None:
            server = self.config["private_zones"][zone]
            text = f"{server}. hostmaster.{server}. 1 3600 300 2419200 10"
            reply.authority.append(dns.rrset.from_text(f"{zone}.", 10, "IN", "SOA", text))

    def _add(self, reply: dns.message.Message, name: str, addresses: list[str], kind: str) -> None:
        fitting = [a for a in addresses if (":" in a) == (kind == "AAAA")] if kind in ("A", "AAAA") else []
        if fitting:
            reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *fitting))


def main(path: Path) -> None:
    config = json.loads(path.read_text())
    server = NameServer(config)

    def answer(data: bytes, peer: Any) -> None:
        time.sleep(config.get("wait", 0.0))
        link.sendto(server.reply(dns.message.from_wire(data)).to_wire(), peer)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind((config["address"], 53))
        print("up", flush=True)
        while True:
            data, peer = link.recvfrom(4096)
            if not config.get("silent"):
                threading.Thread(target=answer, args=(data, peer), daemon=True).start()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
