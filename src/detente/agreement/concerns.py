"""Do the red lines clash? Needs no numbers: what a mediator sees on the first day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.agreement.clashes import Clash, NewOption, RedLine, clashes
from detente.agreement.engines.elimination.eliminate import eliminate
from detente.case.bargaining import Concern
from detente.case.schema import Case
from detente.model.compilation import Model, compile_case
from detente.model.counting import count
from detente.model.expressions import expression_factor
from detente.model.problem import Criterion, Factor, Problem, every
from detente.model.result import Result
from detente.model.sentences import say

DEFINITION = (
    "a concern is met by an outcome where its expression holds; red lines clash where no "
    "outcome that obeys the rules meets them all, and a clash is smallest where giving up any "
    "one of its red lines frees the rest"
)


@dataclass(frozen=True)
class ConcernRow:
    """One concern: whose it is, and how many feasible outcomes meet it."""

    party: str
    concern: Concern
    met_by: int
    signs: bool


@dataclass(frozen=True, repr=False)
class ConcernsResult(Result):
    """Which packages meet which concerns, and which red lines clash.

    Parameters
    ----------
    case
        The case that was asked about.
    feasible
        Outcomes that obey the rules.
    rows
        All concerns, in the order of the case; factions' after their party's.
    packages
        For each named package (and ``status_quo``, where there is one): for each row,
        whether it is met.
    red_lines
        The rows marked ``must``.
    clashes
        Smallest sets of red lines that cannot all be met.
    all_musts_met_by, signing_musts_met_by
        Outcomes that meet every red line, and every red line of a signing party.
    examples
        Outcomes that meet every red line, in index order, as many as were asked for.
    """

    case: Case
    feasible: int
    rows: tuple[ConcernRow, ...]
    packages: Mapping[str, tuple[bool, ...]]
    red_lines: tuple[RedLine, ...]
    clashes: tuple[Clash, ...]
    all_musts_met_by: int
    signing_musts_met_by: int
    examples: tuple[Mapping[str, str], ...]
    definition: str = DEFINITION

    def freed_by(self, clash: Clash) -> tuple[str, ...]:
        """The single changes that would free a clash, in words."""
        return tuple(_ways_out(self.case, self.red_lines, clash))

    def to_dict(self) -> dict[str, Any]:
        """The document of ``detente concerns --json``, without its envelope."""
        return {
            "definition": self.definition,
            "feasible": self.feasible,
            "concerns": [
                {
                    "party": row.party,
                    "name": row.concern.name,
                    "must": row.concern.must,
                    "met_by": row.met_by,
                    "signs": row.signs,
                }
                for row in self.rows
            ],
            "packages": {
                name: self._by_party(met)
                for name, met in self.packages.items()
                if name != "status_quo"
            },
            "status_quo": (
                self._by_party(self.packages["status_quo"])
                if "status_quo" in self.packages
                else None
            ),
            "clashes": [
                {
                    "smallest": [self._named(number) for number in clash.red_lines],
                    "rules": [[number + 1 for number in rules] for rules in clash.rules],
                    "freed_by": list(self.freed_by(clash)),
                }
                for clash in self.clashes
            ],
            "all_musts_met_by": self.all_musts_met_by,
            "signing_musts_met_by": self.signing_musts_met_by,
            "examples": [dict(outcome) for outcome in self.examples],
        }

    def _named(self, number: int) -> dict[str, str]:
        line = self.red_lines[number]
        return {"party": line.party, "name": line.concern.name}

    def _by_party(self, met: Sequence[bool]) -> dict[str, dict[str, bool]]:
        table: dict[str, dict[str, bool]] = {}
        for row, holds in zip(self.rows, met, strict=True):
            table.setdefault(row.party, {})[row.concern.name] = holds
        return table


def concerns(case: Case, *, examples: int = 10, limit: int = 10_000) -> ConcernsResult:
    """Ask which concerns each package meets and whether the red lines clash.

    Parameters
    ----------
    case
        Any case; it needs no values.
    examples
        How many outcomes that meet every red line to list.
    limit
        Most sets of red lines that may arise on the way to the clashes.

    Raises
    ------
    CaseError
        Where the rules leave no outcome or tie too many issues together.
    TooLarge
        Where more than ``limit`` sets arise.

    Notes
    -----
    Cost grows with the number of red lines and with how many issues the rules and
    concerns tie together, not with the number of outcomes.
    """
    model = compile_case(case)
    space, rules = model.space, model.problem.rules
    owned = list(owned_concerns(case))
    factors = [expression_factor(concern.met, space) for _, concern, _ in owned]
    rows = tuple(
        ConcernRow(party, concern, count(space.sizes, [*rules, factor]), signs)
        for (party, concern, signs), factor in zip(owned, factors, strict=True)
    )
    outcomes = {
        name: case.complete(p.outcome) for name, p in case.packages.items() if _whole(case, p)
    }
    if case.status_quo is not None:
        outcomes["status_quo"] = dict(case.status_quo)
    packages = {
        name: tuple(concern.met.holds(outcome, case.options) for _, concern, _ in owned)
        for name, outcome in outcomes.items()
    }
    musts = [f for f, row in zip(factors, rows, strict=True) if row.concern.must]
    signing = [f for f, row in zip(factors, rows, strict=True) if row.concern.must and row.signs]
    red_lines = tuple(RedLine(row.party, row.concern) for row in rows if row.concern.must)
    return ConcernsResult(
        case=case,
        feasible=model.feasible,
        rows=rows,
        packages=packages,
        red_lines=red_lines,
        clashes=clashes(model, red_lines, limit),
        all_musts_met_by=count(space.sizes, [*rules, *musts]),
        signing_musts_met_by=count(space.sizes, [*rules, *signing]),
        examples=_examples(model, musts, examples),
    )


def _whole(case: Case, package: Any) -> bool:
    """Whether a package is an outcome: without a status quo it must name every issue."""
    return case.status_quo is not None or len(package.outcome) == len(case.issues)


def owned_concerns(case: Case) -> Iterator[tuple[str, Concern, bool]]:
    """Every concern with its owner and whether the owner's party signs."""
    for name, party in case.parties.items():
        for concern in case.concerns.get(name, ()):
            yield name, concern, party.signs
        for key, faction in party.factions.items():
            for concern in faction.concerns:
                yield f"{name}.{key}", concern, party.signs


