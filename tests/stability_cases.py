"""From a case to an explicit graph, from the meaning of the case file; and published conflicts.

Feasible outcomes are the states, every pair of them is looked at. Moves are read off the typed
case; the code's own moves and tables are not used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from by_definition import ByDefinition
from detente.case import Case
from stability_by_definition import Graph, Mover, Relation, relation

Outcome = dict[str, str]


def permanent(case: Case, issue: str, option: str) -> bool:
    """Whether an option is never undone: said of itself, or of all but today's."""
    entry = case.issues[issue]
    today = (case.status_quo or {}).get(issue)
    if option in entry.irreversible:
        return True
    if entry.undo is None:
        return False
    if option in entry.undo.options:
        return entry.undo.options[option] == "never"
    return entry.undo.default == "never" and option != today


def permitted(case: Case, issue: str, before: str, after: str) -> bool:
    """Whether an issue can go from one option to another at all, in one move."""
    entry, options = case.issues[issue], list(case.options[issue])
    if entry.transitions is not None and before in entry.transitions:
        return after in entry.transitions[before]
    if permanent(case, issue, before):
        return options.index(before) < options.index(after) and permanent(case, issue, after)
    return True


def owners(case: Case, issue: str) -> tuple[str, ...]:
    """Who must act together to change an issue, in the order of the case."""
    entry = case.issues[issue]
    if entry.moves is not None:
        return ()
    named = {entry.control} if entry.control is not None else set(entry.joint or case.signing)
    return tuple(party for party in case.parties if party in named)


def alone(case: Case, party: str, issue: str, before: str, after: str) -> bool:
    """Whether a party may make this change by itself."""
    entry, own = case.issues[issue], owners(case, issue)
    if entry.moves is not None:
        return (before, after) in entry.moves.get(party, ())
    if party not in own or not permitted(case, issue, before, after):
        return False
    withdraws = entry.withdraw == "any" and (case.status_quo or {}).get(issue) == after
    return len(own) == 1 or withdraws


class CaseGraph:
    """The graph of a case: ``outcomes[state]``, and parties in the order of the case.

    ``band``: the least difference in points that counts, where a party has points.
    """

    def __init__(self, case: Case, band: Fraction = Fraction(0)) -> None:
        self.case, self.parties = case, tuple(case.parties)
        self.definition = ByDefinition(case)
        every = self.definition.outcomes()
        self.outcomes: list[Outcome] = [o for o in every if not self.definition.broken(o)]
        together = dict.fromkeys(owners(case, issue) for issue in case.issues)
        groups = [group for group in together if len(group) > 1]
        movers = [*((party,) for party in self.parties), *groups]
        self.graph = Graph(
            states=len(self.outcomes),
            movers=tuple(self._mover(members) for members in movers),
            better=tuple(self._better(party, band) for party in self.parties),
        )

    def state(self, outcome: Mapping[str, str]) -> int:
        return self.outcomes.index(dict(outcome))

    def stable_outcomes(self, concept: str, party: str) -> list[Outcome]:
        states = self.graph.stable_states(concept, self.parties.index(party))
        return [self.outcomes[state] for state in states]

    def equilibria(self, concept: str) -> list[Outcome]:
        return [self.outcomes[state] for state in self.graph.equilibria(concept)]

    def _mover(self, members: tuple[str, ...]) -> Mover:
        def able(issue: str, before: str, after: str) -> bool:
            if len(members) == 1:
                return alone(self.case, members[0], issue, before, after)
            own = owners(self.case, issue) == members
            return own and permitted(self.case, issue, before, after)

        arcs = {
            tail: frozenset(
                head
                for head, there in enumerate(self.outcomes)
                if head != tail
                and all(able(i, here[i], there[i]) for i in here if here[i] != there[i])
            )
            for tail, here in enumerate(self.outcomes)
        }
        return Mover(tuple(self.parties.index(party) for party in members), arcs)

    def _better(self, party: str, band: Fraction) -> Relation | None:
        values = self.case.values.get(party)
        if values is None:
            return None
        worth = [self.definition.value(party, outcome) for outcome in self.outcomes]
        return relation(worth, band if values.cardinal else Fraction(0))

    # Simultaneous sanctions (option form)

    def simultaneously_stable(self, party: int, state: int) -> bool | None:
        """Whether each improvement is punished by what others change at the same time.

        Every opponent stays or makes an improvement of its own, seen from where all stood.
        Changes that settle one issue in two ways cannot be made together.
        """
        graph = self.graph
        if party not in graph.valued:
            return None
        stated = [p for p in graph.parties if p != party and p in graph.valued]
        improvements = {p: graph.improvements(p, state) for p in stated}
        if self._punished_at_once(party, state, improvements):
            return True
        rest = [p for p in graph.parties if p != party and p not in graph.valued]
        anything = {p: graph.moves(p, state) for p in rest}
        if not rest or not self._punished_at_once(party, state, {**improvements, **anything}):
            return False
        return None

    def _punished_at_once(
        self, party: int, state: int, choices: Mapping[int, Collection[int]]
    ) -> bool:
        return all(
            any(
                not self.graph.prefers(party, there, state)
                for there in self._at_once(state, away, choices)
            )
            for away in self.graph.improvements(party, state)
        )

    def _at_once(
        self, state: int, away: int, choices: Mapping[int, Collection[int]]
    ) -> Iterator[int]:
        """The feasible states where a move and one choice of each other party lead together."""
        here = self.outcomes[state]
        for chosen in product(*((state, *heads) for heads in choices.values())):
            changes: dict[str, set[str]] = {issue: set() for issue in here}
            for head in (away, *chosen):
                for issue, option in self.outcomes[head].items():
                    if option != here[issue]:
                        changes[issue].add(option)
            if all(len(options) <= 1 for options in changes.values()):
                there = {issue: next(iter(changes[issue]), here[issue]) for issue in here}
                if there in self.outcomes:
                    yield self.state(there)


