"""What could break it: in what share of codings it stands, where it turns, when it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from detente.model.sentences import say
from detente.uncertainty.answer import (
    VERDICTS,
    BreaksWhen,
    Factor,
    Influences,
    RobustChoice,
    Verdict,
)
from detente.uncertainty.course.answer import Course
from detente.uncertainty.stress_result import StressResult
from detente.views.brief.context import MEDIATOR, Context
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
from detente.views.naming import capital
from detente.views.stress.charts import share_reading, share_rows
from detente.views.stress.course import (
    alarm_text,
    cause_rows,
    course_sentences,
    given_text,
    passage_sentences,
)
from detente.views.stress.robust import asked_about, notable, robust_rows, robust_sentences
from detente.views.stress.sentences import (
    asides,
    bound,
    breaks_text,
    drawn_text,
    findings,
    influence_reading,
    influence_text,
    marks_text,
    road_text,
    together_text,
    unbroken_sentences,
)
from detente.views.stress.shares import index_text, share_text, verdict_text
from detente.views.stress.survival import survival_curve, survival_reading, survival_title
from detente.views.stress.tables import asked, party_columns, party_legend, party_name
from detente.views.stress.tornado import tornado_reading, tornado_rows, tornado_title, turning
from detente.views.stress.turns import turns_text
from detente.views.stress.words import factor_text

TURNING = 8
"""Most numbers of which it is drawn where they turn a verdict."""
COMPARED = 5
"""Most packages that are compared."""
GAINS = ("smallest_gain", "greatest_regret", "likely_gain")
"""What is told of them where the gains of all may be told."""


def section(context: Context) -> Section | None:
    """The shares of the main package; None where no number of the case may be another."""
    if context.stress is None:
        return None
    result = _named(context, context.stress)
    first, *_ = findings(result)
    return Section(
        key="stress",
        label=say("brief.stress.label"),
        headline=first,
        paragraphs=tuple(filter(None, _paragraphs(context, result))),
        picture=_shares(result) if result.standing.samples else None,
        table=_packages(context),
        remarks=tuple(_remarks(context, result)),
        fold_outs=tuple(_fold_outs(context, result)),
    )


def _named(context: Context, result: StressResult) -> StressResult:
    """The answer by the name that the brief has for the package: of a point, its first rule."""
    main = context.main
    if result.package is None and main is not None and main.selected.rules:
        return replace(result, package=main.selected.rules[0])
    return result


# what may be told


def _owner(context: Context, factor: Factor) -> str | None:
    """Whose number it is; None where it is nobody’s own.

    Raises
    ------
    LookupError
        Where that cannot be told.
    """
    case, (part, *rest) = context.case, factor.path
    if part in ("values", "parties"):
        return str(rest[0])
    if part == "violations":
        return case.violations[str(rest[0])].party
    if part == "guarantees":
        return case.guarantees[str(rest[0])].against
    if part == "drivers" and len(rest) > 2 and rest[1] == "shifts":
        return case.drivers[str(rest[0])].shifts[int(rest[2])].party
    if part == "drivers" and len(rest) > 2 and rest[1] == "hazards":
        return str(rest[2])
    if part in ("verification", "drivers"):
        return None
    raise LookupError(f"nobody is known to own {factor.name}")


def may_tell(context: Context, factor: Factor) -> bool:
    """Whether a number may be named, and told at which value something turns."""
    try:
        owner = _owner(context, factor)
    except LookupError:  # it stands in another coding only
        return context.audience == MEDIATOR
    return owner is None or context.open_to(owner)


def _whole(context: Context) -> bool:
    """Whether the gains of all may be told."""
    return all(map(context.open_to, context.case.parties))


def _shown(context: Context, found: RobustChoice) -> RobustChoice:
    """The packages without what all of them bring, where that may not be told."""
    if _whole(context):
        return found
    untold: dict[str, Any] = dict.fromkeys(GAINS)
    return replace(found, packages=tuple(replace(entry, **untold) for entry in found.packages))


def _told(context: Context, found: BreaksWhen) -> bool:
    return all(may_tell(context, entry.factor) for entry in found.conditions)


# what is said


def _paragraphs(context: Context, result: StressResult) -> Iterator[str]:
    """How sure the shares are, where it turns, when it breaks, and how it fares in time."""
    if not result.standing.samples:
        return
    yield together_text(result)
    yield _turned(context, result)
    yield _broken(context, result)
    if result.course is not None:
        yield " ".join(course_sentences(result.course))


def _remarks(context: Context, result: StressResult) -> Iterator[str]:
    """Which package is accepted in the largest share, and what a share means."""
    if result.robust is not None:
        yield " ".join(robust_sentences(result.case, _shown(context, result.robust)))
    yield say("stress.finding.meaning")


def _turned(context: Context, result: StressResult) -> str:
    """Which numbers turn a verdict by themselves; only how many where they may not be named."""
    if all(may_tell(context, flip.factor) for flip in result.flips):
        return turns_text(result)
    names = {flip.factor.name for flip in result.flips if flip.within_range}
    return say(f"brief.stress.turned{'' if names else '_none'}", count=len(names))


def _broken(context: Context, result: StressResult) -> str:
    """When it breaks: the condition that says most; those that may not be told are counted."""
    told = _conditions(context, result)
    hidden = len(result.breaks_when) - len(told)
    texts = [breaks_text(result, found) for found in told[:1]]
    texts += [say("brief.stress.broken", count=hidden)] if hidden else []
    texts += [marks_text(result)] if told else []
    return " ".join([*texts, *unbroken_sentences(result)])


def _conditions(context: Context, result: StressResult) -> list[BreaksWhen]:
    """Those that may be told: for all of it at once first, then as they were found."""
    told = [found for found in result.breaks_when if _told(context, found)]
    return sorted(told, key=lambda found: found.verdict != "all_of_it")


# pictures and tables


def _shares(result: StressResult) -> Picture:
    verdicts = asked(result.standing)
    rows = [
        say(
            "brief.stress.row",
            verdict=verdict_text(result.case, verdict),
            share=share_text(share),
            bounds=_bounds(result, verdict),
        )
        for verdict in verdicts
        if (share := result.standing.share(verdict)) is not None
    ]
    return picture(
        "stress",
        share_rows(result, WIDE),
        share_rows(result, NARROW),
        title=say("brief.stress.title"),
        description=say("brief.stress.description", rows=" ".join(rows).strip()),
        note=share_reading(result),
    )


def _bounds(result: StressResult, verdict: Verdict) -> str:
    """The two shares beside that of a verdict, where they were drawn."""
    independent, full = (bound(result, verdict, name) for name in ("independent", "full"))
    if independent is None or full is None:
        return ""
    slots = {"independent": share_text(independent), "full": share_text(full)}
    return say("brief.stress.bounds", **slots)


def _packages(context: Context) -> Table | None:
    """The packages that are carried, in the same codings: in what share each verdict stands."""
    standings = context.standings
    if len(standings) < 2:
        return None
    verdicts = [v for v in VERDICTS if any(entry.share(v) for entry in standings.values())]
    rows = []
    for shown in context.packages:
        if shown.letter in standings:
            found = [standings[shown.letter].share(verdict) for verdict in verdicts]
            cells = (
                Cell("–" if share is None else share_text(share), tone="number") for share in found
            )
            header = Cell(shown.name, sign=shown.letter, tone="letter")
            rows.append(Row(header, tuple(cells)))
    columns = tuple(Cell(say(f"terminal.stress.short_{verdict}")) for verdict in verdicts)
    caption = say("brief.stress.packages", samples=next(iter(standings.values())).samples)
    return Table(caption, say("terminal.stress.package"), columns, tuple(rows), "terms")


def _accepted(context: Context, result: StressResult) -> Table | None:
    """Further packages in the same codings; gains only where those of all may be told."""
    if result.robust is None:
        return None
    few = _compared(_shown(context, result.robust))
    if len(few.packages) < 2:
        return None
    keys = ("accepted", *(GAINS if _whole(context) else ()))
    rows = []
    for entry, (name, *told) in zip(few.packages, robust_rows(result.case, few), strict=True):
        cells = tuple(Cell(text, tone="number") for text in told[: len(keys)])
        tone = "strong" if "asked" in entry.names else ""
        rows.append(Row(Cell(name, tone=tone), cells))
    columns = tuple(Cell(say(f"terminal.stress.{key}")) for key in keys)
    caption = say("brief.stress.accepted")
    return Table(caption, say("terminal.stress.package"), columns, tuple(rows), "terms long")


def _compared(found: RobustChoice) -> RobustChoice:
    """The first packages with a name, and always the one that was asked about."""
    asked = asked_about(found)
    first = [entry for entry in notable(found).packages if entry.names][:COMPARED]
    few = first if asked in first else [*first[:-1], asked]
    return replace(found, packages=tuple(few))


def _fold_outs(context: Context, result: StressResult) -> Iterator[FoldOut]:
    if whole := tuple(_in_full(context, result)):
        yield FoldOut(say("brief.in_full"), whole, printed=True)
    yield FoldOut(say("brief.how"), tuple(_method(result)))


def _in_full(
    context: Context, result: StressResult
) -> Iterator[str | Picture | Table | Definitions]:
    """Where verdicts turn, when it breaks, the years, what decides, and party by party."""
    if drawn := _turning(context, result):
        yield drawn
    if further := _conditions(context, result)[1:]:
        told = " ".join(breaks_text(result, found) for found in further)
        yield Definitions(((say("brief.stress.breaks"), told),))
    if result.course is not None:
        yield from _years(context, result.course)
    decided = [block for found in result.influences for block in _deciding(context, result, found)]
    if decided:
        yield from decided
        yield influence_reading(result)
    if parties := _parties(context, result):
        legend = party_legend(result.standing)
        yield parties
        yield from filter(None, [legend])
    yield from filter(None, [_accepted(context, result)])


def _turning(context: Context, result: StressResult) -> Picture | None:
    rows = turning(result, lambda factor: may_tell(context, factor))
    if not rows:
        return None
    few, note = rows[:TURNING], tornado_reading(rows, TURNING)
    title = tornado_title(rows)
    if not all(may_tell(context, flip.factor) for flip in result.flips):
        note += " " + say("brief.stress.left_out")
        count = sum(row.within_range for row in rows)
        title = say(f"brief.stress.turning_{'some' if count else 'none'}", count=count)
    return picture(
        "tornado",
        tornado_rows(result, few, WIDE),
        tornado_rows(result, few, NARROW),
        title=title,
        description=say("brief.stress.tornado"),
        note=note,
    )


def _years(context: Context, course: Course) -> Iterator[str | Picture | Table]:
    """The curve, and what the case gives no hazard of; causes for those who may see all."""
    title = survival_title(course)
    yield picture(
        "survival",
        survival_curve(course, WIDE),
        survival_curve(course, NARROW),
        title=title,
        description=" ".join(course_sentences(course)),
        note=survival_reading(),
    )
    yield from filter(None, (alarm_text(context.case, course), given_text(context.case, course)))
    causes = cause_rows(context.case, course)
    if causes and _whole(context):
        rows = tuple(Row(Cell(name), (Cell(share, tone="number"),)) for name, share in causes)
        columns = (Cell(say("terminal.stress.histories")),)
        yield Table(say("brief.stress.causes"), say("terminal.stress.cause"), columns, rows)
        if told := passage_sentences(context.case, course):
            yield " ".join(told)


def _deciding(context: Context, result: StressResult, found: Influences) -> tuple[str | Table, ...]:
    """What moves one measure: in words where all may be named, then number by number."""
    named = [entry for entry in found.factors if entry.factor is not None]
    told = [entry for entry in named if entry.factor and may_tell(context, entry.factor)]
    if not told:
        return ()
    whole = len(told) == len(named)
    rows = []
    for entry in found.factors if whole else told:
        if entry.factor is None:
            name = capital(say("stress.decides.others", count=entry.others))
        else:
            name = capital(factor_text(result.case, entry.factor))
        cells = (Cell(index_text(entry.first_order)), Cell(index_text(entry.total)))
        rows.append(Row(Cell(name), cells))
    columns = (Cell(say("terminal.stress.by_itself")), Cell(say("terminal.stress.total")))
    caption = capital(say(f"stress.measure.{found.measure}"))
    table = Table(caption, say("terminal.stress.number"), columns, tuple(rows), "terms long")
    return (influence_text(result, found), table) if whole else (table,)


def _parties(context: Context, result: StressResult) -> Table | None:
    """In what share each party accepts, stays, keeps and goes on, for those who may see it."""
    columns = party_columns(result.standing)
    names = dict.fromkeys(name for shares in columns.values() for name in shares)
    rows = [
        Row(
            Cell(party_name(context.case, name), party=context.identities[name]),
            tuple(
                Cell(share_text(shares[name]) if name in shares else "–", tone="number")
                for shares in columns.values()
            ),
        )
        for name in names
        if context.open_to(name)
    ]
    if not rows:
        return None
    heads = tuple(Cell(say(f"terminal.stress.{key}")) for key in columns)
    caption, corner = say("brief.stress.by_party"), say("brief.stress.party")
    return Table(caption, corner, heads, tuple(rows), "matrix")


def _method(result: StressResult) -> Iterator[str]:
    yield result.definition
    yield drawn_text(result)
    if road := road_text(result):
        yield road
    if told := asides(result):
        yield " ".join(told)
    yield say("brief.cited.stress")
