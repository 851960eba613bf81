"""How well cheating would have to be seen, violation by violation and all together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from detente.case.fields import FrozenDict
from detente.case.implementation import Measure, Verification
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.leverage.answer import Bound, Check, Cost, Goal
from detente.leverage.naming import unused
from detente.leverage.proposal import Bounds, Proposal
from detente.leverage.rounding import above
from detente.leverage.shortfalls import bound
from detente.leverage.wanted import Wanted
from detente.verification.answer import Temptation, not_negative
from detente.verification.measures.detection import detectors
from detente.verification.verify import verify
from detente.verification.verify_result import VerifyResult

CLOSER = "closer_watch"
"""The measure that stands for whatever sees so much; it gives no false alarm."""
GRAIN = Fraction(1, 1000)
"""To what detection is told."""


def propose(wanted: Wanted, open_: tuple[Goal, ...], bounds: Bounds) -> Iterator[Proposal | Bound]:
    """Better sight of what pays, and of everything covert on the road."""
    del bounds
    if "enforceable" in open_:
        checks = better_seen(wanted)
        if checks:
            yield _proposal(wanted, checks, ("enforceable",))
        elif checks is None and wanted.verified[0] is not None:
            yield bound("verification", "enforceable", "verification_none")
    if "roadmap" in open_ and (planned := wanted.lacking[0]) is not None and planned.missing:
        chance = planned.missing.detection
        checks = () if chance is None else everything_covert(wanted, chance)
        if checks:
            yield _proposal(wanted, checks, ("roadmap",))
        elif chance is None:
            yield bound("verification", "roadmap", "verification_no_road")


def _proposal(wanted: Wanted, checks: tuple[Check, ...], aims: tuple[Goal, ...]) -> Proposal:
    """What is missing to the least chance, summed, is its cost."""
    cost = sum((check.least - Fraction(check.now) for check in checks), Fraction(0))
    edited = wanted.edited(with_checks(wanted, checks))
    return Proposal("verification", checks, Cost(cost, "chance"), edited, aims)


def least_alone(verified: VerifyResult) -> dict[tuple[str, str], Temptation]:
    """Per signing party and violation the version that has to be seen best to be deterred.

    Only violations that some chance of detection deters.
    """
    out: dict[tuple[str, str], Temptation] = {}
    for name, entry in verified.parties.items():
        if not entry.signs:
            continue
        for temptation in entry.temptations:
            least = critical(temptation)
            known = out.get((name, temptation.name))
            if least is not None and (known is None or least > (critical(known) or 0.0)):
                out[name, temptation.name] = temptation
    return out


def critical(temptation: Temptation) -> float | None:
    """The least detection that deters it, as a trickle and as a dash; None where none does."""
    judged = [(temptation.critical_detection, temptation.margin)]
    if temptation.dash is not None:
        judged.append((temptation.dash.critical_detection, temptation.dash.margin))
    least = 0.0
    for chance, margin in judged:
        if margin is None or (chance is None and not_negative(margin)):
            continue
        if chance is None or chance > 1:
            return None
        least = max(least, chance)
    return least


def better_seen(wanted: Wanted) -> tuple[Check, ...] | None:
    """The least detection with which cheating pays nobody who signs.

    First each violation alone at its critical detection; where several at once still pay, all of
    them are raised by the same share of what is missing to certainty, as little as it takes.

    Returns
    -------
    tuple or None
        What has to be seen better than it is; None where no verification will do.

    Notes
    -----
    Cost: a dozen runs of ``verify``.
    """
    verified, _ = wanted.verified
    if verified is None:
        return None
    needed = {
        key: (entry, critical(entry) or 0.0)
        for key, entry in least_alone(verified).items()
        if (critical(entry) or 0.0) > entry.detection or verified.parties[key[0]].verdict != "yes"
    }
    if not needed:
        return None

    def raised(part: Fraction) -> tuple[Check, ...]:
        return tuple(
            Check(party, name, entry.detection, _level(entry, least, part))
            for (party, name), (entry, least) in needed.items()
        )

    def deters(part: Fraction) -> bool:
        case = with_checks(wanted, raised(part))
        return verify(case, dict(wanted.outcome)).enforceable == "yes"

    part = _least_part(deters)
    if part is None:
        return None
    return tuple(check for check in raised(part) if check.least > Fraction(check.now))


def with_checks(wanted: Wanted, checks: tuple[Check, ...]) -> Case:
    """The case with a measure that brings detection up to what is asked."""
    case = wanted.case
    seen = detectors(case, wanted.outcome)
    kept = float(seen.keeps_true)
    chances: dict[str, Fraction] = {}
    for check in checks:
        missed = 1.0 - check.now / kept if kept else 0.0  # by all measures, before a second look
        asked = 1.0 - float(check.least) / kept if kept else 0.0
        own = 1.0 if asked <= 0 or missed <= 0 else 1.0 - asked / missed
        chance = min(Fraction(1), max(Fraction(0), _finely_above(own)))
        # several parties may have to be seen at the same
        chances[check.violation] = max(chance, chances.get(check.violation, chance))
    detects = {name: FrozenDict({"": Number(chance)}) for name, chance in chances.items()}
    measure = Measure(detects=FrozenDict(detects))
    stated = case.verification.measures if case.verification is not None else {}
    return with_measures(case, {unused(CLOSER, stated): measure})


def everything_covert(wanted: Wanted, chance: float) -> tuple[Check, ...]:
    """Every way to cheat of those who sign, found at least so often."""
    verified, _ = wanted.verified
    if verified is None:
        return ()
    level = min(Fraction(1), above(chance))
    worst: dict[tuple[str, str], float] = {}
    for name, entry in verified.parties.items():
        for temptation in entry.temptations if entry.signs else ():
            key = (name, temptation.name)
            worst[key] = min(worst.get(key, 1.0), temptation.detection)
    return tuple(
        Check(party, name, now, level) for (party, name), now in worst.items() if now < level
    )


def with_measures(case: Case, measures: Mapping[str, Measure]) -> Case:
    """The case with further measures of verification."""
    stated = case.verification or Verification()
    names = FrozenDict({**stated.measures, **measures})
    return case.changed(verification=stated.model_copy(update={"measures": names}))


def _level(entry: Temptation, least: float, part: Fraction) -> Fraction:
    low = Fraction(max(least, entry.detection))
    raised = low + part * (1 - low)
    return min(Fraction(1), -(-raised // GRAIN) * GRAIN)


def _least_part(deters: Callable[[Fraction], bool]) -> Fraction | None:
    """The least share of the way to certainty that deters, to a thousandth; None where none."""
    low, high = Fraction(0), Fraction(1)
    if deters(low):
        return low
    if not deters(high):
        return None
    while high - low > GRAIN:
        middle = (low + high) / 2
        low, high = (low, middle) if deters(middle) else (middle, high)
    return high


def _finely_above(chance: float) -> Fraction:
    return -(-Fraction(chance) // Fraction(1, 10**9)) * Fraction(1, 10**9)