# Published conflicts, as facts: who has which options (yes or no), what cannot be taken back,
# what cannot be combined, and each party's order, best first. A state is one digit an option,
# 1 for yes; those with bars between them are tied. The equilibria are reference values, computed
# elsewhere by brute force from the definitions.

ELMIRA: dict[str, Any] = {
    "source": (
        "after Hipel, Fang, Kilgour & Haight, 'Environmental conflict resolution using the graph "
        "model', IEEE conference on systems, man and cybernetics, 1993"
    ),
    "options": {
        "modify": "ministry",
        "delay": "company",
        "accept": "company",
        "abandon": "company",
        "insist": "local_government",
    },
    "irreversible": {"modify": "yes", "delay": "no", "abandon": "yes"},
    "never": [
        "delay == yes and accept == yes",
        "delay == yes and abandon == yes",
        "accept == yes and abandon == yes",
        "delay == no and accept == no and abandon == no",
    ],
    "today": "01000",
    "orders": {
        "ministry": ("00101 00100 10100 10101 01001 01000 11000 11001 00011|00010|10010|10011"),
        "company": "01000 10100 10101 01001 00010|00011|10010|10011 11000 00100 00101 11001",
        "local_government": (
            "00101 00100 01001 01000 10101 11001 10100 11000 00011|00010|10011|10010"
        ),
    },
    "equilibria": {
        "nash": "00010 00011 01001 10010 10011 10101",
        "gmr": "00010 00011 01000 01001 10010 10011 10100 10101",
        "smr": "00010 00011 01000 01001 10010 10011 10100 10101",
        "seq": "00010 00011 01001 10010 10011 10101",
        "sseq": "00010 00011 01001 10010 10011 10101",
    },
}

CUBA: dict[str, Any] = {
    "source": (
        "after Fraser & Hipel, Conflict Analysis: Models and Resolutions, North-Holland 1984: "
        "the Cuban missile crisis of 1962"
    ),
    "options": {
        "air_strike": "united_states",
        "blockade": "united_states",
        "withdraw": "soviet_union",
        "escalate": "soviet_union",
    },
    "irreversible": {"air_strike": "yes"},
    "never": ["withdraw == yes and escalate == yes"],
    "today": "0000",
    "orders": {
        "united_states": ("0010 0110 1010 1110 0100 1000 1100 0000 1101 1001 0101 0001"),
        "soviet_union": "0000 0010 0110 0100 1010 1000 1110 1100 1101 1001 0101 0001",
    },
    "equilibria": {
        "nash": "1010",
        "gmr": "0000 0010 0100 0110 1000 1010 1110",
        "smr": "0000 0010 0100 0110 1000 1010 1110",
        "seq": "0010 0110 1010",
        "sseq": "0010 0110 1010",
    },
}

WATER: dict[str, Any] = {
    "source": (
        "after Hipel, Kilgour & Kinsara, 'Strategic investigations of water conflicts in the "
        "Middle East', Group Decision and Negotiation 23 (2014): Syria and Iraq over the Euphrates"
    ),
    "options": {"release_water": "syria", "escalate": "syria", "attack": "iraq"},
    "irreversible": {},
    "never": ["release_water == yes and escalate == yes"],
    "today": "000",
    "orders": {"syria": "000 010 011 100 001 101", "iraq": "100 001 011 000 101 010"},
    "equilibria": {"nash": "011", "gmr": "000 011", "smr": "011", "seq": "011", "sseq": "011"},
}

DILEMMA: dict[str, Any] = {
    "source": "the prisoners' dilemma, as in Fang, Hipel & Kilgour, Wiley 1993",
    "options": {"one_keeps_silent": "one", "two_keeps_silent": "two"},
    "irreversible": {},
    "never": [],
    "today": "00",
    "orders": {"one": "01 11 00 10", "two": "10 11 00 01"},
    "equilibria": {"nash": "00", "gmr": "00 11", "smr": "00 11", "seq": "00 11", "sseq": "00 11"},
}

PUBLISHED = {"elmira": ELMIRA, "cuba": CUBA, "water": WATER, "dilemma": DILEMMA}


def named(conflict: Mapping[str, Any], digits: str) -> Outcome:
    """A published state as an outcome."""
    return {
        option: "yes" if digit == "1" else "no"
        for option, digit in zip(conflict["options"], digits, strict=True)
    }


def published_case(conflict: Mapping[str, Any]) -> dict[str, Any]:
    """A published conflict as a dictionary for ``detente.load``."""
    issues: dict[str, Any] = {
        option: {"control": party, "options": ["no", "yes"]}
        for option, party in conflict["options"].items()
    }
    for option, word in conflict["irreversible"].items():
        issues[option]["irreversible"] = [word]
    return {
        "detente": 1,
        "title": "A published conflict",
        "parties": {party: {} for party in conflict["orders"]},
        "issues": issues,
        "status_quo": named(conflict, conflict["today"]),
        "rules": [{"never": words} for words in conflict["never"]],
        "values": {
            party: {
                "ranking": [
                    [named(conflict, digits) for digits in tied.split("|")]
                    for tied in order.split()
                ]
            }
            for party, order in conflict["orders"].items()
        },
    }
