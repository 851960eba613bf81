"""What ``unlock`` finds out: the parts of its answer, all frozen.

Amounts are in points of value per period, on the scale of the values of the party that is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from detente.agreement.packages.changes import Change
from detente.agreement.packages.draws import Share
from detente.leverage.payments.answer import StatePayment, Transfer
from detente.leverage.reversals.answer import Reversal

Goal = Literal["acceptable", "enforceable", "roadmap", "holds"]
"""What is asked of a wanted package: every signing party accepts it, cheating on it does not pay
with the verification that it allows, some order of steps leaves nobody better off by leaving, and
it is an equilibrium under the chosen concept."""
GOALS: tuple[Goal, ...] = ("acceptable", "enforceable", "roadmap", "holds")
Lever = Literal["terms", "payments", "guarantees", "verification", "persuasion", "process"]
"""What a mediator can move."""
LEVERS: tuple[Lever, ...] = (
    "terms",
    "payments",
    "guarantees",
    "verification",
    "persuasion",
    "process",
)


@dataclass(frozen=True)
class Warrant:
    """What a party would lose, beyond what it loses now, if it let the process collapse.

    Parameters
    ----------
    against, amount
        The party, and its loss in every period from then on.
    by
        Who could impose it: a guarantor of the case, else the party that loses most itself by a
        collapse; None where nobody does.
    stake
        What that party loses itself by a collapse, per period; None for an outsider.
    """

    against: str
    amount: Fraction
    by: str | None
    stake: float | None


@dataclass(frozen=True)
class Check:
    """How well cheating would have to be seen.

    Parameters
    ----------
    party, violation
        Whose, and on which issue or listed violation.
    now
        Chance per period that it is found, with the verification as it stands.
    least
        The least chance that will do.
    """

    party: str
    violation: str
    now: float
    least: Fraction


@dataclass(frozen=True)
class Shift:
    """A judgement of a party that would have to be another.

    Parameters
    ----------
    name
        The party, or ``party.faction``.
    kind
        ``weight`` of an issue, or ``score`` of an option.
    issue, option
        Of what; no option for a weight.
    before, after
        In points; weights as parts of a sum that stays what it is.
    low, high
        The stated range; None where there is none.
    """

    name: str
    kind: Literal["weight", "score"]
    issue: str
    option: str | None
    before: Fraction
    after: Fraction
    low: Fraction | None
    high: Fraction | None

    @property
    def beyond(self) -> bool:
        """Whether it would lie outside the stated range."""
        below = self.low is not None and self.after < self.low
        return below or (self.high is not None and self.after > self.high)


@dataclass(frozen=True)
class Relaxation:
    """One thing of the process that would be otherwise.

    Parameters
    ----------
    kind
        ``rule``: it is dropped. ``undo``: an option takes so long to take back. ``joint``: the
        issue is changed by one party alone. ``withdraw``: only all together take it back.
        ``option``: there is one more, half way. ``precedence``: what must come first need not.
        ``requires``: a measure works although what it needs is not agreed. ``ratification``: a
        faction's consent is not needed.
    subject
        The rule's place, the issue, the measure, or ``party.faction``.
    option
        Which option, or which party alone.
    value
        For ``undo``: periods, or never.
    """

    kind: Literal[
        "rule", "undo", "joint", "withdraw", "option", "precedence", "requires", "ratification"
    ]
    subject: str
    option: str | None = None
    value: int | Literal["never"] | None = None


Part = Change | Transfer | StatePayment | Warrant | Check | Shift | Reversal | Relaxation
"""One thing that would be otherwise."""


@dataclass(frozen=True)
class Cost:
    """What a way costs; amounts in different units are not compared.

    ``changes`` of terms, or their ``cost`` where costs are stated; ``units`` paid per period;
    ``points`` of value, per period for penalties; ``weight`` moved; ``chance`` of detection that is
    missing, summed; ``reversals`` of preferences; ``relaxations`` of the process.
    """

    amount: Fraction
    unit: Literal[
        "changes", "cost", "units", "points", "weight", "chance", "reversals", "relaxations"
    ]


@dataclass(frozen=True)
class Way:
    """One way to get there, proved by asking the questions again.

    Parameters
    ----------
    lever, parts, cost
        What it moves, exactly what, and what that costs.
    solves
        Verdicts that are yes with it and were not.
    open
        Verdicts that are no with it, or cannot be told any more. (What could not be told before
        either is in the standing of the package.)
    outcome
        The package then.
    share
        In which share of codings the verdicts that it turns to yes are yes together with it; None
        where no number of the case may be another, or it was not asked.
    concerns
        Parties whose private numbers the text tells.
    text, plain
        The sentence; the same without private numbers.
    untold
        Those of ``open`` that cannot be told.
    """

    lever: Lever
    parts: tuple[Part, ...]
    cost: Cost
    solves: tuple[Goal, ...]
    open: tuple[Goal, ...]
    outcome: Mapping[str, str]
    share: Share | None
    concerns: tuple[str, ...]
    text: str
    plain: str
    untold: tuple[Goal, ...] = ()


@dataclass(frozen=True)
class Together:
    """Several ways, one after the other, after which nothing is left open.

    Parameters
    ----------
    ways
        Each is told under what the one before leaves.
    outcome
        The package then.
    share
        In which share of codings all of it is so; None where no number of the case may be
        another, it was not asked, or the last of them turns preferences.
    """

    ways: tuple[Way, ...]
    outcome: Mapping[str, str]
    share: Share | None


@dataclass(frozen=True)
class Bound:
    """A lever that does not get there within bounds, and what the bound would have to be.

    Parameters
    ----------
    lever, goal
        What was tried, and for what.
    text, plain
        Why not, and what would be needed; the same without private numbers.
    concerns
        Parties whose private numbers the text tells.
    """

    lever: Lever
    goal: Goal | None
    text: str
    plain: str
    concerns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """The verdicts on the package as it is, or with a way.

    Parameters
    ----------
    verdicts
        For each goal yes, no, or None where it cannot be told.
    untold
        Why not, for those.
    refused_by
        Signing parties that refuse.
    broken
        Places of the rules that it breaks, from 0.
    """

    verdicts: Mapping[Goal, bool | None]
    untold: Mapping[Goal, str]
    refused_by: tuple[str, ...]
    broken: tuple[int, ...] = ()

    @property
    def untold_goals(self) -> tuple[Goal, ...]:
        """What cannot be told."""
        return tuple(goal for goal, verdict in self.verdicts.items() if verdict is None)

    @property
    def open(self) -> tuple[Goal, ...]:
        """What is not met."""
        return tuple(goal for goal in GOALS if self.verdicts.get(goal) is False)
