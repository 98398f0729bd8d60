"""Where the names of people, and of the groups and subscriptions that they made, stand."""

from __future__ import annotations

from arcdiag.redact.identifiers.context import (
    BARE_ID,
    BARE_MAC,
    FULL_NAME,
    GROUP,
    GUID,
    LOGIN,
    QUOTE,
    SLASH,
    USER_LIST,
    WORD,
    Context,
    Reach,
    behind,
    keyed,
)
from arcdiag.redact.identifiers.tokens import IdKind

_USER_KEYS = """
user_name logname sudo_user user log_on_user run_as_user run_as owner account_name account login_name logon_name login
sam_account_name samaccountname subject_user_name target_user_name author upn principal_name
acct service_start_name kontoname benutzername benutzer anmeldename nom_d'utilisateur utilisateur
nombre_de_usuario usuario nome_utente utilizador usuário kullanıcı имя_пользователя пользователь użytkownik
admin_user_name src_user dst_user suser duser cs_username logged_on_user
사용자_이름 사용자명 사용자 ユーザー名 ユーザ名 用户名 用户 proxy_user
"""
_FULL_NAME_KEYS = """
full_name tenant_name registered_owner registered_organization company_name organization_name
cs_primary_owner_name primary_owner_name os_registered_user registered_user os_organization propriétaire_enregistré
organisation_enregistrée proprietario_registrato organizzazione_registrata proprietário_registrado
organização_registrada organización_registrada 登録されている所有者 登録されている組織 注册的所有人 注册的组织
등록된_소유자 등록된_조직
gecos registrierter_besitzer registrierte_organisation site_name dc_site_name our_site_name
"""
_GROUP_KEYS = """
resource_group resource_group_name rg_name ressourcengruppe groupe_de_ressources grupo_de_recursos 리소스_그룹
リソース_グループ 资源组 资源组名称
"""
_ALLOWED_KEYS = """
simple_allow_users allow_users allowed_users simple_allow_groups allow_groups permitted_groups permitted_logins
"""
_DOES = "cannot|can't|could not|has |does not|is not|to the|logged|signed|hat |kann |ist |darf |auf |s'est|n'a "
_MAC_KEYS = "mac mac_address physical_address hwaddr hardware_address permanent_address perm_hwaddr"
_GUIDS = ("microsoftonline.com", "microsoftonline.us", "login.windows.net", "sts.windows.net", "chinacloudapi.cn")


PEOPLE_CONTEXTS: tuple[Context, ...] = (
    behind(IdKind.SUBSCRIPTION, ("subscriptions",), SLASH + GUID),
    keyed(IdKind.SUBSCRIPTION, "subscription_id subscription", GUID),
    behind(IdKind.SUBSCRIPTION, ("subscription ",), QUOTE + GUID, free=True),
    behind(IdKind.TENANT, _GUIDS, SLASH + GUID),
    keyed(IdKind.GUID, "machine_id boot_id _machine_id _boot_id subscription_id tenant_id", BARE_ID),
    keyed(IdKind.TENANT, "tenant_id tenant aad_tenant_id tid x_ms_tenant", GUID),
    behind(IdKind.TENANT, ("tenant ",), QUOTE + GUID, free=True),
    behind(IdKind.RESOURCE_GROUP, ("resourcegroups",), SLASH + GROUP),
    keyed(IdKind.RESOURCE_GROUP, _GROUP_KEYS, WORD),
    behind(IdKind.RESOURCE_GROUP, ("resource group ",), rf"{QUOTE}{GROUP}(?={QUOTE})", free=True),
    behind(
        IdKind.USER,
        ("/home", "/users", "\\home", "\\users", "%2fhome", "%2fusers", "%5cusers"),
        rf"(?:\\{{1,32}}|{SLASH}|%5[cC]){WORD}",
    ),
    keyed(IdKind.USER, _USER_KEYS, LOGIN),
    keyed(IdKind.USER, _ALLOWED_KEYS, rf"(?P<v>{USER_LIST})"),
    behind(
        IdKind.USER,
        ("for user ", "invalid user ", "from user ", "of user ", "user slice of ", "useradd ", "usermod ", "su - ",
         "sudo -u ", "documents and settings\\", "/var/mail/", "account name ", "user "),
        rf"{QUOTE}{WORD}(?={QUOTE})",
        free=True,
    ),
    behind(
        IdKind.USER,
        ("invalid user ", "disconnected from user ", "of user ", "user slice of ", "useradd ", "su - ", "sudo -u ",
         "documents and settings\\", "/var/mail/", "authenticating user ", "login failed for user "),
        rf"{WORD}(?= from | \d|[.,]?[ \t]*(?:\r?\n|[\"'`<])| on |/|\\)",
        free=True,
    ),
    behind(
        IdKind.USER,
        ("user ", "benutzer ", "l'utilisateur ", "utilisateur ", "usuario "),
        rf"{WORD}(?= (?:{_DOES}))",
        reach=Reach.UNCOMMON,
        free=True,
    ),
    behind(
        IdKind.NAME,
        ("username", "user name"),
        r"[ \t]{0,60}[=:][ \t]{0,40}(?P<v>[A-Z][a-z'-]{1,30}(?: [A-Z][A-Za-z.&'-]{1,30}){1,4})(?=[ \t]*\r?\n)",
        free=True,
    ),
    behind(IdKind.USER, ("cron[", "crond["), rf"\d{{1,9}}\]: \({WORD}(?=\) )"),
    keyed(IdKind.NAME, _FULL_NAME_KEYS, FULL_NAME),
    behind(
        IdKind.USER,
        ("session opened for user", "session closed for user", "password for", "password for invalid user",
         "publickey for", "by user", "as user", "logged in as", "user name is"),
        rf" {QUOTE}?{WORD}",
    ),
    behind(IdKind.USER, ("uid=", "gid=", "euid="), rf"\d{{1,9}}\({WORD}"),
    behind(IdKind.USER, ("sudo: ", "sudo["), rf"(?:\d{{1,9}}\]:)?\s{{0,8}}{WORD}(?= : TTY=)"),
    behind(
        IdKind.USER,
        ("-rw", "drwx", "lrwx", "-r-", "dr-x"),
        rf"[a-zA-Z-]{{6,9}}[.+@]?[ \t]{{1,8}}\d{{1,6}}[ \t]{{1,8}}{WORD}(?=[ \t]{{1,8}}[A-Za-z_])",
    ),
    keyed(IdKind.MAC, _MAC_KEYS, BARE_MAC),
)  # fmt: skip
