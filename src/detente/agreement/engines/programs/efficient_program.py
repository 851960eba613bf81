"""Efficient outcomes one by one, by integer programs; for few of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from detente.agreement.engines.front import TooLarge
from detente.agreement.engines.programs.linear_program import Program, row
from detente.agreement.engines.programs.program_search import Found, Objective, ProgramSearch
from detente.agreement.solutions import Selection


def list_efficient(
    search: ProgramSearch, program_for: Callable[[Selection], Program], tops: Sequence[int]
) -> Selection:
    """Add the efficient outcomes of a set to the pool, and choose.

    A largest sum of totals among the outcomes that no listed point dominates or equals is
    efficient; it is listed, with all outcomes of the same totals, until there is none.

    Parameters
    ----------
    search
        Its rule chooses among the efficient outcomes.
    program_for
        The program of the set, given what is chosen among the pool; every outcome that
        dominates one of the set must be in it.
    tops
        Largest totals of the objectives.

    Raises
    ------
    TooLarge
        Where there are more than the search's limits for ties or for points.

    Notes
    -----
    With f points: f programs with up to f times as many 0–1 columns as objectives, and one
    program more for each outcome. Source: Sylva & Crema (2004), A method for finding the
    set of non-dominated vectors for multiple objective integer linear programs, European
    Journal of Operational Research 158: 46–55.
    """
    totals = search.totals
    objective: Objective = (
        [column for total in totals for column in total.columns],
        [weight for total in totals for weight in total.coefficients],
    )
    points: list[tuple[int, ...]] = []
    while True:
        search.progress(f"{search.rule}: {len(points)} efficient points so far")
        program = program_for(search.chosen())
        for point in points:
            possible = [float(own < top) for own, top in zip(point, tops, strict=True)]
            program, switches = program.with_columns(len(point), 0.0, possible, integral=True)
            rows = (
                total.at_least_if(own + 1, int(switch), total.low)
                for total, own, switch in zip(totals, point, switches, strict=True)
            )
            program = program.with_rows(*rows, row(switches, 1.0, lower=1))
        found = search.find(program, objective, partial(_beyond, tuple(points)))
        if found is None:
            return search.chosen()
        points.append(found.totals)
        if len(points) > search.point_limit:
            raise TooLarge(
                f"{search.rule} does not discriminate among the efficient outcomes here, and they "
                f"have more than point_limit={search.point_limit:,} different values; raise the "
                "limit, or use an engine that lists the efficient outcomes"
            )
        rows = (total.at_least(own) for total, own in zip(totals, found.totals, strict=True))
        same = search.region.with_rows(*rows)
        another: Found | None = found
        while another is not None:
            search.spread(another.codes)
            search.within_tie_limit(sum(own in points for own in search.pool.values()))
            another = search.find(search.unseen(same))


def _beyond(points: Sequence[tuple[int, ...]], totals: tuple[int, ...]) -> bool:
    """Whether none of the points dominates or equals these totals."""
    return all(any(mine > own for mine, own in zip(totals, point, strict=True)) for point in points)
