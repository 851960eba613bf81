"""Every outcome of a domain as a point; shared by the jobs of all programs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stopwatch import Plain


def all_points(domain: Plain) -> NDArray[np.int64]:
    """What every outcome is worth to every party, shape (outcomes, parties)."""
    columns = []
    for tables in domain["scores"]:
        sums = np.zeros(1, dtype=np.int64)
        for table in tables:
            sums = (sums[:, None] + np.array(table)).ravel()
        columns.append(sums)
    return np.stack(columns, axis=1)
