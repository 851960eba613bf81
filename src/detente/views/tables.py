"""Results as pandas tables."""

from __future__ import annotations

from datetime import date
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from detente.agreement import AgreeResult, ConcernsResult
from detente.case.implementation import Commitment
from detente.commitments import DraftResult, TrackResult
from detente.leverage.unlock_result import UnlockResult
from detente.model.check import CheckResult
from detente.model.result import Result
from detente.sequencing.roadmap_result import RoadmapResult
from detente.stability.hold_result import HoldResult
from detente.uncertainty.stress_result import StressResult
from detente.verification.answer import Temptation
from detente.verification.confidence.confidence_result import ConfidenceResult
from detente.verification.confidence.record import NAMES
from detente.verification.sampling.sample_result import SampleResult
from detente.verification.verify_result import VerifyResult

if TYPE_CHECKING:
    import pandas


@singledispatch
def frame(result: Result) -> pandas.DataFrame:
    """The main table of a result."""
    raise TypeError(f"there is no table of {type(result).__name__}")


@frame.register(CheckResult)
def _check(result: CheckResult) -> pandas.DataFrame:
    """One row a note."""
    import pandas

    return pandas.DataFrame(
        [(note.where, note.what) for note in result.notes], columns=["where", "what"]
    )


@frame.register(ConcernsResult)
def _concerns(result: ConcernsResult) -> pandas.DataFrame:
    """One row a concern, one column a package."""
    import pandas

    rows = [
        {
            "party": row.party,
            "concern": row.concern.name,
            "must": row.concern.must,
            "met_by": row.met_by,
            **{name: met[place] for name, met in result.packages.items()},
        }
        for place, row in enumerate(result.rows)
    ]
    return pandas.DataFrame(rows)


@frame.register(AgreeResult)
def _agree(result: AgreeResult) -> pandas.DataFrame:
    """One row an efficient acceptable outcome (the first ones where there are many).

    Columns: its options, what it is worth to each party and faction, and the rules that
    choose it.
    """
    import pandas

    found = result.efficient_acceptable or result.efficient_feasible
    chosen: dict[tuple[str, ...], list[str]] = {}
    for rule, point in result.solutions.items():
        for entry in point.outcomes:
            chosen.setdefault(tuple(entry.outcome.values()), []).append(rule)
    rows = [
        {
            **entry.outcome,
            **{f"value of {name}": float(value) for name, value in entry.values.items()},
            "chosen by": ", ".join(chosen.get(tuple(entry.outcome.values()), [])),
        }
        for entry in (found.outcomes if found else ())
    ]
    return pandas.DataFrame(rows)


@frame.register(DraftResult)
def _draft(result: DraftResult) -> pandas.DataFrame:
    """One row a commitment, with who deals with it next and what is wrong with it."""
    import pandas

    wrong: dict[tuple[str, bool], list[str]] = {}
    for finding in result.findings:
        wrong.setdefault((finding.id, finding.bars), []).append(finding.what)
    rows = [
        {
            **_commitment(clause.commitment, clause.due),
            "covers": ", ".join(clause.covers),
            "next": clause.level,
            "reason": clause.reason,
            "bars signature": " ".join(wrong.get((clause.commitment.id, True), ())),
            "worth mending": " ".join(wrong.get((clause.commitment.id, False), ())),
        }
        for clause in result.clauses
    ]
    return pandas.DataFrame(rows)


@frame.register(TrackResult)
def _track(result: TrackResult) -> pandas.DataFrame:
    """One row a commitment, with where it stands and the last report of it."""
    import pandas

    rows = [
        {
            **_commitment(standing.commitment, standing.due),
            "kept": standing.kept,
            "state": standing.state,
            "since": standing.since,
            "waits for": ", ".join(standing.waits_for),
            "reported": standing.last.date if standing.last else None,
            "source": ", ".join(standing.last.source) if standing.last else "",
            "note": (standing.last.note if standing.last else None) or "",
            "evidence": (standing.last.evidence if standing.last else None) or "",
        }
        for standing in result.standings
    ]
    return pandas.DataFrame(rows).astype({"kept": "Int64"} if rows else {})


