"""Every kind of identifier: how it is spelt, what carries it, and what its token says. Nothing is from the finders."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address

LOW = string.ascii_lowercase
HEX = "0123456789abcdef"


def word(rng: random.Random, size: int = 7) -> str:
    """A word that stands in no text by chance: no vowels, and letters that logs do not begin words with."""
    return "".join(rng.choice("bcdfghjklmnpqrstvwxz") for _ in range(size))


def guid(rng: random.Random) -> str:
    return "-".join("".join(rng.choice(HEX) for _ in range(size)) for size in (8, 4, 4, 4, 12))


def machine(rng: random.Random) -> str:
    return f"{word(rng)}{rng.randrange(10, 99)}"


def machine_of_windows(rng: random.Random) -> str:
    return f"WIN-{word(rng, 6).upper()}{rng.randrange(10)}"


def full_host(rng: random.Random) -> str:
    return f"{word(rng)}{rng.randrange(10)}.{word(rng, 6)}.{rng.choice(['example', 'local', 'internal', 'com', 'de'])}"


def rare_host(rng: random.Random) -> str:
    """A name under an ending of a company's own."""
    return f"{word(rng)}{rng.randrange(10)}.{word(rng, 6)}.{word(rng, 5)}"


def domain(rng: random.Random) -> str:
    return f"{word(rng, 8)}.{rng.choice(['example', 'local', 'lan', 'net'])}"


def short_domain(rng: random.Random) -> str:
    return word(rng, 8).upper()


def user(rng: random.Random) -> str:
    return f"{word(rng, 4)}.{word(rng, 5)}" if rng.random() < 0.3 else word(rng, 8)


def mail(rng: random.Random) -> str:
    return f"{word(rng, 5)}.{word(rng, 6)}@{word(rng, 7)}.{rng.choice(['com', 'example', 'co', 'de'])}"


def group(rng: random.Random) -> str:
    return f"rg-{word(rng, 6)}-{rng.choice(['prod', 'weu', '01'])}"


def odd_group(rng: random.Random) -> str:
    return f"{word(rng, 6).title()}_({word(rng, 4)}).eu"


def resource(rng: random.Random) -> str:
    return f"{word(rng, 6)}{rng.randrange(10, 99)}"


def private_ip(rng: random.Random) -> str:
    first = rng.choice(["10.{}", "172.{}", "192.168", "100.{}"])
    second = {"10.{}": rng.randrange(256), "172.{}": rng.randrange(16, 32), "100.{}": rng.randrange(64, 128)}
    return f"{first.format(second.get(first))}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


def public_ip(rng: random.Random) -> str:
    return f"{rng.choice([31, 46, 81, 93, 145, 194, 212])}.{rng.randrange(10, 256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


def _six(rng: random.Random, first: int) -> IPv6Address:
    number = (first << 112) | (rng.getrandbits(48) << 64) | rng.getrandbits(64)
    return IPv6Address(number | 0x1111 << 48 | 0x1000)


def private_six(rng: random.Random) -> str:
    return str(_six(rng, 0xFD00 | rng.randrange(256)))


def public_six(rng: random.Random) -> str:
    return str(_six(rng, 0x2A00 | rng.randrange(16)))


def short_six(rng: random.Random) -> str:
    return f"2a0{rng.randrange(10)}:{rng.randrange(0x1000, 0xFFFF):x}::{rng.randrange(0x100, 0xFFFF):x}"


def link_six(rng: random.Random) -> str:
    return f"fe80::{rng.randrange(0x1000, 0xFFFF):x}:{rng.randrange(0x1000, 0xFFFF):x}:fe{rng.randrange(0x10, 0xFF):x}:{rng.randrange(0x1000, 0xFFFF):x}"


def mac(rng: random.Random) -> str:
    return ":".join(f"{byte:02x}" for byte in (0, 0x15, 0x5D, *rng.randbytes(3)))


def sid(rng: random.Random) -> str:
    parts = [rng.randrange(10**8, 10**9) for _ in range(3)]
    return f"S-1-5-21-{parts[0]}-{parts[1]}-{parts[2]}-{rng.randrange(1100, 9999)}"


def company(rng: random.Random) -> str:
    return f"{word(rng, 7).title()} {rng.choice(['Inspection CA', 'Root CA 2', 'Proxy'])}"


def digits(value: str) -> str:
    return "".join(c for c in value if c.isalnum())


def mapped(value: str) -> str:
    return f"::ffff:{value}"


