"""The journal of an evaluation: gone on with, the result is that of a run without a break."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case import CaseError
from detente.uncertainty.answer import Failed
from detente.uncertainty.batches import BATCH
from detente.uncertainty.evaluation import Evaluated, Journal, Part, evaluate, tasks
from evaluation_questions import Drawn, Failing, Noting, Slow, assert_same, by_definition

DRAWS = 6 * BATCH + 100
KEY = {"seed": "7", "case": "c0ffee"}
BAD = frozenset({3, BATCH, DRAWS - 1})


@pytest.fixture(autouse=True)
def one_batch_a_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "SHORTEST", 0.0)


def interrupted(question: Drawn, journal: Journal, after: int, workers: int = 1) -> Evaluated:
    def stop(done: int, total: int, seconds: float) -> None:
        if done >= after:
            raise KeyboardInterrupt

    return evaluate(question, DRAWS, journal=journal, progress=stop, workers=workers)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("draws-*.npz"))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_is_gone_on_with_is_as_one_without_a_break(tmp_path: Path, workers: int) -> None:
    journal, question = Journal(tmp_path / "run", KEY), Failing(bad=BAD)
    first = interrupted(question, journal, 3 * BATCH, workers)
    assert first.interrupted and first.draws < DRAWS
    second = evaluate(question, DRAWS, journal=journal, workers=workers)
    straight = evaluate(question, DRAWS, workers=1)
    assert_same(second, straight.columns)
    assert second.failures == straight.failures and len(straight.failures) == 3
    assert (second.ok == straight.ok).all() and not second.interrupted
    assert 3 * BATCH <= second.resumed < DRAWS
    third = evaluate(question, DRAWS, journal=journal, workers=workers)
    assert third.resumed == DRAWS
    assert_same(third, straight.columns)
    assert third.failures == straight.failures


def test_only_what_is_missing_is_asked(tmp_path: Path) -> None:
    journal, question = Journal(tmp_path, KEY), Noting()
    interrupted(question, journal, 2 * BATCH)
    question.asked.clear()
    told: list[int] = []
    found = evaluate(
        question, DRAWS, journal=journal, workers=1, progress=lambda done, *_: told.append(done)
    )
    assert question.asked[0].start == 2 * BATCH == found.resumed
    assert sum(map(len, question.asked)) == DRAWS - 2 * BATCH
    assert told[:2] == [2 * BATCH, 3 * BATCH]


@given(st.lists(st.sampled_from(range(7)), max_size=4), st.integers(0, 3000))
@settings(max_examples=20, deadline=None)
def test_what_is_torn_or_lost_is_done_again(
    tmp_path_factory: pytest.TempPathFactory, broken: list[int], size: int
) -> None:
    folder = tmp_path_factory.mktemp("run")
    journal, question = Journal(folder, KEY), Noting()
    evaluate(question, DRAWS, journal=journal, workers=1)
    all_files = files(folder)
    assert len(all_files) == 7
    for place in broken:
        held = all_files[place].read_bytes()
        all_files[place].write_bytes(held[: min(size, len(held) - 1)])
    question.asked.clear()
    found = evaluate(question, DRAWS, journal=journal, workers=1)
    assert_same(found, by_definition(Drawn(), DRAWS))
    assert [draws.start // BATCH for draws in question.asked] == sorted(set(broken))


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    journal = Journal(tmp_path, KEY)
    evaluate(Drawn(), DRAWS, journal=journal, workers=1)
    held = bytearray(files(tmp_path)[2].read_bytes())
    held[len(held) // 2] ^= 1
    files(tmp_path)[2].write_bytes(held)
    found = evaluate(Drawn(), DRAWS, journal=journal, workers=1)
    assert found.resumed == DRAWS - BATCH
    assert_same(found, by_definition(Drawn(), DRAWS))


def test_a_file_that_was_being_written_is_removed(tmp_path: Path) -> None:
    journal = Journal(tmp_path, KEY)
    interrupted(Drawn(), journal, BATCH)
    unfinished = tmp_path / "draws-000000001024-000000002048.npz.unfinished"
    unfinished.write_bytes(files(tmp_path)[0].read_bytes())
    assert evaluate(Drawn(), DRAWS, journal=journal, workers=1).resumed == BATCH
    assert not unfinished.exists()


def test_a_run_can_be_gone_on_with_for_more_draws_or_fewer(tmp_path: Path) -> None:
    journal = Journal(tmp_path, KEY)
    for draws, resumed in ((1500, 0), (3000, BATCH), (2000, BATCH), (1500, 1500), (3000, 3000)):
        found = evaluate(Drawn(), draws, journal=journal, workers=1)
        assert found.resumed == resumed
        assert_same(found, by_definition(Drawn(), draws))


def test_when_it_is_enough_is_the_same_after_a_break(tmp_path: Path) -> None:
    def enough(part: Part) -> bool:
        return part.stop >= 4 * BATCH

    journal = Journal(tmp_path, KEY)
    interrupted(Drawn(), journal, 2 * BATCH)
    for _ in range(2):
        found = evaluate(Drawn(), DRAWS, enough=enough, journal=journal, workers=1)
        assert found.enough and found.draws == 4 * BATCH
        assert_same(found, by_definition(Drawn(), 4 * BATCH))
    # What is known already needs nobody to work it out.
    noted = Noting()
    assert evaluate(noted, DRAWS, enough=enough, journal=journal, workers=1).draws == 4 * BATCH
    assert not noted.asked


def test_files_hold_no_pickled_objects_and_any_text(tmp_path: Path) -> None:
    failed = Failed(1, "NotANumber: «½ / 0»\n", {"drivers.oil price/λ": float("nan")})
    part = Part(0, np.array([True, False, True]), {"a/b ☂": np.array([[1, 2], [3, 4]])}, (failed,))
    journal = Journal(tmp_path / "new" / "folder", KEY)
    journal.open()
    journal.write(part)
    with np.load(files(journal.path)[0], allow_pickle=False) as arrays:
        assert set(arrays) == {"about", "ok", "column_0"}
    (read,) = journal.parts(3)
    assert read.columns["a/b ☂"].tolist() == [[1, 2], [3, 4]]
    assert read.ok.tolist() == [True, False, True]
    assert read.failures[0].message == failed.message
    assert np.isnan(read.failures[0].inputs["drivers.oil price/λ"])


# ---------------------------------------------------------------- what cannot be gone on with


def test_another_run_is_refused_with_what_differs(tmp_path: Path) -> None:
    Journal(tmp_path, KEY).open()
    with pytest.raises(CaseError) as refused:
        evaluate(Drawn(), 5, journal=Journal(tmp_path, {"seed": "8", "case": "c0ffee", "new": "1"}))
    message = str(refused.value)
    assert "seed is '7' there and '8' here" in message
    assert "new is 'not given' there and '1' here" in message
    assert "case" not in message.partition("another run's")[2].partition("\n")[0]
    assert not files(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is no journal"),
        ("[]", "another version"),
        (json.dumps({"journal": 99, "batch": BATCH, "key": KEY}), "another version"),
        (json.dumps({"journal": 1, "batch": 512, "key": KEY}), "another version"),
    ],
)
def test_a_journal_of_another_kind_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "journal.json").write_text(content)
    with pytest.raises(CaseError, match=message):
        Journal(tmp_path, KEY).open()


def test_somebody_elses_folder_or_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CaseError, match="not empty and holds no journal"):
        Journal(tmp_path, KEY).open()
    with pytest.raises(CaseError, match="is a file"):
        Journal(tmp_path / "thesis.txt", KEY).open()
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_what_a_worker_had_not_finished_is_no_part(tmp_path: Path) -> None:
    """Parts of a batch, as when one that kills its worker is halved, are worked out again."""
    journal = Journal(tmp_path, KEY)
    journal.open()
    journal.write(Part(0, np.ones(512, np.bool_), {"draw": np.arange(512)}))
    journal.write(Part(512, np.ones(512, np.bool_), {"draw": np.arange(512)}))
    assert journal.parts(DRAWS) == []


def test_the_folder_of_a_slow_question(tmp_path: Path) -> None:
    """What was finished out of order is kept too, though it is not in the partial result."""
    (tmp_path / "pids").mkdir()
    question: Any = Slow(folder=tmp_path / "pids", seconds=0.01)
    journal = Journal(tmp_path / "run", KEY)
    first = interrupted(question, journal, 4 * BATCH, workers=2)
    kept = sum(len(part.ok) for part in journal.parts(DRAWS))
    assert kept >= 4 * BATCH >= first.draws
    assert evaluate(question, DRAWS, journal=journal, workers=2).resumed == kept
