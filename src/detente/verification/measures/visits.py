"""Shared inspectors: how often they must look at each thing, announced and at random."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from detente.model.problem import Floats
from detente.verification.answer import Visits, not_negative
from detente.verification.inspections.schedules import best_within, rotation_plan
from detente.verification.inspections.shared_stake import independent_plan
from detente.verification.parties import Tempted
from detente.verification.paths import Paths

Lottery = Sequence[tuple[Sequence[int], float]]
"""Which sites are visited together, and with which probability."""

MOST_SITES = 10
"""Most violations of one party for which plans are made."""
SHARES = tuple(share / 20 for share in range(20, 9, -1))
"""Shares of the stake that plans are made for, until one deters all that is really possible."""


@dataclass(frozen=True, eq=False)
class Sites:
    """What the inspectors of one party can look at, and what its violations are worth.

    Parameters
    ----------
    names, slots, gains, chances
        Per site the violation, its slot, its gain per period and the chance that a visit
        finds it.
    stake
        What the party loses by being found, in discounted units: F4's K for its worst set
        (with a lag, that of certain detection, which lies below).
    paths, seen
        All its ways to cheat, and −ln(1 − d) of each for each slot looked at; shape
        (ways, slots).
    false_alarm, keeps_true
        Of the measures that the inspectors are.
    """

    names: tuple[str, ...]
    slots: tuple[int, ...]
    gains: tuple[float, ...]
    chances: tuple[float, ...]
    stake: float
    paths: Paths
    seen: Floats
    false_alarm: float
    keeps_true: float

    def deterred_by(self, lottery: Lottery) -> bool:
        """Whether a plan deters every way to cheat, each judged exactly."""
        detection = np.zeros(len(self.paths))
        for visited, share in lottery:
            slots = [self.slots[site] for site in visited]
            detection -= share * np.expm1(-self.seen[:, slots].sum(axis=1))
        margins = self.paths.margins(self.keeps_true * detection, self.false_alarm)
        return not_negative(float(margins.min()))


def visits(
    parties: Mapping[str, Tempted],
    used: Floats,
    lag: int,
    periods: int | None,
    available: float | None,
) -> tuple[Visits, ...]:
    """Plans for the parties that have something to gain from two violations or more.

    Parameters
    ----------
    parties
        Who is watched.
    used
        Which measures (0 or 1) see a violation where the inspectors look: a visit has their
        combined chance to find it, and their false alarms are those of every period.
    lag, periods
        Of the case.
    available
        Visits per period that there are; None where that is not asked.
    """
    found = ((name, _sites(entry, used, lag, periods)) for name, entry in parties.items())
    plans = (
        _plans(name, sites, 1 - parties[name].after.discount, available)
        for name, sites in found
        if sites is not None
    )
    return tuple(plan for plan in plans if plan.rotation or plan.independent or plan.within)


def _sites(tempted: Tempted, used: Floats, lag: int, periods: int | None) -> Sites | None:
    paths = tempted.paths(lag, periods)
    detection = tempted.detectors.detection(tempted.coverage @ used)
    false_alarm = float(tempted.detectors.false_alarm(used))
    rows = _worst_alone(tempted, paths, paths.margins(detection, false_alarm))
    if not 2 <= len(rows) <= MOST_SITES or any(detection[row] == 0 for row in rows.values()):
        return None
    worth = paths.honesty(false_alarm)
    lost = (worth - paths.found - paths.returns * worth)[: tempted.sets]
    power = paths.discount[0] ** (lag + 1)
    stake = float(lost.min()) * (1 - false_alarm) * power / (1 - power)
    if stake <= 0:
        return None
    per_slot = [tempted.seen(slot) @ used for slot in range(len(tempted.slots))]
    kept = list(rows.values())
    return Sites(
        tuple(tempted.ways(row)[0].name for row in kept),
        tuple(rows),
        tuple((paths.flow[kept] - tempted.comply).tolist()),
        tuple(detection[kept].tolist()),
        stake,
        paths,
        np.stack(per_slot, axis=1),
        false_alarm,
        tempted.detectors.keeps_true,
    )


def _worst_alone(tempted: Tempted, paths: Paths, margins: Floats) -> dict[int, int]:
    """Per slot that promises a gain the row of its way with the least margin."""
    out = {}
    for slot in range(len(tempted.slots)):
        rows = [row for (place, _), row in tempted.alone.items() if place == slot]
        worst = min(rows, key=lambda row: margins[row])
        if paths.flow[worst] > tempted.comply:
            out[slot] = worst
    return out


def _plans(party: str, sites: Sites, scale: float, available: float | None) -> Visits:
    gains, ones, chances = sites.gains, [1.0] * len(sites.gains), sites.chances

    def rotating(stake: float) -> tuple[Lottery, Sequence[float]] | None:
        plan = rotation_plan(gains, ones, chances, stake)
        return None if plan is None else (plan.schedule, plan.visits)

    def independent(stake: float) -> tuple[Lottery, Sequence[float]] | None:
        plan = independent_plan(gains, ones, chances, stake)
        return None if plan is None else (_independently(plan.visits), plan.visits)

    rotation, alone = _deterring(sites, rotating), _deterring(sites, independent)
    total = None if rotation is None else sum(rotation)
    short = available is not None and (total is None or total > available + 1e-9)
    within = None
    if available is not None and short:
        within = best_within(gains, ones, chances, sites.stake, available)
    return Visits(
        party=party,
        rotation=_named(sites, rotation),
        independent=_named(sites, alone),
        rotation_total=total,
        independent_total=None if alone is None else sum(alone),
        available=available,
        within=None if within is None else _named(sites, within.visits),
        within_margin=None if within is None else within.margin * scale,
    )


def _deterring(
    sites: Sites, plan: Callable[[float], tuple[Lottery, Sequence[float]] | None]
) -> Sequence[float] | None:
    """The visits of the first plan that deters, made for the stake and for shares of it.

    A plan is made as if gains added up and every set had the same aftermath; where that is
    not so it is made for less of a stake, which asks for more visits.
    """
    for share in SHARES:
        made = plan(share * sites.stake)
        if made is not None and sites.deterred_by(made[0]):
            return made[1]
    return None


def _independently(chances: Sequence[float]) -> Lottery:
    """Independent visits as a lottery over sets of sites."""
    out = []
    for seen in product((False, True), repeat=len(chances)):
        share = np.prod([p if s else 1 - p for s, p in zip(seen, chances, strict=True)])
        if share > 0:
            out.append(([site for site, s in enumerate(seen) if s], float(share)))
    return out


def _named(sites: Sites, plan: Sequence[float] | None) -> dict[str, float] | None:
    return None if plan is None else dict(zip(sites.names, map(float, plan), strict=True))
