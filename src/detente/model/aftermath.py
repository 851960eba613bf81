"""What follows when a process collapses: the path back, and what it is worth.

The process collapses in state s. Every issue keeps its present option for its undo time and
is then back at its status-quo option q; ``never`` stays. With 0 = T_0 < T_1 < … < T_m the
undo times and δ^(T_(m+1)) = 0, the breakdown value of party i is

    B_i(s) = Σ_k (δ^T_k − δ^T_(k+1)) · u_i(σ_(T_k)(s)) + n_i − cost_i

where σ_τ(s) is the state after τ periods and n_i = walk-away − u_i(q) the no-deal shift. A
party with a ``breakdown`` of its own (base and scores: war) has that value instead. All
values are normalised by (1 − δ), so that they stay on the scale of the values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.case.errors import CaseError, Problem, unknown
from detente.case.outcomes import parse_outcome
from detente.case.schema import Case
from detente.case.valuation import Breakdown
from detente.model.compilation import Model, compile_case
from detente.model.draws import RangedValues, amount, ranged_values
from detente.model.expressions import expression_factor
from detente.model.problem import Floats, Integers, Single
from detente.model.values import walk_away_value

YEARS = {"day": 1 / 365, "week": 7 / 365, "month": 1 / 12, "quarter": 1 / 4, "year": 1.0}
"""Length of a period in years."""
DISCOUNT = 0.75
"""What a year from now is worth today where the case does not say."""

Outcomes = Sequence[str | Mapping[str, str]] | Integers


def period_discount(case: Case, party: str) -> Single:
    """What the next period is worth today: (discount · (1 − turnover))^(period in years).

    A column where these are drawn.

    Examples
    --------
    >>> import detente
    >>> round(period_discount(detente.load("river"), "highland"), 4)
    0.9352
    """
    entry = case.parties[party]
    yearly = DISCOUNT if entry.discount is None else amount(entry.discount)
    stays = 1.0 if entry.turnover is None else 1 - amount(entry.turnover)
    found: Single = (yearly * stays) ** YEARS[case.period]
    return found


@dataclass(frozen=True)
class Path:
    """The states that a case falls back through.

    Parameters
    ----------
    times
        Distinct finite undo times, ascending from 0; shape (times,).
    tables
        For each time and issue, at which option what stood at an option stands then.
    """

    times: Integers
    tables: tuple[tuple[Integers, ...], ...]

    def states(self, codes: Integers) -> list[Integers]:
        """The states at each time, from states as option positions, shape (outcomes, issues)."""
        return [
            np.stack([table[codes[:, place]] for place, table in enumerate(tables)], axis=1)
            for tables in self.tables
        ]


def path(case: Case) -> Path:
    """The way back to the status quo.

    Raises
    ------
    CaseError
        Where the case has no status quo.
    """
    if case.status_quo is None:
        what = "what follows a collapse needs today's state, and the case has no status quo"
        raise CaseError(Problem(what, "add 'status_quo:' with one option of every issue"))
    today = case.status_quo
    undo = {
        issue: [entry.undo_time(option, today[issue]) for option in case.options[issue]]
        for issue, entry in case.issues.items()
    }
    times = sorted({0, *(time for row in undo.values() for time in row if time != "never")})
    tables = tuple(
        tuple(
            np.array(
                [
                    place if entry == "never" or time < entry else options.index(today[issue])
                    for place, entry in enumerate(undo[issue])
                ],
                dtype=np.int64,
            )
            for issue, options in case.options.items()
        )
        for time in times
    )
    return Path(np.array(times, dtype=np.int64), tables)


@dataclass(frozen=True, eq=False)
class Aftermath:
    """What collapse is worth to one party.

    Parameters
    ----------
    model, party
        The case, compiled, and whose values count.
    """

    model: Model
    party: str

    def __post_init__(self) -> None:
        if self._war is None and not self.has_values:
            where = self.model.case.place(("parties", self.party))
            what = f"what collapse is worth to {self.party} needs its values as scores"
            help = f"add scores for {self.party}, or 'breakdown: {{base: …}}' of its own"
            raise CaseError(Problem(what, help, where))

    @property
    def has_values(self) -> bool:
        """Whether differences of the party's values have a meaning."""
        return self.model.has_scores(self.party)

    @cached_property
    def discount(self) -> Single:
        """What the next period is worth; a column where it is drawn."""
        return period_discount(self.model.case, self.party)

    @cached_property
    def times(self) -> Integers:
        """The times at which the flows change, from 0."""
        return np.zeros(1, dtype=np.int64) if self._war is not None else self._path.times

    def values(self, codes: Integers) -> Floats:
        """What states are worth while they stand.

        ``codes`` are option positions, shape (outcomes, issues). The answer has shape
        (outcomes,), or (codings, outcomes) where the values of the party are drawn.
        """
        if self._drawn is not None:
            return self._drawn.worth(codes)
        entry = self.model.problem.criteria[self.model.position[self.party]]
        totals: Floats = entry.totals(codes).astype(np.float64)
        return totals * float(entry.unit)

    def flows(self, codes: Integers) -> Floats:
        """What each period after a collapse in these states is worth, from each time on.

        The no-deal shift is in it; shape (times, outcomes).
        """
        if self._war is not None:
            return self._at_war(self._war, codes)[None, :]
        states = self._path.states(codes)
        return np.stack([self.values(state) + self.shift for state in states])

    def worth(
        self, flows: Floats, periods: int | None = None, discount: Single | None = None
    ) -> Floats:
        """Normalised discounted value of an aftermath; shape (outcomes,), or with codings.

        Parameters
        ----------
        flows
            From :meth:`flows`.
        periods
            After how many periods it ends and the process resumes where it stood (what
            follows then is not in the value, and neither is the cost of a collapse, for a
            suspension is none); None where it lasts.
        discount
            Worth of the next period, if not the case's.
        """
        delta = self.discount if discount is None else discount
        times = self.times if periods is None else np.minimum(self.times, periods)
        last = 0.0 if periods is None else delta**periods
        powers = [*(delta ** float(time) for time in times), last]
        worth = sum(
            (power - later) * flow
            for power, later, flow in zip(powers, powers[1:], flows, strict=False)
        )
        cost = self.cost if periods is None else 0.0
        out: Floats = worth - cost
        return out

    @cached_property
    def shift(self) -> Single:
        """The no-deal shift: walk-away less the value of the status quo."""
        if self._drawn is not None:
            assert self.model.case.status_quo is not None
            today = np.array([self.model.space.codes(self.model.case.status_quo)])
            return self._drawn.leaving - self._drawn.worth(today)
        case, entry = self.model.case, self.model.problem.criteria[self.model.position[self.party]]
        assert case.status_quo is not None
        return float(walk_away_value(entry) - self.model.value(self.party, case.status_quo))

    @cached_property
    def cost(self) -> Single:
        """What collapse costs beside the way back."""
        breakdown = self.model.case.parties[self.party].breakdown
        if breakdown is None or breakdown.cost is None:
            return 0.0
        return amount(breakdown.cost)

    def guaranteed(self, codes: Integers) -> Floats:
        """What guarantees take from the party if it lets the process collapse in these states."""
        out = np.zeros(len(codes))
        for entry in self.model.case.guarantees.values():
            if entry.against != self.party:
                continue
            holds: Integers | float = 1.0
            if entry.when is not None:
                holds = expression_factor(entry.when, self.model.space).at(codes)
            out = out + amount(entry.amount) * holds
        return out

    @cached_property
    def _drawn(self) -> RangedValues | None:
        """The party's values where they are drawn."""
        values = self.model.case.values.get(self.party)
        if values is None or not values.cardinal:
            return None
        found = ranged_values(self.model.case, self.party)
        return None if found.drawn is None else found

    @cached_property
    def _path(self) -> Path:
        return path(self.model.case)

    @property
    def _war(self) -> Breakdown | None:
        """The party's own values of a breakdown, where collapse is war."""
        breakdown = self.model.case.parties[self.party].breakdown
        return breakdown if breakdown is not None and breakdown.base is not None else None

    def _at_war(self, war: Breakdown, codes: Integers) -> Floats:
        assert war.base is not None
        out: Floats = np.zeros(len(codes)) + amount(war.base)
        for issue, scores in (war.scores or {}).items():
            place = self.model.space.issue_position[issue]
            for code, option in enumerate(self.model.space.options[place]):
                if option in scores:
                    out = out + amount(scores[option]) * (codes[:, place] == code)
        return out


