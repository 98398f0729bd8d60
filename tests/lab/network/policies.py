"""nginx in place of hosts of Azure, or of somebody else: TLS with a policy of its own."""

from __future__ import annotations

from collections.abc import Sequence

from tests.lab.network.azure_hosts import public_address
from tests.lab.network.certificates import write_plain_chain
from tests.lab.network.lab import Lab
from tests.lab.network.programs import Program

_CONFIG = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log;
events {{ worker_connections 256; }}
http {{
    access_log off; client_body_temp_path {folder}/nginx-body; proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi; uwsgi_temp_path {folder}/nginx-uwsgi; scgi_temp_path {folder}/nginx-scgi;
    server {{
        {listen}
        ssl_certificate {pem}; ssl_certificate_key {pem};
        ssl_protocols {protocols}; ssl_ciphers {ciphers}; ssl_prefer_server_ciphers on;
        location / {{ return 404; }}
    }}
}}
"""


def nginx(lab: Lab, hosts: Sequence[str], protocols: str, ciphers: str) -> None:
    """nginx plays these hosts, at their addresses and with a genuine certificate for their names."""
    lab.azure.elsewhere.update(hosts)
    nginx_at(lab, [public_address(host) for host in hosts], hosts, protocols, ciphers)


def nginx_at(lab: Lab, addresses: Sequence[str], names: Sequence[str], protocols: str = "TLSv1.2 TLSv1.3",
             ciphers: str = "HIGH") -> None:  # fmt: skip
    """nginx at these addresses with a certificate for `names`, whatever it is asked for."""
    listen = "".join(f"listen {address}:443 ssl;" for address in addresses)
    pem = write_plain_chain(lab.folder, names)
    config = lab.folder / "nginx.conf"
    config.write_text(_CONFIG.format(folder=lab.folder, listen=listen, pem=pem, protocols=protocols, ciphers=ciphers))
    Program(lab.internet, lab.folder / "nginx.log", "/usr/sbin/nginx", "-c", str(config)).listens(443)
