"""Kaplan–Meier curves against a published example, the definition and limiting cases."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.agreement.packages.draws import QUANTILE, wilson
from detente.uncertainty.course.survival import kaplan_meier

# Weeks of remission under 6-mercaptopurine (Freireich et al. 1963, Blood 21), with the published
# Kaplan-Meier shares and Greenwood standard errors: those that ended, those that were cut off.
REMISSION = [6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PUBLISHED = {
    6: (0.857, 0.0764),
    7: (0.807, 0.0869),
    10: (0.753, 0.0963),
    13: (0.690, 0.1068),
    16: (0.627, 0.1141),
    22: (0.538, 0.1282),
    23: (0.448, 0.1346),
}

sample = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=30)


def test_a_published_example() -> None:
    ended, cut_off = REMISSION
    curve = kaplan_meier(ended + cut_off, [True] * len(ended) + [False] * len(cut_off))
    for week, (share, error) in PUBLISHED.items():
        found, low, high = curve.at(week)
        assert found == pytest.approx(share, abs=5.1e-4)
        reach = QUANTILE * error / (share * abs(math.log(share)))
        ends = [math.exp(-math.exp(math.log(-math.log(share)) + x)) for x in (reach, -reach)]
        assert [low, high] == pytest.approx(ends, abs=3e-3)
    assert curve.median == 23
    assert curve.watched[np.searchsorted(curve.years, 13)] == 12


@given(sample)
def test_by_definition(drawn: list[tuple[int, bool]]) -> None:
    curve = kaplan_meier([time for time, _ in drawn], [ends for _, ends in drawn])
    expected = sorted({0, *(time for time, _ in drawn)})
    assert curve.years.tolist() == expected
    share, median = Fraction(1), None
    for place, at in enumerate(expected):
        watched = sum(time >= at for time, _ in drawn)
        ended = sum(time == at and ends for time, ends in drawn)
        share *= 1 - Fraction(ended, watched)
        assert curve.share[place] == pytest.approx(float(share), abs=1e-12)
        assert curve.watched[place] == watched
        median = at if median is None and share <= Fraction(1, 2) else median
    assert curve.median == median
    assert np.isfinite(curve.low).all()
    assert np.isfinite(curve.high).all()
    assert (curve.low >= 0).all()
    assert (curve.low <= curve.share + 1e-12).all()
    assert (curve.share <= curve.high + 1e-12).all()
    assert (curve.high <= 1).all()


def test_nothing_happens_is_not_told_too_surely() -> None:
    curve = kaplan_meier([3, 3, 3, 3, 3], [False] * 5)
    assert curve.years.tolist() == [0, 3]
    assert curve.share.tolist() == [1, 1]
    assert curve.low.tolist() == [wilson(5, 5)[0]] * 2
    assert curve.high.tolist() == [1, 1]
    assert curve.median is None


def test_all_over_stays_over() -> None:
    curve = kaplan_meier([1, 2], [True, True])
    assert curve.at(2) == curve.at(50) == (0, *wilson(0, 2))
    assert curve.to_dict()["share"] == [1, 0.5, 0]


def test_where_nobody_is_cut_off_nothing_is_told_by_all() -> None:
    """The last of a thousand to go says as much as the first: none of a thousand is left."""
    curve = kaplan_meier(range(1, 1001), [True] * 1000)
    assert curve.at(1000)[1:] == wilson(0, 1000)


def test_the_interval_of_a_median() -> None:
    curve = kaplan_meier(range(1, 101), [True] * 100)
    assert curve.median == 50
    first, last = curve.median_interval
    assert last is not None
    assert curve.at(first)[1] <= 0.5 < curve.at(first - 1)[1]
    assert curve.at(last)[2] <= 0.5 < curve.at(last - 1)[2]
    # Ranks of the median of a hundred: 50 less and more 1.96 · 5, about.
    assert (first, last) == (pytest.approx(40, abs=2), pytest.approx(60, abs=2))
    few = kaplan_meier([1, 2, 3], [True, True, False])
    assert few.median == 2
    assert few.median_interval[1] is None
    with pytest.raises(ValueError, match="above a half"):
        kaplan_meier([9.0] * 50, [False] * 50).median_interval  # noqa: B018


def test_later_than_the_last_look_is_refused() -> None:
    curve = kaplan_meier([1, 2], [True, False])
    with pytest.raises(ValueError, match="told from 0 to 2 years; this is 3"):
        curve.at(3)
    with pytest.raises(ValueError, match="this is -1"):
        curve.at(-1)


@pytest.mark.parametrize(
    ("years", "happened"),
    [([], []), ([1.0], [True, False]), ([-1.0], [True]), ([math.inf], [False])],
)
def test_what_is_no_time_is_refused(years: list[float], happened: list[bool]) -> None:
    with pytest.raises(ValueError, match="time"):
        kaplan_meier(years, happened)


def test_the_interval_covers() -> None:
    """Exponential times with cut-offs: about 95 % of the intervals at t = 1 hold e^(−1)."""
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(400):
        times, until = rng.exponential(size=60), rng.uniform(0.5, 4, size=60)
        curve = kaplan_meier(np.minimum(times, until), times <= until)
        _, low, high = curve.at(1.0)
        covered += low <= math.exp(-1) <= high
    # Binomial(400, 0.95): 380 ± 4.4; four of them either way.
    assert 362 <= covered <= 398
