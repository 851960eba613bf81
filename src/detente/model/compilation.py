"""Compiles a case to a :class:`Problem`: rules, values, red lines and consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from detente.case.bargaining import Concern, Faction, Party, Ratification, Values
from detente.case.errors import CaseError
from detente.case.errors import Problem as CaseProblem
from detente.case.schema import Case
from detente.model.counting import count
from detente.model.expressions import expression_factor, rule_factors
from detente.model.problem import AtLeast, Consent, Criterion, Factor, Meets, Problem, every
from detente.model.space import Space
from detente.model.values import criterion

RED_LINES = ": red lines"
"""Suffix of the criterion that counts a party's unmet red lines."""


@dataclass(frozen=True, eq=False)
class Model:
    """A case with what the engines compute on.

    Parameters
    ----------
    case
        What was written.
    problem
        What the engines see.
    rules
        For each rule of the case, its boolean tables.
    unvalued
        Parties and factions (``party.faction``) without values: they consent where their
        red lines are met, as far as the case says.
    """

    case: Case
    problem: Problem
    rules: tuple[tuple[Factor, ...], ...]
    unvalued: tuple[str, ...]

    @property
    def space(self) -> Space:
        """Issues and options."""
        return self.problem.space

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Criterion name to its position."""
        return {entry.name: place for place, entry in enumerate(self.problem.criteria)}

    @cached_property
    def valued(self) -> tuple[str, ...]:
        """Parties and factions with values, in the order of the case."""
        return tuple(name for name in self.position if not name.endswith(RED_LINES))

    def has_scores(self, party: str) -> bool:
        """Whether differences of the party's values have a meaning."""
        place = self.position.get(party)
        return place is not None and self.problem.criteria[place].cardinal

    @cached_property
    def feasible(self) -> int:
        """Number of outcomes that obey the rules."""
        return count(self.space.sizes, self.problem.rules)

    def value(self, name: str, outcome: Mapping[str, str]) -> Fraction:
        """Exact value of a complete outcome to a party or faction, in points."""
        entry = self.problem.criteria[self.position[name]]
        codes = np.array([self.space.codes(outcome)], dtype=np.int64)
        return int(entry.totals(codes)[0]) * entry.unit


def space_of(case: Case) -> Space:
    """The outcome space of a case."""
    return Space(tuple(case.issues), tuple(case.options.values()))


def compile_case(case: Case) -> Model:
    """Compile a case.

    Raises
    ------
    CaseError
        Where the rules leave no outcome, or an entry reads more issues than a table holds.
    """
    space = space_of(case)
    rules = tuple(rule_factors(rule, space) for rule in case.rules)
    _require_outcomes(case, space, rules)
    builder = _Criteria(case, space)
    for name in case.parties:
        builder.party(name)
    criteria = tuple(builder.criteria)
    objectives = tuple(
        place for place, entry in enumerate(criteria) if entry.name in set(case.signing)
    )
    consents = builder.consents
    consent = _agreement(case, [consents[name] for name in case.signing])
    flat = tuple(factor for factors in rules for factor in factors)
    problem = Problem(space, flat, criteria, objectives, consent, consents)
    return Model(case, problem, rules, tuple(builder.unvalued))


class _Criteria:
    """Collects criteria and says which of them a party's consent rests on."""

    def __init__(self, case: Case, space: Space) -> None:
        self.case, self.space = case, space
        self.criteria: list[Criterion] = []
        self.unvalued: list[str] = []
        self.consents: dict[str, Consent] = {}

    def party(self, name: str) -> None:
        party = self.case.parties[name]
        concerns = self.case.concerns.get(name, ())
        values = self.case.values.get(name)
        parts = self.parts(name, party, values, concerns, has_factions=bool(party.factions))
        accept = {}
        for key, faction in party.factions.items():
            owner = f"{name}.{key}"
            accept[owner] = every(self.parts(owner, faction, faction.values, faction.concerns))
        if accept:
            parts.append(_ratified(party, list(accept.values())))
        self.consents[name] = every(parts)
        self.consents.update(accept)

    def parts(
        self,
        name: str,
        entry: Party | Faction,
        values: Values | None,
        concerns: Sequence[Concern],
        *,
        has_factions: bool = False,
    ) -> list[Consent]:
        parts: list[Consent] = []
        if values is not None:
            walk_away = self.walk_away(entry)
            parts.append(self.add(criterion(name, values, walk_away, self.space)))
        elif not has_factions:
            self.unvalued.append(name)
        red_lines = [concern for concern in concerns if concern.must]
        if red_lines:
            factors = tuple(_unmet(concern, self.space) for concern in red_lines)
            parts.append(self.add(Criterion(name + RED_LINES, factors, 0, cardinal=False)))
        return parts

    def add(self, entry: Criterion) -> Meets:
        self.criteria.append(entry)
        return Meets(len(self.criteria) - 1)

    def walk_away(self, entry: Party | Faction) -> Fraction | dict[str, str]:
        if entry.walk_away.number is not None:
            return entry.walk_away.number.point
        return self.case.complete(entry.walk_away.outcome or {})


def _unmet(concern: Concern, space: Space) -> Factor:
    factor = expression_factor(concern.met, space)
    return Factor(factor.scope, factor.table.astype(np.int64) - 1)


def _ratified(party: Party, accept: list[AtLeast]) -> AtLeast:
    rule = party.ratification or Ratification(rule="all")
    if rule.rule == "all":
        return every(accept)
    quota = rule.quota if rule.quota is not None else len(accept) // 2 + 1
    passed = AtLeast(tuple(accept), (1,) * len(accept), quota)
    names = list(party.factions)
    return every([passed, *(accept[names.index(name)] for name in rule.veto)])


def _agreement(case: Case, consents: Sequence[Consent]) -> AtLeast:
    rule = case.agreement
    if rule.quota is None:
        return every(consents)
    signing = list(case.signing)
    if rule.weights is None:
        weights = [Fraction(1)] * len(signing)
        needed = rule.quota
    else:
        stated = {name: weight.point for name, weight in rule.weights.items()}
        weights = [stated.get(name, Fraction(0)) for name in signing]
        needed = rule.quota * sum(weights)
    scale = _common_denominator([*weights, needed])
    enough = AtLeast(
        tuple(consents), tuple(int(weight * scale) for weight in weights), int(needed * scale)
    )
    return every([enough, *(consents[signing.index(name)] for name in rule.veto)])


def _common_denominator(numbers: Sequence[Fraction]) -> int:
    out = 1
    for number in numbers:
        out *= (number * out).denominator
    return out


def _require_outcomes(case: Case, space: Space, rules: Sequence[tuple[Factor, ...]]) -> None:
    """Refuse rules that leave nothing, naming a smallest set of them that already does."""
    if case.status_quo is not None or not rules:
        return  # a loaded status quo obeys every rule

    def possible(kept: Sequence[int]) -> bool:
        return count(space.sizes, [factor for place in kept for factor in rules[place]]) > 0

    kept = list(range(len(rules)))
    if possible(kept):
        return
    for place in list(kept):
        fewer = [other for other in kept if other != place]
        if not possible(fewer):
            kept = fewer
    named = "; ".join(f"rule {place + 1}: {case.rules[place]}" for place in kept)
    raise CaseError(
        CaseProblem(
            f"the rules of {case.title!r} leave no outcome",
            f"these cannot hold together: {named}",
            case.place(("rules", kept[0])),
        )
    )
