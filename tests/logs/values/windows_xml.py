"""XML as gpresult and wevtutil write it, with what a test wants in it."""

from __future__ import annotations

DOMAIN = "{31B2F340-016D-11D2-945F-00C04FB984F9}"
OTHER = "{8B7EF719-3FFF-437A-B318-E77A0ACB8FD9}"
CLEANUP = "Delete user profiles older than a specified number of days on system restart"
_EVENT = "http://schemas.microsoft.com/win/2004/08/events/event"


def gpo(name: str, identifier: str = DOMAIN, order: int = 1, denied: bool = False, enabled: bool = True) -> str:
    return f"""
    <GPO>
      <Name>{name}</Name>
      <Path><Identifier xmlns="http://www.microsoft.com/GroupPolicy/Types">{identifier}</Identifier></Path>
      <Enabled>{str(enabled).lower()}</Enabled>
      <IsValid>true</IsValid>
      <FilterAllowed>true</FilterAllowed>
      <AccessDenied>{str(denied).lower()}</AccessDenied>
      <Link><SOMPath>contoso.example</SOMPath><AppliedOrder>{order}</AppliedOrder><Enabled>true</Enabled></Link>
    </GPO>"""


def _by(identifier: str, precedence: int) -> str:
    return f"""
          <GPO xmlns="http://www.microsoft.com/GroupPolicy/Settings/Base">
            <Identifier xmlns="http://www.microsoft.com/GroupPolicy/Types">{identifier}</Identifier>
          </GPO>
          <Precedence xmlns="http://www.microsoft.com/GroupPolicy/Settings/Base">{precedence}</Precedence>"""


def policy(
    name: str = CLEANUP, days: str = "30", state: str = "Enabled", identifier: str = DOMAIN, precedence: int = 1
) -> str:
    value = f"<q2:Numeric><q2:Name>x</q2:Name><q2:State>{state}</q2:State><q2:Value>{days}</q2:Value></q2:Numeric>"
    return f"""
        <q2:Policy>{_by(identifier, precedence)}
          <q2:Name>{name}</q2:Name>
          <q2:State>{state}</q2:State>
          <q2:Category>System/User Profiles</q2:Category>
          {value if state == "Enabled" else ""}
        </q2:Policy>"""


def registry_setting(key: str, name: str, number: str, identifier: str = DOMAIN) -> str:
    return f"""
        <q2:RegistrySetting>{_by(identifier, 1)}
          <q2:KeyPath>{key}</q2:KeyPath>
          <q2:AdmSetting>false</q2:AdmSetting>
          <q2:Value><q2:Name>{name}</q2:Name><q2:Number>{number}</q2:Number></q2:Value>
        </q2:RegistrySetting>"""


def service_right(*members: str, identifier: str = DOMAIN) -> str:
    named = "".join(
        f'<q2:Member><SID xmlns="t">{m}</SID></q2:Member>'
        if m.startswith("S-1-")
        else f'<q2:Member><Name xmlns="t">{m}</Name></q2:Member>'
        for m in members
    )
    return f"""
        <q2:UserRightsAssignment>{_by(identifier, 1)}
          <q2:Name>SeServiceLogonRight</q2:Name>{named}
        </q2:UserRightsAssignment>"""


def security_option(key: str, number: str) -> str:
    return f"""
        <q2:SecurityOptions>{_by(DOMAIN, 1)}
          <q2:KeyName>{key}</q2:KeyName><q2:SettingNumber>{number}</q2:SettingNumber>
        </q2:SecurityOptions>"""


def rsop(gpos: str = "", settings: str = "", user: str = "", read: str = "2022-05-16T08:17:49.7941964Z") -> str:
    def part(name: str, inner: str, links: str) -> str:
        return f"""
  <{name}>
    <Version>2228228</Version>{links}
    <ExtensionData>
      <Extension xmlns:q2="http://www.microsoft.com/GroupPolicy/Settings/Registry">{inner}
      </Extension>
      <Name xmlns="http://www.microsoft.com/GroupPolicy/Settings">Registry</Name>
    </ExtensionData>
  </{name}>"""

    return f"""<?xml version="1.0" encoding="utf-16"?>
<Rsop xmlns="http://www.microsoft.com/GroupPolicy/Rsop">
  <ReadTime>{read}</ReadTime>
  <DataType>LoggedData</DataType>{part("UserResults", user, "")}{part("ComputerResults", settings, gpos)}
</Rsop>
"""


def event(
    number: int,
    *parameters: str,
    provider: str = "Service Control Manager",
    at: str = "2026-05-01T03:30:52.1234567Z",
    level: int = 2,
    channel: str = "System",
    names: tuple[str, ...] = (),
) -> str:
    """Names of parameters are `param1` and so on, if none are given."""
    named = [*names, *(f"param{i}" for i in range(len(names) + 1, len(parameters) + 1))]
    data = "".join(f"<Data Name='{n}'>{v}</Data>" for n, v in zip(named, parameters, strict=False))
    return (
        f"<Event xmlns='{_EVENT}'><System><Provider Name='{provider}' Guid='{{555908d1-a6d7-4695-8e1e-26931d2012f4}}'/>"
        f"<EventID Qualifiers='49152'>{number}</EventID><Version>0</Version><Level>{level}</Level>"
        f"<TimeCreated SystemTime='{at}'/><EventRecordID>7</EventRecordID><Channel>{channel}</Channel>"
        f"<Computer>app07.contoso.example</Computer></System><EventData>{data}</EventData></Event>"
    )
