"""The command that asks what could break it: to be registered by the application."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.command.options import AsJson, CaseArgument, Out, Seed, With


def stress(  # noqa: PLR0917
    case: CaseArgument,
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="PACKAGE",
            help="What is taken as agreed: a package of the case, issue=option,issue=option, a "
            "package with changes (PACKAGE,issue=option), or a solution such as nash.",
        ),
    ] = None,
    samples: Annotated[
        int, typer.Option(min=1, metavar="N", help="Codings drawn, at the most.")
    ] = 4096,
    seed: Seed = 0,
    correlation: Annotated[
        str,
        typer.Option(
            metavar="X|FILE",
            help="Rank correlation of a party's numbers, 0 to 1, or a CSV table of correlations. "
            "The shares with independent (0) and fully correlated (1) numbers are shown beside it.",
        ),
    ] = "0.5",
    design: Annotated[
        str,
        typer.Option(
            metavar="DESIGN", help="How codings are spread: latin hypercube, sobol or random."
        ),
    ] = "latin hypercube",
    precision: Annotated[
        float | None,
        typer.Option(
            metavar="X", help="Stop once every 95 % interval reaches at most so far, such as 0.01."
        ),
    ] = None,
    coding: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OVERLAY", help="Another coding to draw from, beside the case (repeatable)."
        ),
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(
            metavar="STEPS",
            help="The roadmap to judge: access,arms+embargo,treaty=signed; the best if left out.",
        ),
    ] = None,
    model: Annotated[
        str,
        typer.Option(
            metavar="MODEL",
            help="Of the roadmap. discounted: the way itself counts; patient: only where it leads.",
        ),
    ] = "discounted",
    years: Annotated[
        float | None,
        typer.Option(
            metavar="N",
            help="Follow the agreement for so long, under the hazards that the case states.",
        ),
    ] = None,
    agreements: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="With --years: a table of past agreements, for comparison."
        ),
    ] = None,
    no_robust: Annotated[
        bool,
        typer.Option("--no-robust", help="Leave out which packages are accepted more often."),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes; as many as there are cores if left out."),
    ] = None,
    engine: Annotated[
        str, typer.Option(metavar="ENGINE", help="Who works: processes, or dask for a cluster.")
    ] = "processes",
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Of the Dask cluster, such as tcp://host:8786."),
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER", help="Where parts are kept as they come, to go on from next time."
        ),
    ] = None,
    with_: With = None,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """What could break it? Where verdicts turn, and in which share of codings they stand.

    Every number with a range is drawn anew, many times; a share of codings is a statement
    about judgements, not about the future. Ctrl-C ends the run with what was found by then.
    """
    from detente.command.counting import Counting
    from detente.command.options import asked_about, load_case
    from detente.command.output import check_suffix, check_target, deliver

    check_suffix(out)
    loaded = load_case(case, with_)
    package = asked_about(loaded, outcome)
    if out is not None:
        check_target(out, loaded)  # before the work, not after it
    from detente.uncertainty.stress import stress as question

    with Counting("drawing", "codings") as counting:
        result = question(
            loaded,
            package,
            samples=samples,
            seed=seed,
            correlation=correlation,
            design=design,
            precision=precision,
            codings=coding or (),
            order=order,
            model=model,
            years=years,
            agreements=agreements,
            robust=not no_robust,
            workers=workers,
            engine=engine,
            scheduler=scheduler,
            resume=resume,
            progress=counting.count,
        )
    deliver("stress", result, as_json=as_json, out=out)
