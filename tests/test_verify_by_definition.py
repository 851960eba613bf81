"""Everything that ``verify`` says of a party, against chains and enumerations."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from cheating_cases import cheating_cases
from detente.verification.answer import Incentives, Temptation
from verify_by_definition import Cheat, Terms, Watched, chain, discount_of, race, simulated

TIE = 1e-9
Drawn = tuple[dict[str, Any], dict[str, str]]

quick = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def near(answer: float | None, expected: Any) -> bool:
    if answer is None or expected is None:
        return answer is expected
    return abs(answer - float(expected)) <= 1e-8 * max(1, abs(float(expected)))


def both(drawn: Drawn, **options: Any) -> Iterator[tuple[Incentives, Watched, str, list[str]]]:
    """Per party the answer, and what the definitions are asked with all measures in force."""
    case = detente.load(drawn[0])
    watched = Watched(case, drawn[1], **options)
    answer = detente.verify(case, drawn[1])
    assert set(answer.parties) == set(watched.after)
    assert list(answer.measures) == list(watched.measures)
    for party, entry in answer.parties.items():
        yield entry, watched, party, list(watched.measures)


# ------------------------------------------------------------------ the definitions themselves

chances = st.sampled_from([0.0, 0.05, 0.2, 0.5, 0.9, 1.0])
flows = st.integers(-20, 40).map(float)


@settings(max_examples=60, deadline=None)
@given(flows, flows, flows, st.sampled_from([0.3, 0.75, 0.9]), chances, chances, st.integers(0, 3))
def test_forwards_and_backwards_agree(  # noqa: PLR0917
    flow: float, nobody: float, own: float, delta: float, d: float, false: float, lag: int
) -> None:
    path = Terms(flow, nobody, own, delta, lag)
    assert chain(path, d, false) == pytest.approx(simulated(path, d, false), abs=1e-9)


def test_a_chain_by_hand() -> None:
    half = Fraction(1, 2)
    path = Terms(Fraction(8), Fraction(2), Fraction(0), half, 0)
    assert chain(path, Fraction(0), Fraction(0)) == 8
    # Found for certain after the first period: half of 8, then nothing.
    assert chain(path, Fraction(1), Fraction(0)) == 4
    # By a false alarm: V = 4 + (2 + V) / 4.
    assert chain(path, Fraction(0), half) == 6
    # One period later: half the time the last result, not yet out, is already false.
    late = Terms(Fraction(8), Fraction(2), Fraction(0), half, 1)
    assert chain(late, Fraction(1), Fraction(0)) == 6
    assert chain(late, Fraction(1), half) == half * (4 + 1) + half * 6
    dash = Terms(Fraction(8), Fraction(2), Fraction(0), half, 0, 2, Fraction(20))
    assert race(dash, Fraction(0), Fraction(0)) == 4 + 2 + 5
    assert race(dash, half, Fraction(0)) == 4 + half * half * (4 + half * half * 20)


# ------------------------------------------------------------------ margins


@quick
@given(cheating_cases())
def test_margins(drawn: Drawn) -> None:
    for entry, watched, party, used in both(drawn):
        after = watched.after[party]
        assert near(entry.comply, after.value(drawn[1]))
        assert near(entry.worth, watched.honesty(party, watched.false_alarm(used)))
        assert near(entry.leave, watched.leave(party, used))
        assert near(entry.discount, discount_of(watched.case, party))
        margins = watched.margins(party, used)
        assert near(entry.margin, min(margins) if margins else None)
        assert entry.sets == sum(not cheat.takes for cheat in watched.cheats[party])
        worst = [
            c.names
            for c, m in zip(watched.cheats[party], margins, strict=True)
            if m <= min(margins) + Fraction(1, 10**8)
        ]
        assert entry.worst in worst if margins else entry.worst == ()


@pytest.mark.parametrize(("takes", "lag"), [(t, n) for t in (1, 2, 5) for n in (0, 1, 2, 4)])
@pytest.mark.parametrize("punishment", ["forever", 3])
def test_dashes_whose_end_is_blamed(takes: int, lag: int, punishment: str | int) -> None:
    """Who breaks out is to blame, who is stopped by a false alarm is not."""
    case = detente.load(
        {
            "parties": {"north": {"discount": "0.5"}},
            "issues": {"arms": {"options": ["held", "gone"], "control": "north", "covert": False}},
            "status_quo": {"arms": "held"},
            "values": {"north": {"scores": {"arms": {"held": 4, "gone": 10}}}},
            "violations": {
                "depot": {"party": "north", "gain": 1, "breakout": {"takes": takes, "prize": 9}}
            },
            "guarantees": {"patrol": {"by": "x", "against": "north", "amount": 7}},
            "verification": {
                "period": "year",
                "lag": lag,
                "punishment": punishment,
                "measures": {"eyes": {"detects": {"depot": "0.3"}, "false_alarm": "0.2"}},
            },
        }
    )
    watched = Watched(case, {"arms": "gone"})
    (depot,) = detente.verify(case, "arms=gone").parties["north"].temptations
    trickle, dash = watched.margins("north", ["eyes"])
    assert near(depot.margin, trickle)
    assert depot.dash is not None and near(depot.dash.margin, dash)


@quick
@given(cheating_cases(lags=(0,)))
def test_a_margin_is_negative_where_the_best_response_is_to_cheat(drawn: Drawn) -> None:
    for entry, watched, party, used in both(drawn):
        tricks = [
            m
            for m, cheat in zip(watched.margins(party, used), watched.cheats[party], strict=True)
            if not cheat.takes
        ]
        honest = watched.honesty(party, watched.false_alarm(used))
        pays = watched.best_response(party, used) > honest
        assert pays == (min(tricks, default=0) < 0)
        if pays:
            assert entry.verdict != "yes"


def alone(watched: Watched, party: str, name: str) -> list[tuple[int, Cheat]]:
    return [(n, c) for n, c in enumerate(watched.cheats[party]) if c.names == (name,)]


def asked_about(entry: Temptation, watched: Watched, margins: Sequence[Any]) -> tuple[int, Cheat]:
    """The way alone that an entry is about: of one issue's options the one with least margin."""
    ways = [(n, c) for n, c in alone(watched, entry.party, entry.name) if not c.takes]
    found = next((n, c) for n, c in ways if c.ways[0][1] == entry.option)
    assert margins[found[0]] <= min(margins[n] for n, _ in ways) + Fraction(1, 10**8)
    return found


