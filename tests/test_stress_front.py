"""``stress`` as it is asked: seeds, sizes, cases with little in them, codings, bad input."""

from __future__ import annotations

import json
import math
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import detente
from detente.case import Case, CaseError
from detente.uncertainty.batches import BATCH
from detente.uncertainty.stress_result import StressResult

QUICK: dict[str, Any] = {"deciding": False, "robust": False, "workers": 1}
SMALL = 2 * BATCH


@pytest.fixture
def written(table: dict[str, Any]) -> dict[str, Any]:
    """Arms for the embargo: both may or may not want it, and north may keep something."""
    scores = table["values"]["north"]["scores"]
    scores["embargo"]["lifted"] = {"low": 45, "likely": 58, "high": 70}
    scores["arms"]["destroyed"] = [-5, 5]
    table["values"]["south"]["scores"]["embargo"]["full"] = [0, 30]
    table["parties"] = {
        "north": {"walk_away": {"low": 45, "likely": 52, "high": 58}, "discount": [0.7, 0.9]},
        "south": {"walk_away": [15, 35]},
    }
    table["issues"]["arms"]["control"], table["issues"]["embargo"]["control"] = "north", "south"
    table["packages"] = {
        "deal": {"outcome": {"arms": "destroyed", "embargo": "lifted"}},
        "half": {"outcome": {"arms": "cantoned", "embargo": "lifted"}},
    }
    table["verification"] = {
        "period": "year",
        "measures": {"eyes": {"detects": {"arms": {"mean": 0.5, "sd": 0.1}}}},
    }
    shift = {"party": "south", "issue": "arms", "option": "destroyed", "score": -1}
    table["drivers"] = {"rain": {"range": [0, 40], "likely": 10, "shifts": [shift]}}
    return table


@pytest.fixture
def case(written: dict[str, Any]) -> Case:
    return detente.load(written)


def document(found: StressResult) -> dict[str, Any]:
    """What is the same wherever it was worked out."""
    read: dict[str, Any] = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    return read


# --- the same and not the same -------------------------------------------------------


