"""How programs and people write the names of machines and persons. `§kind§` is a name; nothing of it may be left."""

from __future__ import annotations

import random
import re

from tests.redact.identifiers.kinds import machine, mail, private_ip, user, word

_NAMES = {
    "host": word,  # a word without a digit: only its place tells that it is a name
    "HOST": lambda rng: word(rng).upper(),
    "h7": machine,
    "H7": lambda rng: machine(rng).upper(),
    "fqdn": lambda rng: f"{word(rng)}.{word(rng, 6)}.lan",
    "Fqdn": lambda rng: f"{word(rng).title()}.{word(rng, 6)}.lan",
    "dom": lambda rng: f"{word(rng, 6)}.{word(rng, 5)}.lan",
    "label": lambda rng: word(rng, 6),
    "NB": lambda rng: word(rng, 7).upper(),
    "user": lambda rng: word(rng, 6),
    "login": user,
    "full": lambda rng: f"{word(rng, 6).title()} {word(rng, 7).title()}",
    "firm": lambda rng: f"{word(rng, 7).title()} {word(rng, 8).title()}",
    "ip": private_ip,
    "mail": mail,
    "hex": lambda rng: "".join(rng.choice("0123456789abcdef") for _ in range(32)),
    "pairs": lambda rng: "-".join(f"{byte:02X}" for byte in (0, 0x50, 0x56, *rng.randbytes(3))),
    "colons": lambda rng: ":".join(f"{byte:02x}" for byte in (0, 0x50, 0x56, *rng.randbytes(3))),
}
_PLACE = re.compile("§([A-Za-z0-9]+)§")


def filled(form: str, seed: int) -> tuple[str, dict[str, str]]:
    """The text of a form, and the names that were put into it by place; the same place twice is the same name."""
    rng, made = random.Random(f"{form}{seed}"), dict[str, str]()

    def name(place: re.Match[str]) -> str:
        if place[1] not in made:
            made[place[1]] = _NAMES[place[1].rstrip("2")](rng) if place[1] not in _NAMES else _NAMES[place[1]](rng)
        return made[place[1]]

    return _PLACE.sub(name, form), made


