"""What could break a package, in sentences: in which share of codings it stands, and when not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.agreement.packages.draws import Share
from detente.case.schema import Case
from detente.model.sentences import listed, say
from detente.model.wording import quoted
from detente.sequencing.answer import Step
from detente.uncertainty.answer import (
    VERDICTS,
    BreaksWhen,
    Correlated,
    Influence,
    Influences,
    Standing,
    Verdict,
)
from detente.uncertainty.stress_result import StressResult
from detente.views.naming import percent
from detente.views.roadmap.words import repeated, short_text
from detente.views.stress.shares import (
    fails_text,
    in_share,
    index_text,
    interval_text,
    share_text,
    stands_text,
)
from detente.views.stress.words import condition_text, factor_text
from detente.views.verification import package_text

HALF = 0.5
"""A few numbers decide where all others together surely make less than this share."""
DECIDING = 3
"""As long as they are no more than this."""
FEW = 3
"""Up to so many numbers that make no difference are named."""


# the finding


def headline(result: StressResult) -> str:
    """In which share of codings the package passes each of the verdicts that were asked for."""
    groups: list[tuple[Share, list[str]]] = []
    for verdict in VERDICTS[:-1]:
        share = result.standing.share(verdict)
        if share is not None:
            if not groups or in_share(groups[-1][0]) != in_share(share):
                groups.append((share, []))
            groups[-1][1].append(stands_text(result.case, verdict))
    first, *further = [
        f"{listed(what)} {in_share(share, short=place > 0)}"
        for place, (share, what) in enumerate(groups)
    ]
    told = "; ".join([first, *(say("stress.finding.then", what=what) for what in further)])
    return say("stress.finding.headline", package=package_text(result), what=told)


def findings(result: StressResult) -> list[str]:
    """The same, then all of it at once with its bounds, and what such a share means."""
    told = [headline(result), together_text(result), say("stress.finding.meaning")]
    return list(filter(None, told))


def together_text(result: StressResult) -> str:
    """How sure the share is: of all verdicts at once, where several were asked for.

    Empty where one of them stands in no coding, so that there is nothing to add.
    """
    verdict: Verdict = "acceptable" if result.standing.all_of_it is None else "all_of_it"
    share = result.standing.share(verdict)
    assert share is not None
    key = "certain" if share.certain else "sampled"
    if verdict == "all_of_it" and _never(result):
        return ""
    if verdict == "all_of_it":
        slots = {"in_share": in_share(share, short=True), "interval": interval_text(share)}
        told = say(f"stress.finding.together_{key}", **slots)
    else:
        told = say(f"stress.finding.alone_{key}", interval=interval_text(share))
    bounds = bounds_text(result, verdict)
    return f"{told} {bounds}" if bounds and not share.certain else told


def _never(result: StressResult) -> bool:
    """Whether some verdict stands in no coding, under no correlation."""
    every = [result.standing, *result.bounds.values()]
    together = [share for entry in every if (share := entry.share("all_of_it")) is not None]
    alone = [result.standing.share(verdict) for verdict in VERDICTS[:-1]]
    return not any(share.count for share in together) and any(
        share is not None and not share.count for share in alone
    )


def bounds_text(result: StressResult, verdict: Verdict) -> str:
    """What the share would be with independent and with fully correlated numbers."""
    first, last = (bound(result, verdict, name) for name in ("independent", "full"))
    share = result.standing.share(verdict)
    if first is None or last is None or share is None:
        return ""
    shares = {"independent": share_text(first), "full": share_text(last)}
    same = {share_text(share)} == set(shares.values())
    return say(f"stress.finding.bounds_{'same' if same else 'differ'}", **shares)


def bound(result: StressResult, verdict: Verdict, name: Correlated) -> Share | None:
    """The share of a verdict under another correlation; None where that was not drawn."""
    found: Standing | None = result.bounds.get(name)
    return None if found is None else found.share(verdict)


# what decides, and when it breaks


def influence_text(result: StressResult, found: Influences) -> str:
    """Which few numbers make most of the differences in a measure; that none do, if so."""
    measure = say(f"stress.measure.{found.measure}")
    told = [entry for entry in telling(found) if entry.factor is not None]
    if not told:
        return say("stress.decides.none", measure=measure)
    told.sort(key=lambda entry: -entry.total.value)
    names = [factor_text(result.case, entry.factor) for entry in told if entry.factor]
    if count := _few(found, told):
        return say("stress.decides.few", measure=measure, what=listed(names[:count]))
    slots = {"first": names[0], "share": index_text(told[0].total)}
    return say("stress.decides.many", measure=measure, rest=_rest(found), **slots)


def _few(found: Influences, told: Sequence[Influence]) -> int:
    """How many numbers surely make more than half of all differences; 0 if that takes many.

    What several make together is at most the sum of what each makes with others. So the sum over
    all numbers but a few bounds what would be left if those few were known.
    """
    for count in range(1, min(DECIDING, len(told)) + 1):
        few = [entry.factor for entry in told[:count]]
        if sum(e.total.high for e in found.factors if e.factor not in few) < HALF:
            return count
    return 0


def _rest(found: Influences) -> str:
    """What all numbers make that were not looked at one by one, as far as that is known."""
    rest = [entry for entry in found.factors if entry.factor is None]
    if not rest or rest[0].total.includes_zero:
        return ""
    others = say("stress.decides.others", count=rest[0].others)
    return say("stress.decides.rest", others=others, share=index_text(rest[0].total))


def telling(found: Influences) -> list[Influence]:
    """The numbers that can be told to make a difference, and always all others together."""
    return [entry for entry in found.factors if entry.factor is None or makes_difference(entry)]


def breaks_text(result: StressResult, found: BreaksWhen) -> str:
    """A simple condition under which a verdict fails more often."""
    case = result.case
    conditions = listed(condition_text(case, entry) for entry in found.conditions)
    return say(
        "stress.breaks.when",
        fails=fails_text(case, found.verdict),
        conditions=conditions,
        **{
            name: percent(getattr(found, name), 1)
            for name in ("coverage", "density", "mass", "overall")
        },
    )


def breaks_sentences(result: StressResult) -> list[str]:
    """All such conditions; for verdicts that fail without any, that there is none."""
    told = [breaks_text(result, found) for found in result.breaks_when]
    return [*told, *unbroken_sentences(result)]


def unbroken_sentences(result: StressResult) -> list[str]:
    """Which verdicts fail in all codings, and which in some that have no condition in common.

    Verdicts that fail in the same codings have the same conditions, and are told of once.
    """
    case = result.case
    always: list[str] = []
    sometimes: list[str] = []
    boxed = {found.verdict for found in result.breaks_when}
    shares = {verdict: result.standing.share(verdict) for verdict in VERDICTS}
    counts = {share.count for verdict in boxed if (share := shares[verdict]) is not None}
    for verdict, share in shares.items():
        if share is None or share.certain or share.count == share.samples:
            continue
        if not share.count and (verdict != "all_of_it" or not always):
            always.append(fails_text(case, verdict))
        elif share.count and share.count not in counts:
            sometimes.append(fails_text(case, verdict))
            counts.add(share.count)
    none = "none_of" if boxed or always else "none"
    told = [("always", listed(always)), (none, listed(sometimes, "or"))]
    return [say(f"stress.breaks.{key}", fails=fails) for key, fails in told if fails]


def marks_text(result: StressResult) -> str:
    """How to read the conditions; empty where there are none."""
    count = len(result.breaks_when)
    if not count:
        return ""
    together = say("stress.breaks.together") if result.correlation else ""
    told = say("stress.breaks.marks", together=together)
    return f"{told} {say('stress.breaks.overlap')}" if count > 1 else told


def silent_text(result: StressResult, found: Influences) -> str:
    """The numbers of which it cannot be told that they make any difference; empty if none."""
    quiet = [e.factor for e in found.factors if e.factor is not None and not makes_difference(e)]
    told = [factor_text(result.case, factor) for factor in quiet]
    if len(told) > FEW:
        told = [say("stress.decides.further", count=len(told))]
    return say("stress.decides.silent", what=listed(told)) if told else ""


def makes_difference(entry: Influence) -> bool:
    """Whether what a number makes, alone or with others, can be told from nothing."""
    return not (entry.first_order.includes_zero and entry.total.includes_zero)


def influence_reading(result: StressResult) -> str:
    """How to read what moves the measures."""
    told = [say("terminal.stress.influence_legend")]
    if result.standing.holds is not None:
        told.append(say("terminal.stress.influence_holds"))
    return " ".join(told)


# how it was found


def holds_text(result: StressResult) -> str:
    """What it means that it holds; empty where that was not asked."""
    return "" if result.standing.holds is None else say("stress.finding.holds")


def road_text(result: StressResult) -> str:
    """Which roadmap was judged; empty where none was."""
    if result.standing.roadmap is None or not result.steps:
        return ""
    return say("stress.finding.roadmap", steps=" → ".join(_steps(result.case, result.steps)))


def _steps(case: Case, steps: Sequence[Step]) -> Iterator[str]:
    """What each step does; options only of issues that are moved several times."""
    twice = repeated(steps)
    for step in steps:
        yield quoted(short_text(case, move, move.item in twice) for move in step.moves)


def drawn_text(result: StressResult) -> str:
    """How many codings were drawn, of what, how."""
    return say(
        "stress.finding.drawn",
        samples=f"{result.samples:,}",
        count=result.samples,
        ranges=result.ranges,
        drivers=result.drivers,
        design=say(f"stress.design.{result.design.replace(' ', '_')}"),
        seed=str(result.seed),
        correlation=f"{result.correlation:g}",
    )


def stopped_text(result: StressResult) -> str:
    """Why the run ended before all codings were drawn; empty where it did not."""
    if not (result.interrupted or result.enough):
        return ""
    key = "interrupted" if result.interrupted else "enough"
    return say(f"stress.finding.{key}", samples=f"{result.samples:,}", count=result.samples)


def asides(result: StressResult) -> list[str]:
    """What is not in the shares: what cannot be told or was not asked; then the remarks."""
    told = []
    if result.standing.untold:
        told.append(say("stress.finding.untold", count=result.standing.untold))
    told += [say(f"stress.needs.{name}", why=why) for name, why in result.needs.items()]
    return [*told, *result.remarks]