def test_one_seed_one_answer_on_any_number_of_processes(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    serial = document(detente.stress(case, "deal", samples=SMALL, seed=3, workers=1))
    several = document(detente.stress(case, "deal", samples=SMALL, seed=3, workers=2))
    assert serial == several
    other = document(detente.stress(case, "deal", samples=SMALL, seed=4, **QUICK))
    assert other["package"] != serial["package"]
    assert other["flips"] == serial["flips"]


def test_more_samples_go_on_where_fewer_end(case: Case, tmp_path: Path) -> None:
    """The first codings of many are those of few, so a folder serves both."""
    folder = tmp_path / "run"
    few = detente.stress(case, "deal", samples=BATCH, resume=folder, **QUICK)
    told: list[tuple[int, int]] = []

    def progress(done: int, asked: int, _: float) -> None:
        told.append((done, asked))

    many = detente.stress(case, "deal", samples=SMALL, resume=folder, progress=progress, **QUICK)
    assert told[0] == (BATCH, SMALL)
    assert few.samples == BATCH
    assert many.samples == SMALL
    assert many.standing.acceptable.count > few.standing.acceptable.count
    fresh = detente.stress(case, "deal", samples=SMALL, **QUICK)
    assert document(fresh) == document(many)
    with pytest.raises(CaseError, match="seed"):
        detente.stress(case, "deal", samples=SMALL, seed=1, resume=folder, **QUICK)


def test_a_precise_answer_ends_early(case: Case) -> None:
    found = detente.stress(case, "deal", samples=100 * BATCH, precision=0.05, **QUICK)
    assert found.enough
    assert found.samples < 100 * BATCH
    shares = [found.standing.acceptable, *found.standing.accepts.values()]
    assert all(max(s.high - s.share, s.share - s.low) <= 0.05 for s in shares)


def test_stopped_by_the_user(case: Case) -> None:
    """What was known until then is the answer, with its size; nothing else is asked."""

    def stop(done: int, _asked: int, _seconds: float) -> None:
        if done >= BATCH:
            raise KeyboardInterrupt

    found = detente.stress(case, "deal", samples=40 * BATCH, progress=stop, workers=1)
    assert found.interrupted
    assert 0 < found.samples < 40 * BATCH
    assert (found.bounds, found.influences, found.robust) == ({}, (), None)
    assert found.flips  # what turns a verdict is found before the draws
    assert document(found)["interrupted"] is True


# --- cases with little in them -------------------------------------------------------


def test_without_any_range_there_is_one_coding(table: dict[str, Any]) -> None:
    found = detente.stress(detente.load(table), "arms=destroyed,embargo=lifted", workers=1)
    assert (found.samples, found.ranges, found.drivers) == (1, 0, 0)
    assert found.standing.accepts["south"].count == 1
    assert found.bounds == {}
    assert found.influences == found.breaks_when == ()
    assert any("only one coding" in remark for remark in found.remarks)
    assert found.flips, "numbers without ranges turn verdicts too"
    assert found.robust is not None
    assert found.robust.samples == 1


def test_the_verdicts_now_are_those_of_the_point_questions(case: Case) -> None:
    found = detente.stress(case, "deal", samples=16, **QUICK)
    view = detente.agree(case, "deal").package
    assert view is not None
    assert found.now["acceptable"] == view.acceptable
    assert found.now["holds"] == all(detente.hold(case, "deal").prospects[0].stable["seq"].values())
    assert found.now["enforceable"] == (detente.verify(case, "deal").enforceable == "yes")
    assert found.now["roadmap"] == (detente.roadmap(case, "deal").best.margin >= 0)
    verdicts = ("acceptable", "holds", "enforceable", "roadmap")
    assert found.now["all_of_it"] == all(found.now[verdict] for verdict in verdicts)


def test_without_values(written: dict[str, Any]) -> None:
    del written["values"]
    del written["drivers"]
    written["concerns"] = {"north": [{"name": "Arms", "met": "arms != destroyed", "must": True}]}
    found = detente.stress(detente.load(written), "deal", samples=16, workers=1)
    assert found.standing.accepts["north"].count == 0
    assert found.standing.accepts["south"].count == found.samples
    assert set(found.needs) == {"acceptable", "holds", "enforceable", "roadmap"}
    assert found.standing.enforceable is None
    assert found.standing.roadmap is None
    assert found.now["acceptable"] is False
    document(found)


def test_without_a_status_quo(written: dict[str, Any]) -> None:
    del written["status_quo"]
    found = detente.stress(detente.load(written), "deal", samples=64, workers=1)
    assert found.now["enforceable"] is found.now["roadmap"] is None
    assert {"enforceable", "roadmap"} <= set(found.needs)
    assert found.standing.enforceable is None
    assert 0 < found.standing.acceptable.count < 64
    verdicts = {flip.verdict for flip in found.flips}
    assert "acceptable" in verdicts
    assert verdicts.isdisjoint({"enforceable", "roadmap"})
    document(found)


def test_one_party_without_values(written: dict[str, Any]) -> None:
    del written["values"]["south"]
    del written["drivers"]
    found = detente.stress(detente.load(written), "deal", samples=64, **QUICK)
    assert "south" in found.needs["acceptable"].lower()
    assert found.standing.enforceable is None
    assert set(found.standing.keeps) == {"north"}


# --- codings and orders --------------------------------------------------------------


def overlay() -> dict[str, Any]:
    return {
        "title": "As south says",
        "values": {"south": {"scores": {"arms": {"destroyed": [40, 60]}}}},
    }


def test_an_overlay_is_drawn_as_often(case: Case) -> None:
    alone = detente.stress(case, "deal", samples=SMALL, **QUICK)
    found = detente.stress(case, "deal", samples=SMALL, codings=[overlay()], workers=1)
    assert len(found.codings) == 2
    assert [entry.samples for entry in found.codings.values()] == [BATCH, BATCH]
    counts = sum(entry.acceptable.count for entry in found.codings.values())
    assert counts == found.standing.acceptable.count
    # the overlay has one more number with a range
    assert found.ranges == alone.ranges + 1
    first = found.codings["the case"]
    assert first.acceptable.share == pytest.approx(alone.standing.acceptable.share, abs=0.06)
    assert found.robust is not None
    assert document(found)["codings"].keys() == found.codings.keys()


def test_the_same_case_as_a_coding_changes_little(case: Case) -> None:
    found = detente.stress(case, "deal", samples=SMALL, codings=[case], **QUICK)
    one, two = found.codings.values()
    assert one.acceptable.share == pytest.approx(two.acceptable.share, abs=0.06)


def test_an_order_that_is_given_is_judged(case: Case) -> None:
    best = detente.stress(case, "deal", samples=256, **QUICK)
    found = detente.stress(case, "deal", samples=256, order="arms,embargo", **QUICK)
    assert found.steps is not None
    assert [step.moves[0].item for step in found.steps] == ["arms", "embargo"]
    assert best.standing.roadmap is not None
    assert found.standing.roadmap is not None
    assert found.now["roadmap"] is False
    assert found.standing.acceptable.count == best.standing.acceptable.count


def test_the_robust_choice(case: Case) -> None:
    found = detente.stress(case, "deal", samples=SMALL, deciding=False, workers=1).robust
    assert found is not None
    named = {name: entry for entry in found.packages for name in entry.names}
    assert {"asked", "half", "largest share"} <= set(named)
    assert dict(named["asked"].outcome) == {"arms": "destroyed", "embargo": "lifted"}
    shares = [entry.acceptable.share for entry in found.packages]
    assert shares == sorted(shares, reverse=True)
    assert found.exact
    assert found.best.acceptable.share == pytest.approx(found.bound)
    assert "largest share" in found.best.names
    assert found.searched == 6
    whole = detente.stress(case, "deal", samples=SMALL, **QUICK).standing.acceptable
    assert named["asked"].acceptable.count == whole.count, "the same codings for every question"


# --- the document --------------------------------------------------------------------


def test_the_document(case: Case) -> None:
    """The fields that CONTRACTS promises, and shares that are shares."""
    read = document(detente.stress(case, "deal", samples=SMALL, workers=1))
    assert (read["samples"], read["seed"]) == (SMALL, 0)
    package = read["package"]
    assert package["outcome"] == {"arms": "destroyed", "embargo": "lifted"}
    assert set(package["acceptable"]) == {"all", "north", "south"}
    assert set(package["holds"]) == {"nash", "gmr", "smr", "seq", "sseq"}
    for name in ("enforceable", "roadmap", "all_of_it"):
        assert 0 <= package[name] <= 1
    low, high = package["interval"]
    assert low <= package["all_of_it"] <= high
    for flip in read["flips"]:
        assert {"number", "value", "verdict", "within_range"} <= set(flip)
        assert isinstance(flip["within_range"], bool)
    assert read["drivers"]
    for entry in read["drivers"]:
        assert {"factor", "first_order", "total"} <= set(entry)
        for index in ("first_order", "total"):
            bounds = entry[f"{index}_interval"]
            if bounds[0] <= 0 <= bounds[1]:
                assert entry[index] is None
            else:
                assert entry[index] >= 0
    assert read["breaks_when"]
    for box in read["breaks_when"]:
        assert {"coverage", "density", "conditions"} <= set(box)
        assert box["density"] >= box["overall"]
        for condition in box["conditions"]:
            assert set(condition) == {"factor", "low", "high"}
    assert {"outcome", "acceptable"} <= set(read["robust"][0])
    assert set(package["bounds"]) == {"independent", "full"}


# --- bad input -----------------------------------------------------------------------

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no samples": ({"samples": 0}, "samples are a whole number from 1"),
    "fewer than none": ({"samples": -5}, "samples are a whole number from 1"),
    "too many": ({"samples": 10**9}, "samples are a whole number from 1"),
    "no precision": ({"precision": 0}, "a precision is a share between 0 and 1"),
    "no number": ({"precision": math.nan}, "a precision is a share between 0 and 1"),
    "years gone by": ({"years": -1}, "years are a number above 0"),
    "years without end": ({"years": math.inf}, "years are a number above 0"),
    "too much alike": ({"correlation": 2}, "between 0 and 1"),
    "no correlation": ({"correlation": math.nan}, "correlation"),
    "no table": ({"correlation": "tables.csv"}, "tables.csv"),
    "no design": ({"design": "sobool"}, "did you mean 'sobol'"),
    "no seed": ({"seed": -1}, "seed"),
    "no engine": ({"engine": "dusk"}, "did you mean 'dask'"),
    "no address": ({"engine": "dask"}, "needs --scheduler"),
    "no model": ({"model": "patent"}, "did you mean 'patient'"),
    "no overlay": ({"codings": ["nothing_there"]}, "nothing_there"),
    "an order that leaves out": ({"order": "arms"}, "embargo"),
    "an order with more": ({"order": "arms,embargo,troops"}, "troops"),
    "no file of agreements": ({"years": 5, "agreements": "past.csv"}, "past.csv"),
    "no workers": ({"workers": 0}, "at least 1"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused(case: Case, name: str, tmp_path: Path) -> None:
    options, message = BAD[name]
    with pytest.raises(CaseError, match=message):
        detente.stress(case, "deal", **{**QUICK, "samples": 16, **options})


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        ("dael", "did you mean 'deal'"),
        ("arms=gone,embargo=lifted", "gone"),
        ({"arms": "held", "troops": "held"}, "troops"),
    ],
)
def test_an_unknown_outcome(case: Case, outcome: Any, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        detente.stress(case, outcome, samples=16, **QUICK)


def test_an_outcome_that_breaks_a_rule(written: dict[str, Any]) -> None:
    written["rules"] = [{"never": "arms == destroyed and embargo == lifted"}]
    with pytest.raises(CaseError, match="breaks rule 1"):
        detente.stress(detente.load(written), {"arms": "destroyed", "embargo": "lifted"}, **QUICK)


def test_an_overlay_about_another_table(case: Case) -> None:
    sold = {"scores": {"arms": {"sold": 1}}}
    other = {
        "issues": {"arms": {"options": ["held", "cantoned", "destroyed", "sold"]}},
        "values": {"north": sold, "south": sold},
    }
    with pytest.raises(CaseError, match="has other issues and options than the case"):
        detente.stress(case, "deal", codings=[other], samples=16, **QUICK)


RANGES: dict[str, tuple[tuple[str | int, ...], Any, str]] = {
    "low above high": (("parties", "north", "walk_away"), [5, 3], "5 is above 3"),
    "likely outside": (
        ("parties", "north", "walk_away"),
        {"low": 1, "likely": 9, "high": 3},
        "low <= likely <= high",
    ),
    "no spread": (("parties", "north", "walk_away"), {"mean": 3}, "this one has mean"),
    "a negative spread": (
        ("parties", "north", "walk_away"),
        {"mean": 3, "sd": -1},
        "a standard deviation cannot be negative",
    ),
    "a shape of none": (
        ("parties", "north", "walk_away"),
        {"low": 1, "high": 2, "shape": "pert"},
        "goes with {low, likely, high}",
    ),
    "three ends": (("parties", "north", "walk_away"), [1, 2, 3], "a range is \\[low, high\\]"),
    "a discount of one": (("parties", "north", "discount"), [0.5, 1], "lies in \\[0, 1\\)"),
    "a chance above one": (
        ("verification", "measures", "eyes", "detects", "arms"),
        [0.5, 1.2],
        "a probability is between 0 and 1",
    ),
    "likely outside a driver": (("drivers", "rain", "likely"), 99, "lies outside the range"),
    "a driver without ends": (
        ("drivers", "rain", "range"),
        {"mean": 3, "sd": 1},
        "the range of a driver is \\[low, high\\]",
    ),
}


@pytest.mark.parametrize("name", RANGES)
def test_ranges_that_are_none(written: dict[str, Any], name: str, tmp_path: Path) -> None:
    """Refused where they stand in the file."""
    path, number, message = RANGES[name]
    data = deepcopy(written)
    node: Any = data
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = number
    file = tmp_path / "case.json"
    file.write_text(json.dumps(data, indent=1))
    with pytest.raises(CaseError, match=message) as refused:
        detente.load(file)
    (problem,) = refused.value.problems
    assert problem.place is not None
    own = json.dumps({path[-1]: number}, indent=1).splitlines()[1:-1]
    assert problem.place.text.strip(" ,") in [line.strip(" ,") for line in own]
