"""Sampling plans: against reference values, enumeration of every sample, and each other."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.verification.formulas.enforcement import stake
from detente.verification.sampling import sizes as sampling
from detente.verification.sampling.false_alarms import alarm_probabilities, second_look
from detente.verification.sampling.sizes import (
    detection_probability,
    exact_detection_probability,
    jaech_sample_size,
    recognition_needed,
    sample_size,
    simple_sample_size,
)
from detente.verification.sampling.strata import items_for_goal, strata_sample_sizes
from detente.verification.sampling.window import sample_margins, sample_window, transparency_window

KNOWN: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data/verify/sampling.json").read_text(encoding="utf-8")
)
DEAL = {"gain": 12, "loss": 6, "discount": 0.9}

shares = st.integers(0, 20).map(lambda n: Fraction(n, 20))
chances = st.integers(1, 20).map(lambda n: Fraction(n, 20))


@st.composite
def plans(draw: st.DrawFn, most: int = 300, least: int = 1) -> tuple[int, int]:
    """Items, and how many of them are falsified."""
    items = draw(st.integers(max(least, 1), most))
    return items, draw(st.integers(least, items))


def binomial(trials: int, hits: int, chance: Fraction) -> Fraction:
    return math.comb(trials, hits) * chance**hits * (1 - chance) ** (trials - hits)


def silent(  # noqa: PLR0917
    items: int, falsified: int, sampled: int, hit: Fraction, wrong: Fraction, accept: int
) -> Fraction:
    """At most ``accept`` item alarms: over every sample, then every number of alarms in it."""
    samples = list(combinations(range(items), sampled))
    total = Fraction(0)
    for drawn in samples:
        bad = sum(item < falsified for item in drawn)
        total += sum(
            binomial(bad, right, hit) * binomial(sampled - bad, false, wrong)
            for right, false in product(range(bad + 1), range(sampled - bad + 1))
            if right + false <= accept
        )
    return total / len(samples)


# --- detection and sizes (S1, S2) ---


@pytest.mark.parametrize("row", KNOWN["detection"])
def test_detection_is_the_known_rational(row: list[Any]) -> None:
    items, falsified, sampled, recognise, expected = row
    exact = exact_detection_probability(items, falsified, sampled, recognise)
    assert exact == Fraction(expected)
    assert detection_probability(items, falsified, sampled, recognise) == float(exact)


def test_every_size_of_the_reference_table() -> None:
    for items, falsified, level, exact, simple, jaech, reached in KNOWN["sample_sizes"]:
        case = (items, falsified, level)
        assert sample_size(*case) == exact, case
        assert simple_sample_size(*case) == simple, case
        assert jaech_sample_size(*case) == jaech, case
        assert detection_probability(items, falsified, exact) == pytest.approx(reached, abs=1e-14)


@pytest.mark.parametrize("row", KNOWN["imperfect_sizes"])
def test_sizes_where_not_every_falsified_item_is_recognised(row: list[Any]) -> None:
    items, falsified, level, recognise, exact, simple, most = row
    assert sample_size(items, falsified, level, recognise) == exact
    assert detection_probability(items, falsified, items, recognise) == pytest.approx(most)
    found = simple_sample_size(items, falsified, level, recognise)
    assert found == (None if exact is None else simple)


@given(plans(7, least=0), st.integers(0, 7), shares, st.integers(0, 3))
def test_detection_is_that_of_all_samples(
    plan: tuple[int, int], sampled: int, recognise: Fraction, accept: int
) -> None:
    items, falsified = max(plan[0], 1), plan[1]
    drawn = min(sampled, items)
    missed = silent(items, falsified, drawn, recognise, Fraction(0), accept)
    assert exact_detection_probability(items, falsified, drawn, recognise, accept) == 1 - missed


@given(plans(40), shares, chances, st.integers(0, 3))
def test_the_size_is_the_first_that_is_enough(
    plan: tuple[int, int], level: Fraction, recognise: Fraction, accept: int
) -> None:
    reached = [exact_detection_probability(*plan, n, recognise, accept) for n in range(plan[0] + 1)]
    expected = next((n for n, chance in enumerate(reached) if chance >= level), None)
    assert sample_size(*plan, level, recognise, accept) == expected


@given(plans(40), st.integers(0, 39), chances, st.integers(0, 2))
def test_detection_is_monotone(
    plan: tuple[int, int], sampled: int, recognise: Fraction, accept: int
) -> None:
    items, falsified = plan
    drawn = min(sampled, items - 1)
    chance = exact_detection_probability(items, falsified, drawn, recognise, accept)
    assert chance <= exact_detection_probability(items, falsified, drawn + 1, recognise, accept)
    assert chance <= exact_detection_probability(items, falsified, drawn, 1, accept)
    assert chance >= exact_detection_probability(items, falsified, drawn, recognise, accept + 1)
    assert chance >= exact_detection_probability(items, falsified - 1, drawn, recognise, accept)


@given(plans(60), st.integers(0, 60), chances, st.integers(0, 2), st.sampled_from([-1, 0, 1]))
def test_ties_are_decided_exactly(
    plan: tuple[int, int], sampled: int, recognise: Fraction, accept: int, side: int
) -> None:
    """A level that a size reaches exactly, or misses by less than any float can tell."""
    items, falsified = plan
    level = exact_detection_probability(
        items, falsified, min(sampled, items), recognise, accept
    ) + Fraction(side, 10**40)
    if not 0 <= level <= 1:
        return
    plain = sample_size(items, falsified, level, recognise, accept)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling, "LONG", 0)  # as with very many items: floats screen
        assert sample_size(items, falsified, level, recognise, accept) == plain
    reached = [exact_detection_probability(*plan, n, recognise, accept) for n in range(items + 1)]
    assert plain == next((n for n, chance in enumerate(reached) if chance >= level), None)


@given(plans(60), st.integers(0, 60), chances, st.integers(0, 2))
def test_a_chance_is_one_only_where_it_rounds_to_one(
    plan: tuple[int, int], sampled: int, recognise: Fraction, accept: int
) -> None:
    case = (*plan, min(sampled, plan[0]), recognise, accept)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling, "LONG", 0)
        assert detection_probability(*case) == float(exact_detection_probability(*case))


@pytest.mark.parametrize(
    "case",
    [
        (10**6, 5, 0.9),
        (10**6, 5000, 0.9),
        (10**6, 5000, 0.9, 0.1),
        (10**6, 3000, 0.9, 0.9, 2),
        (10**6, 9000, 1),
        (10**9, 40, 0.95),
    ],
)
def test_many_items(case: tuple[Any, ...]) -> None:
    items, falsified, level, *how = case
    size = sample_size(*case)
    assert size is not None
    wanted = Fraction(str(level))
    assert exact_detection_probability(items, falsified, size, *how) >= wanted
    assert exact_detection_probability(items, falsified, size - 1, *how) < wanted


def test_many_falsified_and_many_checked_take_no_time() -> None:
    assert detection_probability(10**6, 500_000, 500_000, 0.9) == 1.0
    assert sample_size(10**6, 500_000, 0.95, 0.3) == 19


def test_numbers_are_read_as_they_are_written() -> None:
    assert sample_size(10, 1, 0.3) == 3  # three tenths; as a double it is a little less
    assert sample_size(10, 1, 0.7) == 7
    assert sample_size(10, 1, Decimal("0.7")) == sample_size(10, 1, Fraction(7, 10)) == 7
    assert sample_size(10, 1, np.float64(0.7)) == sample_size(10, 1, np.float32(0.7)) == 7
    assert sample_size(np.int64(10), np.int32(1), 0.7) == 7
    assert sample_size(10, 1, Fraction(7, 10) + Fraction(1, 10**50)) == 8


def test_the_ends_of_the_domain() -> None:
    assert sample_size(10, 3, 0) == 0
    assert sample_size(10, 3, 1) == 8
    assert sample_size(10, 3, 1, recognise=0.999) is None
    assert sample_size(10, 0, 0.5) is None
    assert sample_size(10, 3, 0.5, recognise=0) is None
    assert sample_size(10, 3, 0.5, accept=3) is None
    assert detection_probability(1, 1, 1) == 1
    assert detection_probability(5, 0, 5) == 0
    assert simple_sample_size(10, 3, 0.5, recognise=0) is None
    assert simple_sample_size(10, 3, 0, recognise=0) == 0
    least = 5e-324  # the smallest double
    assert sample_size(10, 3, least, recognise=least) == 4
    assert sample_size(10, 3, 0.5, recognise=least) is None
    assert simple_sample_size(10, 3, least, recognise=0) is None


# --- the usual formulas (S3, S4) ---


@settings(max_examples=400)
@given(plans(300), st.sampled_from([0.2, 0.5, 0.9, 0.95]))
def test_how_far_the_formulas_are_off(plan: tuple[int, int], level: float) -> None:
    audit = KNOWN["audit"]
    assert audit["cases"] == 180_596
    if plan[0] == 1:
        return
    exact = sample_size(*plan, level)
    simple = simple_sample_size(*plan, level)
    assert exact is not None
    assert simple is not None
    assert 0 <= simple - exact <= audit["simple_max_excess"]
    excess = jaech_sample_size(*plan, level) - exact
    assert audit["jaech_min"] <= excess <= audit["jaech_max_excess"]


@given(plans(120), shares, chances)
def test_the_simple_size_suffices_and_fails_only_where_all_do(
    plan: tuple[int, int], level: Fraction, recognise: Fraction
) -> None:
    simple = simple_sample_size(*plan, level, recognise)
    exact = sample_size(*plan, level, recognise)
    assert (simple is None) == (exact is None)
    if simple is not None and exact is not None:
        assert exact <= simple <= plan[0]


@given(plans(120), chances)
def test_the_formulas_are_rounded_up_exactly(plan: tuple[int, int], level: Fraction) -> None:
    items, falsified = plan
    for scale, size in (
        (Fraction(items), simple_sample_size(items, falsified, level)),
        (Fraction(2 * items - falsified + 1, 2), jaech_sample_size(items, falsified, level)),
    ):
        assert size is not None

        def enough(n: int, scale: Fraction = scale) -> bool:
            return n >= scale or (1 - n / scale) ** falsified <= 1 - level

        assert enough(size)
        assert size == 0 or not enough(size - 1)


@given(st.integers(1, 40), chances)
def test_recognition_that_is_needed(falsified: int, level: Fraction) -> None:
    least = recognition_needed(falsified, level)
    assert 0 < least <= 1
    assert detection_probability(50, falsified, 50, least) == pytest.approx(float(level))


# --- kinds of items (S5) ---


def splits(strata: list[tuple[int, Fraction]], goal: Fraction) -> Iterator[tuple[int, ...]]:
    for split in product(*(range(items + 1) for items, _ in strata)):
        if sum(n * quantity for n, (_, quantity) in zip(split, strata, strict=True)) >= goal:
            yield split


def worst(
    strata: list[tuple[int, Fraction]],
    goal: Fraction,
    sizes: tuple[int, ...],
    recognise: Fraction = Fraction(1),
) -> Fraction:
    """The least detection over all ways to divert the goal."""

    def detection(split: tuple[int, ...]) -> Fraction:
        missed = Fraction(1)
        for (items, _), bad, size in zip(strata, split, sizes, strict=True):
            missed *= 1 - exact_detection_probability(items, bad, size, recognise)
        return 1 - missed

    return min(map(detection, splits(strata, goal)))


@pytest.mark.parametrize("row", KNOWN["strata"])
def test_strata_of_the_reference(row: dict[str, Any]) -> None:
    strata = [(items, Fraction(quantity)) for items, quantity in row["strata"]]
    sizes = strata_sample_sizes(strata, row["SQ"], row["DP_required"])
    assert sizes == tuple(row["n"])
    found = worst(strata, Fraction(row["SQ"]), sizes)
    assert float(found) == pytest.approx(row["DP_worst"])
    assert found >= Fraction(str(row["DP_required"]))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.integers(1, 12).map(Fraction)), min_size=1, max_size=3
    ),
    st.integers(1, 12).map(Fraction),
    chances,
    st.sampled_from([Fraction(1), Fraction(9, 10), Fraction(1, 2)]),
)
def test_no_split_of_a_diversion_escapes(
    strata: list[tuple[int, Fraction]], goal: Fraction, level: Fraction, recognise: Fraction
) -> None:
    sizes = strata_sample_sizes(strata, goal, level, recognise)
    if recognise == 1:
        assert sizes is not None
    if sizes is not None and any(True for _ in splits(strata, goal)):
        assert all(0 <= n <= items for n, (items, _) in zip(sizes, strata, strict=True))
        assert worst(strata, goal, sizes, recognise) >= level


def test_items_for_a_goal_are_counted_exactly() -> None:
    assert items_for_goal(8, 0.1) == 80  # 8 / 0.1 as doubles, too; 0.3 / 0.1 is not
    assert items_for_goal(0.3, 0.1) == 3
    assert items_for_goal(8, 2.5) == 4
    assert items_for_goal(1, 100) == 1


def test_one_kind_is_the_simple_size() -> None:
    for quantity in (1, 2, 4):
        size = simple_sample_size(60, items_for_goal(8, quantity), 0.9)
        assert strata_sample_sizes([(60, quantity)], 8, 0.9) == (size,)


# --- false alarms (S6) ---


@pytest.mark.parametrize("row", KNOWN["false_alarms"])
def test_alarms_of_the_reference(row: list[Any]) -> None:
    items, falsified, sampled, hit, wrong, accept, detection, false_alarm = row
    found = alarm_probabilities(items, falsified, sampled, hit, false_alarm=wrong, accept=accept)
    assert found.detection == pytest.approx(detection, abs=1e-12)
    assert found.false_alarm == pytest.approx(false_alarm, abs=1e-12)


@given(plans(6, least=0), st.integers(0, 6), shares, shares, st.integers(0, 4))
def test_alarms_are_those_of_all_samples(
    plan: tuple[int, int], sampled: int, hit: Fraction, wrong: Fraction, accept: int
) -> None:
    items, falsified = max(plan[0], 1), plan[1]
    drawn = min(sampled, items)
    found = alarm_probabilities(items, falsified, drawn, hit, false_alarm=wrong, accept=accept)
    missed = silent(items, falsified, drawn, hit, wrong, accept)
    assert found.detection == pytest.approx(float(1 - missed), abs=1e-12)
    calm = silent(items, 0, drawn, hit, wrong, accept)
    assert found.false_alarm == pytest.approx(float(1 - calm), abs=1e-12)


@given(plans(200), st.integers(0, 200), chances, st.integers(0, 3))
def test_without_false_alarms_an_alarm_is_a_detection(
    plan: tuple[int, int], sampled: int, recognise: Fraction, accept: int
) -> None:
    drawn = min(sampled, plan[0])
    found = alarm_probabilities(*plan, drawn, recognise, accept=accept)
    expected = detection_probability(*plan, drawn, recognise, accept)
    assert found.detection == pytest.approx(expected, abs=1e-11)
    assert found.false_alarm == pytest.approx(0, abs=1e-12)


@given(plans(60), st.integers(0, 60), chances, shares, st.integers(0, 3))
def test_false_alarms_never_make_an_alarm_rarer(
    plan: tuple[int, int], sampled: int, hit: Fraction, wrong: Fraction, accept: int
) -> None:
    """Which is why a size for a chance of detection need not count them."""
    drawn = min(sampled, plan[0])
    found = alarm_probabilities(*plan, drawn, hit, false_alarm=wrong, accept=accept)
    assert found.detection >= detection_probability(*plan, drawn, hit, accept) - 1e-11
    more = alarm_probabilities(*plan, drawn, hit, false_alarm=wrong, accept=accept + 1)
    assert more.detection <= found.detection + 1e-12
    assert more.false_alarm <= found.false_alarm + 1e-12


# --- the window of sizes (S7) ---


def test_margins_of_the_reference() -> None:
    sizes = [row[0] for row in KNOWN["margins"]]
    found = sample_margins(100, 5, sizes, recognise=0.9, false_alarm=0.005, **DEAL)
    for margin, (size, detection, false_alarm, at_stake, expected) in zip(
        found, KNOWN["margins"], strict=True
    ):
        assert margin == pytest.approx(expected, abs=1e-10)
        assert detection_probability(100, 5, size, 0.9) == pytest.approx(detection, abs=1e-14)
        assert 1 - (1 - 0.005) ** size == pytest.approx(false_alarm, abs=1e-14)
        assert stake(6, 0, 0.9, false_alarm) == pytest.approx(at_stake)


def test_the_window_of_the_reference() -> None:
    known = KNOWN["window"]
    found = sample_window(100, 5, recognise=0.9, false_alarm=0.005, **DEAL)
    assert found.sizes == (tuple(known["n_window"]),)
    assert found.best == known["best"]["n"]
    assert found.margin == pytest.approx(known["best"]["margin"])
    assert sample_window(100, 5, recognise=0.9, false_alarm=0.01, **DEAL).sizes == ()


def test_the_second_look_of_the_reference() -> None:
    known = KNOWN["second_look"]
    hit, wrong = second_look(0.9, 0.005, known["keeps_true"], known["keeps_false"])
    sizes = [size for size, _ in known["margins"]]
    found = sample_margins(100, 5, sizes, recognise=hit, false_alarm=wrong, **DEAL)
    assert found.tolist() == pytest.approx([margin for _, margin in known["margins"]])


@given(
    plans(8),
    chances,
    shares,
    st.integers(0, 2),
    st.integers(0, 19).map(lambda n: Fraction(n, 20)),
    st.integers(0, 30),
    st.one_of(st.none(), st.integers(0, 5)),
)
@settings(deadline=None)
def test_margins_by_definition(  # noqa: PLR0917
    plan: tuple[int, int],
    hit: Fraction,
    wrong: Fraction,
    accept: int,
    discount: Fraction,
    gain: int,
    periods: int | None,
) -> None:
    """From the total chances of an alarm: A [(D - F) L - F g] >= g, divided by 1 + A F."""
    items, loss = plan[0], 7
    found = sample_margins(
        *plan,
        range(items + 1),
        gain=gain,
        loss=loss,
        discount=float(discount),
        recognise=hit,
        false_alarm=wrong,
        accept=accept,
        periods=periods,
    )
    worth = discount / (1 - discount) * (1 if periods is None else 1 - discount**periods)
    either = 1 - (1 - hit) * (1 - wrong)
    for size, margin in enumerate(found):
        alarm = 1 - silent(*plan, size, either, wrong, accept)
        false = 1 - silent(items, 0, size, either, wrong, accept)
        exact = (worth * ((alarm - false) * loss - false * gain) - gain) / (1 + worth * false)
        assert margin == pytest.approx(float(exact), abs=1e-9)
        if accept == 0:
            own = exact_detection_probability(*plan, size, hit)
            expected = worth * (1 - false) * loss / (1 + worth * false) * own - gain
            assert exact == expected


@given(
    plans(60),
    chances,
    st.floats(0, 0.2),
    st.integers(0, 2),
    st.floats(0, 0.95),
    st.floats(0, 30),
)
def test_the_window_is_what_a_scan_finds(  # noqa: PLR0917
    plan: tuple[int, int],
    hit: Fraction,
    wrong: float,
    accept: int,
    discount: float,
    gain: float,
) -> None:
    terms: dict[str, Any] = {
        "gain": gain,
        "loss": 6,
        "discount": discount,
        "recognise": hit,
        "false_alarm": wrong,
        "accept": accept,
    }
    found = sample_window(*plan, **terms)
    margins = [float(sample_margins(*plan, n, **terms)[0]) for n in range(plan[0] + 1)]
    holds = {n for n, margin in enumerate(margins) if margin >= -1e-9 * gain}
    assert {n for first, last in found.sizes for n in range(first, last + 1)} == holds
    for (_, last), (first, _) in zip(found.sizes, found.sizes[1:], strict=False):
        assert first > last + 1
    assert found.margin == pytest.approx(max(margins))
    assert margins[found.best] == pytest.approx(found.margin)
    if accept == 0:
        assert len(found.sizes) <= 1


def test_a_margin_of_zero_holds() -> None:
    """K = 2, and five of ten items are just enough to find a gain of 1."""
    found = sample_window(10, 1, gain=1, loss=2, discount=0.5)
    assert found.sizes == ((5, 10),)
    assert sample_window(10, 1, gain=0.6, loss=0.2, discount=0.75).sizes == ((10, 10),)


def test_where_every_check_is_a_false_alarm_nothing_is_left_to_lose() -> None:
    margins = sample_margins(10, 2, [0, 1, 10], false_alarm=1, **DEAL)
    assert margins.tolist() == [-12, -12, -12]


# --- transparency (S8) ---


@pytest.mark.parametrize("row", KNOWN["transparency"])
def test_transparency_of_the_reference(row: dict[str, Any]) -> None:
    found = transparency_window(row["g"], row["K"], row["q"], row["V"], row["B0"], cost=row["tau"])
    assert found.least == pytest.approx(row["x_min"])
    assert found.most == pytest.approx(row["x_max"])
    assert found.feasible == row["feasible"]


def test_transparency_at_the_ends() -> None:
    tie = transparency_window(0.3, 1, 1, 0.3, 0, cost=1)  # a tie on paper
    assert tie.feasible
    assert tie.least == tie.most == 0.3
    assert transparency_window(12, 10, 1, 60, 50, cost=5).least is None
    assert transparency_window(12, 40, 0, 60, 50, cost=5).least is None
    assert transparency_window(0, 0, 0, 60, 50, cost=5) == transparency_window(
        0, 40, 1, 60, 50, cost=0
    )
    repelled = transparency_window(12, 40, 0.8, 40, 50, cost=5)
    assert repelled.most is None
    assert not repelled.feasible


# --- numbers outside their domain ---


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: detection_probability(0, 0, 0), "the number of items is at least 1"),
        (lambda: detection_probability(10, 11, 1), "is at most 10, the number of items"),
        (lambda: detection_probability(10, 1, 11), "items checked is at most 10"),
        (lambda: detection_probability(10, -1, 1), "falsified items is at least 0"),
        (lambda: detection_probability(10, 2.0, 1), "is a whole number"),  # type: ignore[arg-type]
        (lambda: detection_probability(10, True, 1), "is a whole number"),
        (lambda: detection_probability(10, 2, 1, 1.2), "between 0 and 1; this is 1.2"),
        (lambda: detection_probability(10, 2, 1, float("nan")), "finite"),
        (lambda: detection_probability(10, 2, 1, "half"), "is a number"),  # type: ignore[arg-type]
        (lambda: detection_probability(10, 2, 1, 0.5, -1), "acceptance number is at least 0"),
        (lambda: sample_size(10, 2, -0.1), "between 0 and 1"),
        (lambda: sample_size(10, 2, 1 + 1e-12), "this is 1.000000000001"),
        (lambda: sample_size(10, 2, Decimal("Infinity")), "finite"),
        (lambda: simple_sample_size(10, 0, 0.5), "falsified items is at least 1"),
        (lambda: jaech_sample_size(10, 0, 0.5), "falsified items is at least 1"),
        (lambda: recognition_needed(0, 0.5), "falsified items is at least 1"),
        (lambda: items_for_goal(0, 1), "the goal quantity is above 0"),
        (lambda: items_for_goal(8, -2), "the quantity of an item is above 0; this is -2"),
        (lambda: strata_sample_sizes([], 8, 0.5), "at least one stratum"),
        (lambda: strata_sample_sizes([(0, 1)], 8, 0.5), "of a stratum is at least 1"),
        (lambda: alarm_probabilities(10, 2, 1, false_alarm=-1), "between 0 and 1; this is -1"),
        (lambda: second_look(1, 0, 1.1, 0), "between 0 and 1"),
        (lambda: sample_margins(10, 2, [3, 11], **DEAL), "items checked is at most 10"),
        (lambda: sample_margins(10, 2, [-1], **DEAL), "at least 0"),
        (lambda: sample_margins(10, 2, 3, **{**DEAL, "discount": 1}), "lies in [0, 1)"),
        (lambda: sample_margins(10, 2, 3, **{**DEAL, "gain": -1}), "not below 0"),
        (lambda: sample_window(10, 2, **{**DEAL, "loss": math.inf}), "finite"),
        (lambda: transparency_window(-1, 40, 0.8, 60, 50, cost=5), "the gain is not below 0"),
        (lambda: transparency_window(1, 40, 8, 60, 50, cost=5), "between 0 and 1; this is 8"),
    ],
)
def test_numbers_outside_their_domain(call: Callable[[], object], told: str) -> None:
    with pytest.raises(ValueError) as caught:
        call()
    assert told in str(caught.value)
