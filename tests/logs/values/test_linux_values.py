"""Recorded values of a Linux machine: the audit log, repositories, `azcmagent config list`."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.logs.values.audit import decode_denials
from arcdiag.logs.values.config_list import decode_config_list
from arcdiag.logs.values.repository import decode_repositories
from arcdiag.pipeline import analyze

AVC = 'type=AVC msg=audit({at}.1:{n}): avc:  denied  {{ execute }} for  pid=9 comm="{comm}" tclass=file permissive={p}'


def avc(at: int = 1000, n: int = 1, comm: str = "himds", permissive: int = 0) -> str:
    return AVC.format(at=at, n=n, comm=comm, p=permissive)


def test_denials_of_the_agent_s_programs_count_and_others_do_not() -> None:
    lines = [
        avc(n=1),
        avc(n=2, comm="httpd"),
        avc(n=3, permissive=1),
        avc(at=10, n=4),
        avc(n=5, comm="gc_linux_servic"),
    ]
    value = decode_denials("\n".join(lines), since=500)
    assert (value["count"], value["permissive"]) == (2, 1)
    assert value["programs"] == ["gc_linux_servic", "himds"]
    assert value["by"] == ["selinux"]
    assert value["last"] == "1970-01-01T00:16:40Z"
    assert decode_denials("")["count"] == 0


def test_an_event_in_several_records_is_one_denial() -> None:
    text = "\n".join(
        [
            "type=FANOTIFY msg=audit(1000.5:9): resp=2 fan_type=1 fan_info=0 subj_trust=2 obj_trust=0",
            'type=SYSCALL msg=audit(1000.5:9): arch=c000003e syscall=59 success=no comm="himds" exe="/usr/lib/systemd/systemd"',
            "type=FANOTIFY msg=audit(1000.6:10): resp=1",
            'type=SYSCALL msg=audit(1000.6:10): syscall=59 success=yes comm="himds"',
            'type=AVC msg=audit(1001.0:11): apparmor="DENIED" operation="open" profile="/opt/azcmagent/bin/himds" comm="x"',
        ]
    )
    value = decode_denials(text)
    assert (value["count"], value["by"]) == (2, ["apparmor", "fapolicyd"])


URL = "https://packages.microsoft.com/ubuntu/22.04/prod"


def test_repositories_in_every_form() -> None:
    texts = {
        "/etc/apt/sources.list": "deb http://deb.example.com/debian bookworm main\n",
        "/etc/apt/sources.list.d/microsoft-prod.list": f"deb [arch=amd64 signed-by=/usr/share/keyrings/a.gpg] {URL} jammy main\n",
    }
    value = decode_repositories(texts)
    assert value is not None
    assert (value["enabled"], value["suites"], value["signed_by_conflict"]) == (True, ["jammy"], False)
    assert value["signed_by"] == ["/usr/share/keyrings/a.gpg"]
    again = texts | {
        "/etc/apt/sources.list.d/ms.sources": f"Types: deb\nURIs: {URL}/\nSuites: jammy\nSigned-By: /etc/b.gpg\n"
    }
    value = decode_repositories(again)
    assert value is not None and value["signed_by_conflict"] is True
    value = decode_repositories({"/etc/apt/sources.list.d/x.list": f"# deb {URL} jammy main\n"})
    assert value is not None and value["enabled"] is False
    rpm = "[packages-microsoft-com-prod]\nname=Microsoft\nbaseurl=https://packages.microsoft.com/rhel/9/prod/\nenabled=0\n"
    value = decode_repositories({"/etc/yum.repos.d/microsoft-prod.repo": rpm})
    assert value is not None and value["enabled"] is False
    assert decode_repositories({"/etc/apt/sources.list": "deb http://deb.example.com/debian bookworm main\n"}) is None


CONFIG_LIST = """\
Local Configuration Settings
  incomingconnections.enabled (preview)                 : true
  incomingconnections.ports (preview)                   : []
  connection.type (preview)                             : gateway
  proxy.url                                             : http://proxy.example.com:8080
  proxy.bypass                                          : [AAD, ARM]
  extensions.allowlist                                  : []
  config.mode                                           : full
  extensions.agent.cpulimit : 30
"""


def test_settings_as_the_agent_lists_them(tmp_path: Path) -> None:
    value = decode_config_list(CONFIG_LIST)
    assert value["incomingconnections.enabled"] is True
    assert value["proxy.bypass"] == ["AAD", "ARM"]
    assert (value["extensions.allowlist"], value["connection.type"]) == ([], "gateway")
    assert value["extensions.agent.cpulimit"] == "30"
    assert decode_config_list("nothing here: really\n") == {}
    (tmp_path / "list.txt").write_text(CONFIG_LIST)
    facts = [f for f in analyze(tmp_path).case.facts if f.fact == "config.list"]
    assert [f.value for f in facts] == [value]


@pytest.mark.parametrize("text", ["=" * 70000, "Id=" + "x" * 70000, "[" * 50000, "type=AVC " * 20000])
def test_hostile_texts_end_soon(text: str) -> None:
    assert decode_denials(text)["count"] == 0
    assert decode_config_list(text) == {}
    assert decode_repositories({"/etc/x.repo": text, "/etc/x.sources": text, "/etc/x.list": text}) is None
