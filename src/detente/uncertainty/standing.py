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


def share(verdicts: Booleans, certain: bool = False) -> Share:
    """The share of codings in which something is so; exact where these are all there are."""
    count, samples = int(verdicts.sum()), len(verdicts)
    low, high = (count / samples,) * 2 if certain else wilson(count, samples)
    return Share(count, samples, low, high, certain)


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


def verdicts(found: Found, case: Case, *, told: bool = True) -> dict[Verdict, Booleans]:
    """The verdicts on the package in every coding, as far as they were asked.

    ``told`` leaves out what cannot be told in any of them.
    """
    out: dict[Verdict, Booleans] = {"acceptable": found["acceptable"].astype(np.bool_)}
    holding = held(found, HEADLINE)
    if holding is not None and not (told and holding[1].all()):
        out["holds"] = holding[0]
    enforceable = all_of(kept(found, "keeps"), case.signing)
    if enforceable is not None:
        out["enforceable"] = enforceable
    roadmap = all_of(kept(found, "goes on"), case.signing)
    if roadmap is not None:
        out["roadmap"] = roadmap
    if len(out) > 1:
        out["all_of_it"] = together([*out.values()])
    return out


def of_parties(found: Found, what: str, *, told: bool = True) -> dict[str, Booleans]:
    """Verdicts on single parties: ``accepts``, ``stays``, ``keeps`` or ``goes on``.

    ``told`` leaves out what cannot be told in any coding.
    """
    if what in ("keeps", "goes on"):
        return kept(found, what)
    before = "accepts " if what == "accepts" else f"stays {HEADLINE} "
    return {
        name.removeprefix(before): column == STAYS
        for name, column in found.items()
        if name.startswith(before) and not (told and (column == UNKNOWN).all())
    }


def standing(found: Found, case: Case, certain: bool = False) -> Standing:
    """The shares of all verdicts.

    Parameters
    ----------
    found
        The columns of :meth:`detente.uncertainty.package.Asked.columns`, one coding at least.
    case
        Who signs.
    certain
        Whether these are all codings that there are.
    """

    def shares(columns: Mapping[Verdict, Booleans] | Mapping[str, Booleans]) -> dict[str, Share]:
        return {str(name): share(column, certain) for name, column in columns.items()}

    of_package = shares(verdicts(found, case))
    holds, untold = _holding(found, certain)
    return Standing(
        samples=len(found["acceptable"]),
        acceptable=of_package["acceptable"],
        accepts=shares(of_parties(found, "accepts")),
        holds=holds,
        stays=shares(of_parties(found, "stays")),
        untold=untold,
        enforceable=of_package.get("enforceable"),
        keeps=shares(of_parties(found, "keeps")),
        roadmap=of_package.get("roadmap"),
        goes_on=shares(of_parties(found, "goes on")),
        all_of_it=of_package.get("all_of_it"),
    )


def _holding(found: Found, certain: bool) -> tuple[dict[Concept, Share] | None, int]:
    told = {concept: held(found, concept) for concept in CONCEPTS}
    known = {
        concept: share(entry[0], certain)
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
