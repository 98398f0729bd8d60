from __future__ import annotations

import json
from pathlib import Path

import pytest

from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.host.mentions import MOST_NAMES, TAIL_BYTES, names_in
from arcdiag.collect.host.settings import read_settings
from tests.collect.machine import with_agent, with_system, write


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('Get "https://weu.his.arc.azure.com:443/x": EOF', ("weu.his.arc.azure.com",)),
        ("a.b.example then c.d.example then A.B.example", ("a.b.example", "c.d.example")),
        ("https://a.example.com.evil.test/", ("a.example.com.evil.test",)),
        ("user@mail.example.com -a.b.example- x..y.z.example", ("mail.example.com",)),
        ("10.0.0.1 v1.58.3 himds.log", ()),
        ("", ()),
    ],
)
def test_names_the_last_mention_first(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text) == names


def test_a_log_full_of_names_gives_the_newest_ones_soon() -> None:
    text = " ".join(f"n{i}.his.arc.azure.com" for i in range(20_000)) + " " + "a-" * 100_000 + "." * 1000
    found = names_in(text)
    assert len(found) == MOST_NAMES and found[0] == "n19999.his.arc.azure.com"


def test_configuration_first_then_the_end_of_each_newest_log(tmp_path: Path) -> None:
    with_system(tmp_path)
    with_agent(tmp_path, config={"extra": "https://one.his.arc.azure.com/"})
    old = "early.his.arc.azure.com\n" + "x" * TAIL_BYTES + "\nlate.his.arc.azure.com\n"
    write(tmp_path, "/var/opt/azcmagent/log/himds.log", old)
    sixteen = "wide.his.arc.azure.com".encode("utf-16")
    write(tmp_path, "/var/opt/azcmagent/log/arcproxy.log", sixteen)
    found = read_settings(LinuxHost(tmp_path)).mentioned
    assert found[0] == "one.his.arc.azure.com"
    assert {"late.his.arc.azure.com", "wide.his.arc.azure.com"} <= set(found)
    assert "early.his.arc.azure.com" not in found


@pytest.mark.parametrize(
    ("config", "onboarded", "scope"),
    [
        ({"resourceName": "web01"}, True, False),
        ({"resourceName": "", "vmId": ""}, False, False),
        ({"vmId": "v", "privateLinkScopeResourceId": "/subscriptions/x"}, True, True),
        (None, None, None),
    ],
)
def test_a_place_in_azure_and_a_scope(
    tmp_path: Path, config: dict[str, str] | None, onboarded: bool | None, scope: bool | None
) -> None:
    with_system(tmp_path)
    write(tmp_path, "/var/opt/azcmagent/agentconfig.json", json.dumps(config) if config is not None else "{")
    settings = read_settings(LinuxHost(tmp_path))
    assert (settings.onboarded, settings.private_link) == (onboarded, scope)


def test_without_an_agent_there_is_no_place_and_no_scope(tmp_path: Path) -> None:
    with_system(tmp_path)
    settings = read_settings(LinuxHost(tmp_path))
    assert (settings.onboarded, settings.private_link, settings.installed) == (False, False, False)
