"""How long it takes to tell who stays where, in all states of a conflict."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import writing
from conflicts import Conflict, as_yes_or_no, random_conflict
from programs import DETENTE, Measurement, Program, measure

JOBS = Program("detente", "with_graphs.py", DETENTE.python)
ONE_CORE = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
BUDGET = 4.0
"""Seconds after which no other run of a conflict begins."""
MILLION = 90.0, 4000.0
"""Seconds and MB that a million states may take."""
STATES = tuple(range(8, 19))
"""Issues of two options, for three parties: 2^8 to 2^18 states."""
PARTIES, SHARED = tuple(range(2, 10)), 12
"""Parties that share so many issues of two options."""
MATRICES = tuple(range(8, 12))
"""Issues of two options, for three parties, of what the matrix form does in a minute."""
PARTS = ("listing", "graph", "concepts")

TEXT = """\
## Stability

Nash, GMR, SMR, SEQ and SSEQ for every party in every state. Random conflicts: issues dealt to the
parties in turn, −100 to 100 points for every option but the first, −80 to 80 for as many pairs of
options as there are issues. *Moves* are those of all parties from all states, *kept* is the length
of the lists that detente has them in. *Listing* goes from the case to its states, *graph* from
these to moves and preferences, *concepts* is all verdicts: in processor time, which other work on
the machine lengthens less. *All* is the three by the clock. *Command* is `detente hold CASE --all`
as a whole process, by the clock. *MB* is the largest memory of the process before it; the one
without the command had {before:.0f} when it began. A fresh process a conflict; the median of as
many runs as begin within {budget:.0f} s, at most {runs}.

{whole}

{verdicts}

The issues of mixed size have {options} options beside the first of each. With an issue for each of
these, and rules, moves and preferences are the same, and so were the verdicts in every state.

### How the cost of stability grows

Issues of two options that can be undone; processor time, medians of {runs}. A *pass* hands a number
for every state back along all moves once, mover after mover; *graph* and *concepts* are in such
passes, and *a move* is the time of both divided by the number of moves.

{by_states}

{by_parties}

### Against the matrix form

