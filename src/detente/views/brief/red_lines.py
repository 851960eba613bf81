"""Who must have what: concerns, the packages that meet them, and red lines that clash."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.agreement.clashes import Clash, NewOption
from detente.agreement.concerns import ConcernRow
from detente.model.sentences import listed, say
from detente.model.wording import rule_text
from detente.views.brief.context import Context
from detente.views.brief.parts import Cell, FoldOut, Row, Section, Table
from detente.views.brief.wording import counted, party_list
from detente.views.naming import capital, named

CLASHES = 3
"""Most clashes told in full before the table."""


def section(context: Context) -> Section:
    """The table of concerns and packages, and the smallest clashes with their ways out."""
    found = context.concerns
    label = say("brief.concerns.label")
    if not found.rows:
        missing = (say("brief.concerns.missing"),)
        return Section("concerns", label, say("brief.concerns.none"), missing)
    clashes = [_clash_text(context, clash) for clash in found.clashes]
    paragraphs = tuple(clashes[:CLASHES])
    if len(clashes) > CLASHES:
        paragraphs += (capital(say("brief.concerns.more", count=len(clashes) - CLASHES)),)
    whole: list[str | Table] = []
    every = [*_today(context), *context.named]
    if len(context.named) > sum(shown.selected.package is not None for shown in context.packages):
        whole.append(_table(context, every, [_package_name(context, name) for name in every]))
    whole += clashes[CLASHES:]
    method = (capital(found.definition) + ".", say("brief.cited.concerns"))
    in_full = [FoldOut(say("brief.in_full"), tuple(whole))] if whole else []
    return Section(
        "concerns",
        label,
        _headline(context),
        paragraphs,
        table=_shown_table(context),
        fold_outs=(*in_full, FoldOut(say("brief.how"), method)),
    )


def _headline(context: Context) -> str:
    found, case = context.concerns, context.case
    one = "_one" if len(found.red_lines) == 1 else ""
    lines = counted("red_lines", len(found.red_lines))
    if not found.red_lines:
        return say("brief.concerns.no_red_lines")
    if not found.clashes:
        met = found.all_musts_met_by
        return say(f"brief.concerns.all{one}", lines=lines, met=met, feasible=found.feasible)
    if not found.signing_musts_met_by:
        return say(f"brief.concerns.clash{one}", lines=lines)
    outside = {
        found.red_lines[n].party.split(".")[0] for clash in found.clashes for n in clash.red_lines
    } - set(case.signing)
    others = party_list(case, [name for name in case.parties if name in outside])
    return say("brief.concerns.signing", others=others)


def _clash_text(context: Context, clash: Clash) -> str:
    """One clash: what cannot be met together, with which rules, and what would free it."""
    case, found = context.case, context.concerns
    lines = [found.red_lines[number] for number in clash.red_lines]
    owned = [
        say("brief.concerns.line", line=line.concern.name, party=named(case, line.party))
        for line in lines
    ]
    told = [rule_text(case, case.rules[number]) for number in clash.rules[0]] if clash.rules else []
    rules = ""
    if told:
        key = "under_rule" if len(told) == 1 else "under_rules"
        rules = say(f"brief.concerns.{key}", rules="; ".join(told))
    ways = [say("brief.concerns.give_up" if len(lines) > 1 else "brief.concerns.give_up_one")]
    for number in clash.freeing_rules:
        key = "drop" if len(told) == 1 else "drop_one"
        ways.append(say(f"brief.concerns.{key}", rule=rule_text(case, case.rules[number])))
    ways += [_further_option(context, option) for option in clash.new_options]
    key = "together" if len(lines) > 1 else "alone"
    return say(f"brief.concerns.{key}", lines=listed(owned), rules=rules, ways=", or ".join(ways))


def _further_option(context: Context, option: NewOption) -> str:
    case, issue = context.case, option.issue
    after, before = (
        None if name is None else case.option_name(issue, name)
        for name in (option.after, option.before)
    )
    key = (
        "between" if after and before else "beyond" if after else "short_of" if before else "other"
    )
    return say(
        f"brief.concerns.option_{key}", issue=case.issue_name(issue), after=after, before=before
    )


def _today(context: Context) -> list[str]:
    return ["status_quo"] if "status_quo" in context.concerns.packages else []


def _package_name(context: Context, name: str) -> Cell:
    if name == "status_quo":
        return Cell(say("brief.today"))
    return Cell(context.case.package_name(name))


def _shown_table(context: Context) -> Table:
    """The packages of all sections, and today; reference points are judged like the others."""
    columns = [Cell(say("brief.today")) for _ in _today(context)]
    columns += [Cell(shown.name, sign=shown.letter) for shown in context.packages]
    outcomes = [shown.view.outcome for shown in context.packages]
    return _table(context, [*_today(context), *outcomes], columns)


def _table(context: Context, packages: Sequence[object], columns: Sequence[Cell]) -> Table:
    """``packages`` are names in the result, or outcomes."""
    rows: list[Row] = []
    owner = None
    found, case = context.concerns, context.case
    met = [list(_met(context, package)) for package in packages]
    for place, row in enumerate(found.rows):
        if row.party != owner:
            owner = row.party
            rows.append(Row(Cell(named(case, owner), party=context.identities[owner])))
        cells = tuple(_mark(row, column[place]) for column in met)
        sources = tuple(context.cited[key] for key in row.concern.source)
        tone = "strong" if row.concern.must else "wish"
        tag = say("brief.concerns.must") if row.concern.must else ""
        header = Cell(row.concern.name, spoken=tag, sources=sources, tone=tone)
        rows.append(Row(header, cells))
    caption = say("brief.concerns.caption")
    return Table(caption, say("brief.concerns.concern"), tuple(columns), tuple(rows), "matrix")


def _met(context: Context, package: object) -> Iterator[bool]:
    found, case = context.concerns, context.case
    if isinstance(package, str):
        yield from found.packages[package]
        return
    assert isinstance(package, dict)
    for row in found.rows:
        yield row.concern.met.holds(package, case.options)


def _mark(row: ConcernRow, met: bool) -> Cell:
    if met:
        return Cell(
            sign="✓", spoken=say("brief.concerns.met"), tone="good" if row.concern.must else "quiet"
        )
    if row.concern.must:
        return Cell(sign="✗", spoken=say("brief.concerns.crossed"), tone="bad")
    return Cell(sign="–", spoken=say("brief.concerns.unmet"), tone="quiet")
