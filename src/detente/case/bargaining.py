"""Who bargains over what: parties, issues, rules, whose consent counts.

Each part is a frozen record that mirrors what is written in the file. Words that name
parties, issues, options, sources are texts here; that they exist is checked by
:mod:`detente.case.references` once the whole case is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from detente.case.errors import nearest, quoted, shown
from detente.case.fields import (
    Alternatively,
    Amount,
    Bare,
    Count,
    Discount,
    ExactField,
    ExpressionField,
    FrozenDict,
    Keys,
    Probability,
    Record,
    Table,
    TakesField,
    Text,
    UndoField,
    WalkAway,
    WalkAwayField,
    fail,
)
from detente.case.valuation import Adjustment, Breakdown, Concern, Remarks, Values

__all__ = [
    "Adjustment",
    "Agreement",
    "AgreementField",
    "Breakdown",
    "Concern",
    "Faction",
    "Issue",
    "IssueView",
    "Option",
    "Party",
    "Ratification",
    "Remarks",
    "Rule",
    "Sees",
    "Values",
]


class Option(Remarks):
    """One way in which an issue may be settled."""

    name: Text
    """The wording."""


def _as_option(key: str, written: Any) -> Any:
    if written is None or isinstance(written, Mapping):
        return {"name": key.replace("_", " "), **(written or {})}
    return {"name": written} if isinstance(written, str) else written


def _as_options(written: Any) -> Any:
    if isinstance(written, Mapping):
        return {key: _as_option(key, value) for key, value in written.items()}
    if not isinstance(written, (list, tuple)):
        fail("options are a list of words, or words with their wording: {kept: Kept as it is}")
    options: dict[str, Any] = {}
    for place, word in enumerate(written):
        if word is None:
            fail("'null' cannot be a name: it has a meaning of its own", "use another", (place,))
        if not isinstance(word, str):
            help = "write options with a wording as a mapping: {kept: Kept as it is}"
            fail(f"an option is one word; this is {shown(word)}", help, (place,))
        if word in options:
            fail(f"the option {quoted(word)} is listed twice", "take one out", (place,))
        options[word] = _as_option(word, None)
    return options


class Issue(Remarks):
    """One thing to be settled, who can change it, and how it changes."""

    name: Text | None = None
    """The wording; the key with spaces where not given."""
    options: Annotated[
        Table[Annotated[Option, Alternatively({"type": ["string", "number", "null"]})]],
        BeforeValidator(_as_options),
        Alternatively(
            {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 2},
            usual={"minProperties": 2},
        ),
    ]
    """What it may be settled as, first to last: words, or words with their wording."""
    ordered: bool = True
    """Whether the options have an order, so that < and >= may be used."""
    control: Text | None = None
    """The party that may change it alone."""
    joint: Keys = ()
    """The parties that change it only together."""
    withdraw: Literal["any", "all"] = "any"
    """Who may take a joint issue back to the status quo: any one of them, or only all."""
    undo: UndoField | None = None
    """Periods until it is back at the status quo once the process collapses; never: it stays."""
    irreversible: Keys = ()
    """Options that cannot be left: short for 'undo: never' on each."""
    takes: TakesField | None = None
    """Periods that a step takes before the next one can follow, for the issue or by option."""
    transitions: Table[Keys] | None = None
    """Which options can be reached from which, where it is not from any to any."""
    moves: Table[tuple[tuple[Text, Text], ...]] | None = None
    """For published graph models: each party's moves as pairs [from, to]."""
    covert: bool | None = None
    """Whether it can be changed unseen; by default where a measure detects it."""
    weapons: bool = False
    """Whether it is about weapons, or what they are made of: then 'verify' asks for breakouts."""

    @model_validator(mode="after")
    def _check(self) -> Issue:
        if len(self.options) < 2:
            found = "no options" if not self.options else "only one option"
            what = f"an issue with {found} leaves nothing to settle"
            fail(what, "give it two options or more", ("options",), at_key=True)
        if self.control is not None and self.joint:
            what = "an issue has either 'control' or 'joint', not both"
            fail(what, "take one out", ("control",), at_key=True)
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
    """What no outcome may be."""
    if_: ExpressionField | None = Field(default=None, alias="if")
    """Where this holds …"""
    then: ExpressionField | None = None
    """… this must hold too."""

    @model_validator(mode="after")
    def _check(self) -> Rule:
        given = (self.never is not None, self.if_ is not None, self.then is not None)
        if given not in ((True, False, False), (False, True, True)):
            fail("a rule is either 'never: …' or 'if: …' with 'then: …'")
        return self

    def __str__(self) -> str:
        return f"never {self.never}" if self.never else f"if {self.if_} then {self.then}"


