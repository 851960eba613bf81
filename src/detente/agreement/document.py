"""A package and its trade-offs as plain dictionaries: parts of the JSON of ``agree``."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from detente.agreement.packages.changes import Change
from detente.agreement.packages.draws import METHOD, PackageShares, Share, Shares
from detente.agreement.packages.improvements import Edit, Improvement, Improvements
from detente.agreement.packages.package import PackageView, Refusal
from detente.agreement.packages.trade_offs import DEFINITION as TRADES
from detente.agreement.packages.trade_offs import Step, TradeOffs
from detente.agreement.packages.wins import COST, Win


def points(values: Mapping[str, Fraction]) -> dict[str, float]:
    """Exact values as JSON numbers."""
    return {name: as_number(value) for name, value in values.items()}


def as_number(value: Fraction) -> float:
    """An exact value as the nearest JSON number; whole ones stay whole."""
    return int(value) if value.denominator == 1 else float(value)


def _change(change: Change) -> dict[str, str]:
    return {"issue": change.issue, "from": change.before, "to": change.after}


def package_document(view: PackageView, shares: Shares | None) -> dict[str, Any]:
    """A package under the glass, with the shares of codings where they were drawn."""
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
        "shares_of_codings": None if shares is None else _shares(shares),
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


def _shares(shares: Shares) -> dict[str, Any]:
    found: PackageShares = shares.packages["package"]
    return {
        "definition": METHOD,
        "samples": shares.samples,
        "seed": shares.seed,
        "ranges": shares.ranges,
        "acceptable": _share(found.acceptable),
        "acceptable_to": {name: _share(share) for name, share in found.accepts.items()},
    }


def _share(share: Share) -> dict[str, Any]:
    return {"share": share.share, "interval": [share.low, share.high], "certain": share.certain}


def trade_offs_document(found: TradeOffs) -> dict[str, Any]:
    """Steps on single issues, and trades of two."""
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
