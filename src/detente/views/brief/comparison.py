"""Three to five unlike packages side by side: their terms, who refuses each, what would help."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from detente.agreement.definitions import SOLUTIONS
from detente.agreement.packages.package import PackageView
from detente.agreement.packages.wins import COST
from detente.model.sentences import listed, number, say
from detente.model.wording import quoted, rule_text
from detente.views.brief.context import Context, Shown
from detente.views.brief.parts import Cell, FoldOut, Row, Section, Table
from detente.views.brief.wording import (
    change_text,
    counted,
    party_list,
    reasons,
    refusers,
)
from detente.views.naming import RULE_NAMES, capital, named
from detente.views.packages import REFERENCES


def section(context: Context) -> Section:
    """The packages as columns of readable terms, with verdicts first."""
    label = say("brief.packages.label")
    remarks = tuple(_recommendation(context))
    if not context.packages:
        missing = (*remarks, say("brief.packages.missing"))
        return Section("packages", label, say("brief.packages.none"), missing)
    fold_outs = [FoldOut(say("brief.how"), tuple(_choice(context)), printed=True)]
    if context.named:
        every = FoldOut(say("brief.in_full"), (_verdicts(context),), printed=True)
        fold_outs.insert(0, every)
    return Section(
        key="packages",
        label=label,
        headline=_headline(context),
        paragraphs=remarks,
        table=_table(context),
        fold_outs=tuple(fold_outs),
    )


def _headline(context: Context) -> str:
    """Which of the named packages could be signed, and on whom the others fail."""
    case = context.case
    named_ones = [shown for shown in context.packages if shown.selected.package is not None]
    could = [shown.name for shown in named_ones if shown.view.acceptable]
    parts = []
    if could:
        parts.append(say("brief.packages.could", packages=quoted(could)))
    by_refusers: dict[tuple[str, ...], list[str]] = {}
    for shown in named_ones:
        if not shown.view.acceptable:
            by_refusers.setdefault(refusers(context, shown.view, case.signing), []).append(
                shown.name
            )
    for who, names in by_refusers.items():
        key = ("fails" if who else "breaks") + ("_many" if len(names) > 1 else "")
        parts.append(
            say(f"brief.packages.{key}", packages=quoted(names), parties=party_list(case, who))
        )
    if not parts:
        return say("brief.packages.only_points")
    return capital("; ".join(parts)) + "."


def _recommendation(context: Context) -> Iterator[str]:
    """What the rule that was asked for chooses, by the name of the rule."""
    rule, found = context.recommend, context.agree
    if rule is None:
        return
    name = RULE_NAMES[rule]
    if rule not in found.solutions:
        why = found.absent.get(rule) or say("brief.packages.no_point")
        yield say("brief.packages.recommend_none", rule=name, why=why)
        return
    chosen = [shown for shown in context.packages if rule in shown.selected.rules]
    for shown in chosen:
        package = say("brief.lettered", letter=shown.letter, name=shown.name)
        yield say("brief.packages.recommend", rule=name, package=package)
    if not chosen:
        yield say("brief.packages.recommend_other", rule=name)
    if (ties := found.solutions[rule].ties) > 1:
        yield say("brief.packages.ties", rule=name, ties=ties)


def _table(context: Context) -> Table:
    case, packages = context.case, context.packages
    rows = [Row(Cell(say("brief.packages.verdict")), _cells(verdict, context), "verdict")]
    if any(shown.view.refusals or shown.view.broken_rules for shown in packages):
        rows.append(Row(Cell(say("brief.packages.why")), _cells(_why, context)))
    if any(refusers(context, shown.view, case.signing) for shown in packages):
        rows.append(Row(Cell(say("brief.packages.change")), _cells(_change, context)))
    if context.unsigned:
        rows.append(Row(Cell(say("brief.packages.unsigned")), _cells(_unsigned, context)))
    rows += _margins(context)
    rows.append(Row(Cell(say("brief.packages.terms"))))
    for issue in case.issues:
        header = Cell(case.issue_name(issue))
        today = case.status_quo[issue] if case.status_quo else None
        if today is not None:
            text = say("brief.packages.today", option=case.option_name(issue, today))
            header = Cell(case.issue_name(issue), lines=(text,))
        rows.append(Row(header, tuple(_term(context, shown, issue, today) for shown in packages)))
    columns = tuple(column(context, shown) for shown in packages)
    caption = say("brief.packages.caption" if case.status_quo else "brief.packages.caption_bare")
    return Table(caption, say("brief.packages.corner"), columns, tuple(rows), "terms")


def _cells(make: Callable[[Context, Shown], Cell], context: Context) -> tuple[Cell, ...]:
    return tuple(make(context, shown) for shown in context.packages)


def column(context: Context, shown: Shown) -> Cell:
    """A package's name; under it, which reference points it is, and who recommends it."""
    rules = [RULE_NAMES[rule] for rule in shown.selected.rules]
    lines = []
    if shown.selected.package is None:
        lines.append(say("brief.packages.reference"))
    elif rules:
        lines.append(say("brief.packages.is_point", rules=listed(rules)))
    if context.recommend is not None and context.recommend in shown.selected.rules:
        lines.append(say("brief.packages.recommended", rule=RULE_NAMES[context.recommend]))
    return Cell(shown.name, sign=shown.letter, lines=tuple(lines))


