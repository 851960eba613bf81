"""What ``agree`` answers: one frozen result, and its stable JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from detente.agreement.document import package_document, points, trade_offs_document
from detente.agreement.engines.enumerate import Survey
from detente.agreement.packages.draws import Shares
from detente.agreement.packages.package import PackageView
from detente.agreement.packages.trade_offs import TradeOffs
from detente.agreement.reference_points import Outcome, SolutionPoint, Valued
from detente.case.schema import Case
from detente.model.result import Result


@dataclass(frozen=True)
class Efficient:
    """Efficient outcomes: how many, and the first of them in index order."""

    count: int
    outcomes: tuple[Valued, ...]


@dataclass(frozen=True)
class Blocking:
    """How many feasible outcomes a party refuses, and how many only it refuses."""

    refuses: int
    alone_refuses: int


@dataclass(frozen=True)
class Verdict:
    """Whether a named package could be signed, and which signing parties refuse it."""

    outcome: Outcome
    feasible: bool
    acceptable: bool
    refused_by: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class AgreeResult(Result):
    """The zone of agreement, the efficient outcomes, reference points, and who blocks what.

    Parameters
    ----------
    case
        The case that was asked about.
    total, feasible
        Outcomes in all, and those that obey the rules.
    acceptable
        Outcomes with consent; None where the space is too large to be walked.
    needs
        What a party would have to give for more: ``values``, or ``scores`` where it has
        only an order.
    efficient_feasible, efficient_acceptable
        None where not every signing party has values, or the frontier is too large.
    solutions
        By rule, in the order of the definitions; empty where nothing is acceptable.
    absent
        For rules without an answer, why.
    why_not
        Where nothing is acceptable: who rules out whom.
    blocking, survey
        Who refuses how much; None where the space was not walked.
    packages
        The verdict on every named package of the case.
    package, trades, shares
        The package that was asked about, trade-offs from it (or from today), and how the
        verdict turns with the stated ranges.
    method, remarks
        The engine, and what was not done.
    rounded
        Parties whose numbers were too long to stay exact.
    """

    case: Case
    total: int
    feasible: int
    acceptable: int | None
    needs: Mapping[str, str]
    efficient_feasible: Efficient | None
    efficient_acceptable: Efficient | None
    solutions: Mapping[str, SolutionPoint]
    absent: Mapping[str, str]
    why_not: str | None
    blocking: Mapping[str, Blocking] | None
    survey: Survey | None
    walk_away: Mapping[str, Fraction]
    packages: Mapping[str, Verdict]
    package: PackageView | None
    trades: TradeOffs | None
    shares: Shares | None
    method: str
    remarks: tuple[str, ...]
    rounded: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The document of ``detente agree --json``, without its envelope."""
        return _document(self)


def _document(result: AgreeResult) -> dict[str, Any]:
    """All of a result, as CONTRACTS names it; what was not computed is null, with the reason."""
    document: dict[str, Any] = {
        "outcomes": {
            "total": result.total,
            "feasible": result.feasible,
            "acceptable": result.acceptable,
        },
        "needs": dict(result.needs),
        "efficient": {
            "definition": "no outcome of the same set is at least as good for every signing party "
            "and better for one",
            "feasible": _efficient(result.efficient_feasible),
            "acceptable": _efficient(result.efficient_acceptable),
        },
        "solutions": {name: _solution(point) for name, point in result.solutions.items()},
        "absent": dict(result.absent),
        "walk_away": points(result.walk_away),
        "blocking": _blocking(result),
        "win_sets": _win_sets(result),
        "packages": {
            name: {
                "outcome": dict(verdict.outcome),
                "feasible": verdict.feasible,
                "acceptable": verdict.acceptable,
                "refused_by": list(verdict.refused_by),
            }
            for name, verdict in result.packages.items()
        },
        "engine": {
            "method": result.method,
            "remarks": list(result.remarks),
            "rounded": list(result.rounded),
        },
    }
    if result.why_not is not None:
        document["why_not"] = result.why_not
    if result.package is not None:
        document["package"] = package_document(result.package, result.shares)
    if result.trades is not None:
        document["trade_offs"] = trade_offs_document(result.trades)
    return document


def _blocking(result: AgreeResult) -> dict[str, Any] | None:
    if result.blocking is None:
        return None
    return {
        name: {"refuses": entry.refuses, "alone_refuses": entry.alone_refuses}
        for name, entry in result.blocking.items()
    }


def _efficient(found: Efficient | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"count": found.count, "outcomes": [_valued(entry) for entry in found.outcomes]}


def _solution(point: SolutionPoint) -> dict[str, Any]:
    return {
        "definition": point.definition,
        "disagreement_point": points(point.disagreement_point),
        "ties": point.ties,
        "left_out": list(point.left_out),
        "outcomes": [_valued(entry) for entry in point.outcomes],
    }


def _win_sets(result: AgreeResult) -> dict[str, Any] | None:
    survey = result.survey
    if survey is None:
        return None
    names = survey.names
    return {
        "accepts": {name: survey.accepted_by(name) for name in names},
        "overlap": [
            {"parties": [first, second], "accept": survey.accepted_by(first, second)}
            for place, first in enumerate(names)
            for second in names[place + 1 :]
        ],
    }


def _valued(entry: Valued) -> dict[str, Any]:
    return {"outcome": dict(entry.outcome), "values": points(entry.values)}
