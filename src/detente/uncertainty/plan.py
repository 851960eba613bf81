"""The roadmap that is judged in every coding: the one that is best at the likely values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detente.agreement.finding import find_outcome
from detente.case.errors import CaseError
from detente.case.schema import Case
from detente.sequencing.answer import ModelName, Step
from detente.sequencing.lattice.own import Written, parse_order
from detente.sequencing.lattice.road import Road, road
from detente.sequencing.roadmap import package_named
from detente.sequencing.search.leximin import leximin
from detente.sequencing.setting import Coding, Setting


def planned(
    case: Case,
    to: str | Mapping[str, str],
    order: Written | None,
    kind: ModelName,
    also: Sequence[Case] = (),
) -> Road:
    """A road that is one order: a given one, or the best.

    Raises
    ------
    CaseError
        As :func:`detente.roadmap`.
    """
    found, _ = road(case, find_outcome(case, to), package_named(case, to)[0], also=also)
    coding = Coding("", case, found)
    coding.check_scores()
    if order is not None:
        return found.along(parse_order(found, order))
    setting = Setting(found, (coding,), kind)
    return found.along(setting.positions(leximin(setting.play()).steps))


def written_order(steps: Sequence[Step]) -> list[list[str]]:
    """The steps of a roadmap as an order that can be read back.

    Examples
    --------
    >>> import detente
    >>> found = detente.roadmap(detente.load("commitment"), "deal")
    >>> written_order(found.best.steps)[0]
    ['embargo=lifted']
    """
    return [
        [move.item if move.after is None else f"{move.item}={move.after}" for move in step.moves]
        for step in steps
    ]


def attempted(
    case: Case,
    to: str | Mapping[str, str],
    order: Written | None,
    kind: ModelName,
    also: Sequence[Case] = (),
) -> tuple[Road | None, str | None]:
    """The same; or why there is none, unless an order was asked for."""
    try:
        return planned(case, to, order, kind, also), None
    except CaseError as error:
        if order is not None:
            raise
        return None, error.problems[0].what
