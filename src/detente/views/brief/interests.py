"""Who wants what: the order of each party's issues, or points for those who may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from detente.case.bargaining import Values
from detente.case.schema import Case
from detente.model.sentences import number, say
from detente.model.wording import in_words
from detente.views.brief.context import MEDIATOR, Context
from detente.views.brief.parts import Cell, Definitions, FoldOut, Row, Section, Table
from detente.views.brief.wording import ordinal, party_list
from detente.views.naming import named

Stakes = Mapping[str, Fraction]
"""For each issue, what a party has at stake on it, in points."""


def section(context: Context) -> Section:
    """A table of ranks, or of points for those who may see them."""
    case = context.case
    ranks = {name: ranking for name in case.parties if (ranking := order(case, name))}
    label = say("brief.interests.label")
    orders = _orders(context)
    whole: list[Table | str | Definitions] = []
    if orders:
        whole += [say("brief.interests.orders"), Definitions(orders)]
    found = (_difference(context, ranks), _rankings(context), _missing(context))
    paragraphs = tuple(text for text in found if text)
    if not ranks:
        headline = say("brief.interests.some_order" if orders else "brief.interests.none")
        return Section("interests", label, headline, paragraphs, fold_outs=_fold_outs(whole))
    at_home = {
        name: ranking
        for party in case.parties
        for key in case.parties[party].factions
        if (ranking := order(case, name := f"{party}.{key}"))
    }
    if at_home:
        whole = [say("brief.interests.home"), _table(context, at_home), *whole]
    return Section(
        "interests",
        label,
        _headline(context, ranks),
        paragraphs,
        table=_table(context, ranks),
        fold_outs=_fold_outs(whole),
    )


def _fold_outs(whole: Sequence[str | Table | Definitions]) -> tuple[FoldOut, ...]:
    """The complete lists, if there are any, and how the order was found."""
    in_full = (FoldOut(say("brief.in_full"), tuple(whole)),) if whole else ()
    method = (say("brief.interests.definition"), say("brief.cited.interests"))
    return (*in_full, FoldOut(say("brief.how"), method))


def values_of(case: Case, name: str) -> Values | None:
    """The values of a party or of a faction (``party.faction``)."""
    if "." not in name:
        return case.values.get(name)
    party, faction = name.split(".", 1)
    return case.parties[party].factions[faction].values


def stakes(case: Case, name: str) -> Stakes | None:
    """Points between the worst and the best option of each issue; None without scores.

    With weights, these are the weight's share of all weights times the range of the
    scores; without, the range of the points. Adjustments are left aside.
    """
    values = values_of(case, name)
    if values is None or values.scores is None:
        return None
    total = sum((w.point for w in values.weights.values()), Fraction()) if values.weights else None
    found = {}
    for issue in case.issues:
        scores = [score.point for score in values.scores.get(issue, {}).values()]
        span = max(scores) - min(scores) if scores else Fraction()
        if values.weights is not None and total:
            weight = values.weights.get(issue)
            span *= weight.point / total if weight is not None else 0
        found[issue] = span
    return found


def order(case: Case, name: str) -> Mapping[str, int] | None:
    """The rank of each issue that matters to a party: 1 first, equal ranks for ties.

    By points at stake; for a party with priorities, by the first statement that names the
    issue. None where nothing of the kind is known.
    """
    at_stake = stakes(case, name)
    if at_stake is not None:
        counting = {issue: value for issue, value in at_stake.items() if value}
        return {
            issue: 1 + sum(other > value for other in counting.values())
            for issue, value in counting.items()
        }
    values = values_of(case, name)
    if values is None or values.priorities is None:
        return None
    first: dict[str, int] = {}
    for place, statement in enumerate(values.priorities):
        for issue in statement.issues:
            first.setdefault(issue, place)
    return {issue: 1 + sum(other < at for other in first.values()) for issue, at in first.items()}


def _headline(context: Context, ranks: Mapping[str, Mapping[str, int]]) -> str:
    """Which issue comes first for whom."""
    case = context.case
    firsts: dict[str, list[str]] = {}
    for name, ranking in ranks.items():
        for issue in case.issues:
            if ranking.get(issue) == 1:
                firsts.setdefault(issue, []).append(name)
    groups = sorted(firsts.items(), key=lambda entry: -len(entry[1]))
    if len(groups) == 1 and len(groups[0][1]) == len(case.parties) > 1:
        return say("brief.interests.first_for_all", issue=case.issue_name(groups[0][0]))
    firsts_said = (
        say(
            "brief.interests.first_for",
            issue=case.issue_name(issue),
            parties=party_list(case, names),
        )
        for issue, names in groups
    )
    return say("brief.interests.first", firsts="; ".join(firsts_said))


def _difference(context: Context, ranks: Mapping[str, Mapping[str, int]]) -> str:
    """The issue on whose rank two signing parties differ most."""
    case = context.case
    widest, sentence = 1, ""
    for issue in case.issues:
        placed = [
            (ranks[name][issue], name)
            for name in case.signing
            if name in ranks and issue in ranks[name]
        ]
        if placed and max(placed)[0] - min(placed)[0] > widest:
            (high, first), (low, last) = min(placed), max(placed)
            widest = low - high
            sentence = say(
                "brief.interests.differ",
                issue=case.issue_name(issue),
                high=ordinal(high),
                first=named(case, first),
                low=ordinal(low),
                last=named(case, last),
            )
    return sentence


def _rankings(context: Context) -> str:
    case = context.case
    found = [name for name, values in case.values.items() if values.ranking is not None]
    return say("brief.interests.ranking", parties=party_list(case, found)) if found else ""


def _missing(context: Context) -> str:
    case = context.case
    without = [name for name in case.parties if case.values.get(name) is None]
    return say("brief.interests.missing", parties=party_list(case, without)) if without else ""


def _table(context: Context, ranks: Mapping[str, Mapping[str, int]]) -> Table:
    case = context.case
    points = {name: found for name in ranks if (found := _shown_stakes(context, name))}
    for_all = context.audience == MEDIATOR
    ranked = [name for name in ranks if not (for_all and name in points)]
    columns = [_column(context, name, points=True) for name in points]
    columns += [_column(context, name, points=False, both=name in points) for name in ranked]
    rows = tuple(
        Row(
            Cell(case.issue_name(issue)),
            (
                *(_points(points[name], issue) for name in points),
                *(_rank(ranks[name].get(issue)) for name in ranked),
            ),
        )
        for issue in case.issues
    )
    kind = "both" if points and ranked else "points" if points else "ranks"
    caption = say(f"brief.interests.caption_{kind}")
    return Table(caption, say("brief.issue"), tuple(columns), rows, "matrix")


def _shown_stakes(context: Context, name: str) -> Stakes | None:
    return stakes(context.case, name) if context.open_to(name) else None


def _column(context: Context, name: str, *, points: bool, both: bool = False) -> Cell:
    text = named(context.case, name)
    if points and context.audience != MEDIATOR:
        text = say("brief.interests.in_points", party=text)
    elif both:
        text = say("brief.interests.in_ranks", party=text)
    return Cell(text, party=context.identities[name])


def _points(at_stake: Stakes, issue: str) -> Cell:
    most = max(at_stake.values())
    share = at_stake[issue] / most if most else Fraction()
    return Cell(number(at_stake[issue]), tone=f"heat-{min(4, int(share * 5))}")


def _rank(rank: int | None) -> Cell:
    if rank is None:
        return Cell(sign="–", spoken=say("brief.interests.indifferent"), tone="quiet")
    return Cell(str(rank), tone=f"heat-{max(0, 5 - rank)}")


def _orders(context: Context) -> tuple[tuple[str, str], ...]:
    """The statements and rankings of those who gave an order, in words."""
    case = context.case
    found = []
    for name in _with_values(case):
        values = values_of(case, name)
        assert values is not None
        if values.priorities is not None:
            texts = [in_words(case, statement) for statement in values.priorities]
        elif values.ranking is not None:
            texts = [" = ".join(_pattern(case, p) for p in tied) for tied in values.ranking]
        else:
            continue
        found.append((named(case, name), "; ".join(f"{n}. {t}" for n, t in enumerate(texts, 1))))
    return tuple(found)


def _with_values(case: Case) -> Iterable[str]:
    for name, party in case.parties.items():
        for owner in (name, *(f"{name}.{key}" for key in party.factions)):
            if values_of(case, owner) is not None:
                yield owner


def _pattern(case: Case, pattern: Mapping[str, str]) -> str:
    if not pattern:
        return say("brief.interests.anything")
    return ", ".join(
        say("expression.is", issue=case.issue_name(i), options=f"“{case.option_name(i, o)}”")
        for i, o in pattern.items()
    )