def verdict(context: Context, shown: Shown) -> Cell:
    """Whether a package could be signed, and who refuses."""
    return _verdict_of(context, shown.view)


def _verdict_of(context: Context, view: PackageView) -> Cell:
    case = context.case
    against = refusers(context, view, case.signing)
    who = party_list(case, against)
    if view.broken_rules:
        return Cell(say("brief.packages.against_rules"), sign="✗", tone="bad")
    if not view.acceptable:
        return Cell(say("brief.packages.refused", parties=who), sign="✗", tone="bad")
    if against:
        return Cell(say("brief.packages.signed_without", parties=who), sign="✓", tone="good")
    return Cell(say("brief.packages.signed"), sign="✓", tone="good")


def _why(context: Context, shown: Shown) -> Cell:
    lines = [
        say("brief.packages.breaks_rule", rule=rule_text(context.case, broken.rule))
        for broken in shown.view.broken_rules
    ]
    lines += _reasons(context, shown.view, context.case.signing)
    return Cell(lines=tuple(lines)) if lines else Cell("–", tone="quiet")


def _reasons(context: Context, view: PackageView, names: Sequence[str]) -> list[str]:
    return [
        say(
            "brief.packages.reason",
            party=named(context.case, name),
            why=reasons(context, name, view, view.refusals[name]),
        )
        for name in refusers(context, view, names)
    ]


def _change(context: Context, shown: Shown) -> Cell:
    """The single change after which all sign, or else what each refuser could be won with."""
    case, wins = context.case, shown.view.wins
    against = refusers(context, shown.view, case.signing)
    if not against:
        return Cell("–", tone="quiet")
    if wins.everybody:
        first, others = change_text(case, wins.everybody[0].change), len(wins.everybody) - 1
        lines = [say("brief.packages.wins_all", change=first)]
        if others:
            lines.append(
                capital(say("brief.packages.wins_others", changes=counted("changes", others)))
            )
        return Cell(lines=tuple(lines))
    lines = []
    for name in against:
        found = wins.by_refuser[name]
        key = "wins_one" if found else "wins_none"
        change = change_text(case, found[0].change) if found else ""
        lines.append(say(f"brief.packages.{key}", party=named(case, name), change=change))
    return Cell(lines=tuple(lines))


def _unsigned(context: Context, shown: Shown) -> Cell:
    lines = _reasons(context, shown.view, context.unsigned)
    return (
        Cell(lines=tuple(lines))
        if lines
        else Cell(say("brief.packages.no_objection"), tone="quiet")
    )


def _margins(context: Context) -> Iterator[Row]:
    """What each package is worth against no deal, for those whose numbers may be shown."""
    view_of = [shown.view for shown in context.packages]
    names = [
        name
        for name in context.agree.walk_away
        if context.open_to(name) and name not in view_of[0].ordinal
    ]
    if names:
        yield Row(Cell(say("brief.packages.margins")))
    for name in names:
        header = Cell(named(context.case, name), party=context.identities[name])
        cells = (number(view.gains[name], signed=True) for view in view_of)
        yield Row(header, tuple(Cell(text, tone="number") for text in cells))


def _term(context: Context, shown: Shown, issue: str, today: str | None) -> Cell:
    option = shown.view.outcome[issue]
    if option == today:
        return Cell(say("brief.packages.as_today"), tone="quiet")
    return Cell(context.case.option_name(issue, option))


def _verdicts(context: Context) -> Table:
    """Every named package with who refuses it."""
    case = context.case
    rows = []
    for name, view in context.named.items():
        found = _verdict_of(context, view)
        rows.append(
            Row(Cell(case.package_name(name)), (found, Cell(case.packages[name].about or "")))
        )
    columns = (Cell(say("brief.packages.verdict")), Cell(say("brief.packages.about")))
    caption = say("brief.packages.every_caption")
    return Table(caption, say("brief.packages.package"), columns, tuple(rows), "terms")


def _choice(context: Context) -> Iterator[str]:
    yield say(f"brief.packages.{'asked_for' if context.asked_for else 'rule'}")
    found = context.agree
    shown = [rule for rule in SOLUTIONS if rule in REFERENCES or rule == context.recommend]
    for rule in shown:
        if rule in found.absent:
            yield say("brief.packages.absent", rule=RULE_NAMES[rule], why=found.absent[rule])
        if rule in found.solutions and found.solutions[rule].ties > 1:
            yield say("brief.packages.ties", rule=RULE_NAMES[rule], ties=found.solutions[rule].ties)
    yield say("brief.packages.change_rule", cost=COST)
    yield say("brief.cited.packages")