@frame.register(VerifyResult)
def _verify(result: VerifyResult) -> pandas.DataFrame:
    """One row a way to cheat: what it brings, and what would find it."""
    import pandas

    from detente.views.verification import parts

    rows = [_temptation(entry) for part in parts(result) for entry in part.temptations]
    return pandas.DataFrame(rows)


def _temptation(entry: Temptation) -> dict[str, Any]:
    dash = entry.dash
    return {
        "party": entry.party,
        "violation": entry.name,
        "option": entry.option or "",
        "generated": entry.generated,
        "gain": entry.gain,
        "detection": entry.detection,
        "critical detection": entry.critical_detection,
        "expected time": entry.expected_time,
        "margin": entry.margin,
        "breakout takes": dash.takes if dash else None,
        "prize": dash.prize if dash else None,
        "critical detection of breakout": dash.critical_detection if dash else None,
        "timely": dash.timely if dash else None,
        "margin of breakout": dash.margin if dash else None,
        "deterred": entry.deterred,
    }


@frame.register(ConfidenceResult)
def _confidence(result: ConfidenceResult) -> pandas.DataFrame:
    """One row a period, with what it brought and the confidence after it."""
    import pandas

    rows = zip(result.record, result.confidence, result.alarm_means, strict=True)
    return pandas.DataFrame(
        [
            {
                "period": place,
                "inspection": NAMES[outcome],
                "confidence": value,
                "next alarm true": means,
            }
            for place, (outcome, value, means) in enumerate(rows, start=1)
        ]
    )


@frame.register(SampleResult)
def _sample(result: SampleResult) -> pandas.DataFrame:
    """One row a sample size, as many as make a curve; or one row a kind of items."""
    import pandas

    if result.strata:
        rows = [
            {
                "items": row.items,
                "quantity": row.quantity,
                "falsified if all from here": row.falsified,
                "to be checked": row.sampled,
            }
            for row in result.strata
        ]
        return pandas.DataFrame(rows).astype({"to be checked": "Int64"})
    points = [
        {
            "checked": point.sampled,
            "detection": point.detection,
            "false alarm": point.false_alarm,
            "margin": point.margin,
        }
        for point in result.curve()
    ]
    return pandas.DataFrame(points).dropna(axis="columns", how="all")


@frame.register(RoadmapResult)
def _roadmap(result: RoadmapResult) -> pandas.DataFrame:
    """One row a part of a step, in order: a plan of the project, in periods from its start."""
    import pandas

    from detente.views.roadmap.words import by_moment, least

    moments = by_moment(result.best)
    rows = []
    for number, step in enumerate(result.best.steps, start=1):
        weakest = least(moments[number])
        rows += [
            {
                "step": number,
                "start": step.start,
                "end": step.start + move.takes,
                "item": move.item,
                "kind": move.kind,
                "from": move.before or "",
                "to": move.after or "in_place",
                "parties": ", ".join(move.parties),
                "takes": move.takes,
                "weakest party after it": weakest.party if weakest else "",
                "margin": weakest.margin if weakest else None,
            }
            for move in step.moves
        ]
    return pandas.DataFrame(rows)


@frame.register(HoldResult)
def _hold(result: HoldResult) -> pandas.DataFrame:
    """One row an outcome and party; where all states were asked for, one row a state."""
    from detente.views.hold.tables import prospects_table, states_table

    if result.listing is not None:
        return states_table(result.listing, result.case.parties)
    return prospects_table(result)


@frame.register(StressResult)
def _stress(result: StressResult) -> pandas.DataFrame:
    """One row a share of codings: of which verdict, of whom, under which correlation."""
    from detente.views.stress.tables import shares_table

    return shares_table(result)


@frame.register(UnlockResult)
def _unlock(result: UnlockResult) -> pandas.DataFrame:
    """One row a way, best first."""
    from detente.views.unlock.tables import ways_table

    return ways_table(result)


def _commitment(entry: Commitment, due: date | None) -> dict[str, Any]:
    """What is written of a commitment; the words of expressions as in the case."""
    return {
        "id": entry.id,
        "who": ", ".join(entry.who),
        "to": ", ".join(entry.to),
        "does": "" if entry.does is None else str(entry.does),
        "text": entry.text or "",
        "by": "" if entry.by is None else str(entry.by),
        "due": due,
        "after": ", ".join(entry.after),
        "checked by": ", ".join(entry.checked_by),
        "level": entry.level or "",
    }
