"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


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
