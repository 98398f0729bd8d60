"""What is never replaced: Microsoft's own names, public sites of packages and certificates, ids that everybody has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_network

from arcdiag.redact.identifiers.canonical import plain_address
from arcdiag.redact.identifiers.tokens import IdKind

_SUFFIXES_TEXT = """
microsoft.com microsoft.us azure.com azure.us azure.cn azure.net windows.net microsoftonline.com microsoftonline.us
microsoftonline-p.com msidentity.com chinacloudapi.cn usgovcloudapi.net usgovcloudapi.us windowsupdate.com
windowsupdate.microsoft.com windows.com msftconnecttest.com msftncsi.com visualstudio.com azure-automation.net
trafficmanager.net azureedge.net azurefd.net akadns.net akamaiedge.net akamai.net msedge.net a-msedge.net
cloudapp.net azurewebsites.net applicationinsights.us applicationinsights.azure.cn arcdataservices.com
waconazure.com live.com office.com office365.com bing.com aka.ms msft.net msocsp.com azure-devices.net digicert.com
digicert.cn globalsign.com globalsign.net letsencrypt.org entrust.net verisign.com symcb.com omniroot.com
baltimore.com ubuntu.com canonical.com snapcraft.io debian.org redhat.com fedoraproject.org centos.org
rockylinux.org almalinux.org suse.com opensuse.org oracle.com amazonaws.com amazonlinux.com python.org golang.org
go.dev rust-lang.org npmjs.org pypi.org pythonhosted.org github.com githubusercontent.com w3.org xmlsoap.org
oasis-open.org openssl.org curl.se haxx.se kernel.org freedesktop.org gnu.org ntp.org google.com cloudflare.com
apache.org json-schema.org urllib3.readthedocs.io readthedocs.io golang.google.cn uber.org gopkg.in sourceforge.net
squid-cache.org nmap.org rsyslog.com powershellgallery.com nuget.org chocolatey.org
azureprivatedns.net azure-dns.com azure-dns.net azure-dns.org azure-dns.info
"""
_SUFFIXES = tuple(_SUFFIXES_TEXT.split())
KEPT_TAILS = frozenset(f".{suffix}".encode() for suffix in _SUFFIXES if suffix.count(".") == 1)
"""Two labels, with the dot before them, that end names which are never replaced."""
_GLOBS = (
    "*.in-addr.arpa",
    "*.ip6.arpa",
    "*.ipv6-literal.net",
    "localhost.localdomain",
    "localhost4.localdomain4",
    "localhost6.localdomain6",
    "*.localhost",
    "www.example.com",
)
_GUIDS_TEXT = """
00000000-0000-0000-0000-000000000000 ffffffff-ffff-ffff-ffff-ffffffffffff 04b07795-8ddb-461a-bbee-02f9e1bf7b46
1950a258-227b-4e31-a9cf-717495945fc2 797f4846-ba00-4fd7-ba43-dac1f8f63013 00000002-0000-0000-c000-000000000000
00000003-0000-0000-c000-000000000000 eec53b1f-b9a4-4479-acf5-6b247c6a49f2 f8cdef31-a31e-4b4a-93e4-5f571e91255a
b24988ac-6180-42a0-ab88-20f7382dd24c 8e3af657-a8ff-443c-a75c-2fe8c4bcb635 acdd72a7-3385-48ef-bd42-f606fba81ae7
b64e21ea-ac4e-4cdf-9dc9-5b892992bee7 cd570a14-e51a-42ad-bac8-bafd67325302
"""
KEPT_GUIDS = frozenset(_GUIDS_TEXT.split())
"""The empty ones, published applications (Azure CLI, Azure PowerShell, Resource Manager, Graph), built-in roles."""
_USERS_TEXT = """
root system himds arcproxy himdsd gc_agent gcad extd nobody daemon www-data syslog messagebus systemd administrator
administrators admin localsystem local service networkservice localservice network authority anonymous guest default
public user users username name all everyone builtin none null unknown domain group owner app azureuser ubuntu
ec2-user centos opc pi vagrant runner defaultuser0 defaultaccount wdagutilityaccount trustedinstaller sudo adm wheel
self me he she it the a an this that is was has by for from with of to on in at and or no not cannot authentication
authorization account accounts context error token id agent process login logon password profile interactive
identity admini nt application security setup forwardedevents
invalid illegal accounts interface profile profiles session sessions rights permissions already certificate
credentials postgres mysql mariadb mongodb redis rabbitmq elasticsearch kibana logstash grafana prometheus telegraf
nginx apache httpd tomcat squid named bind jenkins gitlab docker node consul vault zabbix sshd polkitd chrony dbus ntp
bin games man lp mail news uucp proxy backup list irc gnats tss rpc rpcuser omsagent omi nxautomation
assigned managed machine principal object client tenant data mode space input pass passthru unset sa dbo
"""
_USERS = frozenset(_USERS_TEXT.split())
_HOSTS_TEXT = """
localhost localhost4 localhost6 ip6-localhost ip6-loopback ip6-allnodes ip6-allrouters broadcasthost
http https wpad none null unknown host hostname server name proxy any all the this a an is was not on in
of to for from by with example true false or and does returned read write delete action extensions runcommands
licenseprofiles upgradeextensions assesspatches installpatches microsoft-iis microsoft-httpapi
direct default auto static private public local gateway endpoint aad arm arc arcdata ama
when if again after before each every as at once set current changed disabled failed error timeout timed
heartbeat status workgroup mshome internet intranet os ip type location version state role consolehost serverremotehost
tsclient wsl nt authority builtin
"""
_HOSTS = frozenset(_HOSTS_TEXT.split())
_METADATA = frozenset({"169.254.169.254", "168.63.129.16", "0.0.0.0", "::", "::1", "255.255.255.255", "fd00:ec2::254"})
_CACHED = 10_000
_SHARED = ip_network("100.64.0.0/10")


class Kept:
    """`globs` are host names of the endpoint catalogue, `{region}` in them meaning any."""

    def __init__(self, globs: Iterable[str] = ()) -> None:
        plain = [glob.replace("{region}", "*").lower().partition(":")[0] for glob in globs]
        self._exact = frozenset(glob for glob in plain if "*" not in glob)
        self._globs = (*_GLOBS, *(glob for glob in plain if "*" in glob))
        self._matches = re.compile("|".join(f"(?:{translate(glob)})" for glob in self._globs)).match
        self.host = lru_cache(_CACHED)(self._host)

    def words(self) -> frozenset[str]:
        """The labels of the catalogue's names: a machine of such a name is no reason to change an endpoint."""
        names = (*self._exact, *self._globs)
        return frozenset(label for name in names for label in name.split(".") if "*" not in label)

    def _host(self, name: str) -> bool:
        """Whether a host name says nothing of the customer."""
        low = name.lower().rstrip(".")
        if low in _HOSTS or low in self._exact or (low.startswith("_") and "." not in low):
            return True
        if low.endswith(_SUFFIXES) and any(low == s or low.endswith("." + s) for s in _SUFFIXES):
            return True
        return "." in low and self._matches(low) is not None

    def user(self, name: str) -> bool:
        """Whether a user name is one that every machine has."""
        low = name.lower().rstrip("$.")
        return len(low) < 2 or low in _USERS or low.isdigit() or low.startswith(("systemd-", "nt "))

    def guid(self, value: str) -> bool:
        """Whether an id is the same for everybody."""
        return value.lower() in KEPT_GUIDS


@lru_cache(_CACHED)
def kind_of_ip(text: str) -> IdKind | None:
    """The class of an address in any spelling; None for text that is none, and for those that every machine knows."""
    try:
        address = plain_address(text)
    except ValueError:
        return None
    if str(address) in _METADATA or address.is_loopback or address.is_multicast or _is_mask(address):
        return None
    if address.is_link_local:
        return IdKind.IP_LINK_LOCAL
    if address.is_private or (address.version == 4 and address in _SHARED):
        return IdKind.IP_PRIVATE
    return IdKind.IP_PUBLIC


def _is_mask(address: IPv4Address | IPv6Address) -> bool:
    if address.version == 6:
        return False
    bits = f"{int(address):032b}"
    return "01" not in bits or bits.count("0") == 0
