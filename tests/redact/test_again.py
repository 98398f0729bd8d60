"""What the scrubber wrote is read by it as it was written: a second run changes nothing, and the last look passes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from arcdiag.case.redacted import redact_case
from arcdiag.case.write import CaseWriter
from arcdiag.model.case import Manifest
from arcdiag.redact.canary import check_blocks
from arcdiag.redact.secrets import scrub_bytes, scrub_text
from arcdiag.redact.stream import SAMPLE, Scrubber, wide_codec
from tests.fuzz.strategies import LINES

SECRET = "abC8Q~dEfGhIjKlMnOpQrStUvWxYz0123456.-_9"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n"
COMMAND = f"azcmagent connect --service-principal-secret '{SECRET}' -g rg\n"
JWT = "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln\n"
UNIT = "Id=himdsd.service\nActiveState=failed\n\n"
MANIFEST = Manifest("1.0", "0.1.0", "1", "srv01", "linux", "2026-03-01T08:00:00Z", 0, "root", True)

_KEY_BYTES = ("x\n" + KEY).encode("utf-16-le")
_COMMAND_BYTES = (COMMAND * 40).encode("utf-16-be")
DAMAGED = {
    "a byte lost in a key": _KEY_BYTES[:79] + _KEY_BYTES[86:],
    "half a mark": b"\xff" + _COMMAND_BYTES,
    "a byte lost in the middle": _COMMAND_BYTES[:4001] + _COMMAND_BYTES[4002:],
    "a guillemet of latin-1": b"\r\r" + b" " * 90 + b"\xabsecret:" + UNIT.encode(),
    "a key of which much is hidden": ("x" * 60 + "\n" + KEY).encode("utf-16-le") + KEY.encode() * 3,
}


def check_again(data: bytes) -> None:
    scrubbed = scrub_bytes(data)
    assert scrub_bytes(scrubbed) == scrubbed
    check_blocks([scrubbed], "the scrubber's own output")


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_damaged_and_odd_bytes(data: bytes) -> None:
    check_again(data)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_wide_text_that_lost_a_byte_anywhere(codec: str) -> None:
    data = (KEY + COMMAND).encode(codec)
    for at in range(len(data)):
        check_again(data[:at] + data[at + 1 :])


@pytest.mark.parametrize("line", [COMMAND, JWT, f"password={SECRET}\n", "\xabsecret:" + UNIT])
def test_a_line_that_its_token_makes_as_wide_as_a_console(line: str) -> None:
    for blanks in range(130):
        text = " " * blanks + line + COMMAND
        scrubbed = scrub_text(text)
        assert SECRET not in scrubbed
        assert scrub_text(scrubbed) == scrubbed
        assert scrubbed.count("\n") == text.count("\n")


def test_a_mark_only_where_the_encoding_is_in_doubt() -> None:
    whole = (LINES[0] * 30).encode("utf-16-le")
    assert scrub_bytes(whole) == whole
    doubtful = DAMAGED["a byte lost in a key"]
    assert wide_codec(doubtful) == ""
    assert scrub_bytes(doubtful).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("mark", [b"", b"\xff\xfe"])
def test_a_part_from_the_middle_is_read_as_the_file(mark: bytes) -> None:
    head = mark + ("level=info msg=x\n" * 200).encode("utf-16-le")
    later = ("日本語の行\n" * 50 + COMMAND).encode("utf-16-le")
    scrubber = Scrubber(head[:SAMPLE])
    scrubber.run_up(head)
    scrubbed = scrubber.feed(later) + scrubber.finish()
    assert scrubbed.startswith(b"\xff\xfe")
    text = scrubbed.decode("utf-16")
    assert SECRET not in text and text.startswith("日本語の行\n")
    check_blocks([scrubbed], "the part")


def test_odd_logs_do_not_stop_a_bundle(tmp_path: Path) -> None:
    # A file with a private key at its beginning is left out as a whole.
    odd = [data for name, data in DAMAGED.items() if "key" not in name]
    with CaseWriter(tmp_path / "case.zip", MANIFEST) as writer:
        for number, data in enumerate(odd):
            source = tmp_path / f"{number}.log"
            source.write_bytes(data)
            writer.add_file(f"logs/{number}.log", "text", source, 1 << 20)
    target = tmp_path / "redacted.zip"
    redact_case(str(tmp_path / "case.zip"), target, None)
    with zipfile.ZipFile(target) as written:
        names = set(written.namelist())
        assert names >= {f"logs/{number}.log" for number in range(len(odd))}
        for name in names:
            data = written.read(name)
            assert not any(SECRET.encode(codec) in data for codec in ("utf-8", "utf-16-le", "utf-16-be"))
