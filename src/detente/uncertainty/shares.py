"""In what share of codings does a package stand? Only that: the cheap part of ``stress``."""

from __future__ import annotations

from collections.abc import Mapping

from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.sequencing.lattice.own import Written
from detente.uncertainty.answer import Standing
from detente.uncertainty.asking import asking
from detente.uncertainty.evaluation.evaluate import evaluate
from detente.uncertainty.question import Question
from detente.uncertainty.sampling.correlation import DEFAULT
from detente.uncertainty.sampling.designs import KINDS
from detente.uncertainty.standing import standing


def shares(
    case: Case,
    outcome: str | Mapping[str, str],
    *,
    samples: int,
    seed: int = 0,
    order: Written | None = None,
) -> Standing:
    """Ask in what share of codings a package stands, verdict by verdict.

    The shares are those of :func:`detente.stress` with the same samples and seed, which also
    tells where verdicts turn, what decides and how sure that is.

    Parameters
    ----------
    case
        The case.
    outcome
        A package, ``issue=option,…``, a mapping, ``status_quo`` or the name of a solution.
    samples, seed
        Codings drawn, and what they are drawn from: the same seed, the same codings.
    order
        The roadmap to judge, as for :func:`detente.roadmap`; the best one at the likely values
        is looked for if left out.

    Raises
    ------
    CaseError
        Where a word is unknown, the outcome breaks a rule, or not one coding can be judged.

    Notes
    -----
    Cost: the states around the package once, then linear in the samples.
    """
    what = asking(case, outcome, (), order, "discounted", holds=True)
    question = Question(what.asked, what.draws(KINDS[0], seed, DEFAULT))
    found = evaluate(question, 1 if what.certain else samples, workers=1)
    if found.interrupted:
        raise KeyboardInterrupt
    if not found.columns:
        raise CaseError(Problem(found.failures[0].message, "look at the ranges of the case"))
    return standing(found.columns, case, certain=what.certain)
