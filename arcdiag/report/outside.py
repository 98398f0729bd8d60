"""Commands that test one endpoint without arcdiag, with what every system brings along."""

from __future__ import annotations

import re

from arcdiag.model.diagnosis import EndpointSeen

# What stands in a command is typed into a shell by somebody: nothing but these letters gets in.
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z")
_PROXY = re.compile(r"(?:https?://)?[A-Za-z0-9][A-Za-z0-9.-]{0,252}:[0-9]{1,5}/?\Z")

_LINUX = {
    "dns": "getent ahosts {host}",
    "tcp": "curl -v --max-time 15 --noproxy '*' https://{host}/",
    "tls": "openssl s_client -connect {host}:443 -servername {host} </dev/null",
    "http": "curl -v --max-time 15 https://{host}/",
}
_WINDOWS = {
    "dns": "Resolve-DnsName {host}",
    "tcp": "Test-NetConnection {host} -Port 443",
    "tls": "curl.exe -v --max-time 15 https://{host}/",
    "http": "curl.exe -v --max-time 15 https://{host}/",
}


def outside_check(endpoint: EndpointSeen, os: str, proxy: str | None) -> str | None:
    """The command for the layer that fails; None if the host's name is not plain enough for a shell."""
    if endpoint.failing_layer is None or not _HOST.match(endpoint.host):
        return None
    commands = _WINDOWS if os == "windows" else _LINUX
    # Past a proxy, only the proxy resolves and connects: the layers below it say nothing of the way to Azure.
    if endpoint.path == "proxy":
        curl = "curl.exe" if os == "windows" else "curl"
        return f"{curl} -v --max-time 15 -x {_plain_proxy(proxy)} https://{endpoint.host}/"
    return commands.get(endpoint.failing_layer, commands["http"]).format(host=endpoint.host)


def _plain_proxy(proxy: str | None) -> str:
    return proxy if proxy and _PROXY.match(proxy) else "<http://proxy:port>"
