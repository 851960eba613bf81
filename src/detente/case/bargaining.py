"""Who bargains over what: parties, issues, rules, concerns, values.

Each part is a frozen record that mirrors what is written in the file. Words that name
parties, issues, options, sources are texts here; that they exist is checked by
:mod:`detente.case.references` once the whole case is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from detente.case.fields import (
    Alternatively,
    Amount,
    Discount,
    ExactField,
    ExpressionField,
    FrozenDict,
    Keys,
    NumberField,
    Periods,
    Record,
    Table,
    TakesField,
    UndoField,
    WalkAway,
    WalkAwayField,
    check_name,
    fail,
)

Pattern = dict[str, str]


class Remarks(Record):
    """What any entry may carry besides its content: a longer text, a reason, its sources."""

    about: str | None = None
    because: str | None = None
    source: Keys = ()


class Option(Remarks):
    """One way in which an issue may be settled."""

    name: str


def _as_option(key: str, written: Any) -> Any:
    if written is None or isinstance(written, Mapping):
        return {"name": _spaced(key), **(written or {})}
    return {"name": written} if isinstance(written, str) else written


def _as_options(written: Any) -> Any:
    if isinstance(written, Mapping):
        return {key: _as_option(key, value) for key, value in written.items()}
    if not isinstance(written, list):
        fail("options are a list of words, or words with their wording: {kept: Kept as it is}")
    names = [str(key) for key in written if not isinstance(key, (list, Mapping))]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or len(names) < len(written):
        fail(f"the option {twice[0]!r} is listed twice" if twice else "an option is one word")
    return {check_name(name): {"name": _spaced(name)} for name in names}


def _spaced(key: str) -> str:
    return key.replace("_", " ")


class Issue(Remarks):
    """One thing to be settled, who can change it, and how it changes."""

    name: str | None = None
    options: Annotated[
        Table[Annotated[Option, Alternatively({"type": "string"})]],
        BeforeValidator(_as_options),
        Alternatively({"type": "array", "items": {"type": ["string", "number"]}, "minItems": 2}),
    ]
    ordered: bool = True
    control: str | None = None
    joint: Keys = ()
    withdraw: Literal["any", "all"] = "any"
    undo: UndoField | None = None
    irreversible: Keys = ()
    takes: TakesField | None = None
    transitions: Table[Keys] | None = None
    moves: Table[tuple[tuple[str, str], ...]] | None = None
    covert: bool | None = None

    @model_validator(mode="after")
    def _check(self) -> Issue:
        if len(self.options) < 2:
            found = "no options" if not self.options else "only one option"
            fail(f"an issue with {found} leaves nothing to settle", "give it two options or more")
        if self.control is not None and self.joint:
            fail("an issue has either 'control' or 'joint', not both")
        for key in self.options:
            check_name(key)
        return self

    def undo_time(self, option: str, status_quo: str | None) -> int | Literal["never"]:
        """Periods until the option is undone once the process collapses, or ``never``."""
        if option == status_quo:
            return 0
        if option in self.irreversible:
            return "never"
        if self.undo is None:
            return 0
        return self.undo.options.get(option, self.undo.default or 0)


class Rule(Remarks):
    """What no outcome may be: ``never`` an expression, or ``if`` one holds, ``then`` another."""

    never: ExpressionField | None = None
    if_: ExpressionField | None = Field(default=None, alias="if")
    then: ExpressionField | None = None

    @model_validator(mode="after")
    def _check(self) -> Rule:
        given = (self.never is not None, self.if_ is not None, self.then is not None)
        if given not in ((True, False, False), (False, True, True)):
            fail("a rule is either 'never: …' or 'if: …' with 'then: …'")
        return self

    def __str__(self) -> str:
        return f"never {self.never}" if self.never else f"if {self.if_} then {self.then}"


class Concern(Remarks):
    """Something a party must have (a red line) or wants to have; needs no number."""

    name: str
    met: ExpressionField
    must: bool = False


class Adjustment(Remarks):
    """A value added where an expression holds."""

    when: ExpressionField
    add: NumberField


def _as_ranking(written: Any) -> Any:
    if not isinstance(written, (list, tuple)):
        fail("a ranking is a list, best first, of outcome patterns or of lists of tied ones")
    return tuple(
        tuple(entry) if isinstance(entry, (list, tuple)) else (entry,) for entry in written
    )


_PATTERN_SCHEMA: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "string"}}
Ranking = Annotated[
    tuple[tuple[Table[str], ...], ...],
    BeforeValidator(_as_ranking),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"anyOf": [_PATTERN_SCHEMA, {"type": "array", "items": _PATTERN_SCHEMA}]},
        }
    ),
]


class Values(Remarks):
    """What outcomes are worth to a party: scores (with weights or as points), or an order."""

    weights: Table[Amount] | None = None
    scores: Table[Table[NumberField]] | None = None
    adjustments: tuple[Adjustment, ...] = ()
    priorities: tuple[ExpressionField, ...] | None = None
    ranking: Ranking | None = None

    @model_validator(mode="after")
    def _check(self) -> Values:
        forms = [self.scores is not None, self.priorities is not None, self.ranking is not None]
        if sum(forms) != 1:
            fail("values are one of: scores (with or without weights), priorities, ranking")
        if self.scores is None and (self.weights is not None or self.adjustments):
            fail("weights and adjustments go with scores; an order has none")
        if self.weights is not None and not any(w.point for w in self.weights.values()):
            fail("all weights are zero", "give at least one issue a weight, or leave weights out")
        if self.priorities is not None and len(self.priorities) > 60:
            fail(f"{len(self.priorities)} priorities; at most 60 can be told apart")
        return self

    @property
    def cardinal(self) -> bool:
        """Whether differences of values have a meaning (scores), or only their order."""
        return self.scores is not None


class Breakdown(Remarks):
    """What collapse is worth: a cost on top of the path back, or values of its own (war)."""

    cost: NumberField | None = None
    base: NumberField | None = None
    scores: Table[Table[NumberField]] | None = None

    @model_validator(mode="after")
    def _check(self) -> Breakdown:
        if (self.cost is None) == (self.base is None):
            fail("a breakdown has either a 'cost' or a 'base' (with 'scores')")
        if self.scores is not None and self.base is None:
            fail("breakdown scores need a 'base'")
        return self


class Faction(Remarks):
    """A domestic veto player inside a party."""

    name: str | None = None
    walk_away: WalkAwayField = WalkAway()
    values: Values | None = None
    concerns: tuple[Concern, ...] = ()


def _as_ratification(written: Any) -> Any:
    return {"rule": written} if isinstance(written, str) else written


class Ratification(Record):
    """Which factions must accept: all, a majority, or a quota with vetoes."""

    rule: Literal["all", "majority"] | None = None
    quota: Periods | None = None
    veto: Keys = ()

    @model_validator(mode="after")
    def _check(self) -> Ratification:
        if (self.rule is None) == (self.quota is None):
            fail("ratification is all, majority, or {quota: …, veto: […]}")
        return self


RatificationField = Annotated[
    Ratification,
    BeforeValidator(_as_ratification),
    Alternatively({"enum": ["all", "majority"]}),
]


class IssueView(Record):
    """How a party sees an issue in its own view of the conflict; what is left out is as it is."""

    options: Keys | None = None
    control: str | None = None
    joint: Keys | None = None
    irreversible: Keys | None = None


class Sees(Record):
    """A party's own view of the conflict, for ``hold``."""

    values: Table[Values] = FrozenDict()
    issues: Table[IssueView] = FrozenDict()
    rules: tuple[Rule, ...] | None = None


