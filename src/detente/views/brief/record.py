"""Kept so far: of the texts whose keeping is reported, who kept what."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from detente.commitments.answer import STATES, Alert, Standing, Tally
from detente.commitments.dates import day_text
from detente.commitments.track_result import TrackResult
from detente.model.sentences import listed, say
from detente.views.brief.context import Context
from detente.views.brief.parts import Cell, Definitions, FoldOut, Picture, Row, Section, Table
from detente.views.brief.picture import NARROW, WIDE, picture
from detente.views.clauses import due_text, parties
from detente.views.naming import percent
from detente.views.scoreboards import score_steps
from detente.views.standings import (
    SIGNS,
    attention,
    counted_from,
    kept_text,
    key_of,
    state_text,
    summary,
)

ALERTS = 3
"""Most alerts that are told before the picture."""


def section(context: Context) -> Section | None:
    """Scores as steps and as a table; None where no text has a report."""
    records = context.records
    if not records:
        return None
    main = max(records.values(), key=_reports)
    alerts = _alerts(list(records.values()))
    told = [_wording(record, alert) for record, alert in alerts[:ALERTS]]
    every = [text for record in records.values() for text in attention(record)]
    folded = len(every) > max(len(told), 1)
    return Section(
        key="record",
        label=say("brief.record.label"),
        headline=_headline(context),
        paragraphs=(*told, *_more(every, len(told))),
        picture=_picture(main),
        table=_table(context),
        remarks=(" ".join(_remarks(context)),),
        fold_outs=(
            FoldOut(
                say("brief.in_full"),
                (*(every if folded else []), *map(_commitments, records.values())),
            ),
            FoldOut(say("brief.how"), tuple(_method(context, main))),
        ),
    )


def _reports(record: TrackResult) -> int:
    """How many reports there are."""
    return sum(len(standing.commitment.status) for standing in record.standings)


def _name(record: TrackResult) -> str:
    return f"“{record.case.package_name(record.package)}”"


def _headline(context: Context) -> str:
    records = list(context.records.values())
    of = _name(records[0])
    if len(records) > 1:
        of = say("brief.record.texts", count=len(records))
    return summary((s for record in records for s in record.standings), records[0].on, of)


def _alerts(records: list[TrackResult]) -> list[tuple[TrackResult, Alert]]:
    """What is more than silence: the worst of each text, then the second of each, and so on."""
    each = [
        [(record, alert) for alert in record.alerts if alert.kind != "unreported"]
        for record in records
    ]
    return [entry for rank in zip_longest(*each) for entry in rank if entry is not None]


def _wording(record: TrackResult, alert: Alert) -> str:
    """An alert with the wording of its clause, for those who do not know its id."""
    clauses = (standing.commitment for standing in record.standings)
    text = next(entry.text for entry in clauses if entry.id == alert.id)
    return say("brief.record.reads", alert=alert.what, text=text) if text else alert.what


def _more(every: list[str], told: int) -> Iterator[str]:
    """What is not told above: all of it if that is one sentence, else how much there is."""
    if not told and len(every) == 1:
        yield every[0]
    elif len(every) > told:
        yield say("brief.record.more", count=len(every) - told)


def _picture(main: TrackResult) -> Picture | None:
    wide, narrow = score_steps(main, WIDE), score_steps(main, NARROW)
    if wide is None or narrow is None:
        return None
    rows = (
        say("brief.record.row", party=main.case.party_name(party), share=_percent(tally))
        for party, tally in main.by_party.items()
    )
    return picture(
        "record",
        wide,
        narrow,
        title=_title(main),
        description=say("brief.record.description", rows=listed(rows), day=day_text(main.on)),
        note=say("scoreboard.reading"),
    )


def _percent(tally: Tally) -> str:
    return percent(tally.score.numerator, tally.score.denominator)


def _title(main: TrackResult) -> str:
    """Who carried out the most, and who the least."""
    case = main.case
    ranked = sorted(main.by_party.items(), key=lambda entry: -entry[1].score)
    (first, most), least = ranked[0], ranked[-1][1]
    slots = {"package": _name(main), "most": _percent(most), "least": _percent(least)}
    if most.score == least.score:
        key = "one" if len(ranked) == 1 else "same"
        return say(f"brief.record.title_{key}", party=case.party_name(first), **slots)
    top = [case.party_name(name) for name, tally in ranked if tally.score == most.score]
    low = [case.party_name(name) for name, tally in ranked if tally.score == least.score]
    return say("brief.record.title", first=listed(top), last=listed(low), **slots)


def _table(context: Context) -> Table:
    """One row a party, under its text where there are several."""
    rows = []
    for record in context.records.values():
        if len(context.records) > 1:
            rows.append(Row(Cell(record.case.package_name(record.package))))
        for party, tally in record.by_party.items():
            header = Cell(context.case.party_name(party), party=context.identities[party])
            cells = [_count(tally.states[state]) for state in STATES]
            share = Cell(_percent(tally), share=float(tally.score), tone="number")
            rows.append(Row(header, (share, *cells)))
    keys = ["share", *(key_of(state) for state in STATES)]
    columns = tuple(Cell(say(f"brief.record.{key}")) for key in keys)
    return Table(say("brief.record.caption"), say("brief.party"), columns, tuple(rows))


def _count(count: int) -> Cell:
    return Cell(f"{count:,}" if count else "–", tone="number")


def _remarks(context: Context) -> Iterator[str]:
    yield say("brief.record.explained")
    told = (counted_from(record) for record in context.records.values())
    if len(context.records) == 1:
        yield from filter(None, told)


def _commitments(record: TrackResult) -> Table:
    """Every commitment of a text, with the note of its last report."""
    keys = ("due", "kept", "state")
    columns = tuple(Cell(say(f"brief.record.column_{key}")) for key in keys)
    caption = say("brief.record.commitments", package=_name(record))
    rows = tuple(_commitment(record, standing) for standing in record.standings)
    return Table(caption, say("brief.record.clause"), columns, rows, "terms")


def _commitment(record: TrackResult, standing: Standing) -> Row:
    entry, last = standing.commitment, standing.last
    due = due_text(record.case, entry, standing.due) or say("clauses.no_date")
    kept = kept_text(standing.kept) or say("brief.record.no_report")
    notes = (last.note,) if last is not None and last.note else ()
    state, sign = state_text(standing.state), SIGNS[standing.state]
    if standing.since is not None:
        state = say("brief.record.since", state=state, day=day_text(standing.since))
    cells = (Cell(due), Cell(kept, lines=notes), Cell(state, sign=sign))
    return Row(Cell(entry.id, lines=(parties(record.case, entry.who),)), cells)


def _method(context: Context, main: TrackResult) -> Iterator[str | Definitions]:
    yield main.definition
    if len(context.records) > 1:
        yield from (
            f"{_name(record)}: {counted}"
            for record in context.records.values()
            if (counted := counted_from(record))
        )
    yield say("brief.cited.record")
