"""Whether those who promise something can bring it about."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from detente.case.schema import Case


def missing_owners(case: Case, issue: str, option: str, who: Collection[str]) -> tuple[str, ...]:
    """The parties that would have to promise too, so that an issue comes to an option.

    Definition: an issue under ``control`` needs its owner. A joint one needs all of its
    owners to leave the status quo, and any one of them to stay there (none can leave it
    alone). With ``moves`` the promisers' own moves have to lead there from the status quo
    (from anywhere, where there is none); to stay there takes all who have a move away.

    Parameters
    ----------
    case
        The case.
    issue, option
        What is promised.
    who
        Those who promise.

    Returns
    -------
    tuple of str
        Empty where the promisers suffice, and where nobody else has a move.
    """
    entry = case.issues[issue]
    today = None if case.status_quo is None else case.status_quo[issue]
    if entry.moves is not None:
        own = {party: arcs for party, arcs in entry.moves.items() if party in who}
        starts = case.options[issue] if today is None else (today,)
        if today == option:
            leaving = (party for party, arcs in entry.moves.items() if _starts(arcs, option))
            return tuple(party for party in leaving if party not in who)
        if _reaches(own.values(), starts, option):
            return ()
        return tuple(party for party in entry.moves if party not in who)
    if entry.control is not None:
        return () if entry.control in who else (entry.control,)
    owners = entry.joint or case.signing
    if today == option and not set(owners).isdisjoint(who):
        return ()
    return tuple(party for party in owners if party not in who)


def _starts(moves: Iterable[tuple[str, str]], option: str) -> bool:
    return any(start == option for start, _ in moves)


def _reaches(
    moves: Iterable[Iterable[tuple[str, str]]], starts: Iterable[str], target: str
) -> bool:
    arcs = [arc for table in moves for arc in table]
    reached, waiting = set[str](), [end for start in starts for s, end in arcs if s == start]
    while waiting:
        option = waiting.pop()
        if option not in reached:
            reached.add(option)
            waiting += [end for start, end in arcs if start == option]
    return target in reached
