"""Nothing of a planted secret in anything that leaves: bundle, file names, reports, messages about errors."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from arcdiag.case.redacted import redact_case
from arcdiag.case.write import CaseWriter
from arcdiag.cli.output import FORMATS, render
from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.model.case import Manifest
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.pipeline import analyze
from tests.redact.carriers import places
from tests.redact.kinds import KINDS, Kind
from tests.redact.left import left_of

MANIFEST = Manifest("1.0", "0.1.0", "1", "srv01", "linux", "2026-03-01T08:00:00Z", 0, "root", True)
FAILURE = (
    'time="2026-03-01T08:00:01Z" level=error msg="failed" Error="AZCM0026: dial tcp: lookup gbl.his.arc.azure.com on '
    '10.0.0.2:53: no such host %s"\n'
)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def by_id(kind: Kind) -> str:
    return kind.id


def planted(folder: Path, kind: Kind) -> list[str]:
    """A folder with the kind's secrets, each in a file and a place of its own, half of them inside error lines."""
    rng = random.Random(f"outputs {kind.id}")
    secrets = []
    chosen = places(kind, "@@@")
    for number in range(30):
        secret = kind.value(rng)
        secrets.append(secret)
        place = places(kind, secret)[number * len(chosen) // 30]
        one_line = " ".join(place.text.replace("\0", " ").split())
        # What a console broke in the middle of a word is no longer one word when its lines are joined by blanks.
        inside = number % 2 and "wrapped" not in place.id
        body = FAILURE % json.dumps(one_line)[1:-1] if inside else place.text + FAILURE % "x"
        (folder / f"log{number}.log").write_text(body, encoding="utf-16" if number % 5 == 4 else "utf-8")
    named = kind.value(rng).replace("/", "_")[:120]
    (folder / f"client_secret={named}.log").write_text(FAILURE % "x")
    return [*secrets, named]


def check(secrets: list[str], text: str, where: str) -> None:
    squeezed = "".join(text.split())
    for secret in secrets:
        assert secret not in squeezed, where
        assert secret[:12] not in squeezed or not left_of(secret, text), where


def texts_of(bundle: Path) -> dict[str, str]:
    with zipfile.ZipFile(bundle) as archive:
        raw = {info.filename: archive.read(info) for info in archive.infolist()}
    return {
        name: data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8") for name, data in raw.items()
    }


@pytest.mark.parametrize("kind", KINDS, ids=by_id)
def test_bundles_and_reports(kind: Kind, tmp_path: Path, rules: RuleSet) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    secrets = planted(folder, kind)
    with CaseWriter(tmp_path / "case.zip", MANIFEST) as writer:
        for path in sorted(folder.iterdir()):
            writer.add_file(f"logs/{path.name}", "text", path, 10_000_000)
            writer.leave_out(path.name, "only to have its name in the list")
        text = places(kind, secrets[0])[0].text
        writer.add_facts([Fact("x.y", None, FactStatus.OK, {"command": text, "list": [text]}, reason=text)])
    redact_case(str(folder), tmp_path / "redacted.zip", None)
    for bundle in (tmp_path / "case.zip", tmp_path / "redacted.zip"):
        for name, text in texts_of(bundle).items():
            check(secrets, name, "a name")
            check(secrets, text, f"{bundle.name} {name}")
        assert (tmp_path / "redacted.zip").stat().st_size > 1000
    diagnosis = analyze(folder, rules)
    for format_ in FORMATS:
        check(secrets, render(diagnosis, rules, format_), format_)


@pytest.mark.parametrize("kind", KINDS[::6], ids=by_id)
def test_messages_about_errors(kind: Kind, tmp_path: Path) -> None:
    secret = kind.value(random.Random(f"errors {kind.id}")).replace("/", "_")[:120]
    (tmp_path / f"password={secret}.zip").write_bytes(b"PK\x03\x04 no zip at all")
    for arguments in (
        ["analyze", str(tmp_path / f"password={secret}.zip")],
        ["analyze", f"nowhere/client_secret={secret}"],
        ["analyze", "--client-secret", f"password={secret}"],
        ["redact", f"nowhere/password={secret}", "-o", str(tmp_path / "x")],
        ["explain", f"client_secret={secret}"],
    ):
        done = subprocess.run([sys.executable, "-m", "arcdiag", *arguments], capture_output=True, check=False)
        assert done.returncode in (2, 0, 1)
        check([secret], (done.stdout + done.stderr).decode(), " ".join(arguments[:1]))
