"""All questions side by side: the packages that were carried, with every verdict on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from detente.agreement.packages.draws import Share
from detente.model.sentences import listed, say
from detente.model.wording import quoted
from detente.stability.answer import CONCEPTS, Prospect
from detente.verification.verify_result import VerifyResult
from detente.views.brief.comparison import column, verdict
from detente.views.brief.context import Context, Question, Shown
from detente.views.brief.hold import prospect_of
from detente.views.brief.parts import Cell, Definitions, FoldOut, Row, Section, Table
from detente.views.hold.words import LASTING, SIGNS, overall
from detente.views.naming import capital
from detente.views.roadmap.words import ends
from detente.views.stress.shares import interval_text, share_text
from detente.views.verification import signer_name, time_text, verdict_of

COLUMNS = ("concerns", "acceptable", "enforceable", "roadmap", "holds", "share")


def section(context: Context) -> Section | None:
    """One row a package, one column a question; None without packages."""
    if not context.packages:
        return None
    return Section(
        key="overview",
        label=say("brief.overview.label"),
        headline=_headline(context),
        table=_table(context),
        remarks=(say("brief.overview.reading"),),
        fold_outs=(FoldOut(say("brief.how"), tuple(_method())),),
    )


def stands(context: Context, shown: Shown) -> dict[str, bool | None]:
    """The verdicts on a package at the likely values; None for what could not be told."""
    letter = shown.letter
    verified, road = context.verifications.get(letter), context.roads.get(letter)
    found = prospect_of(context, shown)
    enforceable = None if verified is None else verified.enforceable
    stance = None if found is None else overall(found[1])
    return {
        "acceptable": shown.view.acceptable,
        "enforceable": None if enforceable is None else enforceable == "yes",
        "roadmap": None if road is None else road.feasible,
        "holds": None if stance in (None, "open", "unknown") else stance in LASTING,
    }


def _headline(context: Context) -> str:
    """Which packages stand on every question, and in what share of codings all of it does."""
    packages = context.packages
    whole = [s.name for s in packages if False not in stands(context, s).values()]
    slots = {"packages": quoted(whole), "count": len(whole), "all": len(packages)}
    key = "some" if whole else "none" if len(packages) > 1 else "none_one"
    text = say(f"brief.overview.{key}", **slots)
    found = [entry.all_of_it for entry in context.standings.values() if entry.all_of_it]
    together = ""
    if found:
        least, most = (pick(found, key=lambda share: share.share) for pick in (min, max))
        told = [share_text(least), share_text(most)]
        ends = {"low": told[0].removesuffix(" %"), "high": told[1].removesuffix(" %")}
        shares = told[0] if told[0] == told[1] else say("stress.share.between", **ends)
        together = say("brief.overview.together", shares=shares)
    return f"{text}{together}."


def _table(context: Context) -> Table:
    rows = tuple(
        Row(
            replace(column(context, shown), tone="letter"),
            (
                _concerns(context, shown),
                verdict(context, shown),
                _enforceable(context, shown),
                _roadmap(context, shown),
                _holds(context, shown),
                _shares(context, shown),
            ),
        )
        for shown in context.packages
    )
    columns = tuple(Cell(say(f"brief.overview.{key}")) for key in COLUMNS)
    caption = say("brief.overview.caption")
    return Table(caption, say("brief.packages.package"), columns, rows, "terms")


def _concerns(context: Context, shown: Shown) -> Cell:
    """How many red lines and how many other concerns a package meets."""
    rows = context.concerns.rows
    if not rows:
        return Cell(say("brief.overview.no_concerns"), tone="quiet")
    options, outcome = context.case.options, shown.view.outcome
    lines = []
    for must in (True, False):
        met = [r.concern.met.holds(outcome, options) for r in rows if r.concern.must == must]
        if met:
            key = "red_lines" if must else "wishes"
            slots = {"met": str(sum(met)), "all": str(len(met)), "count": len(met)}
            lines.append(say(f"brief.overview.{key}", **slots))
    return Cell(lines=tuple(lines))


def _unasked(context: Context, question: Question, shown: Shown) -> Cell:
    """Why a package could not be asked about."""
    why = context.unasked[question].get(shown.letter, "")
    return Cell(say("brief.overview.unasked"), lines=(capital(why),) if why else (), tone="quiet")


def _enforceable(context: Context, shown: Shown) -> Cell:
    result = context.verifications.get(shown.letter)
    if result is None:
        return _unasked(context, "verify", shown)
    key, who = verdict_of(result)
    text = say(f"brief.overview.enforceable_{key}", parties=_names(result, who), count=len(who))
    sign = {"yes": "✓", "open": "✓", "unknown": "?", "weapons": "?"}.get(key, "✗")
    return Cell(text, sign=sign, tone="bad" if sign == "✗" else "")


def _names(result: VerifyResult, who: list[str]) -> str:
    return listed(signer_name(result.case, name) for name in who)


def _roadmap(context: Context, shown: Shown) -> Cell:
    """Whether some order of steps is never left, and how long it is."""
    road = context.roads.get(shown.letter)
    if road is None:
        return _unasked(context, "roadmap", shown)
    if road.feasible:
        steps = len(road.best.steps)
        time = time_text(ends(road.best)[-1], road.period)
        line = say("brief.overview.steps", count=steps, time=time)
        return Cell(say("brief.overview.road"), sign="✓", lines=(line,))
    party = context.case.party_name(road.binding.party)
    key = "road_none" if road.exact else "road_not_found"
    line = say("brief.overview.left", party=party)
    return Cell(say(f"brief.overview.{key}"), sign="✗", lines=(line,), tone="bad")


def _holds(context: Context, shown: Shown) -> Cell:
    found = prospect_of(context, shown)
    if found is None:
        return _unasked(context, "hold", shown)
    stance = overall(found[1])
    line = notions_text(found[1])
    text = say(f"hold.matrix.{stance}")
    tone = "bad" if stance == "leaves" else ""
    return Cell(text, sign=SIGNS[stance], lines=(line,) if line else (), tone=tone)


def notions_text(prospect: Prospect) -> str:
    """Under which of the five notions of stability nobody leaves; parties without values aside."""
    held, known = [], False
    for concept in CONCEPTS:
        verdicts = [found for found in prospect.stable[concept].values() if found is not None]
        known = known or bool(verdicts)
        if verdicts and all(verdicts):
            held.append(concept)
    if not known:
        return ""
    if len(held) == len(CONCEPTS):
        return say("brief.overview.all_notions")
    if not held:
        return say("brief.overview.no_notion")
    if set(CONCEPTS) - set(held) == {"nash"}:
        return say("brief.overview.all_but_nash")
    names = listed(say(f"brief.overview.if_{concept}") for concept in held)
    return say("brief.overview.some_notions", count=len(held), notions=names)


def _shares(context: Context, shown: Shown) -> Cell:
    """In what share of codings it can be signed, and all of it stands."""
    standing = context.standings.get(shown.letter)
    if standing is None:
        return _unasked(context, "stress", shown)
    lines = [_share("signed", standing.acceptable)]
    if standing.all_of_it is not None:
        lines.append(_share("whole", standing.all_of_it))
    return Cell(lines=tuple(lines))


def _share(key: str, found: Share) -> str:
    slots = {"share": share_text(found), "interval": interval_text(found)}
    return say(f"brief.overview.{key}", **slots).replace(" %", "\N{NO-BREAK SPACE}%")


def _method() -> Iterator[str | Definitions]:
    yield say("brief.overview.method")
    terms = ((say(f"brief.overview.{key}"), say(f"brief.overview.about_{key}")) for key in COLUMNS)
    yield Definitions(tuple(terms))
    yield say("brief.cited.overview")
