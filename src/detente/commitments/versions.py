"""What changed from one version of a text to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from detente.agreement.concerns import owned_concerns
from detente.agreement.packages.changes import verdicts
from detente.case.implementation import Commitment
from detente.case.schema import Case
from detente.commitments.answer import ClauseChange, Comparison, TermChange, TextFinding
from detente.commitments.text import NegotiatedText
from detente.model.compilation import compile_case

_PLAIN = ("who", "to", "does", "text", "by", "after", "checked_by", "level", "if_not")
_TABLES = ("terms", "brackets")

Pair = tuple[str, str]


def compare(
    names: Pair,
    before: NegotiatedText,
    after: NegotiatedText,
    findings: tuple[Sequence[TextFinding], Sequence[TextFinding]],
) -> Comparison:
    """Compare two versions of a text, clause by clause, and their outcomes.

    Clauses are the same where their ids are. Concerns and consent are judged by the outcomes
    of the two packages alone: acceptable means, as in ``agree``, that walk-away value, red
    lines and ratification are met; a party without values accepts what meets its red lines.

    Parameters
    ----------
    names
        Keys of the two packages.
    before, after
        Their texts.
    findings
        What is wrong with each.

    Raises
    ------
    CaseError
        Where the case cannot be compiled (its rules leave no outcome).
    """
    case = before.case
    earlier, later = ({(f.id, f.kind): None for f in entries} for entries in findings)
    both = before.promises.keys() & after.promises.keys()
    brackets = [list(_brackets(text.commitments)) for text in (before, after)]
    met = [list(_met(case, text.outcome)) for text in (before, after)]
    accepts = _accepts(case, before.outcome, after.outcome)
    return Comparison(
        before=names[0],
        after=names[1],
        clauses=tuple(_clause_changes(before.commitments, after.commitments)),
        outcome=tuple(
            TermChange(issue, before.outcome[issue], after.outcome[issue])
            for issue in case.issues
            if before.outcome[issue] != after.outcome[issue]
        ),
        opened=_only(brackets[1], brackets[0]),
        closed=_only(brackets[0], brackets[1]),
        met=_only(met[1], met[0]),
        lost=_only(met[0], met[1]),
        won=tuple(party for party, (first, then) in accepts.items() if then and not first),
        refused=tuple(party for party, (first, then) in accepts.items() if first and not then),
        cleared=tuple(entry for entry in earlier if entry not in later and entry[0] in both),
        new=tuple(entry for entry in later if entry not in earlier and entry[0] in both),
    )


def _only(one: Sequence[Pair], other: Sequence[Pair]) -> tuple[Pair, ...]:
    known = set(other)
    return tuple(entry for entry in one if entry not in known)


def _clause_changes(
    before: Sequence[Commitment], after: Sequence[Commitment]
) -> Iterator[ClauseChange]:
    """In the order of the later text; what was taken out comes last."""
    earlier = {entry.id: entry for entry in before}
    later = {entry.id: entry for entry in after}
    for id, entry in later.items():
        if id not in earlier:
            yield ClauseChange(id, "clause", None, summary(entry))
        else:
            yield from _field_changes(earlier[id], entry)
    for id, entry in earlier.items():
        if id not in later:
            yield ClauseChange(id, "clause", summary(entry), None)


def summary(entry: Commitment) -> str:
    """A clause in one text: its wording, else what it does."""
    return entry.text or (str(entry.does) if entry.does is not None else entry.id)


def _field_changes(before: Commitment, after: Commitment) -> Iterator[ClauseChange]:
    for name in _PLAIN:
        old, new = _shown(getattr(before, name)), _shown(getattr(after, name))
        if old != new:
            yield ClauseChange(after.id, name, old, new)
    for name in _TABLES:
        old_table: Mapping[str, str] = getattr(before, name)
        new_table: Mapping[str, str] = getattr(after, name)
        for key in dict.fromkeys([*old_table, *new_table]):
            if old_table.get(key) != new_table.get(key):
                field = f"{name}.{key}"
                yield ClauseChange(after.id, field, old_table.get(key), new_table.get(key))


def _shown(value: Any) -> Any:
    """A field as JSON would have it."""
    if value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else str(value)


def _brackets(commitments: Sequence[Commitment]) -> Iterator[Pair]:
    for entry in commitments:
        for party in entry.brackets:
            yield entry.id, party


def _met(case: Case, outcome: Mapping[str, str]) -> Iterator[Pair]:
    """The concerns that an outcome meets, by party or faction."""
    for owner, concern, _ in owned_concerns(case):
        if concern.met.holds(outcome, case.options):
            yield owner, concern.name


def _accepts(
    case: Case, before: Mapping[str, str], after: Mapping[str, str]
) -> dict[str, tuple[bool, bool]]:
    """Per party, whether it accepts the one and the other outcome."""
    model = compile_case(case)
    codes = np.array([model.space.codes(before), model.space.codes(after)], dtype=np.int64)
    found = verdicts(model.problem, model.problem.totals(codes))
    return {party: (bool(found[party][0]), bool(found[party][1])) for party in case.parties}
