"""Random small texts against the definitions, enumerated without the code."""

from __future__ import annotations

import copy
import itertools
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

import detente
from detente.commitments.answer import Task
from detente.commitments.contradictions import Contradiction, contradictions
from detente.commitments.power import missing_owners
from detente.commitments.text import NegotiatedText, read_text
from detente.commitments.timetable import broken_rules
from texts import Text, texts
from texts_by_definition import Reading


def runs(examples: int) -> Callable[[Any], Any]:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, suppress_health_check=slow)


def opened(drawn: Text) -> tuple[NegotiatedText, Reading]:
    case = detente.load(drawn.case)
    return read_text(case, "text", case.as_of), Reading(drawn)


@given(texts())
@runs(80)
def test_what_clauses_promise(drawn: Text) -> None:
    text, reading = opened(drawn)
    for id, promised in text.promises.items():
        assert promised.holds == reading.holds(id)
        assert set(promised.ties) == reading.ties(id)
        assert set(promised.covers) == reading.covers(id)
        for issue in promised.ties:
            assert promised.breaking is not None
            assert set(promised.breaking[issue]) == reading.breaking(id, issue)
    result = detente.draft(text.case)
    covered = {issue for id in reading.clauses for issue in reading.covers(id)}
    assert {gap.issue for gap in result.uncovered} == {
        issue
        for issue, option in reading.outcome.items()
        if issue not in covered and (reading.today or {}).get(issue) != option
    }


@given(texts())
@runs(80)
def test_who_would_see_a_breach(drawn: Text) -> None:
    text, reading = opened(drawn)
    for id, found in text.sights.items():
        assert list(found.refused) == reading.refused(id)
        assert set(found.unseen) == reading.unseen(id)
        assert set(found.hidden) == reading.hidden(id)


@given(texts())
@runs(80)
def test_who_can_bring_it_about(drawn: Text) -> None:
    text, reading = opened(drawn)
    for issue, options in reading.options.items():
        for option, count in itertools.product(options, (1, 2, 3)):
            for who in itertools.combinations(reading.case["parties"], count):
                missing = missing_owners(text.case, issue, option, who)
                assert set(missing) == reading.missing(issue, option, list(who))
                assert not missing_owners(text.case, issue, option, (*who, *missing))
    found = Counter(f.id for f in detente.draft(text.case).findings if "mandate" in f.kind)
    assert found == Counter(
        {id: len(found) for id in reading.clauses if (found := reading.beyond(id))}
    )


@given(texts())
@runs(80)
def test_the_order_and_its_cycles(drawn: Text) -> None:
    text, reading = opened(drawn)
    for id in reading.clauses:
        assert text.order.places[id] == reading.place(id)
        assert {*text.order.chosen(text.order.later[id])} == {
            other for other in reading.clauses if reading.later(id, other)
        }
    knots = {}  # each clause on a cycle, with those that wait for it and for which it waits
    for one, other in itertools.product(reading.clauses, repeat=2):
        if {(one, other), (other, one)} <= reading.follows:
            knots.setdefault(one, set()).add(other)
    assert {frozenset(knots[cycle[0]]) for cycle in text.order.cycles} == {
        frozenset(knot) for knot in knots.values()
    }
    assert len(text.order.cycles) == len({frozenset(knot) for knot in knots.values()})
    for cycle in text.order.cycles:
        assert len(set(cycle)) == len(cycle)
        assert cycle[0] == next(id for id in reading.clauses if id in knots[cycle[0]])
        for one, then in itertools.pairwise((*cycle, cycle[0])):
            assert one in reading.after(then)
        assert len(cycle) == _shortest(cycle[0], knots[cycle[0]], reading)
    stages = detente.draft(text.case).sequence
    assert sorted(id for stage in stages for id in stage.ids) == sorted(reading.clauses)
    position = {id: place for place, stage in enumerate(stages) for id in stage.ids}
    for one, other in itertools.permutations(reading.clauses, 2):
        a, b = reading.place(one), reading.place(other)
        if a is not None and b is not None and a < b:
            assert position[one] < position[other]
        loose = b is None and not reading.after(one)  # what nothing puts in order is listed last
        if a == b and one in reading.after(other) and not reading.knotted(other) and not loose:
            assert position[one] < position[other]


def _shortest(start: str, knot: set[str], reading: Reading) -> int:
    for length in range(1, len(knot) + 1):
        for rest in itertools.permutations(knot - {start}, length - 1):
            round = (start, *rest, start)
            if all(one in reading.after(then) for one, then in itertools.pairwise(round)):
                return length
    raise AssertionError("no round")


