"""What all sections of a brief share: results, the packages shown, and who may see what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from detente.agreement.answer import AgreeResult
from detente.agreement.concerns import ConcernsResult
from detente.agreement.packages.package import PackageView
from detente.case.schema import Case
from detente.commitments.draft_result import DraftResult
from detente.commitments.track_result import TrackResult
from detente.leverage.unlock_result import UnlockResult
from detente.sequencing.roadmap_result import RoadmapResult
from detente.stability.hold_result import HoldResult
from detente.uncertainty.answer import Standing
from detente.uncertainty.stress_result import StressResult
from detente.verification.verify_result import VerifyResult
from detente.views.packages import Selected
from detente.views.theme import Identity, identities

MEDIATOR = "mediator"
Question = Literal["verify", "roadmap", "hold", "stress", "unlock"]
"""What is asked of every package that is carried."""
QUESTIONS: tuple[Question, ...] = ("verify", "roadmap", "hold", "stress", "unlock")


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
    asked_for
        Whether somebody named them, rather than the rule that picks unlike ones.
    named
        Verdicts on every named package of the case that is a complete outcome.
    drafts
        Whether the texts behind such packages are fit to sign.
    records
        Who keeps what of the texts whose keeping is reported, all on the same day.
    verifications
        By the letter of their package: whether cheating would pay.
    roads
        By the same letters: in what order to carry them out.
    main
        The package that a section speaks of where it speaks of one; None without packages.
    holds
        Whether today's state, the named packages and those that are carried would hold. Empty
        where there is nothing to ask about.
    standings
        By the same letters: in what share of codings they stand.
    stress
        What could break the main package; None where no number of the case may be another, or
        nothing is valued.
    unlocks
        By the same letters: what it would take, of those that miss something of what can be told.
    unasked
        By question and letter, why a package could not be asked about.
    """

    case: Case
    audience: str | None
    recommend: str | None
    concerns: ConcernsResult
    agree: AgreeResult
    packages: tuple[Shown, ...]
    asked_for: bool
    named: Mapping[str, PackageView]
    drafts: Mapping[str, DraftResult]
    records: Mapping[str, TrackResult]
    verifications: Mapping[str, VerifyResult]
    roads: Mapping[str, RoadmapResult]
    main: Shown | None
    holds: tuple[HoldResult, ...]
    standings: Mapping[str, Standing]
    stress: StressResult | None
    unlocks: Mapping[str, UnlockResult]
    unasked: Mapping[Question, Mapping[str, str]]

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
