"""What each side must have out of payments, and what it can give: the least net receipt.

In the finished agreement, in points of its own per period; negative is what it can give.

- To *accept* it, its walk-away value less the value of the package. Where ratification fails the
  factions that are the cheapest to win are to be paid too.
- Not to *cheat* or leave, the least receipt with which no margin of ``verify`` is negative. A
  payment is over once the process collapses, so that it is in the value of complying and in that
  of cheating until found, and not in what follows; every margin is linear in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from detente.agreement.packages.package import PackageView, Refusal, examine
from detente.case.bargaining import Party, Ratification
from detente.leverage.payments.answer import Obstacle
from detente.leverage.rounding import above
from detente.model.compilation import Model
from detente.verification.measures.detection import detectors
from detente.verification.parties import tempted
from detente.verification.paths import Paths

DIGITS = 4
"""Significant digits to which a need that is no exact fraction is rounded up."""
TIE = 1e-10
"""Share of a need, or points, by which it is not rounded up: the verdict counts that as a tie."""
FLAT = 1e-12
"""A margin that a point per period moves by less than this does not hang on payments."""


@dataclass(frozen=True)
class Needs:
    """The least net receipt of each side that has one, and what no payment overcomes."""

    least: Mapping[str, Fraction]
    obstacles: tuple[Obstacle, ...] = ()

    def joined(self, other: Needs) -> Needs:
        """Both at once."""
        names = dict.fromkeys((*self.least, *other.least))
        least = {
            name: max(part.least[name] for part in (self, other) if name in part.least)
            for name in names
        }
        return Needs(least, (*self.obstacles, *other.obstacles))


def needs_to_accept(
    model: Model, outcome: Mapping[str, str], rates: Mapping[str, Fraction]
) -> Needs:
    """What every signing party needs for the consent of all.

    Notes
    -----
    Exact. Of the factions that could make good a failed ratification those are paid that cost
    the fewest units.
    """
    view = examine(model, outcome, None)
    broken = tuple(Obstacle("rule", None, str(entry.rule)) for entry in view.broken_rules)
    found = Needs({}, broken)
    for name in model.case.signing:
        found = found.joined(_to_accept(model, view, name, rates))
    return found


def _to_accept(model: Model, view: PackageView, name: str, rates: Mapping[str, Fraction]) -> Needs:
    refusal = view.refusals.get(name)
    unmet = refusal.red_lines if refusal is not None else ()
    obstacles = [Obstacle("red line", name, line) for line in unmet]
    least = {}
    if model.has_scores(name):
        least[name] = -view.gains[name]
    elif refusal is not None and refusal.short is not None:
        obstacles.append(Obstacle("no scores", name))
    if refusal is not None and refusal.factions:
        won = _factions(model, name, refusal.factions, rates)
        least.update(won.least)
        obstacles.extend(won.obstacles)
    return Needs(least, tuple(obstacles))


def _factions(
    model: Model, name: str, refusing: Mapping[str, Refusal], rates: Mapping[str, Fraction]
) -> Needs:
    """The cheapest factions whose consent makes good a ratification."""
    price = {
        key: entry.short
        for key, entry in refusing.items()
        if entry.short is not None and not entry.red_lines and model.has_scores(key)
    }
    party = model.case.parties[name]
    needed = [key for key in refusing if _decides(party, key.removeprefix(f"{name}."))]
    accepting = len(party.factions) - len(refusing)
    lacking = max(0, _quota(party) - accepting - len(needed))
    units = {key: short / rates.get(key, Fraction(1)) for key, short in price.items()}
    others = sorted((key for key in price if key not in needed), key=lambda key: units[key])
    blocked = [key for key in needed if key not in price]
    if len(others) < lacking:
        blocked += [key for key in refusing if key not in needed and key not in price]
    if blocked:
        return Needs({}, tuple(_blocked(model, key, refusing[key]) for key in blocked))
    return Needs({key: price[key] for key in (*needed, *others[:lacking])})


def _decides(party: Party, faction: str) -> bool:
    """Whether nothing passes without a faction."""
    rule = party.ratification or Ratification(rule="all")
    return rule.rule == "all" or faction in rule.veto


def _quota(party: Party) -> int:
    """How many factions must accept."""
    rule = party.ratification or Ratification(rule="all")
    if rule.quota is not None:
        return rule.quota
    return len(party.factions) if rule.rule == "all" else len(party.factions) // 2 + 1


def _blocked(model: Model, key: str, refusal: Refusal) -> Obstacle:
    if refusal.red_lines:
        return Obstacle("red line", key, refusal.red_lines[0])
    return Obstacle("no scores", key)


def needs_to_comply(model: Model, outcome: Mapping[str, str]) -> Needs:
    """What every signing party with scores needs so that neither leaving nor cheating pays.

    Raises
    ------
    CaseError
        As for ``verify``.

    Notes
    -----
    Closed form; rounded up to :data:`DIGITS` significant digits. Cost: one look at the sets of
    violations of each party, see :func:`detente.verification.parties.tempted`.
    """
    case = model.case
    stated = case.verification
    lag = stated.lag if stated is not None else 0
    periods = None if stated is None or stated.punishment == "forever" else stated.punishment
    seen = detectors(case, outcome)
    false = float(seen.false_alarm(np.ones(len(seen.names))))
    least: dict[str, Fraction] = {}
    obstacles: list[Obstacle] = []
    for name in case.signing:
        if not model.has_scores(name):
            continue
        entry = tempted(model, name, outcome, seen)
        detection = seen.detection(entry.coverage.sum(axis=1))
        paths = entry.paths(lag, periods)
        margins = paths.margins(detection, false)
        slopes = _per_point(paths, 1.0).margins(detection, false)
        stays = entry.leaving_path(lag, periods)
        margin = float(stays.honesty(false)[0]) - float(entry.leaving())
        slope = float(_per_point(stays, 0.0).honesty(false)[0])
        needs = [_need(margin, slope), *map(_need, margins.tolist(), slopes.tolist())]
        blocked = [row for row, need in enumerate(needs) if need is None]
        if blocked:
            ways = entry.ways(blocked[0] - 1) if blocked[0] else ()
            obstacles.append(Obstacle("cheating", name, ", ".join(way.name for way in ways)))
        else:
            least[name] = rounded_up(max(need for need in needs if need is not None))
    return Needs(least, tuple(obstacles))


def _per_point(paths: Paths, flow: float) -> Paths:
    """What one point in every period adds to the paths, and ``flow`` to that of who cheats."""
    nothing = 0 * paths.comply
    return replace(
        paths,
        comply=nothing + 1,
        rest=nothing,
        flow=nothing + flow,
        found=nothing,
        blame=nothing,
        prize=nothing,
    )


def _need(margin: float, slope: float) -> float | None:
    """The receipt at which a margin is zero; None where none lifts a negative one."""
    if slope > FLAT:
        return -margin / slope
    return -math.inf if margin >= -TIE else None


def rounded_up(amount: float) -> Fraction:
    """The next number with few digits, unless it is one already."""
    return above(amount - TIE * max(1.0, abs(amount)), DIGITS)


def untold(model: Model) -> Iterator[str]:
    """Signing parties without scores: no amount can be told for them."""
    return (name for name in model.case.signing if not model.has_scores(name))
