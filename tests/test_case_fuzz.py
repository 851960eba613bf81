"""Whatever is given, loading ends with a case or with a CaseError, never with anything else."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from detente.case import Case, CaseError, load
from detente.case.loading import load_document
from detente.case.reading import read_text
from detente.model.compilation import compile_case

CEASEFIRE = (Path(__file__).parent / "data" / "ceasefire.yaml").read_text()
LINES = CEASEFIRE.splitlines()

ODD = [
    "", "~", "null", "true", "no", "[]", "{}", "[[]]", "{a: {}}", "[a, a]", "0", "-1", "1.5",
    "1e999", ".inf", ".nan", "1/0", "never", "status_quo", "north", "arms", "held",
    "arms == held", "arms ==", "arms = held and", "'", '"', "*a", "&a b", "!!set {a}", "? a",
    "- a", "a: b", "|", ">", "%", "@", "{low: 1}", "{low: 2, high: 1}", "[1, 2, 3]",
    "2027-13-01", "é", "가", "\t", "\x00", "\u2028", "x" * 300, "'no'", "{outcome: status_quo}",
    '{"": 1}', "<<: *a", "#", "(", "not not", "1_0",
]  # fmt: skip


def loads_or_says_why(load_it: Any) -> None:
    """Run it; a case must also compile or say why not."""
    try:
        case = load_it()
        assert isinstance(case, Case)
        compile_case(case)
    except CaseError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.what
            assert str(problem)
            if problem.place is not None:
                assert problem.place.line >= 1
                assert problem.place.column >= 1


def load_text(text: str) -> Case:
    document = read_text(text, "drawn.yaml")
    if not isinstance(document.data, dict):
        raise CaseError("no mapping")
    return load_document(document)


@st.composite
def slips(draw: st.DrawFn) -> str:
    """The case with every section, after a few slips of the hand."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        kind = draw(st.integers(0, 6))
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(draw(st.integers(0, len(lines))), line)
        elif kind == 2:
            head, colon, _ = line.partition(":")
            lines[at] = f"{head}{colon} {draw(st.sampled_from(ODD))}"
        elif kind == 3:
            lines[at] = " " * draw(st.integers(0, 12)) + line.lstrip()
        elif kind == 4:
            words = line.split(" ")
            words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(ODD))
            lines[at] = " ".join(words)
        elif kind == 5:
            start, stop = sorted(draw(st.tuples(*[st.integers(0, len(line))] * 2)))
            lines[at] = line[:start] + draw(st.sampled_from(ODD)) + line[stop:]
        else:
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
    return "\n".join(lines)


@settings(max_examples=400, deadline=None)
@given(slips())
def test_slips_in_a_whole_case(text: str) -> None:
    loads_or_says_why(lambda: load_text(text))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80) | st.lists(st.sampled_from([*ODD, *LINES]), max_size=8).map("\n".join))
def test_any_text(text: str) -> None:
    loads_or_says_why(lambda: load_text(text))


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(raw=st.binary(max_size=200), cut=st.integers(0, len(CEASEFIRE)), whole=st.booleans())
def test_any_bytes(tmp_path: Path, raw: bytes, cut: int, whole: bool) -> None:
    file = tmp_path / "drawn.yaml"
    text = CEASEFIRE.encode()
    file.write_bytes(raw if whole else text[:cut] + raw + text[cut:])
    loads_or_says_why(lambda: load(file))


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats() | st.just(float("nan")),
    st.text(max_size=8),
    st.sampled_from(ODD),
    st.dates(),
    st.decimals(allow_nan=False),
    st.fractions(),
)
NAMES = st.sampled_from(
    [*Case.model_fields, "north", "arms", "held", "name", "scores", "", "extends"]
)
STRUCTURES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(NAMES | SCALARS, inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(NAMES, STRUCTURES, max_size=6))
def test_any_mapping(drawn: dict[str, Any]) -> None:
    drawn.pop("extends", None)
    loads_or_says_why(lambda: load(drawn))


def branches(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of all entries of a structure."""
    inner: Any = data.items() if isinstance(data, dict) else ()
    for key, value in enumerate(data) if isinstance(data, list) else inner:
        yield (*path, key)
        yield from branches(value, (*path, key))


@settings(max_examples=250, deadline=None)
@given(st.randoms(use_true_random=False), STRUCTURES, st.integers(0, 3))
def test_a_valid_mapping_with_an_entry_exchanged(draw: random.Random, new: Any, kind: int) -> None:
    data = copy.deepcopy(WHOLE)
    *way, last = draw.choice(list(branches(data)))
    here = data
    for part in way:
        here = here[part]
    if kind == 0:
        del here[last]
    elif kind == 1 and isinstance(here, dict):
        here[f"{last}x"] = here.pop(last)
    elif kind == 2:
        *other, key = draw.choice(list(branches(data)))
        there = data
        for part in other:
            there = there[part]
        here[last] = copy.deepcopy(there[key])
    else:
        here[last] = new
    loads_or_says_why(lambda: load(data))


WHOLE = read_text(CEASEFIRE).data


@settings(max_examples=60, deadline=None)
@given(strategies.cases(), STRUCTURES, st.data())
def test_any_overlay(case: dict[str, Any], new: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(list(branches(case))))
    overlay = new
    for part in reversed(path):
        overlay = {part: overlay} if isinstance(part, str) else [overlay]
    loads_or_says_why(lambda: load(case, [overlay]))


@settings(max_examples=60, deadline=None)
@given(strategies.cases())
def test_drawn_cases_are_valid(case: dict[str, Any]) -> None:
    loaded = load(case)
    assert compile_case(loaded).feasible >= 1
    assert list(loaded.parties) == list(case["parties"])


@pytest.mark.parametrize("cut", range(0, len(CEASEFIRE), 97))
def test_every_beginning_of_a_file(cut: int) -> None:
    loads_or_says_why(lambda: load_text(CEASEFIRE[:cut]))
