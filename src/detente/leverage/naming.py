"""Names of what an edited case has more than the case."""

from __future__ import annotations

import itertools
from collections.abc import Collection


def unused(name: str, taken: Collection[str]) -> str:
    """The name, or where it is taken the first of it with a number that is not.

    Examples
    --------
    >>> unused("watch", ()), unused("watch", ("watch", "watch_2"))
    ('watch', 'watch_3')
    """
    names = itertools.chain((name,), (f"{name}_{number}" for number in itertools.count(2)))
    return next(entry for entry in names if entry not in taken)
