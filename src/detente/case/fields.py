"""Field types of the case file: what each accepts, what it becomes, its JSON Schema."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from detente.case.descriptions import describe
from detente.case.errors import EntryError, Path, quoted, shown, unknown
from detente.case.expressions import Expression, parse
from detente.case.numbers import POINTS, Number, parse_fraction, parse_number, show, text_of

T = TypeVar("T")

_NAME = re.compile(r"\w+")
_OPTION = re.compile(r"\w+(\.\w+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WHOLE = re.compile(r"\d{1,6}")
_TEXT_SCHEMA: dict[str, Any] = {"type": ["string", "number"]}
_NUMBER_SCHEMA: dict[str, Any] = {"type": ["number", "string"], "title": "number"}


class Record(BaseModel):
    """A part of a case: frozen, and strict about its keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        json_schema_extra=describe,
        defer_build=True,
    )


class FrozenDict(dict[str, T]):
    """A dictionary that refuses to be changed, so that a Case stays what was loaded."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a Case cannot be changed; write an overlay and load it with the case")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)

    def __deepcopy__(self, _: Any) -> FrozenDict[T]:
        return self  # so that a default costs nothing: nobody can change it


Table = Annotated[dict[str, T], AfterValidator(FrozenDict)]
"""A mapping from names to records."""


@dataclass(frozen=True, eq=False)
class Alternatively:
    """A further way of writing a field that its validator turns into the usual one.

    ``usual`` says more about the usual way than its type does.
    """

    schema: dict[str, Any]
    usual: dict[str, Any] = field(default_factory=dict)

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The usual schema or the further one."""
        return {"anyOf": [self.schema, {**handler(core_schema), **self.usual}]}


def _empty(written: Any) -> Any:
    return {} if written is None else written


Bare = Annotated[T, BeforeValidator(_empty), Alternatively({"type": "null"})]
"""A record whose keys may all be left out, so that its name alone (``north:``) will do."""


def fail(what: str, help: str = "", at: Path = (), *, at_key: bool = False) -> NoReturn:
    """Refuse an entry, or a part of it (``at``), with a sentence and an advice."""
    raise EntryError(what, help, at=at, at_key=at_key)


def check_name(name: str, *, option: bool = False) -> str:
    """Names are single words that can stand in an expression; an option may have a point."""
    if not (_OPTION if option else _NAME).fullmatch(name):
        fixed = re.sub(r"\W+", "_", name).strip("_") or "name"
        fail(
            f"{quoted(name)} cannot be a name here: names are letters, digits and underscores",
            f"write {quoted(fixed)}, and the full wording beside it",
        )
    if keyword.iskeyword(name) or name.lower() in ("true", "false", "null"):
        fail(
            f"{name!r} cannot be a name: it has a meaning of its own",
            f"write {name}_ or another word",
        )
    return name


Name = Annotated[str, AfterValidator(check_name)]
Text = Annotated[str, WithJsonSchema(_TEXT_SCHEMA)]
"""Words as written; to an editor a year or a version looks like a number."""


def as_date(written: Any) -> date:
    """A day written as 2027-06-01."""
    if isinstance(written, date):
        return written
    try:
        if isinstance(written, str) and _DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass  # a day that no month has
    fail(f"expected a date, found {shown(written)}", "write a date as 2027-06-01")


Date = Annotated[
    date, BeforeValidator(as_date), WithJsonSchema({"type": "string", "format": "date"})
]


def _as_expression(written: Any) -> Expression:
    if isinstance(written, Expression):
        return written
    if not isinstance(written, str):
        fail("expected an expression such as troops == withdrawn")
    return parse(written)


ExpressionField = Annotated[
    Expression,
    BeforeValidator(_as_expression),
    WithJsonSchema({"type": "string", "title": "expression", "examples": ["arms >= cantoned"]}),
]

RANGE_SCHEMA: dict[str, Any] = {
    "title": "number, with or without a range",
    "anyOf": [
        _NUMBER_SCHEMA,
        {"type": "array", "items": _NUMBER_SCHEMA, "minItems": 2, "maxItems": 2},
        {
            "type": "object",
            "properties": {
                **dict.fromkeys(("value", "low", "likely", "high", "mean", "sd"), _NUMBER_SCHEMA),
                "shape": {"enum": ["triangular", "pert"]},
                "source": {"type": ["string", "array"], "items": {"type": "string"}},
                "because": _TEXT_SCHEMA,
            },
            "additionalProperties": False,
        },
    ],
}

NumberField = Annotated[Number, BeforeValidator(parse_number), WithJsonSchema(RANGE_SCHEMA)]


def _within(low: Fraction, high: Fraction, open_end: bool, what: str) -> AfterValidator:
    def check(number: Number) -> Number:
        for value in (number.point, number.low, number.high):
            if value is None or low <= value < high or (value == high and not open_end):
                continue
            fail(f"{what}; this is {show(value)}")
        return number

    return AfterValidator(check)


Probability = Annotated[
    NumberField, _within(Fraction(0), Fraction(1), False, "a probability is between 0 and 1")
]
Discount = Annotated[
    NumberField,
    _within(Fraction(0), Fraction(1), True, "the worth of a year from now lies in [0, 1)"),
]


