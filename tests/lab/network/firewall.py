"""nftables on the router, and on the client for its own firewall."""

from __future__ import annotations

from tests.lab.network.azure_hosts import public_address, public_address_6
from tests.lab.network.topology import CLIENT, Node

DROP, RESET = "drop", "reject with tcp reset"
ICMP = "reject with icmpx admin-prohibited"


class Firewall:
    """Rules of one machine; `chain` is what passes through a router (forward) or leaves the machine (output)."""

    def __init__(self, node: Node, chain: str) -> None:
        self._node, self._chain, self._made = node, chain, False

    def rule(self, text: str) -> None:
        """Add one rule as nft writes it."""
        if not self._made:
            self._made = True
            self._node.run("nft", "add table inet lab")
            hook = f"{{ type filter hook {self._chain} priority 0; }}"
            self._node.run("nft", f"add chain inet lab {self._chain} {hook}")
        self._node.run("nft", f"add rule inet lab {self._chain} {text}")

    def block(self, *hosts: str, port: int = 443, verdict: str = DROP) -> None:
        """Block one port, to all addresses or to those of some hosts."""
        if not hosts:
            self.rule(f"tcp dport {port} {verdict}")
        for host in hosts:
            self.rule(f"ip daddr {public_address(host)} tcp dport {port} {verdict}")
            self.rule(f"ip6 daddr {public_address_6(host)} tcp dport {port} {verdict}")

    def block_everything(self) -> None:
        """Nothing passes, and nobody says so."""
        self.rule(DROP)

    def clear(self) -> None:
        """Everything passes again."""
        self._node.run("nft", "delete table inet lab")
        self._made = False


class Redirect:
    """The router hands connections of the client to a program of its own, as devices in the path do."""

    def __init__(self, router: Node) -> None:
        self._router = router

    def of_the_router(self, port: int, local: int) -> None:
        """What the router's own proxy sends to `port` arrives at `local`; the box itself sends as root."""
        self._router.script(f"""
            nft add table ip box
            nft 'add chain ip box after {{ type nat hook output priority -100; }}'
            nft add rule ip box after meta skuid != 0 tcp dport {port} redirect to :{local}
        """)

    def to_local(self, port: int, local: int) -> None:
        """Whatever the client sends to `port` anywhere arrives at the router's `local`."""
        self._router.script(f"""
            nft add table ip box
            nft 'add chain ip box before {{ type nat hook prerouting priority -100; }}'
            nft add rule ip box before ip saddr {CLIENT} tcp dport {port} redirect to :{local}
        """)


class Capture:
    """Counts where the client's packets go."""

    def __init__(self, client: Node) -> None:
        self._client = client
        client.script("""
            nft add table inet capture
            nft 'add set inet capture four { type ipv4_addr . inet_proto . inet_service; flags dynamic; }'
            nft 'add set inet capture six { type ipv6_addr . inet_proto . inet_service; flags dynamic; }'
            nft 'add set inet capture other { type inet_proto; flags dynamic; }'
            nft 'add chain inet capture out { type filter hook output priority -200; }'
            nft 'add rule inet capture out oifname lo accept'
            nft 'add rule inet capture out ip version 4 meta l4proto { tcp, udp } add @four { ip daddr . meta l4proto . th dport }'
            nft 'add rule inet capture out ip6 version 6 meta l4proto { tcp, udp } add @six { ip6 daddr . meta l4proto . th dport }'
            nft 'add rule inet capture out meta l4proto != { tcp, udp, ipv6-icmp } add @other { meta l4proto }'
        """)

    def seen(self) -> set[tuple[str, str, int]]:
        """(address, protocol, port) of all that left since; the packets to itself aside."""
        import json

        found = set()
        for name in ("four", "six", "other"):
            listing = json.loads(self._client.run("nft", "-j", "list", "set", "inet", "capture", name))
            for item in next(e["set"] for e in listing["nftables"] if "set" in e).get("elem", []):
                found.add(tuple(item["concat"]) if "concat" in item else ("", str(item), 0))
        return found