@quick
@given(cheating_cases())
def test_each_way_alone(drawn: Drawn) -> None:
    for entry, watched, party, used in both(drawn):
        margins = watched.margins(party, used)
        names = {cheat.names[0] for cheat in watched.cheats[party] if len(cheat.ways) == 1}
        assert {t.name for t in entry.temptations} == names
        for t in entry.temptations:
            n, cheat = asked_about(t, watched, margins)
            listed = watched.case.violations.get(t.name)
            assert t.generated == (listed is None)
            stands = dict(cheat.stands)
            after = watched.after[party]
            gain = after.value(stands) + after.number(cheat.gain) - after.value(drawn[1])
            stated = listed is None or listed.gain is not None
            assert near(t.gain, gain if stated else None)
            assert near(t.margin, margins[n] if stated else None)
            d, false = watched.detection(cheat, used), watched.false_alarm(used)
            assert near(t.detection, d)
            total = 1 - (1 - d) * (1 - false)
            assert near(t.expected_time, 1 / total + watched.lag if d else None)
            single = {m: watched.detection(cheat, [m]) / watched.keeps_true for m in used}
            assert set(t.seen_by) == {m for m, chance in single.items() if chance}
            assert all(near(p, single[m]) for m, p in t.seen_by.items())
            dashes = [(n, c) for n, c in alone(watched, party, t.name) if c.takes]
            assert (t.dash is None) == (not dashes)
            if t.dash is not None:
                n, cheat = dashes[0]
                assert (t.dash.takes, t.dash.prize) == (cheat.takes, cheat.prize)
                assert near(t.dash.margin, margins[n])
                useful = max(0, cheat.takes - watched.lag)
                assert t.dash.useful == useful
                assert near(t.dash.timely, 1 - (1 - d) ** useful)


# ------------------------------------------------------------------ where it flips