@given(texts())
@runs(100)
def test_contradictions_of_the_order(drawn: Text) -> None:
    text, reading = opened(drawn)
    found: dict[str, list[Contradiction]] = {}
    for fault in contradictions(text):
        found.setdefault(fault.kind, []).append(fault)
    assert {f.id: [*f.others] for f in found.get("dates", [])} == {
        id: late for id in reading.clauses if (late := reading.late(id))
    }
    assert {f.id: ([*f.others], f.periods) for f in found.get("takes", [])} == reading.hurried()
    assert sorted((f.id, sorted(f.others)) for f in found.get("pair", [])) == sorted(
        (id, sorted(others)) for id, others in reading.turned()
    )
    assert {f.id: {*f.others} for f in found.get("irreversible", [])} == reading.unreturned()


@given(texts())
@runs(150)
def test_rules_broken_on_the_way(drawn: Text) -> None:
    text, reading = opened(drawn)
    expected = reading.broken()
    found = list(broken_rules(text))
    assert {entry.rule: text.order.places[entry.id] for entry in found} == expected
    assert len(found) == len(expected)
    for entry in found:
        read = reading.words(" ".join(drawn.case["rules"][entry.rule].values()))
        assert reading.today is not None
        moved = {i for i in reading.ties(entry.id) if reading.today[i] != reading.outcome[i]}
        assert moved & read
        waiting = {
            issue
            for issue in read
            if reading.allowed(issue, expected[entry.rule]) == {reading.today[issue]}
            and reading.today[issue] != reading.outcome[issue]
        }
        assert waiting  # otherwise the rule could be kept
        assert {*entry.waits_for} == {id for id in reading.clauses if reading.covers(id) & waiting}
        for id in entry.waits_for:
            place = reading.place(id)
            assert place is not None and place > expected[entry.rule]


@given(texts())
@runs(100)
def test_findings_levels_and_the_smallest_mandate(drawn: Text) -> None:
    text, reading = opened(drawn)
    result = detente.draft(text.case)
    by_clause = {id: [f for f in result.findings if f.id == id] for id in reading.clauses}
    for id, entry in reading.clauses.items():
        kinds = Counter(f.kind for f in by_clause[id])
        barring = {f.kind for f in by_clause[id] if f.bars}
        dated, triggered = "by" in entry, bool(reading.after(id))
        assert kinds["undated"] == (not dated)
        assert kinds["no trigger"] == (not dated and not triggered)
        assert ("undated" in barring) == ("no trigger" in barring) == (not dated and not triggered)
        assert kinds["undefined"] == [*entry["terms"].values()].count("open")
        assert kinds["bracketed"] == ("brackets" in entry)
        assert kinds["outside the outcome"] == (not reading.holds(id))
        assert kinds["unchecked"] == _unchecked(id, reading)
        assert ("unchecked" in barring) == reading.unchecked(id)
        assert "no consequence" not in kinds
        level = "leader" if reading.feasible() else "working"
        if barring and reading.feasible():
            level = "technical" if barring == {"unchecked"} else "working"
        if entry.get("level") in ("working", "technical"):
            level = entry["level"]
        assert next(c.level for c in result.clauses if c.commitment.id == id) == level
    _smallest(result, reading)


def _unchecked(id: str, reading: Reading) -> int:
    if not reading.named(id):
        return 1
    return len(reading.refused(id)) + bool(reading.unseen(id))