class Faction(Remarks):
    """A domestic veto player inside a party."""

    name: Text | None = None
    """The wording; the key with spaces where not given."""
    walk_away: WalkAwayField = WalkAway()
    """What it has without a deal: a number, an outcome, or status_quo (default)."""
    values: Values | None = None
    """What outcomes are worth to it."""
    concerns: tuple[Concern, ...] = ()
    """What it must or wants to have."""


def _as_ratification(written: Any) -> Any:
    if isinstance(written, str) and written not in ("all", "majority"):
        close = nearest(written, ("all", "majority"))
        hint = f"; did you mean {close!r}?" if close else ""
        fail(f"unknown ratification {quoted(written)}{hint}", "all, majority, or {quota: …}")
    return {"rule": written} if isinstance(written, str) else written


class Ratification(Record):
    """Which factions must accept: all, a majority, or a quota with vetoes."""

    rule: Literal["all", "majority"] | None = None
    """All factions, or more than half of them; short: ratification: all."""
    quota: Count | None = None
    """How many factions must accept."""
    veto: Keys = ()
    """Factions without which it does not pass."""

    @model_validator(mode="after")
    def _check(self) -> Ratification:
        if (self.rule is None) == (self.quota is None):
            fail("ratification is all, majority, or {quota: …, veto: […]}")
        return self


class IssueView(Record):
    """How a party sees an issue in its own view of the conflict; what is left out is as it is."""

    options: Keys | None = None
    """The options that it sees."""
    control: Text | None = None
    """Who may change it alone, in its view."""
    joint: Keys | None = None
    """Who changes it together, in its view."""
    irreversible: Keys | None = None
    """Options that it holds for irreversible."""

    @model_validator(mode="after")
    def _check(self) -> IssueView:
        if self.options == ():
            what = "a view that sees no option of an issue sees no outcome"
            fail(what, "name the options that it sees, or leave 'options' out", ("options",))
        if self.control is not None and self.joint is not None:
            what = "an issue has either 'control' or 'joint', not both"
            fail(what, "take one out", ("control",), at_key=True)
        return self


class Sees(Record):
    """A party's own view of the conflict, for ``hold``."""

    values: Table[Values] = FrozenDict()
    """What it believes that outcomes are worth to each party."""
    issues: Table[IssueView] = FrozenDict()
    """What it believes about issues."""
    rules: tuple[Rule, ...] | None = None
    """The rules that it believes in, instead of those of the case."""


class Party(Remarks):
    """Who is at the table."""

    name: Text | None = None
    """The wording; the key with spaces where not given."""
    signs: bool = True
    """Whether its consent is needed; without it, it is affected and shown beside the others."""
    walk_away: WalkAwayField = WalkAway()
    """What it has without a deal: a number, an outcome, or status_quo (default)."""
    discount: Discount | None = None
    """What a year from now is worth today, all reasons together: from 0 to below 1."""
    turnover: Probability | None = None
    """Yearly chance that the government which made the promise is gone."""
    breakdown: Breakdown | None = None
    """What a collapse of the process is worth to it."""
    factions: Table[Bare[Faction]] = FrozenDict()
    """Domestic veto players."""
    ratification: (
        Annotated[
            Ratification,
            BeforeValidator(_as_ratification),
            Alternatively({"enum": ["all", "majority"]}),
        ]
        | None
    ) = None
    """Which factions must accept: all (default), majority, or {quota: 2, veto: [senate]}."""
    sees: Sees | None = None
    """Its own view of the conflict."""


def _as_agreement(written: Any) -> Any:
    if isinstance(written, str) and written != "unanimity":
        hint = "; did you mean 'unanimity'?" if nearest(written, ["unanimity"]) else ""
        what = f"unknown agreement rule {quoted(written)}{hint}"
        fail(what, "unanimity, {quota: 4, veto: […]} or {weights: {…}, quota: 0.6}")
    return {} if isinstance(written, str) else written


class Agreement(Record):
    """Whose consent makes an agreement: everybody's, or a quota of parties or of weights."""

    quota: ExactField | None = None
    """How many signing parties must consent; with weights, which share of their sum."""
    veto: Keys = ()
    """Parties without which there is no agreement."""
    weights: Table[Amount] | None = None
    """The weight of each signing party's consent."""

    @model_validator(mode="after")
    def _check(self) -> Agreement:
        quota, weighted = self.quota, self.weights is not None
        if quota is None:
            if self.veto or weighted:
                fail("an agreement rule with vetoes or weights needs a 'quota'")
            return self
        if quota <= 0:
            fail("the quota of an agreement must be above zero", at=("quota",))
        if weighted and quota > 1:
            what = "with weights the quota is a share of their sum, between 0 and 1"
            fail(what, at=("quota",))
        if not weighted and quota.denominator != 1:
            what = "without weights the quota is a whole number of parties"
            fail(what, "or give 'weights:'", at=("quota",))
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
