"""What changed from one version of a text to another, in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from rich.console import RenderableType

from detente.case.schema import Case
from detente.commitments.answer import ClauseChange, Comparison, Kind
from detente.commitments.draft_result import DraftResult
from detente.model.sentences import listed, say
from detente.views.clauses import several
from detente.views.naming import capital, named
from detente.views.terminal.layout import NO, YES, bullets, heading, limited, sentence

LINES = 40
"""Most changes that are listed; the rest is counted."""
NAMED = 12
"""Most things named in a line."""
SHORT = 60
"""Letters of a wording that are shown."""


def comparison_blocks(result: DraftResult) -> list[RenderableType]:
    """Clauses, brackets, outcome, concerns, consent and findings, as far as they changed."""
    found, case = result.comparison, result.case
    assert found is not None
    before, after = (f"“{case.package_name(name)}”" for name in (found.before, found.after))
    blocks: list[RenderableType] = [
        heading(say("terminal.compare.title", before=before, after=after))
    ]
    empty = [name for name in (found.before, found.after) if not case.packages[name].commitments]
    if empty:
        package = f"“{case.package_name(empty[0])}”"
        blocks.append(sentence(say("terminal.compare.no_text", package=package)))
    else:
        blocks += [*_clauses(case, found), *_brackets(case, found), *_findings(found)]
    return [*blocks, *_outcome(case, found), *_verdicts(case, found)]


def _clauses(case: Case, found: Comparison) -> list[RenderableType]:
    """Clauses added, taken out and changed; brackets are told by themselves."""
    whole = [change for change in found.clauses if change.field == "clause"]
    moved = {*found.opened, *found.closed}
    fields = [
        change
        for change in found.clauses
        if change.field != "clause" and (change.id, change.field.partition(".")[2]) not in moved
    ]
    added = sum(change.before is None for change in whole)
    touched = {change.id for change in found.clauses if change.field != "clause"}
    if not found.clauses:
        return [sentence(say("terminal.compare.same"))]
    counts = {"added": added, "taken": len(whole) - added, "changed": len(touched)}
    told = [say(f"terminal.compare.change_{key}", count=n) for key, n in counts.items() if n]
    lines = [_changed(case, change) for change in (*whole, *fields)]
    return [
        sentence(capital(listed(told)) + "."),
        bullets(limited(lines, LINES, "--json")),
    ]


def _changed(case: Case, change: ClauseChange) -> str:
    if change.field == "clause":
        key = "added" if change.before is None else "taken"
        return say(
            f"terminal.compare.{key}", id=change.id, text=_short(change.after or change.before)
        )
    field, _, key = change.field.partition(".")
    name = case.party_name(key) if field == "brackets" else key
    before, after = (_value(case, field, value) for value in (change.before, change.after))
    label = say(f"terminal.compare.field.{field}", name=name)
    return say("terminal.compare.changed", id=change.id, field=label, before=before, after=after)


def _value(case: Case, field: str, value: Any) -> str:
    """A field of a clause as people read it."""
    if value is None or value == []:
        return say("terminal.compare.nothing")
    if field in ("who", "to"):
        return listed(case.party_name(name) for name in value)
    if isinstance(value, list):
        return listed(value)
    return str(value) if field in ("by", "level") else f"“{_short(value)}”"


def _short(text: str) -> str:
    return textwrap.shorten(text, SHORT, placeholder=" …")


def _brackets(case: Case, found: Comparison) -> list[RenderableType]:
    return [
        sentence(say(f"terminal.compare.{key}", where=several(_in(case, pairs), NAMED)))
        for key, pairs in (("opened", found.opened), ("closed", found.closed))
        if pairs
    ]


def _in(case: Case, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Brackets by clause, each with its parties."""
    owners: dict[str, list[str]] = {}
    for id, party in pairs:
        owners.setdefault(id, []).append(case.party_name(party))
    return [
        say("terminal.compare.bracket", id=id, party=listed(names)) for id, names in owners.items()
    ]


def _findings(found: Comparison) -> list[RenderableType]:
    """Findings that are gone or new, by kind; without a date there is no trigger either."""
    blocks = []
    for key, pairs in (("cleared", found.cleared), ("new", found.new)):
        kinds: dict[Kind, list[str]] = {}
        for id, kind in pairs:
            if kind != "no trigger" or (id, "undated") not in pairs:
                kinds.setdefault(kind, []).append(id)
        told = [
            say(
                "terminal.compare.finding",
                kind=say(f"clauses.kind.{kind.replace(' ', '_')}"),
                clauses=several(ids, NAMED),
            )
            for kind, ids in kinds.items()
        ]
        if told:
            blocks.append(sentence(say(f"terminal.compare.{key}", findings="; ".join(told))))
    return blocks


def _outcome(case: Case, found: Comparison) -> list[RenderableType]:
    changes = [
        say(
            "terminal.draft.change",
            issue=case.issue_name(change.issue),
            before=case.option_name(change.issue, change.before) if change.before else "",
            after=case.option_name(change.issue, change.after),
        )
        for change in found.outcome
    ]
    if not changes:
        return [sentence(say("terminal.compare.outcome_same"))]
    return [sentence(say("terminal.compare.outcome")), bullets(changes)]


def _verdicts(case: Case, found: Comparison) -> list[RenderableType]:
    """Concerns and consent, both judged by the outcomes."""
    blocks: list[RenderableType] = []
    for key, pairs, sign in (("met", found.met, YES), ("lost", found.lost, NO)):
        if pairs:
            told = [
                say("terminal.compare.concern", name=name, party=named(case, owner))
                for owner, name in pairs
            ]
            blocks += [sentence(say(f"terminal.compare.{key}")), bullets(told, sign)]
    for key, names in (("won", found.won), ("refused", found.refused)):
        if names:
            who = listed(case.party_name(name) for name in names)
            blocks.append(sentence(say(f"terminal.compare.{key}", parties=who)))
    if not found.won and not found.refused:
        blocks.append(sentence(say("terminal.compare.verdict_same")))
    return [*blocks, sentence(say("terminal.compare.judged"))]
