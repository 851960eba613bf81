"""Acceptance of a package as somebody would write it for another program: a plain function.

The function is Python without anything else, one argument a number with a range; only the numbers
that the verdict reads. What does not change with them (red lines) is a constant in it. Together
with the drawn values it is all that the other program gets.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from detente.case.bargaining import Faction, Party, Values
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.model.compilation import RED_LINES, compile_case
from detente.model.drivers import likely
from detente.model.expressions import expression_factor
from detente.uncertainty.codings import Path as Place
from detente.uncertainty.codings import ranged
from detente.uncertainty.package import Asked
from detente.uncertainty.question import Question

MODEL, HANDED, NAMES, QUESTION = "written_model.py", "handed.npz", "names.json", "question.pickle"
FOUND = {"detente": "found.npz", "peer": "found_by_peer.npz"}
"""Files by which programs get the same draws, and say what they found."""
ROUNDING = 1e-9
"""A gain so little below 0 is none: sums are added up in another order."""


def hand_over(folder: Path, question: Question, draws: int) -> int:
    """Write the function, draws of its arguments, and the question; how many arguments it has."""
    asked = question.asked[0]
    text, used = _Written(asked).module()
    shares = question.draws.shares(0, draws)
    values = question.draws.values(ranged(asked.factors), shares)
    (folder / MODEL).write_text(text, encoding="utf-8")
    (folder / QUESTION).write_bytes(pickle.dumps(question))
    (folder / NAMES).write_text(json.dumps(used), encoding="utf-8")
    np.savez(folder / HANDED, **values)
    return len(used)


class _Written:
    """The text of the function."""

    def __init__(self, asked: Asked) -> None:
        self.case: Case = asked.case
        self.outcome = asked.outcome
        self.model = compile_case(asked.case)
        self.names = {factor.path: factor.name for factor in ranged(asked.factors)}
        self.used: dict[str, str] = {}

    def module(self) -> tuple[str, dict[str, str]]:
        """The module, and by name of each argument that of the number."""
        if self.case.agreement.quota is not None or any(
            party.ratification is not None and party.ratification.rule != "all"
            for party in self.case.parties.values()
        ):
            raise RuntimeError("only written for cases in which everybody has to accept")
        lines: list[str] = []
        asked: list[str] = []
        for place, name in enumerate(self.model.valued):
            lines += self._gain(place, name)
            if name.partition(".")[0] in self.case.signing:
                asked.append(f"gain_{place} >= -{ROUNDING}")
        signing = [f"gain_{self.model.valued.index(name)}" for name in self.case.signing]
        lines += [
            f"acceptable = {' and '.join([str(self._fixed()), *asked])}",
            f'return {{"acceptable": float(acceptable), "gain": min({", ".join(signing)})}}',
        ]
        head = f"def acceptance(\n    *,\n    {', '.join(self.used)},\n):"
        return "\n    ".join([head, *lines]) + "\n", self.used

    def _fixed(self) -> bool:
        """Whether the rules and the red lines of those who sign are kept."""
        problem = self.model.problem
        codes = np.array([self.model.space.codes(self.outcome)], dtype=np.int64)
        totals = problem.totals(codes)[0]
        return bool(problem.feasible(codes)[0]) and all(
            totals[place] >= entry.threshold
            for place, entry in enumerate(problem.criteria)
            if entry.name.endswith(RED_LINES)
            and entry.name.removesuffix(RED_LINES).partition(".")[0] in self.case.signing
        )

    def _gain(self, place: int, name: str) -> Iterator[str]:
        party, _, faction = name.partition(".")
        at: Place = ("parties", party)
        path: Place = ("values", party)
        entry: Party | Faction = self.case.parties[party]
        values = self.case.values.get(party)
        if faction:
            at = (*at, "factions", faction)
            entry = self.case.parties[party].factions[faction]
            values, path = self.case.parties[party].factions[faction].values, (*at, "values")
        assert values is not None and values.scores is not None
        shifted = {} if faction else self._shifts(party)
        if values.weights is not None:
            for number, issue in enumerate(values.scores):
                stated = self._number((*path, "weights", issue), values.weights[issue])
                yield f"weight_{number} = max(0.0, {stated}{shifted.get(('weight', issue), '')})"
        worth = self._worth(values, path, shifted, self.outcome)
        walk_away = entry.walk_away
        if walk_away.number is not None:
            least = self._number((*at, "walk_away"), walk_away.number)
        else:
            without = self.case.complete(walk_away.outcome or {})
            least = self._worth(values, path, shifted, without)
        least = f"({least}{shifted.get(('walk_away',), '')})"
        yield f"gain_{place} = {worth} - {least}"

    def _worth(
        self,
        values: Values,
        path: Place,
        shifted: Mapping[tuple[str, ...], str],
        outcome: Mapping[str, str],
    ) -> str:
        terms = []
        for number, (issue, table) in enumerate((values.scores or {}).items()):
            option = outcome[issue]
            score = self._number((*path, "scores", issue, option), table[option])
            score = f"({score}{shifted.get(('score', issue, option), '')})"
            terms.append(f"weight_{number} * {score}" if values.weights else score)
        out = f"({' + '.join(terms)})"
        if values.weights is not None:
            out += f" / ({' + '.join(f'weight_{number}' for number in range(len(terms)))})"
        codes = np.array([self.model.space.codes(outcome)], dtype=np.int64)
        for number, adjustment in enumerate(values.adjustments):
            if expression_factor(adjustment.when, self.model.space).at(codes)[0]:
                out += f" + {self._number((*path, 'adjustments', number, 'add'), adjustment.add)}"
        return f"({out})"

    def _number(self, path: Place, number: Number) -> str:
        """The number, or the argument that it is."""
        if path not in self.names:
            return repr(float(number))
        argument = self.names[path].replace(".", "__")
        self.used[argument] = self.names[path]
        return argument

    def _shifts(self, party: str) -> dict[tuple[str, ...], str]:
        """What is added to numbers of a party because of outside factors."""
        out: dict[tuple[str, ...], str] = {}
        for name, driver in self.case.drivers.items():
            at = ("drivers", name)
            for place, shift in enumerate(driver.shifts):
                if shift.party != party or at not in self.names:
                    continue
                kind = next(k for k in ("weight", "score", "walk_away") if getattr(shift, k))
                key = tuple(part for part in (kind, shift.issue, shift.option) if part)
                a_unit = self._number((*at, "shifts", place, kind), getattr(shift, kind))
                distance = f"({self._number(at, driver.range)} - {float(likely(driver))!r})"
                out[key] = out.get(key, "") + f" + {a_unit} * {distance}"
        return out
