"""Where host and domain names stand that have no shape of their own."""

from __future__ import annotations

from arcdiag.redact.identifiers.context import (
    BYPASS,
    HOST,
    HOSTS,
    QUOTE,
    SLASH,
    UNC_HOST,
    URL_LEAD,
    Context,
    Reach,
    behind,
    keyed,
)
from arcdiag.redact.identifiers.tokens import IdKind

_NAME = r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
_DOTTED = rf"(?P<v>{_NAME}(?:[ \t,;]{{1,2}}{_NAME}){{0,8}})(?![(\w])"
# Most addresses of the web have nothing before the host: one look behind it tells.
_USER_INFO = r"(?:(?=[A-Za-z0-9_.-]{1,253}+[/\s\"'<>])|[^\s/@\"'<>]{1,200}@|(?![^\s/@\"'<>]{1,200}(?:@|\xc2\xabmail:)))"
_END = r"(?=[\0:/\s\"'\\?,;)\]<&|]|%)"
_KEYS = """
resource_name machine_name computer computer_name host_name node_name fqdn machine_fqdn dns_name dns_host_name vm_name
netbios_name netbios_computer_name cs_name csdnshostname cs_dns_host_name pscomputername cscaption static_hostname
transient_hostname server_name source_workstation caller_computer workstation_name workstation system_name
logon_server logonserver domain_controller dc_name client_name device_name principal_host
srcname dstname authserver management_point kdc_called
cache_host devname full_computer_name rechnername computername gerätename anmeldeserver arbeitsstationsname
vollständiger_computername nom_de_l'ordinateur nom_d'hôte nom_de_l'hôte nombre_de_host nome_host nome_computer
nome_do_computador nazwa_komputera nazwa_hosta имя_компьютера имя_узла sunucu_adı bilgisayar_adı
cluster_name owner_node device_host_name shost dvchost src_host dst_host serveur_d'ouverture_de_session
servidor_de_inicio_de_sesión server_di_accesso ログオン_サーバー 로그온_서버 登录服务器 logon_server_name
nom_du_serveur nombre_del_servidor nombre_del_equipo servername 컴퓨터_이름 호스트_이름 호스트명 서버_이름 서버명
ホスト名 コンピューター名 コンピュータ名 サーバー名 サーバ名 主机名 计算机名 服务器名称 服务器名 服务器
"""
_DOMAIN_KEYS = """
user_dns_domain user_domain dns_domain primary_dns_suffix dns_suffix dns_suffix_search_list domain_name account_domain
logon_domain netbios_domain_name netbios_domain realm realm_name ad_domain default_realm subject_domain_name
target_domain_name workgroup_or_domain dns_domain_name forest forest_name domäne kontodomäne workgroup
arbeitsgruppe primäres_dns_suffix
dns_suffixsuchliste domaine dominio 도메인 주_dns_접미사 ドメイン プライマリ_dns_サフィックス 主_dns_后缀
"""
_PROXY_KEYS = """
proxy http_proxy https_proxy all_proxy ftp_proxy no_proxy proxy_url proxy_server proxy_host proxy_bypass proxy_address
using_https_proxy using_http_proxy upstream_proxy
"""
_BYPASS_KEYS = "no_proxy proxy_bypass proxy_bypass_list bypass_list proxy_override"
_SPN = ("http/", "https/", "host/", "cifs/", "ldap/", "termsrv/", "wsman/", "restrictedkrbhost/", "nfs/")

HOST_CONTEXTS: tuple[Context, ...] = (
    behind(IdKind.HOST, ("/machines", "/virtualmachines", "%2fmachines", "%2fvirtualmachines"), SLASH + HOST),
    keyed(IdKind.HOST, _KEYS, UNC_HOST),
    keyed(IdKind.HOST, "host node machine server client peer gateway", HOST, reach=Reach.IF_TELLING),
    keyed(IdKind.HOST, "servers hosts machines computers nodes", HOSTS, reach=Reach.IF_TELLING),
    keyed(IdKind.HOST, _PROXY_KEYS, URL_LEAD + HOSTS, reach=Reach.IF_TELLING),
    keyed(IdKind.HOST, _BYPASS_KEYS, BYPASS),
    keyed(IdKind.DOMAIN, _DOMAIN_KEYS, HOSTS),
    keyed(IdKind.DOMAIN, "domain search domains", HOSTS, reach=Reach.IF_TELLING),
    behind(IdKind.DOMAIN, ("search ", "domain "), rf"{QUOTE}?{_DOTTED}", reach=Reach.HERE, free=True),
    behind(
        IdKind.HOST,
        ("machine ", "computer ", "server ", "host ", "node "),
        rf"{QUOTE}{HOST}(?={QUOTE})",
        reach=Reach.IF_TELLING, free=True,
    ),
    behind(IdKind.HOST, ("://", ":\\/\\/", "%3a%2f%2f"), rf"{_USER_INFO}{HOST}{_END}", reach=Reach.HERE),
    behind(
        IdKind.HOST,
        ("lookup ", "resolve host ", "resolve host: ", "resolve proxy: ", "could not resolve ", "could not resolve: "),
        HOST + r"(?=[\s:,;\"'\\)<&.|`%\0])",
        reach=Reach.HERE, free=True,
    ),
    behind(
        IdKind.HOST,
        ("proxy server ", "proxy host ", "host name ", "dns:", "dns name ", "valid for "),
        HOST + r"(?=[\s:,;\"'\\)<&.|`%\0])",
        reach=Reach.IF_TELLING, free=True,
    ),
    behind(
        IdKind.HOST,
        ("dial tcp ", "dial tcp: ", "connect ", "host: ", "connect to ", "trying ", "connection to ", "connecting to ",
         "reach "),
        HOST + r"(?=:\d)",
        reach=Reach.HERE, free=True,
    ),
    behind(
        IdKind.HOST,
        ("host: ", "connected to "),
        HOST + r"(?= \(|\\{1,15}[rn]|[\r\n])",
        reach=Reach.HERE, free=True,
    ),
    behind(IdKind.HOST, _SPN, HOST + r"(?=[@\s:\"'\\,)<&/|`\]\0])", reach=Reach.IF_TELLING, free=True),
    behind(IdKind.HOST, ("linux ",), HOST + r"(?= \d{1,3}\.\d{1,3}\.\d)", free=True),
    behind(
        IdKind.HOST,
        ("ssh ", "scp ", "sftp "),
        r"(?:-[A-Za-z0-9]{1,3} (?:[\w/.]{1,60} )?){0,3}(?:[A-Za-z0-9_.-]{1,32}@)?" + HOST + r"(?=[\s:\"'\\<&|`])",
        reach=Reach.IF_TELLING, free=True,
    ),
    behind(IdKind.HOST, ("_msdcs.",), HOST),
    behind(IdKind.DOMAIN, ("krbtgt/",), HOST),
)  # fmt: skip
