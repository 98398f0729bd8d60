r"""Where Windows keeps what is looked at. Exports of a whole registry are large: only these keys are kept of them."""

from __future__ import annotations

from arcdiag.logs.values.registry import normal

CONTROL = r"HKLM\SYSTEM\CurrentControlSet\Control"
SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
POLICIES = r"HKLM\SOFTWARE\Policies"
MICROSOFT = r"HKLM\SOFTWARE\Microsoft"
VERSION = rf"{MICROSOFT}\Windows\CurrentVersion"

SYSTEM_POLICY = rf"{POLICIES}\Microsoft\Windows\System"
POWERSHELL_POLICY = rf"{POLICIES}\Microsoft\Windows\PowerShell"
AUTH_ROOT_POLICY = rf"{POLICIES}\Microsoft\SystemCertificates\AuthRoot"
CIPHERS_POLICY = rf"{POLICIES}\Microsoft\Cryptography\Configuration\SSL\00010002"
CIPHERS_LOCAL = rf"{CONTROL}\Cryptography\Configuration\Local\SSL\00010002"
PROTOCOLS = rf"{CONTROL}\SecurityProviders\SCHANNEL\Protocols"
FIPS = rf"{CONTROL}\Lsa\FIPSAlgorithmPolicy"
KERNEL = rf"{CONTROL}\Session Manager\Kernel"
SESSION_MANAGER = rf"{CONTROL}\Session Manager"
ENVIRONMENT = rf"{CONTROL}\Session Manager\Environment"
TIME = rf"{SERVICES}\W32Time\Parameters"
NET = rf"{MICROSOFT}\.NETFramework\v4.0.30319"
NET_32 = r"HKLM\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319"
NET_SETUP = rf"{MICROSOFT}\NET Framework Setup\NDP\v4\Full"
POWERSHELL = rf"{MICROSOFT}\PowerShell\3\PowerShellEngine"
POWERSHELL_OLD = rf"{MICROSOFT}\PowerShell\1\PowerShellEngine"
CBS = rf"{VERSION}\Component Based Servicing"
WINDOWS_UPDATE = rf"{VERSION}\WindowsUpdate\Auto Update"
WINHTTP = rf"{VERSION}\Internet Settings\Connections"
WININET = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings"
UNINSTALL = rf"{VERSION}\Uninstall"

WANTED = (
    POLICIES,
    r"HKLM\SYSTEM\Select",
    CONTROL + r"\Cryptography\Configuration",
    CONTROL + r"\SecurityProviders",
    CONTROL + r"\Lsa",
    CONTROL + r"\Session Manager",
    CONTROL + r"\SystemInformation",
    CONTROL + r"\BIOS",
    CONTROL + r"\Windows",
    SERVICES,
    r"HKLM\HARDWARE\DESCRIPTION\System",
    MICROSOFT + r"\.NETFramework",
    r"HKLM\SOFTWARE\WOW6432Node\Microsoft\.NETFramework",
    MICROSOFT + r"\NET Framework Setup",
    MICROSOFT + r"\PowerShell",
    MICROSOFT + r"\GuestAgent",
    MICROSOFT + r"\Virtual Machine",
    MICROSOFT + r"\Windows Azure",
    MICROSOFT + r"\Windows NT\CurrentVersion",
    CBS,
    VERSION + r"\WindowsUpdate",
    VERSION + r"\Internet Settings",
    UNINSTALL,
    WININET,
)
"""What decoders read; keys above them are kept without values, so that it is known what a recording covers."""

_WANTED = tuple(normal(key) for key in WANTED)
_CURRENT = r"hklm\system\currentcontrolset"


def is_wanted(key: str) -> bool:
    """Whether a decoder may ask for a key (as `normal` writes it)."""
    if key.startswith(r"hklm\system\controlset"):
        key = _CURRENT + key[len(r"hklm\system\controlset000") :]
    return any(key == wanted or key.startswith(wanted + "\\") for wanted in _WANTED)
