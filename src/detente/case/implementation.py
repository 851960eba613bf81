"""What an agreement consists of and rests on: text, verification, guarantees, drivers.

Like :mod:`detente.case.bargaining`: frozen records that mirror what is written in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema, model_validator

from detente.case.errors import EntryError, quoted
from detente.case.fields import (
    RANGE_SCHEMA,
    Alternatively,
    Amount,
    Count,
    Date,
    ExpressionField,
    FrozenDict,
    Keys,
    Name,
    NumberField,
    Periods,
    Probability,
    Record,
    Table,
    Text,
    as_date,
    fail,
    whole,
)
from detente.case.numbers import POINTS
from detente.case.valuation import Remarks


class Status(Record):
    """How far a commitment was kept on a date: 0 none, 3 complete."""

    date: Date
    """The day that it describes."""
    kept: Annotated[
        int,
        BeforeValidator(whole("0 (none), 1, 2 or 3 (complete)", 0, 3)),
        WithJsonSchema({"enum": [0, 1, 2, 3]}),
    ]
    """0 none, 1 little, 2 mostly, 3 complete."""
    source: Keys = ()
    """Where it comes from: one key of 'sources', or a list of them."""
    note: Text | None = None
    """A remark."""
    evidence: Text | None = None
    """How well it was checked, or what was seen."""


def _as_due(written: Any) -> Any:
    if isinstance(written, str) and written.isdecimal():
        return whole("a number of periods or a date", 0)(written)
    try:
        return written if isinstance(written, int) else as_date(written)
    except EntryError:
        what = f"{quoted(written)} is neither a number of periods nor a date"
        fail(what, "write a date as 2027-06-01")


Due = Annotated[
    int | date,
    BeforeValidator(_as_due),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "format": "date"}]}
    ),
]


OPEN, ON_PURPOSE = "open", "open_on_purpose"
"""What stands for the meaning of a term that has none yet, or shall have none."""


class Commitment(Remarks):
    """A clause of the text: who does what by when, and how it is checked."""

    id: Name
    """The name by which other clauses refer to it."""
    who: Keys
    """The party that is bound, or a list of them."""
    to: Keys = ()
    """The party that it is owed to, or a list of them."""
    does: ExpressionField | None = None
    """What it brings about on the table: an expression such as arms == cantoned."""
    text: Text | None = None
    """The wording."""
    terms: Table[Text] = FrozenDict()
    """Words of the text with their meaning, or 'open', or 'open_on_purpose'."""
    by: Due | None = None
    """When it is due: periods after signature, or a date."""
    after: Keys = ()
    """Ids of the commitments that trigger it."""
    checked_by: Keys = ()
    """The measures of verification that would see whether it is kept."""
    level: Literal["leader", "working", "technical"] | None = None
    """Who can settle it."""
    if_not: Text | None = None
    """What follows if it is not kept."""
    brackets: Table[Text] = FrozenDict()
    """Wordings that are not agreed, by party."""
    status: tuple[Status, ...] = ()
    """How far it was kept, over time."""

    @model_validator(mode="after")
    def _check(self) -> Commitment:
        """An empty text is no meaning, wording or consequence, and 'Open' means open."""
        for term, meaning in self.terms.items():
            word = "_".join(meaning.lower().split())
            if not word:
                help = "write what it means, or open where that is not settled"
                fail(f"the term {quoted(term)} has no meaning", help, at=("terms", term))
            if word in (OPEN, ON_PURPOSE) and word != meaning:
                what = f"{quoted(meaning)} would be the meaning of {quoted(term)}"
                fail(what, f"write {word} where it shall have none", at=("terms", term))
        for party, wording in self.brackets.items():
            if not wording.strip():
                what = f"the bracket of {party} has no wording"
                fail(what, "take it out where it is closed", at=("brackets", party))
        if self.if_not is not None and not self.if_not.strip():
            fail("'if_not' says nothing", "leave it out where nothing follows", at=("if_not",))
        return self


class Package(Remarks):
    """A proposed outcome, with the text behind it."""

    name: Text | None = None
    """The wording; the key with spaces where not given."""
    outcome: Table[Text]
    """One option for each issue; what is left out stands at the status quo."""
    commitments: tuple[Commitment, ...] = ()
    """The clauses of the text."""
    follows: Text | None = None
    """The package of which it is the next version."""
    signed: Date | None = None
    """The day of signature, from which periods are counted; the case's 'as_of' if left out."""
    before: tuple[tuple[Text, Text], ...] = ()
    """Pairs [first, then] of issues, measures or guarantees: what must come before what."""
    steps: Keys = ()
    """Measures and guarantees that are put in place on the way."""


class SecondLook(Record):
    """What an alarm goes through before anybody acts: which true and false ones stay."""

    keeps_true: Probability
    """Share of the true alarms that stay."""
    keeps_false: Probability
    """Share of the false alarms that stay."""


def _as_detects(written: Any, info: ValidationInfo) -> Any:
    """One probability goes under the empty key; ``{low, high}`` may name options, though."""
    if not isinstance(written, Mapping):
        fail("'detects' names issues or violations: {arms: 0.6, troops: {held: 0.1}}")
    options = info.context or {}
    return {
        key: value
        if isinstance(value, Mapping)
        and (set(value) <= options.get(key, set()) or set(POINTS).isdisjoint(value))
        else {"": value}
        for key, value in written.items()
    }


