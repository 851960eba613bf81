"""What would it take: what stands in the way of each package, and the least that would end that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from detente.agreement.packages.changes import Change
from detente.leverage.answer import Bound, Goal, Way
from detente.leverage.reversals.answer import Reversal
from detente.leverage.unlock_result import UnlockResult
from detente.leverage.words import change_text, what_is_otherwise
from detente.model.sentences import listed, say
from detente.model.wording import quoted
from detente.views.brief.context import Context, Shown
from detente.views.brief.parts import Cell, FoldOut, Picture, Row, Section, Table
from detente.views.brief.picture import NARROW, WIDE, picture
from detente.views.brief.unlocking import verdicts
from detente.views.brief.verification import name_of, why_not
from detente.views.naming import capital
from detente.views.stress.shares import share_text
from detente.views.unlock.charts import way_reading, way_rows
from detente.views.unlock.sentences import (
    COUNTED,
    bound_texts,
    cost_text,
    granted_sentences,
    label_text,
    lever_text,
    stands_text,
)

_ORDER = (
    *("clear", "clear_told", "changes", "changes_told", "lever", "lever_told"),
    *("nothing", "unasked"),
)
"""What is said first in the headline."""


def section(context: Context) -> Section | None:
    """What each package would take; None where nothing but consent could be asked of any."""
    asked = any(
        verdict is not None
        for shown in context.packages
        for goal, verdict in verdicts(context, shown).items()
        if goal != "acceptable"
    )
    if not (asked or context.unlocks):
        return None
    one = _one(context)
    return Section(
        key="unlock",
        label=say("brief.unlock.label"),
        headline=_headline(context),
        paragraphs=tuple(filter(None, [_other_ways(context, one), why_not(context, "unlock")])),
        picture=None if one is None else _picture(context, *one),
        table=_table(context),
        fold_outs=tuple(_fold_outs(context, one)),
    )


def _one(context: Context) -> tuple[str, UnlockResult] | None:
    """The package of which more than other terms was asked."""
    several = (item for item in context.unlocks.items() if item[1].levers != ("terms",))
    return next(several, None)


# what may be told


def _open(context: Context, told: Way | Bound) -> bool:
    """Whether the numbers in a sentence may be shown."""
    return all(map(context.open_to, told.concerns))


def _text(context: Context, told: Way | Bound) -> str:
    return told.text if _open(context, told) else told.plain


def _cost(context: Context, result: UnlockResult, way: Way) -> str:
    """What a way costs; amounts only where they may be shown."""
    if way.cost.unit in (*COUNTED, "cost") or _open(context, way):
        return cost_text(result.case, way)
    return ""


def _distinct(context: Context, result: UnlockResult) -> UnlockResult:
    """The answer with each way once, also where only its amounts tell two of them apart."""
    first = {(_text(context, way), way.open): way for way in reversed(result.ways)}
    kept = tuple(way for way in result.ways if first[_text(context, way), way.open] is way)
    return replace(result, ways=kept)


# the finding


def _headline(context: Context) -> str:
    """Of which packages nothing stands in the way, and what the others would take."""
    groups: dict[tuple[str, int | str], list[str]] = {}
    for shown in context.packages:
        groups.setdefault(_finding(context, shown), []).append(shown.name)
    clauses = [
        say(f"brief.unlock.{key}", packages=quoted(names), several=len(names), what=what)
        for key, what in sorted(groups, key=lambda group: (_ORDER.index(group[0]), group[1]))
        if (names := groups[key, what])
    ]
    return capital("; ".join(clauses)) + "."


def _finding(context: Context, shown: Shown) -> tuple[str, int | str]:
    """What is said of a package, with the number of changes or the lever; two may say the same."""
    result = context.unlocks.get(shown.letter)
    if result is None or not result.open:
        if shown.letter in context.unasked["unlock"]:
            return "unasked", ""
        whole = None not in verdicts(context, shown).values()
        return "clear" if whole else "clear_told", ""
    ways = [way for way in result.ways if _mends(result, way)]
    if not ways:
        return "nothing", ""
    terms = _nearest(result)
    way = terms if terms is not None and _mends(result, terms) else ways[0]
    told = "_told" if way.open else ""
    if way.lever == "terms":
        return f"changes{told}", len(way.parts)
    return f"lever{told}", lever_text(way.lever)


def _mends(result: UnlockResult, way: Way) -> bool:
    """Whether a way leaves nothing open but what could not be told of the package either."""
    return set(way.open) <= set(result.standing.untold)


def _nearest(result: UnlockResult) -> Way | None:
    """The least change of terms that mends all; else that wins everybody; else any that helps."""
    ways = [way for way in result.ways if way.lever == "terms"]
    whole = [way for way in ways if _mends(result, way)]
    accepted = [way for way in ways if "acceptable" in way.solves]
    return min(whole or accepted or ways, key=lambda way: way.cost.amount, default=None)


def _other_ways(context: Context, one: tuple[str, UnlockResult] | None) -> str:
    """The best way that leaves the terms as they are."""
    if one is None or not one[1].open:
        return ""
    letter, result = one
    levers = listed(lever_text(lever) for lever in result.levers if lever != "terms")
    ways = [way for way in result.ways if way.lever != "terms"]
    tried = say("brief.unlock.tried", package=name_of(context, letter), levers=levers)
    if not ways:
        return f"{tried} {say('brief.unlock.tried_none')}"
    found = [say("brief.unlock.tried_best", count=len(ways)), _text(context, ways[0])]
    return " ".join(filter(None, [tried, *found, stands_text(ways[0].share)]))


# picture and table


def _picture(context: Context, letter: str, result: UnlockResult) -> Picture | None:
    """The ways of one package; None where there are no two to compare."""
    drawn = _distinct(context, result)
    if len(drawn.ways) < 2:
        return None

    def told(found: UnlockResult, way: Way) -> str:
        if _open(context, way) or any(isinstance(part, Reversal) for part in way.parts):
            return label_text(found, way)
        return what_is_otherwise(found.case, way.parts, found.outcome)[1]

    rows = [f"{told(drawn, way)}: {_reached(way)}." for way in drawn.ways]
    shared = any(way.share is not None for way in drawn.ways)
    key = "shares" if shared else "goals"
    return picture(
        "unlock",
        way_rows(drawn, WIDE, told),
        way_rows(drawn, NARROW, told),
        title=say(f"brief.unlock.title_{key}", package=name_of(context, letter)),
        description=say(f"brief.unlock.description_{key}", rows=" ".join(rows)),
        note=way_reading(drawn),
    )


def _reached(way: Way) -> str:
    """What the mark of a way says, for those who hear the page."""
    if way.share is not None:
        return share_text(way.share)
    return listed(say(f"unlock.goal.{goal}") for goal in way.solves)


def _table(context: Context) -> Table:
    rows = tuple(
        Row(
            Cell(shown.name, sign=shown.letter, tone="letter"),
            (_missed(context, shown), _terms(context, shown)),
        )
        for shown in context.packages
    )
    columns = tuple(Cell(say(f"brief.unlock.{key}")) for key in ("misses", "nearest"))
    caption = say("brief.unlock.caption")
    return Table(caption, say("brief.packages.package"), columns, rows, "terms")


def _missed(context: Context, shown: Shown) -> Cell:
    """What a package misses, and what could not be told."""
    result = context.unlocks.get(shown.letter)
    if result is None or not result.open:
        if shown.letter in context.unasked["unlock"]:
            return Cell(say("brief.overview.unasked"), tone="quiet")
        found = verdicts(context, shown)
        untold = [goal for goal, verdict in found.items() if verdict is None]
        return Cell(say("brief.unlock.misses_nothing"), sign="✓", lines=_unclear(untold))
    first, *others = map(capital, result.reasons)
    lines = (*others, *_unclear(result.standing.untold))
    return Cell(first, sign="✗", lines=lines, tone="bad")


def _unclear(goals: Iterable[Goal]) -> tuple[str, ...]:
    return tuple(capital(say(f"unlock.unclear.{goal}")) for goal in goals)


def _terms(context: Context, shown: Shown) -> Cell:
    """The nearest change of terms, issue by issue, and what it leaves."""
    result = context.unlocks.get(shown.letter)
    if result is None or not result.open:
        return Cell("–", tone="quiet")
    way = _nearest(result)
    if way is None:
        told = (_text(context, entry) for entry in result.bounds if entry.lever == "terms")
        return Cell(say("brief.unlock.no_terms"), lines=tuple(told))
    changes = [part for part in way.parts if isinstance(part, Change)]
    lines = [change_text(result.case, change) for change in changes]
    untold = [goal for goal in way.open if goal in result.standing.untold]
    left = [say(f"unlock.left.{goal}") for goal in way.open if goal not in untold]
    if left:
        lines.append(say("brief.unlock.left", left=listed(left)))
    text = capital(say("unlock.cost.changes", count=len(changes)))
    return Cell(text, lines=(*lines, *_unclear(untold)))


# fold-outs


def _fold_outs(context: Context, one: tuple[str, UnlockResult] | None) -> Iterator[FoldOut]:
    if whole := tuple(_in_full(context)):
        yield FoldOut(say("brief.in_full"), whole)
    yield FoldOut(say("brief.how"), tuple(_method(context, one)))


def _in_full(context: Context) -> Iterator[str | Table]:
    """Every way of every package, and what does not get there."""
    rows, bounds = [], []
    for letter, found in context.unlocks.items():
        result = _distinct(context, found)
        name = name_of(context, letter)
        if result.ways:
            rows.append(Row(Cell(name)))
            rows += [_way(context, result, way) for way in result.ways]
        told = tuple(replace(entry, text=_text(context, entry)) for entry in result.bounds)
        if told:
            texts = " ".join(bound_texts(replace(result, bounds=told)))
            bounds.append(say("brief.unlock.bounds", package=name, told=texts))
    if rows:
        columns = tuple(Cell(say(f"brief.unlock.{key}")) for key in ("way", "cost"))
        caption = say("brief.unlock.all_ways")
        yield Table(caption, say("brief.unlock.lever_head"), columns, tuple(rows), "terms")
    yield from bounds


def _way(context: Context, result: UnlockResult, way: Way) -> Row:
    lines = tuple(filter(None, [stands_text(way.share)]))
    cost = Cell(capital(_cost(context, result, way)) or "–", lines=lines)
    return Row(Cell(capital(lever_text(way.lever))), (Cell(_text(context, way)), cost))


def _method(context: Context, one: tuple[str, UnlockResult] | None) -> Iterator[str]:
    yield say("unlock.definition")
    if one is not None:
        letter, result = one
        levers = listed(lever_text(lever) for lever in result.levers if lever != "terms")
        yield say("brief.unlock.method", package=name_of(context, letter), levers=levers)
        yield " ".join(granted_sentences(result))
    yield say("brief.cited.unlock")
