"""Every fact has a plain sentence, whose conditions and braces are what the code really makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from arcdiag.collect.host.linux import LinuxHost
from arcdiag.collect.options import CollectOptions
from arcdiag.collect.progress import SilentProgress
from arcdiag.collect.run import collect
from arcdiag.diagnose.wording import braces, worded
from arcdiag.knowledge.entry import Entry, parse_entry
from arcdiag.knowledge.load import load_rules
from arcdiag.knowledge.rule_set import CompiledFact, RuleSet
from arcdiag.model.fact import FactStatus
from tests.collect.machine import block, systemctl, with_agent, with_system
from tests.rules.fact_code import fact_names, named_at_makers, strings_behind

NO_FACTS = {
    "config.mode": "a setting of the agent",
    "proxy.url": "a setting of the agent",
    "proxy.bypass": "a setting of the agent",
    "windows.net": "a part of a host's name",
}
NO_WORDS = {
    "probe.plan": "how the probes were planned; `arcdiag probe` words it at its top",
    "probe.endpoint": "the plan of one endpoint: columns of the endpoints' table",
    "policy.registry": "stands for a check that broke off; it has a reason and never a value",
}
"""Facts without a sentence, each with the reason."""
ALSO = {
    "policy.cleanup-profiles": (("diagnose/risks.py", "judged_risks"),),
    "probe.tls": (("diagnose/serials.py", "_judged"), ("diagnose/serials.py", "_verdict")),
    "agent.proxy": (("collect/host/settings.py", "_proxy"),),
    "event.schannel": (("logs/values/event_xml.py", "EventFacts._tls"),),
    "event.himds-profile": (("logs/values/event_xml.py", "_counted"),),
    "file.state": (("collect/host/linux_files.py", "_kind"),),
}
"""Code that makes parts of a fact without naming it or being called by what does."""
JOINED_KEYS = {"policy.strong-crypto": {"strong_32"}}
SETTINGS = ("config.local", "config.list")
"""Their keys are the agent's own settings."""
PREFIXES = ("config.", "extensions.", "guestconfiguration.", "incomingconnections.", "proxy.", "connection.")
WORDS_OF_OTHERS = {
    ("agent.proxy", "connection_type"): "azcmagent's own word",
    ("agent.show", "status"): "azcmagent's own word",
    ("config.local", "config.mode"): "azcmagent's own word",
    ("config.list", "config.mode"): "azcmagent's own word",
    ("machine.host", "container_kind"): "systemd's or the kernel's name of a container",
    ("machine.time-source", "type"): "Windows' own word",
    ("package.state", "state"): "dpkg's own word",
    ("package.state", "flag"): "dpkg's own word",
    ("service.state", "result"): "systemd's own word",
    ("vm.extension", "state"): "Azure's own word",
    ("vm.instance", "power"): "Azure's own word",
    ("patch.assessment", "outcome"): "Azure's own word",
    ("patch.installation", "outcome"): "Azure's own word",
    ("check.endpoint", "private"): "azcmagent's own word",
}
"""Values that no constant of the code holds, as another program chooses them."""
_ALWAYS = ("subject", "reason")
_STATUS = {status.value for status in FactStatus}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


def names() -> list[str]:
    return sorted(fact_names().keys() - NO_FACTS.keys())


def test_every_fact_has_words_or_a_reason_for_none(rules: RuleSet) -> None:
    assert {name for name in names() if name not in rules.facts} == NO_WORDS.keys()


def test_no_words_for_facts_that_nobody_makes(rules: RuleSet) -> None:
    assert rules.facts.keys() <= set(names())


def test_no_fact_is_made_under_a_name_of_an_unknown_group() -> None:
    made = {name for name in named_at_makers() if "." in name}
    assert made
    assert made <= set(names())


def conditions(fact: CompiledFact) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Form, key and accepted values; the fact's own status, path and subject are no keys."""
    for index, entry in enumerate(fact.forms):
        for key, accepted in entry.where:
            own = key == "status" and set(accepted) <= _STATUS
            if not own and key not in ("path", "subject"):
                yield index, key.removeprefix("not_"), accepted


