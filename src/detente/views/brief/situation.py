"""The situation in three sentences: who must agree, whether they can, what is on the table."""

from __future__ import annotations

from detente.model.sentences import say
from detente.model.wording import quoted
from detente.views.brief.context import Context
from detente.views.brief.parts import Cell, FoldOut, Row, Section, Table
from detente.views.brief.wording import counted, party_list
from detente.views.naming import capital

NAMED = 3
"""Most packages named in a sentence."""


def section(context: Context) -> Section:
    """Three sentences; who and what they are about is folded out below them."""
    return Section(
        key="situation",
        label=say("brief.situation.label"),
        headline=_headline(context),
        paragraphs=(f"{_who(context)} {_drafts(context)}",),
        fold_outs=(
            FoldOut(say("brief.in_full"), (_parties(context), _issues(context))),
            FoldOut(
                say("brief.how"), (say("brief.situation.method"), say("brief.cited.situation"))
            ),
        ),
    )


def _headline(context: Context) -> str:
    case, found = context.case, context.agree
    some = found.acceptable
    if some is None and found.efficient_acceptable is not None:
        some = found.efficient_acceptable.count
    verdict = "unknown" if some is None else "some" if some else "none"
    rule = "" if case.agreement.unanimous or some is None else "_quota"
    return capital(
        say(
            f"brief.situation.{verdict}{rule}",
            parties=counted("parties", len(case.signing)),
            issues=counted("issues", len(case.issues)),
        )
    )


def _who(context: Context) -> str:
    case = context.case
    at_home = [name for name in case.signing if case.parties[name].factions]
    home = say("brief.situation.home", parties=party_list(case, at_home)) if at_home else ""
    others = ""
    if context.unsigned:
        others = say("brief.situation.others", parties=party_list(case, context.unsigned))
    return say(
        "brief.situation.who", parties=party_list(case, case.signing), home=home, others=others
    )


def _drafts(context: Context) -> str:
    case, count = context.case, len(context.named)
    if not count:
        return say("brief.situation.no_packages")
    could = [name for name, view in context.named.items() if view.acceptable]
    names = quoted(case.package_name(name) for name in could)
    key = "all" if len(could) == count else "several" if len(could) > NAMED else "few"
    if not could or (key == "all" and count > NAMED):
        names, key = "", "none" if not could else "all"
    of = counted("packages", count)
    return say(f"brief.situation.could_{key}", packages=of, could=len(could), names=names)


def _parties(context: Context) -> Table:
    case = context.case
    rows = []
    for name, party in case.parties.items():
        role = say("brief.situation.signs" if party.signs else "brief.situation.signs_not")
        factions = tuple(
            f"{case.party_name(f'{name}.{key}')}{f': {faction.about}' if faction.about else ''}"
            for key, faction in party.factions.items()
        )
        header = Cell(case.party_name(name), party=context.identities[name])
        rows.append(Row(header, (Cell(role), Cell(party.about or "", lines=factions))))
    columns = (Cell(say("brief.situation.role")), Cell(say("brief.situation.stands")))
    caption = say("brief.situation.parties_caption")
    return Table(caption, say("brief.party"), columns, tuple(rows), kind="terms")


def _issues(context: Context) -> Table:
    case = context.case
    rows = []
    for name, issue in case.issues.items():
        today = case.status_quo[name] if case.status_quo else None
        options = tuple(option.name for key, option in issue.options.items() if key != today)
        now = (Cell(issue.options[today].name),) if today else ()
        rows.append(Row(Cell(case.issue_name(name)), (*now, Cell(lines=options))))
    now_column = (Cell(say("brief.today")),) if case.status_quo else ()
    columns = (*now_column, Cell(say("brief.situation.options")))
    caption = say("brief.situation.issues_caption")
    return Table(caption, say("brief.issue"), columns, tuple(rows), kind="terms")
