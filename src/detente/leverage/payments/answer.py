"""What side payments it would take: the parts of the answer, all frozen.

Amounts are units (of money, or whatever is paid in) per period. One unit is worth its *rate* to a
party, in points of value: one point given is one point received unless a rate says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from detente.case.schema import Case

PaymentGoal = Literal["acceptable", "enforceable", "roadmap"]
"""What payments can be asked to bring about."""
PAYMENT_GOALS: tuple[PaymentGoal, ...] = ("acceptable", "enforceable", "roadmap")
Written = str | Mapping[str, str]
"""A package, ``issue=option,…``, or a mapping."""


@dataclass(frozen=True)
class Transfer:
    """What one side pays another in every period.

    Parameters
    ----------
    by, to
        A party, and a party or ``party.faction``.
    amount
        Units per period.
    costs
        Points of who pays; None where it has no scores.
    brings
        Points of who is paid.
    """

    by: str
    to: str
    amount: Fraction
    costs: Fraction | None
    brings: Fraction


@dataclass(frozen=True)
class Transfers:
    """The least transfers, and their sum in units per period."""

    transfers: tuple[Transfer, ...]
    total: Fraction


@dataclass(frozen=True)
class Shortfall:
    """Why no transfers do.

    Parameters
    ----------
    together
        What the bounds would have to be if each were raised by the same amount; empty where no
        bounds would do.
    alone
        What the bound of one party would have to be, all others as they are, for each whose
        bound alone can do it.
    wanted, given
        Units per period that are asked for, and that can be given within the bounds; None along
        a roadmap, where they change on the way.
    surplus
        Units that could be given without any bound; None where there is no end to it, or along a
        roadmap.
    """

    together: Mapping[str, Fraction]
    alone: Mapping[str, Fraction]
    wanted: Fraction | None = None
    given: Fraction | None = None
    surplus: Fraction | None = None

    @property
    def short(self) -> Fraction | None:
        """Units per period that are lacking within the bounds."""
        return None if self.wanted is None or self.given is None else self.wanted - self.given


@dataclass(frozen=True)
class StatePayment:
    """What is paid while one state of an order lasts.

    Parameters
    ----------
    step
        The step that leads to the state; payments begin with it.
    state
        The outcome that stands from its beginning on, payments aside.
    transfers
        Per period.
    periods
        How long the state lasts; None for the finished agreement.
    """

    step: int
    state: Mapping[str, str]
    transfers: tuple[Transfer, ...]
    periods: int | None


@dataclass(frozen=True)
class Payments:
    """The least side payments, proved by asking the questions again.

    Parameters
    ----------
    goals
        What they bring about.
    transfers, total
        In the finished agreement, and their sum in units per period.
    states
        With a roadmap: state by state along the order; empty without.
    average
        Units per period on the average of all time to come, as those who pay discount it; with a
        roadmap that is what is least, else it is the total.
    needs
        The least that each party and faction has to have out of payments in the finished
        agreement, in points per period; negative: what it can give. Where a roadmap is asked for
        the way there may ask for more.
    case, outcome
        The case with the payments as part of the package, and how the package is named there:
        every question can be asked of it.
    order
        With a roadmap: the order with the payments in it, as ``roadmap(order=…)`` reads it.
    orders
        With a roadmap: along how many orders the least payments were looked for.
    grain
        By how much the average may exceed the least along that order, by rounding; 0: not at all.
    untold
        Signing parties without scores, whose part no amount can be told for.
    """

    goals: tuple[PaymentGoal, ...]
    transfers: tuple[Transfer, ...]
    total: Fraction
    states: tuple[StatePayment, ...]
    average: float
    needs: Mapping[str, Fraction]
    case: Case
    outcome: Written
    order: tuple[tuple[str, ...], ...]
    orders: int
    grain: float
    untold: tuple[str, ...]


@dataclass(frozen=True)
class Obstacle:
    """Why no payment whatever does.

    Parameters
    ----------
    kind
        ``rule``: the package breaks one. ``red line``: it leaves one unmet. ``no scores``: one who
        refuses has no scores. ``cheating``: payments do not keep the party from it. ``weapons``:
        the case states no breakout for a violation about weapons. ``road``: no order that was
        looked at. ``survival``: what should do did not when the question was asked again.
    who
        The party or ``party.faction``; None where it is nobody's.
    what
        The rule, the red line, or the violation; empty where there is none to name.
    """

    kind: Literal["rule", "red line", "no scores", "cheating", "weapons", "road", "survival"]
    who: str | None
    what: str = ""


@dataclass(frozen=True)
class NoPayments:
    """That no side payments do, and why.

    Parameters
    ----------
    obstacles
        What no payment overcomes; empty where only amounts stand in the way.
    shortfall
        What is lacking, and what the bounds would have to be; None where that is not the reason.
    margin
        Along a roadmap, where no bounds would do: the best that the weakest moment can be with
        payments, below zero; None otherwise.
    """

    obstacles: tuple[Obstacle, ...]
    shortfall: Shortfall | None = None
    margin: float | None = None
