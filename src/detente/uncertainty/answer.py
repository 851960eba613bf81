"""What ``stress`` finds out: the parts of its answer, all frozen.

A *coding* is one way to fill in every number of the case; shares are shares of codings drawn
from the stated ranges. They are statements about judgements, not about the future.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from detente.agreement.packages.draws import Share
from detente.case.numbers import Number
from detente.stability.answer import Concept

Verdict = Literal["acceptable", "holds", "enforceable", "roadmap", "all_of_it"]
"""What is asked of a package in every coding: everyone who has to accepts it, it holds (under
:data:`HEADLINE`), it is self-enforcing with the planned verification, nobody ever gains by leaving
its roadmap, and all of that."""
VERDICTS: tuple[Verdict, ...] = ("acceptable", "holds", "enforceable", "roadmap", "all_of_it")
HEADLINE: Concept = "seq"
"""The concept of stability that *holds* means where only one is asked: who could leave is
punished by others who gain by doing so, or has nothing to gain."""
Measure = Literal["acceptable", "enforceable", "roadmap"]
"""What is measured in points in every coding: the smallest gain over walking away of the parties
that have to accept, the weakest margin at the finished agreement, and the weakest of the road."""
MEASURES: tuple[Measure, ...] = ("acceptable", "enforceable", "roadmap")
Correlated = Literal["independent", "stated", "full"]
"""How a party's numbers hang together in the draws."""


Kind = Literal[
    "weights",
    "scores",
    "adjustments",
    "walk_away",
    "discount",
    "turnover",
    "breakdown",
    "sees",
    "detects",
    "false_alarm",
    "second_look",
    "cost",
    "gain",
    "prize",
    "amount",
    "driver",
    "shift",
]
"""Kinds of numbers, mostly by the word under which a case states them."""
_KINDS: Mapping[str, Kind] = {
    **{kind: kind for kind in get_args(Kind)},
    "keeps_true": "second_look",
    "keeps_false": "second_look",
}


@dataclass(frozen=True)
class Factor:
    """A number of the case that may be another.

    Parameters
    ----------
    name
        Its place in the case, dotted: ``values.north.weights.arms``, ``drivers.oil_price``.
    path
        The same as keys.
    number
        As stated; of a driver its range, with the likely value as its point.
    party
        Whose values it belongs to; None for numbers that are not correlated with others.
    """

    name: str
    path: tuple[str | int, ...]
    number: Number
    party: str | None = None

    @property
    def kind(self) -> Kind:
        """What kind of number it is: by its place in the case, whatever is called what there."""
        return kind_of(self.path)


def kind_of(path: tuple[str | int, ...]) -> Kind:
    """The kind of the number at a place.

    Examples
    --------
    >>> kind_of(("values", "weights", "scores", "detects", "discount"))
    'scores'
    """
    part = path[0]
    if part == "parties":
        faction = path[2] == "factions"
        place = path[4:] if faction else path[2:]
        return _KINDS[str(place[1] if place[0] == "values" else place[0])]
    if part == "verification":
        return _KINDS[str(path[-1] if path[1] == "second_look" else path[3])]
    if part == "drivers":
        return "driver" if len(path) == 2 else "shift"
    return _KINDS[str(path[2] if part == "values" else path[-1])]


@dataclass(frozen=True)
class Standing:
    """In what share of the codings a package stands.

    Parameters
    ----------
    samples
        Codings drawn and judged.
    acceptable
        Everyone who has to consents, and the rules are obeyed.
    accepts
        For every party and faction, signing or not.
    holds
        For each concept of stability, that nobody leaves; None where that was not asked or
        cannot be told in any coding.
    stays
        The same for each party under :data:`HEADLINE`.
    untold
        In how many codings it cannot be told whether it holds; they do not count as holding.
    enforceable, keeps
        Cheating and leaving the finished agreement pay no signing party; for each of them. None
        where it was not asked.
    roadmap, goes_on
        Nobody ever gains by leaving its roadmap; for each signing party. None where it was not
        asked.
    all_of_it
        Everything at once that was asked; None where only one thing was.
    """

    samples: int
    acceptable: Share
    accepts: Mapping[str, Share]
    holds: Mapping[Concept, Share] | None
    stays: Mapping[str, Share]
    untold: int
    enforceable: Share | None
    keeps: Mapping[str, Share]
    roadmap: Share | None
    goes_on: Mapping[str, Share]
    all_of_it: Share | None

    def share(self, verdict: Verdict) -> Share | None:
        """The share of one verdict; None where it was not asked."""
        if verdict == "holds":
            return None if self.holds is None else self.holds.get(HEADLINE)
        found: Share | None = getattr(self, verdict)
        return found


