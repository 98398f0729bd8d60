"""Nothing of a planted identifier in anything that leaves: bundles, file names, reports, comparisons."""

from __future__ import annotations

import io
import json
import os
import random
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from arcdiag.case.write import CaseWriter
from arcdiag.cli.bundle_reports import BundleReports
from arcdiag.cli.compare import command as compare_command
from arcdiag.cli.output import FORMATS, render
from arcdiag.cli.redact import identifiers_of, map_path, redact_to
from arcdiag.model.case import Manifest
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.pipeline import analyze
from arcdiag.report.probe_text import render_probe
from tests.redact.carriers import OUTER, makes_sense
from tests.redact.identifiers.kinds import KINDS, Kind, full_host, machine, mail, private_ip, user
from tests.redact.identifiers.left import readings, squeezed
from tests.redact.identifiers.passes import RULES

FAILURE = (
    'time="2026-03-01T08:00:01Z" level=error msg="failed" Error="AZCM0026: dial tcp: lookup gbl.his.arc.azure.com on '
    '10.99.98.97:53: no such host %s"\n'
)
PLACES = 26


def planted(kind: Kind) -> Iterator[tuple[str, bytes]]:
    """Values of one kind, each with a file in which it stands."""
    rng = random.Random(f"outputs {kind.id}")
    names = list(OUTER)
    for number in range(PLACES):
        value = kind.value(rng)
        text = kind.texts[number % len(kind.texts)].replace("%s", value).replace("%%", "%")
        outer = names[number * len(names) // PLACES]
        body = OUTER[outer](text) if makes_sense(outer, text) else text + "\n"
        # Half of them in an error that the report quotes.
        inside = number % 2 and "wrapped" not in outer and "\0" not in body
        body = FAILURE % json.dumps(" ".join(body.split()))[1:-1] if inside else body + FAILURE % "x"
        yield value, body.encode(("utf-8", "utf-8", "utf-16", "utf-8", "utf-16-le")[number % 5])


def plant(folder: Path) -> list[str]:
    values, logs = [], {}
    for at, kind in enumerate(KINDS):
        for number, (value, data) in enumerate(planted(kind)):
            values.append(value)
            logs[f"{at}-{number}.log"] = data
    rng = random.Random("names")
    host, name, full = machine(rng), user(rng), full_host(rng)
    told = f"Resource Name : {host}\nuser={name}\nFQDN: {full}\n"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(f"{host}/{full}.log", told)
        archive.writestr(f"home_{name}_{host.upper()}.log", FAILURE % host)
    (folder / f"logs-{host}.zip").write_bytes(inner.getvalue())
    (folder / f"{full}.txt").write_text(told)
    (folder / "tool.exe").write_bytes(b"MZ\0\0" + bytes(range(256)) * 20)
    for path, data in logs.items():
        (folder / path).write_bytes(data)
    return [*values, host, name, full]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Two redacted cases, `copy.zip` of a folder and `bundle.zip` of a bundle, and what was planted in them."""
    place = tmp_path_factory.mktemp("outputs")
    folder = place / "in"
    folder.mkdir()
    values = plant(folder)
    rng = random.Random("bundle")
    host, name, full, address, post = machine(rng), user(rng), full_host(rng), private_ip(rng), mail(rng)
    values += [host, name, full, address, post]
    manifest = Manifest("1.0", "0.1.0", "1", host, "linux", "2026-03-01T08:00:00Z", 0, f"CORPX\\{name}", True)
    with CaseWriter(place / "whole.zip", manifest) as writer:
        for path in sorted(folder.glob("*.log"))[::3]:
            writer.add_file(f"logs/{host}/{path.name}", "text", path, 10_000_000)
        writer.leave_out(f"/home/{name}/a.log", f"no right to read it on {host}")
        told = {"hostname": host, "fqdn": full, "list": [{"address": address}, f"owner {post}"]}
        writer.add_facts([Fact("machine.host", None, FactStatus.OK, told, reason=f"asked {full} at {address}")])
    redact_to(str(folder), place / "copy.zip", identifiers_of(RULES))
    reports = BundleReports(lambda: RULES, lambda: "bundle.zip", "en")
    redact_to(str(place / "whole.zip"), place / "bundle.zip", identifiers_of(RULES), reports)
    return place, values


def check(values: list[str], text: str, where: str) -> None:
    plain = squeezed(text)
    assert [value for value in values if squeezed(value) in plain] == [], where


@pytest.mark.parametrize("name", ["copy.zip", "bundle.zip"])
def test_bundles(outputs: tuple[Path, list[str]], name: str) -> None:
    place, values = outputs
    with zipfile.ZipFile(place / name) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    check(values, "\n".join(members), "names")
    assert len(members) > len(KINDS) * PLACES // 4
    for at in range(6):
        check(values, "\n".join(readings(data)[at] for data in members.values()), f"reading {at}")
    removed = {item["kind"] for item in json.loads(members["redaction.json"])["removed"]}
    assert {kind.token[0] for kind in KINDS} - removed <= ({"mail"} if name == "bundle.zip" else set())
    if name == "bundle.zip":
        assert {"diagnosis.json", "report.html", "manifest.json"} <= set(members)
        assert "«host:" in json.loads(members["manifest.json"])["left_out"][0]["why"]


def test_the_private_map_is_a_file_of_its_own(outputs: tuple[Path, list[str]]) -> None:
    place, values = outputs
    private = map_path(place / "copy.zip")
    assert "PRIVATE" in private.name and "do-not-send" in private.name
    assert stat.S_IMODE(private.stat().st_mode) == 0o600 or os.name == "nt"
    tokens = json.loads(private.read_text(encoding="utf-8"))["tokens"]
    assert len(set(tokens.values()) & {value.lower() for value in values}) > len(values) // 2


@pytest.mark.parametrize("format_", [*FORMATS, "probe"])
def test_reports(outputs: tuple[Path, list[str]], format_: str) -> None:
    place, values = outputs
    for name in ("copy.zip", "bundle.zip"):
        diagnosis = analyze(place / name, RULES)
        text = render_probe(diagnosis, RULES, 80) if format_ == "probe" else render(diagnosis, RULES, format_)
        assert len(text) > 500
        check(values, text, f"{name} {format_}")


@pytest.mark.parametrize("format_", ["text", "json", "html"])
def test_comparisons(outputs: tuple[Path, list[str]], format_: str) -> None:
    place, values = outputs
    asked = [str(place / "copy.zip"), str(place / "bundle.zip"), "--format", format_]
    said = CliRunner().invoke(compare_command, asked, standalone_mode=False, catch_exceptions=False)
    assert said.return_value in (0, 1) and said.output
    check(values, said.output, format_)
