"""Profiles of Genius: one party's evaluations and weights, checked against the domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from detente.case.errors import CaseError, Problem, unknown
from detente.case.exchange.elements import Node, only
from detente.case.numbers import exact_text, parse_fraction, show

DISCOUNT = "Genius discount factor {}."
"""How the discount factor of a profile is kept in the text about its party."""
DIGITS = 17
"""Digits after the point of a decimal that stands for a fraction without an end."""
NO_TITLES = frozenset({"", "root", "any"})
"""Names of objectives that say nothing."""


@dataclass(frozen=True)
class Value:
    """A value of an issue: its name in a case, and how Genius refers to it."""

    key: str
    wording: str
    index: str


@dataclass(frozen=True)
class GeniusIssue:
    """An issue of the domain; integer ones know their lowest value."""

    key: str
    wording: str
    index: str
    values: tuple[Value, ...]
    lowest: int | None = None


def decimal(number: Fraction) -> str:
    """A number as Genius reads it: a decimal, rounded down where it has no end.

    Rounding down keeps an outcome acceptable that is worth exactly the walk-away.
    """
    text = show(number)
    if "/" not in text:
        return text
    digits = floor(number * 10**DIGITS)
    sign = "-" if digits < 0 else ""
    return f"{sign}{abs(digits) // 10**DIGITS}.{abs(digits) % 10**DIGITS:0{DIGITS}}"


def _exact(node: Node) -> Fraction:
    """The value; as the fraction that an export left beside its decimal, if it is that one."""
    value = node.number("value")
    if "exact" in node.attributes:
        exact = node.number("exact")
        return exact if decimal(exact) == node.get("value") else value
    return value


def objective_of(space: Node) -> Node:
    """The objective that holds the issues."""
    objective = only(space, "objective")
    if objective.all("objective"):
        inner = objective.all("objective")[0]
        what = "objectives inside objectives are not read"
        raise CaseError(Problem(what, "put all issues under the first objective", inner.place))
    return objective


class Profile:
    """One party's profile, checked against the domain."""

    def __init__(
        self, name: str, root: Node, issues: Sequence[GeniusIssue], domain: Node, notes: list[str]
    ) -> None:
        if root.tag != "utility_space":
            what = f"{root.place.file} is no profile: its first element is {root.tag}"
            raise CaseError(Problem(what, "a profile begins with <utility_space>"))
        self.name, self.root, self.issues, self.notes = name, root, issues, notes
        self.domain, self.objective = domain, objective_of(root)

    def party(self) -> dict[str, Any]:
        """Wording, walk-away and discount factor."""
        out: dict[str, Any] = {}
        wording = self.objective.attributes.get("name", "")
        if wording.lower() not in NO_TITLES | {self.domain.attributes.get("name", "").lower()}:
            out["name"] = wording
        out["walk_away"] = exact_text(self._single("reservation", Fraction(0)))
        discount = self._single("discount_factor", Fraction(1))
        if discount != 1:
            out["about"] = DISCOUNT.format(show(discount))
            self.notes.append(
                f"{self.name}: the discount factor {show(discount)} concerns the time of the "
                "bargaining; it is kept in the text about the party"
            )
        return out

    def _single(self, tag: str, default: Fraction) -> Fraction:
        found = [*self.root.all(tag), *self.objective.all(tag)]
        return _exact(found[0]) if found else default

    def values(self) -> dict[str, Any]:
        """Weights as they stand, and scores between 0 and 1."""
        nodes = {node.attributes.get("index"): node for node in self.objective.all("issue")}
        weights = {node.attributes.get("index"): node for node in self.objective.all("weight")}
        out: dict[str, Any] = {"weights": {}, "scores": {}}
        problems: list[Problem] = []
        for issue in self.issues:
            try:
                if issue.index not in nodes or issue.index not in weights:
                    missing = "weight" if issue.index in nodes else "issue"
                    self._missing(missing, issue)
                weight = _exact(weights[issue.index])
                if weight < 0:
                    what = f"the weight of {issue.wording!r} is negative ({show(weight)})"
                    raise CaseError(Problem(what, "", weights[issue.index].place))
                out["weights"][issue.key] = exact_text(weight)
                out["scores"][issue.key] = self._scores(issue, nodes[issue.index])
            except CaseError as error:
                problems += error.problems
        total = sum(map(parse_fraction, out["weights"].values()), Fraction(0))
        if not problems and total == 0:
            what = "all weights of this profile are zero"
            problems.append(Problem(what, "give one issue a weight", self.objective.place))
        if problems:
            raise CaseError(problems)
        if total != 1:
            self.notes.append(f"{self.name}: the weights sum to {show(total)} and are shares of it")
        return out

    def _missing(self, what: str, issue: GeniusIssue) -> None:
        raise CaseError(
            Problem(
                f"no {what} with index {issue.index} for {issue.wording!r}",
                f"a profile has one {what} for every issue of its domain",
                self.objective.place,
            )
        )

    def _scores(self, issue: GeniusIssue, node: Node) -> dict[str, str]:
        """Each option's evaluation, divided by the largest."""
        if issue.lowest is not None and not node.all("item"):
            return self._linear(issue, node)
        evaluations = self._evaluations(issue, node)
        largest = max(evaluations.values())
        if largest == 0:
            self.notes.append(
                f"{self.name} evaluates every value of {issue.wording!r} as 0: its score is 0"
            )
        return {key: exact_text(e / largest if largest else e) for key, e in evaluations.items()}

    def _evaluations(self, issue: GeniusIssue, node: Node) -> dict[str, Fraction]:
        items = node.all("item")
        by_value = {item.attributes["value"]: item for item in items if "value" in item.attributes}
        by_index = {item.attributes.get("index"): item for item in items}
        out: dict[str, Fraction] = {}
        for value in issue.values:
            item = by_value.get(value.wording) or (None if by_value else by_index.get(value.index))
            if item is None or item.attributes.get("evaluation", "null") == "null":
                what = f"no evaluation of {value.wording!r} of the issue {issue.wording!r}"
                place = node.place if item is None else item.place
                raise CaseError(Problem(what, "every value needs one", place))
            out[value.key] = item.number("evaluation")
            if out[value.key] < 0:
                what = f"the evaluation of {value.wording!r} is negative"
                help = "Genius takes evaluations from 0; add the same to all of this issue"
                raise CaseError(Problem(what, help, item.place))
        for text, item in by_value.items():
            if text not in [value.wording for value in issue.values]:
                known = [value.wording for value in issue.values]
                words = unknown("value", text, known, f"issue {issue.wording}")
                raise CaseError(Problem(*words, item.place))
        return out

    def _linear(self, issue: GeniusIssue, node: Node) -> dict[str, str]:
        """An integer issue: a line, cut to [0, 1]."""
        evaluators = node.all("evaluator")
        if not evaluators:
            what = f"the integer issue {issue.wording!r} has no evaluator"
            raise CaseError(Problem(what, "it states slope and offset", node.place))
        slope, offset = evaluators[0].number("slope"), evaluators[0].number("offset")
        out = {}
        for step, value in enumerate(issue.values):
            out[value.key] = exact_text(min(max(offset + slope * step, Fraction(0)), Fraction(1)))
        return out
