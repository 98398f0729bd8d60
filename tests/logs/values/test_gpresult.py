"""Policy reports: what a group policy sets on the computer, and which one; in any language where the structure says it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.logs.values.gpresult import CLEANUP_NAMES, read_result
from tests.logs.values.windows_xml import (
    DOMAIN,
    OTHER,
    gpo,
    policy,
    registry_setting,
    rsop,
    security_option,
    service_right,
)

KIOSK = gpo("Kiosk clean-up")


def test_which_policy_deletes_profiles() -> None:
    found = read_result([rsop(KIOSK, policy())])
    assert found.problem is None and found.at == "2022-05-16T08:17:49Z"
    assert found.cleanup is not None
    assert (found.cleanup.value, found.source(found.cleanup.gpo)) == ("30", ("gpo", "Kiosk clean-up"))


@pytest.mark.parametrize("name", CLEANUP_NAMES)
def test_names_in_other_languages(name: str) -> None:
    found = read_result([rsop(KIOSK, policy(name=name))])
    assert found.cleanup is not None and found.cleanup.value == "30"


def test_a_registry_path_needs_no_language() -> None:
    setting = registry_setting(r"Software\Policies\Microsoft\Windows\System", "CleanupProfiles", "45")
    found = read_result([rsop(KIOSK, setting)])
    assert found.cleanup is not None and found.cleanup.value == "45"


def test_the_local_policy() -> None:
    found = read_result([rsop(gpo("Richtlinien der lokalen Gruppe", "LocalGPO"), policy(identifier="LocalGPO"))])
    assert found.cleanup is not None and found.source(found.cleanup.gpo) == ("local", None)


def test_the_winner_has_the_lowest_precedence() -> None:
    both = policy(days="90", precedence=2) + policy(days="30", identifier=OTHER)
    found = read_result([rsop(KIOSK + gpo("Servers", OTHER), both)])
    assert found.cleanup is not None
    assert (found.cleanup.value, found.source(found.cleanup.gpo)) == ("30", ("gpo", "Servers"))


def test_a_disabled_policy_has_no_days() -> None:
    found = read_result([rsop(KIOSK, policy(state="Disabled"))])
    assert found.cleanup is not None and found.cleanup.value is None


def test_the_users_part_is_not_the_computers() -> None:
    found = read_result([rsop(KIOSK, user=policy())])
    assert found.cleanup is None and found.computer


def test_which_policies_apply() -> None:
    gpos = KIOSK + gpo("No right", OTHER, denied=True) + gpo("Empty", "{1}", order=0) + gpo("Off", "{2}", enabled=False)
    assert read_result([rsop(gpos)]).gpos == {
        DOMAIN: ("Kiosk clean-up", True), OTHER: ("No right", False), "{1}": ("Empty", False), "{2}": ("Off", False),
    }  # fmt: skip


def test_rights_and_security_options() -> None:
    option = security_option(r"MACHINE\System\CurrentControlSet\Control\Session Manager\Kernel\ObCaseInsensitive", "0")
    found = read_result([rsop(KIOSK, service_right("S-1-5-80-0", r"CONTOSO\svc") + option)])
    assert found.logon_right is not None and found.logon_right.value == ("S-1-5-80-0", r"CONTOSO\svc")
    values = found.recorded().values(r"HKLM\System\CurrentControlSet\Control\Session Manager\Kernel").value
    assert values is not None and values["obcaseinsensitive"].data == 0


BOMB = """<?xml version="1.0"?><!DOCTYPE Rsop [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c SYSTEM "file:///etc/passwd">]><Rsop><ComputerResults><GPO><Name>&b;&c;</Name></GPO></ComputerResults></Rsop>"""


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        rsop(KIOSK, policy())[:400],
        "<Rsop><ComputerResults><GPO><Name>&undefined;</Name></GPO></ComputerResults></Rsop>",
        "<Rsop>" * 5_000,
        "<Rsop><ComputerResults><Policy " + "a" * 6_000_000,
        "<Rsop><ComputerResults><Policy>" + "<x/>" * 30_000 + "</Policy></ComputerResults></Rsop>",
        "<Rsop><ComputerResults><Policy>" + "x" * 2_000_000 + "</Policy></ComputerResults></Rsop>",
        "<Rsop></all><ComputerResults/>",
        "no XML at all",
    ],
)
def test_damaged_and_hostile_reports_say_what_is_wrong(text: str) -> None:
    blocks = [text[at : at + 100_000] for at in range(0, len(text), 100_000)]
    found = read_result(blocks)
    assert found.problem or not found.computer
    assert not any("root:" in name or "aaaaaaaaaaaaaaaaaaaa" in name for name, _ in found.gpos.values())


def test_what_came_before_the_damage_counts() -> None:
    whole = rsop(KIOSK, policy())
    found = read_result([whole[: whole.index("</ComputerResults>")]])
    assert found.problem
    assert found.cleanup is not None and found.cleanup.value == "30"


@given(st.integers(1, 40), st.integers(0, 10**6))
@settings(max_examples=80, deadline=None)
def test_blocks_may_end_anywhere(size: int, _: int) -> None:
    text = rsop(KIOSK, policy())
    found = read_result([text[at : at + size] for at in range(0, len(text), size)])
    assert found.problem is None and found.cleanup is not None


_TAGS = st.sampled_from(
    ["<Rsop>", "</Rsop>", "<ComputerResults>", "</ComputerResults>", "<GPO>", "</GPO>", "<Policy>", "</Policy>", "<Name>",
     "</Name>", "<Precedence>", "</Precedence>", "x", "9" * 30, "&lt;", "<?xml?>", "<!--", "-->", "<![CDATA[", "]]>", "\0", "\ud800"]
)  # fmt: skip


@given(st.lists(_TAGS, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_tags(text: str) -> None:
    assert read_result([text]).cleanup is None
