"""Which options of an issue can follow which, and who brings that about."""

from __future__ import annotations

from detente.case.schema import Case


def may_move(case: Case, issue: str, before: str, after: str) -> bool:
    """Whether an issue may go from one option to another in one move.

    By its stated ``moves`` where it has them; else along the ``transitions`` of the option;
    where it has none, to any, and from an option that cannot be undone only to a later one that
    cannot.
    """
    entry = case.issues[issue]
    if entry.moves is not None:
        return any((before, after) in pairs for pairs in entry.moves.values())
    stated = entry.transitions
    if stated is not None and before in stated:
        return after in stated[before]
    options = case.options[issue]
    if not _irreversible(case, issue, before):
        return True
    later = options.index(after) > options.index(before)
    return later and _irreversible(case, issue, after)


def movers(case: Case, issue: str, before: str, after: str) -> tuple[str, ...]:
    """Who makes a move: the one that controls the issue, or all that must do it together.

    With stated ``moves`` the first party that may make it.
    """
    entry = case.issues[issue]
    if entry.moves is not None:
        able = (party for party, pairs in entry.moves.items() if (before, after) in pairs)
        return tuple(able)[:1]
    if entry.control is not None:
        return (entry.control,)
    return tuple(entry.joint) or case.signing


def _irreversible(case: Case, issue: str, option: str) -> bool:
    """Whether an option is never undone; on a whole issue that spares the status quo."""
    entry = case.issues[issue]
    if option in entry.irreversible:
        return True
    if entry.undo is None:
        return False
    today = (case.status_quo or {}).get(issue)
    stated = entry.undo.options.get(option)
    return stated == "never" or (
        stated is None and entry.undo.default == "never" and option != today
    )
