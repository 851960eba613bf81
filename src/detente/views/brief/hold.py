"""Would it hold: who could leave, who could punish that, and whether they would."""

from __future__ import annotations

from collections.abc import Iterator

from detente.model.sentences import number, say
from detente.stability.answer import CONCEPTS, Prospect
from detente.stability.hold_result import HoldResult
from detente.views.brief.context import Context, Shown
from detente.views.brief.parts import Cell, Definitions, FoldOut, Picture, Row, Section, Table
from detente.views.brief.picture import NARROW, WIDE, picture
from detente.views.hold.charts import hold_rows
from detente.views.hold.lanes import lanes, reading, title
from detente.views.hold.sentences import collapse_sentences, findings, reason_sentences, verdict
from detente.views.hold.wider import remarks
from detente.views.hold.words import (
    SIGNS,
    STANDARD,
    Stance,
    is_today,
    overall,
    points,
    prospect_text,
    stance,
)
from detente.views.naming import capital

TONES: dict[Stance, str] = {
    "leaves": "bad",
    "costly": "heat-2",
    "open": "",
    "unknown": "quiet",
    "deterred": "",
    "stays": "quiet",
}

Found = tuple[HoldResult, Prospect]
"""An outcome in the answer that tells of it."""


def section(context: Context) -> Section | None:
    """The finding on all named packages, and the reasons for the main one."""
    if not context.holds:
        return None
    result, (found, prospect) = context.holds[0], _main(context)
    finding, *further = findings(result)
    if result.asked:  # a reference point, of which only the brief knows the name
        finding, further = verdict(found, prospect, _name(context, found, prospect)), []
    paragraphs = [*further, *_paragraphs(context, found, prospect)]
    return Section(
        key="hold",
        label=say("brief.hold.label"),
        headline=finding,
        paragraphs=tuple(text for text in paragraphs if text and text not in finding),
        picture=_picture(context, found, prospect, "hold"),
        table=_table(context) if _known(context) else None,
        remarks=tuple(_remarks(context, result)),
        fold_outs=tuple(_fold_outs(context, prospect)),
    )


def _every(context: Context) -> Iterator[Found]:
    """Everything that was asked about."""
    for result in context.holds:
        for prospect in result.prospects:
            yield result, prospect


def _known(context: Context) -> bool:
    """Whether anything is known about anybody."""
    return any(set(context.case.parties) != set(result.unvalued) for result in context.holds)


def _whole(context: Context) -> bool:
    """Whether the gains of all may be told, and so be compared."""
    return all(map(context.open_to, context.case.parties))


def prospect_of(context: Context, shown: Shown) -> Found | None:
    """What is known of a package that is carried; None where it could not be asked."""
    wanted = dict(shown.view.outcome)
    return next((found for found in _every(context) if dict(found[1].outcome) == wanted), None)


def _main(context: Context) -> Found:
    """The main package; where there is none, or it breaks a rule, what comes first."""
    found = prospect_of(context, context.main) if context.main is not None else None
    return found or next(_every(context))


def _name(context: Context, result: HoldResult, prospect: Prospect) -> str:
    """What an outcome is called; a reference point by the rules that single it out."""
    known = prospect.name in context.case.packages or is_today(context.case, prospect.outcome)
    for shown in context.packages:
        if not known and dict(prospect.outcome) == dict(shown.view.outcome):
            return f"“{shown.name}”"
    return prospect_text(result, prospect)


def _paragraphs(context: Context, result: HoldResult, prospect: Prospect) -> Iterator[str]:
    """The verdict on one outcome, why each party stays or leaves, and who gains by collapse."""
    yield verdict(result, prospect, _name(context, result, prospect))
    yield from reason_sentences(result, prospect, context.open_to)
    if _whole(context):
        yield " ".join(collapse_sentences(result, prospect))
    elif not is_today(context.case, prospect.outcome):
        yield " ".join(_own_collapse(context, prospect))


def _own_collapse(context: Context, prospect: Prospect) -> Iterator[str]:
    """What a collapse would bring those who may see it, and nobody else."""
    for party, gain in prospect.gains_from_collapse.items():
        if context.open_to(party):
            key = "even" if number(gain) == "0" else "gains" if gain > 0 else "loses"
            slots = {"party": context.case.party_name(party), "points": points(gain)}
            yield say(f"brief.hold.collapse_{key}", **slots)