def _not_negative(number: Number) -> Number:
    least = number.point if number.low is None else number.low
    if least < 0:
        fail(f"this number cannot be negative; it is {show(least)}")
    return number


Amount = Annotated[NumberField, AfterValidator(_not_negative)]


def _as_keys(written: Any) -> Any:
    if written is None:
        fail("expected a name or a list of names, found nothing")
    return tuple(written) if isinstance(written, (list, tuple)) else (written,)


Keys = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_keys),
    WithJsonSchema({"anyOf": [_TEXT_SCHEMA, {"type": "array", "items": _TEXT_SCHEMA}]}),
]
"""One name or a list of them."""


def whole(what: str, least: int, most: int = 999_999) -> Callable[[Any], int]:
    """A reader of whole numbers between two bounds; ``what`` says what is expected."""

    def validate(written: Any) -> int:
        text = str(written)
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
            fail(f"expected {what}, found {shown(written)}")
        return int(text)

    return validate


_as_periods = whole("a whole number of periods", 0)
_PERIODS_SCHEMA: dict[str, Any] = {"type": "integer", "minimum": 0}
_COUNT_SCHEMA: dict[str, Any] = {"type": "integer", "minimum": 1}

Periods = Annotated[int, BeforeValidator(_as_periods), WithJsonSchema(_PERIODS_SCHEMA)]
Count = Annotated[
    int, BeforeValidator(whole("a whole number from 1", 1)), WithJsonSchema(_COUNT_SCHEMA)
]

Never = Literal["never"]


def _as_undo_time(written: Any) -> int | Never:
    return "never" if written == "never" else _as_periods(written)


@dataclass(frozen=True)
class PerOption:
    """One value for a whole issue, or one per option.

    ``default`` holds for every option that ``options`` does not name.
    """

    default: int | Never | None
    options: Mapping[str, int | Never]


def _per_option(convert: Callable[[Any], int | Never]) -> Callable[[Any], PerOption]:
    def validate(written: Any) -> PerOption:
        if isinstance(written, PerOption):
            return written
        if not isinstance(written, Mapping):
            return PerOption(convert(written), FrozenDict())
        options: dict[str, int | Never] = {}
        for option, value in written.items():
            try:
                options[option] = convert(value)
            except EntryError as error:
                fail(error.what, error.help, (option,))
        return PerOption(None, FrozenDict(options))

    return validate


def _per_option_schema(entry: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [entry, {"type": "object", "additionalProperties": entry}]})


UndoField = Annotated[
    PerOption,
    BeforeValidator(_per_option(_as_undo_time)),
    _per_option_schema({"anyOf": [_PERIODS_SCHEMA, {"const": "never"}]}),
]
TakesField = Annotated[
    PerOption, BeforeValidator(_per_option(_as_periods)), _per_option_schema(_PERIODS_SCHEMA)
]


@dataclass(frozen=True)
class WalkAway:
    """What a party has without a deal: a number, an outcome, or today's state."""

    number: Number | None = None
    outcome: Mapping[str, str] | None = None
    because: str | None = None

    @property
    def is_status_quo(self) -> bool:
        """Whether no deal is simply today's state."""
        return self.number is None and self.outcome is None


def _as_walk_away(written: Any) -> WalkAway:
    if isinstance(written, WalkAway):
        return written
    if written == "status_quo":
        return WalkAway()
    stated = not isinstance(written, Mapping) or not set(POINTS).isdisjoint(written)
    if stated or set(written) <= {"because", "source"}:
        number = parse_number(written)
        return WalkAway(number=number, because=number.because)
    outcome = written.get("outcome")
    if outcome == "status_quo":
        inner: Mapping[str, str] | None = None
    elif isinstance(outcome, Mapping):
        inner = _texts(outcome, ("outcome",))
    else:
        return WalkAway(outcome=_texts(written))
    for key in set(written) - {"outcome", "because"}:
        fail(*unknown("key", key, ("outcome", "because")), (key,), at_key=True)
    return WalkAway(outcome=inner, because=text_of(written, "because"))


def _texts(written: Mapping[str, Any], at: Path = ()) -> Mapping[str, str]:
    for key, value in written.items():
        if not isinstance(value, str):
            fail(f"expected an option, found {shown(value)}", at=(*at, key))
    return FrozenDict(written)


OUTCOME_SCHEMA: dict[str, Any] = {"type": "object", "additionalProperties": _TEXT_SCHEMA}
"""One option for some issues."""
WalkAwayField = Annotated[
    WalkAway,
    BeforeValidator(_as_walk_away),
    WithJsonSchema(
        {
            "anyOf": [
                RANGE_SCHEMA,
                {"const": "status_quo"},
                {
                    "type": "object",
                    "properties": {
                        "outcome": {"anyOf": [{"const": "status_quo"}, OUTCOME_SCHEMA]},
                        "because": _TEXT_SCHEMA,
                    },
                    "required": ["outcome"],
                    "additionalProperties": False,
                },
                OUTCOME_SCHEMA,
            ]
        }
    ),
]


ExactField = Annotated[Fraction, BeforeValidator(parse_fraction), WithJsonSchema(_NUMBER_SCHEMA)]
