"""Three to five unlike packages, carried through all sections of a brief."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.agreement.agree import AgreeResult
from detente.case.schema import Case
from detente.model.sentences import listed, say
from detente.views.naming import RULE_NAMES

REFERENCES = ("nash", "kalai_smorodinsky")
"""The rules whose points are shown beside the packages of the case."""
MOST = 5

Outcome = Mapping[str, str]


@dataclass(frozen=True)
class Selected:
    """A package to show.

    Parameters
    ----------
    letter
        What it is called in charts and narrow tables.
    name
        Its name in the case, or of the rules whose point it is.
    outcome
        Complete: an option for every issue.
    package
        Its key in the case; None for a reference point that the case does not name.
    rules
        The rules that single it out, in the order of the definitions.
    ties
        How many outcomes tie under the first of these rules; this is the first of them.
    """

    letter: str
    name: str
    outcome: Outcome
    package: str | None
    rules: tuple[str, ...]
    ties: int


def select(
    case: Case, result: AgreeResult, also: str | None = None, most: int = MOST
) -> tuple[Selected, ...]:
    """Reference points, and named packages as unlike them and each other as can be.

    The Nash and Kalai–Smorodinsky points come first (and the point of the rule ``also``),
    where they exist; points that are the same package count once, and a named package
    that is such a point stands for it. Then, until there are ``most``, the named package
    that differs from all chosen so far, and from today, on the most issues: the one whose
    smallest number of differing issues is the largest, in the order of the case where
    several tie. Packages equal to one that was chosen are left out.

    Returns
    -------
    tuple of Selected
        The named packages in the order of the case, then the other reference points.
    """
    points = _points(result, (*REFERENCES, *([also] if also else ())))
    named = whole_packages(case)
    chosen = [dict(terms) for terms in points]
    seen = [*chosen, *([dict(case.status_quo)] if case.status_quo else [])]
    left = {name: outcome for name, outcome in named.items() if outcome not in seen}
    while left and len(chosen) < most:
        best = max(left, key=lambda name: _least_difference(left[name], seen))
        chosen.append(left[best])
        seen.append(left[best])
        left = {name: outcome for name, outcome in left.items() if outcome not in seen}
    return _lettered(case, named, points, chosen)


def whole_packages(case: Case) -> dict[str, dict[str, str]]:
    """The named packages that settle every issue, as complete outcomes.

    Without a status quo a package that leaves out an issue is no outcome.
    """
    return {
        name: case.complete(package.outcome)
        for name, package in case.packages.items()
        if case.status_quo is not None or len(package.outcome) == len(case.issues)
    }


def difference(one: Outcome, other: Outcome) -> int:
    """On how many issues two outcomes differ (Hamming distance)."""
    return sum(one[issue] != other[issue] for issue in one)


def _least_difference(outcome: Outcome, seen: Sequence[Outcome]) -> int:
    return min((difference(outcome, other) for other in seen), default=0)


def _points(
    result: AgreeResult, rules: Sequence[str]
) -> dict[tuple[tuple[str, str], ...], list[str]]:
    """Outcomes singled out by rules, each once, with the rules that do."""
    found: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for rule in dict.fromkeys(rules):
        if rule in result.solutions:
            terms = tuple(result.solutions[rule].outcomes[0].outcome.items())
            found.setdefault(terms, []).append(rule)
    for rule, point in result.solutions.items():
        terms = tuple(point.outcomes[0].outcome.items())
        if terms in found and rule not in found[terms]:
            found[terms].append(rule)
    order = list(result.solutions)
    return {terms: sorted(rules, key=order.index) for terms, rules in found.items()}


def _lettered(
    case: Case,
    named: Mapping[str, Outcome],
    points: Mapping[tuple[tuple[str, str], ...], Sequence[str]],
    chosen: Sequence[Outcome],
) -> tuple[Selected, ...]:
    entries: list[tuple[str, Outcome, str | None, tuple[str, ...]]] = []
    rules = {terms: tuple(names) for terms, names in points.items()}
    for key, outcome in named.items():
        if outcome in chosen and all(outcome != other for _, other, _, _ in entries):
            found = rules.pop(tuple(outcome.items()), ())
            entries.append((case.package_name(key), outcome, key, found))
    for terms, names in rules.items():
        called = listed(RULE_NAMES[rule] for rule in names if rule in REFERENCES) or listed(
            RULE_NAMES[rule] for rule in names
        )
        entries.append((say("brief.point", rules=called), dict(terms), None, names))
    return tuple(
        Selected(string.ascii_uppercase[place], name, outcome, key, names, 0)
        for place, (name, outcome, key, names) in enumerate(entries)
    )
