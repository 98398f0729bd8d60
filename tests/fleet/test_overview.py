"""What the overview says of a fleet with a known story: who shares what, clones, onsets, versions."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import comb
from pathlib import Path

import pytest

from arcdiag.fleet.overview.build import overview
from arcdiag.fleet.overview.model import Overview, Shared
from arcdiag.fleet.overview.onset import MOST_BINS, MOST_LANES, chart, clusters
from arcdiag.fleet.overview.shared import by_chance, shared_values
from arcdiag.knowledge.load import load_rules
from tests.fleet.results import BAD_GROUP, BAD_PROXY, NOON, write_results

START = datetime(2026, 3, 1)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Overview:
    folder = tmp_path_factory.mktemp("fleet")
    write_results(folder, 3000)
    return overview(folder, load_rules())


def value(with_cause: int, of_cause: int, sharing: int, others_ill: int, others: int) -> Shared:
    return Shared("proxy", "p", with_cause, of_cause, sharing, others_ill, others)


@pytest.mark.parametrize(
    ("one", "named"),
    [
        (value(57, 60, 60, 3, 9940), True),
        # Nearly all machines have the value, and the cause is no more frequent with it.
        (value(54, 60, 9000, 6, 1000), False),
        # All machines have it: there is nothing to compare with.
        (value(60, 60, 10000, 0, 0), False),
        # Two machines are no pattern, three of three in a large fleet are.
        (value(2, 2, 2, 0, 500), False),
        (value(3, 3, 3, 0, 500), True),
        # Four of five have it and one in five of the others: in so small a fleet that is chance.
        (value(4, 5, 5, 1, 5), False),
        # Twice as frequent, but only a tenth of the cause.
        (value(30, 300, 100, 270, 3000), False),
    ],
)
def test_a_value_is_named_only_where_it_sets_machines_apart(one: Shared, named: bool) -> None:
    assert bool(shared_values([("c", one)])) == named


def test_many_comparisons_need_more_proof() -> None:
    one, noise = value(4, 4, 6, 1, 40), value(3, 30, 100, 27, 900)
    assert shared_values([("c", one)])
    assert not shared_values([("c", one), *[("d", noise)] * 500])


def test_the_chance_is_that_of_fishers_exact_test() -> None:
    one = value(3, 4, 5, 1, 7)
    exact = sum(comb(4, k) * comb(8, 5 - k) for k in (3, 4)) / comb(12, 5)
    assert by_chance(one) == pytest.approx(exact)
    assert by_chance(value(0, 4, 5, 4, 7)) == pytest.approx(1)


def test_the_causes_and_what_their_machines_share(told: Overview) -> None:
    groups = {group.cause: group for group in told.causes}
    assert [g.machines for g in told.causes] == sorted((g.machines for g in told.causes), reverse=True)
    proxy = groups["proxy-unreachable"]
    assert [(s.trait, s.value) for s in proxy.shared] == [("proxy", BAD_PROXY)]
    (one,) = proxy.shared
    assert one.with_cause == proxy.machines == one.of_cause and one.others_with_cause == 0
    assert 0.9 < one.with_cause / one.sharing < 1 and one.sharing + one.others == len(told.machines)
    assert proxy.subjects == ((BAD_PROXY, proxy.machines),)
    himds = {(s.trait, s.value) for s in groups["himds-not-running"].shared}
    assert himds == {("resource_group", BAD_GROUP), ("policy.logon-as-service", "denied")}
    assert groups["dns-failure"].shared == (), "most of them are in one region, as all machines are"
    assert proxy.cluster is not None and proxy.cluster.last - proxy.cluster.first <= timedelta(hours=1)
    assert groups["dns-failure"].cluster is None


def test_clones_versions_errors_and_the_order_of_machines(told: Overview) -> None:
    (clone,) = told.clones
    assert (clone.kind, clone.number, told.all_clones) == ("vm_id", len(range(7, 3000, 400)), 1)
    assert [v.supported for v in told.versions] == [True, True, True, False, False]
    assert [v.version for v in told.versions] == ["1.58", "1.57", "1.56", "1.45", "1.39"]
    assert sum(v.machines for v in told.versions) == len(told.machines) == sum(told.verdicts.values())
    assert len(told.errors) == 30 and told.bundles == 3000 and told.newest == NOON
    verdicts = [machine.verdict for machine in told.machines]
    assert verdicts == sorted(verdicts, reverse=True) and told.machines[0].causes == ("proxy-unreachable",)


def test_the_chart_holds_every_dated_onset(told: Overview) -> None:
    onsets = told.onsets
    assert onsets is not None and onsets.unit == "day" and len(onsets.bins) <= MOST_BINS
    shown = sum(sum(lane.counts) for lane in onsets.lanes)
    assert shown + onsets.before + onsets.undated == sum(group.machines for group in told.causes)


def test_a_chart_of_many_causes_and_years_stays_small() -> None:
    onsets = {f"c{n}": [START + timedelta(days=n * 40 + k) for k in range(n + 1)] for n in range(30)}
    made = chart(onsets, 4)
    assert made is not None and made.unit == "month" and len(made.lanes) == MOST_LANES and made.lanes[-1].cause is None
    total = sum(len(ones) for ones in onsets.values())
    assert sum(sum(lane.counts) for lane in made.lanes) + made.before == total
    assert chart({"c": [START]}, 0) is None


@pytest.mark.parametrize(("hours", "unit"), [(5, "hour"), (57, "hour"), (59, "day"), (24 * 100, "week")])
def test_the_period_of_a_bar_fits_the_span(hours: int, unit: str) -> None:
    made = chart({"c": [START, START + timedelta(hours=hours)]}, 0)
    assert made is not None and made.unit == unit and sum(made.lanes[0].counts) == 2


def test_onsets_that_all_causes_share_are_no_sign_of_one_of_them() -> None:
    together = [START + timedelta(minutes=n) for n in range(20)]
    apart = [START + timedelta(days=n) for n in range(20)]
    assert set(clusters({"a": together, "b": apart})) == {"a"}
    assert clusters({"a": together, "b": together}) == {}, "so began everything, perhaps with the logs themselves"
    assert clusters({"a": together[:2], "b": apart}) == {}
    assert clusters({"a": together})["a"].within == 20


def test_an_empty_fleet_has_an_overview(tmp_path: Path) -> None:
    write_results(tmp_path, 1)
    told = overview(tmp_path, load_rules())
    assert told.onsets is None and told.clones == () and len(told.machines) == 1