def breakdown_values(
    case: Case, party: str, outcomes: Outcomes, *, caused: bool = False
) -> NDArray[np.float64]:
    """What a collapse in each of these outcomes is worth to a party.

    Parameters
    ----------
    case
        With a status quo.
    party
        With scores, or a ``breakdown`` with a base of its own.
    outcomes
        Outcomes as mappings or as written (``issue=option,…``, a package, ``status_quo``;
        what is left out stands at the status quo), or option positions as integers, shape
        (outcomes, issues).
    caused
        Whether the party lets it collapse, so that the guarantees against it that are in
        force in the outcome take their amount. Others, and false alarms, trigger none.

    Returns
    -------
    array
        B_i of each outcome, per period on the scale of the values; shape (outcomes,).

    Raises
    ------
    CaseError
        Where a word is unknown, the case has no status quo, or the party no scores.

    Notes
    -----
    Definition in :mod:`detente.model.aftermath`. Cost: outcomes × undo times × issues.

    Examples
    --------
    >>> import detente
    >>> case = detente.load("river")
    >>> breakdown_values(case, "highland", ["status_quo"]).shape
    (1,)
    """
    if party not in case.parties:
        raise CaseError(Problem(*unknown("party", party, list(case.parties))))
    if not isinstance(outcomes, np.ndarray) and isinstance(outcomes, (str, Mapping)):
        what = "outcomes are a list of outcomes"
        raise CaseError(Problem(what, "write [outcome] for a single one"))
    model = compile_case(case)
    after = Aftermath(model, party)
    codes = _codes(model, outcomes)
    values = after.worth(after.flows(codes))
    taken = after.guaranteed(codes) if caused else np.zeros(len(codes))
    return values - taken


def _codes(model: Model, outcomes: Outcomes) -> Integers:
    space = model.space
    if isinstance(outcomes, np.ndarray):
        codes = np.asarray(outcomes)
        right = codes.ndim == 2 and codes.shape[1] == len(space.sizes) and codes.dtype.kind in "iu"
        if not right or (codes < 0).any() or (codes >= np.array(space.sizes)).any():
            what = f"option positions have shape (outcomes, {len(space.sizes)})"
            raise CaseError(Problem(what, "each counts from 0 to the number of options less one"))
        return codes.astype(np.int64)
    rows = [space.codes(parse_outcome(model.case, outcome)) for outcome in outcomes]
    return np.array(rows, dtype=np.int64).reshape(len(rows), len(space.sizes))
