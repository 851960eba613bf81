"""The text: what leaders can sign, what others settle first, and when each clause is due."""

from __future__ import annotations

from collections.abc import Iterator

from detente.commitments.answer import LEVELS
from detente.commitments.draft_result import DraftResult
from detente.commitments.text import packages_with_text
from detente.model.sentences import listed, say
from detente.model.wording import quoted
from detente.views.brief.context import Context
from detente.views.brief.parts import Cell, Definitions, FoldOut, Picture, Row, Section, Table
from detente.views.brief.picture import NARROW, WIDE, picture
from detente.views.clauses import (
    TOLD,
    Fault,
    counted_from,
    decisions,
    faults,
    headline,
    parties,
    several,
    signed_before,
    when_text,
    where,
)
from detente.views.naming import capital
from detente.views.timelines import draft_timeline, reading

NAMED = 24
"""Most clauses named in a decision."""


def section(context: Context) -> Section | None:
    """The longest text as a timeline, all of them as a table; None where there is none."""
    if not context.drafts:
        return None
    main = longest(context)
    others = [result for result in context.drafts.values() if result is not main]
    return Section(
        key="text",
        label=say("brief.text.label"),
        headline=headline(main),
        paragraphs=(" ".join(_paragraph(context, main)),),
        picture=_picture(main),
        table=_table(context),
        remarks=tuple(_incomplete(context)),
        fold_outs=(
            *_in_full([main, *others]),
            FoldOut(say("brief.how"), (main.definition, say("brief.cited.text"))),
        ),
    )


def longest(context: Context) -> DraftResult:
    """The text with the most clauses; of several the first of the case."""
    return max(context.drafts.values(), key=lambda result: len(result.clauses))


def _paragraph(context: Context, main: DraftResult) -> Iterator[str]:
    """Which text it is, what it leaves out, and how much is to be decided."""
    case = context.case
    name = f"“{case.package_name(main.package)}”"
    if len(context.drafts) > 1:
        yield say("brief.text.longest", package=name, count=len(context.drafts))
    if main.uncovered:
        left = quoted(case.issue_name(gap.issue) for gap in main.uncovered)
        yield say("brief.text.leaves_out", package=name, issues=left)
    elif any((case.status_quo or {}).get(i) != option for i, option in main.outcome.items()):
        yield say("brief.text.covers")
    else:
        yield say("brief.text.as_today")
    counts = {level: sum(task.level == level for task in main.mandate) for level in LEVELS}
    by = {say(f"brief.text.by_{level}"): count for level, count in counts.items() if count}
    if by:
        key = "mandate_past" if signed_before(main) else "mandate"
        key += "_one" if len(by) == 1 else ""
        told = [say("brief.text.decides", count=count, level=level) for level, count in by.items()]
        slots = {"count": len(main.mandate), "level": next(iter(by)), "levels": listed(told)}
        yield say(f"brief.text.{key}", **slots)


def _picture(main: DraftResult) -> Picture:
    case = main.case
    rows = []
    for clause in main.clauses:
        when = when_text(case, clause).replace("\n", ", ")
        who = parties(case, clause.commitment.who)
        rows.append(say("brief.text.row", id=clause.commitment.id, who=who, when=when))
    return picture(
        "text",
        draft_timeline(main, WIDE),
        draft_timeline(main, NARROW),
        title=_title(main),
        description=say("brief.text.description", rows="; ".join(rows)),
        note=" ".join(part for part in (reading(main), counted_from(main)) if part),
    )


def _title(main: DraftResult) -> str:
    """How many clauses have a date."""
    package = f"“{main.case.package_name(main.package)}”"
    count, undated = len(main.clauses), sum(c.commitment.by is None for c in main.clauses)
    key = "none" if undated == count else "some" if undated else "all"
    key += "_one" if count == 1 else ""
    return say(f"brief.text.dated_{key}", package=package, count=count, dated=count - undated)


def _table(context: Context) -> Table:
    """One row a text: its clauses by who deals with them, and what is wrong by kind."""
    rows = []
    for name, result in context.drafts.items():
        levels = tuple(
            say(f"brief.text.count_{level}", count=str(len(result.levels[level])))
            for level in LEVELS
            if result.levels[level]
        )
        clauses = say(
            "brief.text.clauses",
            digits=f"{len(result.clauses):,}",
            count=len(result.clauses),
        )
        cells = (Cell(clauses, lines=levels), _kinds(result, True), _kinds(result, False))
        rows.append(Row(Cell(context.case.package_name(name)), cells))
    columns = tuple(Cell(say(f"brief.text.{key}")) for key in ("next", "bars", "mend"))
    return Table(say("brief.text.caption"), say("brief.text.text"), columns, tuple(rows), "terms")


def _kinds(result: DraftResult, bars: bool) -> Cell:
    """Findings by kind, with how many clauses have each."""
    found = faults(result, bars)
    if not found:
        return Cell(say("brief.text.nothing"), tone="quiet")
    return Cell(
        lines=tuple(
            say("brief.text.kind", kind=fault.label, count=str(len(fault.ids))) for fault in found
        )
    )


def _wrong(result: DraftResult) -> bool:
    return bool(result.findings or result.ambiguities)


def _in_full(results: list[DraftResult]) -> Iterator[FoldOut]:
    """Every finding on every text, and the smallest mandates that would clear the way."""
    blocks: list[str | Definitions] = []
    for result in filter(_wrong, results):
        package = f"“{result.case.package_name(result.package)}”"
        blocks += [say("brief.text.findings", package=package), _findings(result)]
    if entries := tuple(_mandates(results)):
        blocks += [say("brief.text.mandates"), Definitions(entries)]
    if blocks:
        yield FoldOut(say("brief.in_full"), tuple(blocks))


def _findings(result: DraftResult) -> Definitions:
    """Every finding, by kind; what bars signature first, what was left open on purpose last."""
    entries = [
        (fault.label, _told(result, fault))
        for bars in (True, False)
        for fault in faults(result, bars)
    ]
    if result.ambiguities:
        told = " ".join(found.what for found in result.ambiguities)
        entries.append((say("terminal.draft.on_purpose"), told))
    return Definitions(tuple(entries))


def _told(result: DraftResult, fault: Fault) -> str:
    """The sentences of a kind, where they say more than which clauses it is."""
    if fault.key in TOLD:
        return " ".join(finding.what for finding in fault.findings)
    return f"{several(where(result, fault), NAMED)}."


def _mandates(results: list[DraftResult]) -> Iterator[tuple[str, str]]:
    """The smallest mandates, one entry a text and level."""
    for result in results:
        for level in LEVELS:
            tasks = decisions(result, level, NAMED)
            if tasks:
                package = f"“{result.case.package_name(result.package)}”"
                term = say(f"brief.text.mandate_{level}", package=package)
                yield term, capital("; ".join(tasks)) + "."


def _incomplete(context: Context) -> Iterator[str]:
    """Texts of packages that leave issues open, which cannot be held against an outcome."""
    left = [name for name in packages_with_text(context.case) if name not in context.drafts]
    if left:
        names = quoted(context.case.package_name(name) for name in left)
        yield say("brief.text.incomplete", packages=names, count=len(left))
