"""The feasible states of a GMCR+ model: how many there are, and which one has which number.

A state says yes or no to every option. States are numbered from 1 in the order of Σ 2^k over
the options k at yes, infeasible ones left out. They are counted by deciding one option after
the other, the last (most significant) one first; decisions that leave the same patterns to
avoid are counted once, so that no list of states is needed.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.case.errors import CaseError, Problem

Pattern = tuple[tuple[int, bool], ...]
"""Options, by position, and whether each is at yes; it holds where all of them are so."""
State = tuple[bool, ...]
"""For every option whether it is at yes."""

_Left = frozenset[frozenset[tuple[int, bool]]]
"""What is left of the patterns to avoid, once some options are decided."""


class States:
    """The states in which none of some patterns holds.

    Parameters
    ----------
    options
        How many options there are.
    infeasible
        The patterns.
    most
        Most undecided patterns that are held, over all that can be left to avoid.

    Attributes
    ----------
    count
        How many states there are.

    Raises
    ------
    CaseError
        Where more than ``most`` have to be held.

    Notes
    -----
    Cost: for every option, the different sets of patterns that can be left once the later
    options are decided; few where a pattern names options that stand close to each other.

    Examples
    --------
    >>> states = States(2, [((0, True), (1, True))])
    >>> states.count, states.state(1), states.state(3)
    (3, (False, False), (False, True))
    """

    def __init__(self, options: int, infeasible: Sequence[Pattern], most: int = 1_000_000) -> None:
        self._start: _Left = frozenset(frozenset(pattern) for pattern in infeasible)
        self._steps: list[dict[_Left, tuple[_Left | None, _Left | None]]] = []
        here, held = {self._start}, 0
        for option in reversed(range(options)):
            self._steps.append(
                {x: (_after(x, option, False), _after(x, option, True)) for x in here}
            )
            here = {x for both in self._steps[-1].values() for x in both if x is not None}
            held += sum(1 + len(x) for x in here)
            if held > most:
                what = f"these patterns interlock in too many ways (more than {most:,})"
                raise CaseError(Problem(what, "say the same with fewer patterns"))
        self._counts: list[dict[_Left | None, int]] = [{None: 0, frozenset(): 1}]
        for step in reversed(self._steps):
            below = self._counts[-1]
            own: dict[_Left | None, int] = {None: 0}
            own.update((x, below[no] + below[yes]) for x, (no, yes) in step.items())
            self._counts.append(own)
        self._counts.reverse()
        self.count = self._counts[0].get(self._start, 0)

    def state(self, number: int) -> State:
        """The state with a number, from 1 to how many there are."""
        left: _Left | None = self._start
        out: list[bool] = []
        for step, below in zip(self._steps, self._counts[1:], strict=True):
            assert left is not None
            no, yes = step[left]
            out.append(number > below[no])
            number -= below[no] if out[-1] else 0
            left = yes if out[-1] else no
        return tuple(reversed(out))


def _after(left: _Left, option: int, yes: bool) -> _Left | None:
    """What is left to avoid once an option is decided; None where a pattern holds."""
    out = frozenset(x - {(option, yes)} for x in left if (option, not yes) not in x)
    return None if frozenset() in out else out