def deters(watched: Watched, party: str, cheat: Cheat, d: float, false: Fraction) -> bool:
    return watched.margin(party, cheat, Fraction(d), false) >= -TIE


GRID = [n / 40 for n in range(41)]


@quick
@given(cheating_cases())
def test_critical_detections(drawn: Drawn) -> None:
    for entry, watched, party, used in both(drawn, exact=False):
        margins = watched.margins(party, used)
        false = watched.false_alarm(used)
        for t in entry.temptations:
            cases = [(t.critical_detection, asked_about(t, watched, margins)[1])]
            if t.gain is None:
                assert cases.pop()[0] is None
            if t.dash is not None:
                dash = next(c for _, c in alone(watched, party, t.name) if c.takes)
                cases.append((t.dash.critical_detection, dash))
            for needed, cheat in cases:
                if needed is None or needed > 1 + 1e-12:
                    assert not any(deters(watched, party, cheat, d, false) for d in GRID)
                    continue
                assert watched.margin(party, cheat, Fraction(needed), false) >= -1e-7
                below = [d for d in (*GRID, needed - 1e-5) if 0 <= d < needed - 1e-6]
                assert not any(deters(watched, party, cheat, d, false) for d in below)


def worst_jointly(watched: Watched, party: str, each: float, false: Fraction) -> float:
    """The least margin where each part has this own detection, after the second look."""
    keeps, margins = float(watched.keeps_true), []
    for cheat in watched.cheats[party]:
        d = keeps * (1 - (1 - min(each / keeps, 1)) ** len(cheat.ways))
        margins.append(float(watched.margin(party, cheat, Fraction(d), false)))
    return min(margins)


@quick
@given(cheating_cases())
def test_joint_detection(drawn: Drawn) -> None:
    for entry, watched, party, used in both(drawn, exact=False):
        needed, false = entry.critical_detection_jointly, watched.false_alarm(used)
        if not watched.cheats[party]:
            assert needed is None
        elif needed is None:
            keeps = float(watched.keeps_true)
            assert all(worst_jointly(watched, party, x * keeps, false) < -TIE for x in GRID)
        else:
            assert worst_jointly(watched, party, needed, false) >= -1e-7
            assert needed < 1e-6 or worst_jointly(watched, party, needed - 1e-6, false) < -TIE


def least(watched: Watched, party: str, used: list[str]) -> float:
    """Of all margins, that of staying among them."""
    return float(min([watched.leave(party, used), *watched.margins(party, used)]))


def least_at_best(watched: Watched, party: str) -> float:
    """The same with perfect detection and no false alarms."""
    one, zero = Fraction(1), Fraction(0)
    margins = [watched.margin(party, cheat, one, zero) for cheat in watched.cheats[party]]
    return float(min([watched.honesty(party, zero) - watched.gone(party), *margins]))


@quick
@given(cheating_cases())
def test_guarantees(drawn: Drawn) -> None:
    for entry, watched, party, used in both(drawn, exact=False):
        for needed, at_best in ((entry.guarantee, False), (entry.guarantee_at_best, True)):
            if watched.periods is not None:
                assert needed is None
                continue
            more = [1e7] if needed is None else [needed, max(0.0, needed - 1e-4)]
            others = [Watched(watched.case, drawn[1], exact=False, more=x) for x in more]
            left = [least_at_best(w, party) if at_best else least(w, party, used) for w in others]
            if needed is None:
                assert left[0] < -1e-7
            else:
                assert left[0] >= -1e-7
                assert needed == 0 or left[1] < -TIE


@quick
@given(cheating_cases())
def test_shortest_punishment(drawn: Drawn) -> None:
    case, agreed = detente.load(drawn[0]), drawn[1]
    answer = detente.verify(case, agreed)
    tried = [Watched(case, agreed, exact=False, periods=n) for n in range(25)]
    used = list(tried[0].measures)
    for party, entry in answer.parties.items():
        found = entry.shortest_punishment
        if not tried[0].cheats[party]:
            assert found is None
            continue
        enough = [n for n, w in enumerate(tried) if min(w.margins(party, used)) >= -TIE]
        assert (enough[0] if enough else None) == (found if found in range(25) else None)
        if found is not None and found >= 25:
            longer = Watched(case, agreed, exact=False, periods=found)
            shorter = Watched(case, agreed, exact=False, periods=found - 1)
            assert min(longer.margins(party, used)) >= -TIE > min(shorter.margins(party, used))


