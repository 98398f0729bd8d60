"""Where the names of people, and of the groups and subscriptions that they made, stand."""

from __future__ import annotations

from arcdiag.redact.identifiers.context import BARE_MAC, GROUP, GUID, QUOTE, SLASH, WORD, Context, behind, keyed
from arcdiag.redact.identifiers.tokens import IdKind

_USER_KEYS = """
user_name logname sudo_user user log_on_user run_as_user run_as owner account_name account login_name logon_name login
sam_account_name samaccountname subject_user_name target_user_name author registered_owner upn principal_name
"""
_MAC_KEYS = "mac mac_address physical_address hwaddr hardware_address permanent_address perm_hwaddr"
_GUIDS = ("microsoftonline.com", "microsoftonline.us", "login.windows.net", "sts.windows.net", "chinacloudapi.cn")


PEOPLE_CONTEXTS: tuple[Context, ...] = (
    behind(IdKind.SUBSCRIPTION, ("subscriptions",), SLASH + GUID),
    keyed(IdKind.SUBSCRIPTION, "subscription_id subscription", GUID),
    behind(IdKind.SUBSCRIPTION, ("subscription ",), QUOTE + GUID, free=True),
    behind(IdKind.TENANT, _GUIDS, SLASH + GUID),
    keyed(IdKind.TENANT, "tenant_id tenant aad_tenant_id tid x_ms_tenant", GUID),
    behind(IdKind.TENANT, ("tenant ",), QUOTE + GUID, free=True),
    behind(IdKind.RESOURCE_GROUP, ("resourcegroups",), SLASH + GROUP),
    keyed(IdKind.RESOURCE_GROUP, "resource_group resource_group_name rg_name", WORD),
    behind(IdKind.RESOURCE_GROUP, ("resource group ",), rf"{QUOTE}{GROUP}(?={QUOTE})", free=True),
    behind(
        IdKind.USER,
        ("/home", "/users", "\\home", "\\users", "%2fhome", "%2fusers", "%5cusers"),
        rf"(?:\\{{1,32}}|{SLASH}|%5[cC]){WORD}",
    ),
    keyed(IdKind.USER, _USER_KEYS, WORD),
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
