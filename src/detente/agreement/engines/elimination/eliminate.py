"""The efficient outcomes of a large space, found without enumerating it.

Issues are eliminated one after another (bucket elimination, Dechter 1999). Eliminating an
issue leaves a *message*: for every combination of options of the issues that it is still
tied to, the partial totals that no other partial total dominates. Independent parts leave
messages that depend on nothing; they are folded into one by adding every pair of partial
totals and filtering again, after every part (Nemhauser & Ullmann 1969).

References
----------
Dechter, "Bucket elimination: a unifying framework for reasoning", Artificial Intelligence
113 (1999). Nemhauser & Ullmann, "Discrete dynamic programming and capital allocation",
Management Science 15 (1969).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from detente.agreement.engines.elimination.derivation import Step, first_outcomes
from detente.agreement.engines.elimination.elimination_order import Bucket, buckets
from detente.agreement.engines.elimination.messages import (
    Message,
    Work,
    counted,
    frontier,
    join,
    joint_table,
)
from detente.agreement.engines.elimination.reduction import consenting, reduced
from detente.agreement.engines.front import Front, TooLarge
from detente.model.problem import Integers, Problem


def eliminate(problem: Problem, *, acceptable: bool, limit: int = 250_000) -> Front:
    """Efficient outcomes among all feasible or all acceptable outcomes.

    An outcome is efficient where no outcome of the same set is at least as good on every
    objective and better on one. Exact: all efficient outcomes are counted, ties included.

    Parameters
    ----------
    problem
        The case as the engines see it.
    acceptable
        Whether to look among the outcomes with consent only, or among all that obey the
        rules.
    limit
        Largest joint table of a bucket, and largest number of ways to make the partial
        totals that are kept in a step (at least the number of these totals).

    Returns
    -------
    front
        Without points where no outcome qualifies.

    Raises
    ------
    TooLarge
        Where a joint table or a step exceeds ``limit``.
    ValueError
        Where there is no objective, or totals do not fit 64 bits.

    Notes
    -----
    Time is that of filtering, in every step, the rows kept times the options of an issue;
    it does not grow with the number of outcomes but with the intermediate frontiers. With
    consent, the criteria it mentions are carried as further columns: a partial total is
    dropped where another is no worse in all columns and better in an objective. As consent
    never turns false when a criterion gets better, whatever completes the dropped one to
    an acceptable outcome completes the other one to a better acceptable outcome.
    """
    if not problem.objectives:
        raise ValueError("no signing party has values: efficiency is undefined")
    work = Work(problem.space, reduced(problem, acceptable=acceptable), limit)
    message = _fold(work, _root_messages(work))
    picked = np.arange(len(message.codes))
    if acceptable:
        picked = picked[consenting(problem, work.task, message.totals)]
    objectives = message.totals[picked, : work.task.objectives]
    if work.task.objectives == len(work.task.criteria):
        # nothing but objectives was carried: the rows are sorted, distinct and undominated
        order, starts = np.arange(len(picked)), np.arange(len(picked) + 1)
    else:
        order, starts = frontier(np.zeros_like(picked), objectives, work.task)
    ways = picked[order]
    final = Step((message.source,), (ways,), starts)
    points = objectives[order[starts[:-1]]][::-1] + work.task.base[: work.task.objectives]
    counts = counted(message.counts[ways], np.ones(1, np.int64), starts)[::-1]

    def listing(positions: Integers, limit: int) -> Integers:
        rows = len(points) - 1 - np.asarray(positions, dtype=np.int64)
        return first_outcomes(final, rows, limit, problem.space)

    return Front(points, tuple(int(count) for count in counts), listing)


def elimination_width(problem: Problem, *, acceptable: bool = True) -> int:
    """Entries of the largest joint table that :func:`eliminate` makes: a measure of its cost.

    Parameters
    ----------
    problem
        The case as the engines see it.
    acceptable
        As for :func:`eliminate`: consent can tie more issues together.

    Returns
    -------
    width
        Exact, of any size; 1 where there is no issue.
    """
    sizes = problem.space.sizes
    order = buckets(sizes, reduced(problem, acceptable=acceptable).scopes)
    return max((bucket.width(sizes) for bucket in order), default=1)


def _root_messages(work: Work) -> list[Message]:
    """The message of every independent part, smallest first."""
    sizes, task = work.space.sizes, work.task
    order = buckets(sizes, task.scopes)
    messages: list[Message] = []
    for step, bucket in enumerate(order, start=1):
        what = f"eliminating issue {work.space.issues[bucket.issue]!r} ({step} of {len(order)})"
        if bucket.width(sizes) > work.limit:
            raise TooLarge(
                f"{what} needs a joint table of {bucket.width(sizes):,} combinations of "
                f"{len(bucket.scope)} issues, more than the limit of {work.limit:,}: "
                "use another engine or a larger limit (--engine, --exact-limit)"
            )
        children = [messages[child] for child in bucket.children]
        messages.append(_eliminated(work, bucket, children, what))
    roots = [message for message in messages if not message.scope]
    return sorted(roots, key=lambda message: len(message.codes))


def _eliminated(work: Work, bucket: Bucket, children: Sequence[Message], what: str) -> Message:
    """Join all that reads the bucket's issue, then keep what no option of it dominates."""
    message = joint_table(work, bucket.scope, bucket.tables, bucket.issue)
    incoming = sorted(children, key=lambda child: len(child.codes)) or [joint_table(work, (), ())]
    for child in incoming:
        scope = bucket.separator if child is incoming[-1] else bucket.scope
        message = join(work, message, child, scope=scope, reach=work.task.reach, what=what)
    return message


def _fold(work: Work, roots: Sequence[Message]) -> Message:
    """Add up independent parts, one after another."""
    constant = [place for place, scope in enumerate(work.task.scopes) if not scope]
    message = joint_table(work, (), constant)
    # What a part can contribute at most is known by now, and is less than its tables allow.
    roots = [replace(root, reach=root.totals.max(axis=0, initial=0)) for root in roots]
    reach = sum((root.reach for root in roots), start=np.zeros_like(work.task.reach))
    for step, root in enumerate(roots, start=1):
        what = f"combining independent parts ({step} of {len(roots)})"
        message = join(work, message, root, scope=(), reach=reach, what=what)
    return message
