"""Random small agreements, and the worked examples, for the tests of orders of measures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from sequencing_by_definition import Agreement, Discounted, Patient, Road, Table, members

# reference values: worked examples of the theory notes
FILE = Path(__file__).parent / "data" / "roadmap" / "worked_examples.json"
WORKED: dict[str, Any] = json.loads(FILE.read_text())

QUARTERS = [Fraction(k, 4) for k in range(5)]

quarters = st.integers(-80, 80).map(lambda n: Fraction(n, 4))
costs = st.integers(0, 40).map(lambda n: Fraction(n, 4))
chances = st.sampled_from(QUARTERS)


def table(rows: Sequence[Sequence[Fraction]]) -> NDArray[np.float64]:
    return np.array([[float(number) for number in row] for row in rows])


def floats(numbers: Sequence[Fraction]) -> list[float]:
    return [float(number) for number in numbers]


def exposure(
    base: Sequence[int | Fraction],
    own_loss: Sequence[int | Fraction],
    other_gain: Sequence[int | Fraction],
    owners: Sequence[int | None],
) -> Table:
    """Breakdown values that fall in a party's own measures and rise in the others'."""
    rows = []
    for state in range(1 << len(owners)):
        row = [Fraction(number) for number in base]
        for measure in members(state):
            for party in range(len(base)):
                own = owners[measure] == party
                row[party] += -own_loss[measure] if own else other_gain[measure]
        rows.append(tuple(row))
    return tuple(rows)


def first_example(**more: Any) -> Patient:
    """E1: two measures of each of two parties."""
    given = WORKED["E1"]
    worth = exposure((40, 45), given["own_loss"], given["other_gain"], (0, 0, 1, 1))
    return Patient((0, 0, 1, 1), worth, promise=(Fraction(60), Fraction(60)), **more)


def third_example(guarantee: int = 0) -> Patient:
    """E3: the rebels disarm, the government shares power and amnesties."""
    given = WORKED["E3_guarantee"]
    worth = exposure((30, 45), given["own_loss"], given["other_gain"], (0, 1, 1))
    worth = tuple((rebels, government - guarantee) for rebels, government in worth)
    return Patient((0, 1, 1), worth, promise=(Fraction(50), Fraction(60)))


@st.composite
def owners_and_precedence(
    draw: st.DrawFn, measures: int, parties: int
) -> tuple[tuple[int | None, ...], tuple[tuple[int, int], ...]]:
    owner = st.none() | st.integers(0, parties - 1)
    owners = draw(st.lists(owner, min_size=measures, max_size=measures))
    order = draw(st.permutations(range(measures)))
    pairs = [pair for pair in combinations(order, 2) if draw(st.integers(0, 4)) == 0]
    return tuple(owners), tuple(pairs)


@st.composite
def worths(draw: st.DrawFn, owners: tuple[int | None, ...], parties: int, usual: bool) -> Table:
    """Any numbers by state and party; if usual, falling in own and rising in others' measures."""
    if not usual:
        row = st.tuples(*[quarters] * parties)
        return tuple(draw(row) for _ in range(1 << len(owners)))
    base = [draw(quarters) for _ in range(parties)]
    effects = [[draw(costs) for _ in range(parties)] for _ in owners]
    rows = []
    for state in range(1 << len(owners)):
        row = list(base)
        for measure in members(state):
            for party in range(parties):
                sign = -1 if owners[measure] == party else 1
                row[party] += sign * effects[measure][party]
        rows.append(tuple(row))
    return tuple(rows)


@st.composite
def patient_agreements(
    draw: st.DrawFn, most: int = 4, *, usual: bool = False, certain: bool = False
) -> Patient:
    """``usual``: see `worths`; ``certain``: withholding is noticed."""
    measures, parties = draw(st.integers(1, most)), draw(st.integers(1, 3))
    owners, precedence = draw(owners_and_precedence(measures, parties))
    return Patient(
        owners,
        draw(worths(owners, parties, usual)),
        precedence,
        () if certain else tuple(draw(chances) for _ in owners),
        promise=tuple(draw(quarters) for _ in range(parties)),
        gain=tuple(draw(costs) for _ in owners),
    )


@st.composite
def discounted_agreements(
    draw: st.DrawFn, most: int = 4, *, false_alarms: bool = True, usual: bool = False
) -> Discounted:
    """``usual``: own measures cost, the others' gain, in flows as in breakdown values."""
    measures, parties = draw(st.integers(1, most)), draw(st.integers(1, 3))
    owners, precedence = draw(owners_and_precedence(measures, parties))
    false_alarm = draw(st.sampled_from(QUARTERS[:2])) if false_alarms else Fraction(0)
    return Discounted(
        owners,
        draw(worths(owners, parties, usual)),
        precedence,
        tuple(draw(chances) for _ in owners),
        flows=draw(worths(owners, parties, usual)),
        discount=tuple(draw(st.sampled_from(QUARTERS[1:4])) for _ in range(parties)),
        false_alarm=false_alarm,
        reversible=draw(st.booleans()),
    )


def only_way(game: Agreement, road: Road) -> Table:
    """Breakdown values with one more party, who would leave in every state off a road."""
    return tuple(
        (*row, Fraction(0 if state in road else 10**6)) for state, row in enumerate(game.breakdown)
    )


def common(game: Agreement) -> tuple[Any, Any]:
    """The first two arguments of every function, owners and precedence."""
    return list(game.owners), list(game.precedence)