def reversed_four(value: str) -> str:
    return ".".join(reversed(value.split("."))) + ".in-addr.arpa"


def reversed_six(value: str) -> str:
    return IPv6Address(value).reverse_pointer


def literal_six(value: str) -> str:
    return value.replace(":", "-") + ".ipv6-literal.net"


def exploded(value: str) -> str:
    return IPv6Address(value).exploded


def with_four(value: str) -> str:
    """The last four bytes as an IPv4 address, as some programs print it."""
    number = int(IPv6Address(value))
    head = IPv6Address(number >> 32 << 32).exploded.rpartition(":")[0].rpartition(":")[0]
    return f"{head}:{number >> 24 & 255}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def cisco(value: str) -> str:
    plain = digits(value)
    return f"{plain[:4]}.{plain[4:8]}.{plain[8:]}"


Spelling = Callable[[str], str]


@dataclass(frozen=True)
class Kind:
    """`texts` carry the value (`%s`) and tell by themselves what it is; `token` begins its token.

    `spellings`: other ways of writing it, which get the same token. `spreads`: once told, it is found as a bare word.
    `bare`: its own shape tells it anywhere.
    """

    id: str
    token: tuple[str, ...]
    value: Callable[[random.Random], str]
    texts: tuple[str, ...]
    spellings: tuple[Spelling, ...] = ()
    spreads: bool = True
    bare: bool = False
    in_names: bool = True


