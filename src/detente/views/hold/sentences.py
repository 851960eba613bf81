"""Whether an outcome would hold, in sentences: the verdict, the reasons, who gains by collapse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detente.model.sentences import listed, number, say
from detente.model.wording import quoted
from detente.stability.answer import Prospect, Reason, Step
from detente.stability.hold_result import HoldResult
from detente.views.hold.listing import listing_sentences
from detente.views.hold.words import (
    LASTING,
    STANCES,
    Stance,
    against_text,
    coalitions_in,
    foremost,
    group_text,
    in_stance,
    is_today,
    movable,
    move_text,
    overall,
    parties_text,
    points,
    prospect_text,
    silent,
    stance,
)
from detente.views.naming import Open, everyone

FEW = 3
"""Up to so many packages are named in the headline."""
WORST: tuple[Stance, ...] = ("leaves", "costly", "open", "deterred")
"""Parties that would gain by leaving are told of in this order."""


# the finding


def headline(result: HoldResult) -> str:
    """The finding: about the outcome that was asked about, or which of the packages would hold."""
    return " ".join(findings(result))


def findings(result: HoldResult) -> list[str]:
    """The same, sentence by sentence: of the packages, and of today's state."""
    case = result.case
    if not result.prospects:
        return listing_sentences(result)[:1]
    packages = [entry for entry in result.prospects if not is_today(case, entry.outcome)]
    if result.asked or not packages:
        only = result.prospects[0]
        return [text for text in (verdict(result, only), coalition_text(result, only)) if text]
    told = [_counted(result, packages)]
    today = next((e for e in result.prospects if is_today(case, e.outcome)), None)
    if today is not None:
        told.append(verdict(result, today))
    return told


def _counted(result: HoldResult, packages: list[Prospect]) -> str:
    """How many packages would hold, and which."""
    groups: dict[str, list[str]] = {"holds": [], "open": [], "costly": [], "leaves": []}
    for entry in packages:
        found = overall(entry)
        which = "holds" if found in LASTING else "open" if found == "unknown" else found
        groups[which].append(prospect_text(result, entry))
    if any(silent(result, entry) for entry in packages):
        groups = {"holds_known": groups.pop("holds"), **groups}
    groups = {key: names for key, names in groups.items() if names}
    if len(packages) == 1:
        return verdict(result, packages[0])
    if len(groups) == 1:
        (key,) = groups
        return say(f"hold.headline.all_{key}", count=len(packages))
    found_of = (_group(key, names) for key, names in groups.items())
    return say("hold.headline.some", total=len(packages), found=listed(found_of))


def _group(key: str, names: list[str]) -> str:
    what = say(f"hold.headline.{key}", count=len(names))
    return say("hold.headline.named", what=what, names=listed(names)) if len(names) <= FEW else what


def verdict(result: HoldResult, prospect: Prospect, outcome: str = "") -> str:
    """Whether an outcome would hold, and through whom not, without a number.

    ``outcome`` is what it is called, where the result does not know its name.
    """
    found = overall(prospect)
    if found == "unknown":
        return say("hold.verdict.unknown", outcome=outcome or prospect_text(result, prospect))
    who, unknown = in_stance(prospect, found), silent(result, prospect)
    key = f"{found}_known" if unknown and found in LASTING else found
    told = say(
        f"hold.verdict.{key}",
        outcome=outcome or prospect_text(result, prospect),
        parties=parties_text(result.case, who),
        count=len(who),
    )
    if not unknown or found == "leaves":
        return told
    parties = parties_text(result.case, unknown)
    return f"{told} {say('hold.verdict.silent', parties=parties, count=len(unknown))}"


def coalition_text(result: HoldResult, prospect: Prospect) -> str:
    """Whether parties could leave an outcome together; empty where that was not asked."""
    groups = coalitions_in(prospect)
    if not groups:
        return ""
    for found in STANCES:
        if found in ("stays", "unknown"):
            continue
        names = [(name.count("+"), name) for name, each in groups.items() if each == found]
        if names:
            return say(f"hold.coalition.{found}", parties=group_text(result.case, min(names)[1]))
    asked_all = result.coalitions is not None and result.coalitions.every
    key = "none" if asked_all else "none_of_these"
    return say(f"hold.coalition.{'none_known' if 'unknown' in groups.values() else key}")


