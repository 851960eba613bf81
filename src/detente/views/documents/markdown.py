"""A negotiating text as Markdown (CommonMark, tables as on GitHub)."""

from __future__ import annotations

from collections.abc import Iterator

from detente.commitments.draft_result import DraftResult
from detente.model.sentences import say
from detente.views.documents.negotiating_text import (
    Annex,
    NegotiatingText,
    NumberedClause,
    Runs,
    TextTable,
    negotiating_text,
)
from detente.views.markdown import beginning, escaped, pipe_table


def markdown_text(result: DraftResult) -> str:
    """The text of a draft as Markdown.

    Wording in brackets is bold, open terms are marked (``<mark>``) and say so in words.

    Parameters
    ----------
    result
        The answer of ``draft``.

    Raises
    ------
    CaseError
        Where a text has control characters.
    """
    return "\n\n".join(_blocks(negotiating_text(result))) + "\n"


def _blocks(text: NegotiatingText) -> Iterator[str]:
    label = None if text.handling is None else f"**{escaped(text.handling)}**"
    if label:
        yield label
    yield f"# {escaped(text.title)}"
    yield f"{beginning(escaped(text.case))}<br>{escaped(text.dated)}"
    yield f"## {_say('parties')}"
    columns = (_say("initials"), _say("party"))
    rows = tuple((short, name) for _, short, name in text.parties)
    yield _table(TextTable("", columns, rows))
    yield escaped(text.legend)
    yield f"## {_say('text')}"
    if not text.clauses:
        yield _say("no_clauses")
    for clause in text.clauses:
        yield from _clause(clause)
    for annex in text.annexes:
        yield from _annex(annex)
    if text.unsettled:
        yield f"## {_say('unsettled')}"
        yield "\n".join(f"- {beginning(escaped(task))}" for task in text.unsettled)
    if label:
        yield label


def _say(key: str) -> str:
    return say(f"negotiating_text.{key}")


def _clause(clause: NumberedClause) -> Iterator[str]:
    yield f"### {escaped(clause.heading)} ({escaped(clause.id)})"
    yield beginning(_runs(clause.wording))
    for bracket in clause.brackets:
        yield f"**[{escaped(bracket.initials)}: {_runs(bracket.wording)}]**"
    if clause.details:
        yield "\n".join(f"- **{detail.label}:** {_runs(detail.runs)}" for detail in clause.details)


def _annex(annex: Annex) -> Iterator[str]:
    yield f"## {escaped(annex.heading)}"
    for table in annex.tables:
        if len(annex.tables) > 1:
            yield f"### {escaped(table.heading)}"
        yield _table(table)


def _table(table: TextTable) -> str:
    rows = [list(map(escaped, cells)) for cells in table.rows]
    return pipe_table(list(map(escaped, table.columns)), rows)


def _runs(runs: Runs) -> str:
    return "".join(
        escaped(run.shown) if run.mark == "plain" else f"<mark>{escaped(run.shown)}</mark>"
        for run in runs
    )
