"""The ways of ``unlock`` and what detection they ask for, as tables."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from detente.leverage.answer import Check
from detente.leverage.unlock_result import UnlockResult
from detente.leverage.words import name_of
from detente.verification.wording import chance

if TYPE_CHECKING:
    import pandas

COLUMNS = ("rank", "lever", "what", "cost", "unit", "solves", "open", "share", "low", "high")


def ways_table(result: UnlockResult) -> pandas.DataFrame:
    """One row a way, best first: its sentence, cost, what it solves, in which share of codings."""
    import pandas

    rows = []
    for rank, way in enumerate(result.ways, start=1):
        share = way.share
        ends = (None,) * 3 if share is None else (share.share, share.low, share.high)
        cost = (float(way.cost.amount), way.cost.unit)
        goals = (", ".join(way.solves), ", ".join(way.open))
        rows.append((rank, way.lever, way.text, *cost, *goals, *ends))
    found = pandas.DataFrame(rows, columns=list(COLUMNS))
    return found.astype(dict.fromkeys(COLUMNS[-3:], "Float64"))


def check_rows(result: UnlockResult) -> list[list[str]]:
    """One row a way to cheat: whose, how surely it is found now, and the least that would do."""
    return [
        [
            result.case.violation_name(check.violation),
            name_of(result.case, check.party),
            f"{_sign(check)} {chance(check.now)}",
            chance(float(check.least)),
        ]
        for check in result.checks
    ]


def _sign(check: Check) -> str:
    return "✓" if Fraction(check.now) >= check.least else "✗"
