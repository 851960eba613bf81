"""What false alarms and further measures can and cannot change, on ways to cheat as numbers."""

from __future__ import annotations

import numpy as np
import pytest

from detente.verification.measures.watch import ceilings, stirred
from detente.verification.paths import Paths

TIE = 1e-9


def drawn_paths(seed: int, count: int = 2000) -> Paths:
    """Ways to cheat of all kinds, as numbers."""
    random = np.random.default_rng(seed)
    delta = random.choice([0.3, 0.5, 0.75, 0.9, 0.98], count)
    periods = random.choice([0, 0, 1, 5], count)
    lasting = np.where(periods > 0, 1 - delta**periods, 1.0)
    comply = random.integers(0, 30, count).astype(float)
    rest = random.integers(-10, 32, count) * lasting
    takes = random.choice([0, 1, 2, 6, 20], count)
    listed = random.random(count) < 0.5
    return Paths(
        discount=delta,
        lag=random.integers(1, 4, count),
        comply=comply,
        rest=rest,
        resumes=1 - lasting,
        flow=comply + random.choice([-5, -1, 0, 0, 1, 10], count),
        found=np.where(listed, rest, rest + random.choice([-4, 0, 2, 8], count) * lasting),
        blame=np.where(periods > 0, 0, random.choice([0, 0, 5], count)).astype(float),
        returns=1 - lasting,
        takes=takes,
        prize=np.where(takes > 0, random.choice([-3, 0, 1, 5, 40], count), 0).astype(float),
    )


@pytest.mark.parametrize("seed", range(6))
def test_what_false_alarms_do_not_help_in_numbers(seed: int) -> None:
    paths = drawn_paths(seed)
    random = np.random.default_rng(seed)
    helped = np.zeros(len(paths), dtype=bool)
    for most in (0.02, 0.1, 0.4):
        steady = ~stirred(paths, most)
        assert steady.sum() > 100 and steady[paths.takes > 1].sum() > 20
        for _ in range(20):
            low, high = np.sort(random.uniform(0, most, 2))
            d = random.choice([0, 0.05, 0.3, 0.7, 1], len(paths))
            few, many = (paths.margins(d, wrong) for wrong in (low, high))
            assert (few >= -TIE)[steady & (many >= 0)].all()
            surer = paths.margins(np.minimum(1, d + 0.1), low)
            assert (surer >= few - TIE)[steady & (paths.takes > 0)].all()
            helped |= (few < -TIE) & (many >= 0)
    assert helped.any()  # there are such ways, and all of them are stirred


@pytest.mark.parametrize("seed", range(6))
def test_ceilings_in_numbers(seed: int) -> None:
    paths = drawn_paths(seed)
    random = np.random.default_rng(seed)
    for _ in range(20):
        least, most = np.sort(random.choice([0, 0.1, 0.4, 0.8, 1], (2, len(paths))), axis=0)
        edges = np.sort(random.uniform(0, random.choice([0.05, 0.5]), 4))
        bounds = ceilings(paths, least, most, edges)
        for piece in range(3):
            d = least + random.random(len(paths)) * (most - least)
            wrong = random.uniform(edges[piece], edges[piece + 1])
            assert (paths.margins(d, wrong) <= bounds[piece] + 1e-8).all()
