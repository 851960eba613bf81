"""Field types of the case file: what each accepts, what it becomes, its JSON Schema."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
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
from pydantic_core import CoreSchema, PydanticCustomError

from detente.case.expressions import Expression, ExpressionError, parse
from detente.case.numbers import NUMBER_KEYS, Number, parse_fraction, parse_number, show

T = TypeVar("T")

_NAME = re.compile(r"\w+")
_NUMBER_SCHEMA: dict[str, Any] = {"type": ["number", "string"], "title": "number"}


class Record(BaseModel):
    """A part of a case: frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class FrozenDict(dict[str, T]):
    """A dictionary that refuses to be changed, so that a Case stays what was loaded."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a Case cannot be changed; write an overlay and load it with the case")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


Table = Annotated[dict[str, T], AfterValidator(FrozenDict)]
"""A mapping from names to records."""


@dataclass(frozen=True, eq=False)
class Alternatively:
    """A further way of writing a field that its validator turns into the usual one."""

    schema: dict[str, Any]

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The usual schema or the further one."""
        return {"anyOf": [self.schema, handler(core_schema)]}


def fail(what: str, help: str = "", column: int | None = None, width: int = 1) -> NoReturn:
    """Refuse an entry with a sentence and an advice."""
    context = {"what": what, "help": help, "column": column, "width": width}
    raise PydanticCustomError("detente", "{what}", context)


def check_name(name: str) -> str:
    """Names are single words that can stand in an expression."""
    if not _NAME.fullmatch(name):
        fixed = re.sub(r"\W+", "_", name).strip("_") or "name"
        fail(
            f"{name!r} cannot be a name here: names are letters, digits and underscores",
            f"write {fixed}, and put the full wording under 'name:'",
        )
    if keyword.iskeyword(name) or name.lower() in ("true", "false", "null"):
        fail(
            f"{name!r} cannot be a name: it has a meaning of its own in expressions",
            f"write {name}_ or another word",
        )
    return name


Name = Annotated[str, AfterValidator(check_name)]


def _guard(parse_value: Any) -> Any:
    """Turn a parser's ValueError into an entry's error."""

    def validate(written: Any) -> Any:
        try:
            return parse_value(written)
        except ValueError as error:
            fail(str(error))

    return validate


def _as_expression(written: Any) -> Expression:
    if isinstance(written, Expression):
        return written
    if not isinstance(written, str):
        fail("expected an expression such as troops == withdrawn")
    try:
        return parse(written)
    except ExpressionError as error:
        fail(error.what, error.help, error.column, error.width)


ExpressionField = Annotated[
    Expression,
    BeforeValidator(_as_expression),
    WithJsonSchema({"type": "string", "title": "expression", "examples": ["arms >= cantoned"]}),
]

_RANGE_SCHEMA: dict[str, Any] = {
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
                "because": {"type": "string"},
            },
            "additionalProperties": False,
        },
    ],
}

NumberField = Annotated[
    Number, BeforeValidator(_guard(parse_number)), WithJsonSchema(_RANGE_SCHEMA)
]


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
    _within(Fraction(0), Fraction(1), True, "what a year from now is worth lies in [0, 1)"),
]


def _not_negative(number: Number) -> Number:
    if number.point < 0 or (number.low is not None and number.low < 0):
        fail(f"this number cannot be negative; it is {number}")
    return number


Amount = Annotated[NumberField, AfterValidator(_not_negative)]


def _as_keys(written: Any) -> Any:
    if written is None:
        fail("expected a name or a list of names, found nothing")
    return tuple(written) if isinstance(written, (list, tuple)) else (written,)


Keys = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_keys),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""One name or a list of them."""


def _as_periods(written: Any) -> int:
    text = str(written)
    if not re.fullmatch(r"\d{1,6}", text):
        fail(f"expected a whole number of periods, found {text!r}")
    return int(text)


Periods = Annotated[
    int, BeforeValidator(_as_periods), WithJsonSchema({"type": "integer", "minimum": 0})
]

Never = Literal["never"]


def _as_undo_time(written: Any) -> int | str:
    return "never" if written == "never" else _as_periods(written)


UndoTime = Annotated[
    int | Never,
    BeforeValidator(_as_undo_time),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"const": "never"}]}),
]


@dataclass(frozen=True)
class PerOption:
    """One value for a whole issue, or one per option.

    ``default`` holds for every option that ``options`` does not name.
    """

    default: int | Never | None
    options: Mapping[str, int | Never]


def _per_option(convert: Any) -> Any:
    def validate(written: Any) -> PerOption:
        if isinstance(written, PerOption):
            return written
        if isinstance(written, Mapping):
            return PerOption(
                None, FrozenDict({key: convert(value) for key, value in written.items()})
            )
        return PerOption(convert(written), FrozenDict())

    return validate


def _per_option_schema(entry: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [entry, {"type": "object", "additionalProperties": entry}]})


UndoField = Annotated[
    PerOption,
    BeforeValidator(_per_option(_as_undo_time)),
    _per_option_schema({"anyOf": [{"type": "integer", "minimum": 0}, {"const": "never"}]}),
]
TakesField = Annotated[
    PerOption,
    BeforeValidator(_per_option(_as_periods)),
    _per_option_schema({"type": "integer", "minimum": 0}),
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
    if isinstance(written, Mapping) and not set(written) <= NUMBER_KEYS:
        if "outcome" in written and isinstance(written["outcome"], (Mapping, str)):
            inner = _as_walk_away(written["outcome"])
            return WalkAway(inner.number, inner.outcome, written.get("because"))
        return WalkAway(outcome=FrozenDict({k: str(v) for k, v in written.items()}))
    number = _guard(parse_number)(written)
    return WalkAway(number=number, because=number.because)


WalkAwayField = Annotated[
    WalkAway,
    BeforeValidator(_as_walk_away),
    WithJsonSchema({"anyOf": [_RANGE_SCHEMA, {"const": "status_quo"}, {"type": "object"}]}),
]


def exact(written: Any) -> Fraction:
    """An exact number without a range."""
    result: Fraction = _guard(parse_fraction)(written)
    return result


ExactField = Annotated[Fraction, BeforeValidator(exact), WithJsonSchema(_NUMBER_SCHEMA)]