def _examples(model: Model, musts: Sequence[Factor], number: int) -> tuple[Mapping[str, str], ...]:
    """Outcomes that meet all red lines: the ties of a problem in which all are worth 0."""
    zero = Criterion("nothing", (Factor((), np.zeros((), dtype=np.int64)),), 0)
    rules = (*model.problem.rules, *musts)
    front = eliminate(Problem(model.space, rules, (zero,), (0,), every(())), acceptable=False)
    if not len(front.points):
        return ()
    return tuple(model.space.outcome(c) for c in front.listing(np.array([0]), number))


def _ways_out(case: Case, red_lines: Sequence[RedLine], clash: Clash) -> Iterator[str]:
    for number in clash.red_lines:
        line = red_lines[number]
        yield say("concerns.give_up", party=case.party_name(line.party), concern=line.concern.name)
    for place in clash.freeing_rules:
        yield say("concerns.drop_rule", number=str(place + 1), rule=str(case.rules[place]))
    for option in clash.new_options:
        yield _new_option(case, option)


def _new_option(case: Case, option: NewOption) -> str:
    issue = case.issue_name(option.issue)
    after = case.option_name(option.issue, option.after) if option.after else None
    before = case.option_name(option.issue, option.before) if option.before else None
    if after and before:
        return say("concerns.option_between", issue=issue, after=after, before=before)
    if after:
        return say("concerns.option_beyond", issue=issue, after=after)
    if before:
        return say("concerns.option_short_of", issue=issue, before=before)
    return say("concerns.option_other", issue=issue)
