"""Where a verdict turns, number by number: flips of one number at one value, put together."""

from __future__ import annotations

from dataclasses import dataclass

from detente.case.schema import Case
from detente.model.sentences import listed, say
from detente.uncertainty.answer import VERDICTS, Factor, Flip, Verdict
from detente.uncertainty.stress_result import StressResult
from detente.views.stress.words import factor_text, party_text

FEW = 3
"""Up to so many numbers are named."""


@dataclass(frozen=True)
class Turn:
    """All that turns where one number passes one value.

    Parameters
    ----------
    factor, value, above, within_range
        As in a flip.
    flips
        What turns there.
    """

    factor: Factor
    value: float
    above: bool
    within_range: bool
    flips: tuple[Flip, ...]

    @property
    def whole(self) -> bool:
        """Whether a verdict on the package itself turns, and not only one on a party."""
        return any(entry.package for entry in self.flips)


def turns(result: StressResult) -> tuple[Turn, ...]:
    """Values at which verdicts turn: those in the stated range first, then as they were found."""
    found: dict[tuple[str, str, bool], list[Flip]] = {}
    for entry in result.flips:
        found.setdefault((entry.factor.name, f"{entry.value:.9g}", entry.above), []).append(entry)
    every = [
        Turn(first.factor, first.value, first.above, first.within_range, (first, *rest))
        for first, *rest in found.values()
    ]
    return tuple(sorted(every, key=lambda turn: (not turn.within_range, not turn.whole)))


def turn_text(case: Case, turn: Turn) -> str:
    """What turns, in a few words: ``no longer accepted (Highland)``."""
    told: list[str] = []
    for verdict in VERDICTS:
        for stands in (True, False):
            flips = [f for f in turn.flips if f.verdict == verdict and f.stands is stands]
            if flips and not (verdict == "all_of_it" and told):
                told.append(_turned(case, verdict, stands, flips))
    return "; ".join(told)


def _turned(case: Case, verdict: Verdict, stands: bool, flips: list[Flip]) -> str:
    """One verdict, on the package with the parties that bring it about, or on parties alone."""
    parties = [entry.party for entry in flips if entry.party is not None]
    key = "then_not" if stands else "then"
    who = {"parties": listed(party_text(case, name) for name in parties), "count": len(parties)}
    if not any(entry.package for entry in flips):
        return say(f"stress.{key}.party_{verdict}", **who)
    whole = say(f"stress.{key}.{verdict}")
    return say("stress.then.through", what=whole, **who) if parties else whole


def turns_text(result: StressResult) -> str:
    """How many numbers turn a verdict within their ranges, said plainly if none; few are named."""
    inside = [turn for turn in turns(result) if turn.within_range]
    names = _names(result.case, [turn for turn in inside if turn.whole])
    parties = _names(result.case, inside)
    found = names or parties
    if not found:
        return say("stress.turns.none")
    key = "few" if len(found) <= FEW else "many"
    slots = {"what": listed(found) if key == "few" else "", "count": len(found)}
    return say(f"stress.turns.{'' if names else 'parties_'}{key}", **slots)


def _names(case: Case, found: list[Turn]) -> list[str]:
    """The numbers, each once."""
    return list({turn.factor.name: factor_text(case, turn.factor) for turn in found}.values())
