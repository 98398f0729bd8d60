"""`arcdiag probe` as people call it; what it finds in broken networks is the lab's business."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from arcdiag.report.schema import schema
from tests.namespaces import NEW_NETWORK, available

ROOT = Path(__file__).parents[2]
ARCDIAG = [sys.executable, "-m", "arcdiag"]
needs_namespace = pytest.mark.skipif(not available(), reason="this user may not make a network namespace")


def run(*arguments: str, prefix: list[str] | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()} | {"LC_ALL": "C.UTF-8"}
    command = [*(prefix or []), *ARCDIAG, "probe", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT, check=False, env=environment)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cloud", "AzureGermany"], "--cloud: 'AzureGermany' is not known; one of AzureCloud,"),
        (["--location", "East US 2/.."], "cannot be a region"),
        (["--location", ""], "cannot be a region"),
        (["--timeout", "0"], "1 to 600 seconds"),
        (["--feature", "sq"], "did you mean 'sql'? there are ama, "),
        (["--feature", "esu,nonsense"], "'nonsense' is not known; there are ama, "),
        (["--gateway-url", "https://contoso.example"], "is no Arc gateway"),
        (["--gateway-url", "https://a.gw.arc.azure.com", "--cloud", "AzureUSGovernment"], "there is no Arc gateway in"),
        (["--proxy", "http://me:hush@proxy"], "it has no port"),
        (["--proxy", "http://http://proxy:1"], "a scheme twice"),
        (["--proxy", "ftp://proxy:1"], "http, https and socks5"),
        (["--proxy", "http://proxy:99999"], "no number from 1 to 65535"),
        (["--proxy", "http:/proxy:8080"], "cannot be used"),
        (["--proxy", "socks5://proxy:1"], "does not speak SOCKS"),
        (["--direct", "--proxy", "http://proxy:1"], "run the command once for each"),
    ],
)
def test_what_cannot_be_used_is_one_clear_line(arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert "hush" not in done.stderr


@pytest.mark.parametrize("location", ["East US 2", "EASTUS2", " eastus2 "])
def test_a_region_as_people_write_it(location: str) -> None:
    done = run("--dry-run", "--location", location)
    assert done.returncode == 0
    assert "eastus2-gas.guestconfiguration.azure.com:443" in done.stdout


def test_a_dry_run_names_what_was_asked_for() -> None:
    arguments = ["--feature", "ama", "--proxy", "http://me:hush@what-if.example:3128", "--cloud", "azurecloud"]
    done = run("--dry-run", "--location", "eastus", *arguments)
    assert done.returncode == 0
    assert "eastus.handler.control.monitor.azure.com:443  GET /  direct" in done.stdout
    assert "eastus.handler.control.monitor.azure.com:443  GET /  through what-if.example:3128" in done.stdout
    assert "hush" not in done.stdout


@needs_namespace
@pytest.mark.network
def test_the_document_follows_the_schema_and_names_no_sources() -> None:
    done = run("--json", "--location", "eastus", "--quiet", prefix=NEW_NETWORK)
    document = json.loads(done.stdout)
    jsonschema.validate(document, schema())
    assert document["case"]["sources"] == []
    assert document["endpoints"] and not [e for e in document["endpoints"] if e["failing_layer"] is None]
    assert (done.returncode, done.stderr) == (1, "")


@needs_namespace
@pytest.mark.network
def test_the_table_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    target = tmp_path / "probe.txt"
    done = run("-o", str(target), "--location", "eastus", prefix=NEW_NETWORK)
    text = target.read_text(encoding="utf-8")
    assert (done.returncode, done.stdout) == (1, "")
    assert text.count("FAIL") >= 10 and "PROBLEM: " in text
    assert "done: " in done.stderr
    assert max(map(len, text.splitlines())) <= 100


@needs_namespace
@pytest.mark.network
def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    done = run("-o", str(tmp_path / "none" / "x.html"), "--quiet", "--timeout", "5", prefix=NEW_NETWORK)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "cannot write" in done.stderr


@needs_namespace
@pytest.mark.network
@pytest.mark.parametrize("format_", ["text", "json", "html"])
def test_no_names_if_they_are_to_be_replaced(format_: str) -> None:
    arguments = ["--redact", "identifiers", "--format", format_, "--proxy", "http://qwxproxy7.corp.example:3128"]
    done = run(*arguments, "--quiet", "--timeout", "5", prefix=NEW_NETWORK)
    assert done.returncode == 1, done.stderr
    printed = (done.stdout + done.stderr).lower()
    assert "gbl.his.arc.azure.com" in printed and "«host:" in printed
    assert "qwxproxy7" not in printed and "corp.example" not in printed
    if format_ == "json":
        assert json.loads(done.stdout)["case"]["host"].startswith("«host:")