# why each party stays or leaves


def reason_sentences(result: HoldResult, prospect: Prospect, open_to: Open = everyone) -> list[str]:
    """Why each party stays or leaves, one paragraph a party; those that leave come first.

    Parameters
    ----------
    result, prospect
        The answer, and the outcome.
    open_to
        Whether the numbers of a party may be told; the others are told of without numbers.
    """
    told = [
        reason_text(result, prospect, party, open_to)
        for which in WORST
        for party in in_stance(prospect, which)
    ]
    stays = in_stance(prospect, "stays")
    if staying := [name for name in stays if name not in prospect.unvalued]:
        key = "stays_band" if result.band else "stays"
        slots = {"parties": parties_text(result.case, staying), "band": float(result.band)}
        told.append(say(f"hold.reason.{key}", count=len(staying), **slots))
    return [*told, *_unknown(result, prospect)]


def _unknown(result: HoldResult, prospect: Prospect) -> Iterator[str]:
    """What parties without values could change."""
    case = result.case
    for party in prospect.unvalued:
        issues = movable(case, prospect.outcome, party)
        what = quoted(map(case.issue_name, issues))
        key = "could" if issues else "could_not"
        yield say(f"hold.reason.{key}", party=case.party_name(party), issues=what)


def reason_text(
    result: HoldResult, prospect: Prospect, party: str, open_to: Open = everyone
) -> str:
    """Why a party that would gain by leaving stays or leaves: its move, what follows, the end."""
    return " ".join(_Telling(result, prospect, party, open_to).sentences())


class _Telling:
    """One party that would gain by leaving, told of in sentences."""

    def __init__(self, result: HoldResult, prospect: Prospect, party: str, open_to: Open) -> None:
        self.result, self.prospect, self.party = result, prospect, party
        self.case, self.open_to = result.case, open_to
        self.name = result.case.party_name(party)
        self.against = against_text(result, prospect)
        self.stance = stance(prospect, party)
        self.holds = {name: found[party] for name, found in prospect.stable.items()}

    def sentences(self) -> Iterator[str]:
        reason = foremost(self.prospect, self.party)
        assert reason is not None
        move = move_text(self.case, self.prospect.outcome, reason.move.to)
        yield say("hold.reason.move", party=self.name, move=move, gain=self.gain(reason.move))
        if reason.sanction is None:
            key = "open_gain" if self.stance == "open" and self.holds["gmr"] else self.stance
            yield say(f"hold.reason.{key}")
            return
        yield self.punishment(reason.move, reason.sanction)
        yield self.end(reason, reason.sanction)
        answered = {"deterred": "sseq"}.get(self.stance, "smr")
        if self.holds[answered] is False:
            yield self.answers(reason, self.prospect.reason(self.party, answered))
        elif reason.improvements > 1 and self.stance == "deterred":
            yield say("hold.reason.others", count=reason.improvements - 1)

    def answers(self, told: Reason, other: Reason | None) -> str:
        """That it could answer what punishes the move that was told, or punishes another one."""
        if other is None or other.move.to == told.move.to:
            return say("hold.reason.answers", against=self.against)
        move = move_text(self.case, self.prospect.outcome, other.move.to)
        slots = {"move": move, "gain": self.gain(other.move), "against": self.against}
        return say("hold.reason.answers_elsewhere", **slots)

    def gain(self, step: Step) -> str:
        """What a party gains by its own move, in brackets, or that it prefers it."""
        if step.gain is None or not all(map(self.open_to, step.parties)):
            return say("hold.reason.prefers")
        return say("hold.reason.gain", gain=points(step.gain))

    def punishment(self, move: Step, sanction: tuple[Step, ...]) -> str:
        """What the others could do, and whether each gains by its own move."""
        before, told = move.to, []
        for step in sanction:
            key = {True: "gains", False: "loses", None: "could"}[step.improves]
            if key == "loses" and all((gain or 0) > 0 for gain in step.gains.values()):
                key = "little"
            if not all(map(self.open_to, step.parties)) or None in step.gains.values():
                key = {"little": "loses"}.get(key, key)
                key += "_untold" if step.improves is not None else ""
            elif step.improves is False and len(step.parties) == 1 and not step.gain:
                key += "_untold"
            if len(step.parties) > 1:
                key += "_together"
            told.append(
                say(
                    f"hold.step.{key}",
                    who=parties_text(self.case, step.parties),
                    what=move_text(self.case, before, step.to),
                    gain=self.gains(step.gains),
                )
            )
            before = step.to
        return say("hold.reason.punished", steps=say("hold.step.then").join(told))

    def gains(self, gains: Mapping[str, float | None]) -> str:
        """What the movers gain: a number, or one for each."""
        if len(gains) == 1:
            return "".join(points(gain) for gain in gains.values() if gain is not None)
        return gains_text(self.result, gains)

    def end(self, reason: Reason, sanction: tuple[Step, ...]) -> str:
        """Where that leaves the party, and so whether it stays."""
        where = self.where(reason.leaves)
        key = "left"
        answer = ""
        if reason.response is not None:
            key = "answered"
            answer = move_text(self.case, sanction[-1].to, reason.response.to)
        slots = {"party": self.name, "where": where, "answer": answer}
        return say(f"hold.reason.{key}", so=self.so(sanction), **slots)

    def where(self, leaves: float | None) -> str:
        if leaves is None or not self.open_to(self.party) or number(leaves) == "0":
            return say("hold.reason.no_better", against=self.against)
        key = "below" if leaves < 0 else "within_band"
        return say(f"hold.reason.{key}", points=points(leaves), against=self.against)

    def so(self, sanction: tuple[Step, ...]) -> str:
        """What follows for the party, by who would have to punish at a loss."""
        reluctant = [step for step in sanction if not step.improves]
        if not reluctant or self.stance == "deterred":
            return say("hold.reason.so_stays")
        band = self.result.band
        names = dict.fromkeys(name for step in reluctant for name in _losers(step, band))
        slots = {"who": parties_text(self.case, names)}
        known = any(step.improves is False for step in reluctant)
        return say(f"hold.reason.{'so_if' if known else 'so_unknown'}", **slots)