ONLY_HERE = (
    "Connecting to §host§...Could not open connection to the host, on port 3128: Connect failed",
    "サーバー §HOST§（本番）が接続できません。\n",
)
"""A word that a log may also have elsewhere, `Connecting to database...`: no name behind other words."""
OF_PROGRAMS = (
    "Pinging §host§ [§ip§] with 32 bytes of data:",
    "PING §host§ (§ip§) 56(84) bytes of data.\n64 bytes from §host§ (§ip§): icmp_seq=1 ttl=64 time=0.4 ms",
    "From §host§ (§ip§) icmp_seq=2 Destination Host Unreachable",
    "traceroute to gbl.his.arc.azure.com (127.0.0.1), 30 hops max\n 1  §host§ (§ip§)  0.411 ms  0.5 ms\n",
    "  1    <1 ms    <1 ms    <1 ms  §host§ [§ip§]",
    "§host§ (§ip§) at §colons§ [ether] on ens192",
    "WARNING: Name resolution of §host§ failed",
    "Invoke-WebRequest : The remote name could not be resolved: '§host§'",
    'ncat: Could not resolve hostname "§host§": Name or service not known.',
    "ssh: Could not resolve hostname §host§: Name or service not known",
    "curl: (60) SSL: no alternative certificate subject name matches target host name '§host§'",
    "nc -vz §host§ 3128",
    "telnet §host§ 8080\nTrying §ip§...\nConnected to §host§.\nEscape character is '^]'.",
    *ONLY_HERE,
    "Connecting to §h7§...Could not open connection to the host, on port 3128: Connect failed",
    "Test-NetConnection -ComputerName §host§ -Port 443",
    "Resolving §host§ (§host§)... §ip§\nConnecting to §host§ (§host§)|§ip§|:80... connected.",
    "ssh §user§@§host§ 'azcmagent show'\nscp §host2§:/var/opt/azcmagent/log/himds.log .",
    'ok: [§host§]\nfatal: [§host2§]: UNREACHABLE! => {"changed": false, "unreachable": true}',
    "PLAY RECAP ***\n§host§                     : ok=0    changed=0    unreachable=1    failed=0\n",
    "[lnx]\n§host§ ansible_host=§ip§ ansible_user=§user§\n",
    "INFO: Starting Chef Infra Client Run for §host§",
    "[§host§] Connecting to remote server §host§ failed with the following error message : Access is denied.",
    "< X-Cache: MISS from §host§",
    "Generated Thu, 21 Nov 2024 10:02:13 GMT by §host§ (squid/5.7)",
    "CacheErrorInfo&amp;body=CacheHost%3A%20§host§%0D%0AClientIP%3A%20§ip§%0D%0A",
    "node=§host§ type=AVC msg=audit(1732186000.411:99): avc: denied { connectto }",
    'type=USER_LOGIN msg=audit(1732186000.411:99): pid=811 acct="§user§" exe="/usr/sbin/sshd" hostname=§host§ res=success',
    'option host-name "§host§";',
    "11:02:13.411 IP §host§.45122 > §fqdn§.domain: 4711+ A? gbl.his.arc.azure.com. (39)",
    "11:02:13.411 IP §ip§.45122 > §ip2§.3128: Flags [S], seq 1",
    "IN=ens192 OUT= MAC=§colons§:§colons2§:08:00 SRC=§ip§ DST=§ip2§ LEN=60",
    "DHCPv6 Client DUID. . . . . . . . : 00-01-00-01-2C-1A-2B-3C-§pairs§",
    "<30>1 2024-11-21T11:02:13.411Z §host§ himds 911 - - started",
    "<14>Nov 21 11:02:13 §h7§ 1,2024/11/21 11:02:13,001901000001,TRAFFIC,deny,§ip§,a\n",
    "1732186000.411   5012 §ip§ TCP_DENIED/407 4103 CONNECT gbl.his.arc.azure.com:443 §user§ HIER_NONE/- text/html",
    '§ip§ - §user§ [21/Nov/2024:11:02:13 +0100] "CONNECT gbl.his.arc.azure.com:443 HTTP/1.1" 407 0',
    "NTLM auth failed for user=[§NB§]\\[§user§]@[§HOST§]",
    "HOST/§host§ HOST/§host§.§dom§ RestrictedKrbHost/§host§",
    "<27>1 2026-05-03T08:00:01.000123+00:00 §host§ himds 611 - - started",
    "< Via: 1.1 §host§ (Skyhigh Web Gateway 11.2.15.45119)",
    "AADSTS500021: Access to '§firm§' tenant is denied.",
    "Resource '§host§' was disallowed by policy. The resource '§h7§' already exists in location 'westus'.",
    '{\n    "name": "§h7§",\n    "location": "westeurope"\n}',
    "az vm show -g x -n §host§",
    "Client: §user§ @ CORP\nKdc Called: §host§",
    "File written: azcmagent-logs-20241121T1102-§HOST§.zip",
    "azcmagent connect -n §host§ -g x",
    "az connectedmachine show -n §host§ -g x",
    "§host§:~ # azcmagent show",
    "[§h7§]: PS C:\\Windows> azcmagent show",
    "$ hostname\n§host§\n",
    "Machine: §HOST§ (Microsoft Windows NT 10.0.17763.0)",
    "function FindProxyForURL(url, host) {\n  if (shExpMatch(host, \"§host§*\")) return 'DIRECT';\n}",
    "https://portal.azure.com/#@§label§.onmicrosoft.com/resource/x",
    "https://§label§-kv.vault.azure.net/secrets/x",
    'failed to verify candidate authority certificate "§firm§"',
    "AADSTS700016: the application was not found in the directory '§firm§'.",
    '{\n  "homeTenantId": "00000000-0000-0000-0000-000000000000",\n  "id": "x",\n  "name": "§firm§"\n}',
    '{"host":{"name":"§host§","ip":["§ip§"]},"user":{"name":"§user§","domain":"§NB§"}}',
    '{"_HOSTNAME":"§host§","_MACHINE_ID":"§hex§","MESSAGE":"up"}',
    "      Machine ID: §hex§\n         Boot ID: §hex2§\n",
)
OF_MACHINES = (
    "LOGONSERVER=\\\\§HOST§",
    "Logon Server:              \\\\§HOST§",
    "whoami\n§label§\\§user§\n",
    "User Name      SID\n============== ==========================================\n§label§\\§user§ S-1-5-21-1004336348-1177238915-682003330-1105\n",
    "Computer name                        \\\\§HOST§\nFull Computer name                   §Fqdn§\n"
    "User name                            §user§\nWorkstation domain                   §NB§\n",
    "Full Name                    §full§\nAccount active               Yes\n",
    "Registered Owner:          §full§\nRegistered Organization:   §firm§\n",
    "\\\\§HOST§            SQL Server\n\\\\§HOST2§\n",
    "    §HOST§         <00>  UNIQUE      Registered\n    §NB§        <00>  GROUP       Registered\n",
    "   DC: \\\\§HOST§\n Dc Site Name: §firm§\nOur Site Name: §firm§\n",
    "DistinguishedName : CN=x,OU=Server,DC=§label§,DC=§label2§",
    "depth=1 DC = lan, DC = §label§, CN = x",
    "ldap://127.0.0.1:389/CN=x,DC=§label§,DC=lan",
    "127.0.1.1 §host§.§dom§ §host§\n§ip§\t§host2§   §host2§.§dom§ # backup\n",
    "# Generated by NetworkManager\nsearch §label§ §dom§\nnameserver 127.0.0.53\n",
    "      nameservers:\n        search: [§label§, §dom§]\n",
    "no_proxy=localhost,.§dom§,§host§,10.0.0.0/8",
    "    Bypass List     :  *.§dom§;§host§;<local>",
    "Proxy Bypass List                       : [.§label§ §h7§ §ip§/16]",
    "ProxyOverride    REG_SZ    *.§dom§;§host§;<local>",
    "simple_allow_users = §user§, §user2§\n",
    "users:\n  - name: §user§\n    gecos: §full§\n",
    "§user§ pts/0        §ip§        Thu Nov 21 11:02   still logged in\n",
    "§user§  4312  0.0  0.1  22000  5100 pts/0    Ss   11:02   0:00 -bash\n",
    " USERNAME              SESSIONNAME        ID  STATE\n>§user§                 rdp-tcp#3           2  Active\n",
    "§user§:x:1000:1000:§full§,,,:/home/§user§:/bin/bash\n",
)
OF_PEOPLE = (
    'From: "§full§" <§mail§>',
    "From: §full§ <§mail§>",
    "write to §login§(at)contoso.example please",
    "on host §h7§ the agent shows Disconnected since Monday",
    "Our server §H7§ cannot connect; it goes through proxy §h7§ (§ip§).",
    "the machine is called §host§ and has no network",
    "Please whitelist §ip§ for the firewall §h7§.",
    "the AD domain is §label§.local (NetBIOS §NB§)",
    "set up a secure session with a domain controller in domain §NB§ due to the following:",
    "Unser Server §H7§ kommt nicht zu Azure.\nDer Rechner heißt §host§.",
    "Domäne:                        §dom§\nAnmeldeserver:                 \\\\§HOST§\nRegistrierter Besitzer:        §full§\n",
    "\tKontoname:\t\t§HOST§$\n\tKontodomäne:\t\t§NB§\n\tArbeitsstationsname:\t§H7§\n",
    "Ressourcengruppe: §label§",
    "   호스트 이름 . . . . . . . . : §HOST§\n   주 DNS 접미사 . . . . . . . : §dom§\n",
    "   ホスト名. . . . . . . . . . . . . . .: §HOST§\n",
    "서버 §H7§이 Azure Arc에 연결되지 않습니다.\n호스트명은 §host§ 입니다.\n",
    "ホスト名は§host§、ユーザーは§user§です。\n",
    "服务器名称为 §h7§，用户 §user§，代理\n",
    "hostname,ip,user,os\n§host§,§ip§,§user§,Windows Server 2019\n§host2§,§ip2§,§user2§,Windows Server 2022\n",
    "| Server | IP | Status |\n|---|---|---|\n| §host§ | §ip§ | Disconnected |\n| §host2§ | §ip2§ | Connected |\n",
    "<td>Username:</td><td>§user§</td></tr><tr><td>Hostname:</td><td>§host§</td>",
    "proxy.b\u00fccher-§label§.de:3128",
    "blocked from §h7§ [§ip§]",
)
STAY = (
    "the server had a time-out, the host re-registered itself, the proxy auto-config is off, a machine-wide setting",
    "server HTTPS, host TLS12 and proxy HTTP2, node x86_64, machine amd64, host eth0, server Error10060, gateway IPv4",
    "telnet failed, ping failed, nslookup failed, dig failed, host unreachable\nthe connection to localhost closed",
    "no route to host (os error 113) and the server (Apache) answered (200) with [1] entry",
    "Windows Server 2012 R2, SQL Server 2019, machine config v2, Server Core, host key verification failed",
    "issuer=DC = com, DC = microsoft, CN = Microsoft Azure RSA TLS Issuing CA 03",
    "DISPLAY_NAME: Azure Hybrid Instance Metadata Service\nDISPLAY_NAME       : Windows Azure Guest Agent",
    "127.0.0.1 localhost localhost.localdomain localhost4 localhost4.localdomain4\n::1 localhost6\n",
    "no_proxy=localhost,127.0.0.1,169.254.169.254\nproxy.bypass: [Arc, AAD, ARM, ArcData]",
    "az connectedmachine extension create -n AzureMonitorWindowsAgent --type AzureMonitorWindowsAgent",
    "root pts/0\nroot         1  0.0  0.1 pts/0\nroot:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
    "Status,Count,Server\nConnected,3,Apache\nname,value\nmode,full\n",
    "search failed in the log\nsearch: [a, b]\nthe server is called when needed",
    "https://login.windows.net https://a.blob.core.windows.net/x azcmagent connect -l westeurope",
    "release 1.002.003.004 of the module, build 10.0.17763.3650, KB5034441",
)
"""Nothing of these may change, whatever was learnt from them."""
