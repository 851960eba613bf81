"""What could break a package, in sentences: in which share of codings it stands, and when not."""

from __future__ import annotations

from detente.agreement.packages.draws import Share
from detente.model.sentences import listed, say
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
from detente.views.stress.shares import (
    fails_text,
    in_share,
    interval_text,
    share_text,
    stands_text,
)
from detente.views.stress.words import condition_text, factor_text
from detente.views.verification import package_text

MOST = 0.5
"""The numbers that together make more than this share of the differences decide."""
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
    told = [
        f"{listed(what)} {in_share(share, short=place > 0)}"
        for place, (share, what) in enumerate(groups)
    ]
    several = any(len(what) > 1 for _, what in groups)
    what = ", and ".join(told) if several else listed(told)
    return say("stress.finding.headline", package=package_text(result), what=what)


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
    told = [e for e in found.factors if e.factor is not None and e.first_order.low > 0]
    told.sort(key=lambda entry: -entry.first_order.value)
    few, total = [], 0.0
    for entry in told[:DECIDING]:
        few.append(factor_text(result.case, entry.factor) if entry.factor else "")
        total += entry.first_order.value
        if total > MOST:
            break
    measure = say(f"stress.measure.{found.measure}")
    key = "none" if not few else "few" if total > MOST else "many"
    first = few[0] if few else ""
    return say(f"stress.decides.{key}", measure=measure, what=listed(few), first=first)


def breaks_text(result: StressResult, found: BreaksWhen) -> str:
    """A simple condition under which a verdict mostly fails."""
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
    """All such conditions; where something fails and none was found, that."""
    told = [breaks_text(result, found) for found in result.breaks_when]
    shares = [result.standing.share(verdict) for verdict in VERDICTS]
    if not told and any(share is not None and share.count < share.samples for share in shares):
        return [say("stress.breaks.none")]
    return told


def silent_text(result: StressResult, found: Influences) -> str:
    """The numbers of which it cannot be told that they make any difference; empty if none."""
    quiet = [entry for entry in found.factors if not makes_difference(entry)]
    if not quiet:
        return ""
    told = [factor_text(result.case, e.factor) for e in quiet if e.factor is not None]
    others = sum(entry.others for entry in quiet)
    if len(told) > FEW:
        told = [say("stress.decides.further", count=len(told))]
    if others:
        told.append(say("stress.decides.others", count=others))
    return say("stress.decides.silent", what=listed(told))


def makes_difference(entry: Influence) -> bool:
    """Whether what a number makes, alone or with others, can be told from nothing."""
    return entry.first_order.low > 0 or entry.total.low > 0


# how it was found


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
