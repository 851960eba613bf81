"""Own views: the conflict as a party sees it, and where it stays in its own view.

A party that carries ``sees`` takes its view for the conflict, and believes that all others do (a
first-level hypergame; Bennett 1977, "Toward a theory of hypergames", Omega 5(6), 749-751). It
stays or leaves by what it sees; where everybody stays *as seen* and somebody leaves in the case as
it stands, or the reverse, the outcome rests on a misperception.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction

import numpy as np

from detente.case.bargaining import Issue, IssueView, Rule
from detente.case.errors import CaseError, unknown
from detente.case.errors import Problem as CaseProblem
from detente.case.expressions import Comparison, Expression
from detente.case.fields import FrozenDict, WalkAway
from detente.case.schema import Case
from detente.model.compilation import Model, compile_case
from detente.model.problem import Booleans, Integers
from detente.stability.answer import CONCEPTS, STAYS, UNKNOWN, Concept, Marks
from detente.stability.graph.around import around
from detente.stability.graph.conflict import MOST_STATES, all_states, conflict
from detente.stability.graph.mover import numbered
from detente.stability.reasons.reasons import verdicts_and_reasons
from detente.stability.reasons.steps import Teller


def seen_by(case: Case, party: str) -> Case:
    """The case as a party sees it.

    Parameters
    ----------
    case
        The case as it stands.
    party
        A party; without ``sees`` the case is what it sees.

    Returns
    -------
    Case
        One in which nobody has a view of its own. What the view states replaces what the case
        states; the rest is as it is:

        - ``values``: of each party that it names.
        - ``rules``: all of them.
        - ``issues: options``: the others stay words of the case, so that values, rules and the
          status quo may name them; a rule excludes them.
        - ``issues: control`` or ``joint``: each replaces both, and stated ``moves`` too; an
          empty ``joint`` stands for all who sign. ``withdraw`` is as in the case: it leads back
          to the status quo of the case, if the view allows that.
        - ``issues: irreversible``: replaces ``irreversible`` and ``undo``, and takes away what
          ``transitions`` and ``moves`` say of ways back from these options: what the party
          holds for irreversible is left only for a later option that it holds for so too.

        The status quo is that of the case, whether or not the view allows it. Walk-aways of
        those whose values are replaced mean nothing here.

    Raises
    ------
    CaseError
        Where the word is no party.
    """
    if party not in case.parties:
        raise CaseError(CaseProblem(*unknown("party", party, list(case.parties))))
    sees = case.parties[party].sees
    parties = {
        name: entry.model_copy(update={"sees": None}) for name, entry in case.parties.items()
    }
    if sees is None:
        return case.changed(parties=FrozenDict(parties))
    # A walk-away that any values can be held against: a number would not do for an order.
    somewhere = case.status_quo or {name: words[0] for name, words in case.options.items()}
    for name in sees.values:
        walk_away = WalkAway(outcome=FrozenDict(somewhere))
        parties[name] = parties[name].model_copy(update={"walk_away": walk_away})
    issues = {
        name: _seen(issue, sees.issues[name]) if name in sees.issues else issue
        for name, issue in case.issues.items()
    }
    rules = case.rules if sees.rules is None else sees.rules
    return case.changed(
        parties=FrozenDict(parties),
        issues=FrozenDict(issues),
        rules=(*rules, *_unseen(case, sees.issues)),
        values=FrozenDict({**case.values, **sees.values}),
    )


def _seen(issue: Issue, view: IssueView) -> Issue:
    """An issue as a view has it, but for its options."""
    update: dict[str, object] = {}
    if view.control is not None or view.joint is not None:
        update = {"control": view.control, "joint": view.joint or (), "moves": None}
    if view.irreversible is not None:
        kept, options = view.irreversible, list(issue.options)

        def onward(before: str, after: str) -> bool:
            later = options.index(after) > options.index(before)
            return before not in kept or (later and after in kept)

        update = {"irreversible": kept, "undo": None, **update}
        if issue.transitions is not None:
            update["transitions"] = FrozenDict(
                {
                    before: tuple(after for after in ends if onward(before, after))
                    for before, ends in issue.transitions.items()
                }
            )
        if issue.moves is not None and "moves" not in update:
            update["moves"] = FrozenDict(
                {
                    name: tuple(pair for pair in pairs if onward(*pair))
                    for name, pairs in issue.moves.items()
                }
            )
    return issue.model_copy(update=update)


def _unseen(case: Case, views: Mapping[str, IssueView]) -> Iterator[Rule]:
    """Rules that exclude the options that are not seen."""
    for name, view in views.items():
        if view.options is None:
            continue
        unseen = tuple(option for option in case.options[name] if option not in view.options)
        if unseen:
            text = f"{name} in ({', '.join(unseen)})"
            yield Rule(never=Expression(text, Comparison(name, "in", unseen)))


def perceived(
    model: Model,
    band: Fraction,
    codes: Integers,
    stable: Mapping[Concept, Mapping[str, Marks]],
    *,
    most: int = MOST_STATES,
    outcome: Integers | None = None,
) -> dict[Concept, dict[str, Marks]] | None:
    """Where each party stays in its own view.

    Parameters
    ----------
    model, band
        The case as it stands, compiled, and the least gain that counts.
    codes
        Its states as option positions, shape (states, issues).
    stable
        The verdicts on these states in the case as it stands.
    most
        Most states held of a view.
    outcome
        Option positions of the outcome around which the states were gathered, shape (issues,);
        None where they are all states.

    Returns
    -------
    dict or None
        Concept, then party, to a verdict per state of the case: 1 it stays, 0 it leaves, -1 it
        cannot be told; shape (states,), int8. Of a party with a view its own verdict in that
        view; it stays in a state that it does not perceive, as it can neither move to nor from
        it. Of all others the verdict as it stands. None where no party has a view.

    Raises
    ------
    CaseError
        Where a view leaves no outcome, has too many, or a ranking leaves out some of them; the
        message begins with whose view it is.

    Notes
    -----
    Cost: for each view a conflict of its own, and the verdicts of one party in it.
    """
    case = model.case
    viewers = [name for name, entry in case.parties.items() if entry.sees is not None]
    if not viewers:
        return None
    out = {concept: dict(verdicts) for concept, verdicts in stable.items()}
    for party in viewers:
        with _in_view(case, party):
            view = compile_case(seen_by(case, party))
            found = _own(view, band, party, codes, most=most, outcome=outcome)
        for concept, verdicts in found.items():
            out[concept][party] = verdicts
    return out


def _own(
    view: Model,
    band: Fraction,
    party: str,
    codes: Integers,
    *,
    most: int,
    outcome: Integers | None,
) -> dict[Concept, Marks]:
    """A party's verdicts in its view, for the states of the case."""
    seen = view.problem.feasible(codes)
    inner: Booleans | None = None
    if outcome is None:
        held = all_states(view, most)
        if not len(held):
            raise CaseError(CaseProblem("the rules leave no outcome", "take some of them out"))
    elif view.problem.feasible(outcome[None, :])[0]:
        held, inner = around(view, outcome, most)
    else:  # it does not perceive the outcome: of others that it does, nothing is asked
        marks = np.where(seen, np.int8(UNKNOWN), np.int8(STAYS))
        return dict.fromkeys(CONCEPTS, marks)
    teller = Teller(view, conflict(view, band, held, inner), held)
    verdicts, _ = verdicts_and_reasons(teller, teller.conflict.position[party], ())
    place = _places(held, codes)
    return {
        concept: np.where(seen, np.where(place < 0, np.int8(UNKNOWN), marks[place]), np.int8(STAYS))
        for concept, marks in verdicts.items()
    }


def _places(held: Integers, codes: Integers) -> Integers:
    """Where each of some states stands among those held, -1 where it is none of them."""
    labels = numbered(np.concatenate([held, codes]))
    place = np.full(int(labels.max()) + 1, -1)
    place[labels[: len(held)]] = np.arange(len(held))
    return place[labels[len(held) :]]


@contextmanager
def _in_view(case: Case, party: str) -> Iterator[None]:
    """Say of what is wrong in a view whose view it is."""
    try:
        yield
    except CaseError as error:
        place = case.place(("parties", party, "sees"), key=True)
        raise CaseError(
            replace(
                problem,
                what=f"in the view of {case.party_name(party)}: {problem.what}",
                place=place,
            )
            for problem in error.problems
        ) from None
