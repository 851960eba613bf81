"""What ``stress`` answers: one frozen result, and its stable JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.agreement.packages.draws import Share
from detente.case.schema import Case
from detente.model.result import Result
from detente.sequencing.answer import Step
from detente.uncertainty.answer import (
    HEADLINE,
    BreaksWhen,
    Correlated,
    Failed,
    Flip,
    Influence,
    Influences,
    Interval,
    RobustChoice,
    Standing,
    Verdict,
)
from detente.uncertainty.course.answer import Course
from detente.uncertainty.course.base_rate import BaseRate
from detente.uncertainty.plan import written_order


@dataclass(frozen=True, repr=False)
class StressResult(Result):
    """What could break a package: flips, shares of codings, what decides, what stands.

    Parameters
    ----------
    case
        The case.
    outcome, package
        What is taken as agreed, and how it was asked for.
    samples, seed, design
        Codings judged, what they are drawn from, and how.
    ranges, drivers
        How many numbers with ranges, and how many outside factors, were drawn.
    correlation
        Rank correlation of the numbers within a party, 0 to 1.
    now
        The verdicts at the likely values; None for what was not asked.
    standing
        In what share of codings the package stands, under the stated correlation.
    bounds
        The same with independent and with fully correlated numbers.
    codings
        The same for each coding that was named (overlays, and the case itself); empty where
        there is only one.
    flips
        Number by number where a verdict turns, nearest first.
    influences
        What decides, measure by measure.
    breaks_when
        Simple conditions under which it mostly fails.
    robust
        Which packages stand in the largest share; None if not asked for.
    steps
        The roadmap that was judged; None where there is none.
    course
        How the agreement fares over the years under the hazards of the case; None if not asked.
    failures
        Codings that could not be judged; they are in no share.
    interrupted
        Whether the run was stopped before its end.
    enough
        Whether it stopped early because the interval was narrow enough.
    seconds
        How long it took.
    needs
        What could not be asked, and what it needs.
    definition, remarks
        What the words mean, and what the reader should know.
    past
        How long past agreements lasted, for comparison; None where no file of them is given.
    """

    case: Case
    outcome: Mapping[str, str]
    package: str | None
    samples: int
    seed: int
    design: str
    ranges: int
    drivers: int
    correlation: float
    now: Mapping[Verdict, bool | None]
    standing: Standing
    bounds: Mapping[Correlated, Standing]
    codings: Mapping[str, Standing]
    flips: tuple[Flip, ...]
    influences: tuple[Influences, ...]
    breaks_when: tuple[BreaksWhen, ...]
    robust: RobustChoice | None
    steps: tuple[Step, ...] | None
    course: Course | None
    failures: tuple[Failed, ...]
    interrupted: bool
    enough: bool
    seconds: float
    needs: Mapping[str, str]
    definition: str
    remarks: tuple[str, ...] = ()
    past: BaseRate | None = None

    def to_dict(self) -> dict[str, Any]:
        """The document of ``detente stress --json``, without its envelope."""
        package = {"outcome": dict(self.outcome), **_standing(self.standing)}
        package["bounds"] = {name: _standing(entry) for name, entry in self.bounds.items()}
        package["now"] = dict(self.now)
        document: dict[str, Any] = {
            "definition": self.definition,
            "samples": self.samples,
            "seed": self.seed,
            "design": self.design,
            "ranges": self.ranges,
            "drawn_drivers": self.drivers,
            "correlation": self.correlation,
            "package": package,
            "codings": {name: _standing(entry) for name, entry in self.codings.items()},
            "flips": [_flip(entry) for entry in self.flips],
            "drivers": [
                {"measure": found.measure, **_influence(entry)}
                for found in self.influences
                for entry in found.factors
            ],
            "breaks_when": [_breaks(entry) for entry in self.breaks_when],
            "robust": [],
            "failures": {
                "count": len(self.failures),
                "draws": [
                    {"draw": f.draw, "message": f.message, "inputs": dict(f.inputs)}
                    for f in self.failures
                ],
            },
            "roadmap_steps": None if self.steps is None else written_order(self.steps),
            "interrupted": self.interrupted,
            "enough": self.enough,
            "needs": dict(self.needs),
            "remarks": list(self.remarks),
        }
        if self.robust is not None:
            document |= _robust(self.robust)
        if self.course is not None:
            document["course"] = self.course.to_dict()
        if self.past is not None:
            document["past"] = self.past.to_dict()
        return document


def _standing(entry: Standing) -> dict[str, Any]:
    acceptable = {"all": entry.acceptable, **entry.accepts}
    shares: dict[str, Any] = {
        "acceptable": acceptable,
        "holds": entry.holds or {},
        "stays": entry.stays,
        "enforceable": entry.enforceable,
        "keeps": entry.keeps,
        "roadmap": entry.roadmap,
        "goes_on": entry.goes_on,
        "all_of_it": entry.all_of_it,
    }
    headline = entry.all_of_it or entry.acceptable
    return {
        "samples": entry.samples,
        **{name: _told(found, _point) for name, found in shares.items()},
        "untold": entry.untold,
        "headline": HEADLINE,
        "interval": _ends(headline),
        "intervals": {name: _told(found, _ends) for name, found in shares.items()},
    }


def _told(found: Any, tell: Any) -> Any:
    if isinstance(found, Mapping):
        return {name: tell(entry) for name, entry in found.items()}
    return None if found is None else tell(found)


def _point(entry: Share) -> float:
    return entry.share


def _ends(entry: Share) -> list[float]:
    return [entry.low, entry.high]


def _flip(entry: Flip) -> dict[str, Any]:
    return {
        "number": entry.factor.name,
        "stated": float(entry.factor.number),
        "value": entry.value,
        "verdict": entry.verdict,
        "party": entry.party,
        "stands": entry.stands,
        "above": entry.above,
        "within_range": entry.within_range,
        "package": entry.package,
    }


def _influence(entry: Influence) -> dict[str, Any]:
    return {
        "factor": None if entry.factor is None else entry.factor.name,
        "others": entry.others,
        **_index("first_order", entry.first_order),
        **_index("total", entry.total),
    }


def _index(name: str, found: Interval) -> dict[str, Any]:
    """An index; None where it cannot be told from nothing, with its interval in any case."""
    value = None if found.includes_zero else found.value
    return {name: value, f"{name}_interval": [found.low, found.high]}


def _breaks(entry: BreaksWhen) -> dict[str, Any]:
    return {
        "verdict": entry.verdict,
        "coverage": entry.coverage,
        "density": entry.density,
        "mass": entry.mass,
        "overall": entry.overall,
        "conditions": [
            {"factor": each.factor.name, "low": each.low, "high": each.high}
            for each in entry.conditions
        ],
    }


def _robust(found: RobustChoice) -> dict[str, Any]:
    return {
        "robust": [
            {
                "outcome": dict(entry.outcome),
                "names": list(entry.names),
                "acceptable": entry.acceptable.share,
                "interval": _ends(entry.acceptable),
                "smallest_gain": entry.smallest_gain,
                "greatest_regret": entry.greatest_regret,
                "likely_gain": entry.likely_gain,
            }
            for entry in found.packages
        ],
        "robust_search": {
            "outcomes": found.searched,
            "exact": found.exact,
            "bound": found.bound,
            "ties": found.ties,
            "samples": found.samples,
            "compared": found.compared,
        },
    }
