"""The Nash product by integer programs with tangents to the logarithm."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from detente.agreement.engines.programs.efficient_program import list_efficient
from detente.agreement.engines.programs.linear_program import Program, Row, row
from detente.agreement.engines.programs.program_search import ProgramSearch
from detente.agreement.solutions import Selection

LOGS = 1000.0
"""Steps of the program for one natural logarithm of the product of gains."""
BAND = 2e-5
"""Steps below the best within which products are compared in integers."""
TANGENTS = 12
"""Tangents to each party's logarithm to begin with."""
STEEPEST = 100
"""They begin at this fraction of the largest gain: the logarithm is steep at small ones."""


def nash_selection(search: ProgramSearch, tops: Sequence[int]) -> Selection:
    """The outcomes with the largest product of gains, among outcomes without losses.

    Maximises Σ LOGS * log(gain / largest gain) over the parties, each term a column below
    tangents to the concave logarithm. Every outcome found adds the tangents at its gains,
    where the program is then exact; outcomes found are excluded, until nothing is left that
    could come within ``BAND`` of the best product. Where no outcome makes every party
    strictly better off the product is 0 and the efficient outcomes tie.

    Parameters
    ----------
    search
        Its rule is ``nash``, its region the acceptable outcomes without losses; its pool
        has at least one outcome.
    tops
        Largest totals of the objectives.

    Raises
    ------
    TooLarge
        Where a limit of the search is met.

    Notes
    -----
    Outer approximation: Duran & Grossmann (1986), An outer-approximation algorithm for a
    class of mixed-integer nonlinear programs, Mathematical Programming 36: 307–339.
    """
    if all(top > own for top, own in zip(tops, search.walk_away.tolist(), strict=True)):
        logarithms = _Logarithms(search, tops)
        objective = logarithms.columns.tolist(), [1.0] * len(tops)
        if search.find(logarithms.program, objective) is not None:
            return search.exhaust(logarithms.rivals, objective)
    return list_efficient(search, lambda _: search.region, tops)


class _Logarithms:
    """The program of outcomes that make every party strictly better off, with tangents."""

    def __init__(self, search: ProgramSearch, tops: Sequence[int]) -> None:
        self._search = search
        self._largest = [
            top - own for top, own in zip(tops, search.walk_away.tolist(), strict=True)
        ]
        self._touched: set[tuple[int, int]] = set()
        least = [-LOGS * math.log(gain) - 1.0 for gain in self._largest]
        program, self.columns = search.region.with_columns(len(tops), least, 0.0, integral=False)
        for total, own in zip(search.totals, search.walk_away.tolist(), strict=True):
            program = program.with_rows(total.at_least(own + 1))
        for party, gain in enumerate(self._largest):
            for at in np.geomspace(max(1, gain // STEEPEST), gain, TANGENTS).round():
                program = program.with_rows(*self._tangent(party, int(at)))
        self.program: Program = program

    def rivals(self, selection: Selection) -> Program:
        """The program of the outcomes that may be as good as what is chosen."""
        pool = list(self._search.pool.values())
        for totals in pool:
            for party, gain in enumerate(self._gains(totals)):
                if gain > 0:
                    self.program = self.program.with_rows(*self._tangent(party, gain))
        reached = sum(
            LOGS * math.log(gain / largest)
            for gain, largest in zip(
                self._gains(pool[selection.indices[0]]), self._largest, strict=True
            )
        )
        return self.program.with_rows(row(self.columns, 1.0, lower=reached - BAND))

    def _gains(self, totals: Sequence[int]) -> list[int]:
        walk_away = self._search.walk_away.tolist()
        return [total - own for total, own in zip(totals, walk_away, strict=True)]

    def _tangent(self, party: int, gain: int) -> list[Row]:
        """The tangent at a gain, unless it is there already."""
        if (party, gain) in self._touched:
            return []
        self._touched.add((party, gain))
        total = self._search.totals[party]
        distance = total.constant - int(self._search.walk_away[party])  # gain = this + the form
        constant = math.log(gain / self._largest[party]) - 1.0 + distance / gain
        columns = np.append(total.columns, self.columns[party])
        coefficients = np.append(total.coefficients * (-LOGS / gain), 1.0)
        return [row(columns, coefficients, upper=LOGS * constant)]
