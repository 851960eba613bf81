"""The smallest set of decisions that clears the way for signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detente.case.implementation import OPEN, Commitment
from detente.commitments.answer import Kind, Level, Task, TextFinding
from detente.commitments.findings import clauses
from detente.commitments.sight import sees
from detente.commitments.text import NegotiatedText
from detente.model.sentences import say
from detente.model.wording import in_words

Cleared = tuple[str, Kind]
_Settled = tuple[str, tuple[Cleared, ...]]
"""What is to be settled, and what that clears."""


@dataclass(frozen=True)
class _Option:
    """A decision about checks, and the clauses that it would clear."""

    cost: int
    key: str
    slots: tuple[tuple[str, str], ...]
    clears: frozenset[str]


def mandate(
    text: NegotiatedText, findings: Sequence[TextFinding], levels: Mapping[str, Level]
) -> tuple[Task, ...]:
    """The fewest decisions that clear every finding that bars signature.

    Definition: one decision defines a term (for every clause that leaves it open), closes
    the brackets of a clause, sets the date of a clause, has its other owners join it, brings
    it into line with the outcome, or settles an order. One decision puts a measure to use in
    all clauses that it sees, or agrees on what a measure requires and uses it there; where no
    measure sees all of a clause, one decision finds a check for it. A measure that does not
    state what it detects helps only clauses that name it. What a measure requires changes the
    outcome, and may call for other clauses: so the sets with the fewest such changes come
    first, of these the smallest, and of several the one with the measures that the case names
    first. Technicians decide what concerns only clauses that are theirs, and which measure is
    used; the working level decides the rest.

    Parameters
    ----------
    text
        The text.
    findings
        What is wrong with it.
    levels
        Per clause, who deals with it next.

    Notes
    -----
    Only the checks leave a choice: a smallest cover of clauses by measures, solved exactly as
    an integer program (:func:`scipy.optimize.milp`). It has a row for each set of measures
    that can check a clause, so that its size does not grow with the text.
    """
    barring = [finding for finding in findings if finding.bars]
    settled = [*_terms(text.commitments, barring), *_one_by_one(barring)]
    tasks = [Task(what, _decides(cleared, levels), cleared) for what, cleared in settled]
    unchecked = list(dict.fromkeys(f.id for f in barring if f.kind == "unchecked"))
    if unchecked:
        options = _options(text, unchecked)
        helped = {id for option in options for id in option.clears}
        lost = [_Option(0, "find", (), frozenset([id])) for id in unchecked if id not in helped]
        for option in (*_smallest(options), *lost):
            cleared = tuple(id for id in unchecked if id in option.clears)
            what = say(f"draft.task.{option.key}", clauses=clauses(cleared), **dict(option.slots))
            level: Level = "working" if option.key == "grant" else "technical"
            tasks.append(Task(what, level, tuple((id, "unchecked") for id in cleared)))
    return tuple(tasks)


def _decides(cleared: Sequence[Cleared], levels: Mapping[str, Level]) -> Level:
    return "technical" if all(levels[id] == "technical" for id, _ in cleared) else "working"


def _terms(commitments: Sequence[Commitment], barring: Sequence[TextFinding]) -> list[_Settled]:
    """A term that several clauses leave open is defined once."""
    using: dict[str, list[str]] = {}
    undefined = {finding.id for finding in barring if finding.kind == "undefined"}
    for entry in commitments:
        for term, meaning in entry.terms.items() if entry.id in undefined else ():
            if meaning == OPEN:
                using.setdefault(term, []).append(entry.id)
    return [
        (
            say("draft.task.define", term=term, clauses=clauses(tuple(ids))),
            tuple((id, "undefined") for id in ids),
        )
        for term, ids in using.items()
    ]


_TASKS: Mapping[Kind, str] = {
    "bracketed": "close",
    "undated": "date",
    "beyond the mandate": "join",
    "outside the outcome": "align",
    "order": "order",
}
"""Decisions that clear one clause each. A date clears what has no trigger, too."""


def _one_by_one(barring: Sequence[TextFinding]) -> list[_Settled]:
    tasks: list[_Settled] = []
    for kind, key in _TASKS.items():
        for id in dict.fromkeys(finding.id for finding in barring if finding.kind == kind):
            cleared: list[Cleared] = [(id, kind)]
            if kind == "undated":
                cleared.append((id, "no trigger"))
            tasks.append((say(f"draft.task.{key}", id=id), tuple(cleared)))
    return tasks


def _options(text: NegotiatedText, unchecked: Sequence[str]) -> list[_Option]:
    """Decisions that would give clauses a check, the gentlest first."""
    case = text.case
    measures = case.verification.measures if case.verification is not None else {}
    works = {measure: case.allows(measure, text.outcome) for measure in measures}
    clears: dict[str, set[str]] = {measure: set() for measure in measures}
    for id in unchecked:
        for measure in measures:
            if _would_check(text, id, measure):
                clears[measure].add(id)
    used, required = list[_Option](), list[_Option]()
    for measure, ids in clears.items():
        name = ("measure", case.measure_name(measure))
        if ids and works[measure]:
            used.append(_Option(0, "use", (name,), frozenset(ids)))
        elif ids:
            requires = measures[measure].requires
            assert requires is not None
            needed = ("requires", in_words(case, requires))
            required.append(_Option(1, "grant", (name, needed), frozenset(ids)))
    return used + required


def _would_check(text: NegotiatedText, id: str, measure: str) -> bool:
    """Whether a measure that works would clear what a clause is unchecked for."""
    assert text.case.verification is not None
    entry, hidden = text.order.commitments[id], text.sights[id].hidden
    if not hidden or not text.case.verification.measures[measure].detects:
        return measure in entry.checked_by
    promised = text.promises[id]
    seen = sees(text.case, text.outcome, measure, commitment=entry, promised=promised)
    return set(hidden) <= set(seen)


def _smallest(options: Sequence[_Option]) -> list[_Option]:
    """The fewest options that together clear what any of them clears (a minimum set cover)."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    helping: dict[str, list[int]] = {}
    for column, option in enumerate(options):
        for id in option.clears:
            helping.setdefault(id, []).append(column)
    rows = sorted(set(map(tuple, helping.values())))
    if not rows:
        return []
    places = np.array([(row, c) for row, columns in enumerate(rows) for c in columns]).T
    shape = (len(rows), len(options))
    covers = csr_array((np.ones(places.shape[1]), (places[0], places[1])), shape=shape)
    one = len(options) ** 2  # a decision outweighs all ranks together
    change = len(options) * (one + 1)  # a change to the outcome, all decisions
    costs = [one + change * option.cost + rank for rank, option in enumerate(options)]
    solved = milp(
        np.array(costs, dtype=np.float64),
        integrality=np.ones(len(options), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(covers, 1, np.inf),
        options={"mip_rel_gap": 0},
    )
    assert solved.x is not None  # all options together are a way
    return [option for option, taken in zip(options, solved.x, strict=True) if taken > 0.5]
