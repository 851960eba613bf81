"""The order whose weakest moment is strongest, without all that a roadmap tells beside it."""

from __future__ import annotations

from collections.abc import Mapping

from detente.agreement.finding import find_outcome
from detente.case.schema import Case
from detente.sequencing.answer import ModelName
from detente.sequencing.lattice.road import Road, road
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
    setting = _setting(case, to, model)
    if min(entry.end for entry in setting.ends.play().players) < -TOLERANCE:
        return False
    play = setting.play()
    return best_order(play, goal_of_all(play), enough=0.0).value >= -TOLERANCE


def strongest(case: Case, to: str | Mapping[str, str], model: ModelName) -> Road:
    """A road that is one order: of those whose weakest moment is strongest, the first found.

    Raises
    ------
    CaseError
        As :func:`detente.roadmap`.
    """
    setting = _setting(case, to, model)
    play = setting.play()
    return setting.road.along(setting.positions(best_order(play, goal_of_all(play)).steps))


def _setting(case: Case, to: str | Mapping[str, str], model: ModelName) -> Setting:
    found, _ = road(case, find_outcome(case, to), package_named(case, to)[0])
    coding = Coding("", case, found)
    coding.check_scores()
    return Setting(found, (coding,), model)
