"""Targets that go all the way: from bytes to every form of a report, and to a copy without identifiers."""

from __future__ import annotations

import io
import json
import re
from functools import cache

from hypothesis import strategies as st

from arcdiag.case.open import open_case
from arcdiag.diagnose.run import diagnose
from arcdiag.errors import InputError
from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import RuleSet
from arcdiag.redact.identifiers.replace import Identifiers
from arcdiag.redact.identifiers.vocabulary import catalogue, vocabulary
from arcdiag.report import render_text
from arcdiag.report.document import render_json
from arcdiag.report.html import render_html
from arcdiag.report.markdown import render_markdown
from tests.fuzz.of_machines import machine_texts
from tests.fuzz.strategies import log_bytes
from tests.fuzz.target import Target

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_COLOUR = re.compile("\x1b\\[[0-9;]{0,8}m")
_ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=y>",
    "](javascript:x)",
    "`| x |`",
    "\x1b]0;t\x07",
    "\u202e",
    "&#0;",
)


@cache
def _known() -> RuleSet:
    return load_rules()


@cache
def _ids() -> tuple[list[str], frozenset[str]]:
    return catalogue(_known()), vocabulary(_known())


def _reports(data: bytes) -> None:
    try:
        case = open_case("-", io.BytesIO(data))
    except InputError as error:
        assert len(str(error).splitlines()) == 1
        return
    with case:
        diagnosis = diagnose(case, _known())
    json.loads(render_json(diagnosis, _known()))
    for text in (render_text(diagnosis, _known(), width=80), render_markdown(diagnosis, _known())):
        assert not _OBEYED.search(_COLOUR.sub("", text)), text
    page = render_html(diagnosis, _known())
    assert "<script>alert" not in page and "<img src=x" not in page
    page.encode()


def _identifiers(data: bytes) -> None:
    known, words = _ids()
    ids = Identifiers(known, words)
    ids.learn_bytes(data)
    once = ids.replace_bytes(data)
    assert ids.left_in_bytes(once) is None
    assert ids.replace_bytes(once) == once, "what is replaced stays as it is"


_names = st.sampled_from(
    ("srv1.corp.example", "10.20.30.40", "fe80::1%eth0", "00:15:5d:01:02:03", "user@corp.example", "CORP\\jane", "gbl.his.arc.azure.com",
     "/subscriptions/02aab8a4-74ef-476e-8182-f6d2ba4166a6/resourceGroups/rg-x/providers/Microsoft.HybridCompute/machines/srv1",
     "«host:3f2a»", "C:\\Users\\jane\\x", "S-1-5-21-1-2-3-500", "1.62.03345.2204", "AZCM0042", "\u0130", "\n", " ", "=", '"')
)  # fmt: skip
_named = st.lists(st.one_of(_names, st.text(max_size=8)), max_size=12).map(
    lambda p: "".join(p).encode("utf-8", "replace")
)
_attacked = st.lists(st.one_of(st.sampled_from(_ATTACKS), machine_texts), max_size=4).map(
    lambda p: "".join(p).encode("utf-8", "replace")
)
WHOLE: dict[str, Target] = {
    "reports": Target(st.one_of(log_bytes(), _attacked), _reports, examples=15),
    "identifiers": Target(st.one_of(_named, log_bytes()), _identifiers),
}