RID = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers"
KINDS = (
    Kind("short host name", ("host",), machine, (
        f"Resource ID={RID}/Microsoft.HybridCompute/machines/%s",
        "{Microsoft.HybridCompute/machines/%s}: conflict",
        "Resource Name                           : %s",
        '"resourceName": "%s", "location": "westeurope"',
        "COMPUTERNAME=%s",
        "HOSTNAME=%s",
        '{"vmName":"%s"}',
        "   Static hostname: %s",
        "Host Name:                 %s",
        "CsName                                  : %s",
        "azcmagent connect --resource-name %s --location westeurope",
        'azcmagent connect --resource-name="%s"',
        "dial tcp: lookup %s on 127.0.0.53:53: no such host",
        "proxyconnect tcp: dial tcp %s:3128: connectex",
        "https_proxy=http://%s:3128",
        "CONNECT %s:8080 HTTP/1.1",
        "curl: (5) Could not resolve proxy: %s",
        "root@%s:~# azcmagent show",
        "<Computer>%s</Computer>",
        "The computer name is %s.",
        "Mounted \\\\%s\\install$ as Z:",
        "setspn -L HTTP/%s",
        "Linux %s 5.15.0-1063-azure #72 SMP x86_64 GNU/Linux",
        "PSComputerName : %s",
        "Machine '%s' was not found in the directory",
        "ssh admin@%s uptime",
    ), spellings=(str.upper,)),
    Kind("host name of Windows", ("host", "domain"), machine_of_windows, (
        f"Resource ID={RID}/microsoft.hybridcompute/machines/%s",
        "COMPUTERNAME=%s",
        "Account Name: %s$",
        '{"machineName" : "%s"}',
        "UserDomain : %s",
    ), spellings=(str.lower,)),
    Kind("full host name", ("host",), full_host, (
        "%s",
        "dial tcp: lookup %s on 127.0.0.53:53: no such host",
        "https://%s/path?x=1",
        "FQDN: %s",
        '"fqdn":"%s"',
        "dnsName=%s;",
        "certificate is valid for %s, not localhost",
        "host/%s@",
        "%s.",
        "CN=%s",
        "DNS:%s, DNS:localhost",
    ), spellings=(str.upper, lambda v: v + "."), bare=True),
    Kind("full host name under a company's own ending", ("host",), rare_host, (
        "lookup %s on 127.0.0.53:53: no such host",
        "https://%s/path",
        "FQDN : %s",
        "proxy.url : http://%s:8080",
        "Machine FQDN                            : %s",
        "Trying to reach %s:443",
    ), spellings=(str.upper,)),
    Kind("proxy", ("host",), full_host, (
        "Using HTTPS Proxy                       : http://%s:8080",
        "proxyconnect tcp: dial tcp: lookup %s: no such host",
        "HTTP_PROXY=%s:3128",
        "Proxy-Server: http=%s:8080;https=%s:8080",
        '{"proxy.url": "http://%s:8080"}',
        "proxy.bypass: Arc,%s",
        "    Proxy Server(s) :  %s:8080",
        "PROXY %s:8080; DIRECT",
        "[Service]\nEnvironment=\"HTTPS_PROXY=http://%s:8080\"",
    ), bare=True),
    Kind("short proxy name", ("host",), machine, (
        "Using HTTPS Proxy                       : http://%s:8080",
        "    Proxy Server(s) :  %s:8080",
        "PROXY %s:8080; DIRECT",
        "proxy.url=%s:3128",
        "http://svc@%s:8080",
        "HTTPS_PROXY=%s:3128",
    )),
    Kind("domain of Active Directory", ("domain", "host"), domain, (
        "USERDNSDOMAIN=%s",
        "Domain: %s",
        "Primary Dns Suffix  . . . . . . . : %s",
        "search %s",
        "nameserver 127.0.0.53\nsearch %s",
        "domain-name: %s",
        "  realm-name: %s",
        "joined to the domain %s",
        '{"domainName": "%s"}',
        '{"domain":"%s"}',
        "The processing of Group Policy failed for domain %s",
        "krbtgt/%s@",
        "_ldap._tcp.dc._msdcs.%s",
    ), spellings=(str.upper, lambda v: ",".join(f"DC={part}" for part in v.split(".")))),
    Kind("NetBIOS name of a domain", ("domain",), short_domain, (
        "owner %s\\svcarc of it",
        '{"account":"%s\\\\svcarc"}',
        "USERDOMAIN=%s",
        "Account Domain:\t\t%s",
        "LogonDomain : %s",
        "Run as %s\\Administrator",
        "NetBIOS domain name: %s",
    ), spellings=(str.lower,)),
    Kind("user name", ("user",), user, (
        "owner CORPX\\%s of it",
        "/home/%s/.ssh/known_hosts",
        "C:\\Users\\%s\\AppData\\Local",
        '{"path":"C:\\\\Users\\\\%s\\\\AppData"}',
        "USERNAME=%s",
        "SUDO_USER=%s",
        "session opened for user %s by (uid=0)",
        "uid=1001(%s) gid=1001",
        "Account Name:\t\t%s",
        "sudo:   %s : TTY=pts/0 ; PWD=/tmp ; COMMAND=/usr/bin/azcmagent",
        "Accepted publickey for %s from 127.0.0.1",
        "%s@srvqx:~$ azcmagent show",
        "User Name:                 %s",
        "RunAsUser : %s",
        "runas /user:%s cmd",
        "-rw------- 1 %s users 120 Mar  1 08:00 a.log",
    ), spellings=(str.upper,)),
    Kind("user name of Azure", ("mail", "user"), mail, ("%s", "upn=%s", "user %s signed in", '"upn":"%s"', "Signed in as %s."), bare=True),
    Kind("mail address", ("mail",), mail, ("%s", "mailto:%s", "From: J. D. <%s>", "contact=%s;"), spellings=(str.upper,), bare=True),
    Kind("subscription", ("subscription",), guid, (
        "/subscriptions/%s/resourceGroups/x",
        "Subscription ID                         : %s",
        "azcmagent connect --subscription-id %s",
        'azcmagent connect --subscription-id "%s" -g x',
        '{"subscriptionId":"%s"}',
        "The subscription '%s' could not be found.",
        "subscription=%s",
    ), spellings=(str.upper,), bare=True),
    Kind("tenant", ("tenant",), guid, (
        "https://login.microsoftonline.com/%s/oauth2/v2.0/token",
        "https://sts.windows.net/%s/",
        "Tenant ID                               : %s",
        "azcmagent connect --tenant-id %s",
        '{"tenantId":"%s"}',
        "x-ms-tenant=%s tenant_id=%s",
    ), spellings=(str.upper,), bare=True),
    Kind("object id", ("guid",), guid, (
        "%s",
        '{"oid":"%s"}',
        "object id '%s' does not have authorization",
        "Application with identifier '%s' was not found",
        "AADSTS700016: %s",
        "{%s}",
        "vmUuid=%s",
    ), spellings=(str.upper,), bare=True),
    Kind("resource group", ("resource-group",), group, (
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/%s/providers/Microsoft.HybridCompute",
        "%%2FresourceGroups%%2F%s%%2Fproviders",
        "Resource Group Name                     : %s",
        '{"resourceGroup":"%s"}',
        "azcmagent connect --resource-group %s",
        "azcmagent connect -g %s -l westeurope",
        "Resource group '%s' could not be found.",
        "RESOURCE_GROUP=%s",
        "-ResourceGroupName %s",
    ), spellings=(str.upper,)),
    Kind("resource group of odd letters", ("resource-group",), odd_group, (
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/%s/providers/Microsoft.HybridCompute",
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/%s",
    )),
    Kind("name of a resource", ("resource",), resource, (
        f"{RID}/Microsoft.Storage/storageAccounts/%s",
        f"{RID}/Microsoft.HybridCompute/privateLinkScopes/%s/",
        f"{RID}/Microsoft.KeyVault/vaults/%s",
        f"{RID}/Microsoft.OperationalInsights/workspaces/%s",
        f"{RID}/Microsoft.Network/virtualNetworks/%s/subnets/default",
        f"{RID}/Microsoft.Network/virtualNetworks/vnetqq/subnets/%s",
        f"{RID}/Microsoft.Contoso.Odd/someThings/%s",
        f"{RID}/Microsoft.HybridCompute/gateways/%s",
        "providers/Microsoft.Authorization/policyAssignments/%s",
        '{"id":"\\/subscriptions\\/00000000-0000-0000-0000-000000000000\\/resourceGroups\\/rg\\/providers\\/Microsoft.Storage\\/storageAccounts\\/%s"}',
    ), spellings=(str.upper,)),
    Kind("private IPv4", ("ip-private",), private_ip, (
        "%s", "nameserver %s", "dial tcp %s:443: i/o timeout", "http://%s:3128/", "inet %s/24 brd 127.0.0.1",
        "src=%s dst=127.0.0.1", "%s-127.0.0.1", "IPv4 Address. . . : %s(Preferred)", "tcp/%s", "from_%s_to",
    ), spellings=(mapped, reversed_four), bare=True),
    Kind("public IPv4", ("ip-public",), public_ip, (
        "%s", "nameserver %s", "dial tcp %s:443: i/o timeout", "https://%s/", "X-Forwarded-For: %s, 127.0.0.1",
        "no route to %s.", "[%s]:443",
    ), spellings=(mapped, reversed_four), bare=True),
    Kind("private IPv6", ("ip-private",), private_six, (
        "%s", "dial tcp [%s]:443: connect", "https://[%s]:8443/", "inet6 %s/64 scope global", "nameserver %s",
        "src=%s,dst=::1",
    ), spellings=(str.upper, exploded, with_four, reversed_six, literal_six), bare=True),
    Kind("public IPv6", ("ip-public",), public_six, (
        "%s", "dial tcp [%s]:443: connect", "inet6 %s/64 scope global", "%%5B%s%%5D", "AAAA %s",
    ), spellings=(str.upper, exploded, with_four, reversed_six), bare=True),
    Kind("short IPv6", ("ip-public",), short_six, ("%s", "[%s]:443", "via %s dev eth0", "%s/128"),
         spellings=(str.upper, exploded, reversed_six), bare=True),
    Kind("IPv6 of a link", ("ip-link-local",), link_six, ("%s", "%s%%eth0", "fe80::%%lo via %s%%12", "[%s%%25eth0]:443"),
         spellings=(str.upper, exploded), bare=True),
    Kind("MAC address", ("mac",), mac, ("%s", "link/ether %s brd ff:ff:ff:ff:ff:ff", "Physical Address. . . : %s", '"mac":"%s"', "lladdr %s REACHABLE", "hwaddr=%s,"),
         spellings=(str.upper, lambda v: v.replace(":", "-"), lambda v: v.replace(":", "-").upper(), cisco), bare=True),
    Kind("MAC address without signs", ("mac",), lambda rng: digits(mac(rng)), ("MACAddress : %s", "mac=%s", '"macAddress": "%s"', "MAC: %s"), bare=False, spreads=True),
    Kind("SID", ("sid",), sid, ("%s", "S-1-5-21-1-2-3 and %s", "SeServiceLogonRight = *%s,*S-1-5-80-0", "O:%sG:BA", "HKEY_USERS\\%s\\Software", "%s_Classes"),
         spellings=(str.lower,), bare=True),
    Kind("name in a certificate", ("name",), company, ("CN=%s", "issuer=C = DE, O = %s, CN = Root", "subject: O=%s; CN=x", 'Issuer: "CN=%s, O=Some"', "x509: issued by CN=%s,DC=a"),
         spellings=()),
)  # fmt: skip
