"""What following a course of events finds out: the parts of its answer, all frozen.

A *history* is one coding followed through time. Shares are shares of histories under the hazards
that the case states: statements about judgements, not about the future.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Literal

from detente.agreement.packages.draws import Share
from detente.model.problem import Booleans, Integers
from detente.uncertainty.course.survival import Curve

METHOD = (
    "each history is one coding of the case, taken as agreed, also where not all accept it, and "
    "followed period by period along the roadmap and after it. Only what the case gives a chance "
    "to occurs: governments change, events befall parties, alarms are false, outside factors move "
    "from where they are in that coding. Hazards and paths with a range are drawn from it, each "
    "by itself. The parties that sign decide anew at the beginning of each step and once a year "
    "after the last one: whoever then does better by deviating does, openly (the agreement ends) "
    "or in secret (it goes on until it is found, and what is withheld in secret counts as done). "
    "The margins by which they decide count one chance of a false alarm for each step of the "
    "road, and one for each period after it; in a history alarms are drawn in every period. An "
    "event that befalls a party that signs ends the agreement. Counter-moves, on which holding "
    "rests, are not in it. The shares are shares of histories under these judgements; they say "
    "nothing about how it will be"
)
"""What the shares mean, as results state it."""
CauseKind = Literal["leaves", "found", "prize", "event", "false alarm"]
"""A party leaves openly, is found deviating in secret, reaches the prize of a dash unseen, is
struck by the event of an outside factor, or an alarm is false."""
Happening = Literal[
    "finishes the road",
    "deviates in secret",
    "is found out",
    "changes its government",
    "false alarm",
]
"""What may happen before the end; the middle three to a party. Whoever is found out where that
ends the agreement is among the causes instead."""


@dataclass(frozen=True)
class Cause:
    """Why an agreement ends.

    Parameters
    ----------
    kind
        In which way.
    party
        Who leaves, is found or is struck; None for a false alarm, which is nobody's fault.
    what
        The deviation, or the outside factor; None for a false alarm.
    """

    kind: CauseKind
    party: str | None
    what: str | None


@dataclass(frozen=True)
class CauseCount:
    """How many histories end for a cause, in each year; the first year includes the start."""

    cause: Cause
    by_year: tuple[int, ...]

    @property
    def count(self) -> int:
        """In all years."""
        return sum(self.by_year)


@dataclass(frozen=True)
class Given:
    """Which hazards the case states; what it does not state does not occur.

    Parameters
    ----------
    turnover, no_turnover
        Signing parties with and without a stated chance that the government changes.
    events
        Outside factor and party of every stated event.
    unbound
        Events that are stated of parties that do not sign; they end nothing.
    no_events
        Outside factors without any.
    paths, no_paths
        Outside factors that move, and those that stay.
    false_alarms
        Whether any measure states how often it raises one.
    """

    turnover: tuple[str, ...]
    no_turnover: tuple[str, ...]
    events: tuple[tuple[str, str], ...]
    unbound: tuple[tuple[str, str], ...]
    no_events: tuple[str, ...]
    paths: tuple[str, ...]
    no_paths: tuple[str, ...]
    false_alarms: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain lists."""
        return {
            "turnover": list(self.turnover),
            "no_turnover": list(self.no_turnover),
            "events": [{"driver": driver, "party": party} for driver, party in self.events],
            "unbound": [{"driver": driver, "party": party} for driver, party in self.unbound],
            "no_events": list(self.no_events),
            "paths": list(self.paths),
            "no_paths": list(self.no_paths),
            "false_alarms": self.false_alarms,
        }


@dataclass(frozen=True)
class Passage:
    """In how many histories something happens while the agreement stands, by its first time.

    Parameters
    ----------
    what, party
        What happens, and to whom.
    by_year
        In how many histories for the first time in each year; the first year includes the start.
    samples
        Histories, those that had ended before included.
    """

    what: Happening
    party: str | None
    by_year: tuple[int, ...]
    samples: int

    @property
    def count(self) -> int:
        """In all years."""
        return sum(self.by_year)

    @property
    def share(self) -> tuple[float, ...]:
        """In what share of all histories it has happened by the end of each year.

        The cumulative incidence: a history that ends before is one in which it never happens.
        """
        return tuple(count / self.samples for count in accumulate(self.by_year))


@dataclass(frozen=True, eq=False)
class Course:
    """How an agreement fares over the years, if the stated hazards are right.

    Parameters
    ----------
    years, period
        For how long it is followed, and the length of a period in years.
    samples
        Histories.
    times, ended
        When each history ends, in periods from the start, and whether it does; where it does
        not, for how long it was followed.
    survival
        The share in which the agreement stands.
    kept
        The share in which it stands and nobody has deviated in secret either.
    finished
        The share that finishes the road.
    steps
        In how many histories no step, one step, … all steps are done when it ends or the years
        are over.
    causes
        Why agreements end, most frequent first.
    passages
        What else happens, for the first time.
    given
        Which hazards the case states, and which it does not.
    false_alarm
        Once all steps are done: the chance per period of a false alarm that no second look clears
        up, on average over the codings; None where the case states none.
    """

    years: float
    period: float
    samples: int
    times: Integers
    ended: Booleans
    survival: Curve
    kept: Curve
    finished: Share
    steps: tuple[int, ...]
    causes: tuple[CauseCount, ...]
    passages: tuple[Passage, ...]
    given: Given
    false_alarm: float | None

    @property
    def median(self) -> float | None:
        """Years by which the agreement has ended in half of the histories; None if it has not."""
        return self.survival.median

    def to_dict(self) -> dict[str, Any]:
        """The part ``course`` of the document of ``detente stress --json``."""
        finished = self.finished
        return {
            "definition": METHOD,
            "years": self.years,
            "samples": self.samples,
            "median": self.median,
            "survival": self.survival.to_dict(),
            "kept": self.kept.to_dict(),
            "finished": {
                "share": finished.share,
                "interval": [finished.low, finished.high],
            },
            "steps": list(self.steps),
            "causes": [
                {
                    "kind": entry.cause.kind,
                    "party": entry.cause.party,
                    "what": entry.cause.what,
                    "count": entry.count,
                    "by_year": list(entry.by_year),
                }
                for entry in self.causes
            ],
            "passages": [
                {
                    "what": entry.what,
                    "party": entry.party,
                    "count": entry.count,
                    "by_year": list(entry.by_year),
                    "share": list(entry.share),
                }
                for entry in self.passages
            ],
            "false_alarm": self.false_alarm,
            "given": self.given.to_dict(),
        }
