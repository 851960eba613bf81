"""One package under the glass: who accepts it, who refuses it and why, what would help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.agreement.engines.front import Front
from detente.agreement.packages.changes import applied, single_moves, verdicts
from detente.agreement.packages.improvements import Improvements, improvements
from detente.agreement.packages.wins import Wins, single_change_wins
from detente.case.bargaining import Concern, Rule
from detente.model.compilation import RED_LINES, Model
from detente.model.problem import Booleans, Integers
from detente.model.values import walk_away_value


@dataclass(frozen=True)
class BrokenRule:
    """A rule of the case that a package breaks: its position in ``case.rules``, and itself."""

    index: int
    rule: Rule


@dataclass(frozen=True)
class Refusal:
    """Why a party or a faction refuses a package.

    Parameters
    ----------
    short
        By how much its value is below its walk-away value, in points (steps of its order
        for a ranking or priorities); None where it is not, or where there are no values.
    red_lines
        Names of its red lines that are unmet.
    factions
        Where ratification fails: the factions that refuse, and why.
    """

    short: Fraction | None
    red_lines: tuple[str, ...]
    factions: Mapping[str, Refusal]


@dataclass(frozen=True)
class PackageView:
    """What can be said about a package.

    Parameters
    ----------
    outcome
        The complete outcome, issue to option.
    broken_rules
        The rules that it breaks. What follows is said of it all the same.
    values, gains
        Of every party and faction with values, signing or not, exact: points, and points
        over its walk-away value.
    ordinal
        Those of them whose numbers are steps of an order (rankings, priorities): only
        which is larger has a meaning, and the sign of the gain.
    acceptable
        Whether it obeys the rules and has the consent that the agreement rule asks for.
    acceptable_to
        For each party, signing or not, whether it accepts.
    refusals
        For each party that refuses, why.
    efficient
        Whether no feasible outcome is at least as good for every signing party with
        values and better for one; None where that is not decided.
    undecided
        Why ``efficient`` is None.
    improvements
        The efficient ones among all feasible outcomes that are better for everyone; None
        where these are not known.
    acceptable_improvements
        The efficient ones among the acceptable outcomes that are better for everyone; None
        where these are not known. There may be some although every improvement that is
        efficient among all feasible outcomes is refused.
    wins
        The single changes that win those who refuse.
    """

    outcome: Mapping[str, str]
    broken_rules: tuple[BrokenRule, ...]
    values: Mapping[str, Fraction]
    gains: Mapping[str, Fraction]
    ordinal: tuple[str, ...]
    acceptable: bool
    acceptable_to: Mapping[str, bool]
    refusals: Mapping[str, Refusal]
    efficient: bool | None
    undecided: str | None
    improvements: Improvements | None
    acceptable_improvements: Improvements | None
    wins: Wins

    @property
    def feasible(self) -> bool:
        """Whether it obeys every rule."""
        return not self.broken_rules


def examine(
    model: Model,
    outcome: Mapping[str, str],
    feasible_front: Front | None,
    list_limit: int = 1000,
    *,
    search_limit: int = 200_000,
    acceptable_front: Front | None = None,
) -> PackageView:
    """Everything a negotiator asks about a single package.

    Parameters
    ----------
    model
        The compiled case.
    outcome
        A complete outcome: an option for every issue.
    feasible_front
        The efficient ones among all feasible outcomes, where they are known. Without
        them, only a single change that is better for everyone can show that the package
        is not efficient.
    list_limit, search_limit
        How many improvements to list, and to look at one by one: see
        :func:`detente.agreement.packages.improvements.improvements`.
    acceptable_front
        The efficient ones among the acceptable outcomes, where they are known.

    Raises
    ------
    KeyError
        Where the outcome leaves out an issue or names an unknown option.
    """
    problem = model.problem
    codes = np.array([model.space.codes(outcome)], dtype=np.int64)
    totals = problem.totals(codes)
    broken = tuple(
        BrokenRule(index, model.case.rules[index])
        for index, factors in enumerate(model.rules)
        if not all(factor.at(codes)[0] for factor in factors)
    )
    accepts = {name: bool(verdict[0]) for name, verdict in verdicts(problem, totals).items()}
    criteria = [problem.criteria[model.position[name]] for name in model.valued]
    values = {entry.name: model.value(entry.name, outcome) for entry in criteria}
    gains = {entry.name: values[entry.name] - walk_away_value(entry) for entry in criteria}
    parties = tuple(model.case.parties)
    efficient, undecided = _efficient(model, codes[0], not broken, feasible_front)

    def better(front: Front | None) -> Improvements | None:
        if front is None:
            return None
        return improvements(model, outcome, front, list_limit=list_limit, search_limit=search_limit)

    return PackageView(
        outcome={issue: outcome[issue] for issue in model.space.issues},
        broken_rules=broken,
        values=values,
        gains=gains,
        ordinal=tuple(entry.name for entry in criteria if not entry.cardinal),
        acceptable=not broken and bool(problem.acceptable(totals)[0]),
        acceptable_to={name: accepts[name] for name in parties},
        refusals=_refusals(model, outcome, totals, gains, accepts),
        efficient=efficient,
        undecided=undecided,
        improvements=better(feasible_front),
        acceptable_improvements=better(acceptable_front),
        wins=single_change_wins(model, outcome),
    )


def _efficient(
    model: Model, codes: Integers, feasible: bool, front: Front | None
) -> tuple[bool | None, str | None]:
    """Whether the outcome is efficient among all feasible ones, or why that is open."""
    problem = model.problem
    objectives = list(problem.objectives)
    if not objectives:
        return None, "no signing party has values"
    if not feasible:
        return None, "it breaks a rule, so it is not one of the outcomes to be compared"
    totals = problem.totals(codes[None, :])[0, objectives]
    if front is not None:
        # The front's points cover every feasible outcome: nothing else reaches its totals.
        return bool((front.points == totals).all(axis=1).any()), None
    around = applied(codes.tolist(), single_moves(model.space, codes.tolist()))
    gains = problem.totals(around)[:, objectives] - totals
    dominated = problem.feasible(around) & (gains >= 0).all(axis=1) & (gains > 0).any(axis=1)
    if dominated.any():
        return False, None
    return None, (
        "the efficient outcomes were not computed, and no single change is better for everyone"
    )


def _refusals(
    model: Model,
    outcome: Mapping[str, str],
    totals: Integers,
    gains: Mapping[str, Fraction],
    accepts: Mapping[str, bool],
) -> dict[str, Refusal]:
    """Why each party that refuses does; ``totals`` of shape (1, criteria)."""
    met = totals >= model.problem.thresholds

    def own(name: str, concerns: Sequence[Concern], factions: Mapping[str, Refusal]) -> Refusal:
        gain = gains.get(name)
        unmet = tuple(
            concern.name
            for concern in concerns
            if concern.must and not concern.met.holds(outcome, model.case.options)
        )
        return Refusal(-gain if gain is not None and gain < 0 else None, unmet, factions)

    out = {}
    for name, party in model.case.parties.items():
        if accepts[name]:
            continue
        refusing: dict[str, Refusal] = {}
        if not _ratified(model, name, met):
            refusing = {
                f"{name}.{key}": own(f"{name}.{key}", faction.concerns, {})
                for key, faction in party.factions.items()
                if not accepts[f"{name}.{key}"]
            }
        out[name] = own(name, model.case.concerns.get(name, ()), refusing)
    return out


def _ratified(model: Model, name: str, met: Booleans) -> bool:
    """Whether the party would accept if its own value and red lines did not stand against it."""
    granted = met.copy()
    for own in (name, name + RED_LINES):
        if own in model.position:
            granted[:, model.position[own]] = True
    return bool(model.problem.consents[name].holds(granted)[0])
