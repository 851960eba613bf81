"""Asking all questions of a case, for the packages that a brief carries through its sections."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

from detente.agreement.agree import agree
from detente.agreement.answer import AgreeResult
from detente.agreement.concerns import concerns
from detente.agreement.definitions import SOLUTIONS
from detente.agreement.packages.package import PackageView, examine
from detente.case.errors import CaseError, Problem, unknown
from detente.case.provenance import numbers
from detente.case.schema import Case
from detente.commitments.draft import draft
from detente.commitments.text import packages_with_text
from detente.commitments.track import track
from detente.commitments.track_result import TrackResult
from detente.model.compilation import Model, compile_case
from detente.model.draws import varies
from detente.model.sentences import say
from detente.model.walk import Progress
from detente.sequencing.roadmap import roadmap
from detente.sequencing.roadmap_result import RoadmapResult
from detente.stability.hold import hold
from detente.stability.hold_result import HoldResult
from detente.uncertainty.answer import Standing
from detente.uncertainty.following import require_years
from detente.uncertainty.plan import written_order
from detente.uncertainty.stress import stress
from detente.uncertainty.stress_result import StressResult
from detente.verification.verify import verify
from detente.verification.verify_result import VerifyResult
from detente.views.brief.beside import LARGE, Ask, Further, beside, further
from detente.views.brief.context import MEDIATOR, QUESTIONS, Context, Question, Shown
from detente.views.brief.unlocking import with_unlocks
from detente.views.packages import select, selected, whole_packages

DRAWN = 20_000
"""Most efficient packages that are drawn."""
CODINGS = 1024
"""Codings that are drawn of every package."""
YEARS = 10.0
"""For how long the main package is followed, where nobody says and the case states any hazard."""

Answer = TypeVar("Answer")


def gather(
    case: Case,
    *,
    packages: Iterable[str] | None = None,
    questions: Collection[Question] = QUESTIONS,
    audience: str | None = None,
    recommend: str | None = None,
    years: float = YEARS,
    progress: Progress | None = None,
) -> Context:
    """Ask all questions of a case.

    Parameters
    ----------
    case
        Any case.
    packages
        Those to carry, the main one first; chosen as :func:`~detente.views.packages.select`
        does if left out.
    questions
        What to ask of every package that is carried; what is left out has no answers.
    audience, recommend, years, progress
        As for :func:`detente.brief`.

    Raises
    ------
    CaseError
        Where the audience is no party, the rule or a package is unknown, or the years are none.
    TooLarge
        Where a question meets a limit.
    """
    _refuse(case, audience, recommend, years)
    written = [packages] if isinstance(packages, str) else packages
    model = compile_case(case)
    found = agree(case, listed=DRAWN, progress=progress)
    named = {name: examine(model, outcome, None) for name, outcome in whole_packages(case).items()}
    shown = _carried(model, found, named, written, recommend)
    asking = _Asking(case, shown, questions, recommend, asked_for=written is not None)
    main = asking.main()
    with beside(large=found.total >= LARGE) as ask:
        others = asking.others(main, ask)
        stressed = asking.stress(main, _followed(case, main, asking.roads, years))
        holds = asking.holds(main)
        asking.verify()
        others()
        context = Context(
            case=case,
            audience=audience,
            recommend=recommend,
            concerns=concerns(case),
            agree=found,
            packages=shown,
            asked_for=asking.asked_for,
            named=named,
            drafts={name: draft(case, name) for name in packages_with_text(case) if name in named},
            records=_records(case),
            verifications=asking.verifications,
            roads=asking.in_order(asking.roads) if "roadmap" in questions else {},
            main=main,
            holds=holds,
            standings=asking.in_order(asking.standings),
            stress=stressed,
            unlocks={},
            unasked=asking.unasked,
        )
        return with_unlocks(context, ask) if "unlock" in questions else context


def _refuse(case: Case, audience: str | None, recommend: str | None, years: float) -> None:
    if audience is not None and audience not in (*case.parties, MEDIATOR):
        raise CaseError(Problem(*unknown("audience", audience, [*case.parties, MEDIATOR])))
    if recommend is not None and recommend not in SOLUTIONS:
        raise CaseError(Problem(*unknown("rule", recommend, list(SOLUTIONS))))
    if years:
        require_years(case, years)


def _carried(
    model: Model,
    found: AgreeResult,
    named: dict[str, PackageView],
    written: Iterable[str] | None,
    recommend: str | None,
) -> tuple[Shown, ...]:
    """The packages that were asked for, or three to five unlike ones, each with its verdict."""
    if written is None:
        signable = [name for name, view in named.items() if view.acceptable]
        chosen = select(model.case, found, signable, recommend)
    else:
        chosen = selected(model.case, found, list(written))
    return tuple(
        Shown(
            entry,
            named[entry.package] if entry.package else examine(model, entry.outcome, None),
        )
        for entry in chosen
    )


@dataclass
class _Asking:
    """What is asked of every package that is carried, and why it could not be."""

    case: Case
    packages: Sequence[Shown]
    questions: Collection[Question]
    recommend: str | None
    asked_for: bool
    verifications: dict[str, VerifyResult] = field(default_factory=dict)
    roads: dict[str, RoadmapResult] = field(default_factory=dict)
    standings: dict[str, Standing] = field(default_factory=dict)
    unasked: dict[Question, dict[str, str]] = field(
        default_factory=lambda: {question: {} for question in QUESTIONS}
    )

    def main(self) -> Shown | None:
        """The first one if it was asked for; else the first with a road that could be signed.

        Before all others comes the one that is recommended. It is the same whatever is asked, as
        long as anything is.
        """
        candidates = list(self.packages[:1]) if self.asked_for else self._signable()
        first = next(iter((*candidates, *self.packages)), None)
        if first is None or not self.questions:
            return first
        for shown in candidates or [first]:
            if self._road(shown):
                return shown
        return first

    def others(self, main: Shown | None, ask: Ask) -> Callable[[], None]:
        """Ask of all others in what order, and in what share of codings they stand.

        What is returned waits for the answers.
        """
        asked = {"roadmap", "stress"} & set(self.questions)
        open_ = [s for s in self.packages if asked and s is not main and not self._barred(s)]
        codings = 0 if self._no_codings or "stress" not in asked else CODINGS
        calls = [(self.case, s.selected.to, self.roads.get(s.letter), codings) for s in open_]
        collect = ask(further, calls)
        for shown in self.packages:
            if why := self._barred(shown):
                self.unasked["roadmap"][shown.letter] = self.unasked["stress"][shown.letter] = why
            if why := self._no_codings:
                self.unasked["stress"].setdefault(shown.letter, why)
        return lambda: self._take(open_, collect())

    def _take(self, packages: Sequence[Shown], answers: Sequence[Further]) -> None:
        for shown, found in zip(packages, answers, strict=True):
            letter = shown.letter
            if found.road is not None:
                self.roads[letter] = replace(found.road, case=self.case)
            else:
                self.unasked["roadmap"][letter] = found.no_road
            if found.standing is not None:
                self.standings[letter] = found.standing
            elif found.no_standing:
                self.unasked["stress"][letter] = found.no_standing

    def in_order(self, answers: Mapping[str, Answer]) -> dict[str, Answer]:
        """Answers by letter, in the order of the packages."""
        return {s.letter: answers[s.letter] for s in self.packages if s.letter in answers}

    def holds(self, main: Shown | None) -> tuple[HoldResult, ...]:
        """All that can be asked about at once, and every package that is not among it."""
        found: list[HoldResult] = []
        if "hold" not in self.questions:
            return ()
        with suppress(CaseError):  # nothing to ask about, or too much
            found.append(hold(self.case))
        known = [dict(entry.outcome) for result in found for entry in result.prospects]
        first = [main] if main is not None else []
        for shown in (*first, *(other for other in self.packages if other is not main)):
            if dict(shown.view.outcome) in known:
                continue
            if why := self._barred(shown):
                self.unasked["hold"][shown.letter] = why
                continue
            try:
                found.append(hold(self.case, shown.view.outcome))
            except CaseError as error:
                self.unasked["hold"][shown.letter] = error.problems[0].what
        return tuple(found)

    def stress(self, main: Shown | None, years: float | None) -> StressResult | None:
        """What could break the main one."""
        asked = "stress" in self.questions
        if not asked or main is None or self._barred(main) or self._no_codings:
            return None
        road = self.roads.get(main.letter)
        order = None if road is None else written_order(road.best.steps)
        try:
            found = stress(
                self.case,
                main.selected.to,
                samples=CODINGS,
                order=order,
                years=years,
                workers=1,
            )
        except CaseError:  # a number outside its domain, which is not for everybody
            self.unasked["stress"][main.letter] = say("brief.unasked.stress")
            return None
        self.standings[main.letter] = found.standing
        return found

    @cached_property
    def _no_codings(self) -> str:
        """Why there is only one coding, or nothing to ask of any."""
        if not self.case.values:
            return say("brief.unasked.values")
        ranged = any(varies(number) for _, number in numbers(self.case))
        return "" if ranged or self.case.drivers else say("brief.unasked.ranges")

    def _signable(self) -> list[Shown]:
        """Packages that could be signed; before them the one that is recommended."""
        advised = {s.letter for s in self.packages if self.recommend in s.selected.rules}
        asked = [s for s in self.packages if s.view.acceptable or s.letter in advised]
        return sorted(asked, key=lambda shown: shown.letter not in advised)

    def _barred(self, shown: Shown) -> str:
        """Why nothing can be asked about a package."""
        return say("brief.unasked.rules") if shown.view.broken_rules else ""

    def _road(self, shown: Shown) -> bool:
        """Ask in what order, with what would help and another order."""
        why = self._barred(shown)
        try:
            if not why:
                self.roads[shown.letter] = roadmap(self.case, shown.selected.to, alternatives=1)
        except CaseError as error:  # no scores, no status quo, nothing to do, or too much
            why = error.problems[0].what
        if why:
            self.unasked["roadmap"][shown.letter] = why
        return not why

    def verify(self) -> None:
        """Ask of all of them whether cheating would pay."""
        for shown in self.packages if "verify" in self.questions else ():
            self._verification(shown)

    def _verification(self, shown: Shown) -> None:
        case, why = self.case, self._barred(shown)
        if case.status_quo is None:
            why = why or say("brief.unasked.status_quo")
        elif not (case.verification or case.violations):
            why = why or say("brief.unasked.cheating")
        if why:
            self.unasked["verify"][shown.letter] = why
            return
        self.verifications[shown.letter] = verify(case, shown.selected.to)


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


def _followed(
    case: Case, main: Shown | None, roads: dict[str, RoadmapResult], years: float
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
