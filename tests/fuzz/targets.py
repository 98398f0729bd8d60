"""The readers of what comes from outside, each with what it is fed and the only errors it may raise."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from arcdiag.case.facts_io import BadFactError, fact_from_line, fact_to_line, read_facts
from arcdiag.case.left_out import LeftOut
from arcdiag.case.manifest_io import NotAManifestError, manifest_from_json, manifest_to_json
from arcdiag.case.open import open_case
from arcdiag.errors import InputError
from arcdiag.logs.check import parse_check_json, parse_check_text
from arcdiag.logs.decode import Line
from arcdiag.logs.logrus import parse_logrus
from arcdiag.logs.records import RECORD_CHARS, records
from arcdiag.logs.shape import Shape, shaped
from arcdiag.logs.show import parse_show_json, parse_show_text
from arcdiag.logs.values.event_xml import read_events
from arcdiag.logs.values.gpresult import read_result
from arcdiag.logs.values.hive import HiveError, open_hive
from arcdiag.logs.values.pol_file import read_policy
from arcdiag.logs.values.policy import policy_facts
from arcdiag.logs.values.reg_file import read_export
from arcdiag.logs.values.reg_query import read_queries
from arcdiag.logs.values.secedit import read_security
from arcdiag.logs.values.systemctl import parse_systemctl_show, systemctl_facts
from arcdiag.logs.values.xml_parts import DamagedXmlError
from arcdiag.model.case import Manifest
from arcdiag.model.fact import Fact, FactStatus
from arcdiag.model.fact_maker import FactMaker
from arcdiag.redact.canary import check_blocks
from arcdiag.redact.identifiers.replace import Identifiers
from arcdiag.redact.identifiers.stream import TextStream
from arcdiag.redact.secrets import scrub_bytes, scrub_text
from arcdiag.redact.stream import Scrubber
from arcdiag.report.compare.load import read_report
from arcdiag.report.compare.run import compare
from arcdiag.report.document import render_json
from tests.case.archives import FILES, LOG, packed, tar_link, tar_of, zip_of
from tests.case.hostile_tars import pax, record, sparse
from tests.fuzz.of_machines import OF_MACHINES
from tests.fuzz.of_rules import OF_RULES
from tests.fuzz.strategies import LINES, damaged, log_bytes, one_of_damaged, plain_json, texts
from tests.fuzz.target import Target
from tests.fuzz.unpacking import UNPACKING
from tests.fuzz.whole import WHOLE
from tests.logs.values.hives import dword, hive, text
from tests.report import samples

_MANIFEST = Manifest("1.0", "0", "0", "web01", "linux", "2024-10-01T09:12:44Z", 0, None, False)
_FACT = fact_to_line(Fact("os.release", None, FactStatus.OK, {"name": "Ubuntu", "n": [1, {"a": 2.5}]}))
_BUNDLE = {
    "manifest.json": manifest_to_json(_MANIFEST).encode(),
    "facts.jsonl": f"{_FACT}\n".encode(),
    "logs/himds.log": "".join(LINES).encode(),
}
_HIVE = hive({r"Policies\Microsoft": {"x": dword(1), "y": text("a")}, r"Microsoft\Windows NT\CurrentVersion": {}})
_POLICY = (
    b"PReg\1\0\0\0"
    + "".join(("[", "A\\B\0", ";", "c\0", ";")).encode("utf-16-le")
    + b"\4\0\0\0;\0\4\0\0\0;\0\1\0\0\0]\0"
)
_ARCHIVES: tuple[Callable[[], bytes], ...] = (
    lambda: zip_of(FILES),
    lambda: zip_of(_BUNDLE),
    lambda: zip_of({"a.zip": zip_of(FILES), "b.tgz": packed(tar_of(FILES)), "c.log.gz": packed(LOG)}),
    lambda: tar_of(FILES, [tar_link("l", "/etc/passwd")]),
    lambda: packed(tar_of(FILES)),
    lambda: packed(LOG * 50),
    lambda: packed(LOG) * 3,
    lambda: pax(record("size", "5") + record("path", "b.log")),
    sparse,
)


def _archive(data: bytes) -> None:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / "case"
        path.write_bytes(data)
        try:
            with open_case(str(path)) as case:
                for file in case.files:
                    assert not file.path.startswith("/") and ".." not in file.path.split("/")
                    with file.open() as stream:
                        try:
                            while stream.read(1 << 20):
                                pass
                        except EOFError as error:
                            assert str(error)
        except InputError as error:
            assert len(str(error).splitlines()) == 1


def _records(source: str) -> None:
    lines = [Line(number, line) for number, line in enumerate(source.split("\n"), 1)]
    last = 0
    for one in records(shaped(lines, Shape.of(source))):
        assert last <= one.line <= one.end_line <= len(lines)
        assert len(one.text) <= RECORD_CHARS
        last = one.line
    parse_logrus(source)


def _redactor(drawn: tuple[bytes, list[int]]) -> None:
    data, sizes = drawn
    whole = Scrubber(data)
    expected = whole.feed(data) + whole.finish()
    parts, at = Scrubber(data), 0
    got = b""
    for size in sizes:
        got += parts.feed(data[at : at + size])
        at += size
    got += parts.feed(data[at:]) + parts.finish()
    assert got == expected, "the same in whatever portions"
    check_blocks(iter((expected,)), "the scrubber's own output")
    scrubbed = scrub_text(data.decode("utf-8", "replace"))
    assert scrub_text(scrubbed) == scrubbed


def _identifiers(data: bytes) -> None:
    ids = Identifiers(key=b"fuzz")
    scrubbed = scrub_bytes(data)
    once = _replaced(ids, scrubbed)
    assert _replaced(ids, scrubbed) == once, "the same each time"
    left = TextStream(_none_left(ids))
    left.feed(once)
    left.finish()
    again = _replaced(Identifiers(key=b"other"), once)
    assert again == once, "what was replaced holds nothing to replace"
    check_blocks(iter((once,)), "what was replaced")


def _replaced(ids: Identifiers, data: bytes) -> bytes:
    for change in (ids.learn_bytes, ids.replace_bytes):
        stream = TextStream(change)
        out = stream.feed(data) + stream.finish()
    return out


def _none_left(ids: Identifiers) -> Callable[[bytes], bytes]:
    def look(text: bytes) -> bytes:
        assert ids.left_in_bytes(text) is None
        return text

    return look


def _show_and_check(source: str) -> None:
    for parse in (parse_show_text, parse_show_json, parse_check_text, parse_check_json, systemctl_facts):
        for fact in parse(source, "x"):
            assert fact_from_line(fact_to_line(fact)) == fact
    parse_systemctl_show(source)


def _values(source: str) -> None:
    lines = source.splitlines()
    for registry in (read_export(lines)[0], read_queries(source)):
        policy_facts(FactMaker(None, None), registry)
    read_security(lines)
    for read in (read_result, read_events):
        try:
            found = read([source])
            _ = list(found) if isinstance(found, Iterator) else found
        except DamagedXmlError as error:
            assert str(error)


def _hive(data: bytes) -> None:
    try:
        with open_hive(io.BytesIO(data)) as registry:
            policy_facts(FactMaker(None, None), registry, proxies=True)
    except HiveError as error:
        assert str(error)


def _policy(data: bytes) -> None:
    registry, problem = read_policy(data)
    assert problem is None or problem
    policy_facts(FactMaker(None, None), registry)


def _facts(data: bytes) -> None:
    left_out = LeftOut()
    for fact in read_facts(io.BytesIO(data), "facts.jsonl", left_out):
        assert fact_from_line(fact_to_line(fact)) == fact
    try:
        fact_from_line(data.decode("utf-8", "replace"))
    except BadFactError as error:
        assert str(error)


def _manifest(data: bytes) -> None:
    try:
        made = manifest_from_json(data)
    except NotAManifestError as error:
        assert str(error)
    else:
        assert manifest_from_json(manifest_to_json(made).encode()) == made


def _report(data: bytes) -> None:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / "report.json"
        path.write_bytes(data)
        try:
            report = read_report(path)
        except InputError as error:
            assert len(str(error).splitlines()) == 1
        else:
            if report is not None:
                assert not compare(report, report).worse


def _json_lines(value: Any) -> bytes:
    return json.dumps({"fact": "x", "status": "ok", "value": value}).encode()


def _report_bytes() -> bytes:
    return render_json(samples.one_cause(), samples.sample_rules()).encode()


TARGETS: dict[str, Target] = {
    "archive": Target(one_of_damaged(_ARCHIVES), _archive),
    "records": Target(texts, _records),
    "redactor": Target(st.tuples(log_bytes(), st.lists(st.integers(0, 400), max_size=6)), _redactor),
    "identifiers-in-files": Target(log_bytes(), _identifiers),
    "show": Target(texts, _show_and_check),
    "values": Target(texts, _values),
    "hive": Target(damaged(lambda: _HIVE), _hive),
    "policy": Target(damaged(lambda: _POLICY), _policy),
    "facts": Target(st.one_of(damaged(_FACT.encode), plain_json.map(_json_lines)), _facts),
    "manifest": Target(damaged(lambda: _BUNDLE["manifest.json"]), _manifest),
    "report": Target(damaged(_report_bytes), _report),
    **UNPACKING,
    **OF_MACHINES,
    **OF_RULES,
    **WHOLE,
}
