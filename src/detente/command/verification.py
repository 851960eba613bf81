"""The commands that ask about verification: to be registered by the application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from detente.command.options import AsJson, CaseArgument, Out, With


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what a function says of a number outside its domain into an error of the call."""
    from detente.case.errors import CaseError

    try:
        yield
    except CaseError:
        raise
    except ValueError as error:
        raise CaseError(str(error)) from None


def sample(  # noqa: PLR0917
    items: Annotated[
        int | None, typer.Option(metavar="N", help="How many items there are.")
    ] = None,
    falsified: Annotated[
        int | None, typer.Option(metavar="M", help="How many of them are falsified.")
    ] = None,
    detect: Annotated[
        float | None,
        typer.Option(metavar="P", help="Chance of finding one that is asked for, such as 0.9."),
    ] = None,
    sampled: Annotated[
        int | None,
        typer.Option(metavar="N", help="How many are checked; else as many as it takes."),
    ] = None,
    recognise: Annotated[
        float,
        typer.Option(metavar="P", help="Chance to recognise a falsified item that is checked."),
    ] = 1.0,
    false_alarm: Annotated[
        float,
        typer.Option(metavar="P", help="Chance that an intact item is taken for falsified."),
    ] = 0.0,
    accept: Annotated[
        int, typer.Option(metavar="N", help="Most items that may look falsified without an alarm.")
    ] = 0,
    second_look: Annotated[
        tuple[float, float] | None,
        typer.Option(
            metavar="TRUE FALSE", help="Shares of true and false item alarms it confirms."
        ),
    ] = None,
    gain: Annotated[
        float | None, typer.Option(metavar="X", help="What the violation yields a period.")
    ] = None,
    loss: Annotated[
        float | None,
        typer.Option(metavar="X", help="What is lost a period after an alarm, in the same unit."),
    ] = None,
    discount: Annotated[
        float | None, typer.Option(metavar="D", help="Worth of the next period, such as 0.9.")
    ] = None,
    punishment: Annotated[
        int | None, typer.Option(metavar="N", help="Periods it lasts; for ever if left out.")
    ] = None,
    stratum: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ITEMS,QUANTITY",
            help="A kind of items, and what falsifying one yields (repeatable; with --goal).",
        ),
    ] = None,
    goal: Annotated[
        float | None, typer.Option(metavar="X", help="Quantity not to be diverted unnoticed.")
    ] = None,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """How many items must be checked to find what is falsified? Needs no case.

    With --gain, --loss and --discount: with how many checked does an agreement hold?
    """
    from detente.command.output import Working, deliver
    from detente.verification.sampling.sample import sample as question
    from detente.verification.sampling.strata import read_stratum

    with refusing(), Working("looking for the sizes"):
        result = question(
            items,
            falsified,
            detect,
            sampled,
            recognise=recognise,
            false_alarm=false_alarm,
            accept=accept,
            second_look=second_look,
            gain=gain,
            loss=loss,
            discount=discount,
            punishment=punishment,
            strata=[read_stratum(text) for text in stratum or ()],
            goal=goal,
        )
    deliver("sample", result, as_json=as_json, out=out)


def confidence(  # noqa: PLR0917
    detect: Annotated[
        float,
        typer.Option(metavar="P", help="Chance of an alarm where the terms are broken."),
    ],
    prior: Annotated[
        float,
        typer.Option(metavar="P", help="Confidence before the first inspection: a judgement."),
    ] = 0.5,
    false_alarm: Annotated[
        float, typer.Option(metavar="P", help="Chance of an alarm where the terms are kept.")
    ] = 0.0,
    record: Annotated[
        str | None,
        typer.Option(
            metavar="WORDS",
            help="What each period brought, as in 'clean*5,alarm,none' (or c, a, -).",
        ),
    ] = None,
    needed: Annotated[
        float | None, typer.Option(metavar="P", help="Confidence that the next step asks for.")
    ] = None,
    trust: Annotated[
        tuple[float, float, float] | None,
        typer.Option(
            metavar="SUCCESS EXPLOITED STAY",
            help="What a step is worth if the other side complies, if not, and without it.",
        ),
    ] = None,
    lapse: Annotated[
        float,
        typer.Option(metavar="P", help="Chance per period that a side begins to break the terms."),
    ] = 0.0,
    cure: Annotated[
        float,
        typer.Option(metavar="P", help="Chance per period that a side returns to the terms."),
    ] = 0.0,
    periods: Annotated[
        int, typer.Option(metavar="N", help="Length of the clean record shown without --record.")
    ] = 24,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """How confident may one be that the terms are kept? Needs no case.

    From a record of inspections, or for a clean one: how long to wait, and what alarms mean.
    """
    from detente.command.output import deliver
    from detente.verification.confidence.confidence import confidence as question

    with refusing():
        result = question(
            detect,
            prior=prior,
            false_alarm=false_alarm,
            record=record,
            lapse=lapse,
            cure=cure,
            periods=periods,
            needed=needed,
            trust=trust,
        )
    deliver("confidence", result, as_json=as_json, out=out)


def verify(  # noqa: PLR0917
    case: CaseArgument,
    outcome: Annotated[
        str,
        typer.Option(
            metavar="PACKAGE",
            help="What is taken as signed: a package of the case, issue=option,issue=option, a "
            "package with changes (PACKAGE,issue=option), status_quo, or a solution such as nash.",
        ),
    ],
    budget: Annotated[
        str | None, typer.Option(metavar="X", help="The most that measures may cost a period.")
    ] = None,
    visits: Annotated[
        float | None,
        typer.Option(metavar="N", help="Visits a period that shared inspectors can make."),
    ] = None,
    with_: With = None,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """How much verification does an agreement need, and what is the cheapest way to get it?"""
    from detente.case.loading import load
    from detente.command.output import Working, deliver
    from detente.verification.verify import verify as question

    with Working("weighing what could be hidden"):
        result = question(load(case, with_ or ()), outcome, budget=budget, visits=visits)
    deliver("verify", result, as_json=as_json, out=out)
