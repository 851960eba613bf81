"""A wanted package under a case, and the four questions that are asked of it again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

from detente.agreement.packages.package import PackageView, examine
from detente.case.bargaining import Agreement
from detente.case.errors import CaseError
from detente.case.fields import FrozenDict
from detente.case.implementation import Package
from detente.case.schema import Case
from detente.leverage.answer import Goal, Standing
from detente.model.compilation import Model, compile_case
from detente.model.sentences import listed, say
from detente.model.wording import rule_text
from detente.sequencing.answer import ModelName
from detente.sequencing.changes import fitting
from detente.sequencing.roadmap import roadmap
from detente.sequencing.roadmap_result import RoadmapResult
from detente.sequencing.works import works
from detente.stability.answer import LEAVES, UNKNOWN, Concept, Marks, Prospect
from detente.stability.field import Field, whole
from detente.stability.hold import hold
from detente.stability.hold_result import HoldResult
from detente.verification.verify import verify
from detente.verification.verify_result import VerifyResult

T = TypeVar("T")
NAME = "wanted_package"
"""Under which the package stands in a case that is asked, with its steps and precedence."""

MOST_HELD = 500_000
"""Most states that are compared; beyond, those around the package, which may not tell."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """A package that somebody wants, under one case.

    Parameters
    ----------
    case
        Consent is asked of every signing party, whatever the agreement rule.
    outcome
        The package, complete.
    package
        What the case says of its steps and precedence.
    goals
        What is asked of it.
    concept, model
        The equilibrium that it is to be, and whether the way itself counts.
    """

    case: Case
    outcome: Mapping[str, str]
    package: Package
    goals: tuple[Goal, ...]
    concept: Concept
    model: ModelName
    _of_case: dict[str, Any] = field(default_factory=dict, repr=False)

    def edited(
        self,
        case: Case | None = None,
        outcome: Mapping[str, str] | None = None,
        package: Package | None = None,
    ) -> Wanted:
        """The same with another case, outcome, or other steps."""
        return replace(
            self,
            case=self.case if case is None else case,
            outcome=dict(self.outcome if outcome is None else outcome),
            package=self.package if package is None else package,
            _of_case=self._of_case if case is None else {},
        )

    @property
    def compiled(self) -> Model:
        """The case as the engines see it; compiled once, whatever package is asked about."""
        if "model" not in self._of_case:
            self._of_case["model"] = compile_case(self.case)
        model: Model = self._of_case["model"]
        return model

    @property
    def _verdicts_of_states(self) -> tuple[Field, Mapping[str, Marks]] | None:
        """All states with who stays in each; None where they are too many to hold."""
        if "states" not in self._of_case:
            states = whole(self.compiled, Fraction(0), MOST_HELD)
            told = None if states is None else states.examined(())[0][self.concept]
            self._of_case["states"] = None if states is None or told is None else (states, told)
        found: tuple[Field, Mapping[str, Marks]] | None = self._of_case["states"]
        return found

    @cached_property
    def view(self) -> PackageView:
        """Who accepts it."""
        return examine(self.compiled, self.outcome, None)

    @cached_property
    def _answers(self) -> dict[str, tuple[object, str | None]]:
        return {}

    def _asked(self, name: str, question: Callable[[], T]) -> tuple[T | None, str | None]:
        """An answer, or why there is none; each question is asked once."""
        if name not in self._answers:
            try:
                self._answers[name] = question(), None
            except CaseError as error:
                self._answers[name] = None, error.problems[0].what
        answer, why = self._answers[name]
        return answer, why  # type: ignore[return-value]

    @property
    def verified(self) -> tuple[VerifyResult | None, str | None]:
        """Whether cheating pays; or why that cannot be asked."""
        return self._asked("verify", lambda: verify(self.case, dict(self.outcome)))

    @cached_property
    def placed(self) -> Case:
        """The case with the package under :data:`NAME`, with those of its steps that it allows."""
        kept = fitting(self.package, self.case, self.outcome) or self.package
        stated = kept.model_copy(update={"outcome": FrozenDict(self.outcome), "commitments": ()})
        return self.case.changed(packages=FrozenDict({**self.case.packages, NAME: stated}))

    @property
    def lacking(self) -> tuple[RoadmapResult | None, str | None]:
        """In what order, with what is missing where none works; or why that cannot be asked."""
        return self._asked(
            "missing", lambda: roadmap(self.placed, NAME, model=self.model, alternatives=0)
        )

    @property
    def prospect(self) -> tuple[Prospect | None, str | None]:
        """Whether it would hold; or why that cannot be asked."""
        return self._asked("hold", lambda: self._held().prospects[0])

    def _held(self) -> HoldResult:
        return hold(self.case, dict(self.outcome), most_states=MOST_HELD)

    @cached_property
    def standing(self) -> Standing:
        """The verdicts on all goals."""
        told = {goal: self.verdict(goal) for goal in self.goals}
        return Standing(
            verdicts={goal: verdict for goal, (verdict, _) in told.items()},
            untold={goal: why for goal, (_, why) in told.items() if why is not None},
            refused_by=self.refused_by,
            broken=tuple(entry.index for entry in self.view.broken_rules),
        )

    @property
    def refused_by(self) -> tuple[str, ...]:
        """Signing parties that refuse it."""
        return tuple(name for name in self.case.signing if not self.view.acceptable_to[name])

    def verdict(self, goal: Goal) -> tuple[bool | None, str | None]:
        """One verdict, or None with the reason why it cannot be told."""
        if goal == "acceptable":
            return self.view.acceptable, None
        if self.view.broken_rules:
            return None, self._broken
        if goal == "enforceable":
            verified, why = self.verified
            if verified is None:
                return None, why
            if verified.enforceable is None:
                return None, say("unlock.no_scores")
            return verified.enforceable == "yes", None
        if goal == "roadmap":
            return self._asked("roadmap", lambda: works(self.placed, NAME, self.model))
        holds, why = self._asked("holds", self._equilibrium)
        return holds, self._untold() if holds is None and why is None else why

    def _untold(self) -> str:
        """Why it cannot be told whether it holds."""
        unvalued = set(self.case.parties) - set(self.compiled.position)
        return say("unlock.no_values" if unvalued else "unlock.too_many_states")

    @property
    def _broken(self) -> str:
        """Which rules it breaks, as a phrase."""
        rules = listed(rule_text(self.case, entry.rule) for entry in self.view.broken_rules)
        return say("unlock.rule_broken", count=len(self.view.broken_rules), rules=rules)

    def _equilibrium(self) -> bool | None:
        """Whether nobody leaves the package; None where that cannot be told."""
        found = self._verdicts_of_states
        if found is None:
            prospect, _ = self.prospect
            return None if prospect is None else prospect.equilibrium(self.concept)
        states, marks = found
        place = states.teller.state(self.outcome)
        verdicts = {int(entry[place]) for entry in marks.values()}
        return False if LEAVES in verdicts else None if UNKNOWN in verdicts else True

    def meets(self, goals: tuple[Goal, ...]) -> bool:
        """Whether all of some verdicts are yes; the cheapest questions first."""
        return all(self.verdict(goal)[0] for goal in goals)


def wanted(
    case: Case,
    outcome: Mapping[str, str],
    package: Package | None,
    *,
    goals: tuple[Goal, ...],
    concept: Concept,
    model: ModelName,
) -> Wanted:
    """What is asked about, with the consent of every signing party."""
    stated = package or Package(outcome=FrozenDict(outcome))
    everyone = case.changed(agreement=Agreement())
    return Wanted(everyone, dict(outcome), stated, goals, concept, model)
