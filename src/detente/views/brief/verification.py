"""Verification: who could hide what, how soon it would be found, and what it takes to deter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from detente.model.sentences import number, say
from detente.model.wording import quoted
from detente.verification.answer import Temptation
from detente.verification.verify_result import VerifyResult
from detente.verification.wording import chance
from detente.views.brief.context import Context, Question
from detente.views.brief.parts import (
    Cell,
    Definitions,
    FoldOut,
    Picture,
    Row,
    Section,
    Table,
)
from detente.views.brief.picture import NARROW, WIDE, picture
from detente.views.verification import (
    SIGNS,
    after_text,
    cheat_text,
    chosen_text,
    cost_text,
    dash_text,
    deterred_text,
    found_text,
    left_text,
    measures_text,
    needed_text,
    requirements,
    seen_text,
    tempted,
    verdict_text,
)
from detente.views.verification_charts import detection_reading, detection_rows, words_of
from detente.views.verification_sentences import party_text
from detente.views.verification_stakes import stake_rows

Answer = TypeVar("Answer")


def section(context: Context) -> Section | None:
    """The verdict on the main package, and on the others; None where none could be asked."""
    if not context.verifications:
        return None
    letter, main = main_of(context, context.verifications)
    others = {key: found for key, found in context.verifications.items() if key != letter}
    return Section(
        key="verification",
        label=say("brief.verification.label"),
        headline=verdict_text(main, name_of(context, letter)),
        paragraphs=(
            *(party_text(main, part) for part in tempted(main)),
            *_others(context, others),
        ),
        picture=_picture(context, letter, main),
        table=_measures(context, letter, main),
        remarks=tuple(_remarks(main)),
        fold_outs=tuple(_fold_outs(context, letter, main)),
    )


def main_of(context: Context, answers: Mapping[str, Answer]) -> tuple[str, Answer]:
    """The answer about the main package; where that could not be asked, about the first."""
    letter = context.main.letter if context.main is not None else ""
    return (letter, answers[letter]) if letter in answers else next(iter(answers.items()))


def why_not(context: Context, question: Question) -> str:
    """Why a question could not be asked of some of the packages, in one paragraph."""
    by_reason: dict[str, list[str]] = {}
    for shown in context.packages:
        if why := context.unasked[question].get(shown.letter):
            by_reason.setdefault(why, []).append(shown.name)
    told = (
        say("brief.unasked.told", packages=quoted(names), count=len(names), why=why)
        for why, names in by_reason.items()
    )
    return " ".join(told)


def name_of(context: Context, letter: str) -> str:
    """What a package is called."""
    return next(f"“{shown.name}”" for shown in context.packages if shown.letter == letter)


def _others(context: Context, others: dict[str, VerifyResult]) -> Iterator[str]:
    """The verdicts on the other packages, in one paragraph."""
    told = [verdict_text(found, name_of(context, letter)) for letter, found in others.items()]
    told = [*told, *filter(None, [why_not(context, "verify")])]
    if told:
        yield " ".join(told)


def _picture(context: Context, letter: str, main: VerifyResult) -> Picture | None:
    wide, narrow = detection_rows(main, WIDE), detection_rows(main, NARROW)
    if wide is None or narrow is None:
        return None
    rows = [
        say(
            "brief.verification.row",
            party=main.case.party_name(part.party),
            what=cheat_text(main.case, entry),
            how=words_of(entry),
        )
        for part in tempted(main)
        for entry in part.temptations
    ]
    return picture(
        "verification",
        wide,
        narrow,
        title=_title(context, letter, main),
        description=say("brief.verification.description", rows="; ".join(rows)),
        note=detection_reading(main),
    )


def _title(context: Context, letter: str, main: VerifyResult) -> str:
    """How many of the ways to cheat are deterred."""
    every = [entry for part in tempted(main) for entry in part.temptations]
    judged = [entry for entry in every if entry.deterred is not None]
    deterred = sum(bool(entry.deterred) for entry in judged)
    key = "unknown" if not judged else "all" if deterred == len(judged) else "some"
    key += "_one" if len(judged) == 1 else ""
    slots = {"package": name_of(context, letter), "count": len(judged), "deterred": deterred}
    return say(f"brief.verification.title_{key}", **slots)


def _measures(context: Context, letter: str, main: VerifyResult) -> Table | None:
    """One row a measure that sees something, the cheapest set first."""
    case = main.case
    stated = case.verification.measures if case.verification else {}
    chosen = main.choice.chosen.measures if main.choice.chosen else ()
    rows = []
    for name in sorted(main.measures, key=lambda name: name not in chosen):
        sees, entry, taken = seen_text(case, name, main), stated[name], name in chosen
        if not sees and not taken:
            continue
        spoken = say(f"brief.verification.{'taken' if taken else 'left_out'}")
        header = Cell(case.measure_name(name), sign="✓" if taken else "–", spoken=spoken)
        wrong = 0.0 if entry.false_alarm is None else float(entry.false_alarm)
        cells = (
            Cell(sees),
            Cell("–" if entry.cost is None else number(entry.cost.point), tone="number"),
            Cell(chance(wrong), tone="number"),
        )
        rows.append(Row(header, cells))
    if not rows:
        return None
    keys = ("sees", "cost", "alarms")
    columns = tuple(Cell(say(f"brief.verification.{k}", period=main.period)) for k in keys)
    caption = say("brief.verification.caption", package=name_of(context, letter))
    return Table(caption, say("brief.verification.measure"), columns, tuple(rows), "terms long")


def _remarks(main: VerifyResult) -> Iterator[str]:
    """The cheapest measures, what they leave open, and threats that nobody would carry out."""
    case, chosen = main.case, main.choice.chosen
    told = [chosen_text(main), *left_text(main)]
    blind = [name for name in main.measures if not seen_text(case, name, main)]
    blind = [name for name in blind if chosen is None or name not in chosen.measures]
    if blind:
        names = measures_text(case, blind)
        told.append(say("brief.verification.blind", measures=names, count=len(blind)))
    told += [
        say("brief.verification.refused", measure=case.measure_name(name), requires=requires)
        for name, requires in requirements(case, main.choice).items()
    ]
    yield " ".join(told)
    weak = [entry.issue for entry in main.restoring if entry.credible is False]
    if weak:
        issues = quoted(case.issue_name(issue) for issue in weak)
        yield say("brief.verification.weak", issues=issues, count=len(weak))


def _fold_outs(context: Context, letter: str, main: VerifyResult) -> Iterator[FoldOut]:
    if whole := tuple(_in_full(context, letter, main)):
        yield FoldOut(say("brief.in_full"), whole)
    yield FoldOut(say("brief.how"), tuple(_method(main)))


def _in_full(
    context: Context, letter: str, main: VerifyResult
) -> Iterator[str | Table | Picture | Definitions]:
    """Every way to cheat, what is at stake for those who may see it, and other measures."""
    if tempted(main):
        yield _cheats(context, letter, main)
        yield from _jointly(main)
    if stakes := _stakes(context, letter, main):
        yield stakes
    sets = [
        say(
            "brief.verification.set",
            measures=measures_text(main.case, entry.measures),
            cost=cost_text(main.choice, entry, main.period),
            chance=chance(entry.false_alarm),
            period=main.period,
        )
        for entry in main.choice.alternatives
    ]
    if sets:
        yield Definitions(((say("brief.verification.other_sets"), " ".join(sets)),))


def _method(main: VerifyResult) -> Iterator[str]:
    yield main.definition
    yield say("brief.verification.method_needed", period=main.period)
    yield say("brief.verification.method_cheapest")
    yield say("brief.cited.verification")


def _cheats(context: Context, letter: str, result: VerifyResult) -> Table:
    """Every way to cheat, by party; what it brings only where that may be shown."""
    rows = []
    for part in tempted(result):
        party = context.identities[part.party]
        rows.append(Row(Cell(result.case.party_name(part.party), party=party)))
        shown = context.open_to(part.party)
        rows += [_cheat(result, entry, shown) for entry in part.temptations]
    keys = ("found", "needed", "after")
    columns = tuple(Cell(say(f"brief.verification.{k}", period=result.period)) for k in keys)
    caption = say("brief.verification.cheats", package=name_of(context, letter))
    return Table(caption, say("brief.verification.way"), columns, tuple(rows), "terms long")


def _cheat(result: VerifyResult, entry: Temptation, shown: bool) -> Row:
    notes = [dash_text(entry, result.period)]
    if shown and entry.gain is not None:
        slots = {"gain": entry.gain, "period": result.period}
        notes.append(say("brief.verification.gain", **slots))
    if entry.generated:
        notes.append(say("brief.verification.generated"))
    header = Cell(cheat_text(result.case, entry), lines=tuple(filter(None, notes)))
    tones = {True: "good", False: "bad", None: "quiet"}
    sign, tone = SIGNS[entry.deterred], tones[entry.deterred]
    needs = Cell(needed_text(entry), sign=sign, spoken=deterred_text(entry), tone=tone)
    cells = (Cell(found_text(result, entry)), needs, Cell(after_text(entry, result.period)))
    return Row(header, cells)


def _jointly(result: VerifyResult) -> Iterator[str]:
    """What it takes to deter all at once, for parties with several ways."""
    for party, part in result.parties.items():
        if len(part.temptations) > 1:
            least = part.critical_detection_jointly
            key = "jointly_none" if least is None else "jointly"
            name, needs = result.case.party_name(party), chance(least or 0.0)
            slots = {"party": name, "chance": needs, "period": result.period}
            yield say(f"brief.verification.{key}", **slots)


def _stakes(context: Context, letter: str, main: VerifyResult) -> Picture | None:
    """What keeping, cheating, leaving and being found bring, for those who may see it."""
    shown = [name for name in main.parties if context.open_to(name)]
    wide, narrow = stake_rows(main, shown, WIDE), stake_rows(main, shown, NARROW)
    if wide is None or narrow is None:
        return None
    package = name_of(context, letter)
    return picture(
        "stakes",
        wide,
        narrow,
        title=say("brief.verification.stakes_title", package=package, period=main.period),
        description=say("brief.verification.stakes_description"),
        note=say("brief.verification.stakes_note"),
    )
