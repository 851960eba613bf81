"""Items of several kinds: how many of each must be checked, however a diversion is split."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import SupportsFloat, SupportsIndex

from detente.verification.domain import count, exact, exact_probability
from detente.verification.sampling.sizes import DETECTION, ITEMS, RECOGNISE, with_replacement

GOAL = "the goal quantity"
QUANTITY = "the quantity of an item"


def items_for_goal(goal: SupportsFloat, quantity: SupportsFloat) -> int:
    """How many items must be falsified to divert a goal quantity?

    ``ceil(goal / quantity)``, where ``quantity`` is what falsifying one item yields, in the
    unit of ``goal``; both are above 0.

    Raises
    ------
    ValueError
        Where one of them is not.

    Examples
    --------
    >>> items_for_goal(8, 0.1), items_for_goal(8, 3)
    (80, 3)
    """
    return math.ceil(_above_zero(GOAL, goal) / _above_zero(QUANTITY, quantity))


def strata_sample_sizes(
    strata: Sequence[tuple[SupportsIndex, SupportsFloat]],
    goal: SupportsFloat,
    detection: SupportsFloat,
    recognise: SupportsFloat = 1,
) -> tuple[int, ...] | None:
    """How many items of each kind must be checked, however a diversion is split over them?

    ``ceil(N_s (1 - b^(x_s / G)) / p)`` for each stratum, with N_s items of quantity x_s,
    goal quantity G and ``b`` one less ``detection`` (S5); an item that holds more than the
    goal counts as the goal. Whoever falsifies m_s items of each stratum, together worth the
    goal, escapes with at most ``prod_s b^(m_s x_s / G) <= b``.

    Parameters
    ----------
    strata
        Number of items, and what falsifying one of them yields (above 0, in the unit of
        the goal), for each kind; at least one kind.
    goal
        The quantity that must not be diverted unnoticed; above 0.
    detection
        Least chance to recognise at least one falsified item; from 0 to 1.
    recognise
        As in :func:`detection_probability`.

    Returns
    -------
    tuple of int, or None
        None where some stratum has fewer items than that.

    Raises
    ------
    ValueError
        Where an argument is outside its domain.

    Notes
    -----
    The sizes suffice; they are not always the least that do.

    Examples
    --------
    >>> strata_sample_sizes([(20, 2), (40, 1)], goal=8, detection=0.9)
    (9, 11)
    """
    if not strata:
        raise ValueError("there is at least one stratum; these are none")
    target = _above_zero(GOAL, goal)
    missed = 1 - exact_probability(DETECTION, detection)
    chance = exact_probability(RECOGNISE, recognise)
    sizes = []
    for items, quantity in strata:
        total = count(f"{ITEMS} of a stratum", items, 1)
        share = min(Fraction(1), _above_zero(QUANTITY, quantity) / target)
        size = with_replacement(total, missed, share, chance)
        if size is None:
            return None
        sizes.append(size)
    return tuple(sizes)


def read_stratum(text: str) -> tuple[int, Fraction]:
    """A kind of items as it is written: how many, and what falsifying one yields.

    Raises
    ------
    ValueError
        Where it is not two numbers with a comma between them.

    Examples
    --------
    >>> read_stratum("20, 2.5")
    (20, Fraction(5, 2))
    """
    items, _, quantity = text.partition(",")
    try:
        return int(items), Fraction(quantity)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"a stratum is ITEMS,QUANTITY such as 20,2.5; this is {text!r}") from None


def _above_zero(name: str, value: SupportsFloat) -> Fraction:
    number = exact(name, value)
    if number <= 0:
        raise ValueError(f"{name} is above 0; this is {float(number):.12g}")
    return number
