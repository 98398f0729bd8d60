"""Rule packs: the same bytes every time, and whatever is not as it must be is refused in one line."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import pytest

from arcdiag.errors import InputError
from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.own_rules import folder_files
from arcdiag.knowledge.pack import MANIFEST, MAX_FILES, MAX_PACK, pack_bytes, parse_pack, read_pack
from arcdiag.knowledge.sources import RuleFileError, data_dir
from tests.knowledge.test_load import GOOD

FILES = {"own.yaml": GOOD.encode(), "more/limits.yaml": b"limits: { own_days: 3 }\n"}


def made(**changes: object) -> bytes:
    about = {"name": "own-rules", "version": "1.2", "mode": "extends", "arcdiag": ">=0.1", "files": FILES, **changes}
    return pack_bytes(**about)  # type: ignore[arg-type]


def zipped(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return target.getvalue()


def members(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(info.filename, archive.read(info)) for info in archive.infolist()]


def refused(tmp_path: Path, data: bytes) -> str:
    (tmp_path / "own.zip").write_bytes(data)
    with pytest.raises(RuleFileError) as caught:
        load_rules(tmp_path / "own.zip")
    text = str(caught.value)
    assert "\n" not in text and (".zip" in text or ".yaml" in text)
    return text


def test_a_pack_is_used_as_its_folder_would_be(tmp_path: Path) -> None:
    (tmp_path / "own.zip").write_bytes(made())
    rules = load_rules(tmp_path / "own.zip")
    assert rules.causes["own-cause"].rule.title == "A jam"
    assert rules.limits["own_days"] == 3
    assert len(rules.causes) == len(load_rules().causes) + 1


def test_the_same_rules_give_the_same_bytes() -> None:
    assert made() == made(files=dict(reversed(FILES.items())))
    assert made() != made(version="1.3")


def test_the_version_that_reports_show_holds_the_hash_of_the_whole_file(tmp_path: Path) -> None:
    data = made()
    (tmp_path / "any.name").write_bytes(data)
    digest = parse_pack(data, "x").digest
    assert load_rules(tmp_path / "any.name").version == f"{load_rules().version}+own-rules-1.2.{digest[:12]}"


def test_a_pack_that_was_packed_again_with_compression_is_read() -> None:
    again = zipped(members(made()), zipfile.ZIP_DEFLATED)
    assert parse_pack(again, "x").files == FILES


def test_all_shipped_rules_as_a_pack_in_their_own_place(tmp_path: Path) -> None:
    data = made(name="all", mode="replaces", files=folder_files(data_dir("rules")))
    (tmp_path / "all.zip").write_bytes(data)
    rules, shipped = load_rules(tmp_path / "all.zip"), load_rules()
    assert rules.causes == shipped.causes and rules.signals == shipped.signals and rules.texts == shipped.texts
    assert rules.version.startswith("0.1.0+all-1.2.") and shipped.version not in rules.version


def test_a_pack_that_replaces_must_be_whole(tmp_path: Path) -> None:
    assert "step" in refused(tmp_path, made(mode="replaces"))
    files = {k: v for k, v in folder_files(data_dir("rules")).items() if k != "limits.yaml"}
    assert "limits; missing" in refused(tmp_path, made(mode="replaces", files=files))


def test_a_rule_twice_in_a_pack_that_replaces_is_refused(tmp_path: Path) -> None:
    files = {**folder_files(data_dir("rules")), "z1.yaml": GOOD.encode(), "z2.yaml": GOOD.encode()}
    assert "already taken" in refused(tmp_path, made(mode="replaces", files=files))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"  title: A jam", b"  titel: A jam", "own.yaml:9: titel"),
        (b"breaks: [connect]", b"breaks: [conect]", "own.yaml:12: own-cause.breaks"),
        (b"likely: [own.thing]", b"likely: [own.thin]", "own.yaml:11: own-cause.likely"),
        (b"the frobnicator is jammed\"]", b"{a:text}b{c:text}d{e:text}f{g:text} jammed\"]", "own.yaml:2: text[0]"),
        (b"  says:", b"  regex: ['(a{0,50}){0,50}jammed']\n  anchor: jammed\n  says:", "own.yaml:3: regex[0]"),
        (b"  says:", b"  regex: ['(?:a+)+jammed']\n  anchor: jammed\n  says:", "own.yaml:3: regex[0]"),
        (b"  title: A jam", b"  title: &x A jam\n  since: *x", "own.yaml:10"),
        (b"  title: A jam", b"  title: " + b"[" * 500 + b"]" * 500, "own.yaml"),
        (b"  title: A jam", b"  title: \xff\xfe", "own.yaml"),
    ],
)  # fmt: skip
def test_a_bad_rule_in_a_pack_is_named_by_file_and_line(tmp_path: Path, old: bytes, new: bytes, place: str) -> None:
    text = GOOD.encode().replace(old, new, 1)
    assert text != GOOD.encode()
    assert refused(tmp_path, made(files={"own.yaml": text})).startswith(place)


def manifest(**changes: object) -> bytes:
    """A pack whose manifest says something else."""
    listed = members(made())
    about = {**json.loads(listed[0][1]), **changes}
    return zipped([(MANIFEST, json.dumps(about).encode()), *listed[1:]])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (lambda: b"PK\x03\x04 and no more", "a damaged zip"),
        (lambda: zipped([("own.yaml", GOOD.encode())]), f"holds no {MANIFEST}"),
        (lambda: zipped([(MANIFEST, b"[" * 100_000)]), "no manifest"),
        (lambda: zipped([(MANIFEST, b"{}")]), "no manifest"),
        (lambda: zipped([(MANIFEST, b" " * 2_000_000)], zipfile.ZIP_DEFLATED), "more than 1,048,576"),
        (lambda: manifest(rules_format=2), "reads rules of format 1, not 2"),
        (lambda: manifest(arcdiag=">=99"), "is for arcdiag >=99"),
        (lambda: manifest(arcdiag="new"), "a version range"),
        (lambda: manifest(mode="destroys"), "no manifest"),
        (lambda: manifest(pack="../../x"), "no manifest"),
        (lambda: manifest(hook="run.py"), "unknown field `hook`"),
        (lambda: zipped([*members(made()), ("evil.py", b"import os")]), "does not list 'evil.py'"),
        (lambda: zipped(members(made())[:-1]), "the pack lacks"),
        (lambda: zipped([*members(made())[:1], ("more/limits.yaml", b"x"), ("own.yaml", b"y")]), "is not the file"),
        (lambda: zipped([*members(made())[:-1], ("own.yaml", GOOD.encode() + b" " * 9)]), "has more than"),
        (lambda: zipped([*members(made()), ("a.yaml", b"")] * 1 + [(f"{n}.yaml", b"") for n in range(MAX_FILES)]), "at most 2,000 files"),
        (lambda: zipped([(MANIFEST, b"\0" * (MAX_PACK + 1))], zipfile.ZIP_DEFLATED), "holds at most"),
    ],
)  # fmt: skip
def test_what_is_no_sound_pack(tmp_path: Path, data: object, expected: str) -> None:
    assert expected in refused(tmp_path, data())  # type: ignore[operator]


@pytest.mark.parametrize(
    "path", ["../x.yaml", "a/../../x.yaml", "/etc/x.yaml", "a//x.yaml", "C:/x.yaml", "x.py", "./x.yaml", ".x.yaml"]
)
def test_a_path_that_leads_out_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(InputError):
        made(files={path: b""})
    listed = members(made())
    about = json.loads(listed[0][1])
    about["files"][0]["path"] = path
    assert refused(tmp_path, zipped([(MANIFEST, json.dumps(about).encode()), (path, listed[1][1]), listed[2]]))


def test_a_member_twice_is_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped([*members(made()), ("own.yaml", b"other")])
    assert "there twice" in refused(tmp_path, data)


def test_a_pack_cut_off_anywhere_or_with_a_flipped_bit_is_refused_or_the_same(tmp_path: Path) -> None:
    data = made()
    for at in range(0, len(data), 37):
        for damaged in (data[:at], data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]):
            try:
                assert parse_pack(damaged, "own.zip").files == FILES
            except RuleFileError as error:
                assert "\n" not in str(error)


def test_a_file_that_says_it_is_larger_than_it_is(tmp_path: Path) -> None:
    data = bytearray(made())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFF0)
    assert refused(tmp_path, bytes(data))


def test_too_large_a_file_is_not_even_read(tmp_path: Path) -> None:
    target = tmp_path / "own.zip"
    with target.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(MAX_PACK + 1)
    with pytest.raises(RuleFileError, match="at most 33,554,432"):
        read_pack(target)


@pytest.mark.parametrize(
    ("name", "version"), [("Own", "1"), ("own", "one"), ("own", "1..2"), ("", "1"), ("a" * 41, "1")]
)
def test_what_a_pack_cannot_be_called(name: str, version: str) -> None:
    with pytest.raises(InputError, match="cannot be packed"):
        made(name=name, version=version)
