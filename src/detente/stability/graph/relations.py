"""Who can move what: for every mover and issue, which options can follow which in one move.

A party moves alone what it controls, takes back to the status quo what it owns with others
(unless all must agree to that), and makes the moves that a graph gives it. A group moves
together what exactly its members own jointly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.model.moves import may_move
from detente.model.problem import Booleans, Integers


@dataclass(frozen=True, eq=False)
class Relation:
    """What one mover can do.

    Parameters
    ----------
    members
        The party, or the parties that move together.
    issues
        Position of an issue to whether an option (row) can be followed by another (column);
        nothing on the diagonal. A move changes any of these issues at once.
    """

    members: tuple[str, ...]
    issues: Mapping[int, Booleans]

    @property
    def transitive(self) -> bool:
        """Whether two moves in a row are always one move, or none."""
        for table in self.issues.values():
            stays = table | np.eye(len(table), dtype=np.bool_)
            if (stays @ stays & ~stays).any():
                return False
        return True


def relations(case: Case) -> tuple[Relation, ...]:
    """All movers of a case that can move anything: the parties, then the groups.

    Returns
    -------
    tuple of Relation
        Parties in the order of the case, groups in the order of the issues.
    """
    out = []
    for party in case.parties:
        tables = {
            place: table
            for place, issue in enumerate(case.issues)
            if (table := alone(case, issue, party)).any()
        }
        if tables:
            out.append(Relation((party,), tables))
    groups: dict[tuple[str, ...], dict[int, Booleans]] = {}
    for place, issue in enumerate(case.issues):
        owners = joint_owners(case, issue)
        if len(owners) > 1 and (table := _allowed(case, issue)).any():
            groups.setdefault(owners, {})[place] = table
    return (*out, *(Relation(owners, tables) for owners, tables in groups.items()))


def check_moves(case: Case, codes: Integers) -> None:
    """Refuse stated moves from or to an option at which no state stands.

    Parameters
    ----------
    case
        The case.
    codes
        All its states as option positions, shape (states, issues).

    Raises
    ------
    CaseError
        Naming the first such move.
    """
    for column, (issue, entry) in enumerate(case.issues.items()):
        options = case.options[issue]
        possible = {options[code] for code in np.unique(codes[:, column])}
        for party, pairs in (entry.moves or {}).items():
            for number, (before, after) in enumerate(pairs):
                for option in (before, after):
                    if option not in possible:
                        what = (
                            f"{party} moves {issue} from {before} to {after}, "
                            f"but the rules allow no outcome with {option}"
                        )
                        place = case.place(("issues", issue, "moves", party, number))
                        raise CaseError(Problem(what, "take out the move, or the rule", place))


def joint_owners(case: Case, issue: str) -> tuple[str, ...]:
    """Those that change an issue only together, in the order of the case; empty if none."""
    entry = case.issues[issue]
    if entry.control is not None or entry.moves is not None:
        return ()
    owners = set(entry.joint or case.signing)
    return tuple(party for party in case.parties if party in owners)


def alone(case: Case, issue: str, party: str) -> Booleans:
    """Which option a party can make follow which by itself; shape (options, options)."""
    entry, options = case.issues[issue], case.options[issue]
    table = np.zeros((len(options), len(options)), dtype=np.bool_)
    if entry.moves is not None:
        for before, after in entry.moves.get(party, ()):
            table[options.index(before), options.index(after)] = before != after
        return table
    owners = joint_owners(case, issue)
    if entry.control == party or owners == (party,):
        return _allowed(case, issue)
    if party in owners and entry.withdraw == "any" and case.status_quo is not None:
        today = options.index(case.status_quo[issue])
        table[:, today] = _allowed(case, issue)[:, today]
    return table


def _allowed(case: Case, issue: str) -> Booleans:
    """Which option may follow which, whoever moves it."""
    options = case.options[issue]
    return np.array(
        [
            [before != after and may_move(case, issue, before, after) for after in options]
            for before in options
        ]
    )
