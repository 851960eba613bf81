"""From what becomes of a package in every coding to the shares in which it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from detente.agreement.packages.draws import Share, wilson
from detente.case.schema import Case
from detente.model.problem import Booleans, Floats
from detente.stability.answer import CONCEPTS, LEAVES, STAYS, UNKNOWN, Concept
from detente.uncertainty.answer import HEADLINE, Measure, Standing, Verdict
from detente.uncertainty.evaluation.part import Column
from detente.uncertainty.package import Columns
from detente.verification.answer import not_negative

Found = Mapping[str, Column]


def share(verdicts: Booleans) -> Share:
    """The share of codings in which something is so."""
    count, samples = int(verdicts.sum()), len(verdicts)
    return Share(count, samples, *wilson(count, samples), certain=False)


def held(found: Found, concept: Concept) -> tuple[Booleans, Booleans] | None:
    """Where nobody leaves under a concept, and where that cannot be told; None if not asked."""
    marks = [column for name, column in found.items() if name.startswith(f"stays {concept} ")]
    if not marks:
        return None
    table = np.stack(marks)
    holds: Booleans = (table == STAYS).all(axis=0)
    untold: Booleans = (table == UNKNOWN).any(axis=0) & ~(table == LEAVES).any(axis=0)
    return holds, untold


def kept(found: Found, what: str) -> dict[str, Booleans]:
    """For each party where its least margin is not negative: ``keeps`` or ``goes on``."""
    return {
        name.removeprefix(f"{what} "): not_negative(column)
        for name, column in found.items()
        if name.startswith(f"{what} ")
    }


def all_of(verdicts: Mapping[str, Booleans], parties: Sequence[str]) -> Booleans | None:
    """Where all of them do; None where that of one of the parties is not known."""
    if not parties or not set(parties) <= set(verdicts):
        return None
    return together(verdicts[party] for party in parties)


def together(columns: Iterable[Booleans]) -> Booleans:
    """Where all of some verdicts are met."""
    out: Booleans = np.logical_and.reduce([*columns])
    return out


def verdicts(found: Found, case: Case) -> dict[Verdict, Booleans]:
    """The verdicts on the package in every coding, as far as they were asked."""
    out: dict[Verdict, Booleans] = {"acceptable": found["acceptable"].astype(np.bool_)}
    holding = held(found, HEADLINE)
    if holding is not None and not holding[1].all():
        out["holds"] = holding[0]
    enforceable = all_of(kept(found, "keeps"), case.signing)
    if enforceable is not None:
        out["enforceable"] = enforceable
    going = kept(found, "goes on")
    if going:
        out["roadmap"] = together(going.values())
    if len(out) > 1:
        out["all_of_it"] = together([*out.values()])
    return out


def standing(found: Found, case: Case) -> Standing:
    """The shares of all verdicts.

    Parameters
    ----------
    found
        The columns of :meth:`detente.uncertainty.package.Asked.columns`, one coding at least.
    case
        Who signs.
    """
    of_package = {verdict: share(column) for verdict, column in verdicts(found, case).items()}
    holds, untold = _holding(found)
    stays = f"stays {HEADLINE} "
    return Standing(
        samples=len(found["acceptable"]),
        acceptable=of_package["acceptable"],
        accepts={
            name.removeprefix("accepts "): share(column.astype(np.bool_))
            for name, column in found.items()
            if name.startswith("accepts ")
        },
        holds=holds,
        stays={
            name.removeprefix(stays): share(column == STAYS)
            for name, column in found.items()
            if name.startswith(stays) and not (column == UNKNOWN).all()
        },
        untold=untold,
        enforceable=of_package.get("enforceable"),
        keeps={party: share(column) for party, column in kept(found, "keeps").items()},
        roadmap=of_package.get("roadmap"),
        goes_on={party: share(column) for party, column in kept(found, "goes on").items()},
        all_of_it=of_package.get("all_of_it"),
    )


def _holding(found: Found) -> tuple[dict[Concept, Share] | None, int]:
    told = {concept: held(found, concept) for concept in CONCEPTS}
    known = {
        concept: share(entry[0])
        for concept, entry in told.items()
        if entry is not None and not entry[1].all()
    }
    headline = told[HEADLINE]
    return known or None, 0 if headline is None else int(headline[1].sum())


def measured(found: Found) -> dict[Measure, Floats]:
    """What is measured in points in every coding: gains and least margins."""
    out: dict[Measure, Floats] = {}
    if "gain" in found:
        out["acceptable"] = found["gain"].astype(np.float64)
    others: tuple[tuple[Measure, str], ...] = (("enforceable", "keeps "), ("roadmap", "goes on "))
    for measure, least in others:
        columns = [column for name, column in found.items() if name.startswith(least)]
        if columns:
            out[measure] = np.min(np.stack(columns), axis=0)
    return out


def some(found: Found, rows: Booleans) -> Columns:
    """Some of the draws."""
    return {name: column[rows] for name, column in found.items()}
