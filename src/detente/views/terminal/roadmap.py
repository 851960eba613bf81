"""The terminal view of ``roadmap``: whether an order holds, the order, its weakest moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import fill

from rich.console import RenderableType

from detente.model.sentences import listed, say
from detente.sequencing.answer import Margin, Move, Order
from detente.sequencing.roadmap_result import RoadmapResult
from detente.views.naming import capital
from detente.views.roadmap.sentences import (
    alternative_text,
    ceiling_text,
    missing_text,
    own_text,
    robust_text,
    shifts_text,
    spread_text,
    variant_text,
)
from detente.views.roadmap.weakest import weakest_text
from detente.views.roadmap.words import (
    by_moment,
    change_text,
    ends,
    headline,
    item_name,
    least,
    points,
    quoted_items,
    stands,
    valued,
    way_text,
    when_text,
    who_names,
)
from detente.views.terminal.layout import bullets, heading, limited, sentence, table
from detente.views.terminal.opening import opening
from detente.views.verification import package_text, time_text

ROWS = 60
"""Most rows of a table; files have all."""
SHIFTS = 4
"""Most parts whose place is told of."""
WAYS = 9
"""Most ways to make an order work."""
OTHERS = 3
"""Most further orders."""
NAMES = 16
"""Letters in a line of the column of parties."""
PARTIES = 6
"""Most parties beside each other."""


def roadmap_blocks(result: RoadmapResult) -> list[RenderableType]:
    """The finding, the order with its margins, then what it rests on and what it would cost."""
    taken = say("terminal.roadmap.taken", package=package_text(result))
    blocks = [*opening(result.case), sentence(taken), sentence(headline(result), "bold")]
    if not result.order_matters and result.why:
        blocks.append(sentence(capital(result.why)))
    blocks += [*_missing(result), *_order(result)]
    if result.order_matters:
        blocks += [sentence(""), sentence(weakest_text(result))]
        blocks += _margins(result)
    blocks += [*_spread(result), *_shifts(result), *_others(result), *_codings(result)]
    return [*blocks, *_remarks(result)]


def _missing(result: RoadmapResult) -> Iterator[RenderableType]:
    """What would make an order work, where none does."""
    if found := missing_text(result):
        yield heading(say("terminal.roadmap.missing"))
        yield bullets(limited(found, WAYS, "--json"))


def _order(result: RoadmapResult) -> Iterator[RenderableType]:
    """The steps, one row a move; with the least margin after each where the order matters."""
    order = result.best
    length = time_text(ends(order)[-1], result.period)
    key = "order" if result.order_matters else "one_order"
    if result.order_matters and not stands(result.best.margin):
        key = "best_order"
    yield heading(say(f"terminal.roadmap.{key}", time=length))
    keys = ["step", "when", "who", "what", *(["least"] if result.order_matters else [])]
    headers = [capital(say(f"terminal.roadmap.{k}", period=result.period)) for k in keys]
    rows = list(_rows(result, order))
    shown = rows[:ROWS]
    if rest := len(rows) - len(shown):
        more = say("terminal.more", count=f"{rest:,}", where="--out FILE.csv")
        shown.append(["", "", "", more, ""])
    last = len(headers)
    yield table(headers, [row[:last] for row in shown], unbroken=(0, 1))


def _rows(result: RoadmapResult, order: Order) -> Iterator[list[str]]:
    moments = by_moment(order)
    for number, step in enumerate(order.steps, 1):
        entry = least(moments[number])
        ends_with = _least(result, entry, number == result.binding.step)
        for place, move in enumerate(step.moves):
            first = place == 0
            yield [
                str(number) if first else "",
                when_text(step) if first else "",
                _who(result, move),
                f"{item_name(result.case, move)}: {change_text(result.case, move)}",
                ends_with if first else "",
            ]


def _who(result: RoadmapResult, move: Move) -> str:
    """Those who do it under each other."""
    names = who_names(result.case, move)
    return "\n".join(fill(name, NAMES) for name in names) or "–"


def _least(result: RoadmapResult, entry: Margin | None, weakest: bool) -> str:
    if entry is None:
        return "–"
    text = f"{points(entry.margin)} {result.case.party_name(entry.party)}"
    return f"{text}\n◀ {say('terminal.roadmap.weakest')}" if weakest else text


def _margins(result: RoadmapResult) -> Iterator[RenderableType]:
    """The least margin of every party at every moment."""
    moments, order, binding = by_moment(result.best), result.best, result.binding
    yield heading(say("terminal.roadmap.margins", period=result.period))
    every = valued(result)
    for first in range(0, len(every), PARTIES):
        parties = every[first : first + PARTIES]
        headers = ["", *map(result.case.party_name, parties), ""]
        rows = []
        for step, here in enumerate(moments):
            entry = min((here[p] for p in parties if p in here), key=_size, default=None)
            mark = "◀" if step == binding.step and binding.party in parties else ""
            cells = [points(here[p].margin) if p in here else "–" for p in parties]
            way = f"{way_text(entry)} {mark}".strip() if entry is not None else ""
            rows.append([_moment(order, step), *cells, way])
        last = len(headers) - 1
        yield table(headers, rows, numbers=range(1, last), unbroken=(0, last))
    yield sentence(say("terminal.roadmap.explained", period=result.period), "dim")


def _size(entry: Margin) -> float:
    return entry.margin


def _moment(order: Order, step: int) -> str:
    if step == 0:
        return say("terminal.roadmap.start")
    if step == len(order.steps):
        return say("terminal.roadmap.end", step=str(step))
    return str(step)


def _spread(result: RoadmapResult) -> Iterator[RenderableType]:
    """The end, the other orders, and how far they are from each other."""
    yield heading(say("terminal.roadmap.orders"))
    told = [spread_text(result), ceiling_text(result) if result.order_matters else ""]
    told += [own_text(result), robust_text(result)]
    yield bullets(list(filter(None, told)))


def _shifts(result: RoadmapResult) -> Iterator[RenderableType]:
    if result.order_matters:
        yield heading(say("terminal.roadmap.shifts"))
        yield bullets(shifts_text(result, SHIFTS))


def _others(result: RoadmapResult) -> Iterator[RenderableType]:
    if result.order_matters and result.alternatives:
        yield heading(say("terminal.roadmap.alternatives"))
        told = [alternative_text(result, order) for order in result.alternatives]
        yield bullets(limited(told, OTHERS, "--json"))


def _codings(result: RoadmapResult) -> Iterator[RenderableType]:
    if result.variants:
        yield heading(say("terminal.roadmap.codings"))
        yield bullets([variant_text(result, entry) for entry in result.variants])


def _remarks(result: RoadmapResult) -> Iterator[RenderableType]:
    """Who is not judged, what changes nothing, and everything else that a reader should know."""
    told: list[str] = []
    case = result.case
    for party, margin in result.best.others.items():
        slots = {"party": case.party_name(party), "margin": points(margin)}
        told.append(say("terminal.roadmap.other", period=result.period, **slots))
    told += _unvalued(result)
    if result.idle:
        names = quoted_items(case, result.idle)
        told.append(say("terminal.roadmap.idle", what=names, count=len(result.idle)))
    told += result.remarks
    if told:
        yield heading(say("terminal.roadmap.remarks"))
        yield bullets(told)


def _unvalued(result: RoadmapResult) -> Sequence[str]:
    """Signing parties of whom nothing can be said."""
    if not result.unvalued:
        return []
    parties = listed(map(result.case.party_name, result.unvalued))
    return [say("terminal.roadmap.unvalued", parties=parties, count=len(result.unvalued))]
