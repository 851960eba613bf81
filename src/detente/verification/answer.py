"""What ``verify`` finds out: the parts of its answer, all frozen.

Values and margins are normalised per period, on the scale of the values: what a path is
worth if it were the same in every period. Detections are per period, after the second look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, overload

from detente.model.problem import Booleans, Floats

Verdict = Literal["yes", "with verification", "with a larger stake", "no"]
"""Whether an agreement can be enforced, from best to worst.

The parties that sign decide; the others are judged beside them. ``yes``: as it stands, with
the measures that it allows. ``with verification``: with better detection or fewer false
alarms than those. ``with a larger stake``: by no verification; only if a cheater has more to
lose. ``no``: by no punishment that the parties have.
"""
VERDICTS: tuple[Verdict, ...] = ("yes", "with verification", "with a larger stake", "no")


@dataclass(frozen=True)
class Dash:
    """A violation judged as a dash for a lasting prize.

    Parameters
    ----------
    takes, prize
        Periods until the prize, and what it adds to every period from then on.
    margin
        Honesty less the dash; None without values.
    critical_detection
        The least detection that deters it; None where none does, or without values.
    useful
        Periods in which a finding would still come in time to act on it.
    timely
        Chance that it is found in one of them.
    """

    takes: int
    prize: float
    margin: float | None
    critical_detection: float | None
    useful: int
    timely: float


@dataclass(frozen=True)
class Temptation:
    """One way to cheat, looked at alone.

    Parameters
    ----------
    name
        The issue, or the listed violation.
    party
        Who could do it.
    issue, option
        For a generated one, the issue and the option at which it would really stand.
    generated
        Whether it follows from control of a covert issue rather than being listed.
    gain
        What it brings per period; None where the case does not say.
    detection, seen_by
        Chance per period that it is found, by all measures together after the second look,
        and by each of those that see it before.
    critical_detection
        The least detection that deters it: above 1 none does; None where not even the
        formula has a value, or without values.
    margin
        Honesty less cheating until found; None without values.
    expected_time
        Periods until an alarm is expected and acted upon; None where there is none.
    dash
        The same judged by its prize, where the case states a breakout.
    weapons_unjudged
        It is about weapons and the case states no breakout for them.
    """

    name: str
    party: str
    issue: str | None
    option: str | None
    generated: bool
    gain: float | None
    detection: float
    seen_by: Mapping[str, float]
    critical_detection: float | None
    margin: float | None
    expected_time: float | None
    dash: Dash | None
    weapons_unjudged: bool

    @property
    def deterred(self) -> bool | None:
        """Whether it does not pay, alone; None where that cannot be said."""
        known = [m for m in (self.margin, self.dash.margin if self.dash else None) if m is not None]
        return not_negative(min(known)) if known else None


@dataclass(frozen=True)
class Incentives:
    """What one party has to gain by cheating and to lose by being found.

    Parameters
    ----------
    party, signs
        Who, and whether it signs.
    comply, worth, punished
        What the agreement is worth to it per period; the same with false alarms counted in;
        what the aftermath of an alarm of its own making is worth per period.
    discount
        Worth of the next period.
    stake
        K of F4 in discounted units: what is lost, over time, by being found.
    leave
        Margin of staying over openly walking away.
    temptations
        The ways to cheat, each alone.
    sets
        Number of ways to cheat at once that were compared.
    margin, worst
        The least margin over all of them, and the way that has it; None where there is no
        way to cheat.
    critical_detection_jointly
        The least detection, the same for each, that deters all ways at once; None where
        none does.
    critical_discount, critical_false_alarm, shortest_punishment
        Where the verdict on this party flips, everything else as it is; None where it does
        not.
    guarantee
        The least further loss of one who is found or leaves that deters, with the
        verification as it stands and with a perfect one; None where none does, or where
        punishment ends (a suspension is no collapse, and takes no guarantee).
    best, harshest
        The most and, at the hands of the others, the least that the party can get: with
        these a verdict that no punishment changes is told from one that a richer
        punishment might.
    verdict
        As for the whole, for this party alone.
    bracket
        ``enforceable``, ``depends on a richer punishment`` or ``not enforceable``, with the
        verification as it stands (F13).
    """

    party: str
    signs: bool
    comply: float
    worth: float
    punished: float
    discount: float
    stake: float
    leave: float
    temptations: tuple[Temptation, ...]
    sets: int
    margin: float | None
    worst: tuple[str, ...]
    critical_detection_jointly: float | None
    critical_discount: float | None
    critical_false_alarm: float | None
    shortest_punishment: int | None
    guarantee: float | None
    guarantee_at_best: float | None
    best: float
    harshest: float
    verdict: Verdict
    bracket: Literal["enforceable", "depends on a richer punishment", "not enforceable"]

    @property
    def weakest(self) -> Temptation | None:
        """The temptation with the least margin alone, judged as a dash too."""

        def least(entry: Temptation) -> float:
            dash = entry.dash.margin if entry.dash else None
            known = [margin for margin in (entry.margin, dash) if margin is not None]
            return min(known, default=float("inf"))

        return min(self.temptations, key=least, default=None)


@dataclass(frozen=True)
class Unvalued:
    """A party whose values are not known: how well its cheating would be seen.

    ``needs`` says what is missing: ``values`` or ``scores``.
    """

    party: str
    needs: str
    temptations: tuple[Temptation, ...]


@dataclass(frozen=True)
class MeasureSet:
    """Some measures together.

    Parameters
    ----------
    measures
        Their names, in the order of the case.
    cost
        Per period; the number of measures where none has a cost.
    false_alarm
        Chance per period of an alarm although all comply, after the second look.
    margins
        Per party with a way to cheat, its least margin.
    leave
        Per party, its margin of staying over walking away.
    """

    measures: tuple[str, ...]
    cost: Fraction
    false_alarm: float
    margins: Mapping[str, float]
    leave: Mapping[str, float]


@dataclass(frozen=True)
class Effect:
    """What one measure buys beside the chosen others: per party its least margin.

    ``useful`` is false for a measure that detects none of the violations.
    """

    measure: str
    cost: Fraction | None
    false_alarm: float
    chosen: bool
    useful: bool
    without: Mapping[str, float]
    with_it: Mapping[str, float]


@dataclass(frozen=True)
class Choice:
    """The cheapest measures that deter what measures can deter.

    Parameters
    ----------
    chosen
        The set; None where there is nothing to deter or no measure to choose.
    deters
        Whether it deters every violation of every party.
    beyond
        Party and names of violations that no set of the measures deters.
    stays_tempting
        Party and names that stay tempting although some other set would deter them; then
        no set deters all the rest and this one has the largest least margin.
    alternatives
        Further sets that deter the same and contain no other such set, cheapest first.
    effects
        What each measure buys.
    budget
        The most that it may cost, if that was asked, and the cost of the cheapest set
        without it.
    refused
        Measures of the case that the outcome does not allow, with what they require.
    without_cost
        Measures without a stated cost; they count as free, unless none has one.
    counted
        Whether no measure has a cost, so that the fewest measures are the cheapest.
    """

    chosen: MeasureSet | None
    deters: bool
    beyond: tuple[tuple[str, tuple[str, ...]], ...]
    stays_tempting: tuple[tuple[str, tuple[str, ...]], ...]
    alternatives: tuple[MeasureSet, ...]
    effects: tuple[Effect, ...]
    budget: Fraction | None
    cheapest_without_budget: Fraction | None
    refused: Mapping[str, str]
    without_cost: tuple[str, ...]
    counted: bool


@dataclass(frozen=True)
class Visits:
    """How often shared inspectors must look at each thing, announced and at random.

    The inspectors see what the chosen measures see, but only where they look. ``rotation``
    sends them to as few things at a time as will do (G5), ``independent`` decides each by itself
    (G4). Visits are probabilities per period.

    Parameters
    ----------
    party
        Whose violations they watch.
    rotation, independent
        Per violation its visits; None where no plan deters.
    rotation_total, independent_total
        Visits per period in all.
    available
        Visits that there are, if that was asked.
    within
        The best plan within them where they do not suffice, and its least margin.
    """

    party: str
    rotation: Mapping[str, float] | None
    independent: Mapping[str, float] | None
    rotation_total: float | None
    independent_total: float | None
    available: float | None
    within: Mapping[str, float] | None
    within_margin: float | None


@dataclass(frozen=True)
class Restoring:
    """Whether anybody would want an issue back at the status quo once the process collapses.

    ``after`` is the number of periods after which it falls back; ``by`` the parties that
    can bring that about, with what each gains per period by it. ``credible`` is whether
    one of them gains, and None where no value of theirs is known.
    """

    issue: str
    option: str
    after: int
    by: Mapping[str, float]
    credible: bool | None


TOLERANCE = 1e-9
"""Margins down to its negative count as ties: what rounding does to values around 100."""


@overload
def not_negative(margin: float) -> bool: ...
@overload
def not_negative(margin: Floats) -> Booleans: ...
def not_negative(margin: float | Floats) -> bool | Booleans:
    """Whether a margin counts as not negative: a tie must not be lost to rounding."""
    return margin >= -TOLERANCE