@quick
@given(cheating_cases(most_parties=1))
def test_critical_discount(drawn: Drawn) -> None:
    for entry, watched, party, used in both(drawn, exact=False):
        if not watched.cheats[party]:
            assert entry.critical_discount is None
            continue
        now, delta = holds_with(watched, party, used, entry.discount), entry.critical_discount
        grid = [n / 128 for n in range(1, 128)]
        away = [d for d in grid if (d < entry.discount if now else d > entry.discount)]
        flipped = [d for d in away if holds_with(watched, party, used, d) != now]
        if delta is None:
            assert not flipped
            continue
        # The nearest of those multiples of 1/128, and between it and the one before it.
        nearest = max(flipped) if now else min(flipped)
        assert -1e-12 <= (delta - nearest) * (1 if now else -1) <= 1 / 128
        ends = [holds_with(watched, party, used, delta + x) for x in (-1e-9, 1e-9)]
        assert ends[0] != ends[1]


def holds_with(watched: Watched, party: str, used: list[str], delta: float) -> bool:
    other = Watched(watched.case, watched.outcome, exact=False, discount=delta)
    return least(other, party, used) >= -TIE


@quick
@given(cheating_cases())
def test_critical_false_alarm(drawn: Drawn) -> None:
    for entry, watched, party, used in both(drawn, exact=False):
        limit = entry.critical_false_alarm
        if not watched.cheats[party] or not holds_at(watched, party, used, 0):
            assert limit is None
        elif limit is None:
            assert holds_at(watched, party, used, 1 - 1e-9)
        else:
            assert limit < 1e-7 or holds_at(watched, party, used, limit - 1e-7)
            assert not holds_at(watched, party, used, limit + 1e-7)


def holds_at(watched: Watched, party: str, used: list[str], false: float) -> bool:
    """Whether everything is deterred, detection as it is, with other false alarms."""
    share = Fraction(false)
    leave = watched.honesty(party, share) - watched.gone(party)
    margins = (
        watched.margin(party, cheat, watched.detection(cheat, used), share)
        for cheat in watched.cheats[party]
    )
    return bool(min([leave, *margins]) >= -TIE)


# ------------------------------------------------------------------ verdicts


def extremes(watched: Watched, party: str) -> tuple[Fraction, Fraction]:
    """The most it can get anywhere, and the least that the others can hold it to.

    It chooses the issues that it moves alone; joint ones of its own stay at the status quo.
    """
    case, says = watched.case, watched.says
    assert case.status_quo is not None
    own, theirs = [], []
    for issue, entry in case.issues.items():
        alone = entry.control == party or bool((entry.moves or {}).get(party))
        joint = entry.control is None and entry.moves is None and entry.withdraw == "any"
        withdraws = joint and party in (entry.joint or case.signing)
        options = [case.status_quo[issue]] if withdraws else list(entry.options)
        (own if alone else theirs).append([(issue, option) for option in options])
    best = max(says.value(party, outcome) for outcome in says.outcomes())
    least = min(
        max(says.value(party, dict([*mine, *others])) for mine in itertools.product(*own))
        for others in itertools.product(*theirs)
    )
    return best, least


@quick
@given(cheating_cases())
def test_best_and_harshest(drawn: Drawn) -> None:
    for entry, watched, party, _ in both(drawn):
        best, least = extremes(watched, party)
        assert near(entry.best, best)
        after = watched.after[party]
        shift = -watched.says.gain(party, watched.case.status_quo or {})
        collapses = [after.worth(drawn[1]) - after.guarantees(drawn[1])]
        for cheat in watched.cheats[party]:
            stands = dict(cheat.stands)
            collapses.append(after.worth(stands) - after.guarantees(stands))
        assert near(entry.harshest, min(least + min(Fraction(0), shift), *collapses))


