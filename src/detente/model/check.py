"""Is the case fit to be asked, and what should its author know?

Errors are found when a case is loaded. What is found here are notes: a case with notes
can be analysed, but an analyst would want to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.case.bargaining import Concern, Values
from detente.case.consistency import broken_by
from detente.case.provenance import numbers
from detente.case.schema import Case
from detente.model.compilation import Model, compile_case
from detente.model.counting import count
from detente.model.expressions import expression_factor
from detente.model.problem import Factor
from detente.model.result import Result
from detente.model.sentences import listed, say
from detente.model.values import walk_away_value


@dataclass(frozen=True)
class Note:
    """Something worth knowing, and where in the case it stands (keys joined by points)."""

    where: str
    what: str


@dataclass(frozen=True, repr=False)
class CheckResult(Result):
    """A valid case: its size, its words, and notes about it."""

    case: Case
    total: int
    feasible: int
    notes: tuple[Note, ...]

    def to_dict(self) -> dict[str, Any]:
        """The document of ``detente check --json``, without its envelope."""
        return {
            "valid": True,
            "outcomes": {"total": self.total, "feasible": self.feasible},
            "parties": list(self.case.parties),
            "issues": list(self.case.issues),
            "notes": [{"where": note.where, "what": note.what} for note in self.notes],
            "overlays": [
                {
                    "file": overlay.file,
                    "title": overlay.title,
                    "changes": [str(change) for change in overlay.changes],
                }
                for overlay in self.case.overlays
            ],
        }


def check(case: Case) -> CheckResult:
    """Count the outcomes of a case and collect notes about it.

    Raises
    ------
    CaseError
        Where the rules leave no outcome.
    """
    model = compile_case(case)
    notes = tuple(note for find in _FINDERS for note in find(case, model))
    return CheckResult(case, model.space.total, model.feasible, notes)


def _impossible_options(case: Case, model: Model) -> Iterator[Note]:
    """Options that the rules allow in no outcome."""
    for position, (issue, options) in enumerate(case.options.items()):
        for place, option in enumerate(options):
            chosen = np.zeros(len(options), dtype=np.bool_)
            chosen[place] = True
            rules = [*model.problem.rules, Factor((position,), chosen)]
            if not count(model.space.sizes, rules):
                yield Note(f"issues.{issue}.options.{option}", say("check.impossible_option"))


def _packages(case: Case, model: Model) -> Iterator[Note]:
    """Named packages that a rule forbids, or that are no outcome."""
    for name, package in case.packages.items():
        missing = [issue for issue in case.issues if issue not in package.outcome]
        if missing and case.status_quo is None:
            what = say("check.package_incomplete", issues=listed(missing))
            yield Note(f"packages.{name}", what)
            continue
        outcome = case.complete(package.outcome)
        for place, rule in enumerate(case.rules):
            if broken_by(rule, outcome, case):
                what = say("check.package_breaks_rule", number=str(place + 1), rule=str(rule))
                yield Note(f"packages.{name}", what)


def _concerns(case: Case, model: Model) -> Iterator[Note]:
    """Concerns that no outcome meets, or that every outcome meets."""
    owned: list[tuple[tuple[str, ...], tuple[Concern, ...]]] = [
        (("concerns", name), concerns) for name, concerns in case.concerns.items()
    ]
    for name, party in case.parties.items():
        for key, faction in party.factions.items():
            owned.append((("parties", name, "factions", key, "concerns"), faction.concerns))
    for path, concerns in owned:
        for concern in concerns:
            factor = expression_factor(concern.met, model.space)
            met = count(model.space.sizes, [*model.problem.rules, factor])
            where = f"{'.'.join(path)}: {concern.name}"
            if met == 0:
                yield Note(where, say("check.concern_never_met"))
            elif met == model.feasible:
                yield Note(where, say("check.concern_always_met"))


def _values(case: Case, model: Model) -> Iterator[Note]:
    for where, values in _all_values(case):
        yield from _scores(case, where, values)
        named = {i for tied in values.ranking or () for pattern in tied for i in pattern}
        if values.ranking is not None and len(named) < len(case.issues):
            left = listed(issue for issue in case.issues if issue not in named)
            yield Note(f"{where}.ranking", say("check.ranking_ignores", issues=left))


def _scores(case: Case, where: str, values: Values) -> Iterator[Note]:
    """Issues on which a party is indifferent or has no scores at all."""
    if values.scores is None:
        return
    adjusted = {issue for entry in values.adjustments for issue in entry.when.issues}
    missing = [i for i in case.issues if i not in values.scores and i not in adjusted]
    if missing:
        yield Note(f"{where}.scores", say("check.no_scores", issues=listed(missing)))
    for issue, table in values.scores.items():
        same = len({score.point for score in table.values()}) == 1
        weight = values.weights[issue].point if values.weights is not None else 1
        if (same or not weight) and issue not in adjusted:
            yield Note(f"{where}.scores.{issue}", say("check.indifferent"))


def _no_deal_shifts(case: Case, model: Model) -> Iterator[Note]:
    """Walk-aways that differ from today's value and give no reason."""
    if case.status_quo is None:
        return
    for name in model.valued:
        owner, _, faction = name.partition(".")
        party = case.parties[owner]
        walk_away = party.factions[faction].walk_away if faction else party.walk_away
        entry = model.problem.criteria[model.position[name]]
        shift = walk_away_value(entry) - model.value(name, case.status_quo)
        if entry.cardinal and shift and not walk_away.because:
            yield Note(f"parties.{name}.walk_away", say("check.shift_without_reason", shift=shift))


def _sources(case: Case, model: Model) -> Iterator[Note]:
    """How many numbers nobody can trace."""
    stated = [entry for _, entry in numbers(case)]
    without = sum(1 for entry in stated if not entry.source and not entry.because)
    if without:
        key = "check.numbers_without_source"
        yield Note("values", say(key, without=str(without), stated=str(len(stated))))


def _unvalued(case: Case, model: Model) -> Iterator[Note]:
    for name in model.unvalued:
        yield Note(f"parties.{name}", say("check.no_values"))


def _rounded(case: Case, model: Model) -> Iterator[Note]:
    for entry in model.problem.criteria:
        if not entry.exact:
            yield Note(f"values.{entry.name}", say("check.rounded", unit=str(entry.unit)))


def _all_values(case: Case) -> Iterator[tuple[str, Values]]:
    for name, values in case.values.items():
        yield f"values.{name}", values
    for name, party in case.parties.items():
        for key, faction in party.factions.items():
            if faction.values is not None:
                yield f"parties.{name}.factions.{key}.values", faction.values


_FINDERS: Iterable[Any] = (
    _impossible_options,
    _packages,
    _concerns,
    _values,
    _unvalued,
    _no_deal_shifts,
    _rounded,
    _sources,
)
