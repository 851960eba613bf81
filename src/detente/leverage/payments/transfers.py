"""The least transfers that leave every party content, from what each needs and can give.

A transport problem: all that is paid goes to those in need and nobody passes anything on, so the
least total is the sum of the needs in units, and it can be met if and only if what the others can
give within their bounds is no less. Exact fractions, no search.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from detente.leverage.payments.answer import Shortfall, Transfer, Transfers

Amounts = Mapping[str, Fraction | int | float]


def least_transfers(
    needs: Mapping[str, Fraction | int | float | None],
    most: Amounts | None = None,
    rates: Amounts | None = None,
) -> Transfers | Shortfall:
    """Who pays whom how much, so that each party is left with what it needs.

    Parameters
    ----------
    needs
        The least that each must have out of payments, in its own points per period; negative:
        what it can give and still be content. None: it asks for nothing and gives whatever its
        bound allows.
    most
        Units per period that a party pays at most; those left out pay up to what they can give.
    rates
        Points of a party that one unit is worth to it; 1 for those left out.

    Returns
    -------
    Transfers or Shortfall
        The least total. Of the many ways to raise it, one with few transfers: a faction
        (``party.faction``) is paid by its own party as far as that can; what is left is paid by
        who pays already and by who can give most, as few as will do.

    Raises
    ------
    ValueError
        Where a bound or rate is of nobody in ``needs``, a bound is negative, a rate is not
        above zero, or who asks for nothing has no bound.

    Notes
    -----
    Cost: linear in the parties.

    Examples
    --------
    >>> found = least_transfers({"north": -30, "south": 12, "third": -10}, {"third": 5})
    >>> [(entry.by, entry.to, float(entry.amount)) for entry in found.transfers]
    [('north', 'south', 12.0)]
    >>> least_transfers({"north": -3, "south": 12}).short
    Fraction(9, 1)
    """
    bounds, worth = _checked(needs, most or {}, rates or {})
    wanted = {name: Fraction(x) / worth[name] for name, x in needs.items() if x and x > 0}
    able = {
        name: None if x is None else -Fraction(x) / worth[name]
        for name, x in needs.items()
        if x is None or x <= 0
    }
    within = {name: _within(room, bounds.get(name)) for name, room in able.items()}
    total, given = _sum(wanted), _sum(within)
    if total > given:
        return _shortfall(total, able, bounds)
    scored = {name for name, x in needs.items() if x is not None}
    return Transfers(tuple(_matched(_paid(wanted, within), wanted, worth, scored)), total)


def _checked(
    needs: Mapping[str, Fraction | int | float | None], most: Amounts, rates: Amounts
) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    for what, given in (("bound", most), ("rate", rates)):
        for name in given:
            if name not in needs:
                raise ValueError(f"there is a {what} for {name}, who has no part in payments")
    bounds = {name: Fraction(amount) for name, amount in most.items()}
    worth = {name: Fraction(rates.get(name, 1)) for name in needs}
    for name, amount in bounds.items():
        if amount < 0:
            raise ValueError(f"a bound is not negative; that of {name} is {float(amount):g}")
    for name, rate in worth.items():
        if rate <= 0:
            raise ValueError(f"a rate is above zero; that of {name} is {float(rate):g}")
    for name, need in needs.items():
        if need is None and name not in bounds:
            raise ValueError(f"{name} asks for nothing, so it needs a bound")
    return bounds, worth


def _within(room: Fraction | None, bound: Fraction | None) -> Fraction:
    """What one can give within its bound."""
    return min(x for x in (room, bound) if x is not None)


def _sum(amounts: Mapping[str, Fraction]) -> Fraction:
    return sum(amounts.values(), Fraction(0))


def _paid(wanted: Mapping[str, Fraction], within: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """What each pays: first for its own factions, then those who can give most."""
    paid = dict.fromkeys(within, Fraction(0))
    left = _sum(wanted)
    for name, amount in wanted.items():
        owner = _owner(name)
        if owner is not None and owner in within:
            given = min(amount, within[owner] - paid[owner])
            paid[owner] += given
            left -= given
    # the sort is stable: between equals the order of the parties decides
    able = sorted(within, key=lambda name: (not paid[name], paid[name] - within[name]))
    for name in able:
        given = min(left, within[name] - paid[name])
        paid[name] += given
        left -= given
    return paid


def _owner(name: str) -> str | None:
    """The party of a faction; None for a party."""
    party, _, faction = name.partition(".")
    return party if faction else None


def _matched(
    paid: Mapping[str, Fraction],
    wanted: Mapping[str, Fraction],
    worth: Mapping[str, Fraction],
    scored: set[str],
) -> Sequence[Transfer]:
    """Own factions first; then each payer goes on to the next payee once one has enough."""
    left, open_ = dict(paid), dict(wanted)
    out = []
    pairs = [(by, to) for by in paid for to in wanted]
    for by, to in sorted(pairs, key=lambda pair: pair[0] != _owner(pair[1])):
        amount = min(left[by], open_[to])
        if amount:
            left[by] -= amount
            open_[to] -= amount
            costs = amount * worth[by] if by in scored else None
            out.append(Transfer(by, to, amount, costs, amount * worth[to]))
    return out


def _shortfall(
    total: Fraction, able: Mapping[str, Fraction | None], bounds: Mapping[str, Fraction]
) -> Shortfall:
    def given(raised: Mapping[str, Fraction]) -> Fraction:
        return _sum({name: _within(room, raised.get(name)) for name, room in able.items()})

    bounded = {name: bounds[name] for name in able if name in bounds}
    now = given(bounds)
    endless = any(room is None for room in able.values())
    surplus = None if endless else sum((x for x in able.values() if x is not None), Fraction(0))
    together: dict[str, Fraction] = {}
    if surplus is None or surplus >= total:
        more = _raise(total - now, [_room(able[name], bounded[name]) for name in bounded])
        together = {name: bound + more for name, bound in bounded.items()}
    alone = {
        name: bound + total - now
        for name, bound in bounded.items()
        if given({**bounds, name: bound + total - now}) >= total
    }
    return Shortfall(together, alone, total, now, surplus)


def _room(able: Fraction | None, bound: Fraction) -> Fraction | None:
    """How much more than its bound one could give; None without end."""
    return None if able is None else max(Fraction(0), able - bound)


def _raise(lacking: Fraction, rooms: Sequence[Fraction | None]) -> Fraction:
    """The least equal rise of all bounds that brings so much more."""
    more = Fraction(0)
    ends = sorted(room for room in rooms if room is not None)
    endless = sum(room is None for room in rooms)
    for place, end in enumerate(ends):
        rising = len(ends) - place + endless
        if lacking <= (end - more) * rising:
            return more + lacking / rising
        lacking -= (end - more) * rising
        more = end
    return more + lacking / endless
