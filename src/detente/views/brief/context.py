"""What all sections of a brief share: results, the packages shown, and who may see what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from detente.agreement.agree import agree
from detente.agreement.answer import AgreeResult
from detente.agreement.concerns import ConcernsResult, concerns
from detente.agreement.definitions import SOLUTIONS
from detente.agreement.packages.package import PackageView, examine
from detente.case.errors import CaseError, Problem, unknown
from detente.case.provenance import numbers
from detente.case.schema import Case
from detente.commitments.draft import draft
from detente.commitments.draft_result import DraftResult
from detente.commitments.text import packages_with_text
from detente.commitments.track import track
from detente.commitments.track_result import TrackResult
from detente.model.compilation import compile_case
from detente.model.draws import varies
from detente.model.walk import Progress
from detente.sequencing.roadmap import roadmap
from detente.sequencing.roadmap_result import RoadmapResult
from detente.stability.hold import hold
from detente.stability.hold_result import HoldResult
from detente.uncertainty.following import require_years
from detente.uncertainty.stress import stress
from detente.uncertainty.stress_result import StressResult
from detente.verification.verify import verify
from detente.verification.verify_result import VerifyResult
from detente.views.packages import Selected, select, whole_packages
from detente.views.theme import Identity, identities

MEDIATOR = "mediator"
DRAWN = 20_000
"""Most efficient packages that are drawn."""
VERIFIED = 3
"""Most packages whose verification is examined."""
PLANNED = 1
"""Most packages that are planned step by step."""
CODINGS = 1024
"""Codings that are drawn of the main package."""
YEARS = 10.0
"""For how long it is followed, where nobody says and the case states any hazard."""


@dataclass(frozen=True)
class Shown:
    """A selected package with its verdict."""

    selected: Selected
    view: PackageView

    @property
    def letter(self) -> str:
        """What it is called in charts and narrow tables."""
        return self.selected.letter

    @property
    def name(self) -> str:
        """What it is called everywhere else."""
        return self.selected.name


@dataclass(frozen=True)
class Context:
    """What all sections share.

    Parameters
    ----------
    case
        The case.
    audience
        A party, ``mediator``, or None: whose private numbers may be shown.
    recommend
        The rule that was asked for a recommendation, if any.
    concerns, agree
        The answers to the questions.
    packages
        The few packages that all sections carry.
    named
        Verdicts on every named package of the case that is a complete outcome.
    drafts
        Whether the texts behind such packages are fit to sign.
    records
        Who keeps what of the texts whose keeping is reported, all on the same day.
    verifications
        By the letter of their package: whether cheating on those that could be signed or are
        recommended would pay.
    roads
        By the same letters, where it can be said: in what order to carry them out.
    main
        The package that a section speaks of where it speaks of one: that of the road, else the
        first that could be signed, else the first; None without packages.
    holds
        Whether today's state and the named packages would hold; and the main package, where it
        is none of them. Empty where there is nothing to ask about.
    stress
        What could break the main package; None where no number of the case may be another, or
        nothing is valued.
    """

    case: Case
    audience: str | None
    recommend: str | None
    concerns: ConcernsResult
    agree: AgreeResult
    packages: tuple[Shown, ...]
    named: Mapping[str, PackageView]
    drafts: Mapping[str, DraftResult]
    records: Mapping[str, TrackResult]
    verifications: Mapping[str, VerifyResult]
    roads: Mapping[str, RoadmapResult]
    main: Shown | None
    holds: tuple[HoldResult, ...]
    stress: StressResult | None

    @cached_property
    def identities(self) -> Mapping[str, Identity]:
        """Colour and mark of every party and faction."""
        return identities(self.case)

    def open_to(self, name: str) -> bool:
        """Whether the walk-away, weights and margins of a party or faction may be shown."""
        return self.audience == MEDIATOR or name.split(".", 1)[0] == self.audience

    @cached_property
    def unsigned(self) -> tuple[str, ...]:
        """Parties that are affected and do not sign."""
        return tuple(name for name in self.case.parties if name not in self.case.signing)

    @cached_property
    def cited(self) -> Mapping[str, int]:
        """Sources that concerns cite, numbered in the order of the concerns."""
        keys = [key for row in self.concerns.rows for key in row.concern.source]
        return {key: number for number, key in enumerate(dict.fromkeys(keys), start=1)}


def gather(
    case: Case,
    *,
    audience: str | None = None,
    recommend: str | None = None,
    years: float = YEARS,
    progress: Progress | None = None,
) -> Context:
    """Ask all questions of a case.

    Raises
    ------
    CaseError
        Where the audience is no party, the rule is unknown, or the years are none.
    TooLarge
        Where a question meets a limit.
    """
    if audience is not None and audience not in (*case.parties, MEDIATOR):
        raise CaseError(Problem(*unknown("audience", audience, [*case.parties, MEDIATOR])))
    if recommend is not None and recommend not in SOLUTIONS:
        raise CaseError(Problem(*unknown("rule", recommend, list(SOLUTIONS))))
    if years:
        require_years(case, years)
    model = compile_case(case)
    found = agree(case, listed=DRAWN, progress=progress)
    named = {name: examine(model, outcome, None) for name, outcome in whole_packages(case).items()}
    signable = [name for name, view in named.items() if view.acceptable]
    shown = tuple(
        Shown(
            entry,
            named[entry.package] if entry.package else examine(model, entry.outcome, None),
        )
        for entry in select(case, found, signable, recommend)
    )
    roads = _roads(case, shown, recommend)
    main = _main(shown, recommend, roads)
    drafts = {name: draft(case, name) for name in packages_with_text(case) if name in named}
    return Context(
        case=case,
        audience=audience,
        recommend=recommend,
        concerns=concerns(case),
        agree=found,
        packages=shown,
        named=named,
        drafts=drafts,
        records=_records(case),
        verifications=_verifications(case, shown, recommend),
        roads=roads,
        main=main,
        holds=_holds(case, main),
        stress=_stress(case, main, _followed(case, main, roads, years)),
    )


def _records(case: Case) -> dict[str, TrackResult]:
    """Texts with reports, on the date of the case or that of the latest report if it is later."""
    reported = {
        name: max(days)
        for name in packages_with_text(case)
        if (days := [s.date for entry in case.packages[name].commitments for s in entry.status])
    }
    if not reported:
        return {}
    on = max([*reported.values(), *([case.as_of] if case.as_of else [])])
    return {name: track(case, name, on) for name in reported}


def _verifications(
    case: Case, packages: Sequence[Shown], recommend: str | None
) -> dict[str, VerifyResult]:
    """The first packages that could be signed; before them the one that is recommended."""
    if case.status_quo is None or not (case.verification or case.violations):
        return {}
    return {
        shown.letter: verify(case, shown.selected.package or shown.view.outcome)
        for shown in _signable(packages, recommend)[:VERIFIED]
    }


def _roads(
    case: Case, packages: Sequence[Shown], recommend: str | None
) -> dict[str, RoadmapResult]:
    """The order of the first of the same packages that has one to be asked for."""
    found: dict[str, RoadmapResult] = {}
    for shown in _signable(packages, recommend):
        if len(found) == PLANNED:
            break
        with suppress(CaseError):  # no scores, no status quo, nothing to do, or too much
            to = shown.selected.package or shown.view.outcome
            found[shown.letter] = roadmap(case, to, alternatives=1)
    return found


def _main(
    packages: Sequence[Shown], recommend: str | None, roads: Mapping[str, RoadmapResult]
) -> Shown | None:
    """The package of the road, else the first that could be signed or is recommended, else any."""
    planned = (shown for shown in packages if shown.letter in roads)
    return next(iter((*planned, *_signable(packages, recommend), *packages)), None)


def _holds(case: Case, main: Shown | None) -> tuple[HoldResult, ...]:
    """All that can be asked about at once, and the main package where that is not among it."""
    found = []
    with suppress(CaseError):  # nothing to ask about, or too much
        found.append(hold(case))
    if main is not None and main.selected.package is None:
        with suppress(CaseError):
            found.append(hold(case, main.view.outcome))
    return tuple(found)


def _followed(
    case: Case, main: Shown | None, roads: Mapping[str, RoadmapResult], years: float
) -> float | None:
    """For how long the main package is followed: where it has a road, and something can happen."""
    signing = case.signing
    stated = case.verification
    happens = (
        any(case.parties[party].turnover is not None for party in signing)
        or any(party in driver.hazards for driver in case.drivers.values() for party in signing)
        or (
            stated is not None
            and any(measure.false_alarm is not None for measure in stated.measures.values())
        )
    )
    return years if years and happens and main is not None and main.letter in roads else None


def _stress(case: Case, main: Shown | None, years: float | None) -> StressResult | None:
    """What could break the main package, where its numbers may be others."""
    ranged = any(varies(number) for _, number in numbers(case))
    if main is None or not case.values or not (ranged or case.drivers):
        return None
    with suppress(CaseError):  # a number outside its domain, or too much
        to = main.selected.package or main.view.outcome
        return stress(case, to, samples=CODINGS, years=years, workers=1)
    return None


def _signable(packages: Sequence[Shown], recommend: str | None) -> list[Shown]:
    """Packages that could be signed; before them the one that is recommended."""
    advised = {shown.letter for shown in packages if recommend in shown.selected.rules}
    asked = [shown for shown in packages if shown.view.acceptable or shown.letter in advised]
    return sorted(asked, key=lambda shown: shown.letter not in advised)
