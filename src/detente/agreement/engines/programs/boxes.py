"""A set of outcomes as few boxes: for each issue some options, in all combinations."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

Box = tuple[tuple[int, ...], ...]


def boxes(outcomes: Collection[tuple[int, ...]], sizes: Sequence[int]) -> list[Box]:
    """Cover exactly these outcomes by boxes.

    Greedy: from an outcome not yet covered, one issue after the other takes on every option
    with which all combinations still belong to the outcomes. The boxes may overlap; their
    number is small where the outcomes differ in issues that make no difference, and at most
    the number of outcomes.

    Parameters
    ----------
    outcomes
        Option positions, in issue order.
    sizes
        Number of options of each issue.

    Notes
    -----
    For each box as many look-ups as it has outcomes, times the number of all options.

    Examples
    --------
    >>> boxes([(0, 0), (0, 1), (1, 1)], (2, 2))
    [((0,), (0, 1)), ((0, 1), (1,))]
    """
    known = frozenset(outcomes)
    covered: set[tuple[int, ...]] = set()
    cover: list[Box] = []
    for outcome in outcomes:
        if outcome in covered:
            continue
        box: list[tuple[int, ...]] = [(code,) for code in outcome]
        for issue, size in enumerate(sizes):
            for option in range(size):
                side = [*box[:issue], (option,), *box[issue + 1 :]]
                if option != outcome[issue] and known.issuperset(itertools.product(*side)):
                    box[issue] = (*box[issue], option)
            box[issue] = tuple(sorted(box[issue]))
        cover.append(tuple(box))
        covered.update(itertools.product(*box))
    return cover