def _smallest(result: detente.DraftResult, reading: Reading) -> None:
    barring = {(found.id, found.kind) for found in result.findings if found.bars}
    assert {entry for task in result.mandate for entry in task.clears} == barring
    checks = [task for task in result.mandate if ("unchecked" in {k for _, k in task.clears})]
    blind = [id for id, kind in sorted(barring) if kind == "unchecked"]
    help = {m: {id for id in blind if reading.would_check(m, id)} for m in reading.measures}
    helped = set().union(*help.values()) if help else set()
    fewest = min(
        (sum(not reading.granted(measure) for measure in chosen), len(chosen))
        for count in range(len(help) + 1)
        for chosen in itertools.combinations(help, count)
        if set().union(*(help[measure] for measure in chosen)) == helped
    )
    lost = [id for id in blind if id not in helped]
    granted = [task for task in checks if task.what.startswith("agree that")]
    assert (len(granted), len(checks) - len(lost)) == fewest
    for task in checks:
        if task.what.startswith("find"):
            ((id, _),) = task.clears
            assert id in lost
        else:
            measure = re.findall("(?:so that|let) “(.*?)” (?:can )?check", task.what)[0]
            assert reading.granted(measure) == task.what.startswith("let")
            assert {id for id, _ in task.clears} == help[measure]
    one_by_one = {"bracketed", "undated", "beyond the mandate", "outside the outcome", "order"}
    undefined = {id for id, kind in barring if kind == "undefined"}
    terms = {
        term
        for id in undefined
        for term, meaning in reading.clauses[id]["terms"].items()
        if meaning == "open"
    }
    singles = [entry for entry in barring if entry[1] in one_by_one]
    rules = [task for task in result.mandate if not task.clears]
    assert len(rules) == len(result.broken_rules) == reading.rules_broken()
    assert len(result.mandate) == len(checks) + len(terms) + len(singles) + len(rules)
    level = {clause.commitment.id: clause.level for clause in result.clauses}
    for task in result.mandate:
        if task in rules:
            assert task.level == "working"
        elif task not in checks:
            theirs = {level[id] for id, _ in task.clears} == {"technical"}
            assert task.level == ("technical" if theirs else "working")
        else:
            assert task.level == ("working" if task in granted else "technical")


# --- tasks, carried out in the text ------------------------------------------------------------


def carried_out(case: dict[str, Any], task: Task) -> bool:
    """Change the text as a task says; False where the task leaves open how."""
    entries = {c["id"]: c for c in case["packages"]["text"]["commitments"]}
    ids = dict.fromkeys(id for id, _ in task.clears)
    if task.what.startswith("define"):
        (term,) = re.findall("“(.*)”", task.what)
        for id in ids:
            assert entries[id]["terms"][term] == "open"
            entries[id]["terms"][term] = "what it means"
    elif task.what.startswith("agree on one wording"):
        for id in ids:
            del entries[id]["brackets"]
    elif task.what.startswith("give"):
        for id in ids:
            entries[id]["by"] = 3
    elif task.what.startswith("let"):
        (measure,) = re.findall("“(.*)”", task.what)
        for id in ids:
            entries[id]["checked_by"] = [*entries[id].get("checked_by", []), measure]
    else:
        return False
    return True


def barring(case: dict[str, Any]) -> Counter[tuple[str, str]]:
    found = detente.draft(detente.load(case)).findings
    return Counter((finding.id, finding.kind) for finding in found if finding.bars)


@given(texts())
@runs(40)
def test_a_task_clears_what_it_says(drawn: Text) -> None:
    before, tasks = barring(drawn.case), detente.draft(detente.load(drawn.case)).mandate
    together = copy.deepcopy(drawn.case)
    settled, left = Counter[tuple[str, str]](), set[tuple[str, str]]()
    for task in tasks:
        alone = copy.deepcopy(drawn.case)
        if not carried_out(alone, task):
            left |= {*task.clears}
            continue
        carried_out(together, task)
        after = barring(alone)
        for entry in task.clears:
            several = before[entry] if entry[1] != "undefined" else 1  # the others stay open
            assert after[entry] == before[entry] - several
            settled[entry] += 1
    for entry in barring(together):
        # a date may set one clause before another; nothing else appears that was not there
        assert entry in left or entry[1] == "order"
    assert not {entry for entry in settled if entry not in left} & {*barring(together)}


@given(texts())
@runs(40)
def test_to_join_is_to_bind_those_who_are_missing(drawn: Text) -> None:
    reading, joined = Reading(drawn), copy.deepcopy(drawn.case)
    for entry in joined["packages"]["text"]["commitments"]:
        missing = set().union(*reading.beyond(entry["id"]).values())
        entry["who"] = [*entry["who"], *sorted(missing)]
    assert not {entry for entry in barring(joined) if entry[1] == "beyond the mandate"}


# --- the draws reach what they are for ---------------------------------------------------------


@pytest.mark.parametrize("kind", ["cycle", "dates", "takes", "pair", "rule", "irreversible"])
def test_random_texts_reach_every_contradiction(kind: str) -> None:
    def reaches(drawn: Text) -> bool:
        text, _ = opened(drawn)
        return any(fault.kind == kind for fault in contradictions(text))

    first = settings(max_examples=3000, phases=[Phase.generate], derandomize=True)
    assert find(texts(), reaches, settings=first) is not None