[GMCR+](https://github.com/onp/gmcr-py), the Python program known for this model, was not measured:
pip finds no package of it, and its end user agreement allows no copies. Instead, the matrix form
(Xu, Hipel & Kilgour 2009; `matrix_form.py`) on the same conflicts of three parties: dense products
in single precision, by BLAS. It begins with matrices of moves and preferences that are there
already, detente with the case. One right after the other, each in a fresh process and on one core,
by the clock. The verdicts for every party in every state were the same.

{matrices}
"""


@dataclass(frozen=True)
class Asked:
    """A conflict that is measured for itself.

    Parameters
    ----------
    conflict
        The conflict.
    seconds, megabytes
        What it may take; None where nothing is set.
    """

    conflict: Conflict
    seconds: float | None = None
    megabytes: float | None = None

    @property
    def name(self) -> str:
        """What kind of conflict it is."""
        conflict = self.conflict
        sizes = [f"{count} × {size}" for size, count in sorted(Counter(conflict.sizes).items())]
        marks = {
            "irreversible": conflict.irreversible,
            "rules": conflict.forbidden,
            "stepwise": conflict.stepwise,
        }
        kinds = [mark for mark, present in marks.items() if present]
        return ", ".join([f"{len(conflict.scores)} parties", *sizes, *kinds])


@dataclass(frozen=True)
class Found:
    """What it took: the analysis, and the whole command."""

    asked: Asked
    alone: Measurement
    command: Measurement


def report(*, quick: bool) -> str:
    """Measure and report."""
    runs = 1 if quick else 5
    mixed = random_conflict(*(([2, 3, 4], 3) if quick else ([2] * 10 + [3] * 3 + [5], 6)), 0)
    forms = [Asked(form, 10.0) for form in (mixed, as_yes_or_no(mixed))]
    found = [
        Found(each, *(_measure(job, each.conflict, runs) for job in ("stability", "command")))
        for each in _asked(forms, quick=quick)
    ]
    _require_same(*(each.alone for each in found if each.asked in forms))
    shared = 5 if quick else SHARED
    by_states = [(issues, 3) for issues in ((4, 5) if quick else STATES)]
    by_parties = [(shared, parties) for parties in ((2, 3) if quick else PARTIES)]
    return TEXT.format(
        before=statistics.median(each.alone.before for each in found),
        budget=BUDGET,
        runs=runs,
        whole=_whole_table(found),
        verdicts="\n".join(_verdicts(found)),
        options=sum(mixed.sizes) - len(mixed.sizes),
        by_states=_growth_table(by_states, runs),
        by_parties=_growth_table(by_parties, runs),
        matrices=_matrix_table((4,) if quick else MATRICES, runs),
    )


def _asked(forms: Sequence[Asked], *, quick: bool) -> Iterator[Asked]:
    """What has a target, and a conflict in which last movers have to be remembered."""
    if quick:
        yield from forms
        yield Asked(random_conflict([3] * 3, 3, 0, stepwise=True), *MILLION)
        return
    yield Asked(_binary(12, 3), 0.3)
    yield Asked(_binary(9, 9), 0.2)
    yield from forms
    yield Asked(_binary(20, 6), *MILLION)
    yield Asked(_binary(20, 6, irreversible=0.3), *MILLION)
    yield Asked(_binary(22, 6, rules=5), *MILLION)
    yield Asked(random_conflict([4] * 8, 6, 0, stepwise=True))


def _binary(issues: int, parties: int, *, irreversible: float = 0.0, rules: int = 0) -> Conflict:
    """A conflict over issues of two options."""
    return random_conflict([2] * issues, parties, 0, irreversible=irreversible, rules=rules)


def _measure(job: str, conflict: Conflict, runs: int) -> Measurement:
    (found,) = _measured(job, [conflict], runs, budget=BUDGET)
    return found


def _measured(
    job: str, conflicts: Sequence[Conflict], runs: int, budget: float = 60.0
) -> list[Measurement]:
    return measure(JOBS, job, conflicts, runs=runs, budget=budget, environment=ONE_CORE, apart=True)


def _require_same(one: Measurement, other: Measurement) -> None:
    if one.answer["verdicts"] != other.answer["verdicts"]:
        raise RuntimeError(f"verdicts differ: {one.answer} and {other.answer}")


def _whole_table(found: Sequence[Found]) -> str:
    rows = [
        [
            each.asked.name,
            *_counts(each.alone),
            *(writing.seconds(each.alone.answer[part]) for part in PARTS),
            writing.seconds(each.alone.seconds),
            f"{each.alone.peak:,.0f}",
            writing.seconds(each.command.seconds),
            f"{each.command.answer['peak']:,.0f}",
        ]
        for each in found
    ]
    head = ["conflict", "states", "moves", "kept", *PARTS, "all", "MB", "command", "MB"]
    return writing.table(head, rows)


def _counts(measured: Measurement) -> list[str]:
    return [f"{measured.answer[count]:,}" for count in ("states", "moves", "kept")]


def _verdicts(found: Sequence[Found]) -> Iterator[str]:
    for each in found:
        asked, took = each.asked, each.alone
        if asked.seconds is None:
            continue
        processor = writing.seconds(sum(took.answer[part] for part in PARTS))
        target = f"target {writing.seconds(asked.seconds)}"
        verdict = writing.met(took.seconds, asked.seconds)
        said = f"{writing.seconds(took.seconds)} ({target}: {verdict}; processor time {processor})"
        if asked.megabytes is not None:
            verdict = writing.met(took.peak, asked.megabytes)
            said += f", {took.peak:,.0f} MB (target {asked.megabytes:,.0f} MB: {verdict})"
        yield f"- {asked.name}: {said}."


def _growth_table(shapes: Sequence[tuple[int, int]], runs: int) -> str:
    """Conflicts of so many issues of two options and so many parties, in one process."""
    conflicts = [_binary(*shape) for shape in shapes]
    found = _measured("stability", conflicts, runs)
    rows = []
    for (_, parties), took in zip(shapes, found, strict=True):
        graph, concepts, once = (took.answer[part] for part in ("graph", "concepts", "pass"))
        passes = (f"{part / once:,.0f}" for part in (graph, concepts))
        move = 1e9 * (graph + concepts) / took.answer["moves"]
        pass_ = f"{writing.digits(1e6 * once)} µs"
        rows.append([str(parties), *_counts(took), pass_, *passes, f"{writing.digits(move)} ns"])
    head = ["parties", "states", "moves", "kept", "pass", "graph", "concepts", "a move"]
    return writing.table(head, rows)


def _matrix_table(issues: Sequence[int], runs: int) -> str:
    """Conflicts of three parties over so many issues of two options."""
    rows = []
    for number in issues:
        for share in (0.0, 0.3):
            conflict = _binary(number, 3, irreversible=share)
            own, other = (_measure(job, conflict, runs) for job in ("stability", "matrices"))
            _require_same(own, other)
            name = f"{own.answer['states']:,}{', irreversible' if share else ''}"
            times = [
                text
                for each in (own, other)
                for text in (writing.seconds(each.seconds), f"{each.peak:,.0f}")
            ]
            ratio = f"{writing.digits(other.seconds / own.seconds)} times"
            rows.append([name, f"{own.answer['moves']:,}", *times, ratio])
    head = ["states", "moves", "detente", "MB", "matrix form", "MB", "detente faster"]
    return writing.table(head, rows)
