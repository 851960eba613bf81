"""The stable JSON document of ``agree``: plain dictionaries from the frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from detente.agreement.changes import Change
from detente.agreement.draws import METHOD, PackageShares, Share
from detente.agreement.improvements import Edit, Improvement, Improvements
from detente.agreement.package import PackageView, Refusal
from detente.agreement.trade_offs import DEFINITION as TRADES
from detente.agreement.trade_offs import Step, TradeOffs
from detente.agreement.wins import COST, Win

if TYPE_CHECKING:
    from detente.agreement.agree import AgreeResult, Efficient
    from detente.agreement.reference_points import SolutionPoint, Valued


def agree_document(result: AgreeResult) -> dict[str, Any]:
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
        document["package"] = _package(result.package)
        if result.shares is not None:
            shares = result.shares
            document["package"]["shares_of_codings"] = {
                "definition": METHOD,
                "samples": shares.samples,
                "seed": shares.seed,
                "ranges": shares.ranges,
                **_shares(shares.packages["package"]),
            }
    if result.trades is not None:
        document["trade_offs"] = _trade_offs(result.trades)
    return document


def points(values: Mapping[str, Fraction]) -> dict[str, float]:
    """Exact values as JSON numbers."""
    return {name: as_number(value) for name, value in values.items()}


def as_number(value: Fraction) -> float:
    """An exact value as the nearest JSON number; whole ones stay whole."""
    return int(value) if value.denominator == 1 else float(value)


def _valued(entry: Valued) -> dict[str, Any]:
    return {"outcome": dict(entry.outcome), "values": points(entry.values)}


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


def _blocking(result: AgreeResult) -> dict[str, Any] | None:
    if result.blocking is None:
        return None
    return {
        name: {"refuses": entry.refuses, "alone_refuses": entry.alone_refuses}
        for name, entry in result.blocking.items()
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


def _change(change: Change) -> dict[str, str]:
    return {"issue": change.issue, "from": change.before, "to": change.after}


def _package(view: PackageView) -> dict[str, Any]:
    return {
        "outcome": dict(view.outcome),
        "breaks_rules": [broken.index + 1 for broken in view.broken_rules],
        "values": points(view.values),
        "gains": points(view.gains),
        "ordinal": list(view.ordinal),
        "acceptable": view.acceptable,
        "acceptable_to": dict(view.acceptable_to),
        "refusals": {name: _refusal(entry) for name, entry in view.refusals.items()},
        "efficient": view.efficient,
        "efficient_undecided": view.undecided,
        "improvements": _improvements(view.improvements),
        "acceptable_improvements": _improvements(view.acceptable_improvements),
        "wins": {
            "cost": COST,
            "by_refuser": {
                name: [_win(win) for win in wins] for name, wins in view.wins.by_refuser.items()
            },
            "several": [_win(win) for win in view.wins.several],
            "everybody": [_win(win) for win in view.wins.everybody],
        },
    }


def _refusal(entry: Refusal) -> dict[str, Any]:
    return {
        "short": None if entry.short is None else as_number(entry.short),
        "red_lines": list(entry.red_lines),
        "factions": {name: _refusal(inner) for name, inner in entry.factions.items()},
    }


def _improvements(found: Improvements | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "count": found.count,
        "better_for_all": found.better_for_all,
        "acceptable": found.acceptable,
        "outcomes": [_improvement(entry) for entry in found.listed],
        "smallest_edit": _edit(found.smallest_edit),
        "smallest_acceptable_edit": _edit(found.smallest_acceptable_edit),
        "not_searched": found.not_searched,
    }


def _improvement(entry: Improvement) -> dict[str, Any]:
    return {
        "outcome": dict(entry.outcome),
        "values": points(entry.values),
        "better_for": list(entry.better_for),
        "refused_by": list(entry.refused_by),
        "acceptable": entry.acceptable,
    }


def _edit(edit: Edit | None) -> dict[str, Any] | None:
    if edit is None:
        return None
    return {
        "changes": [_change(change) for change in edit.changes],
        "reaches": _improvement(edit.reaches),
    }


def _win(win: Win) -> dict[str, Any]:
    return {
        "change": _change(win.change),
        "wins": list(win.wins),
        "losses": points(win.losses),
        "cost": float(win.cost),
        "acceptable": win.acceptable,
    }


def _shares(shares: PackageShares) -> dict[str, Any]:
    return {
        "acceptable": _share(shares.acceptable),
        "acceptable_to": {name: _share(share) for name, share in shares.accepts.items()},
    }


def _share(share: Share) -> dict[str, Any]:
    return {"share": share.share, "interval": [share.low, share.high], "certain": share.certain}


def _trade_offs(found: TradeOffs) -> dict[str, Any]:
    return {
        "from": dict(found.outcome),
        "definition": TRADES,
        "steps": [_step(step) for step in found.steps],
        "blocked": [_change(change) for change in found.blocked],
        "trades": [
            {
                "parties": list(entry.parties),
                "count": entry.count,
                "best": [_step(step) for step in entry.best],
            }
            for entry in found.trades
        ],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "changes": [_change(change) for change in step.changes],
        "gains": points(step.gains),
        "directions": dict(step.directions),
    }
