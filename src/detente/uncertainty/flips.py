"""Number by number: at which value does a verdict turn, all others as they stand?

For every number values on both sides of the present one are tried, and between two neighbours
with different verdicts the turn is found by halving. All numbers are tried at once, each in
codings of its own in which only that number is another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.model.problem import Booleans, Floats, Integers
from detente.uncertainty.answer import Factor, Flip, Verdict
from detente.uncertainty.codings import domain

TRIED = 6
"""Values tried on each side of the present one."""
HALVINGS = 22
"""How often the interval between two of them is halved."""
LEAST_DISCOUNT = 0.01
"""Least discount that is tried."""
BLOCK = 1 << 12
"""Codings judged at once."""

Key = tuple[Verdict, str | None]
"""Which verdict, and whose; None for that on the package."""
Judge = Callable[[Mapping[str, Floats], int], Mapping[Key, Booleans]]
"""Verdicts in codings, from the values of the factors that are not as stated; and their number."""


@dataclass(frozen=True)
class _Side:
    """Where a number is looked for on one side: from the present value to an end."""

    place: int
    end: float
    above: bool


@dataclass(frozen=True)
class _Bracket:
    """Two values of a number between which a verdict turns."""

    key: Key
    stands: bool
    side: _Side
    near: float
    far: float


def flips(
    factors: Sequence[Factor], judge: Judge, tried: int = TRIED, halvings: int = HALVINGS
) -> tuple[Flip, ...]:
    """Where verdicts turn.

    Parameters
    ----------
    factors
        The numbers.
    judge
        The verdicts in codings.
    tried, halvings
        How many values on each side of the present one, and how often the interval between two of
        them is halved; a turn is told in as many digits as that gives.

    Returns
    -------
    tuple
        For each number, side and verdict the turn that is nearest to the present value; those
        within the stated ranges first, then by how far off they are, in widths of what was
        searched. A verdict of one party only where that on the package does not turn there.

    Notes
    -----
    A ranged number is looked for as far beyond its range as the range is wide, any other as far
    from its value as the largest number of its kind in the case; within its domain, and scores
    between the least and the largest one of their table. A verdict that turns and turns back
    between two neighbours of the values tried is not seen. Cost: 2 × tried codings for
    each number, and one for each turn and halving.
    """
    present = np.array([float(factor.number) for factor in factors])
    sides = [side for place, factor in enumerate(factors) for side in _sides(factors, place)]
    if not sides:
        return ()
    steps = np.arange(1, tried + 1) / tried
    places = np.repeat([side.place for side in sides], tried).astype(np.int64)
    ends = np.repeat([side.end for side in sides], tried)
    values = present[places] + np.tile(steps, len(sides)) * (ends - present[places])
    now = {key: bool(found[0]) for key, found in judge({}, 1).items()}
    found = _judged(factors, judge, places, values)
    grid = values.reshape(len(sides), tried)
    brackets = []
    for key, stands in now.items():
        differs = found[key].reshape(len(sides), tried) != stands
        for row in np.flatnonzero(differs.any(axis=1)).tolist():
            first = int(differs[row].argmax())
            near = grid[row, first - 1] if first else present[sides[row].place]
            brackets.append(_Bracket(key, stands, sides[row], float(near), float(grid[row, first])))
    out = []
    turns = _halved(factors, judge, brackets, halvings)
    for bracket, (value, far) in zip(brackets, turns, strict=True):
        factor, key = factors[bracket.side.place], bracket.key
        inside, whole = _within(factor, far), key[1] is None
        above = bracket.side.above
        out.append(Flip(factor, *key, bracket.stands, value, above, inside, whole))
    return nearest_first([*_told_once(out)])


def _sides(factors: Sequence[Factor], place: int) -> Iterator[_Side]:
    factor = factors[place]
    number, least, most = factor.number, *domain(factor)
    point = float(number)
    if number.low is not None and number.high is not None and number.low != number.high:
        width = float(number.high - number.low)
        low, high = float(number.low) - width, float(number.high) + width
    elif number.sd:
        low, high = point - 6 * float(number.sd), point + 6 * float(number.sd)
    else:
        reach = max(abs(float(other.number)) for other in factors if _alike(other, factor))
        low, high = point - reach, point + reach
    if factor.kind == "scores":
        least, most = _scale(factors, factor)
    if factor.kind == "discount":
        least = LEAST_DISCOUNT  # where the future hardly counts all margins are ties
    low = low if least is None else max(low, least)
    high = high if most is None else min(high, most)
    if low < point:
        yield _Side(place, low, above=False)
    if high > point:
        yield _Side(place, high, above=True)


def _scale(factors: Sequence[Factor], factor: Factor) -> tuple[float, float]:
    """The least and the largest score of the same table, ranges included: 0 and 100 as a rule."""
    alike = [other.number for other in factors if _alike(other, factor)]
    lows = [float(number) if number.low is None else float(number.low) for number in alike]
    highs = [float(number) if number.high is None else float(number.high) for number in alike]
    return min(lows), max(highs)


def _alike(one: Factor, other: Factor) -> bool:
    """Whether numbers are of one kind: scores of a party, weights of a party, walk-aways, …"""
    if one.kind in ("scores", "weights"):
        return one.kind == other.kind and _owner(one) == _owner(other)
    return one.kind == other.kind


def _owner(factor: Factor) -> tuple[str | int, ...]:
    """Whose values a number is of: a party's, or one of its factions'."""
    return factor.path[:2] if factor.path[0] == "values" else factor.path[:4]


def _judged(
    factors: Sequence[Factor], judge: Judge, places: Integers, values: Floats
) -> dict[Key, Booleans]:
    """Verdicts where one number after another takes a value; shape (values,)."""
    parts: list[Mapping[Key, Booleans]] = []
    for start in range(0, len(places), BLOCK):
        rows = slice(start, start + BLOCK)
        changed: dict[str, Floats] = {}
        for place in np.unique(places[rows]).tolist():
            column = np.full(len(places[rows]), float(factors[place].number))
            own = places[rows] == place
            column[own] = values[rows][own]
            changed[factors[place].name] = column
        parts.append(judge(changed, len(places[rows])))
    keys = parts[0] if parts else {}
    return {key: np.concatenate([part[key] for part in parts]) for key in keys}


def _halved(
    factors: Sequence[Factor], judge: Judge, brackets: Sequence[_Bracket], halvings: int
) -> list[tuple[float, float]]:
    """Where verdicts turn, all looked for at once, and a value close by that has the other one."""
    near = np.array([bracket.near for bracket in brackets])
    far = np.array([bracket.far for bracket in brackets])
    places = np.array([bracket.side.place for bracket in brackets], dtype=np.int64)
    for _ in range(halvings if brackets else 0):
        middle = (near + far) / 2
        found = _judged(factors, judge, places, middle)
        same = np.array(
            [found[bracket.key][row] == bracket.stands for row, bracket in enumerate(brackets)]
        )
        near, far = np.where(same, middle, near), np.where(same, far, middle)
    # No more digits than halving gives: a turn at 13 is not told as 12.999999998.
    digits = len(str(1 << halvings))
    ends = zip(near.tolist(), far.tolist(), strict=True)
    return [(float(f"{(low + high) / 2:.{digits}g}"), high) for low, high in ends]


def _within(factor: Factor, value: float) -> bool:
    """Whether a value lies in the stated range; of a normal number within two deviations."""
    number = factor.number
    if number.sd:
        return abs(value - float(number)) <= 2 * float(number.sd)
    if number.low is None or number.high is None:
        return False
    return float(number.low) <= value <= float(number.high)


def _told_once(found: Sequence[Flip]) -> Iterator[Flip]:
    """A turn of the package and of the party that brings it about is told once."""

    def place(flip: Flip) -> tuple[str, Verdict, bool]:
        return flip.factor.name, flip.verdict, flip.above

    of_package = {place(flip): flip for flip in found if flip.package}
    blamed: dict[tuple[str, Verdict, bool], list[str]] = {}
    for flip in found:
        whole = of_package.get(place(flip))
        if flip.package or flip.party is None:
            continue
        if whole is None:
            yield flip
        elif abs(flip.value - whole.value) <= 1e-6 * (1 + abs(whole.value)):
            blamed.setdefault(place(flip), []).append(flip.party)
    for key, flip in of_package.items():
        parties = blamed.get(key, [])
        party = parties[0] if len(parties) == 1 else None
        yield Flip(
            flip.factor, flip.verdict, party, flip.stands, flip.value, flip.above, flip.within_range
        )


def nearest_first(found: Iterable[Flip]) -> tuple[Flip, ...]:
    """Those within stated ranges first, of the package before of one party, nearest first."""
    return tuple(sorted(found, key=_distance))


def _distance(flip: Flip) -> tuple[bool, bool, float, str]:
    number = flip.factor.number
    if number.low is not None and number.high is not None and number.low != number.high:
        width = float(number.high - number.low)
    else:
        width = abs(float(number)) or 1.0
    off = abs(flip.value - float(number)) / width
    return not flip.within_range, not flip.package, off, flip.factor.name
