"""What could be signed: how many outcomes, who stands in the way, what each would get."""

from __future__ import annotations

from collections.abc import Sequence

from detente.model.sentences import number, say
from detente.views.brief.context import MEDIATOR, Context, Shown
from detente.views.brief.parts import Cell, FoldOut, Picture, Row, Section, Table
from detente.views.brief.picture import NARROW, WIDE, picture
from detente.views.brief.wording import counted, party_list
from detente.views.charts import Marker, drawn, value_strips
from detente.views.naming import capital, named


def section(context: Context) -> Section:
    """Counts in sentences, who refuses how many, and the efficient packages as a picture."""
    return Section(
        key="zone",
        label=say("brief.zone.label"),
        headline=_headline(context),
        paragraphs=tuple(" ".join(texts) for texts in (_counts(context), _needs(context)) if texts),
        picture=_picture(context),
        table=_table(context),
        fold_outs=(FoldOut(say("brief.how"), _method(context)),),
    )


def signers(context: Context) -> str:
    """Whose signatures it takes, in words."""
    count = len(context.case.signing)
    if not context.case.agreement.unanimous:
        return say("brief.zone.signers_quota")
    key = "one" if count == 1 else "two" if count == 2 else "all"
    return say(f"brief.zone.signers_{key}", count=count)


def _headline(context: Context) -> str:
    found = context.agree
    who = signers(context)
    if found.acceptable is None:
        front = found.efficient_acceptable
        key = "not_counted" if front is None else "some" if front.count else "none"
        return say(f"brief.zone.headline_{key}", signers=who)
    key = "count" if found.acceptable else "none"
    return capital(
        say(
            f"brief.zone.headline_{key}",
            acceptable=found.acceptable,
            feasible=found.feasible,
            signers=who,
        )
    )


def _counts(context: Context) -> list[str]:
    case, found = context.case, context.agree
    # That nothing can be signed is the headline.
    why = (found.why_not or "").removeprefix(say("agree.nothing_acceptable")).strip()
    texts = [why] if why else []
    front = found.efficient_acceptable
    if front is not None and front.count:
        key = "efficient_one" if front.count == 1 else "efficient"
        texts.append(capital(say(f"brief.zone.{key}", count=front.count)))
    alone = {name: entry.alone_refuses for name, entry in (found.blocking or {}).items()}
    most = max(alone.values(), default=0)
    if most:
        who = [name for name, count in alone.items() if count == most]
        if len(who) == 1:
            outcomes = counted("outcomes", most)
            told = say("brief.zone.alone", party=named(case, who[0]), outcomes=outcomes)
            texts.append(capital(told))
    return texts


def _needs(context: Context) -> list[str]:
    """What is missing and what more would buy."""
    case, found = context.case, context.agree
    texts = []
    for what in ("values", "scores"):
        names = [name for name, needed in found.needs.items() if needed == what]
        signing = [name for name in names if name in case.signing]
        if names:
            texts.append(say(f"brief.zone.needs_{what}", parties=party_list(case, names)))
        if signing:
            texts.append(say(f"brief.zone.more_{what}", parties=party_list(case, signing)))
    return texts


def _table(context: Context) -> Table | None:
    found, case = context.agree, context.case
    if found.blocking is None:
        return None
    private = any(context.open_to(name) and name in found.walk_away for name in case.signing)
    rows = []
    for name, entry in found.blocking.items():
        share = entry.refuses / found.feasible if found.feasible else 0.0
        cells = [
            Cell(_percent(entry.refuses, found.feasible), share=share, tone="number"),
            Cell(f"{entry.refuses:,}", tone="number"),
            Cell(f"{entry.alone_refuses:,}", tone="number"),
        ]
        if private:
            cells.append(Cell(_no_deal(context, name), tone="number"))
        rows.append(Row(Cell(named(case, name), party=context.identities[name]), tuple(cells)))
    heads = ["share", "refuses", "alone_column", *(["no_deal"] if private else [])]
    columns = tuple(Cell(say(f"brief.zone.{head}")) for head in heads)
    return Table(say("brief.zone.caption"), say("brief.party"), columns, tuple(rows))


def _no_deal(context: Context, name: str) -> str:
    found = context.agree
    if not context.open_to(name) or name not in found.walk_away or name in found.needs:
        return ""
    return number(found.walk_away[name])


def _percent(part: int, whole: int) -> str:
    """A share in per cent; what is not nothing is never shown as nothing."""
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 1:
        return say("brief.zone.under_one")
    if 99 < share < 100:
        return say("brief.zone.over_ninety_nine")
    return f"{share:.0f} %"


def _picture(context: Context) -> Picture | None:
    """The strips of values; a walk-away only in the rows of those whose numbers may be seen."""
    found = context.agree
    open_rows = [name for name in context.case.parties if context.open_to(name)]
    marked = [shown for shown in context.packages if shown.view.acceptable or open_rows]
    markers = [
        # Where a refused package stands would tell how high the refuser's walk-away is.
        Marker(shown.letter, shown.view.values, None if shown.view.acceptable else open_rows)
        for shown in marked
    ]
    strips = {width: value_strips(found, markers, open_rows, width) for width in (WIDE, NARROW)}
    wide, narrow, shown_set = strips[WIDE], strips[NARROW], drawn(found)
    if wide is None or narrow is None or shown_set is None:
        return None
    kind, of = shown_set.kind, shown_set.efficient
    note = [say("brief.zone.reading")]
    if open_rows:
        note.append(say("brief.zone.reading_no_deal"))
    refused = any(not shown.view.acceptable for shown in context.packages)
    if refused and context.audience is None:
        note.append(say("brief.zone.reading_refused"))
    elif refused and context.audience != MEDIATOR:
        party = party_list(context.case, open_rows)
        note.append(say("brief.zone.reading_party", party=party))
    if of.count > len(of.outcomes):
        note.append(say("brief.zone.drawn", drawn=len(of.outcomes), count=of.count))
    return picture(
        "zone",
        wide,
        narrow,
        title=say(f"brief.zone.picture_{kind}", outcomes=counted("outcomes", of.count)),
        description=_description(context, marked),
        note=" ".join(note),
        letters=tuple((shown.letter, shown.name) for shown in marked),
    )


def _description(context: Context, marked: Sequence[Shown]) -> str:
    """What the picture shows, for those who cannot see it: the order of packages by party."""
    found, case = context.agree, context.case
    sentences = []
    for name in case.parties:
        open_row = context.open_to(name)
        ranked = sorted(
            (shown for shown in marked if shown.view.acceptable or open_row),
            key=lambda shown: shown.view.values.get(name, 0),
            reverse=True,
        )
        if name in found.walk_away and name not in found.needs and len(ranked) > 1:
            letters = ", ".join(shown.letter for shown in ranked)
            party = named(case, name)
            sentences.append(say("brief.zone.from_most", party=party, letters=letters))
    return " ".join([say("brief.zone.description"), *sentences])


def _method(context: Context) -> tuple[str, ...]:
    texts = ["accepts", "efficient", "alone"]
    if context.agree.survey is not None and context.unsigned:
        texts.append("unsigned")
    return (*(say(f"brief.zone.method_{text}") for text in texts), say("brief.cited.zone"))