def _losers(step: Step, band: float) -> tuple[str, ...]:
    """Of those who make a move that is not better for all, the ones for whom it is not."""
    gains = [(name, gain) for name, gain in step.gains.items() if gain is not None]
    found = tuple(name for name, gain in gains if gain <= 0 or gain < band)
    return found or step.parties


def gains_text(result: HoldResult, gains: Mapping[str, float | None]) -> str:
    """Several gains, each with its party; those that have no number are left out."""
    return listed(
        say("hold.points.of", party=result.case.party_name(name), points=points(gain))
        for name, gain in gains.items()
        if gain is not None
    )


# who gains by collapse


def collapse_sentences(
    result: HoldResult, prospect: Prospect, open_to: Open = everyone
) -> list[str]:
    """Who would gain if everything collapsed, and who would lose how much."""
    groups = _by_sign(result, prospect, open_to)
    none = not groups["gains"] and bool(groups["loses"])
    keys = {"gains": "gains", "loses": "only_loses" if none else "loses", "even": "even"}
    return [
        say(f"hold.collapse.{keys[key]}", parties=listed(names))
        for key, names in groups.items()
        if names
    ]


def collapse_gainers(result: HoldResult, prospect: Prospect, open_to: Open = everyone) -> str:
    """Who would gain if everything collapsed, as a phrase; empty if nobody."""
    return listed(_by_sign(result, prospect, open_to)["gains"])


def _by_sign(result: HoldResult, prospect: Prospect, open_to: Open) -> dict[str, list[str]]:
    """Parties that a collapse would bring something, cost something, or neither."""
    groups: dict[str, list[str]] = {"gains": [], "loses": [], "even": []}
    if is_today(result.case, prospect.outcome):
        return groups
    for party, gain in prospect.gains_from_collapse.items():
        key = "even" if number(gain) == "0" else "gains" if gain > 0 else "loses"
        name = result.case.party_name(party)
        shown = key != "even" and open_to(party)
        slots = {"party": name, "points": points(gain)}
        groups[key].append(say("hold.collapse.party", **slots) if shown else name)
    return groups
