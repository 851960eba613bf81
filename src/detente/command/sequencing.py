"""The command that asks in what order: to be registered by the application."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.command.options import AsJson, CaseArgument, Out, Seed, With


def roadmap(  # noqa: PLR0917
    case: CaseArgument,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="PACKAGE",
            help="What is to be reached: a package of the case, issue=option,issue=option, a "
            "package with changes (PACKAGE,issue=option), or a solution such as nash.",
        ),
    ],
    model: Annotated[
        str,
        typer.Option(
            metavar="MODEL",
            help="discounted: the way itself counts; patient: only where it leads.",
        ),
    ] = "discounted",
    survives: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OVERLAY|DRIVER",
            help="A coding under which nobody shall prefer to leave either: an overlay, or a "
            "driver for both ends of its range (repeatable).",
        ),
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(
            metavar="STEPS",
            help="Your own order, judged beside the best: access,arms+embargo,treaty=signed.",
        ),
    ] = None,
    at_once: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Most things that move in one step; any number if left out."
        ),
    ] = None,
    alternatives: Annotated[
        int, typer.Option(min=0, metavar="N", help="How many of the next best orders to show.")
    ] = 3,
    seed: Seed = 0,
    with_: With = None,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """In what order? The steps to an agreement in which no party ever prefers to leave.

    Or, where there is no such order, what would make one.
    """
    from detente.case.loading import load
    from detente.command.output import Working, deliver
    from detente.sequencing.roadmap import roadmap as question

    with Working("comparing orders"):
        result = question(
            load(case, with_ or ()),
            to,
            model=model,
            survives=survives or (),
            order=order,
            at_once=at_once,
            alternatives=alternatives,
            seed=seed,
        )
    deliver("roadmap", result, as_json=as_json, out=out)