@pytest.mark.parametrize("name", [name for name in names() if name not in NO_WORDS])
def test_keys_and_words_are_those_of_the_code(rules: RuleSet, name: str) -> None:
    fact = rules.facts[name]
    texts, patterns = strings_behind(name, ALSO.get(name, ()))
    texts |= JOINED_KEYS.get(name, set())
    lower = {text.lower() for text in texts}

    def is_key(key: str) -> bool:
        if name in SETTINGS and key.startswith(PREFIXES):
            return True
        return key in texts or any(pattern.fullmatch(key) for pattern in patterns)

    needed = {brace for form in fact.rule.forms for brace in braces(form.say)} - set(_ALWAYS)
    assert {brace for brace in needed if not is_key(brace)} == set()
    for index, key, accepted in conditions(fact):
        assert is_key(key), f"form {index}: {key}"
        for value in accepted:
            free = value[:1] in "<>" or value in ("true", "false", "none") or value.lstrip("-").isdigit()
            assert free or (name, key) in WORDS_OF_OTHERS or value.lower() in lower, f"form {index}: {key}={value}"


@pytest.mark.parametrize("name", [name for name in names() if name not in NO_WORDS])
def test_every_form_can_be_reached(rules: RuleSet, name: str) -> None:
    fact = rules.facts[name]
    says = [form.say for form in fact.rule.forms]
    hidden = [
        (later, earlier)
        for later in range(len(says))
        for earlier in range(later)
        if covers(fact.forms[earlier], says[earlier], fact.forms[later], says[later])
    ]
    assert hidden == []


def covers(earlier: Entry, first: str, later: Entry, second: str) -> bool:
    """Whether the earlier form fits wherever the later one does."""
    wide, narrow = _where(earlier), _where(later)
    if any(key not in narrow or not _within(narrow[key], accepted) for key, accepted in wide.items()):
        return False
    sure = set(braces(second)) | {key for key, values in narrow.items() if "none" not in values} | {"subject"}
    return set(braces(first)) <= sure


def _where(entry: Entry) -> Mapping[str, tuple[str, ...]]:
    """Conditions, the status `ok` among them where nothing else is asked for."""
    found = dict(entry.where)
    if not set(found.get("status", ("-",))) <= _STATUS:
        found["the fact's status"] = ("ok",)
    else:
        found["the fact's status"] = found.pop("status")
    return found


def _within(narrow: tuple[str, ...], wide: tuple[str, ...]) -> bool:
    return all(any(one == other or _compared(one, other) for other in wide) for one in narrow)


def _compared(narrow: str, wide: str) -> bool:
    """`5` lies within `<10`, and `<5` does; enough for the comparisons that forms use."""
    limit = wide.lstrip("<>=")
    number = narrow.lstrip("<>=")
    if wide[:1] not in "<>" or not _is_number(number) or (narrow[:1] in "<>" and narrow[:1] != wide[:1]):
        return False
    return float(number) < float(limit) if wide[0] == "<" else float(number) > float(limit)


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


@pytest.mark.parametrize(
    ("first", "second", "hidden"),
    [
        (({}, "Always."), ({"a": "1"}, "Never."), True),
        (({}, "Has {b}."), ({"a": "1"}, "Without."), False),
        (({}, "Has {a}."), ({"a": "1"}, "It is there, as a condition says."), True),
        (({"a": ["1", "2"]}, "Wide."), ({"a": "2"}, "Narrow."), True),
        (({"a": "2"}, "Narrow."), ({"a": ["1", "2"]}, "Wide."), False),
        (({"n": "<10"}, "Little."), ({"n": "<5"}, "Less."), True),
        (({"n": "<5"}, "Less."), ({"n": "<10"}, "Little."), False),
        (({}, "Seen."), ({"status": "absent"}, "Not there."), False),
        (({"status": ["absent", "denied"]}, "Not seen."), ({"status": "absent"}, "Not there."), True),
    ],
)
def test_what_counts_as_hidden(first: tuple[Any, str], second: tuple[Any, str], hidden: bool) -> None:
    entries = [parse_entry({"fact": "own.fact", **when}) for when, _ in (first, second)]
    assert covers(entries[0], first[1], entries[1], second[1]) is hidden


def test_everything_that_a_machine_shows_has_words(rules: RuleSet, tmp_path: Path) -> None:
    with_system(tmp_path)
    with_agent(tmp_path)
    blocks = [block("himdsd.service", active="failed", sub="failed", result="exit-code", code=3)]
    blocks += [block("gcad.service"), block("extd.service", active="inactive", sub="dead", start="masked")]
    systemctl(tmp_path, [*blocks, block("arcproxyd.service", active="activating", sub="auto-restart")])
    seen = collect(rules, CollectOptions(probe=False, timeout=20), SilentProgress(), LinuxHost(tmp_path))
    known = [fact for fact in seen.facts if fact.status is FactStatus.OK]
    assert len(known) > 20
    assert [fact.fact for fact in known if worded(rules, fact) is None] == []
