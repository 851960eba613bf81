"""The commands, one a question; each only reads its words and hands over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from detente.command import leverage, sequencing, stability, uncertainty, verification
from detente.command.options import (
    AsJson,
    CaseArgument,
    Out,
    PackageOption,
    Seed,
    Signed,
    With,
    load_case,
)

application = typer.Typer(
    name="detente",
    help="A workbench for agreements that hold: one case file, one command a question.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        from detente import __version__

        typer.echo(f"detente {__version__}")
        raise typer.Exit


@application.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """A workbench for agreements that hold: one case file, one command a question."""


@application.command(short_help="Is the case fit to be asked?")
def check(case: CaseArgument, with_: With = None, as_json: AsJson = False, out: Out = None) -> None:
    """Is the case fit to be asked? Counts outcomes and notes what its author should know."""
    from detente.command.output import deliver
    from detente.model.check import check as question

    deliver("check", question(load_case(case, with_)), as_json=as_json, out=out)


@application.command(short_help="Who must have what, and do those red lines clash?")
def concerns(
    case: CaseArgument,
    with_: With = None,
    as_json: AsJson = False,
    out: Out = None,
    examples: Annotated[
        int, typer.Option(min=0, metavar="N", help="Outcomes to list that meet all.")
    ] = 10,
) -> None:
    """Who must have what, and do those red lines clash? Needs no numbers."""
    from detente.agreement import concerns as question
    from detente.command.output import Working, deliver

    with Working("looking for clashes"):
        result = question(load_case(case, with_), examples=examples)
    deliver("concerns", result, as_json=as_json, out=out)


@application.command(short_help="What could everyone sign, and what is best?")
def agree(
    case: CaseArgument,
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="PACKAGE",
            help="What to look at: a package of the case, issue=option,issue=option, a package "
            "with changes (PACKAGE,issue=option), status_quo, or a solution such as nash.",
        ),
    ] = None,
    with_: With = None,
    as_json: AsJson = False,
    out: Out = None,
    listed: Annotated[
        int, typer.Option("--list", min=1, metavar="N", help="Most outcomes listed.")
    ] = 1000,
    engine: Annotated[
        str, typer.Option(metavar="ENGINE", help="auto, enumerate, eliminate or bound.")
    ] = "auto",
    exact_limit: Annotated[
        int, typer.Option(min=1, metavar="N", help="Most partial frontier points held at once.")
    ] = 250_000,
    walk_limit: Annotated[
        int, typer.Option(min=1, metavar="N", help="Largest space walked through to count consent.")
    ] = 10**9,
    samples: Annotated[
        int, typer.Option(min=1, metavar="N", help="Codings drawn for --outcome.")
    ] = 10_000,
    seed: Seed = 0,
) -> None:
    """What could everyone sign, and what is best? Or: who accepts this package, and why not?"""
    from detente.agreement import Limits
    from detente.agreement import agree as question
    from detente.command.output import Working, deliver

    with Working("looking for agreements") as working:
        result = question(
            load_case(case, with_),
            outcome,
            engine=engine,
            limits=Limits(exact_limit, walk_limit),
            listed=listed,
            samples=samples,
            seed=seed,
            progress=working.advance,
        )
    deliver("agree", result, as_json=as_json, out=out)


@application.command(short_help="Is the text fit to sign?")
def draft(
    case: CaseArgument,
    outcome: PackageOption = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="EARLIER LATER", help="Two versions: what changed between them."),
    ] = None,
    signed: Signed = None,
    with_: With = None,
    as_json: AsJson = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write .docx or .md (the text), .xlsx (its clauses, to mark up), "
            ".json .csv .txt .html .svg or .png.",
        ),
    ] = None,
) -> None:
    """Is the text fit to sign? What is open, unchecked, undated, and who settles it."""
    from detente.command.output import deliver
    from detente.commitments import draft as question

    result = question(load_case(case, with_), outcome, compare=compare, signed=signed)
    deliver("draft", result, as_json=as_json, out=out)


@application.command(short_help="Who keeps what, and what comes next?")
def track(
    case: CaseArgument,
    outcome: PackageOption = None,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day; today if left out.")] = (
        None
    ),
    signed: Signed = None,
    ledger: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A CSV file with further reports.")
    ] = None,
    add: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Add a report on this commitment to the ledger."),
    ] = None,
    kept: Annotated[
        int | None, typer.Option(metavar="N", help="With --add: 0 none, 1, 2 or 3 complete.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="With --add: where it comes from.")
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="With --add: a remark.")] = None,
    evidence: Annotated[
        str | None, typer.Option(metavar="TEXT", help="With --add: how well it was checked.")
    ] = None,
    with_: With = None,
    as_json: AsJson = False,
    out: Out = None,
) -> None:
    """Who keeps what, what is late or broken, and what comes next?

    With --add a report is added to the ledger first, dated --on (today if left out).
    """
    from detente.command import output
    from detente.commitments import track as question
    from detente.commitments.track import add_report

    details = {"kept": kept, "source": source, "note": note, "evidence": evidence}
    _check_report(add, ledger, details)
    loaded = load_case(case, with_)
    if add is not None and ledger is not None and kept is not None:
        output.check_suffix(out)  # a wrong call is refused before it writes
        if out is not None:
            output.check_target(out, loaded, ledger)
        question(loaded, outcome, on, signed=signed)
        texts = {"source": source, "note": note, "evidence": evidence}
        add_report(loaded, outcome, ledger, id=add, kept=kept, on=on, **texts)
        output.note(f"added a report on {add} to {ledger}")
    result = question(loaded, outcome, on, signed=signed, ledger=ledger)
    output.deliver("track", result, as_json=as_json, out=out, read=ledger)


def _check_report(add: str | None, ledger: Path | None, details: dict[str, Any]) -> None:
    """Refuse a report that lacks something, and parts of one without --add."""
    from detente.case.errors import CaseError, Problem

    stray = [f"--{name}" for name, value in details.items() if value is not None]
    if add is None and stray:
        verb = "belong" if len(stray) > 1 else "belongs"
        what = f"{', '.join(stray)} {verb} to a report, and none is added"
        raise CaseError(Problem(what, "write --add ID to say which commitment it is about"))
    if add is not None and details["kept"] is None:
        what = f"the report on {add} does not say how far it was kept"
        raise CaseError(Problem(what, "write --kept N: 0 none, 1, 2 or 3 complete"))
    if add is not None and ledger is None:
        raise CaseError(Problem("--add needs a ledger to write to", "write --ledger FILE"))


application.command(short_help="How much verification does it need?")(verification.verify)
application.command(short_help="In what order?")(sequencing.roadmap)
application.command(short_help="Would it hold once signed?")(stability.hold)
application.command(short_help="What could break it?")(uncertainty.stress)
application.command(short_help="What would it take?")(leverage.unlock)
application.command(short_help="How many items must be checked?")(verification.sample)
application.command(short_help="How confident may one be?")(verification.confidence)


@application.command(short_help="All of it on one page for the principal.")
def brief(
    case: CaseArgument,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write .html (the page), .md (to paste) or .pdf (by an installed Chromium).",
        ),
    ] = Path("brief.html"),
    with_: With = None,
    packages: Annotated[
        list[str] | None,
        typer.Option(
            "--package",
            metavar="PACKAGE",
            help="A package to carry through all sections, the main one first (repeatable, up to "
            "five): its name, issue=option,issue=option, or a solution such as nash. If left out, "
            "three to five unlike ones.",
        ),
    ] = None,
    sections: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY,KEY", help="Only these sections (repeatable)."),
    ] = None,
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Instead of the title of the case.")
    ] = None,
    audience: Annotated[
        str | None,
        typer.Option("--for", metavar="PARTY|mediator", help="Show what only they may see."),
    ] = None,
    recommend: Annotated[
        str | None,
        typer.Option(metavar="RULE", help="Name the package that a rule such as nash chooses."),
    ] = None,
    years: Annotated[
        float,
        typer.Option(
            metavar="N",
            help="Follow the main package for so long under the case's hazards; 0: do not.",
        ),
    ] = 10,
) -> None:
    """All of it on one page that a principal can read: a self-contained HTML file.

    With --out brief.md text to paste, with --out brief.pdf the page on paper.
    """
    from detente.command.options import words
    from detente.command.output import Working
    from detente.views.brief import brief as make
    from detente.views.brief import check_target

    loaded = load_case(case, with_)
    check_target(out)  # a wrong call is refused before the work
    with Working("writing the brief"):
        made = make(
            loaded,
            packages=packages,
            audience=audience,
            recommend=recommend,
            years=years,
            sections=words(sections),
            title=title,
        )
        made.save(out)
    typer.echo(f"wrote {out}")


@application.command(short_help="Read or write other formats: scoring workbooks, Genius, GMCR+.")
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help="What to read.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="What to write.")],
    with_: With = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over files that are there.")
    ] = False,
) -> None:
    """Turn a case into a scoring workbook (.xlsx) or Genius XML, or back into a case.

    Formats go by suffix: .yaml and .json are cases, .xlsx a workbook, .xml or a folder
    Genius, .gmcr a GMCR+ conflict model (only read). A workbook of clauses, as draft writes
    and delegations mark up, becomes an overlay (.yaml). What the target cannot hold is named.
    """
    from detente.case.exchange.convert import convert as run

    conversion = run(source, target, with_ or (), replace=replace)
    for path in conversion.written:
        typer.echo(f"wrote {path}")
    for what in conversion.notes:
        typer.echo(f"note: {what}", err=True)
    for what in conversion.lost:
        typer.echo(f"not kept: {what}", err=True)


@application.command(short_help="Print the JSON Schema of the case file.")
def schema(
    overlay: Annotated[
        bool, typer.Option("--overlay", help="The schema of an overlay: nothing is required.")
    ] = False,
) -> None:
    """Print the JSON Schema of the case file, for editors."""
    from detente.case.schema import json_schema
    from detente.command.output import write_json

    write_json(json_schema(partial=overlay))


@application.command(short_help="Write a small commented case to start from.")
def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the case; writes NAME.yaml.")
    ],
    from_workbook: Annotated[
        Path | None, typer.Option(metavar="FILE.xlsx", help="Start from a scoring sheet.")
    ] = None,
) -> None:
    """Write a small commented case to start from."""
    from detente.case.templates import write_new_case

    typer.echo(f"wrote {write_new_case(name, from_workbook)}")


@application.command(short_help="List the bundled cases.")
def cases(as_json: AsJson = False) -> None:
    """List the bundled cases."""
    from detente import __version__
    from detente.case.loading import bundled_cases, load
    from detente.command.output import write_json

    titles = {name: load(name).title for name in bundled_cases()}
    if as_json:
        entries = [{"name": name, "title": title} for name, title in titles.items()]
        document = {"command": "cases", "detente": __version__, "case": None, "cases": entries}
        write_json(document)
        return
    width = max(map(len, titles))
    for name, title in titles.items():
        typer.echo(f"{name:<{width}}  {title}")