@dataclass(frozen=True)
class Flip:
    """Where a verdict turns if one number is another, all others as they stand.

    Parameters
    ----------
    factor
        The number.
    verdict, party
        Which verdict, and whose verdict turns; None where that is not one party's alone.
    stands
        The verdict as the numbers are.
    value
        The nearest value with the other verdict, below or above the present one.
    above
        Whether it lies above the present value.
    within_range
        Whether it lies in the stated range; False where there is none.
    package
        Whether the verdict on the package turns; else only that of the party.
    """

    factor: Factor
    verdict: Verdict
    party: str | None
    stands: bool
    value: float
    above: bool
    within_range: bool
    package: bool = True


@dataclass(frozen=True)
class Interval:
    """A number with its 95 % interval.

    ``includes_zero`` says that it cannot be told from nothing.
    """

    value: float
    low: float
    high: float

    @property
    def includes_zero(self) -> bool:
        """Whether the interval reaches down to 0."""
        return self.low <= 0


@dataclass(frozen=True)
class Influence:
    """How much of the differences between codings one factor makes.

    Parameters
    ----------
    factor
        The number; None for all others together.
    others
        How many numbers ``None`` stands for; 0 otherwise.
    first_order
        By itself: the share of the variance that would go if it were known.
    total
        With all that it does together with others.
    """

    factor: Factor | None
    others: int
    first_order: Interval
    total: Interval


@dataclass(frozen=True)
class Influences:
    """What decides one measure, most influential factors first.

    Parameters
    ----------
    measure
        What is measured.
    factors
        Those that were looked at one by one, then all others together.
    evaluations
        Codings evaluated for it.
    """

    measure: Measure
    factors: tuple[Influence, ...]
    evaluations: int


@dataclass(frozen=True)
class Condition:
    """That a factor lies in a part of its range; None where that side is open."""

    factor: Factor
    low: float | None
    high: float | None


@dataclass(frozen=True)
class BreaksWhen:
    """A simple condition under which a verdict fails more often.

    It is looked for where all numbers vary independently, so that none stands for another that it
    goes together with, and told for the codings of the stated correlation.

    Parameters
    ----------
    verdict
        Which one.
    conditions
        All of them at once.
    coverage
        Share of all failing codings that meet them.
    density
        Share of the codings that meet them in which it fails.
    mass
        Share of all codings that meet them.
    overall
        Share of all codings in which it fails, for comparison.
    """

    verdict: Verdict
    conditions: tuple[Condition, ...]
    coverage: float
    density: float
    mass: float
    overall: float


@dataclass(frozen=True)
class Robust:
    """One package in the same codings as the others.

    Parameters
    ----------
    outcome
        All its options.
    names
        How it is called: packages of the case, solutions at the likely values, ``asked`` for the
        one that was asked about, ``largest share`` for what the search found.
    acceptable
        In which share of the codings everyone who has to accepts it.
    smallest_gain
        Mean over the codings of the smallest gain over walking away; None without scores.
    greatest_regret
        The most by which its smallest gain falls short, in a coding, of the best of the packages
        compared here; None without scores.
    likely_gain
        Its smallest gain at the likely values; None without scores.
    """

    outcome: Mapping[str, str]
    names: tuple[str, ...]
    acceptable: Share
    smallest_gain: float | None
    greatest_regret: float | None
    likely_gain: float | None


@dataclass(frozen=True)
class RobustChoice:
    """Which packages are accepted in the largest share of codings; nothing else is compared.

    Parameters
    ----------
    packages
        The packages compared, largest share first.
    searched
        How many outcomes obey the rules: the search was over all of them.
    exact
        Whether the largest share over all of them is found.
    bound
        No package has a larger share than this (in these codings).
    ties
        How many outcomes have the largest share.
    samples
        Codings used.
    compared
        How many packages were compared for regrets, of which ``packages`` lists the first.
    left_out
        How many further efficient packages were not compared.
    """

    packages: tuple[Robust, ...]
    searched: int
    exact: bool
    bound: float
    ties: int
    samples: int
    compared: int
    left_out: int = 0

    @property
    def best(self) -> Robust:
        """The one with the largest share; of the ties compared that with the largest gain."""
        return self.packages[0]


@dataclass(frozen=True)
class Failed:
    """A coding that could not be judged: its number, what was drawn, and why."""

    draw: int
    message: str
    inputs: Mapping[str, float]
