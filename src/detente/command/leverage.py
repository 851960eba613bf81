"""The command that asks what it would take: to be registered by the application."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from detente.command.options import AsJson, CaseArgument, Out, Seed, With


def unlock(  # noqa: PLR0917
    case: CaseArgument,
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="PACKAGE",
            help="What is wanted: a package of the case, issue=option,issue=option, a package "
            "with changes (PACKAGE,issue=option), status_quo, or a solution such as nash.",
        ),
    ] = None,
    goals: Annotated[
        list[str] | None,
        typer.Option(
            "--goal",
            metavar="GOAL",
            help="What it is to be: acceptable, enforceable, roadmap, holds (repeatable; all four "
            "if left out).",
        ),
    ] = None,
    levers: Annotated[
        list[str] | None,
        typer.Option(
            "--lever",
            metavar="LEVER",
            help="What may be moved: terms, payments, guarantees, verification, persuasion, "
            "process (repeatable; all six if left out).",
        ),
    ] = None,
    concept: Annotated[
        str,
        typer.Option(
            metavar="CONCEPT", help="When it holds: nash, gmr, smr, seq or sseq, as in hold."
        ),
    ] = "seq",
    model: Annotated[
        str,
        typer.Option(
            metavar="MODEL",
            help="Of the roadmap. discounted: the way itself counts; patient: only where it leads.",
        ),
    ] = "discounted",
    change_costs: Annotated[
        list[str] | None,
        typer.Option(
            "--change-cost",
            metavar="ISSUE=X,…",
            help="What it costs to settle an issue otherwise; 1 for those left out.",
        ),
    ] = None,
    most_changes: Annotated[
        str | None, typer.Option(metavar="X", help="The most that changes of terms may cost.")
    ] = None,
    most_paid: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PARTY=X,…",
            help="The most that a party pays, in units a period; those left out have no limit.",
        ),
    ] = None,
    rates: Annotated[
        list[str] | None,
        typer.Option(
            "--rate",
            metavar="PARTY=X,…",
            help="How many points of value a unit paid is to a party; 1 for those left out.",
        ),
    ] = None,
    samples: Annotated[
        int, typer.Option(min=0, metavar="N", help="Codings drawn for each way; 0: none.")
    ] = 1024,
    seed: Seed = 0,
    no_together: Annotated[
        bool,
        typer.Option("--no-together", help="Do not look for several ways that do it together."),
    ] = False,
    with_: With = None,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """What would it take? The least that makes a package accepted, lasting and reachable.

    Other terms, side payments, guarantees, checks, other judgements, other rules: each way is
    proved by asking the questions again with it; what does not survive that is not shown.
    """
    from detente.command.options import amounts, asked_about, load_case, words
    from detente.command.output import Working, check_suffix, check_target, deliver

    check_suffix(out)
    loaded = load_case(case, with_)
    package = asked_about(loaded, outcome)
    costs = amounts("--change-cost", change_costs, _example(loaded.issues, 2, 5))
    paid = amounts("--most-paid", most_paid, _example(loaded.parties, 10, 0))
    worth = amounts("--rate", rates, _example(loaded.parties, 0.5))
    if out is not None:
        check_target(out, loaded)  # before the work, not after it
    from detente.leverage.answer import GOALS, LEVERS
    from detente.leverage.unlock import unlock as question

    with Working("pulling levers"):
        result = question(
            loaded,
            package,
            goals=GOALS if goals is None else words(goals) or (),
            levers=LEVERS if levers is None else words(levers) or (),
            concept=concept,
            model=model,
            change_costs=costs,
            most_changes=most_changes,
            most_paid=paid,
            rates=worth,
            samples=samples,
            seed=seed,
            together=not no_together,
        )
    deliver("unlock", result, as_json=as_json, out=out)


def _example(names: Iterable[str], *values: float) -> str:
    """Names of the case with numbers, as an option takes them."""
    return ",".join(f"{name}={value:g}" for name, value in zip(names, values, strict=False))
