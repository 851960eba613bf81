"""What the words of ``stress`` mean, what could not be asked, and what the reader should know."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.schema import Case
from detente.model.sentences import listed, say
from detente.uncertainty.answer import RobustChoice, Standing
from detente.uncertainty.asking import Asking
from detente.uncertainty.evaluation.evaluate import Evaluated
from detente.uncertainty.sampling.correlation import RankTable


def definition() -> str:
    """What a share is a share of."""
    return say("uncertainty.definition")


def needs(what: Asking, found: Standing) -> dict[str, str]:
    """What could not be asked, and what it needs."""
    case, out = what.first.case, dict[str, str]()
    unvalued = [party for party in case.signing if party not in case.values]
    if "holds" in what.missing:
        out["holds"] = what.missing["holds"]
    elif what.first.holds and found.holds is None:
        out["holds"] = say("uncertainty.needs_values")
    if found.enforceable is None:
        reason = "needs_today" if case.status_quo is None else "needs_scores"
        out["enforceable"] = say(f"uncertainty.{reason}")
    if found.roadmap is None:
        out["roadmap"] = what.missing.get("roadmap", say("uncertainty.needs_scores"))
    if unvalued:
        names = listed([case.party_name(party) for party in unvalued])
        out["acceptable"] = say("uncertainty.needs_acceptance", parties=names, count=len(unvalued))
    return out


def remarks(
    what: Asking,
    given: float | RankTable,
    found: Evaluated,
    years: float | None,
    choice: RobustChoice | None,
) -> Iterator[str]:
    """What the reader should know."""
    case = what.first.case
    if not what.drawn:
        yield say("uncertainty.no_ranges")
    if isinstance(given, RankTable):
        yield say("uncertainty.table", count=len(given.names))
    if found.failures:
        yield say("uncertainty.failures", count=len(found.failures), why=found.failures[0].message)
    if years is not None and "roadmap" in what.missing:
        yield say("uncertainty.no_course")
    if any(party.sees is not None for party in case.parties.values()):
        yield say("uncertainty.as_seen")
    if choice is not None and choice.left_out:
        yield say("uncertainty.left_out", count=choice.left_out)
    if choice is not None and any(_other_rules(case, other) for other in what.cases[1:]):
        yield say("uncertainty.other_rules")


def _other_rules(case: Case, other: Case) -> bool:
    """Whether a coding has other rules, red lines or consent, or other orders of preference."""
    one, two = (
        (entry.rules, entry.concerns, entry.agreement, entry.signing) for entry in (case, other)
    )
    return one != two
