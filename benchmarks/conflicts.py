"""Random conflicts as plain numbers: who controls what, what is worth how much to whom."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

Choice = tuple[int, int]
"""An issue and one of its options."""


@dataclass(frozen=True)
class Conflict:
    """A conflict over issues of which each belongs to one party.

    Parameters
    ----------
    sizes
        Number of options of each issue.
    owners
        Which party moves each issue.
    scores
        For each party and issue the points of each option, integers; 0 for the first one.
    together
        For each party pairs of options that are worth more or less together, and by how much.
    irreversible
        Options that cannot be undone.
    forbidden
        Rules: pairs of options that exclude each other.
    stepwise
        Whether an option can be followed by the next and the last one only.
    """

    sizes: list[int]
    owners: list[int]
    scores: list[list[list[int]]]
    together: list[list[tuple[Choice, Choice, int]]]
    irreversible: list[Choice]
    forbidden: list[tuple[Choice, Choice]]
    stepwise: bool = False


def random_conflict(
    sizes: Sequence[int],
    parties: int,
    seed: int,
    *,
    irreversible: float = 0.0,
    rules: int = 0,
    stepwise: bool = False,
) -> Conflict:
    """Issues dealt to the parties in turn; points drawn uniformly.

    Parameters
    ----------
    sizes, parties
        Options of each issue, at least two; number of parties.
    seed
        Of everything drawn here.
    irreversible
        The chance of every option but the first that it cannot be undone.
    rules
        Forbid the second option of an issue together with that of the next one, for so many
        pairs of issues without a common one.
    stepwise
        Allow only steps to the next option and to the one before.
    """
    draw = random.Random(f"{tuple(sizes)} {parties} {seed}")
    lasting = [(k, option) for k, size in enumerate(sizes) for option in range(1, size)]
    return Conflict(
        sizes=list(sizes),
        owners=[place % parties for place in range(len(sizes))],
        scores=[
            [[0, *(draw.randint(-100, 100) for _ in range(size - 1))] for size in sizes]
            for _ in range(parties)
        ],
        together=[
            [(*_two_choices(draw, sizes), draw.randint(-80, 80)) for _ in sizes]
            for _ in range(parties)
        ],
        irreversible=[choice for choice in lasting if draw.random() < irreversible],
        forbidden=[((2 * pair, 1), (2 * pair + 1, 1)) for pair in range(rules)],
        stepwise=stepwise,
    )


def _two_choices(draw: random.Random, sizes: Sequence[int]) -> tuple[Choice, Choice]:
    one, other = (
        (place, draw.randrange(1, sizes[place])) for place in draw.sample(range(len(sizes)), 2)
    )
    return one, other


def as_yes_or_no(conflict: Conflict) -> Conflict:
    """The same with an issue of two options for each option but the first, and rules.

    Where everything can be undone, in one move, the states and their order, who moves between
    them and what is better are the same.
    """
    place: dict[Choice, int] = {}
    for issue, size in enumerate(conflict.sizes):
        for option in reversed(range(1, size)):  # the last one first: the order stays
            place[issue, option] = len(place)
    yes = {choice: (number, 1) for choice, number in place.items()}
    exclusive = [
        (yes[one], yes[other]) for one, other in combinations(place, 2) if one[0] == other[0]
    ]
    return replace(
        conflict,
        sizes=[2] * len(place),
        owners=[conflict.owners[issue] for issue, _ in place],
        scores=[
            [[0, tables[issue][option]] for issue, option in place] for tables in conflict.scores
        ],
        together=[
            [(yes[one], yes[other], points) for one, other, points in pairs]
            for pairs in conflict.together
        ],
        forbidden=[*exclusive, *((yes[one], yes[other]) for one, other in conflict.forbidden)],
    )
