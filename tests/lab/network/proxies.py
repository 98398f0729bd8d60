"""The company's proxy: squid or tinyproxy on the router, so that a firewall can drop what goes past it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.lab.network.certificates import Issuer
from tests.lab.network.programs import Program
from tests.lab.network.topology import ROUTER, Node

PORT = 3128
URL = f"http://{ROUTER}:{PORT}"
NAME = "proxy01.corp.example"
_LIB = "/usr/lib/squid"


class Squid:
    """Lets everything through until it is told otherwise; `rules` come before the last `allow`."""

    def __init__(self, node: Node, folder: Path) -> None:
        self._node, self._folder = node, folder / "squid"
        self._folder.mkdir(mode=0o777)
        self._folder.chmod(0o777)
        self._port = f"http_port {PORT}"
        self._rules: list[str] = []
        self._resolver = ROUTER

    def deny(self, *hosts: str) -> None:
        """403 with squid's own page."""
        self._rules += [f"acl blocked dstdomain {' '.join(hosts)}", "http_access deny blocked"]

    def ask_password(self, user: str = "arc", password: str = "correct horse") -> None:
        """407 with Basic, unless the right name and password come."""
        from urllib.parse import quote

        self.users = f"{user}:{quote(password, safe='')}"
        helper = self._folder / "check"
        helper.write_text(
            f'#!/bin/sh\nwhile read -r line; do [ "$line" = "{user} {quote(password, safe="")}" ] && echo OK || echo ERR; done\n'
        )
        helper.chmod(0o755)
        self._rules += [f"auth_param basic program {helper}", "auth_param basic realm Contoso",
                        "acl known proxy_auth REQUIRED", "http_access deny !known"]  # fmt: skip

    def ask_ticket(self) -> None:
        """407 with Negotiate and NTLM alone, which the agent cannot do."""
        self._rules += ["auth_param negotiate program /bin/cat", f"auth_param ntlm program {_LIB}/ntlm_fake_auth",
                        "acl known proxy_auth REQUIRED", "http_access deny !known"]  # fmt: skip

    def inspect(self, issuer: Issuer, *hosts: str) -> None:
        """Open the traffic to hosts (all, if none is named) and sign it again."""
        pem = self._folder / "device.pem"
        key = issuer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        pem.write_bytes(key + issuer.pem)
        pem.chmod(0o644)
        database = self._folder / "certificates"
        self._node.run(f"{_LIB}/security_file_certgen", "-c", "-s", str(database), "-M", "4MB")
        self._node.run("chown", "-R", "proxy", str(database))
        self._port += f" ssl-bump generate-host-certificates=on dynamic_cert_mem_cache_size=4MB tls-cert={pem}"
        chosen = f"ssl::server_name {' '.join(hosts)}" if hosts else "src all"
        self._rules += [f"sslcrtd_program {_LIB}/security_file_certgen -s {database} -M 4MB", "sslcrtd_children 2",
                        "acl first at_step SslBump1", f"acl opened {chosen}",
                        "ssl_bump peek first", "ssl_bump bump opened", "ssl_bump splice all",
                        "tls_outgoing_options flags=DONT_VERIFY_PEER"]  # fmt: skip

    def resolver(self, address: str) -> None:
        """Another name server than the company's."""
        self._resolver = address

    def start(self, *, wait: bool = True) -> Program:
        """Start it; back when it listens."""
        log = self._folder / "cache.log"
        lines = [self._port, *self._rules, "http_access allow all", f"dns_nameservers {self._resolver}",
                 "cache deny all", "access_log none", f"cache_log {log}", "pid_filename none", "pinger_enable off",
                 "shutdown_lifetime 0", "visible_hostname proxy01.corp.example", "connect_timeout 3 seconds",
                 "dns_timeout 3 seconds", "netdb_filename none", f"coredump_dir {self._folder}",
                 "max_filedescriptors 1024"]  # fmt: skip
        path = self._folder / "squid.conf"
        path.write_text("\n".join([*lines, ""]))
        program = Program(self._node, self._folder / "squid.log", "/usr/sbin/squid", "-N", "-f", str(path))
        if wait:
            program.listens(PORT)
        return program


class Tinyproxy:
    """Another make of proxy; with a list it lets those names through and answers 403 to others."""

    def __init__(self, node: Node, folder: Path) -> None:
        self._node, self._folder = node, folder

    def start(self, *, port: int = PORT, only: Sequence[str] = ()) -> Program:
        """Start it; `only` are regular expressions of names."""
        lines = [f"Port {port}", "Timeout 60", "MaxClients 100", "DisableViaHeader No"]
        if only:
            names = self._folder / "tinyproxy.filter"
            names.write_text("\n".join([*only, ""]))
            lines += [f'Filter "{names}"', "FilterDefaultDeny Yes", "FilterExtended On"]
        path = self._folder / "tinyproxy.conf"
        path.write_text("\n".join([*lines, ""]))
        # It knows no name server of its own: it reads the machine's.
        resolv = self._folder / "resolv.conf"
        resolv.write_text(f"nameserver {ROUTER}\n")
        self._node.run("mount", "--bind", str(resolv), "/etc/resolv.conf")
        program = Program(self._node, self._folder / "tinyproxy.log", "/usr/bin/tinyproxy", "-d", "-c", str(path))
        program.listens(port)
        return program