def _remarks(context: Context, result: HoldResult) -> Iterator[str]:
    """What the words of the table mean, and what the reader should know."""
    if _known(context):
        yield say("hold.matrix.reading")
    if told := remarks(result, lambda _: _whole(context)):
        yield " ".join(told)


def _picture(context: Context, result: HoldResult, prospect: Prospect, key: str) -> Picture | None:
    """What follows if a party leaves; None where nobody would gain by leaving."""
    shown = [party for party in context.case.parties if context.open_to(party)]
    name = _name(context, result, prospect)
    head = capital(name.strip("“”"))
    wide = hold_rows(result, prospect, shown, WIDE, head)
    narrow = hold_rows(result, prospect, shown, NARROW, head)
    if wide is None or narrow is None:
        return None
    return picture(
        key,
        wide,
        narrow,
        title=title(result, prospect, name),
        description=say("brief.hold.description", verdict=verdict(result, prospect, name)),
        note=reading(result, prospect),
    )


def _table(context: Context) -> Table:
    """One row an outcome, one column a party: who stays with which."""
    _, main = _main(context)
    rows = []
    for result, prospect in _every(context):
        name = capital(_name(context, result, prospect).strip("“”"))
        found = overall(prospect)
        cells = [Cell(say(f"hold.matrix.{found}"), sign=SIGNS[found], tone=TONES[found])]
        for party in context.case.parties:
            each = stance(prospect, party)
            cells.append(Cell(say(f"hold.short.{each}"), sign=SIGNS[each], tone=TONES[each]))
        header = Cell(name, tone="strong" if prospect is main else "")
        rows.append(Row(header, tuple(cells)))
    columns = (Cell(say("hold.matrix.holds")), *_parties(context))
    caption = say("brief.hold.caption")
    return Table(caption, say("brief.hold.outcome"), columns, tuple(rows), "matrix words")


def _parties(context: Context) -> Iterator[Cell]:
    for party in context.case.parties:
        yield Cell(context.case.party_name(party), party=context.identities[party])


def _fold_outs(context: Context, main: Prospect) -> Iterator[FoldOut]:
    if whole := tuple(_in_full(context, main)):
        yield FoldOut(say("brief.in_full"), whole)
    yield FoldOut(say("brief.how"), tuple(_method(context)))


def _in_full(context: Context, main: Prospect) -> Iterator[str | Picture | Table]:
    """Who would leave today’s state, and every outcome under the five standard concepts."""
    for result, prospect in _every(context):
        if prospect is not main and is_today(context.case, prospect.outcome) and lanes(prospect):
            drawn = _picture(context, result, prospect, "hold-today")
            told = reason_sentences(result, prospect, context.open_to)
            assert drawn is not None
            yield drawn
            yield from told
    if _known(context):
        yield _concepts(context)


def _method(context: Context) -> Iterator[str | Definitions]:
    yield context.holds[0].definition
    yield say("brief.hold.words")
    terms = ((say(f"brief.hold.term_{key}"), say(f"brief.hold.{key}")) for key in CONCEPTS)
    yield Definitions(tuple(terms))
    yield say("brief.hold.sequences")
    yield say("brief.hold.time")


def _concepts(context: Context) -> Table:
    """The concepts under which each party stays with each outcome, by their standard names."""
    rows = [
        Row(
            Cell(capital(_name(context, result, prospect).strip("“”"))),
            tuple(Cell(_held(prospect, party)) for party in context.case.parties),
        )
        for result, prospect in _every(context)
    ]
    caption = say("brief.hold.concepts_caption")
    return Table(
        caption, say("brief.hold.outcome"), tuple(_parties(context)), tuple(rows), "matrix words"
    )


def _held(prospect: Prospect, party: str) -> str:
    """Under which concepts a party stays: all, none, or their names."""
    found = {concept: prospect.stable[concept][party] for concept in CONCEPTS}
    (first, *others), every = found.values(), set(found.values())
    if every == {None}:
        return say("brief.hold.unknown")
    if len(every) == 1:
        return say("brief.hold.all" if first else "brief.hold.none")
    if first is False and all(others):
        return say("brief.hold.all_but", concept=STANDARD["nash"])
    names = [
        STANDARD[concept] + ("" if verdict else " ?")
        for concept, verdict in found.items()
        if verdict is not False
    ]
    return ", ".join(names)
