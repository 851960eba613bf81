"""The terminal view of ``draft``: who owes what, what bars signature, who settles it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import RenderableType

from detente.case.implementation import Commitment
from detente.commitments.answer import LEVELS, Clause, Level, Stage
from detente.commitments.dates import day_text
from detente.commitments.draft_result import DraftResult
from detente.model.sentences import listed, say
from detente.model.wording import rule_text
from detente.views.clauses import (
    TOLD,
    Fault,
    counted_from,
    decisions,
    due_text,
    faults,
    headline,
    parties,
    promise_text,
    several,
    when_text,
    where,
)
from detente.views.naming import capital
from detente.views.terminal.compare import comparison_blocks
from detente.views.terminal.layout import YES, bullets, heading, limited, sentence, table, whole
from detente.views.terminal.opening import opening

ROWS = 40
"""Most rows of a table and lines of a list; the rest is counted, and files have all."""
NAMED = 24
"""Most clauses named in a line."""
IN_ORDER = 12
"""Most clauses named at a place of the order."""
_SIGNS: Mapping[Level, str] = {"leader": YES, "working": "○", "technical": "◇"}


def draft_blocks(result: DraftResult) -> list[RenderableType]:
    """What a delegation needs: the finding, the clauses, and what stands in the way."""
    blocks = [*opening(result.case), sentence(headline(result), "bold")]
    if result.clauses:
        blocks += [heading(say("terminal.draft.owes")), *_clauses(result)]
    if counted := counted_from(result):
        blocks.append(sentence(counted))
    if result.clauses:
        blocks += [
            *_coverage(result),
            *_levels(result),
            *_mandate(result),
            *_findings(result),
            *_order(result),
        ]
    if result.comparison is not None:
        blocks += comparison_blocks(result)
    return blocks


def _clauses(result: DraftResult) -> list[RenderableType]:
    case = result.case
    rows = [
        [
            clause.commitment.id,
            f"{_who(result, clause.commitment)}\n{capital(promise_text(case, clause.commitment))}",
            when_text(case, clause),
            f"{_SIGNS[clause.level]} {say(f'terminal.draft.{clause.level}')}",
        ]
        for clause in result.clauses[:ROWS]
    ]
    headers = [say(f"terminal.draft.{key}") for key in ("clause", "who", "when", "next")]
    shown: list[RenderableType] = [table(headers, rows, unbroken=[*whole(rows), 3])]
    return shown + _rest(len(result.clauses) - ROWS, "--out FILE.csv")


def _rest(count: int, where: str) -> list[RenderableType]:
    """How much is not shown, and where it is."""
    return [sentence(say("terminal.more", count=f"{count:,}", where=where))] if count > 0 else []


def _who(result: DraftResult, entry: Commitment) -> str:
    who = parties(result.case, entry.who)
    if not entry.to:
        return who
    return say("terminal.draft.to", who=who, to=parties(result.case, entry.to))


def _coverage(result: DraftResult) -> list[RenderableType]:
    """What the outcome changes and the text leaves out."""
    case, today = result.case, result.case.status_quo or {}
    changes = sum(today.get(issue) != option for issue, option in result.outcome.items())
    if not changes:
        return [sentence(say("terminal.draft.covers_nothing"))]
    if not result.uncovered:
        return [sentence(say("terminal.draft.covers_all"))]
    gaps = [
        say(
            "terminal.draft.change" if gap.before else "terminal.draft.open_issue",
            issue=case.issue_name(gap.issue),
            before=case.option_name(gap.issue, gap.before) if gap.before else "",
            after=case.option_name(gap.issue, gap.after),
        )
        for gap in result.uncovered
    ]
    key = "leaves_out_one" if changes == 1 else "leaves_out"
    told = say(f"terminal.draft.{key}", changes=changes, left=len(gaps))
    return [sentence(told), bullets(gaps)]


def _levels(result: DraftResult) -> Iterable[RenderableType]:
    """Three lists, clauses with the same reason together."""
    for level in LEVELS:
        reasons: dict[str, list[str]] = {}
        for clause in result.levels[level]:
            reasons.setdefault(clause.reason, []).append(clause.commitment.id)
        if reasons:
            yield heading(say(f"terminal.draft.{level}_list"))
            yield bullets(
                limited(
                    [
                        say("terminal.draft.reason", clauses=several(ids, NAMED), reason=reason)
                        for reason, ids in reasons.items()
                    ],
                    ROWS,
                    "--json",
                ),
                _SIGNS[level],
            )


def _mandate(result: DraftResult) -> Iterable[RenderableType]:
    if not result.mandate:
        return
    yield heading(say("terminal.draft.mandate", count=len(result.mandate)))
    for level in LEVELS:
        tasks = decisions(result, level, NAMED)
        if tasks:
            yield sentence(say(f"terminal.draft.mandate_{level}"))
            yield bullets(limited(tasks, ROWS, "--json"), "→")


def _findings(result: DraftResult) -> Iterable[RenderableType]:
    """What bars signature, what is worth mending, and what was left open on purpose."""
    for key, bars in (("bars", True), ("mend", False)):
        found = [*_rules(result)] if bars else []
        found += [line for fault in faults(result, bars) for line in _lines(result, fault)]
        if found:
            yield heading(say(f"terminal.draft.{key}"))
            yield bullets(found, "✗" if bars else "•")
        elif bars:
            yield heading(say("terminal.draft.nothing_bars"))
    if result.ambiguities:
        yield heading(say("terminal.draft.on_purpose"))
        yield bullets(limited([found.what for found in result.ambiguities], ROWS, "--json"))


def _rules(result: DraftResult) -> Iterator[str]:
    """The rules of the case that the outcome breaks."""
    for place in result.broken_rules:
        rule = rule_text(result.case, result.case.rules[place])
        yield say("terminal.draft.breaks", number=str(place + 1), rule=rule)


def _lines(result: DraftResult, fault: Fault) -> list[str]:
    """One line a kind; the sentences themselves where they say more."""
    if fault.key in TOLD:
        return limited([finding.what for finding in fault.findings], ROWS, "--json")
    clauses = several(where(result, fault), NAMED)
    return [say("terminal.draft.fault", label=fault.label, where=clauses)]


def _order(result: DraftResult) -> Iterable[RenderableType]:
    """What comes when, one line a moment."""
    named = {clause.commitment.id: clause for clause in result.clauses}
    yield heading(say("terminal.draft.order"))
    rows = [
        [
            _moment(result, stage, named),
            several([_triggered(id, named) for id in stage.ids], IN_ORDER),
        ]
        for stage in result.sequence[:ROWS]
    ]
    yield table(["", ""], rows, unbroken=[0], plain=True)
    yield from _rest(len(result.sequence) - ROWS, "--json")


def _moment(result: DraftResult, stage: Stage, named: Mapping[str, Clause]) -> str:
    if not stage.ordered:
        return say("terminal.draft.unordered")
    if stage.due is not None:
        return day_text(stage.due)
    first = next(
        (named[id].commitment for id in stage.ids if named[id].commitment.by is not None), None
    )
    return due_text(result.case, first, None) if first else say("terminal.draft.later")


def _triggered(id: str, named: Mapping[str, Clause]) -> str:
    after: Sequence[str] = named[id].commitment.after
    if not after:
        return id
    return say("terminal.draft.triggered", id=id, others=listed(after))
