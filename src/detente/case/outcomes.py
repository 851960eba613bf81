"""Outcomes as a person gives them: pairs of issue and option, or the name of a package."""

from __future__ import annotations

from collections.abc import Mapping

from detente.case.errors import CaseError, Problem, unknown
from detente.case.schema import Case


def parse_outcome(
    case: Case, written: str | Mapping[str, str], other: tuple[str, ...] = ()
) -> dict[str, str]:
    """A complete outcome from what was given.

    Parameters
    ----------
    case
        The case, whose words are used.
    written
        ``issue=option,issue=option`` (issues left out stand at the status quo), the name
        of a package, ``status_quo``, a package with some issues settled otherwise
        (``package,issue=option``), or a mapping.
    other
        Further names that the caller knows, for the message when nothing fits.

    Raises
    ------
    CaseError
        Where a word is unknown, or an outcome is incomplete without a status quo.
    """
    if isinstance(written, Mapping):
        partial = {str(issue): str(option) for issue, option in written.items()}
    elif not written.strip(" ,"):
        raise CaseError(Problem("an empty outcome", "name a package, or issue=option,issue=option"))
    elif "=" in written:
        first, _, rest = written.partition(",")
        if "=" in first or not rest:
            partial = parse_pairs(case, written)
        else:  # a package with some issues settled otherwise
            partial = {**parse_outcome(case, first, other), **parse_pairs(case, rest)}
    elif written.strip() == "status_quo":
        partial = {}
    elif written.strip() in case.packages:
        partial = dict(case.packages[written.strip()].outcome)
    else:
        what, help = unknown("package", written.strip(), [*case.packages, "status_quo", *other])
        raise CaseError(Problem(what, f"{help}; or give issue=option,issue=option"))
    _check(case, partial)
    try:
        return case.complete(partial)
    except ValueError as error:
        raise CaseError(Problem(str(error))) from None


def parse_pairs(case: Case, written: str) -> dict[str, str]:
    """``issue=option,issue=option`` as a partial outcome; its words are not checked yet."""
    out: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in written.split(","))):
        issue, found, option = (piece.strip() for piece in part.partition("="))
        option = option.removeprefix("=").strip()
        if not (found and issue and option):
            example = next(f"{name}={names[-1]}" for name, names in case.options.items())
            raise CaseError(Problem(f"{part!r} is no issue=option", f"for instance: {example}"))
        if issue in out and out[issue] != option:
            raise CaseError(
                Problem(f"the outcome settles {issue} twice: {out[issue]} and {option}")
            )
        out[issue] = option
    return out


def _check(case: Case, partial: Mapping[str, str]) -> None:
    problems = []
    for issue, option in partial.items():
        if issue not in case.options:
            problems.append(Problem(*unknown("issue", issue, list(case.options))))
        elif option not in case.options[issue]:
            of = f"issue {issue}"
            problems.append(Problem(*unknown("option", option, case.options[issue], of)))
    if problems:
        raise CaseError(problems)
