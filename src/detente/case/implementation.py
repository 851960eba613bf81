"""What an agreement consists of and rests on: text, verification, guarantees, drivers.

Like :mod:`detente.case.bargaining`: frozen records that mirror what is written in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from detente.case.bargaining import Remarks
from detente.case.fields import (
    Amount,
    ExpressionField,
    FrozenDict,
    Keys,
    Name,
    NumberField,
    Periods,
    Probability,
    Record,
    Table,
    fail,
)


class Status(Record):
    """How far a commitment was kept on a date: 0 none, 3 complete."""

    date: date
    kept: int = Field(ge=0, le=3)
    source: Keys = ()
    note: str | None = None
    evidence: str | None = None


def _as_due(written: Any) -> Any:
    text = str(written)
    if isinstance(written, date):
        return written
    return int(text) if text.isdigit() and len(text) < 7 else date.fromisoformat(_iso(text))


def _iso(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is neither a number of periods nor a date", "write a date as 2027-06-01")
    return text


Due = Annotated[
    int | date,
    BeforeValidator(_as_due),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "format": "date"}]}),
]


class Commitment(Remarks):
    """A clause of the text: who does what by when, and how it is checked."""

    id: Name
    who: Keys
    to: Keys = ()
    does: ExpressionField | None = None
    text: str | None = None
    terms: Table[str] = FrozenDict()
    by: Due | None = None
    after: Keys = ()
    checked_by: Keys = ()
    level: Literal["leader", "working", "technical"] | None = None
    if_not: str | None = None
    brackets: Table[str] = FrozenDict()
    status: tuple[Status, ...] = ()


class Package(Remarks):
    """A proposed outcome, with the text behind it."""

    name: str | None = None
    outcome: Table[str]
    commitments: tuple[Commitment, ...] = ()
    follows: str | None = None
    before: tuple[tuple[str, str], ...] = ()
    steps: Keys = ()


class SecondLook(Record):
    """What an alarm goes through before anybody acts: which true and false ones stay."""

    keeps_true: Probability
    keeps_false: Probability


def _as_detects(written: Any) -> Any:
    if not isinstance(written, Mapping):
        fail("'detects' names issues or violations: {arms: 0.6, troops: {held: 0.1}}")
    ranges = {"value", "low", "likely", "high", "mean", "sd"}
    return {
        key: value if isinstance(value, Mapping) and not ranges & set(value) else {"": value}
        for key, value in written.items()
    }


class Measure(Remarks):
    """A means of verification.

    ``detects`` maps an issue or a violation to probabilities per period: by the option at
    which the issue really stands, or under the empty key one for all of them.
    """

    name: str | None = None
    detects: Annotated[
        Table[Table[Probability]],
        BeforeValidator(_as_detects),
        WithJsonSchema({"type": "object"}),
    ] = FrozenDict()
    false_alarm: Probability | None = None
    cost: Amount | None = None
    requires: ExpressionField | None = None


class Verification(Record):
    """How compliance would be checked."""

    period: Literal["day", "week", "month", "quarter", "year"] = "month"
    lag: Periods = 0
    second_look: SecondLook | None = None
    measures: Table[Measure] = FrozenDict()
    punishment: Annotated[
        int | Literal["forever"],
        BeforeValidator(lambda w: w if w == "forever" else int(w) if str(w).isdigit() else w),
    ] = "forever"


class Breakout(Record):
    """A dash for a lasting prize: how many periods it takes, and what it is worth."""

    takes: Periods
    prize: NumberField


class Violation(Remarks):
    """A way to cheat that is no option on the table."""

    name: str | None = None
    party: str
    when: ExpressionField | None = None
    gain: NumberField | None = None
    breakout: Breakout | None = None


class Guarantee(Remarks):
    """What a party loses that lets the process collapse, imposed by a guarantor."""

    name: str | None = None
    by: str
    against: str
    amount: Amount
    when: ExpressionField | None = None


class Shift(Record):
    """What one unit of a driver above its likely value changes."""

    party: str
    issue: str | None = None
    option: str | None = None
    weight: NumberField | None = None
    score: NumberField | None = None
    walk_away: NumberField | None = None

    @model_validator(mode="after")
    def _check(self) -> Shift:
        if sum(x is not None for x in (self.weight, self.score, self.walk_away)) != 1:
            fail("a shift changes one of: weight, score, walk_away")
        if self.weight is not None and self.issue is None:
            fail("a shift of a weight names its issue")
        if self.score is not None and (self.issue is None or self.option is None):
            fail("a shift of a score names its issue and option")
        return self


class CourseOfDriver(Record):
    """How a driver moves over time."""

    kind: Literal["walk", "revert"]
    per_year: NumberField


class Driver(Remarks):
    """An outside factor that shifts values."""

    name: str | None = None
    range: NumberField
    likely: NumberField | None = None
    unit: str | None = None
    shifts: tuple[Shift, ...] = ()
    path: CourseOfDriver | None = None
    hazards: Table[NumberField] = FrozenDict()


class Source(Record):
    """Where a fact or a judgement comes from."""

    title: str
    date: str | None = None
    publisher: str | None = None
    url: str | None = None
    note: str | None = None