class Measure(Remarks):
    """A means of verification.

    ``detects`` maps an issue or a violation to probabilities per period: by the option at
    which the issue really stands, or under the empty key one for all of them.
    """

    name: Text | None = None
    """The wording; the key with spaces where not given."""
    detects: Annotated[
        Table[Annotated[Table[Probability], Alternatively(RANGE_SCHEMA)]],
        BeforeValidator(_as_detects),
    ] = FrozenDict()
    """Chance per period to see cheating on an issue or a violation: one, or one by option."""
    false_alarm: Probability | None = None
    """Chance per period of an alarm although nothing happened."""
    cost: Amount | None = None
    """What it costs per period, in any unit that is the same for all measures."""
    requires: ExpressionField | None = None
    """What must be agreed for it to work: an expression such as access == anywhere."""


def _as_punishment(written: Any) -> Any:
    as_periods = whole("'forever' or a number of periods", 1)
    return written if written == "forever" else as_periods(written)


class Verification(Record):
    """How compliance would be checked."""

    period: Literal["day", "week", "month", "quarter", "year"] = "month"
    """The unit of all times in the case."""
    lag: Periods = 0
    """Periods from a finding to acting on it."""
    second_look: SecondLook | None = None
    """What an alarm goes through before anybody acts."""
    measures: Table[Measure] = FrozenDict()
    """The means of verification."""
    punishment: Annotated[
        int | Literal["forever"],
        BeforeValidator(_as_punishment),
        WithJsonSchema({"anyOf": [{"const": "forever"}, {"type": "integer", "minimum": 1}]}),
    ] = "forever"
    """How long cooperation stops after cheating was found: periods, or forever."""


class Breakout(Record):
    """A dash for a lasting prize: how many periods it takes, and what it is worth."""

    takes: Count
    """Periods from the start to the prize, 1 or more."""
    prize: NumberField
    """What the prize is worth, on the scale of the values."""


class Violation(Remarks):
    """A way to cheat that is no option on the table."""

    name: Text | None = None
    """The wording; the key with spaces where not given."""
    party: Text
    """Who could do it."""
    when: ExpressionField | None = None
    """Where it is possible: an expression; everywhere if left out."""
    gain: NumberField | None = None
    """What it brings per period while it goes on."""
    breakout: Breakout | None = None
    """The prize at its end, where it is a dash rather than a trickle."""


class Guarantee(Remarks):
    """What a party loses that lets the process collapse, imposed by a guarantor."""

    name: Text | None = None
    """The wording; the key with spaces where not given."""
    by: Text
    """The guarantor: a party, or an institution written out."""
    against: Text
    """The party that loses."""
    amount: Amount
    """What it loses, on the scale of the values."""
    when: ExpressionField | None = None
    """Where it is in force: an expression; everywhere if left out."""


class Shift(Record):
    """What one unit of a driver above its likely value changes."""

    party: Text
    """Whose values change."""
    issue: Text | None = None
    """The issue whose weight or score changes."""
    option: Text | None = None
    """The option whose score changes."""
    weight: NumberField | None = None
    """Change of the weight of the issue, per unit."""
    score: NumberField | None = None
    """Change of the score of the option, per unit."""
    walk_away: NumberField | None = None
    """Change of the walk-away value, per unit."""

    @model_validator(mode="after")
    def _check(self) -> Shift:
        if sum(x is not None for x in (self.weight, self.score, self.walk_away)) != 1:
            fail("a shift changes one of: weight, score, walk_away")
        if self.weight is not None and self.issue is None:
            fail("a shift of a weight names its issue", at=("weight",), at_key=True)
        if self.score is not None and (self.issue is None or self.option is None):
            fail("a shift of a score names its issue and option", at=("score",), at_key=True)
        return self


class CourseOfDriver(Record):
    """How a driver moves over time."""

    kind: Literal["walk", "revert"]
    """A random walk, or a return to the likely value."""
    per_year: NumberField
    """How far it moves in a year."""


class Driver(Remarks):
    """An outside factor that shifts values."""

    name: Text | None = None
    """The wording; the key with spaces where not given."""
    range: NumberField
    """Where it may lie: [low, high]."""
    likely: NumberField | None = None
    """Its likely value, at which the values of the case hold."""
    unit: Text | None = None
    """What it is counted in."""
    shifts: tuple[Shift, ...] = ()
    """What one unit above the likely value changes."""
    path: CourseOfDriver | None = None
    """How it moves over time."""
    hazards: Table[NumberField] = FrozenDict()
    """Chance per year of the event that it stands for, by the party that it befalls."""


class Source(Record):
    """Where a fact or a judgement comes from."""

    title: Text
    """What it is called."""
    date: Text | None = None
    """When it appeared, as exact as known."""
    publisher: Text | None = None
    """Who brought it out."""
    url: Text | None = None
    """Where it can be read."""
    note: Text | None = None
    """A remark, such as the page."""
