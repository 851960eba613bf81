"""Which gains are more than rounding, in many codings."""

from __future__ import annotations

import numpy as np

from detente.model.draws import TOLERANCE
from detente.model.problem import Booleans, Floats


def better(terms: Floats, differences: Floats) -> Booleans:
    """Whether a gain is one, in each coding.

    Parameters
    ----------
    terms
        Shape (codings, terms).
    differences
        How much oftener each term counts after than before; shape (gains, terms).

    Returns
    -------
    array
        Shape (gains, codings). A gain within :data:`~detente.model.draws.TOLERANCE` of the sizes
        of the terms that differ is a tie, and no gain.

    Notes
    -----
    Cost: one matrix product; a second one for the rows with a gain that is almost none.
    """
    gains = differences @ terms.T
    sizes = np.abs(differences)
    # No row has larger terms than this, so that few rows need their own.
    limit = TOLERANCE * (np.abs(terms) @ sizes.max(axis=0, initial=0))
    out: Booleans = gains > limit
    close = np.flatnonzero((out != (gains >= -limit)).any(axis=1))
    out[close] = gains[close] > TOLERANCE * (sizes[close] @ np.abs(terms).T)
    return out