@quick
@given(cheating_cases())
def test_verdicts(drawn: Drawn) -> None:
    order = ["yes", "with verification", "with a larger stake", "no"]
    seen = []
    for entry, watched, party, used in both(drawn):
        false, cheats = watched.false_alarm(used), watched.cheats[party]
        now = [*watched.margins(party, used), watched.leave(party, used)]
        zero, one = Fraction(0), Fraction(1)
        at_best = [watched.margin(party, cheat, one, zero) for cheat in cheats]
        at_best.append(watched.honesty(party, zero) - watched.gone(party))
        holds, could = min(now) >= -TIE, min(at_best) >= -TIE
        if holds or could:
            expected = "yes" if holds else "with verification"
        else:
            possible = within_reach(watched, party, entry, [one] * len(cheats), zero)
            expected = "with a larger stake" if possible else "no"
        assert entry.verdict == expected
        d = [watched.detection(cheat, used) for cheat in cheats]
        reach = within_reach(watched, party, entry, d, false)
        later = "depends on a richer punishment" if reach else "not enforceable"
        assert entry.bracket == ("enforceable" if holds else later)
        seen.append(entry.verdict)
    if seen:
        whole = detente.verify(detente.load(drawn[0]), drawn[1]).enforceable
        assert whole == max(seen, key=order.index)


def within_reach(
    watched: Watched, party: str, entry: Incentives, d: Sequence[Fraction], false: Fraction
) -> bool:
    """F13: what a period brings is at most what being found can cost, from best to harshest.

    A dash must not beat the best even if who is found gets the harshest.
    """
    after = watched.after[party]
    best, harshest = entry.best, entry.harshest
    delta = float(after.delta)
    for cheat, own in zip(watched.cheats[party], d, strict=True):
        flow = float(after.value(dict(cheat.stands)) + after.number(cheat.gain))
        if cheat.takes:
            won = harshest + float(cheat.prize)
            path = Terms(flow, harshest, harshest, delta, watched.lag, cheat.takes, won)
            if race(path, float(own), float(false)) > best + TIE:
                return False
        else:
            gain = (1 - delta) * (flow - entry.comply)
            alarm = float(1 - (1 - own) * (1 - false) - false)
            if gain > delta ** (watched.lag + 1) * alarm * (best - harshest) + TIE:
                return False
    return True


# ------------------------------------------------------------------ credibility


@quick
@given(cheating_cases(most_parties=3))
def test_who_would_restore(drawn: Drawn) -> None:
    case, agreed = detente.load(drawn[0]), drawn[1]
    watched, answer = Watched(case, agreed), detente.verify(case, agreed)
    today = case.status_quo or {}
    expected = {}
    for issue, entry in case.issues.items():
        after = next(iter(watched.after.values()))
        times = [t for t in range(8) if after.state(agreed, t)[issue] == today[issue]]
        if agreed[issue] == today[issue] or not times:
            continue
        owners = [entry.control] if entry.control else list(entry.joint)
        fallen = after.state(agreed, times[0])
        kept = {**fallen, issue: agreed[issue]}
        gains = {p: watched.says.value(p, fallen) - watched.says.value(p, kept) for p in owners}
        expected[issue] = times[0], gains
    found = {r.issue: r for r in answer.restoring}
    assert set(found) == set(expected)
    for issue, (time, gains) in expected.items():
        assert found[issue].after == time
        assert {p: pytest.approx(float(g)) for p, g in gains.items()} == dict(found[issue].by)
        assert found[issue].credible == any(g > 0 for g in gains.values())
    # Each falls to the owner that gains most by it; per owner the worst of those.
    falls: dict[str, list[float]] = {}
    for _, gains in expected.values():
        party = max(gains, key=lambda p: gains[p])
        falls.setdefault(party, []).append(float(gains[party]))
    assert {p: pytest.approx(min(g)) for p, g in falls.items()} == dict(answer.punishers)


