"""Random small cases with a target to be reached in steps, for ``roadmap``.

Those of :mod:`cheating_cases` with durations, rules, transitions, measures and guarantees as
steps, precedence, and parties that do not sign.
"""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

import detente
from cheating_cases import cheating_cases, points
from detente.case import Case
from lattice_by_definition import Lattice
from roads_by_definition import Roads
from strategies import statements

MOST_ORDERS = 150
"""Most orders that are enumerated."""


@st.composite
def road_cases(
    draw: st.DrawFn,
    *,
    lags: tuple[int, ...] = (0,),
    takes: bool = True,
    bystanders: bool = True,
    **options: Any,
) -> dict[str, Any]:
    """A case with a package ``deal`` that changes something."""
    case, agreed = draw(cheating_cases(most_parties=3, most_measures=2, lags=lags, **options))
    parties, issues = list(case["parties"]), case["issues"]
    if draw(st.booleans()):
        _more(draw, case, agreed)
    for name, entry in issues.items():
        words, today = entry["options"], case["status_quo"][name]
        if agreed[name] == today and draw(st.integers(0, 3)):
            agreed[name] = words[0] if today == words[-1] else words[-1]
        if takes and draw(st.integers(0, 3)) == 0:
            periods = st.integers(0, 3)
            each = {word: draw(periods) for word in words[1:]}
            entry["takes"] = draw(st.sampled_from([each, max(1, draw(periods))]))
        if draw(st.integers(0, 7)) == 0:
            entry["transitions"] = {today: [draw(st.sampled_from(words))]}
    spoken = {n: entry["options"] for n, entry in issues.items() if entry.get("ordered", True)}
    case["rules"] = [
        {"never": statement.text}
        for statement in draw(st.lists(statements(spoken, 1), max_size=2))
        if not statement.holds(case["status_quo"]) and not statement.holds(agreed)
    ]
    if draw(st.booleans()):  # worse off without a deal, so that some order may hold
        for entry in case["parties"].values():
            entry["walk_away"] = draw(st.integers(-90, -30))
    if bystanders and len(parties) > 1 and draw(st.integers(0, 3)) == 0:
        case["parties"][parties[-1]]["signs"] = False
    loaded = detente.load(case)
    checks = loaded.verification
    able = [name for name in (checks.measures if checks else ()) if loaded.allows(name, agreed)]
    steps = draw(st.lists(st.sampled_from([*able, *case["guarantees"], ""]), max_size=2))
    steps = [name for name in dict.fromkeys(steps) if name]
    names = draw(st.permutations([*issues, *steps]))
    pair = [list(names[:2])] * (len(names) > 1 and draw(st.integers(0, 2)) == 0)
    case["packages"] = {"deal": {"outcome": agreed, "steps": steps, "before": pair}}
    return case


def _more(draw: st.DrawFn, case: dict[str, Any], agreed: dict[str, str]) -> None:
    """A further issue that everybody can see."""
    parties = list(case["parties"])
    case["issues"]["embargo"] = {
        "options": ["full", "lifted"],
        "control": parties[-1],
        "undo": draw(st.sampled_from([0, 1, 4, "never"])),
        "covert": False,
    }
    case["status_quo"]["embargo"], agreed["embargo"] = "full", "lifted"
    for values in case["values"].values():
        values["scores"]["embargo"] = {"full": draw(points), "lifted": draw(points)}


def loaded_with_roads(
    drawn: dict[str, Any], *, model: str = "discounted", most: int = MOST_ORDERS
) -> tuple[Case, Roads]:
    """The case, and what the definitions say of it; as many parts at once as can be listed."""
    case = detente.load(drawn)
    package = case.packages["deal"]
    assert case.status_quo is not None
    assume(dict(package.outcome) != dict(case.status_quo))
    lattice = Lattice(case, package.outcome, package)
    for at_once in (None, 2, 1):
        lattice = Lattice(case, package.outcome, package, at_once=at_once)
        if lattice.count <= most:
            break
    assume(0 < lattice.count <= most)
    return case, Roads(case, package.outcome, package, model=model, lattice=lattice)
