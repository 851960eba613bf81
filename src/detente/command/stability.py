"""The command that asks whether it would hold: to be registered by the application."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.command.options import AsJson, CaseArgument, Out, With


def hold(  # noqa: PLR0917
    case: CaseArgument,
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="PACKAGE",
            help="What to look at: a package of the case, issue=option,issue=option, a package "
            "with changes (PACKAGE,issue=option), status_quo, or a solution such as nash. "
            "Left out: today's state and every package.",
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="List the outcomes that nobody leaves, among all.")
    ] = False,
    coalitions: Annotated[
        str | None,
        typer.Option(
            metavar="all|A+B,C+D", help="Ask about parties that leave together: all, or these."
        ),
    ] = None,
    blocs: Annotated[
        str | None,
        typer.Option(metavar="A+B,C+D", help="Allies that always move as one."),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="OUTCOME",
            help="Which lasting outcomes can be reached from here, and how: status_quo, a "
            "package, or issue=option,issue=option.",
        ),
    ] = None,
    band: Annotated[
        str,
        typer.Option(metavar="POINTS", help="The least gain that counts, for parties with scores."),
    ] = "0",
    simultaneous: Annotated[
        bool,
        typer.Option("--simultaneous", help="Ask too what happens if the others move at once."),
    ] = False,
    pareto: Annotated[
        bool,
        typer.Option(
            "--pareto", help="A coalition moves already where one gains and nobody loses."
        ),
    ] = False,
    listed: Annotated[
        int | None,
        typer.Option(
            "--list",
            min=0,
            metavar="N",
            help="Most outcomes in each list of the JSON; counts stay exact. Left out: 1,000 "
            "routes, and all of --all as long as they are no more than a million.",
        ),
    ] = None,
    with_: With = None,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """Would it hold? Who could gain by leaving, who could punish that, and at whose cost.

    Foresight without a clock: moves and countermoves, as in the graph model for conflict
    resolution (Nash, GMR, SMR, SEQ, SSEQ).
    """
    from detente.command.options import load_case
    from detente.command.output import Working, check_suffix, deliver
    from detente.stability.hold import hold as question

    check_suffix(out)
    with Working("looking ahead"):
        result = question(
            load_case(case, with_),
            outcome,
            every=every,
            coalitions=coalitions,
            blocs=blocs,
            start=start,
            band=band,
            simultaneous=simultaneous,
            pareto=pareto,
            most_listed=listed,
        )
    deliver("hold", result, as_json=as_json, out=out)
