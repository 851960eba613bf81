"""Numbers as a person states them: exact, in all their forms, or refused with a reason."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case.errors import EntryError
from detente.case.numbers import Number, parse_fraction, parse_number, show


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.1", Fraction(1, 10)),
        ("1/3", Fraction(1, 3)),
        ("-2/4", Fraction(-1, 2)),
        ("1_000", Fraction(1000)),
        ("+5", Fraction(5)),
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("1e3", Fraction(1000)),
        ("2.5E-1", Fraction(1, 4)),
        (" 7 ", Fraction(7)),
        (3, Fraction(3)),
        (0.1, Fraction(1, 10)),
        (Decimal("0.30"), Fraction(3, 10)),
        (Fraction(2, 7), Fraction(2, 7)),
    ],
)
def test_a_written_number_is_read_exactly(written: object, value: Fraction) -> None:
    assert parse_fraction(written) == value


def test_decimals_add_up_on_paper() -> None:
    assert parse_fraction("0.1") + parse_fraction("0.2") == parse_fraction("0.3")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (".inf", "not a finite number"),
        ("-.Inf", "not a finite number"),
        ("nan", "not a finite number"),
        (float("inf"), "not a finite number"),
        (float("nan"), "not a finite number"),
        ("1e999", "too large"),
        ("1e16", "too large"),
        ("1/0", "divides by zero"),
        ("9" * 61, "61 characters"),
        ("", "expected a number, found ''"),
        ("ten", "expected a number, found 'ten'"),
        ("0x1F", "expected a number"),
        ("1e", "expected a number"),
        ("1 000", "expected a number"),
        ("--1", "expected a number"),
        (None, "found nothing"),
        (True, "found 'True'"),
        ([1], "found a list"),
        ({"value": 1}, "found a mapping"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(written: object, message: str) -> None:
    with pytest.raises(EntryError, match=message):
        parse_fraction(written)


@pytest.mark.parametrize(
    ("written", "help"), [("0,5", "decimals with a point"), ("50%", "a share as a decimal")]
)
def test_common_slips_get_an_advice(written: str, help: str) -> None:
    with pytest.raises(EntryError) as caught:
        parse_fraction(written)
    assert help in caught.value.help


def test_the_forms_of_a_number() -> None:
    assert parse_number("5") == Number(Fraction(5))
    assert parse_number({"value": 5, "because": "said so"}).because == "said so"
    uniform = parse_number(["1", "2"])
    assert uniform == Number(Fraction(3, 2), "uniform", Fraction(1), Fraction(2))
    triangular = parse_number({"low": 30, "likely": 55, "high": "70", "source": "a"})
    assert (triangular.point, triangular.shape, triangular.source) == (55, "triangular", ("a",))
    assert parse_number({"low": 0, "likely": 1, "high": 2, "shape": "pert"}).shape == "pert"
    normal = parse_number({"mean": 4, "sd": 2, "source": ["a", "b"]})
    assert (normal.point, normal.sd, normal.low, normal.source) == (4, 2, None, ("a", "b"))
    assert not parse_number(3).is_range
    assert normal.is_range
    assert (float(normal), str(uniform)) == (4.0, "1.5")


@pytest.mark.parametrize(
    ("written", "message", "at"),
    [
        ([3, 2], "3 is above 2", ()),
        ([1], "this list has 1 entries", ()),
        ([1, 2, 3], "this list has 3 entries", ()),
        (["x", 2], "found 'x'", (0,)),
        ({"low": 2, "likely": 1, "high": 3}, "these are 2, 1, 3", ()),
        ({"low": 2, "high": 1}, "2 is above 1", ()),
        ({"low": 1, "likely": 2}, "this one has likely, low", ()),
        ({}, "this one has none of these", ()),
        ({"low": 1, "hihg": 2}, "unknown key 'hihg' of a number; did you mean 'high'", ("hihg",)),
        ({"low": 1, "high": ".nan"}, "not a finite", ("high",)),
        ({"mean": 1, "sd": -1}, "cannot be negative", ("sd",)),
        ({"mean": 1, "sd": 1, "shape": "pert"}, "'shape' is triangular or pert", ("shape",)),
        ({"low": 1, "likely": 2, "high": 3, "shape": "flat"}, "'shape' is", ("shape",)),
        ({"value": 1, "because": ["a"]}, "expected text, found a list", ("because",)),
        ({"value": 1, "because": None}, "expected text, found nothing", ("because",)),
        ({"value": 1, "source": {"a": 1}}, "name of a source", ("source",)),
        ({"value": 1, "source": [None]}, "name of a source", ("source",)),
        ({"value": None}, "found nothing", ("value",)),
    ],
)
def test_a_number_in_parts_names_the_part_that_is_wrong(
    written: object, message: str, at: tuple[str | int, ...]
) -> None:
    with pytest.raises(EntryError) as caught:
        parse_number(written)
    assert message in caught.value.what
    assert caught.value.at == at


@given(st.fractions(-(10**6), 10**6, max_denominator=10**6))
def test_what_is_shown_reads_back_as_the_same_number(value: Fraction) -> None:
    assert parse_fraction(show(value)) == value


@given(st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=6))
def test_decimals_are_what_was_written(value: Decimal) -> None:
    assert parse_fraction(str(value)) == Fraction(value)


@given(st.text(max_size=20) | st.from_regex(r"[-+]?[0-9_./eE]{1,12}", fullmatch=True))
def test_any_text_is_a_bounded_number_or_an_entry_error(text: str) -> None:
    try:
        value = parse_fraction(text)
    except EntryError as error:
        assert error.what
    else:
        assert abs(value) <= 10**15
