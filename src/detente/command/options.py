"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from detente.case.schema import Case


def _complete_case(incomplete: str) -> list[str]:
    from detente.case.loading import bundled_cases

    return [name for name in bundled_cases() if name.startswith(incomplete)]


CaseArgument = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="A case file, or the name of a bundled case ('detente cases').",
        autocompletion=_complete_case,
    ),
]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="OVERLAY", help="Lay a partial case over it (repeatable)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write .json .csv .xlsx .txt .html .svg or .png."),
]
PackageOption = Annotated[
    str | None,
    typer.Option(
        metavar="PACKAGE",
        help="The package whose text is meant; may be left out where only one has a text.",
    ),
]
Signed = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Day of signature; else as the package or case says."),
]
Seed = Annotated[int, typer.Option(metavar="N", min=0, help="Seed of everything drawn at random.")]


def load_case(case: str, overlays: list[str] | None) -> Any:
    """The case, with overlays laid over it."""
    from detente.case.loading import load

    return load(case, overlays or ())


def words(given: list[str] | None) -> list[str] | None:
    """What an option lists, repeated or separated by commas; None where it was not given."""
    if given is None:
        return None
    return [word.strip() for text in given for word in text.split(",") if word.strip()]


def asked_about(case: Case, outcome: str | None) -> str:
    """The package that was asked about; an error that names those of the case where none was."""
    from detente.case.errors import CaseError, Problem

    if outcome is not None:
        return outcome
    names = ", ".join(case.packages)
    known = f"the case has: {names}" if names else "the case has no packages: issue=option,…"
    raise CaseError(Problem("which package?", f"write --outcome PACKAGE; {known}"))


def amounts(option: str, given: list[str] | None, example: str) -> dict[str, str]:
    """Names with a number each, as ``us=10,china=0``; what the numbers are is read later.

    Parameters
    ----------
    option
        Which option it is, for messages.
    given
        What was written; lists of several are joined.
    example
        What could have been written.

    Raises
    ------
    CaseError
        Where an entry is no name with a number, or a name stands twice.
    """
    from detente.case.errors import CaseError, Problem, quoted

    found: dict[str, str] = {}
    advice = f"write a name and a number for each, as in {option} {example}"
    for word in [part for entry in given or () for part in entry.split(",")]:
        name, sign, amount = (part.strip() for part in word.partition("="))
        if not (name and sign and amount):
            raise CaseError(Problem(f"{option}: {quoted(word)} is no name with a number", advice))
        if name in found:
            raise CaseError(Problem(f"{option}: {quoted(name)} stands twice", advice))
        found[name] = amount
    return found
