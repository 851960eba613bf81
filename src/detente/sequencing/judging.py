"""What an order that was decided on is worth under a coding, without a search."""

from __future__ import annotations

from collections.abc import Mapping

from detente.agreement.finding import find_outcome
from detente.case.schema import Case
from detente.sequencing.answer import Order
from detente.sequencing.lattice.own import Written, parse_order
from detente.sequencing.lattice.road import road
from detente.sequencing.roadmap import model_named, package_named
from detente.sequencing.setting import Coding, Setting


def judge(
    case: Case, to: str | Mapping[str, str], order: Written, *, model: str = "discounted"
) -> Order:
    """All margins of a given order, for one coding: does it hold at every step?

    Parameters
    ----------
    case
        The coding: with a status quo, and scores of at least one signing party.
    to, model
        As for :func:`detente.roadmap`.
    order
        Steps separated by commas, parts of a step by ``+``; or lists of lists.

    Returns
    -------
    Order
        Its ``margin`` is not negative where nobody ever gains by leaving.

    Raises
    ------
    CaseError
        As :func:`detente.roadmap`.

    Notes
    -----
    Cost: the states of the road, for what is allowed, and the margins of one order. To see in what
    share of many codings an order holds, judge it under each.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("commitment")
    >>> round(judge(case, "deal", "embargo,reactor").margin, 9)
    -13.5
    """
    kind = model_named(model)
    target = find_outcome(case, to)
    found, _ = road(case, target, package_named(case, to)[0], at_once=1)
    coding = Coding("", case, found)
    coding.check_scores()
    return Setting(found, (coding,), kind).order(parse_order(found, order), coding)
