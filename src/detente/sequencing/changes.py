"""Which single change of the package or of reversibility makes a roadmap work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any, Literal

from detente.case.bargaining import Issue, Option, Party
from detente.case.consistency import broken_by
from detente.case.errors import CaseError
from detente.case.fields import FrozenDict, PerOption
from detente.case.implementation import Measure, Package
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.case.valuation import Values
from detente.model.aftermath import YEARS
from detente.sequencing.answer import Change, ModelName
from detente.sequencing.lattice.road import road
from detente.sequencing.search.best_order import TOLERANCE, best_order, goal_of_all
from detente.sequencing.setting import Coding, Setting

MOST_STEPS = 1 << 16
"""Largest lattice on which changes are tried with any number of things moving at once."""
HALF = "half_way_to_"
"""What the name of an option that is put in the middle begins with."""


Edit = Callable[[Case], Case]


@dataclass(frozen=True, eq=False)
class _Trial:
    """A change, what it does to every coding, and the target that it leads to."""

    change: Change
    edit: Edit
    target: Mapping[str, str]


def changes(setting: Setting, package: Package | None) -> tuple[Change, ...]:
    """Single changes after which some order works, best first; else the one that comes closest.

    Tried are, for each issue that moves: its last move in two halves, ending an option earlier
    (or not moving at all), and its target taking nothing, a year or forever to take back. A half
    is worth the mean of what it lies between; rules and adjustments that name an option
    exactly do not hold for the half of it. On large lattices one thing moves at a time.
    """
    cases = [coding.case for coding in setting.codings]
    at_once = 1 if setting.road.network.steps > MOST_STEPS else None
    tried: list[Change] = []
    for trial in _trials(cases[0], setting.road.target):
        try:
            margin = _margin(trial, cases, package, setting.model, at_once)
        except CaseError:  # the changed target breaks a rule or cannot be reached
            continue
        tried.append(replace(trial.change, margin=margin))
    tried.sort(key=lambda change: -change.margin)
    working = [change for change in tried if change.margin >= -TOLERANCE]
    return tuple(working or tried[:1])


def _margin(
    trial: _Trial,
    cases: Sequence[Case],
    package: Package | None,
    model: ModelName,
    at_once: int | None,
) -> float:
    """The weakest moment of the best order, under all codings.

    Where the end alone is already negative, no order has more than that.
    """
    base, *others = [trial.edit(case) for case in cases]
    fits = fitting(package, base, trial.target)
    found, _ = road(base, trial.target, fits, at_once=at_once, also=others)
    codings = tuple(Coding(str(n), case, found) for n, case in enumerate((base, *others)))
    setting = Setting(found, codings, model)
    ceiling = min(entry.end for entry in setting.ends.play().players)
    if ceiling < -TOLERANCE:
        return ceiling
    play = setting.play()
    return best_order(play, goal_of_all(play)).value


def fitting(package: Package | None, case: Case, target: Mapping[str, str]) -> Package | None:
    """The package with those of its measures that the target allows."""
    if package is None:
        return None
    kept = [name for name in package.steps if name in case.guarantees or case.allows(name, target)]
    return package.model_copy(update={"steps": tuple(kept)})


def _trials(case: Case, target: Mapping[str, str]) -> Iterator[_Trial]:
    assert case.status_quo is not None
    for issue, today in case.status_quo.items():
        if target[issue] == today:
            continue
        yield from _reversed_in(case, target, issue)
        yield from _stopping_short(case, target, issue, today)
        if case.issues[issue].ordered and (found := halved(case, target, issue, today)):
            change = Change("halve", issue, target[issue], None, 0.0)
            yield _Trial(change, found[1], target)


def _reversed_in(case: Case, target: Mapping[str, str], issue: str) -> Iterator[_Trial]:
    """The target's option takes another time to undo."""
    assert case.status_quo is not None
    option, entry = target[issue], case.issues[issue]
    now = entry.undo_time(option, case.status_quo[issue])
    year = round(1 / YEARS[case.period])
    times: tuple[int | Literal["never"], ...] = (0, year, "never")
    for time in times:
        if time == now:
            continue
        update = undone_in(entry, option, time, case.status_quo[issue])
        change = Change("undo", issue, option, time, 0.0)
        yield _Trial(change, partial(_with_issue, issue=issue, update=update), target)


def undone_in(
    entry: Issue, option: str, time: int | Literal["never"], today: str
) -> dict[str, Any]:
    """What makes an option of an issue take another time to undo, all others as they are."""
    undo = {name: stated for name, stated in _each(entry.undo, entry).items() if name != today}
    return {
        "undo": PerOption(None, FrozenDict({**undo, option: time})),
        "irreversible": tuple(name for name in entry.irreversible if name != option),
    }


