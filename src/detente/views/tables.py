"""Results as pandas tables."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from detente.agreement import AgreeResult, ConcernsResult
from detente.model.check import CheckResult
from detente.model.result import Result

if TYPE_CHECKING:
    import pandas


@singledispatch
def frame(result: Result) -> pandas.DataFrame:
    """The main table of a result."""
    raise TypeError(f"there is no table of {type(result).__name__}")


@frame.register(CheckResult)
def _check(result: CheckResult) -> pandas.DataFrame:
    """One row a note."""
    import pandas

    return pandas.DataFrame(
        [(note.where, note.what) for note in result.notes], columns=["where", "what"]
    )


@frame.register(ConcernsResult)
def _concerns(result: ConcernsResult) -> pandas.DataFrame:
    """One row a concern, one column a package."""
    import pandas

    rows = [
        {
            "party": row.party,
            "concern": row.concern.name,
            "must": row.concern.must,
            "met_by": row.met_by,
            **{name: met[place] for name, met in result.packages.items()},
        }
        for place, row in enumerate(result.rows)
    ]
    return pandas.DataFrame(rows)


@frame.register(AgreeResult)
def _agree(result: AgreeResult) -> pandas.DataFrame:
    """One row an efficient acceptable outcome (the first ones where there are many).

    Columns: its options, what it is worth to each party and faction, and the rules that
    choose it.
    """
    import pandas

    found = result.efficient_acceptable or result.efficient_feasible
    chosen: dict[tuple[str, ...], list[str]] = {}
    for rule, point in result.solutions.items():
        for entry in point.outcomes:
            chosen.setdefault(tuple(entry.outcome.values()), []).append(rule)
    rows = [
        {
            **entry.outcome,
            **{f"value of {name}": float(value) for name, value in entry.values.items()},
            "chosen by": ", ".join(chosen.get(tuple(entry.outcome.values()), [])),
        }
        for entry in (found.outcomes if found else ())
    ]
    return pandas.DataFrame(rows)