def test_the_oracle_sees_every_part_of_the_format() -> None:
    """A case by hand: options that detections name, an unseen demand, a second look."""
    case = detente.load(
        {
            "parties": {"north": {"discount": "0.5"}},
            "issues": {"arms": {"options": ["held", "stored", "gone"], "control": "north"}},
            "status_quo": {"arms": "held"},
            "values": {"north": {"scores": {"arms": {"held": 6, "stored": 4, "gone": 9}}}},
            "verification": {
                "period": "year",
                "second_look": {"keeps_true": "0.5", "keeps_false": "0.1"},
                "measures": {
                    "eyes": {"detects": {"arms": {"held": "0.6"}}, "false_alarm": "0.1"},
                    "ears": {"detects": {"arms": "0.5"}, "requires": "arms == gone"},
                },
            },
        }
    )
    watched = Watched(case, {"arms": "gone"})
    held, stored = watched.cheats["north"]
    assert (held.names, stored.names) == (("arms",), ("arms",))
    # Ears need the arms to be gone: under this cheat they are not there.
    assert watched.detection(held, ["eyes", "ears"]) == Fraction(3, 10)
    assert watched.detection(stored, ["eyes", "ears"]) == 0
    assert watched.false_alarm(["eyes"]) == Fraction(1, 100)
    entry = detente.verify(case, "arms=gone").parties["north"]
    assert entry.temptations[0].option == "held"  # six a period instead of nine; stored, four
    assert math.isclose(entry.margin or 0, float(min(watched.margins("north", ["eyes", "ears"]))))


# ------------------------------------------------------------------ shared inspectors


def lookers(watched: Watched, cheat: Cheat, used: Sequence[str]) -> list[tuple[str, Fraction]]:
    """Per part of a cheat the chance that inspectors who look there find it."""
    out = []
    for way in cheat.ways:
        one = Cheat((way,), cheat.stands, Fraction(0))
        out.append((way[0], watched.detection(one, used) / watched.keeps_true))
    return out


@quick
@given(cheating_cases(most_measures=3, breakouts=False))
def test_plans_of_visits_deter(drawn: Drawn) -> None:
    plans_deter(detente.load(drawn[0]), drawn[1])


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_plans_of_visits_by_who_must_be_let_in(random: Any) -> None:
    """Inspectors who are not let in see nothing else either."""
    both_kept = -random.randint(8, 20)
    team = {"arms": random.choice([0.3, 0.6, 0.9]), "access": 0.9, "depot": 0.6}
    eyes = {"arms": 0.1, "access": random.choice([0.2, 0.5, 0.9]), "depot": 0.3}
    options = {"options": ["held", "gone"], "control": "north", "covert": True}
    scores = {"held": random.randint(8, 14), "gone": 7}, {"held": random.randint(1, 6), "gone": 0}
    case = {
        "parties": {"north": {"discount": "0.9"}},
        "issues": {"arms": options, "access": options},
        "status_quo": {"arms": "held", "access": "held"},
        "values": {
            "north": {
                "scores": {"arms": scores[0], "access": scores[1]},
                "adjustments": [{"when": "arms == held and access == held", "add": both_kept}],
            }
        },
        "violations": {"depot": {"party": "north", "gain": 2}},
        "verification": {
            "period": "year",
            "measures": {
                "team": {"detects": team, "requires": "access == gone"},
                "eyes": {"detects": eyes},
            },
        },
    }
    plans_deter(detente.load(case), {"arms": "gone", "access": "gone"})


def plans_deter(case: detente.Case, agreed: dict[str, str]) -> None:
    answer = detente.verify(case, agreed)
    watched = Watched(case, agreed, exact=False)
    chosen = answer.choice.chosen
    used = list(chosen.measures if chosen is not None else answer.measures)
    false = watched.false_alarm(used)
    for plan in answer.visits:
        for visits, one_at_a_time in ((plan.rotation, True), (plan.independent, False)):
            if visits is None or (one_at_a_time and sum(visits.values()) > 1):
                continue  # rotations of more than one visit a period overlap somehow
            assert all(0 <= x <= 1 + 1e-9 for x in visits.values())
            for cheat in watched.cheats[plan.party]:
                found = [Fraction(visits.get(n, 0)) * q for n, q in lookers(watched, cheat, used)]
                unseen = 1 - sum(found) if one_at_a_time else math.prod(1 - x for x in found)
                d = watched.keeps_true * (1 - unseen)
                assert watched.margin(plan.party, cheat, d, false) >= -1e-7
