"""The last look finds what got past everything else, says so loudly, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from arcdiag.case.write import CaseWriter
from arcdiag.case.zip_out import ZipOut, no_secrets, write_checked
from arcdiag.cli.output import write_stdout, write_whole
from arcdiag.errors import SecretLeftError
from arcdiag.model.case import Manifest
from arcdiag.redact.canary import check_blocks, check_text

MANIFEST = Manifest("1.0", "0.1.0", "1", "srv01", "linux", "2026-03-01T08:00:00Z", 0, "root", True)
SECRET = "Tr0ub4dor77"
LINE = f"level=info password={SECRET}\n"


def refused(error: pytest.ExceptionInfo[SecretLeftError], *words: str) -> None:
    assert error.value.exit_code == 4
    assert SECRET not in str(error.value) and "\n" not in str(error.value)
    for word in ("password", *words):
        assert word in str(error.value)


def test_a_bypass_of_the_writer(tmp_path: Path) -> None:
    with (
        pytest.raises(SecretLeftError) as error,
        CaseWriter(tmp_path / "case.zip", MANIFEST, scrub=lambda data: data + LINE.encode()) as writer,
    ):
        writer.add_text("logs/a.log", "text", "x\n")
    refused(error, "facts.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_a_name_in_a_zip(tmp_path: Path) -> None:
    out = ZipOut(tmp_path / "case.zip")
    out.add(f"password={SECRET}.log", [b"fine\n"])
    with pytest.raises(SecretLeftError) as error:
        out.finish()
    out.abort()
    refused(error)
    assert list(tmp_path.iterdir()) == []


def test_a_single_file(tmp_path: Path) -> None:
    with pytest.raises(SecretLeftError) as error:
        write_checked(tmp_path / "a.log", [b"fine\n", LINE.encode()], (no_secrets,))
    refused(error, "a.log")
    assert list(tmp_path.iterdir()) == []


def test_a_report(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "report.html").write_text("the earlier one")
    with pytest.raises(SecretLeftError) as error:
        write_whole(tmp_path / "report.html", f"<td>password={SECRET}</td>".encode())
    refused(error, "report.html")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["the earlier one"]
    with pytest.raises(SecretLeftError) as error:
        write_stdout(LINE)
    refused(error)
    assert capfd.readouterr().out == ""


def test_a_secret_across_the_portions() -> None:
    raw = b"x " * 400_000 + LINE.encode() + b"y " * 400_000
    for size in (1000, 65_536, len(raw)):
        with pytest.raises(SecretLeftError):
            check_blocks((raw[at : at + size] for at in range(0, len(raw), size)), "a.log")


def test_what_is_clean_passes() -> None:
    check_text("password=«secret:password:text:11» and nothing else", "x")
    check_blocks([b"level=info msg=x\n" * 100_000, "ä\n".encode(), b"\xff\xfe"], "x")
