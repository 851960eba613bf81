"""The least change of a party's judgements with which it accepts a package.

Definition. A party (or faction) with scores refuses by so many points. *By scores*: its weights
stay, and the sum of absolute changes of scores is least. *By weights*: its scores stay, weights
move between issues while their sum stays, and the least weight is moved. Changes stay within the
stated ranges; a number without a range may be any, but a weight is not below zero, and a score
that is weighted stays on the scale of the party, from the least to the greatest that it states.
What the party has without a deal is valued anew where it is an outcome. Exact: both are continuous
knapsacks, which taking the most effective change first solves (Dantzig 1957); all numbers are
fractions.

References
----------
Dantzig, "Discrete-variable extremum problems", Operations Research 5 (1957).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from detente.case.bargaining import Faction, Party, Values
from detente.case.fields import FrozenDict
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.leverage.answer import Shift

By = Literal["weight", "score"]


@dataclass(frozen=True)
class Persuasion:
    """What would have to be judged otherwise by one party or faction.

    Parameters
    ----------
    name, by
        Who, and whether weights or scores move.
    shifts
        The judgements that change, in the order in which they help most.
    total
        Sum of the absolute changes of scores, or the weight that is moved.
    within
        Whether all of them stay within the stated ranges.
    lacks
        By how many points it still refuses with all changes that the ranges allow; zero where
        they suffice.
    """

    name: str
    by: By
    shifts: tuple[Shift, ...]
    total: Fraction
    within: bool
    lacks: Fraction


def persuasion(
    case: Case, name: str, outcome: Mapping[str, str], short: Fraction, by: By
) -> Persuasion | None:
    """The least change that makes a party or faction accept a package.

    Parameters
    ----------
    case
        The case.
    name
        The party, or ``party.faction``; with scores.
    outcome
        The package, complete.
    short
        By how many points it refuses; above zero.
    by
        What may change.

    Returns
    -------
    Persuasion or None
        Within the ranges where they suffice, else beyond them, as little as it takes. None where
        no change of this kind helps (nothing weighs anything, or there are no weights).

    Notes
    -----
    Cost: sorting the issues of the party.
    """
    values = values_of(case, name)
    if values is None or values.scores is None or (by == "weight" and values.weights is None):
        return None
    find = _by_weights if by == "weight" else _by_scores
    found = find(case, name, values, outcome, short, within=True)
    if found.lacks <= 0:
        return found
    further = find(case, name, values, outcome, short, within=False)
    return None if further.lacks > 0 else replace(further, within=False, lacks=found.lacks)


def values_of(case: Case, name: str) -> Values | None:
    """The values of a party or of a faction (``party.faction``)."""
    party, _, faction = name.partition(".")
    return case.parties[party].factions[faction].values if faction else case.values.get(party)


def with_shifts(case: Case, shifts: Iterable[Shift]) -> Case:
    """The case with judgements changed; a range keeps its ends, with the new value as likely."""
    for shift in shifts:
        values = values_of(case, shift.name)
        assert values is not None and values.scores is not None
        if shift.option is None:
            assert values.weights is not None
            weights = {**values.weights, shift.issue: _at(values.weights[shift.issue], shift.after)}
            changed = values.model_copy(update={"weights": FrozenDict(weights)})
        else:
            row = values.scores[shift.issue]
            entries = {**row, shift.option: _at(row[shift.option], shift.after)}
            scores = {**values.scores, shift.issue: FrozenDict(entries)}
            changed = values.model_copy(update={"scores": FrozenDict(scores)})
        case = with_values(case, shift.name, changed)
    return case


def with_values(case: Case, name: str, values: Values) -> Case:
    """The case with other values of a party or faction."""
    party, _, faction = name.partition(".")
    if not faction:
        return case.changed(values=FrozenDict({**case.values, party: values}))
    owner = case.parties[party]
    member = owner.factions[faction].model_copy(update={"values": values})
    factions = FrozenDict({**owner.factions, faction: member})
    parties = {**case.parties, party: owner.model_copy(update={"factions": factions})}
    return case.changed(parties=FrozenDict(parties))


def _at(number: Number, point: Fraction) -> Number:
    """A number with another likely value."""
    if number.low is None or number.high is None or not number.low <= point <= number.high:
        return replace(number, point=point) if number.shape == "normal" else Number(point)
    shape = "pert" if number.shape == "pert" else "triangular"
    return replace(number, point=point, shape=shape)


@dataclass(frozen=True)
class _Lever:
    """One number that can change: what a point of it brings, and how far it can go."""

    issue: str
    option: str | None
    number: Number
    gain: Fraction
    room: Fraction | None


def _without_deal(case: Case, name: str) -> Mapping[str, str] | None:
    """The outcome that the party has without a deal; None where that is a number."""
    party, _, faction = name.partition(".")
    entry: Party | Faction = (
        case.parties[party].factions[faction] if faction else case.parties[party]
    )
    if entry.walk_away.number is not None:
        return None
    return case.complete(entry.walk_away.outcome or {})


def _by_scores(
    case: Case,
    name: str,
    values: Values,
    outcome: Mapping[str, str],
    short: Fraction,
    *,
    within: bool,
) -> Persuasion:
    """Raise the scores of what is agreed, lower those of what stands without a deal."""
    assert values.scores is not None
    without = _without_deal(case, name)
    ends = _scale(values)
    levers = []
    for issue, row in values.scores.items():
        share = _share(values, issue)
        left = None if without is None else without[issue]
        if not share or outcome[issue] == left:
            continue
        agreed = row[outcome[issue]]
        room = _room(agreed, +1, within, ends)
        levers.append(_Lever(issue, outcome[issue], agreed, share, room))
        if left is not None:
            room = _room(row[left], -1, within, ends)
            levers.append(_Lever(issue, left, row[left], -share, room))
    levers.sort(key=lambda lever: -abs(lever.gain))
    shifts, total, rest = [], Fraction(0), short
    for lever in levers:
        if rest <= 0:
            break
        wanted = rest / abs(lever.gain)
        taken = wanted if lever.room is None else min(wanted, lever.room)
        if taken:
            shifts.append(_shift(name, lever, taken if lever.gain > 0 else -taken))
            total, rest = total + taken, rest - taken * abs(lever.gain)
    return Persuasion(name, "score", tuple(shifts), total, True, rest)


def _by_weights(
    case: Case,
    name: str,
    values: Values,
    outcome: Mapping[str, str],
    short: Fraction,
    *,
    within: bool,
) -> Persuasion:
    """Move weight from the issues that speak least for the package to those that speak most."""
    assert values.scores is not None and values.weights is not None
    without = _without_deal(case, name)
    sum_of_all = sum((weight.point for weight in values.weights.values()), Fraction(0))
    takers, givers = [], []
    for issue, weight in values.weights.items():
        row = values.scores[issue]
        gain = row[outcome[issue]].point - (row[without[issue]].point if without else 0)
        takers.append(_Lever(issue, None, weight, gain, _room(weight, +1, within)))
        givers.append(
            _Lever(issue, None, weight, gain, _room(weight, -1, within, (0, None), always=True))
        )
    takers.sort(key=lambda lever: -lever.gain)
    givers.sort(key=lambda lever: lever.gain)
    moved, rest = _moved(takers, givers, short * sum_of_all)
    shifts = tuple(
        _shift(name, lever, moved[lever.issue]) for lever in takers if moved.get(lever.issue)
    )
    total = sum((change for change in moved.values() if change > 0), Fraction(0))
    return Persuasion(name, "weight", shifts, total, True, rest / sum_of_all)


def _moved(
    takers: list[_Lever], givers: list[_Lever], need: Fraction
) -> tuple[dict[str, Fraction], Fraction]:
    """How much each issue gets or gives until the need is met, and what is left of it."""
    moved: dict[str, Fraction] = {}
    room_up = [lever.room for lever in takers]
    room_down = [lever.room for lever in givers]
    up = down = 0
    while need > 0 and up < len(takers) and down < len(givers):
        taker, giver = takers[up], givers[down]
        better = taker.gain - giver.gain
        if better <= 0:
            break
        rooms = [room for room in (room_up[up], room_down[down]) if room is not None]
        amount = min([need / better, *rooms])
        moved[taker.issue] = moved.get(taker.issue, Fraction(0)) + amount
        moved[giver.issue] = moved.get(giver.issue, Fraction(0)) - amount
        need -= amount * better
        room_up[up], room_down[down] = _left(room_up[up], amount), _left(room_down[down], amount)
        up += room_up[up] == 0
        down += room_down[down] == 0
    return moved, need


def _left(room: Fraction | None, taken: Fraction) -> Fraction | None:
    return None if room is None else room - taken


def _share(values: Values, issue: str) -> Fraction:
    """What a point of a score of the issue is worth."""
    if values.weights is None:
        return Fraction(1)
    total = sum((weight.point for weight in values.weights.values()), Fraction(0))
    return values.weights[issue].point / total


def _scale(values: Values) -> tuple[Fraction, Fraction] | None:
    """The least and the greatest score, where weights make them a scale; points have none."""
    if values.weights is None or values.scores is None:
        return None
    stated = [score.point for row in values.scores.values() for score in row.values()]
    return min(stated), max(stated)


def _room(
    number: Number,
    way: int,
    within: bool,
    ends: tuple[Fraction | int, Fraction | int | None] | None = None,
    *,
    always: bool = False,
) -> Fraction | None:
    """How far a number can go up (+1) or down (−1); None without bound.

    ``ends`` hold where no range is stated; ``always``: also where ranges do not count.
    """
    end = (number.high if way > 0 else number.low) if within else None
    if end is None and ends is not None and (within or always):
        stated = ends[1] if way > 0 else ends[0]
        end = None if stated is None else Fraction(stated)
    return None if end is None else max(Fraction(0), way * (end - number.point))


def _shift(name: str, lever: _Lever, change: Fraction) -> Shift:
    number = lever.number
    kind: By = "weight" if lever.option is None else "score"
    after = number.point + change
    return Shift(
        name, kind, lever.issue, lever.option, number.point, after, number.low, number.high
    )
