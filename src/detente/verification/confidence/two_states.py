"""Two hidden states, *kept* and *broken*, filtered through inspections in exact decimals.

All sums are of numbers that are not negative, so nothing cancels: with n steps of rounding
the relative error is about n units in the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, Inexact, localcontext
from fractions import Fraction

DIGITS = 50
"""Decimal digits that are kept at the least."""

Pair = tuple[Decimal, Decimal]
"""Weights of *kept* and *broken*, up to a common factor."""
Matrix = tuple[Pair, Pair]
Outcome = bool | None
"""What a period brought: True an alarm, False a clean inspection, None no inspection."""

ZERO, ONE = Decimal(0), Decimal(1)


class TooClose(Exception):
    """A comparison that the digits kept so far cannot decide."""


@dataclass(frozen=True)
class Chances:
    """The chances of one period, as decimals."""

    detection: Decimal
    false_alarm: Decimal
    lapse: Decimal
    cure: Decimal

    @property
    def digits(self) -> int:
        """Enough for differences and products of the chances to be exact."""
        return digits_for(*vars(self).values())

    def predicted(self, pair: Pair) -> Pair:
        """The next period, before anything is seen of it."""
        kept, broken = pair
        return (
            kept * (1 - self.lapse) + broken * self.cure,
            kept * self.lapse + broken * (1 - self.cure),
        )

    def updated(self, pair: Pair, alarm: bool) -> Pair:
        """After an inspection."""
        kept, broken = pair
        if alarm:
            return kept * self.false_alarm, broken * self.detection
        return kept * (1 - self.false_alarm), broken * (1 - self.detection)

    def clean(self, pair: Pair) -> Pair:
        """After one more period with a clean inspection."""
        return self.updated(self.predicted(pair), alarm=False)

    def path(self, pair: Pair, outcomes: Iterable[Outcome]) -> Iterator[Pair]:
        """After each period of a record.

        Raises
        ------
        ValueError
            Where an outcome is none, or cannot happen.
        """
        for period, outcome in enumerate(outcomes, start=1):
            if outcome not in (True, False, None):
                raise ValueError(
                    "an outcome is True (an alarm), False (clean) or None (no inspection); "
                    f"that of period {period} is {outcome!r}"
                )
            pair = self.predicted(pair)
            if outcome is not None:
                pair = self.updated(pair, bool(outcome))
            if not any(pair):
                what = "an alarm" if outcome else "a clean inspection"
                raise ValueError(f"{what} in period {period} cannot happen with these numbers")
            yield pair


def digits_for(*numbers: Decimal) -> int:
    """Digits with which one minus each of the numbers is exact, and products nearly so."""
    exponents = (number.as_tuple().exponent for number in numbers)
    return DIGITS + 2 * max(-exponent for exponent in exponents if isinstance(exponent, int))


@contextmanager
def precise(digits: int) -> Iterator[Context]:
    """Decimals with so many digits and exponents of any size."""
    context = Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[], flags=[])
    with localcontext(context) as active:
        yield active


def clean_needed(
    prior: Decimal, record: Sequence[Outcome], level: Fraction, chances: Chances, digits: int
) -> int | None:
    """Least number of clean inspections; more digits where :class:`TooClose` is raised.

    The filter is an increasing map of confidence, so its path rises until the ceiling or not
    at all: it passes a level exactly if it rises at its beginning and at the level.
    """
    part, rest = Decimal(level.numerator), Decimal(level.denominator - level.numerator)
    with precise(digits) as context:
        start = (prior, 1 - prior)
        for pair in chances.path(start, record):
            start = pair

        def compared(more: Decimal, less: Decimal, steps: int) -> int:
            """The sign of a difference after so many steps of rounding."""
            gap, error = more - less, (steps + len(record)) * Decimal(10) ** (4 - digits)
            if context.flags[Inexact] and abs(gap) <= (more + less) * error:
                raise TooClose
            return int(gap > 0) - int(gap < 0)

        def beyond(pair: Pair, steps: int = 1) -> int:
            """Whether a pair lies above the level (1), at it (0) or below (-1)."""
            return compared(pair[0] * rest, pair[1] * part, steps)

        if beyond(start) >= 0:
            return 0
        first, from_level = chances.clean(start), chances.clean((part, rest))
        if not any(first):
            return None
        if beyond(first) >= 0:
            return 1
        if compared(first[0] * start[1], first[1] * start[0], 1) <= 0 or beyond(from_level) <= 0:
            return None
        kept, broken = chances.clean((ONE, ZERO)), chances.clean((ZERO, ONE))
        powers: list[Matrix] = [((kept[0], broken[0]), (kept[1], broken[1]))]
        while beyond(_applied(powers[-1], start), 2 ** len(powers)) < 0:
            powers.append(_squared(powers[-1]))
        count, pair = 0, start
        for place in reversed(range(len(powers) - 1)):
            further = _applied(powers[place], pair)
            if beyond(further, 2 ** len(powers)) < 0:
                count, pair = count + 2**place, further
        return count + 1


def _applied(matrix: Matrix, pair: Pair) -> Pair:
    (a, b), (c, d) = matrix
    return a * pair[0] + b * pair[1], c * pair[0] + d * pair[1]


def _squared(matrix: Matrix) -> Matrix:
    """A matrix times itself, brought back to the size of 1 by a power of ten."""
    (a, b), (c, d) = matrix
    found = (a * a + b * c, b * (a + d)), (c * (a + d), d * d + b * c)
    size = max(entry.adjusted() for row in found for entry in row if entry)
    (a, b), (c, d) = ((x.scaleb(-size), y.scaleb(-size)) for x, y in found)
    return (a, b), (c, d)
