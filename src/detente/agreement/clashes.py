"""Red lines that cannot all be met: the smallest such sets, and what would free them.

The largest sets of red lines that some outcome meets together are an efficient frontier:
make every red line an objective worth 0 where it is met and −1 where it is not, and let
the elimination engine find the undominated vectors. What such a vector leaves unmet must
be touched by every clash, so the smallest clashes are the minimal hitting sets of these
complements (Reiter 1987; Berge's algorithm). Exact, and no walk through the space.

References
----------
Reiter, "A theory of diagnosis from first principles", Artificial Intelligence 32 (1987).
Berge, *Hypergraphs*, North-Holland (1989).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from detente.agreement.engines.elimination.eliminate import eliminate
from detente.agreement.engines.front import TooLarge
from detente.case.bargaining import Concern
from detente.model.compilation import Model
from detente.model.counting import count
from detente.model.expressions import expression_factor, rule_factors
from detente.model.problem import Criterion, Factor, Problem, every
from detente.model.space import Space

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class RedLine:
    """A concern marked ``must``, and whose it is (``party`` or ``party.faction``)."""

    party: str
    concern: Concern


@dataclass(frozen=True)
class NewOption:
    """A place in the order of an issue's options where a further one would help.

    ``after`` and ``before`` are the neighbours; None at the ends, both None on an issue
    without an order.
    """

    issue: str
    after: str | None
    before: str | None


@dataclass(frozen=True)
class Clash:
    """A smallest set of red lines that no outcome meets together.

    Parameters
    ----------
    red_lines
        Positions in the list of red lines; giving up any one of them frees the rest.
    rules
        The smallest sets of rules (positions in the case) with which they clash; one
        empty set where they contradict each other without any rule.
    freeing_rules
        Rules each of which alone would have to go to free them.
    new_options
        Single further options that would free them.
    """

    red_lines: tuple[int, ...]
    rules: tuple[tuple[int, ...], ...]
    freeing_rules: tuple[int, ...]
    new_options: tuple[NewOption, ...]


def clashes(model: Model, red_lines: Sequence[RedLine], limit: int = 10_000) -> tuple[Clash, ...]:
    """The smallest sets of red lines that cannot all be met, smallest first.

    Parameters
    ----------
    model
        The case; its rules bind.
    red_lines
        Whose sets are asked for.
    limit
        Most sets that may arise on the way; TooLarge beyond.

    Returns
    -------
    tuple of Clash
        Empty where some outcome meets them all.
    """
    space = model.space
    lines = [expression_factor(line.concern.met, space) for line in red_lines]
    rules = [factor for factors in model.rules for factor in factors]
    found = smallest_clashes(space, rules, lines, limit)
    return tuple(_clash(model, red_lines, lines, numbers, limit) for numbers in found)


def smallest_clashes(
    space: Space, hard: Sequence[Factor], soft: Sequence[Factor], limit: int
) -> list[tuple[int, ...]]:
    """Minimal sets of ``soft`` tables that no outcome obeying ``hard`` meets together.

    Positions in ``soft``, ascending; the sets by size, then order. ``[()]`` where no
    outcome obeys ``hard`` at all.
    """
    if not soft:
        return [] if count(space.sizes, hard) else [()]
    criteria = tuple(
        Criterion(str(i), (Factor(f.scope, f.table.astype(np.int64) - 1),), 0, cardinal=False)
        for i, f in enumerate(soft)
    )
    everything = tuple(range(len(soft)))
    problem = Problem(space, tuple(hard), criteria, everything, every(()))
    points = eliminate(problem, acceptable=False).points
    unmet = [frozenset(map(int, np.flatnonzero(point))) for point in points]
    return sorted((tuple(sorted(s)) for s in hitting_sets(unmet, limit)), key=lambda s: (len(s), s))


def hitting_sets(family: Iterable[frozenset[T]], limit: int) -> set[frozenset[T]]:
    """Minimal sets that touch every set of the family (Berge's algorithm).

    None exist where the family holds the empty set; the empty set is the only one where
    the family is empty.

    Examples
    --------
    >>> sorted(map(sorted, hitting_sets([frozenset({1, 2}), frozenset({2, 3})], 100)))
    [[1, 3], [2]]
    """
    minimal: set[frozenset[T]] = {frozenset()}
    for members in sorted(family, key=len):
        touched = {chosen for chosen in minimal if chosen & members}
        grown = {chosen | {m} for chosen in minimal - touched for m in members}
        minimal = touched | {g for g in grown if not any(t <= g for t in touched)}
        if len(minimal) > limit:
            raise TooLarge(
                f"more than {limit:,} sets arise on the way to the smallest; raise 'limit'"
            )
    return minimal


def _clash(
    model: Model,
    red_lines: Sequence[RedLine],
    lines: Sequence[Factor],
    numbers: tuple[int, ...],
    limit: int,
) -> Clash:
    own = [lines[number] for number in numbers]
    owners = [place for place, factors in enumerate(model.rules) for _ in factors]
    parts = [factor for factors in model.rules for factor in factors]
    sets = smallest_clashes(model.space, own, parts, limit)
    named = {frozenset(owners[part] for part in chosen) for chosen in sets}
    smallest = [s for s in named if not any(other < s for other in named)]
    rules = tuple(sorted((tuple(sorted(s)) for s in smallest), key=lambda s: (len(s), s)))
    freeing = frozenset.intersection(*map(frozenset, rules)) if rules else frozenset()
    concerns = [red_lines[number].concern for number in numbers]
    options = tuple(_new_options(model, concerns, sorted({r for s in rules for r in s})))
    return Clash(numbers, rules, tuple(sorted(freeing)), options)


def _new_options(
    model: Model, concerns: Sequence[Concern], rules: Sequence[int]
) -> Iterable[NewOption]:
    """Try one further option on every issue that the clash reads, at every place."""
    case, space = model.case, model.space
    read = {issue for concern in concerns for issue in concern.met.issues}
    for place in rules:
        rule = case.rules[place]
        for expression in (rule.never, rule.if_, rule.then):
            read |= set(expression.issues if expression else ())
    for issue in case.issues:
        if issue not in read:
            continue
        options = case.options[issue]
        ordered = case.issues[issue].ordered
        for slot in range(len(options) + 1) if ordered else (len(options),):
            widened = _with_option(space, issue, slot)
            factors = [expression_factor(concern.met, widened) for concern in concerns]
            for rule in case.rules:
                factors += rule_factors(rule, widened)
            if count(widened.sizes, factors):
                after = options[slot - 1] if ordered and slot > 0 else None
                before = options[slot] if ordered and slot < len(options) else None
                yield NewOption(issue, after, before)


def _with_option(space: Space, issue: str, slot: int) -> Space:
    """The space with one option more: no expression names it, so it only has its place."""
    position = space.issue_position[issue]
    names = space.options[position]
    widened = (*names[:slot], "\N{WHITE SQUARE}", *names[slot:])
    options = (*space.options[:position], widened, *space.options[position + 1 :])
    return Space(space.issues, options)