def _each(stated: PerOption | None, entry: Issue) -> dict[str, Any]:
    """What is stated for a whole issue written out option by option, as a case has it."""
    if stated is None:
        return {}
    whole = {} if stated.default is None else dict.fromkeys(entry.options, stated.default)
    return {**whole, **stated.options}


def _stopping_short(
    case: Case, target: Mapping[str, str], issue: str, today: str
) -> Iterator[_Trial]:
    """The issue ends one option earlier."""
    options = case.options[issue]
    end, begin = options.index(target[issue]), options.index(today)
    earlier = options[end - 1 if end > begin else end + 1] if case.issues[issue].ordered else today
    nearer = {**target, issue: earlier}
    if nearer != case.status_quo and not any(broken_by(r, nearer, case) for r in case.rules):
        yield _Trial(Change("stop short", issue, earlier, None, 0.0), _unchanged, nearer)


def halved(
    case: Case, target: Mapping[str, str], issue: str, today: str
) -> tuple[str, Edit] | None:
    """The last move of an ordered issue in two halves: the option in the middle, and the edit.

    None where the issue says which moves it has.
    """
    entry, option = case.issues[issue], target[issue]
    if entry.transitions is not None or entry.moves is not None:
        return None
    options = case.options[issue]
    end, begin = options.index(option), options.index(today)
    before = options[end - 1 if end > begin else end + 1]
    low, high = sorted((end, options.index(before)))
    middle = HALF + option
    named = {}
    for place, (name, stated) in enumerate(entry.options.items()):
        named[name] = stated
        if place == low:
            named[middle] = Option(name=f"half way to {entry.options[option].name}")
    update = {"options": FrozenDict(named), **_undone_alike(entry, middle, option)}
    ends = (options[low], options[high])

    def edit(coding: Case) -> Case:
        changed = _with_issue(coding, issue, update)
        return _with_means(changed, issue, middle, ends)

    return middle, edit


def _unchanged(case: Case) -> Case:
    return case


def _undone_alike(entry: Issue, middle: str, option: str) -> dict[str, Any]:
    """What makes a half be undone like the whole, in half the time to bring about."""
    update: dict[str, Any] = {}
    if entry.undo is not None and option in entry.undo.options:
        undo = {**entry.undo.options, middle: entry.undo.options[option]}
        update["undo"] = PerOption(entry.undo.default, FrozenDict(undo))
    if option in entry.irreversible:
        update["irreversible"] = (*entry.irreversible, middle)
    if entry.takes is not None:
        stated = entry.takes.options.get(option, entry.takes.default)
        half = -(-int(stated or 1) // 2)
        takes = {**_each(entry.takes, entry), option: half, middle: half}
        update["takes"] = PerOption(None, FrozenDict(takes))
    return update


def _with_means(case: Case, issue: str, middle: str, ends: tuple[str, str]) -> Case:
    """The middle valued, and seen by measures, as the mean of what it lies between."""

    def valued(values: Values | None) -> Values | None:
        if values is None or values.scores is None:
            return values
        scores = _with_mean(values.scores, issue, middle, ends)
        return values.model_copy(update={"scores": scores})

    def party(entry: Party) -> Party:
        factions = {
            name: faction.model_copy(update={"values": valued(faction.values)})
            for name, faction in entry.factions.items()
        }
        after = entry.breakdown
        if after is not None and after.scores is not None:
            scores = _with_mean(after.scores, issue, middle, ends)
            after = after.model_copy(update={"scores": scores})
        return entry.model_copy(update={"factions": FrozenDict(factions), "breakdown": after})

    def measure(entry: Measure) -> Measure:
        if issue not in entry.detects or "" in entry.detects[issue]:
            return entry
        detects = _with_mean(entry.detects, issue, middle, ends)
        return entry.model_copy(update={"detects": detects})

    checks = case.verification
    if checks is not None:
        measures = {name: measure(entry) for name, entry in checks.measures.items()}
        checks = checks.model_copy(update={"measures": FrozenDict(measures)})
    return case.changed(
        values=FrozenDict({name: valued(entry) for name, entry in case.values.items()}),
        parties=FrozenDict({name: party(entry) for name, entry in case.parties.items()}),
        verification=checks,
    )


def _with_mean(
    table: Mapping[str, Mapping[str, Number]], issue: str, middle: str, ends: tuple[str, str]
) -> FrozenDict[Any]:
    """Numbers by issue and option, with that of the middle."""
    if issue not in table:
        return FrozenDict(table)
    row = table[issue]
    points = [row[end].point if end in row else Fraction(0) for end in ends]
    mean = Number(sum(points, Fraction(0)) / 2)
    return FrozenDict({**table, issue: FrozenDict({**row, middle: mean})})


def _with_issue(case: Case, issue: str, update: Mapping[str, Any]) -> Case:
    changed = case.issues[issue].model_copy(update=dict(update))
    return case.changed(issues=FrozenDict({**case.issues, issue: changed}))
