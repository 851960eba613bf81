"""Values drawn from the ranges that a case states: many codings at once.

A coding is one way to fill in every number that has a range. What is drawn are *shares*
between 0 and 1, one for each such number: the number's quantile at that share is its
value. How shares hang together (independent, correlated, spread evenly) is the caller's.

A case in which such numbers are :class:`Drawn` is many codings at once: what is computed from it
through :func:`amount` has the codings as its first axis, and whatever belongs to states, parts or
measures as its last, so that the same formulas serve one coding and many.

Draws are samples and use floats. Where a verdict does not hang on a drawn number it is
not taken from here (see :meth:`RangedValues.hangs_on`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from detente.case.bargaining import Faction, Party, Values
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.model.compilation import space_of
from detente.model.expressions import expression_factor
from detente.model.problem import Booleans, Factor, Floats, Integers, Single
from detente.model.space import Space

TOLERANCE = 1e-12
"""A gain counts as not negative down to this share of the sizes of its terms: a tie at the
walk-away value must not be lost to rounding."""


@dataclass(frozen=True, eq=False)
class Drawn(Number):
    """A number that is another in every coding; its point is still the likely value.

    Parameters
    ----------
    draws
        Its values; shape (codings,).
    """

    draws: Floats = field(default_factory=lambda: np.zeros(0))

    __eq__ = object.__eq__
    __hash__ = object.__hash__


def amount(number: Number) -> Single:
    """A number to compute with: itself, or where it is drawn a column, shape (codings, 1)."""
    return number.draws[:, None] if isinstance(number, Drawn) else float(number)


def varies(number: Number) -> bool:
    """Whether the stated range holds more than one value."""
    if number.shape == "normal":
        return bool(number.sd)
    return number.is_range and number.low != number.high


def quantile(number: Number, shares: Floats) -> Floats:
    """The values of a ranged number below which these shares of its draws fall.

    Parameters
    ----------
    number
        Uniform (low, high); triangular (low, likely, high); PERT, the beta distribution on
        low … high with parameters 1 + 4 (likely − low) / (high − low) and
        1 + 4 (high − likely) / (high − low) (Malcolm et al. 1959, Operations Research 7),
        whose mean is (low + 4 likely + high) / 6; or normal (mean, standard deviation).
    shares
        Between 0 and 1; a normal number takes the ends as 2^-53 and 1 − 2^-53.

    Examples
    --------
    >>> from detente.case.numbers import parse_number
    >>> quantile(parse_number([10, 20]), np.array([0.0, 0.25]))
    array([10. , 12.5])
    """
    if not varies(number):
        return np.full(shares.shape, float(number.point))
    if number.shape == "normal":
        from scipy.special import ndtri

        inside: Floats = ndtri(np.clip(shares, 2.0**-53, 1 - 2.0**-53))
        return float(number) + float(number.sd or 0) * inside
    assert number.low is not None and number.high is not None
    low, width = float(number.low), float(number.high - number.low)
    mode = float((number.point - number.low) / (number.high - number.low))
    if number.shape == "uniform":
        return low + width * shares
    if number.shape == "pert":
        from scipy.special import betaincinv

        position: Floats = betaincinv(1 + 4 * mode, 5 - 4 * mode, shares)
        return low + width * position
    rising = np.sqrt(shares * mode)
    falling = 1 - np.sqrt((1 - shares) * (1 - mode))
    return low + width * np.where(shares < mode, rising, falling)


@dataclass(frozen=True, eq=False)
class RangedValues:
    """A party's or a faction's gain over walking away, as a sum of numbers of the case.

    The terms are, in this order: every score of every scored issue, every adjustment, and
    the walk-away value where it is a number. An outcome's gain reads some of them. Where
    the walk-away is an outcome, it reads the difference, so that what both share cancels.

    Parameters
    ----------
    values
        With scores (orders have no ranges).
    walk_away
        A number of points, or the complete outcome whose value it is.
    space
        Issues and options.
    """

    values: Values
    walk_away: Number | Mapping[str, str]
    space: Space

    @cached_property
    def terms(self) -> tuple[Number, ...]:
        """The numbers that gains are made of."""
        own = [
            table[option]
            for issue, table in self._scores.items()
            for option in self.space.options[self.space.issue_position[issue]]
        ]
        own += [adjustment.add for adjustment in self.values.adjustments]
        return (*own, self.walk_away) if isinstance(self.walk_away, Number) else tuple(own)

    @cached_property
    def weights(self) -> tuple[Number, ...]:
        """The weight of every scored issue; empty where scores are points."""
        weights = self.values.weights
        if weights is None:
            return ()
        return tuple(weights[issue] for issue in self._scores)

    @cached_property
    def ranged(self) -> tuple[Number, ...]:
        """The numbers to draw: of the weights, then of the terms, those that vary."""
        return tuple(number for number in (*self.weights, *self.terms) if varies(number))

    @property
    def _scores(self) -> Mapping[str, Mapping[str, Number]]:
        return self.values.scores or {}

    @cached_property
    def _issue_of(self) -> Integers:
        """For each score the position of its issue among the scored ones."""
        sizes = [self.space.sizes[self.space.issue_position[issue]] for issue in self._scores]
        return np.repeat(np.arange(len(sizes)), sizes)

    @cached_property
    def _conditions(self) -> tuple[Factor, ...]:
        return tuple(expression_factor(entry.when, self.space) for entry in self.values.adjustments)

    @property
    def scopes(self) -> tuple[tuple[int, ...], ...]:
        """Positions of the issues read by each scored issue's scores and by each adjustment."""
        scored = ((self.space.issue_position[issue],) for issue in self._scores)
        return (*scored, *(factor.scope for factor in self._conditions))

    def reads(self, codes: Integers) -> Integers:
        """How often the gain of each outcome adds each term: shape (outcomes, terms).

        ``codes`` are option positions, shape (outcomes, issues). Entries are 1, 0 or −1.
        """
        if isinstance(self.walk_away, Number):
            counts = self.counts(codes)
            return np.hstack((counts, np.full((len(codes), 1), -1, dtype=np.int64)))
        without = np.array([self.space.codes(self.walk_away)], dtype=np.int64)
        return self.counts(codes) - self.counts(without)

    @property
    def worths(self) -> int:
        """How many of the terms, the first ones, make up what an outcome is worth."""
        return len(self.terms) - isinstance(self.walk_away, Number)

    def counts(self, codes: Integers) -> Integers:
        """How often what an outcome is worth counts each of those terms; (outcomes, terms)."""
        columns = [
            codes[:, position, None] == np.arange(self.space.sizes[position])
            for position in (self.space.issue_position[issue] for issue in self._scores)
        ]
        columns += [factor.at(codes)[:, None] for factor in self._conditions]
        return np.hstack([*columns, np.zeros((len(codes), 0), np.int64)]).astype(np.int64)

    def hangs_on(self, codes: Integers) -> Booleans:
        """Whether the gain of each outcome reads a number that varies; shape (outcomes,)."""
        drawn = np.array([varies(number) for number in self.terms], dtype=np.bool_)
        if any(map(varies, self.weights)):
            # Each weight is a share of all of them, so one that varies moves all.
            scores = len(self._issue_of)
            drawn[:scores] |= np.array([bool(n.point) for n in self.terms[:scores]], np.bool_)
        out: Booleans = (self.reads(codes)[:, drawn] != 0).any(axis=1)
        return out

    def draw(self, shares: Floats) -> Floats:
        """The terms in many codings, scores times their weights.

        Parameters
        ----------
        shares
            Shape (codings, numbers), a column for each of :attr:`ranged`.

        Returns
        -------
        terms
            Shape (codings, terms). Weights below 0 (of normal numbers) count as 0, and
            weights are divided by their sum; where all are 0, as stated without ranges.
        """
        columns = iter(shares.T)
        return self._terms(lambda n: quantile(n, next(columns)) if varies(n) else None, len(shares))

    def stated(self, codings: int) -> Floats:
        """The terms at their likely values, the same in so many codings."""
        return self._terms(lambda _: None, codings)

    @cached_property
    def drawn(self) -> Floats | None:
        """The terms of a case whose numbers are drawn, as :meth:`draw`; None where none is."""
        counts = [
            len(number.draws)
            for number in (*self.weights, *self.terms)
            if isinstance(number, Drawn)
        ]
        if not counts:
            return None
        return self._terms(lambda n: n.draws if isinstance(n, Drawn) else None, counts[0])

    def _terms(self, draws: Callable[[Number], Floats | None], codings: int) -> Floats:
        def drawn(numbers: Sequence[Number]) -> Floats:
            # Most numbers do not vary: whole rows are laid out first, which is quick.
            out = np.tile([float(number.point) for number in numbers], (codings, 1))
            for place, number in enumerate(numbers):
                found = draws(number)
                if found is not None:
                    out[:, place] = found
            return out

        table = np.maximum(drawn(self.weights), 0)
        terms = drawn(self.terms)
        if self.weights:
            table[~table.any(axis=1)] = [float(number) for number in self.weights]
            table /= table.sum(axis=1, keepdims=True)
            terms[:, : len(self._issue_of)] *= table[:, self._issue_of]
        return terms

    def worth(self, codes: Integers) -> Floats:
        """What outcomes are worth in every coding of a drawn case; shape (codings, outcomes)."""
        assert self._rows is not None
        reads = self.counts(codes)
        used = np.flatnonzero(reads.any(axis=0))
        return (reads[:, used].astype(np.float64) @ self._rows[used]).T

    @cached_property
    def _rows(self) -> Floats | None:
        """The drawn terms as rows: shape (terms, codings)."""
        return None if self.drawn is None else np.ascontiguousarray(self.drawn.T)

    @property
    def leaving(self) -> Floats:
        """What walking away is worth in every coding of a drawn case; shape (codings, 1)."""
        assert self.drawn is not None
        if isinstance(self.walk_away, Number):
            return self.drawn[:, -1:]
        return self.worth(np.array([self.space.codes(self.walk_away)], dtype=np.int64))


def ranged_values(case: Case, name: str) -> RangedValues:
    """The values of a party, or of a faction as ``party.faction``, which has scores."""
    party, _, key = name.partition(".")
    entry: Party | Faction = case.parties[party]
    values = case.values.get(party)
    if key:
        entry = case.parties[party].factions[key]
        values = entry.values
    assert values is not None
    number, outcome = entry.walk_away.number, entry.walk_away.outcome
    walk_away = number if number is not None else case.complete(outcome or {})
    return RangedValues(values, walk_away, space_of(case))


def not_negative(terms: Floats, reads: Integers) -> Booleans:
    """Where gains are at least 0, up to :data:`TOLERANCE`.

    Parameters
    ----------
    terms
        As :meth:`RangedValues.draw` gives them, shape (codings, terms).
    reads
        As :meth:`RangedValues.reads` gives them, shape (outcomes, terms).

    Returns
    -------
    verdicts
        Shape (codings, outcomes).
    """
    used = np.flatnonzero(reads.any(axis=0))
    terms, reads = terms[:, used], reads[:, used]
    gains = terms @ reads.T
    sizes = np.abs(terms) @ np.abs(reads).T
    verdicts: Booleans = gains >= -TOLERANCE * sizes
    return verdicts
