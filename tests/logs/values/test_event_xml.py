"""Events as XML: one document or many, records of the agent's services, counts of the others."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arcdiag.logs.values.event_xml import EventFacts, read_events, record_of
from arcdiag.logs.values.logon_right import service_sid
from arcdiag.logs.values.xml_parts import DamagedXmlError
from arcdiag.model.fact_maker import FactMaker
from arcdiag.model.record import Level
from tests.logs.values.windows_xml import event

HIMDS = "Azure Hybrid Instance Metadata Service"
PROFILES = "Microsoft-Windows-User Profiles Service"


def facts(*events: str) -> dict[str, dict[str, object]]:
    counts = EventFacts()
    for found in read_events(["\n".join(events)]):
        counts.note(found)
    return {f.fact: dict(f.value) for f in counts.facts(FactMaker(None, None), "a.xml")}


@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "<Events>{}</Events>",
        '<?xml version="1.0" encoding="utf-16"?>\n<Events>{}</Events>',
        '<?xml version="1.0"?>{}',
    ],
)
def test_one_document_or_many(form: str) -> None:
    two = event(7000, HIMDS, "%%1069") + "\n" + event(7041, "himds", r"NT SERVICE\himds")
    assert [e.id for e in read_events([form.format(two)])] == [7000, 7041]


def test_a_record_is_the_number_and_the_parameters() -> None:
    (found,) = read_events(["\n\n" + event(7000, HIMDS, "%%1069")])
    record = record_of(found)
    assert record is not None
    assert record.text == f"Service Control Manager event 7000: {HIMDS}; %%1069"
    assert (record.line, record.level, record.time and record.time.iso()) == (3, Level.ERROR, "2026-05-01T03:30:52Z")


@pytest.mark.parametrize(
    "text",
    [
        event(7000, "Print Spooler", "%%1069"),
        event(7036, HIMDS, "stopped"),
        event(7000, HIMDS, "%%1069", provider="Something Else"),
    ],
)
def test_other_events_are_no_records(text: str) -> None:
    (found,) = read_events([text])
    assert record_of(found) is None


def test_tls_alerts_are_counted() -> None:
    told = facts(
        event(36887, "40", provider="Schannel", names=("AlertDesc",)),
        event(36888, "70", "105", provider="Schannel", names=("AlertDesc", "ErrorState"), at="2026-05-02T00:00:00Z"),
        event(36871, "client", "10013", provider="Schannel", names=("Type", "ErrorState")),
        event(36887, "many", provider="Schannel", names=("AlertDesc",)),
        event(36880, "x", provider="Schannel"),
    )
    assert told["event.schannel"] == {
        "ids": [36871, 36887, 36888], "count": 4, "last": "2026-05-02T00:00:00Z", "alerts": [40, 70],
    }  # fmt: skip


def test_the_profile_of_the_agents_account() -> None:
    told = facts(
        event(1533, "C:\\Users\\x", service_sid("himds"), provider=PROFILES, channel="Application"),
        event(1533, "C:\\Users\\y", "S-1-5-21-1-2-3-500", provider=PROFILES, channel="Application"),
    )
    assert told["event.himds-profile"] == {"ids": [1533], "count": 1, "last": "2026-05-01T03:30:52Z"}


def test_group_policy_and_boots() -> None:
    provider = "Microsoft-Windows-GroupPolicy"
    told = facts(
        event(1502, provider=provider, level=4),
        event(1129, provider=provider, level=2),
        event(12, provider="Microsoft-Windows-Kernel-General", level=4),
        event(6005, provider="EventLog", level=4, at="2026-05-01T03:31:00Z"),
    )
    assert told["event.group-policy"]["applied"] == {"ids": [1502], "count": 1, "last": "2026-05-01T03:30:52Z"}
    assert told["event.group-policy"]["failed"] == {"ids": [1129], "count": 1, "last": "2026-05-01T03:30:52Z"}
    assert told["event.boot"] == {"times": ["2026-05-01T03:30:52Z", "2026-05-01T03:31:00Z"]}


@pytest.mark.parametrize(
    "text",
    [
        event(7000, HIMDS).replace("7000", "seven"),
        event(7000, HIMDS).replace("<Level>2", "<Level>two"),
        event(7000, HIMDS).replace("2026-05-01", "2026-99-99"),
        event(7000, HIMDS).replace(HIMDS, "\x01\x00" + HIMDS),
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'></Event>",
        event(7000, *["x" * 5_000] * 100),
    ],
)
def test_odd_events_do_no_harm(text: str) -> None:
    for found in read_events([text]):
        assert len(found.parameters) <= 20 and all(len(value) <= 300 for value in found.values)


def test_events_before_the_damage_are_handed_out() -> None:
    seen = []
    with pytest.raises(DamagedXmlError, match="no valid XML"):
        for found in read_events([event(7000, HIMDS) + "<Event><System>"]):
            seen.append(found.id)
    assert seen == [7000]


@pytest.mark.parametrize("text", ['<!DOCTYPE x [<!ENTITY a "b">]>' + event(7000, "&a;"), event(7000, "&a;")])
def test_entities_are_refused(text: str) -> None:
    with pytest.raises(DamagedXmlError):
        list(read_events([text]))


@given(st.text(max_size=120), st.text(max_size=120))
@settings(max_examples=200, deadline=None)
def test_any_text(before: str, inside: str) -> None:
    try:
        for found in read_events([before, event(7000, HIMDS).replace("%%", inside), inside]):
            record_of(found)
    except DamagedXmlError as error:
        assert str(error)
