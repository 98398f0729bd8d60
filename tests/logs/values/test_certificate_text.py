"""The machine's certificate as consoles show it."""

from __future__ import annotations

import pytest

from arcdiag.logs.values.certificate_text import certificate_facts
from arcdiag.model.fact import FactStatus

FOLDER = "/var/opt/azcmagent/certs"
SELF = "drwx------ 2 himds himds 4096 Oct  1 00:02 .\ndrwxr-xr-x 7 root  root  4096 Oct  1 00:03 ..\n"
CERT = "-rw------- 1 himds himds 4433 Oct  1 00:02 myCert\n"
DIR = " Directory of C:\\ProgramData\\AzureConnectedMachineAgent\\Certs\n\n05/01/2024  10:00    <DIR>          .\n"


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        (f"[root@x ~]# ls -la {FOLDER}\ntotal 8\n{SELF}", True),
        (f"[root@x ~]# ls -l {FOLDER}/\ntotal 0\n[root@x ~]# date\n", True),
        (f"[root@x ~]# ls -la {FOLDER}\ntotal 12\n{SELF}{CERT}", False),
        (f"[root@x ~]# ls -l {FOLDER}\ntotal 12\n{CERT}", False),
        (f"[root@x ~]# ls -la {FOLDER}\nls: cannot open directory '{FOLDER}': Permission denied\n", False),
        (f"[root@x ~]# ls -la /var/opt/azcmagent\ntotal 8\n{SELF}", False),
        (f"{DIR}               0 File(s)              0 bytes\n", True),
        (f"{DIR}05/01/2024  10:00             4,433 myCert\n               1 File(s)          4,433 bytes\n", False),
    ],
)
def test_an_empty_folder_is_no_certificate(text: str, absent: bool) -> None:
    assert [fact.status for fact in certificate_facts(text, "x")] == ([FactStatus.ABSENT] if absent else [])


@pytest.mark.parametrize(
    "shown",
    [
        "notBefore=Jun 28 05:02:00 2026 GMT\nnotAfter=Sep 26 05:02:00 2026 GMT\n",
        "        Validity\n            Not Before: Jun 28 05:02:00 2026 GMT\n            Not After : Sep 26 05:02:00 2026 GMT\n",
    ],
)
def test_dates_of_the_machines_own_certificate(shown: str) -> None:
    ask = f"# openssl x509 -in {FOLDER}/myCert -noout -dates\n"
    (fact,) = certificate_facts(ask + shown, "x")
    assert (fact.value["not_before"], fact.value["not_after"]) == (
        "2026-06-28T05:02:00+00:00",
        "2026-09-26T05:02:00+00:00",
    )
    for other in (f"# openssl x509 -in {FOLDER}/myCert.old -noout -dates\n", "# openssl x509 -in /tmp/c -dates\n", ""):
        assert certificate_facts(other + shown, "x") == []