class Party(Remarks):
    """Who is at the table."""

    name: str | None = None
    signs: bool = True
    walk_away: WalkAwayField = WalkAway()
    discount: Discount | None = None
    turnover: Discount | None = None
    breakdown: Breakdown | None = None
    factions: Table[Faction] = FrozenDict()
    ratification: RatificationField | None = None
    sees: Sees | None = None


def _as_agreement(written: Any) -> Any:
    return {} if written == "unanimity" else written


class Agreement(Record):
    """Whose consent makes an agreement: everybody's, or a quota of parties or of weights."""

    quota: ExactField | None = None
    veto: Keys = ()
    weights: Table[Amount] | None = None

    @model_validator(mode="after")
    def _check(self) -> Agreement:
        if self.quota is None and (self.veto or self.weights is not None):
            fail("an agreement rule with vetoes or weights needs a 'quota'")
        if self.quota is not None and self.quota <= 0:
            fail("the quota of an agreement must be above zero")
        if self.weights is not None and self.quota is not None and self.quota > 1:
            fail("with weights the quota is a share of their sum, between 0 and 1")
        if self.weights is None and self.quota is not None and self.quota.denominator != 1:
            fail("without weights the quota is a whole number of parties")
        return self

    @property
    def unanimous(self) -> bool:
        """Whether every signing party must consent."""
        return self.quota is None


AgreementField = Annotated[
    Agreement,
    BeforeValidator(_as_agreement),
    Alternatively({"const": "unanimity"}),
]
