"""Three to five unlike packages, carried through all sections of a brief."""

from __future__ import annotations

import string
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from detente.agreement.answer import AgreeResult
from detente.agreement.chosen import chosen_outcome, solution_named
from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.model.sentences import listed, say
from detente.views.naming import RULE_NAMES, capital

REFERENCES = ("nash", "kalai_smorodinsky")
"""The rules whose points are shown beside the packages of the case."""
MOST = 5

Terms = tuple[str, ...]
"""An outcome as the options of the issues, in the order of the case."""


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
        All rules that single it out, in the order of their definitions.
    written
        How it was asked for, where that is a package with changes, whose steps count.
    """

    letter: str
    name: str
    outcome: Mapping[str, str]
    package: str | None
    rules: tuple[str, ...]
    written: str | None = None

    @property
    def to(self) -> str | Mapping[str, str]:
        """What questions are asked about: a package of the case brings its steps along."""
        return self.package or self.written or self.outcome


def select(
    case: Case,
    result: AgreeResult,
    signable: Collection[str] = (),
    also: str | None = None,
    most: int = MOST,
) -> tuple[Selected, ...]:
    """Reference points, and named packages as unlike them and each other as can be.

    The Nash and Kalai–Smorodinsky points (and the point of the rule ``also``) come in
    where they exist, each package once. Then, until there are ``most``, named packages
    that could not be signed and such that could (``signable``) take turns, as far as there
    are both; each time the one that differs most from everything chosen so far and from
    today: its smallest number of differing issues is the largest, and of several the first
    of the case is taken. A named package that is a reference point stands for it.

    Returns
    -------
    tuple of Selected
        The named packages in the order of the case, then the other reference points.
    """
    rules = _singled_out(result, {*REFERENCES, *([also] if also else [])})
    named: dict[Terms, str] = {}
    for name, outcome in whole_packages(case).items():
        named.setdefault(_terms(case, outcome), name)
    today = [] if case.status_quo is None else [_terms(case, case.status_quo)]
    chosen, turn = list(rules), False
    while len(chosen) < most:
        seen = [*chosen, *today]
        left = [terms for terms in named if terms not in seen]
        if not left:
            break
        turns = [terms for terms in left if (named[terms] in signable) is turn] or left
        chosen.append(max(turns, key=lambda terms: _least_apart(terms, seen)))
        turn = named[chosen[-1]] not in signable
    inside = [terms for terms in named if terms in chosen]
    outside = [terms for terms in rules if terms not in named]
    return tuple(
        Selected(
            letter,
            case.package_name(named[terms]) if terms in named else _point_name(rules[terms]),
            dict(zip(case.issues, terms, strict=True)),
            named.get(terms),
            rules.get(terms, ()),
        )
        for letter, terms in zip(string.ascii_uppercase, [*inside, *outside], strict=False)
    )


def selected(case: Case, result: AgreeResult, written: Sequence[str]) -> tuple[Selected, ...]:
    """The packages that were asked for, in that order.

    Parameters
    ----------
    written
        One to :data:`MOST`: names of packages, ``issue=option,…``, or names of solutions.

    Raises
    ------
    CaseError
        Where there are more, a word is unknown, or two are the same outcome.
    """
    if not 1 <= len(written) <= MOST:
        what = f"a brief carries one to {MOST} packages; these are {len(written)}"
        raise CaseError(Problem(what, "name fewer, and make a second brief of the others"))
    rules = _singled_out(result, set(result.solutions))
    named: dict[Terms, str] = {}
    for name, outcome in whole_packages(case).items():
        named.setdefault(_terms(case, outcome), name)
    found: dict[Terms, Selected] = {}
    for letter, text in zip(string.ascii_uppercase, map(str.strip, written), strict=False):
        outcome = chosen_outcome(case, text, result.solutions)
        terms = _terms(case, outcome)
        if terms in found:
            what = f"{text} is the same outcome as {written[list(found).index(terms)].strip()}"
            raise CaseError(Problem(what, "name each package once"))
        package = text if text in case.packages else named.get(terms)
        own = None if package else _changed(case, text)
        name = case.package_name(package) if package else _own_name(case, text, letter, rules, own)
        found[terms] = Selected(letter, name, outcome, package, rules.get(terms, ()), own)
    return tuple(found.values())


def _changed(case: Case, text: str) -> str | None:
    """A package with changes as it was asked for; None for anything else."""
    return text if text.partition(",")[0].strip() in case.packages else None


def _own_name(
    case: Case, text: str, letter: str, rules: Mapping[Terms, Sequence[str]], own: str | None
) -> str:
    """What an outcome that the case does not name is called."""
    if own is not None:
        base = case.package_name(own.partition(",")[0].strip())
        return say("brief.packages.changed", package=base, letter=letter)
    rule = solution_named(text)
    if text == rule:
        return _point_name(next(names for names in rules.values() if rule in names))
    return say("brief.packages.own", letter=letter)


def whole_packages(case: Case) -> dict[str, dict[str, str]]:
    """The named packages that settle every issue, as complete outcomes.

    Without a status quo a package that leaves out an issue is no outcome.
    """
    return {
        name: case.complete(package.outcome)
        for name, package in case.packages.items()
        if case.status_quo is not None or len(package.outcome) == len(case.issues)
    }


def _terms(case: Case, outcome: Mapping[str, str]) -> Terms:
    return tuple(outcome[issue] for issue in case.issues)


def _apart(one: Terms, other: Terms) -> int:
    """On how many issues two outcomes differ (Hamming distance)."""
    return sum(a != b for a, b in zip(one, other, strict=True))


def _least_apart(terms: Terms, others: Sequence[Terms]) -> int:
    return min((_apart(terms, other) for other in others), default=0)


def _singled_out(result: AgreeResult, wanted: set[str]) -> dict[Terms, tuple[str, ...]]:
    """The points of the wanted rules, each with all rules that single it out."""
    found: dict[Terms, tuple[str, ...]] = {}
    for rule, point in result.solutions.items():
        terms = _terms(result.case, point.outcomes[0].outcome)
        found[terms] = (*found.get(terms, ()), rule)
    return {terms: rules for terms, rules in found.items() if wanted & set(rules)}


def _point_name(rules: Sequence[str]) -> str:
    return capital(say("brief.point", rules=listed(RULE_NAMES[rule] for rule in rules)))
