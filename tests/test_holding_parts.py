"""The parts of stability under many codings: gains in floats, sets of codings, kinds of moves."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detente.model.draws import TOLERANCE
from detente.stability.graph.mover import from_heads
from detente.stability.graph.preference import preference
from detente.uncertainty.holding.bits import Rows, joined, packed, union, unpacked
from detente.uncertainty.holding.gains import better
from detente.uncertainty.holding.kinds import Kinds

sizes = st.sampled_from([0, 1, 5, 63, 64, 65, 200])


@given(st.integers(0, 6), sizes, st.integers(0, 2**32))
def test_bits(rows: int, codings: int, seed: int) -> None:
    marks = np.random.default_rng(seed).random((rows, codings)) < 0.4
    words = packed(marks)
    assert words.shape == (rows, -(-codings // 64))
    assert (unpacked(words, codings) == marks).all()
    assert (unpacked(union(words), codings) == marks.any(axis=0)).all()
    assert sum(int(word).bit_count() for word in words.ravel()) == marks.sum()


@given(st.lists(st.integers(0, 4), max_size=9), st.integers(0, 2**32))
def test_rows_with_one_key_are_joined(keys: list[int], seed: int) -> None:
    marks = np.random.default_rng(seed).random((len(keys), 70)) < 0.3
    found, rows = joined(np.array(keys, dtype=np.int64), packed(marks))
    assert found.tolist() == sorted(set(keys))
    for key, row in zip(found, rows, strict=True):
        assert (unpacked(row, 70) == marks[np.array(keys) == key].any(axis=0)).all()


@given(st.lists(st.lists(st.integers(0, 40), max_size=12), max_size=5), st.integers(1, 7))
def test_rows_are_computed_once(asked: list[list[int]], block: int) -> None:
    computed: list[int] = []

    def compute(keys: np.ndarray) -> np.ndarray:
        assert len(keys) <= block
        computed.extend(keys.tolist())
        return np.stack([keys, keys**2], axis=1).astype(np.uint64)

    rows = Rows(2, compute, block)
    for keys in asked:
        found = rows.at(np.array(keys, dtype=np.int64))
        assert found.tolist() == [[key, key**2] for key in keys]
    assert sorted(computed) == sorted(set(computed))


numbers = st.one_of(
    st.integers(-3, 3).map(float),
    st.floats(-100, 100).map(lambda x: round(x, 1)),
    st.sampled_from([1e-13, 1e-12, 3e-12, 0.1 + 0.2, 1e6]),
)


@given(st.data())
def test_gains(data: st.DataObject) -> None:
    """Against exact sums: better by more than a share of the sizes of the terms that differ.

    Gains that lie at the limit itself, as far as floats tell, may count or not.
    """
    width = data.draw(st.integers(0, 4))
    row = st.lists(numbers, min_size=width, max_size=width)
    change = st.lists(st.integers(-1, 1), min_size=width, max_size=width)
    terms = data.draw(st.lists(row, max_size=4))
    changes = data.draw(st.lists(change, max_size=5))
    found = better(
        np.array(terms).reshape(len(terms), width),
        np.array(changes, dtype=np.float64).reshape(len(changes), width),
    )
    assert found.shape == (len(changes), len(terms))
    for place, counts in enumerate(changes):
        for coding, own in enumerate(terms):
            exact = [Fraction(n) * count for n, count in zip(own, counts, strict=True)]
            gain, size = sum(exact), sum(map(abs, exact))
            limit = Fraction(TOLERANCE) * size
            if abs(gain - limit) > Fraction(1, 10**15) * size or not size:
                assert found[place, coding] == (gain > limit)


@given(st.integers(1, 12), st.integers(1, 3), st.integers(0, 2**32))
def test_kinds_of_moves(states: int, members: int, seed: int) -> None:
    """Moves of one kind change the same, and whether they improve is told from the kind."""
    chance = np.random.default_rng(seed)
    context = chance.integers(0, 3, states)
    steady = chance.integers(-2, 3, (3, 2))[context]  # what no move changes
    reads = [
        np.concatenate([steady, chance.integers(-1, 2, (states, 3))], axis=1)
        for _ in range(members)
    ]
    terms = [chance.integers(-2, 3, (66, 5)).astype(np.float64) for _ in range(members)]
    tails, heads = np.nonzero(context[:, None] == context[None, :])
    liked = [preference(np.zeros(states, dtype=np.int64))] * members
    mover = from_heads(tuple(range(members)), heads, tails, np.arange(states), liked)
    kinds = Kinds(mover, context, reads)
    for _ in range(2):  # met first, and known
        some = chance.permutation(len(tails))[: len(tails) // 2 + 1]
        found = kinds.at(tails[some], heads[some])
        assert len(np.unique(found)) <= found.max() + 1
        told = kinds.improving(found, terms)
        for place, move in enumerate(some):
            change = [read[heads[move]] - read[tails[move]] for read in reads]
            gains = [own @ each for own, each in zip(terms, change, strict=True)]
            assert (told[place] == (np.array(gains) > 0).all(axis=0)).all()
    every = np.concatenate([read[heads] - read[tails] for read in reads], axis=1)
    assert len(np.unique(kinds.at(tails, heads))) == len(np.unique(every, axis=0))
