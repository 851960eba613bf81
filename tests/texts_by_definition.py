"""What the definitions say of a drawn text, spelled out by enumeration and without the code."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from texts import SIGNED, Place, Text


class Reading:
    """What the definitions say of a drawn text."""

    def __init__(self, text: Text) -> None:
        self.text, self.case = text, text.case
        package = text.case["packages"]["text"]
        self.outcome: dict[str, str] = package["outcome"]
        self.before: list[list[str]] = package["before"]
        self.clauses: dict[str, dict[str, Any]] = {c["id"]: c for c in package["commitments"]}
        self.options = {name: entry["options"] for name, entry in self.case["issues"].items()}
        self.today: dict[str, str] | None = self.case.get("status_quo")
        self.measures = self.case["verification"]["measures"]
        self.violations = self.case["violations"]

    def words(self, expression: str) -> set[str]:
        """The issues that an expression names (options are never called as issues are)."""
        return set(re.findall(r"\w+", expression)) & set(self.options)

    # promises

    def breaking(self, id: str, issue: str) -> set[str]:
        does = self.text.does.get(id, lambda _: True)
        return {o for o in self.options[issue] if not does({**self.outcome, issue: o})}

    def holds(self, id: str) -> bool:
        return self.text.does.get(id, lambda _: True)(self.outcome)

    def ties(self, id: str) -> set[str]:
        if not self.holds(id):
            return self.words(self.clauses[id]["does"])
        return {issue for issue in self.options if self.breaking(id, issue)}

    def short(self, issue: str) -> set[str]:
        """Where an issue has not come as far as in the outcome."""
        words, target = self.options[issue], self.options[issue].index(self.outcome[issue])
        if self.today is None:
            return set(words[:target])
        start = words.index(self.today[issue])
        return set(words[start:target] if start < target else words[target + 1 : start + 1])

    def covers(self, id: str) -> set[str]:
        def all_others(issue: str) -> set[str]:
            return set(self.options[issue]) - {self.outcome[issue]}

        return {
            issue
            for issue in (self.ties(id) if self.holds(id) else ())
            if (self.short(issue) or all_others(issue)) <= self.breaking(id, issue)
        }

    # power

    def missing(self, issue: str, option: str, who: list[str]) -> set[str]:
        entry, stays = self.case["issues"][issue], (self.today or {}).get(issue) == option
        if "control" in entry:
            return {entry["control"]} - set(who)
        if "moves" in entry:
            movers = entry["moves"]
            if stays:
                return {p for p in movers if any(a == option for a, _ in movers[p])} - set(who)
            arcs = {(a, b) for party in movers if party in who for a, b in movers[party]}
            for _ in self.options[issue]:
                arcs |= {(a, d) for (a, b), (c, d) in itertools.product(arcs, arcs) if b == c}
            starts = [self.today[issue]] if self.today else self.options[issue]
            reached = any((start, option) in arcs for start in starts)
            return set() if reached else set(movers) - set(who)
        owners = set(entry.get("joint", ["north", "south"]))
        return set() if stays and owners & set(who) else owners - set(who)

    def beyond(self, id: str) -> dict[str, set[str]]:
        """Per issue, who is missing at every option that would do."""
        found = {}
        for issue in self.ties(id):
            would = set(self.options[issue]) - self.breaking(id, issue)
            would = {self.outcome[issue]} if self.holds(id) else would
            missing = [self.missing(issue, o, self.clauses[id]["who"]) for o in would]
            if missing and all(missing):
                found[issue] = set().union(*missing)
        return found

    # sight

    def granted(self, measure: str) -> bool:
        """Whether a measure works in the outcome (or a violation is possible in it)."""
        return self.text.requires.get(measure, lambda _: True)(self.outcome)

    def sees(self, measure: str, id: str, issue: str) -> bool:
        entry = self.measures[measure]
        detects = entry.get("detects", {})
        if not detects or issue in self.words(entry.get("requires", "")):
            return True
        chances = detects.get(issue, {})
        for option in self.breaking(id, issue):
            chance = chances if isinstance(chances, str) else chances.get(option, "0")
            if float(chance) > 0:
                return True
        return any(
            float(detects.get(name, 0)) > 0
            and violation["party"] in self.clauses[id]["who"]
            and self.granted(name)
            and ("when" not in violation or issue in self.words(violation["when"]))
            for name, violation in self.violations.items()
        )

    def can_hide(self, id: str, issue: str) -> bool:
        covert = self.case["issues"][issue].get(
            "covert", any(issue in m.get("detects", {}) for m in self.measures.values())
        )
        return covert or any(
            v["party"] in self.clauses[id]["who"]
            and self.granted(name)
            and issue in self.words(v.get("when", ""))
            for name, v in self.violations.items()
        )

    def named(self, id: str) -> list[str]:
        return list(self.clauses[id].get("checked_by", []))

    def refused(self, id: str) -> list[str]:
        return [measure for measure in self.named(id) if not self.granted(measure)]

    def unseen(self, id: str) -> set[str]:
        named = self.named(id)
        return {i for i in self.ties(id) if not any(self.sees(m, id, i) for m in named)}

    def hidden(self, id: str) -> set[str]:
        working = [measure for measure in self.named(id) if self.granted(measure)]
        return {
            issue
            for issue in self.ties(id)
            if self.can_hide(id, issue) and not any(self.sees(m, id, issue) for m in working)
        }

    def unchecked(self, id: str) -> bool:
        """Whether the check that is missing bars signature."""
        if not self.ties(id):
            return all(not self.granted(measure) for measure in self.named(id))
        return bool(self.hidden(id))

    def would_check(self, measure: str, id: str) -> bool:
        if not self.hidden(id) or not self.measures[measure].get("detects"):
            return measure in self.named(id)
        return all(self.sees(measure, id, issue) for issue in self.hidden(id))

    # order

    def after(self, id: str) -> list[str]:
        return list(self.clauses[id].get("after", []))

    @cached_property
    def follows(self) -> set[tuple[str, str]]:
        """Pairs (one, other) of which the other directly or indirectly waits for the one."""
        pairs = {(trigger, id) for id in self.clauses for trigger in self.after(id)}
        for _ in self.clauses:
            pairs |= {(a, d) for (a, b), (c, d) in itertools.product(pairs, pairs) if b == c}
        return pairs

    def knotted(self, id: str) -> bool:
        """Whether a clause lies on a cycle or waits for one."""
        round = {other for other in self.clauses if (other, other) in self.follows}
        return id in round or any((other, id) in self.follows for other in round)

    def own(self, id: str) -> Place | None:
        by = self.clauses[id].get("by")
        known = "as_of" in self.case
        if isinstance(by, str):
            return ("date", date.fromisoformat(by).toordinal())
        if by is None:
            return None
        return ("date", SIGNED.toordinal() + by) if known else ("periods", by)

    def place(self, id: str) -> Place | None:
        own = self.own(id)
        if own is not None or self.knotted(id) or not self.after(id):
            return own
        places = [self.place(trigger) for trigger in self.after(id)]
        known = [place for place in places if place is not None]
        kinds = {kind for kind, _ in known}
        return max(known) if len(known) == len(places) and len(kinds) == 1 else None

    def later(self, one: str, other: str) -> bool:
        """Whether the other comes after the one."""
        return (one, other) in self.follows or _before(self.place(one), self.place(other))

    def late(self, id: str) -> list[str]:
        """The triggers that come after a clause by its own date."""
        return [t for t in self.after(id) if _before(self.own(id), self.place(t))]

    def takes(self, id: str) -> int:
        times = (
            self.case["issues"][i].get("takes", {}).get(self.outcome[i], 0) for i in self.covers(id)
        )
        return max(times, default=0)

    def earliest(self, id: str) -> int:
        return max((self.earliest(t) + self.takes(t) for t in self.after(id)), default=0)

    def too_early(self, id: str) -> bool:
        """Whether a clause is due before those that come first can be done."""
        by, known = self.clauses[id].get("by"), "as_of" in self.case
        if self.knotted(id) or by is None or (isinstance(by, str) and not known):
            return False
        days = (date.fromisoformat(by) - SIGNED).days if isinstance(by, str) else by
        return bool(days < self.earliest(id))

    def slowest(self, id: str) -> list[str]:
        """The clauses before one on the slowest way to it, the first of several alike."""
        if not self.after(id):
            return []
        last = max(self.after(id), key=lambda t: self.earliest(t) + self.takes(t))
        return [*self.slowest(last), last]

    def hurried(self) -> dict[str, tuple[list[str], int]]:
        """Who is reported for ``takes``: with what takes the time, and how much."""
        early = {id for id in self.clauses if self.too_early(id)}
        return {
            id: ([t for t in self.slowest(id) if self.takes(t)], self.earliest(id))
            for id in self.clauses
            if id in early
            and not early & set(self.slowest(id))
            and not _before(self.own(id), self.place(self.slowest(id)[-1]))
        }

    def turned(self) -> list[tuple[str, set[str]]]:
        """Clauses that come before all others which the package wants first."""
        found = []
        for first, then in self.before:
            for id in self.clauses:
                others = {c for c in self.clauses if c != id and first in self.covers(c)}
                if then in self.covers(id) and others and all(self.later(id, c) for c in others):
                    found.append((id, others))
        return found

    def final(self, id: str) -> bool:
        for issue in self.covers(id):
            undo, option = self.case["issues"][issue].get("undo", 1), self.outcome[issue]
            stays = option == (self.today or {}).get(issue)
            if not stays and isinstance(undo, dict) and undo.get(option) == "never":
                return True
        return False

    def unreturned(self) -> dict[str, set[str]]:
        """Irreversible clauses, with the reversible ones for them that come later."""
        found = {}
        for id in filter(self.final, self.clauses):
            others = {
                other
                for other in self.clauses
                if self.covers(other)
                and not self.final(other)
                and self.later(id, other)
                and self.exchanged(id, other)
            }
            if others:
                found[id] = others
        return found

    def exchanged(self, one: str, other: str) -> bool:
        def owed(a: dict[str, Any], b: dict[str, Any]) -> bool:
            return not a.get("to") or bool(set(a["to"]) & set(b["who"]))

        a, b = self.clauses[one], self.clauses[other]
        return not set(a["who"]) & set(b["who"]) and owed(a, b) and owed(b, a)

    def rules_broken(self) -> int:
        return sum(not rule(self.outcome) for rule in self.text.rules)

    def feasible(self) -> bool:
        return not self.rules_broken()

    # rules on the way

    def moments(self) -> list[Place]:
        places = {
            place
            for id in self.clauses
            if self.holds(id) and self.ties(id) and (place := self.place(id)) is not None
        }
        return sorted(places) if len({kind for kind, _ in places}) == 1 else []

    def allowed(self, issue: str, moment: Place) -> set[str]:
        assert self.today is not None
        today, target = self.today[issue], self.outcome[issue]
        if today == target:
            return {target}
        covering = [id for id in self.clauses if issue in self.covers(id)]
        places = [self.place(id) for id in covering]
        if any(place is not None and place <= moment for place in places):
            return {target}
        stands = {today, *self.short(issue), target}
        for id in self.clauses:
            place = self.place(id)
            if self.holds(id) and place is not None and place <= moment:
                stands -= self.breaking(id, issue)
        return {today} if places and None not in places and today in stands else stands

    def states(self, moment: Place) -> Iterator[dict[str, str]]:
        choices = [sorted(self.allowed(issue, moment)) for issue in self.options]
        for choice in itertools.product(*choices):
            yield dict(zip(self.options, choice, strict=True))

    def broken(self) -> dict[int, Place]:
        """Rules that are broken on the way, each with the first moment."""
        found: dict[int, Place] = {}
        for moment in self.moments() if self.today else ():
            states = list(self.states(moment))
            for number, rule in enumerate(self.text.rules):
                if rule(self.outcome) and number not in found and not any(map(rule, states)):
                    found[number] = moment
        return found


def _before(one: Place | None, other: Place | None) -> bool:
    return one is not None and other is not None and one[0] == other[0] and one[1] < other[1]
