"""What is asked about a package, under the case itself and every other coding of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente.agreement.finding import find_outcome
from detente.case.consistency import require_allowed
from detente.case.schema import Case
from detente.model.problem import Booleans, Floats
from detente.sequencing.lattice.own import Written
from detente.sequencing.roadmap import model_named
from detente.sequencing.setting import steps_of
from detente.sequencing.variants import Variants, variants
from detente.uncertainty.answer import VERDICTS, Factor, Flip, Verdict
from detente.uncertainty.codings import factors, ranged
from detente.uncertainty.draws import Draws, drawn_from
from detente.uncertainty.evaluation.part import Column
from detente.uncertainty.flips import Key, flips, nearest_first
from detente.uncertainty.package import Asked
from detente.uncertainty.plan import attempted, written_order
from detente.uncertainty.sampling.correlation import DEFAULT, Correlation, RankTable
from detente.uncertainty.standing import of_parties, verdicts

COARSELY = (3, 12)
"""Values tried on each side of a number, and halvings, for whether the package holds: it takes
longest to tell."""


@dataclass(frozen=True, eq=False)
class Asking:
    """A package under several codings.

    Parameters
    ----------
    outcome
        The package, complete.
    names
        Of the codings; empty for the case itself, which is the first.
    asked
        It under each of them.
    missing
        What cannot be asked, and why: ``roadmap``, ``holds``.
    """

    outcome: Mapping[str, str]
    names: tuple[str, ...]
    asked: tuple[Asked, ...]
    missing: Mapping[Verdict, str]

    @property
    def first(self) -> Asked:
        """The case itself."""
        return self.asked[0]

    @property
    def cases(self) -> tuple[Case, ...]:
        """The case itself, then the others."""
        return tuple(entry.case for entry in self.asked)

    @property
    def numbers(self) -> tuple[tuple[Factor, ...], ...]:
        """All numbers of each."""
        return tuple(entry.factors for entry in self.asked)

    @cached_property
    def drawn(self) -> tuple[Factor, ...]:
        """The numbers that are drawn."""
        return drawn_from([ranged(found) for found in self.numbers])

    @property
    def drivers(self) -> int:
        """How many of them are outside factors."""
        return sum(factor.kind == "driver" for factor in self.drawn)

    @property
    def certain(self) -> bool:
        """Whether there is only one coding."""
        return not self.drawn and len(self.asked) == 1

    @property
    def order(self) -> list[list[str]]:
        """The roadmap as it would be written."""
        road = self.first.road
        return [] if road is None else written_order(steps_of(road))

    def draws(self, design: str, seed: int, given: float | RankTable) -> Draws:
        """The codings, by the correlation within a party or a table of correlations."""
        groups = tuple(factor.party for factor in self.drawn)
        rho, table = (DEFAULT, given) if isinstance(given, RankTable) else (given, None)
        correlation = Correlation(groups, rho, table)
        return Draws(self.drawn, design, seed, correlation, len(self.asked))

    @cached_property
    def now(self) -> dict[Verdict, bool | None]:
        """The verdicts of the case itself at the likely values; None for what is not asked."""
        numbers = ranged(self.first.factors)
        likely = {entry.name: np.array([float(entry.number)]) for entry in numbers}
        found = verdicts(self.first.columns(likely, 1), self.first.case)
        now = {name: bool(found[name][0]) if name in found else None for name in VERDICTS}
        if self.first.holds and now["holds"] is None and now["all_of_it"]:
            now["all_of_it"] = None
        return now

    def flips(self) -> tuple[Flip, ...]:
        """Number by number where a verdict on the case itself turns."""
        first = self.first
        found: list[Flip] = []
        without = replace(first, holds=False)
        found += flips(first.factors, _judge(without, "accepts", "keeps", "goes on"))
        if first.holds:
            alone = replace(first, enforced=False, road=None)
            found += flips(
                [f for f in first.factors if _prefers(f)], _judge(alone, "stays"), *COARSELY
            )
        return nearest_first(found)


def asking(
    case: Case,
    outcome: str | Mapping[str, str],
    codings: Variants,
    order: Written | None,
    model: str,
    *,
    holds: bool,
) -> Asking:
    """What to ask.

    Raises
    ------
    CaseError
        As :func:`detente.stress`.
    """
    kind = model_named(model)
    target = find_outcome(case, outcome)
    require_allowed(case, target, "outcome")
    others = variants(case, codings)
    names = ("", *(name for name, _ in others))
    cases = (case, *(entry for _, entry in others))
    road, no_road = attempted(case, outcome, order, kind, cases[1:])
    asked = tuple(
        Asked(entry, factors(entry), target, road, kind, holds, entry.status_quo is not None)
        for entry in cases
    )
    no_holds = next((why for entry in asked if holds and (why := entry.cannot_hold())), None)
    if no_holds is not None:
        asked = tuple(replace(entry, holds=False) for entry in asked)
    missing: dict[Verdict, str | None] = {"roadmap": no_road, "holds": no_holds}
    return Asking(target, names, asked, {name: why for name, why in missing.items() if why})


class _Judge:
    """The verdicts on a package and on single parties, from the values of some numbers."""

    def __init__(self, asked: Asked, wanted: tuple[str, ...]) -> None:
        self.asked, self.wanted = asked, wanted

    def __call__(self, values: Mapping[str, Floats], codings: int) -> dict[Key, Booleans]:
        found: Mapping[str, Column] = self.asked.columns(values, codings)
        known = verdicts(found, self.asked.case, told=False)
        out: dict[Key, Booleans] = {}
        for what in self.wanted:
            verdict = _OF[what]
            if verdict in known:
                out[verdict, None] = known[verdict]
            for party, column in of_parties(found, what, told=False).items():
                if party in self.asked.case.signing or what == "stays":
                    out[verdict, party] = column
        return out


_OF: Mapping[str, Verdict] = {
    "accepts": "acceptable",
    "stays": "holds",
    "keeps": "enforceable",
    "goes on": "roadmap",
}


def _judge(asked: Asked, *wanted: str) -> _Judge:
    return _Judge(asked, wanted)


def _prefers(factor: Factor) -> bool:
    """Whether what a party prefers may rest on a number."""
    return factor.path[0] in ("values", "drivers")
