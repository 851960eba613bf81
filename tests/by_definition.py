"""What a case says of an outcome, spelled out from the definitions in exact numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from detente.case import Case
from detente.case.bargaining import Faction, Party, Values

Outcome = Mapping[str, str]


class ByDefinition:
    """What a case says of an outcome, read off the typed case without compiling it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.entries: dict[str, tuple[Party | Faction, Values | None, Any]] = {}
        for name, party in case.parties.items():
            concerns = case.concerns.get(name, ())
            self.entries[name] = party, case.values.get(name), concerns
            for key, faction in party.factions.items():
                self.entries[f"{name}.{key}"] = faction, faction.values, faction.concerns
        self.valued = [name for name, (_, values, _) in self.entries.items() if values]
        self.objectives = [name for name in case.signing if name in self.valued]

    def holds(self, expression: Any, outcome: Outcome) -> bool:
        return bool(expression.holds(outcome, self.case.options))

    def outcomes(self) -> Iterator[dict[str, str]]:
        for choice in itertools.product(*self.case.options.values()):
            yield dict(zip(self.case.options, choice, strict=True))

    def neighbours(self, outcome: Outcome) -> Iterator[tuple[str, str, dict[str, str]]]:
        for issue, options in self.case.options.items():
            for option in options:
                if option != outcome[issue]:
                    yield issue, option, {**outcome, issue: option}

    def broken(self, outcome: Outcome) -> list[int]:
        return [
            index
            for index, rule in enumerate(self.case.rules)
            if (
                self.holds(rule.never, outcome)
                if rule.never
                else self.holds(rule.if_, outcome) and not self.holds(rule.then, outcome)
            )
        ]

    def value(self, name: str, outcome: Outcome) -> Fraction:
        values = self.entries[name][1]
        assert values is not None
        if values.ranking is not None:
            for place, tied in enumerate(values.ranking):
                if any(all(outcome[i] == o for i, o in p.items()) for p in tied):
                    return Fraction(len(values.ranking) - place)
            return Fraction(0)
        if values.priorities is not None:
            bits = "".join(str(int(self.holds(text, outcome))) for text in values.priorities)
            return Fraction(int(bits, 2))
        assert values.scores is not None
        total = sum((w.point for w in (values.weights or {}).values()), Fraction(0))
        out = Fraction(0)
        for issue, table in values.scores.items():
            weight = values.weights[issue].point / total if values.weights else Fraction(1)
            out += weight * table[outcome[issue]].point
        for adjustment in values.adjustments:
            out += adjustment.add.point * self.holds(adjustment.when, outcome)
        return out

    def gain(self, name: str, outcome: Outcome) -> Fraction:
        walk_away = self.entries[name][0].walk_away
        if walk_away.number is not None:
            return self.value(name, outcome) - walk_away.number.point
        today = self.case.complete(walk_away.outcome or {})
        return self.value(name, outcome) - self.value(name, today)

    def unmet(self, name: str, outcome: Outcome) -> list[str]:
        concerns = self.entries[name][2]
        return [c.name for c in concerns if c.must and not self.holds(c.met, outcome)]

    def ratified(self, name: str, outcome: Outcome) -> bool:
        party = self.case.parties[name]
        keys = list(party.factions)
        if not keys:
            return True
        accept = {key: self.accepts(f"{name}.{key}", outcome) for key in keys}
        rule = party.ratification
        if rule is None or rule.rule == "all":
            return all(accept.values())
        needed = rule.quota if rule.quota is not None else len(keys) // 2 + 1
        return sum(accept.values()) >= needed and all(accept[key] for key in rule.veto)

    def accepts(self, name: str, outcome: Outcome) -> bool:
        if name in self.valued and self.gain(name, outcome) < 0:
            return False
        if self.unmet(name, outcome):
            return False
        return "." in name or self.ratified(name, outcome)

    def agreed(self, outcome: Outcome) -> bool:
        rule, signing = self.case.agreement, self.case.signing
        accept = {name: self.accepts(name, outcome) for name in signing}
        if rule.quota is None:
            return all(accept.values())
        if not all(accept[name] for name in rule.veto):
            return False
        if rule.weights is None:
            return sum(accept.values()) >= rule.quota
        weights = {name: number.point for name, number in rule.weights.items()}
        have = sum(weights[name] for name in signing if accept[name])
        return have >= rule.quota * sum(weights.values())

    def vector(self, outcome: Outcome) -> tuple[Fraction, ...]:
        return tuple(self.value(name, outcome) for name in self.objectives)


def dominates(better: tuple[Fraction, ...], worse: tuple[Fraction, ...]) -> bool:
    return better != worse and all(a >= b for a, b in zip(better, worse, strict=True))
