"""The roadmap: in what order, whether that holds, and where it is weakest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detente.model.sentences import listed, say
from detente.sequencing.answer import Margin, Move, Order, Step
from detente.sequencing.roadmap_result import RoadmapResult
from detente.views.brief.context import Context
from detente.views.brief.parts import (
    Cell,
    Definitions,
    FoldOut,
    Picture,
    Row,
    Section,
    Table,
)
from detente.views.brief.picture import NARROW, WIDE, picture
from detente.views.brief.verification import main_of, name_of, why_not
from detente.views.naming import capital
from detente.views.roadmap.charts import reading, roadmap_rows
from detente.views.roadmap.sentences import (
    alternative_text,
    ceiling_text,
    last_of,
    missing_text,
    robust_text,
    shifts_text,
    spread_text,
    variant_text,
    ways_text,
)
from detente.views.roadmap.weakest import clause_text, weakest_text
from detente.views.roadmap.words import (
    by_moment,
    change_text,
    ends,
    headline,
    item_name,
    least,
    moment_text,
    points,
    quoted_items,
    stands,
    valued,
    weakest,
    when_text,
    who_names,
)
from detente.views.verification import time_text

SHIFTS = 3
"""Most parts whose place is told of."""
OTHERS = 3
"""Most further orders."""


def section(context: Context) -> Section | None:
    """The order for the main package, and the findings on the others; None where none has one."""
    if not context.roads:
        return None
    letter, main = main_of(context, context.roads)
    others = {key: found for key, found in context.roads.items() if key != letter}
    return Section(
        key="roadmap",
        label=say("brief.roadmap.label"),
        headline=headline(main, name_of(context, letter), shown=_open(context, main)),
        paragraphs=tuple(filter(None, (*_paragraphs(context, main), _others(context, others)))),
        picture=_picture(context, letter, main) if main.order_matters else None,
        table=_steps(context, letter, main),
        remarks=tuple(_remarks(context, main)),
        fold_outs=tuple(_fold_outs(context, letter, main)),
    )


def _open(context: Context, result: RoadmapResult) -> bool:
    """Whether the margin of the weakest moment may be told."""
    return context.open_to(weakest(result)[0].party)


def _whole(context: Context, result: RoadmapResult) -> bool:
    """Whether all margins may be told."""
    return all(context.open_to(party) for party in valued(result))


def _shown(context: Context, result: RoadmapResult) -> list[str]:
    """Parties whose margins may be told."""
    return [party for party in valued(result) if context.open_to(party)]


def _paragraphs(context: Context, main: RoadmapResult) -> Iterator[str]:
    """The weakest moment, and what would help where no order works; or why order is no matter."""
    if main.order_matters and clause_text(main):
        yield weakest_text(main, shown=context.open_to(main.binding.party))
    if main.why:
        yield capital(main.why)
    if main.missing is not None:
        yield ways_text(main)


def _others(context: Context, others: Mapping[str, RoadmapResult]) -> str:
    """The findings on the other packages, and on which there are none, in one paragraph."""
    told = [
        headline(found, name_of(context, letter), shown=_open(context, found))
        for letter, found in others.items()
    ]
    return " ".join(filter(None, [*told, why_not(context, "roadmap")]))


def _picture(context: Context, letter: str, main: RoadmapResult) -> Picture:
    shown = _shown(context, main)
    rows = [
        say(
            "brief.roadmap.row",
            step=str(number),
            who=listed(who_names(main.case, move)) or say("brief.roadmap.no_party"),
            item=item_name(main.case, move),
            change=change_text(main.case, move),
        )
        for number, step in enumerate(main.best.steps, 1)
        for move in step.moves
    ]
    return picture(
        "roadmap",
        roadmap_rows(main, shown, WIDE),
        roadmap_rows(main, shown, NARROW),
        title=say(
            "brief.roadmap.title",
            package=name_of(context, letter),
            time=time_text(ends(main.best)[-1], main.period),
            count=len(main.best.steps),
            when=moment_text(main.best, main.binding.step),
        ),
        description=say("brief.roadmap.description", rows="; ".join(rows)),
        note=reading(main, shown),
    )


def _steps(context: Context, letter: str, main: RoadmapResult) -> Table:
    """One row a part of a step; margins only where they may be told."""
    shown = _shown(context, main) if main.order_matters else []
    whole = bool(shown) and _whole(context, main)
    moments, rows = by_moment(main.best), []
    for number, step in enumerate(main.best.steps, 1):
        here = {party: moments[number][party] for party in shown if party in moments[number]}
        weak = main.order_matters and main.binding.step == number
        for place, move in enumerate(step.moves):
            last = place == len(step.moves) - 1
            cells = [Cell(change_text(main.case, move))]
            if shown:
                cells.append(_margin(main, least(here), whole))
            rows.append(Row(_part(main, number, step, move, weak and last), tuple(cells)))
    slots = {"period": main.period, "party": listed(map(main.case.party_name, shown))}
    keys = ["what", *(["least" if whole else "own"] if shown else [])]
    columns = tuple(Cell(say(f"brief.roadmap.{key}", **slots)) for key in keys)
    key = "caption" if main.order_matters else "caption_one"
    caption = say(f"brief.roadmap.{key}", package=name_of(context, letter))
    return Table(caption, say("brief.roadmap.item"), columns, tuple(rows), "terms long")


def _part(main: RoadmapResult, number: int, step: Step, move: Move, weak: bool) -> Cell:
    """A part of a step: its number and what moves; below, when and by whom."""
    when = say("brief.roadmap.when", when=when_text(step), count=step.takes, period=main.period)
    who = listed(who_names(main.case, move))
    text = say("brief.roadmap.step", step=str(number), item=item_name(main.case, move))
    tag = say("brief.roadmap.weakest") if weak else ""
    return Cell(text, spoken=tag, lines=(", ".join(filter(None, (when, who))),))


def _margin(main: RoadmapResult, entry: Margin | None, named: bool) -> Cell:
    if entry is None:
        return Cell("–")
    name = (main.case.party_name(entry.party),) if named else ()
    return Cell(points(entry.margin), lines=name, tone="" if stands(entry.margin) else "bad")


def _remarks(context: Context, main: RoadmapResult) -> Iterator[str]:
    """All orders, the ceiling they share, and how much the values may be wrong."""
    whole = _whole(context, main)
    told = [spread_text(main, shown=whole)]
    if main.order_matters:
        last = last_of(main)
        told.append(ceiling_text(main, shown=last is not None and context.open_to(last.party)))
    if whole:
        told.append(robust_text(main))
    if main.idle:
        names = quoted_items(main.case, main.idle)
        told.append(say("brief.roadmap.idle", what=names, count=len(main.idle)))
    yield " ".join(filter(None, told))
    if main.unvalued:
        names = listed(map(main.case.party_name, main.unvalued))
        yield say("brief.roadmap.unvalued", parties=names, count=len(main.unvalued))
    for entry in main.variants:
        yield variant_text(main, entry, shown=context.open_to(entry.binding.party))


def _fold_outs(context: Context, letter: str, main: RoadmapResult) -> Iterator[FoldOut]:
    if whole := tuple(_in_full(context, letter, main)):
        # What would make an order work is for paper too.
        yield FoldOut(say("brief.in_full"), whole, printed=main.missing is not None)
    method = [main.definition, say("brief.roadmap.method"), *_noticed(context, main)]
    method.append(say("brief.cited.roadmap"))
    yield FoldOut(say("brief.how"), tuple(filter(None, method)))


def _in_full(context: Context, letter: str, main: RoadmapResult) -> Iterator[Definitions | Table]:
    """What would make an order work; all margins for those who may see them; other orders."""
    lists = {"missing": missing_text(main, context.open_to)}
    if main.order_matters:
        lists["shifts"] = shifts_text(main, SHIFTS, shown=_whole(context, main))
        few = main.alternatives[:OTHERS]
        lists["alternatives"] = [_alternative(context, main, order) for order in few]
        if _shown(context, main):
            yield _margins(context, letter, main)
    told = ((say(f"brief.roadmap.{key}"), " ".join(texts)) for key, texts in lists.items() if texts)
    if entries := tuple(told):
        yield Definitions(entries)


def _noticed(context: Context, main: RoadmapResult) -> Iterator[str]:
    """Remarks; the one that tells a bound on margins only where these may be told."""
    bound = say("road.not_proven", bound=main.bound)
    for remark in main.remarks:
        yield remark if remark != bound or _whole(context, main) else say("brief.roadmap.bound")


def _alternative(context: Context, main: RoadmapResult, order: Order) -> str:
    return alternative_text(main, order, shown=context.open_to(order.binding.party))


def _margins(context: Context, letter: str, main: RoadmapResult) -> Table:
    """The margins of those who may see them, one row a moment."""
    shown, order = _shown(context, main), main.best
    rows = []
    for step, here in enumerate(by_moment(order)):
        cells = (
            Cell(points(here[party].margin) if party in here else "–", tone="number")
            for party in shown
        )
        tag = say("brief.roadmap.weakest") if step == main.binding.step else ""
        rows.append(Row(Cell(capital(moment_text(order, step)), spoken=tag), tuple(cells)))
    columns = tuple(
        Cell(main.case.party_name(party), party=context.identities[party]) for party in shown
    )
    slots = {"package": name_of(context, letter), "period": main.period}
    caption = say("brief.roadmap.margins_caption", **slots)
    return Table(caption, say("brief.roadmap.moment"), columns, tuple(rows))
