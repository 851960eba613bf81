"""Whether any order works, without all that a roadmap tells beside it."""

from __future__ import annotations

from collections.abc import Mapping

from detente.agreement.finding import find_outcome
from detente.case.schema import Case
from detente.sequencing.answer import ModelName
from detente.sequencing.lattice.road import road
from detente.sequencing.roadmap import package_named
from detente.sequencing.search.best_order import TOLERANCE, best_order, goal_of_all
from detente.sequencing.setting import Coding, Setting


def works(case: Case, to: str | Mapping[str, str], model: ModelName) -> bool:
    """Whether some order of steps leaves nobody better off by leaving.

    The verdict of :func:`detente.roadmap`, at a fraction of its cost: the search ends at the first
    order without a negative margin, and is not begun where the end alone, which every order
    shares, has one.

    Raises
    ------
    CaseError
        As :func:`detente.roadmap`.
    """
    found, _ = road(case, find_outcome(case, to), package_named(case, to)[0])
    coding = Coding("", case, found)
    coding.check_scores()
    setting = Setting(found, (coding,), model)
    if min(entry.end for entry in setting.ends.play().players) < -TOLERANCE:
        return False
    play = setting.play()
    return best_order(play, goal_of_all(play), enough=0.0).value >= -TOLERANCE
