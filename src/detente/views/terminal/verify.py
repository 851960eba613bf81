"""The terminal view of ``verify``: the verdict, who could cheat how, what would see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich.console import RenderableType

from detente.model.sentences import listed, number, say
from detente.verification.answer import Effect, Incentives, MeasureSet, Temptation, Unvalued, Visits
from detente.verification.verify_result import VerifyResult
from detente.verification.wording import chance, cheats
from detente.views.naming import capital
from detente.views.terminal.layout import bullets, heading, limited, sentence, table, whole
from detente.views.terminal.opening import opening
from detente.views.terminal.turning import flip_blocks
from detente.views.verification import (
    SIGNS,
    Party,
    after_text,
    budget_text,
    cheat_text,
    chosen_text,
    cost_text,
    dash_text,
    deterred_text,
    found_text,
    leaves,
    left_text,
    measures_text,
    needed_text,
    package_text,
    requirements,
    signer_name,
    tempted,
    time_text,
    verdict_text,
)

ROWS = 40
"""Most rows of a table and lines of a list; the rest is counted, and files have all."""
OTHERS = 4
"""Most runner-up sets."""
CHANGE = 0.1
"""Smaller changes of a margin are told only where its sign changes."""


def verify_blocks(result: VerifyResult) -> list[RenderableType]:
    """The verdict, then party by party what could be hidden, then what would see it."""
    taken = say("terminal.verify.taken", package=package_text(result))
    blocks = [*opening(result.case), sentence(taken), sentence(verdict_text(result), "bold")]
    blocks.append(bullets(result.reasons))
    for part in tempted(result):
        blocks += _party(result, part)
    if tempted(result):
        blocks += [sentence(""), sentence(_explained(result), "dim")]
    blocks += [*_stakes(result), *_measures(result), *_visits(result), *_restoring(result)]
    return [*blocks, *flip_blocks(result), *_remarks(result)]


def _explained(result: VerifyResult) -> str:
    """What the columns of the ways to cheat mean."""
    valued = any(isinstance(part, Incentives) for part in tempted(result))
    key = "explained" if valued else "explained_seen"
    text = say(f"terminal.verify.{key}", period=result.period)
    generated = any(entry.generated for part in tempted(result) for entry in part.temptations)
    return f"{text}\n{say('terminal.verify.generated')}" if generated else text


def _party(result: VerifyResult, part: Party) -> Iterator[RenderableType]:
    """The ways to cheat of one party, alone and at once."""
    key = "unvalued" if isinstance(part, Unvalued) else "party"
    yield heading(say(f"terminal.verify.{key}", party=signer_name(result.case, part.party)))
    yield _temptations(result, part)
    if isinstance(part, Unvalued):
        yield sentence(say(f"terminal.verify.needs_{part.needs}"))
    elif len(part.temptations) > 1:
        yield sentence(_together(result, part))


def _temptations(result: VerifyResult, part: Party) -> RenderableType:
    shown = part.temptations[:ROWS]
    rows = [_row(result, entry) for entry in shown]
    keys = ["way", "gain", "found", "needed", "after"]
    if isinstance(part, Unvalued):
        rows = [[row[0], row[2], row[4]] for row in rows]
        keys = ["way", "found", "after"]
    headers = [say(f"terminal.verify.{key}") for key in keys]
    if isinstance(part, Incentives):
        headers.append("")
    if rest := len(part.temptations) - len(shown):
        more = say("terminal.more", count=f"{rest:,}", where="--out FILE.csv")
        rows.append([more, *[""] * (len(headers) - 1)])
    last = len(keys) - 1
    return table(headers, rows, numbers=range(1, last), unbroken=range(1, len(headers)))


def _row(result: VerifyResult, entry: Temptation) -> list[str]:
    name = cheat_text(result.case, entry) + (" *" if entry.generated else "")
    lines = [name, dash_text(entry, result.period)]
    return [
        "\n".join(line for line in lines if line),
        "–" if entry.gain is None else number(entry.gain),
        found_text(result, entry),
        needed_text(entry),
        after_text(entry, result.period),
        f"{SIGNS[entry.deterred]} {deterred_text(entry)}",
    ]


def _together(result: VerifyResult, part: Incentives) -> str:
    """The worst that a party could do at once, and what would deter all of it."""
    period, least = result.period, part.critical_detection_jointly
    key = "jointly_none" if least is None else "jointly"
    needs = say(f"terminal.verify.{key}", chance=chance(least or 0), period=period)
    if part.margin is None or len(part.worst) < 2:
        return needs
    key = "costs" if part.margin > 0 else "gains_by"
    if number(part.margin) == "0":
        key = "costs_nothing"
    verdict = say(f"terminal.verify.{key}", points=abs(part.margin), period=period)
    what = cheats(result.case, part.worst)
    return f"{say('terminal.verify.together', what=what, verdict=verdict)} {needs}"


def _stakes(result: VerifyResult) -> Iterator[RenderableType]:
    """What each party has as long as all comply, and what once it is found or has left."""
    if not result.parties:
        return
    for_good = result.punishment is None
    rows = []
    for party, part in result.parties.items():
        left = number(part.worth - part.leave)
        key = "would_leave" if leaves(part) else "stays"
        rows.append(
            [
                signer_name(result.case, party),
                number(part.comply),
                number(part.worth),
                *([] if for_good else [number(part.punished)]),
                left,
                f"{SIGNS[not leaves(part)]} {say(f'terminal.verify.{key}')}",
            ]
        )
    keys = ["kept", "with_alarms", *(["found_or_left"] if for_good else ["once_found", "left"])]
    headers = [say("brief.party"), *(say(f"terminal.verify.{key}") for key in keys), ""]
    yield heading(say("terminal.verify.stakes", period=result.period))
    last = len(headers) - 1
    yield table(headers, rows, numbers=range(1, last), unbroken=[*whole(rows, 38), last])
    if result.measures:
        key = "alarm_rate" if result.false_alarm else "alarm_none"
        slots = {"chance": chance(result.false_alarm), "period": result.period}
        yield sentence(say(f"terminal.verify.{key}", **slots))


def _measures(result: VerifyResult) -> Iterator[RenderableType]:
    """The cheapest set, what it leaves open, its runners-up, what each measure buys."""
    case, choice = result.case, result.choice
    if not result.measures and not choice.refused:
        return
    yield heading(say("terminal.verify.measures"))
    yield sentence(f"{chosen_text(result)} {budget_text(result)}".strip())
    if left := left_text(result):
        yield bullets(left, "!")
    if choice.alternatives:
        same = not choice.stays_tempting
        yield heading(say(f"terminal.verify.{'others' if same else 'others_stay'}"))
        told = [_other(result, entry) for entry in choice.alternatives]
        yield bullets(limited(told, OTHERS, "--json"))
    if choice.effects:
        yield heading(say("terminal.verify.effects"))
        yield _effects(result)
        yield sentence(say("terminal.verify.effects_note", period=result.period), "dim")
    notes = [
        say("terminal.verify.refused", measure=case.measure_name(name), requires=text)
        for name, text in requirements(case, choice).items()
    ]
    if choice.without_cost and not choice.counted:
        names = measures_text(case, choice.without_cost)
        count = len(choice.without_cost)
        notes.append(say("terminal.verify.without_cost", measures=names, count=count))
    if notes:
        yield bullets(notes)


def _other(result: VerifyResult, entry: MeasureSet) -> str:
    return say(
        "terminal.verify.other",
        measures=measures_text(result.case, entry.measures),
        cost=cost_text(result.choice, entry, result.period),
        chance=chance(entry.false_alarm),
    )


def _effects(result: VerifyResult) -> RenderableType:
    rows = [
        [
            ("✓ " if effect.chosen else "  ") + result.case.measure_name(effect.measure),
            "–" if effect.cost is None else number(effect.cost),
            chance(effect.false_alarm),
            "\n".join(_buys(result, effect)),
        ]
        for effect in result.choice.effects
    ]
    headers = [say(f"terminal.verify.{key}") for key in ("measure", "cost", "false_alarm", "buys")]
    return table(headers, rows, numbers=(1, 2), unbroken=whole(rows, 36))


def _buys(result: VerifyResult, effect: Effect) -> list[str]:
    """Per party whose least margin a measure changes, from what to what."""
    if not effect.useful:
        return [say("terminal.verify.sees_nothing")]
    found = []
    for party, before in effect.without.items():
        after = effect.with_it[party]
        if abs(after - before) >= CHANGE or (before < 0) != (after < 0):
            slots = {
                "party": result.case.party_name(party),
                "without": number(before, signed=True),
                "with_it": number(after, signed=True),
            }
            found.append(say("terminal.verify.buy", **slots))
    return found or [say("terminal.verify.buys_nothing")]


def _visits(result: VerifyResult) -> Iterator[RenderableType]:
    """Plans of shared inspectors: how often to look where."""
    if not result.visits:
        return
    yield heading(say("terminal.verify.visits", period=result.period))
    for plan in result.visits:
        party = result.case.party_name(plan.party)
        if plan.rotation is None and plan.independent is None:
            yield sentence(say("terminal.verify.no_plan", party=party))
            continue
        yield _plan(result, plan, say("terminal.verify.visits_of", party=party))
        if plan.within is not None and plan.available is not None:
            yield sentence(_within(result, plan, plan.within))
        elif plan.available is not None:
            slots = {"available": number(plan.available), "period": result.period}
            yield sentence(say("terminal.verify.enough", **slots))


def _plan(result: VerifyResult, plan: Visits, corner: str) -> RenderableType:
    plans: dict[str, tuple[Mapping[str, float], float | None]] = {}
    if plan.rotation is not None:
        plans["rotation"] = (plan.rotation, plan.rotation_total)
    if plan.independent is not None:
        plans["independent"] = (plan.independent, plan.independent_total)
    names = dict.fromkeys(name for visits, _ in plans.values() for name in visits)
    rows = [
        [result.case.violation_name(name), *(number(v.get(name, 0.0)) for v, _ in plans.values())]
        for name in names
    ]
    totals = [number(total) if total is not None else "" for _, total in plans.values()]
    rows.append([capital(say("terminal.verify.total")), *totals])
    headers = [corner, *(say(f"terminal.verify.{key}") for key in plans)]
    return table(headers, rows, numbers=range(1, len(headers)), unbroken=whole(rows))


def _within(result: VerifyResult, plan: Visits, visits: Mapping[str, float]) -> str:
    told = (
        say(
            "terminal.verify.within_one",
            what=result.case.violation_name(name),
            chance=number(value),
        )
        for name, value in visits.items()
    )
    return say(
        "terminal.verify.within",
        available=plan.available,
        period=result.period,
        plan=", ".join(told),
        margin=number(plan.within_margin or 0.0, signed=True),
    )


def _restoring(result: VerifyResult) -> Iterator[RenderableType]:
    """Who would want back what falls back after a collapse; weak threats first."""
    groups: dict[bool | None, list[str]] = {False: [], None: [], True: []}
    for entry in result.restoring:
        time = time_text(entry.after, result.period) if entry.after else ""
        gains = (
            say(
                "terminal.verify.gains",
                party=result.case.party_name(party),
                gain=number(gain, signed=True),
            )
            for party, gain in entry.by.items()
        )
        slots = {
            "issue": result.case.issue_name(entry.issue),
            "after": say(f"terminal.verify.{'after_time' if time else 'at_once'}", time=time),
            "parties": ", ".join(gains),
        }
        key = "restored" if entry.credible else "falls_back"
        groups[entry.credible].append(say(f"terminal.verify.{key}", **slots))
    if not result.restoring:
        return
    yield heading(say("terminal.verify.restoring"))
    for credible, key in ((False, "restore_weak"), (None, "restore_unknown")):
        if groups[credible]:
            yield bullets([say(f"terminal.verify.{key}", issues=listed(groups[credible]))], "!")
    if groups[True]:
        yield sentence(say("terminal.verify.restore_note", period=result.period))
        yield bullets(limited(groups[True], ROWS, "--json"))


def _remarks(result: VerifyResult) -> Iterable[RenderableType]:
    """What is missing on weapons, and everything else that a reader should know."""
    told = [
        say(
            "terminal.verify.weapons",
            party=result.case.party_name(party),
            what=result.case.violation_name(name),
        )
        for party, name in dict.fromkeys(result.weapons_unjudged)
    ]
    told += result.remarks
    if told:
        yield heading(say("terminal.verify.remarks"))
        yield bullets(limited(told, ROWS, "--json"))
