"""A case without secrets, and on request without identifiers: a bundle stays a bundle, any other archive a zip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from arcdiag.case.bundle import DIAGNOSIS, FACTS, MANIFEST, REDACTION, REPORT
from arcdiag.case.facts_io import facts_to_text
from arcdiag.case.limits import MAX_MANIFEST_BYTES
from arcdiag.case.manifest_io import manifest_to_json
from arcdiag.case.names import member_path, numbered
from arcdiag.case.names_out import plain_tokens, safe_name
from arcdiag.case.open import OpenCase, open_case
from arcdiag.case.packed import tolerant, unpacked_head
from arcdiag.case.removed import Removed
from arcdiag.case.sniff import SNIFF_BYTES, Shape, look
from arcdiag.case.streams import CaseFile, open_path
from arcdiag.case.text_only import TextOnly
from arcdiag.case.write import CaseWriter, Reports
from arcdiag.case.zip_out import LEFT_OUT, Check, ZipOut, no_secrets, write_checked
from arcdiag.errors import SecretLeftError
from arcdiag.model.case import Manifest
from arcdiag.redact.canary import left_error
from arcdiag.redact.identifiers.replace import Identifiers
from arcdiag.redact.identifiers.stream import TextStream
from arcdiag.redact.identifiers.tokens import IdKind
from arcdiag.redact.stream import Scrubber

_BLOCK = 1024 * 1024
_BIG = 1024**3


def redact_case(
    path: str,
    target: Path,
    identifiers: Identifiers | None,
    stdin: BinaryIO | None = None,
    reports: Reports | None = None,
) -> Removed:
    """Write the redacted case, or `stdin` for the path `-`, to `target`; what was removed. Nothing is left if it fails.

    One file of text becomes a file of text, anything else a zip; `reports` are made anew for a bundle. Raises
    InputError, OutputError, FullDiskError and SecretLeftError.
    """
    with open_case(path, stdin) as case:
        if identifiers:
            _learn(case, identifiers)
        if case.manifest is not None:
            return _bundle(case, case.manifest, target, identifiers, reports)
        if is_single_file(path):
            return _file(case.files[0], target, identifiers)
        return _archive(case, target, identifiers)


def _file(file: CaseFile, target: Path, identifiers: Identifiers | None) -> Removed:
    removed = Removed()
    write_checked(target, _blocks(file, identifiers, removed, file.path), (no_secrets, *_checks(identifiers)))
    return removed


def is_single_file(path: str) -> bool:
    """Whether `path` is one file of text, packed or not, and no archive. False for what cannot be read."""
    if not Path(path).is_file():
        return False
    file = CaseFile("", -1, partial(open_path, Path(path)))
    try:
        with file.open() as stream:
            shape = look(stream.read(SNIFF_BYTES)).shape
        return shape is Shape.TEXT or (shape is Shape.GZIP and look(unpacked_head(file.open)).shape is Shape.TEXT)
    except OSError:
        return False


def learn_case(path: str, identifiers: Identifiers) -> None:
    """Only learn the names of a case. Raises InputError."""
    with open_case(path) as case:
        _learn(case, identifiers)


def _learn(case: OpenCase, identifiers: Identifiers) -> None:
    """Read everything once for its names; secrets are taken out before, so that none becomes a name."""
    if case.manifest is not None:
        identifiers.names.add(IdKind.HOST, case.manifest.host)
        if case.manifest.user:
            identifiers.names.add(IdKind.USER, case.manifest.user.rpartition("\\")[2])
        identifiers.learn(manifest_to_json(case.manifest))
    identifiers.learn(facts_to_text(case.facts))
    for file in case.files:
        identifiers.learn(file.path.replace("/", "\n"))
        stream = TextStream(identifiers.learn_bytes)
        for block in _scrubbed(file, Removed()):
            stream.feed(block)
        stream.finish()


def _scrubbed(file: CaseFile, removed: Removed, name: str = "") -> Iterator[bytes]:
    """The text of a file without secrets; what can no longer be read, or is packed, ends it, and that is said."""
    scrubber, text = Scrubber(), TextOnly()
    opened = tolerant(file.open()) if _is_packed(file) else file.open()
    with closing(opened) as stream:
        try:
            while text.ended_at is None and (block := stream.read(_BLOCK)):
                yield scrubber.feed(text.feed(block))
        except EOFError as error:
            removed.left_out.append((name, f"the rest of it: {error}"))
    yield scrubber.feed(text.finish())
    yield scrubber.finish()
    if text.ended_at is not None:
        removed.left_out.append((name, f"the rest of it: {text.why}"))
    removed.of(name).update(scrubber.removed)


def _is_packed(file: CaseFile) -> bool:
    try:
        with file.open() as stream:
            return look(stream.read(SNIFF_BYTES)).shape is Shape.GZIP
    except EOFError:
        return False


def _blocks(file: CaseFile, identifiers: Identifiers | None, removed: Removed, name: str = "") -> Iterator[bytes]:
    if identifiers is None:
        yield from _scrubbed(file, removed, name)
        return
    before = identifiers.replaced.copy()
    stream = TextStream(identifiers.replace_bytes)
    for block in _scrubbed(file, removed, name):
        yield stream.feed(block)
    yield stream.finish()
    removed.of(name).update(identifiers.replaced - before)


def name_out(path: str, identifiers: Identifiers | None) -> str:
    """The path of a file as it goes out; a packed one is written unpacked."""
    path = safe_name(path.removesuffix(".gz"))
    if identifiers is not None:
        path = plain_tokens("/".join(identifiers.replace(part) for part in path.split("/")))
    return member_path(path)


def _named_out(path: str, identifiers: Identifiers | None, removed: Removed) -> str:
    """The same, with what is replaced in it counted for that file."""
    before = identifiers.replaced.copy() if identifiers else Counter[str]()
    name = name_out(path, identifiers)
    if identifiers:
        removed.of(name).update(identifiers.replaced - before)
    return name


def _bundle(
    case: OpenCase, manifest: Manifest, target: Path, identifiers: Identifiers | None, reports: Reports | None
) -> Removed:
    kinds = {file.path: file.kind for file in manifest.files}
    texts: Counter[str] = Counter()
    if identifiers:
        host = _token(IdKind.HOST, manifest.host, identifiers, texts)
        name = (manifest.user or "").rpartition("\\")[2]
        user = _token(IdKind.USER, name, identifiers, texts)
        manifest = replace(manifest, host=host, user=manifest.user if user == name else user)
    manifest = replace(manifest, files=(), left_out=(*manifest.left_out, *case.left_out))
    with CaseWriter(target, manifest, partial(_counted, identifiers, texts)) as writer:
        writer.removed.take(FACTS, texts)
        if case.redaction is not None:
            with case.redaction.open() as stream:
                earlier = stream.read(MAX_MANIFEST_BYTES)
            writer.removed.add_earlier(earlier, partial(name_out, identifiers=identifiers))
        for file in case.files:
            name = _named_out(file.path, identifiers, writer.removed)
            kind = kinds.get(file.path, "text")
            writer.add_blocks(name, kind, _blocks(file, identifiers, writer.removed, name), big=file.size > _BIG)
        writer.add_facts(case.facts)
        writer.removed.left_out += [(item.what, item.why) for item in case.left_out]
        writer.finish(_checks(identifiers), reports)
    return writer.removed


def _counted(identifiers: Identifiers | None, counts: Counter[str], data: bytes) -> bytes:
    """The text of facts and manifest without identifiers, which are added to `counts`."""
    if identifiers is None:
        return data
    before = identifiers.replaced.copy()
    data = identifiers.replace_bytes(data)
    counts.update(identifiers.replaced - before)
    return data


def _token(kind: IdKind, name: str, identifiers: Identifiers, counts: Counter[str]) -> str:
    """The token of a name, counted; what is none, or is a token already, as it is."""
    if not name or name.startswith("«") or not identifiers.names.is_name(kind, name):
        return name
    counts[kind.value] += 1
    return identifiers.tokens.token(kind, name)


def _archive(case: OpenCase, target: Path, identifiers: Identifiers | None) -> Removed:
    removed = Removed()
    removed.left_out += [(item.what, item.why) for item in case.left_out]
    taken = {MANIFEST, FACTS, REDACTION}
    written = ZipOut(target)
    try:
        if case.facts:
            written.add(FACTS, [_text(facts_to_text(case.facts), identifiers, removed.of(FACTS))])
        for file in case.files:
            name = numbered(_named_out(file.path, identifiers, removed), taken)
            written.add(name, _blocks(file, identifiers, removed, name), big=file.size < 0 or file.size > _BIG)
        try:
            _finish(written, removed, identifiers)
        except SecretLeftError as error:
            leaking = error.members.keys() - {FACTS, REDACTION}
            if not leaking:
                raise
            written = written.without(leaking | {REDACTION})
            removed.forget(leaking)
            removed.left_out += [(name, LEFT_OUT.format(found=error.members[name])) for name in sorted(leaking)]
            _finish(written, removed, identifiers)
    except BaseException:
        written.abort()
        raise
    return removed


def _finish(written: ZipOut, removed: Removed, identifiers: Identifiers | None) -> None:
    written.add(REDACTION, [_text(removed.to_json(), identifiers, Counter())])
    written.finish(_checks(identifiers))


def _text(text: str, identifiers: Identifiers | None, counts: Counter[str]) -> bytes:
    scrubber = Scrubber()
    data = scrubber.feed(text.encode("utf-8", "replace")) + scrubber.finish()
    counts.update(scrubber.removed)
    return _counted(identifiers, counts, data)


def _checks(identifiers: Identifiers | None) -> tuple[Check, ...]:
    return (partial(_no_names, identifiers),) if identifiers else ()


def _no_names(identifiers: Identifiers, name: str, blocks: Iterable[bytes]) -> None:
    """The last look at one file for names that were learnt. Raises SecretLeftError."""

    if name in (DIAGNOSIS, REPORT):
        # Made of the other members, which are looked through, and of arcdiag's own words, which may be like a name.
        return

    def left(data: bytes) -> bytes:
        kind = identifiers.left_in_bytes(data)
        if kind:
            raise left_error("an identifier", name, [kind])
        return b""

    left(name.encode("utf-8", "replace"))
    stream = TextStream(left)
    for block in blocks:
        stream.feed(block)
    stream.finish()
