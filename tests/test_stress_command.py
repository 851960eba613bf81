"""The command ``stress``: its document, its files, its progress, and its refusals."""

from __future__ import annotations

import inspect
import io
import json
from pathlib import Path

import pytest
import rich.console

import detente
from detente.command import uncertainty
from detente.command.counting import Counting
from detente.uncertainty.stress_result import StressResult
from test_command import answer, refusal
from test_stress_views import FORBIDDEN
from test_terminal_commitments import flat


@pytest.fixture(scope="module")
def swap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two parties with ranges, and a package that each of them may refuse."""
    path = tmp_path_factory.mktemp("cases") / "swap.yaml"
    path.write_text(
        """\
detente: 1
title: A swap
handling: For the test only
parties:
  north: {name: The North, walk_away: {low: 50, likely: 60, high: 75}, discount: 0.9}
  south: {name: The South, discount: 0.9}
issues:
  arms: {options: [held, cantoned], control: north}
  embargo: {options: [full, lifted], control: south}
status_quo: {arms: held, embargo: full}
values:
  north:
    scores: {arms: {held: 50, cantoned: [20, 40]}, embargo: {full: 0, lifted: 40}}
  south:
    scores: {arms: {held: 0, cantoned: 30}, embargo: {full: [5, 15], lifted: 0}}
packages:
  both: {name: The swap, outcome: {arms: cantoned, embargo: lifted}}
""",
        encoding="utf-8",
    )
    return path


def test_the_document_and_the_words(swap: Path, tmp_path: Path) -> None:
    target = tmp_path / "found.txt"
    asked = ("stress", str(swap), "--outcome", "both", "--samples", "64", "--workers", "1")
    document = json.loads(answer(*asked, "--no-robust", "--json", "--out", str(target)))
    assert (document["command"], document["handling"]) == ("stress", "For the test only")
    assert (document["samples"], document["robust"]) == (64, [])
    shares = document["package"]["acceptable"]
    assert 0 < shares["north"] == shares["all"] < 1 == shares["south"]
    shown = target.read_text(encoding="utf-8")
    assert max(map(len, shown.splitlines())) <= 80
    share = f"{100 * shares['all']:.0f} %"
    assert f"“The swap” is accepted by all who must sign in {share} of codings" in flat(shown)
    assert "The North’s walk-away value" in flat(shown)
    assert not FORBIDDEN.search(shown)


def test_a_package_has_to_be_named() -> None:
    said = refusal("stress", "river")
    assert "which package?" in said
    assert "--outcome PACKAGE" in said
    assert "highland_draft, delta_draft, single_text" in said


def test_a_case_without_packages_says_how_to_write_one(tmp_path: Path) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text("parties: {a: {}}\nissues: {x: {options: [p, q]}}\n", encoding="utf-8")
    assert "the case has no packages: issue=option,…" in flat(refusal("stress", str(path)))


def test_the_command_says_what_it_is_for() -> None:
    said = flat(answer("stress", "--help"))
    for option in ("--outcome", "--samples", "--correlation", "--resume", "--no-robust"):
        assert option in said
    assert not FORBIDDEN.search(said)
    assert "What could break it?" in flat(answer("--help"))


def test_the_command_has_the_defaults_of_the_function() -> None:
    commanded = inspect.signature(uncertainty.stress).parameters
    function = inspect.signature(detente.stress).parameters
    same = ("samples", "seed", "design", "precision", "order", "model", "years", "workers")
    for name in (*same, "engine", "scheduler", "resume", "agreements"):
        assert commanded[name].default == function[name].default, name
    assert float(commanded["correlation"].default) == float(function["correlation"].default)


def test_the_facade_knows_the_question() -> None:
    assert detente.StressResult is StressResult
    assert {"stress", "StressResult"} <= set(detente.__all__)
    assert detente.uncertainty.__name__ == "detente.uncertainty"


# progress


def test_progress_is_for_a_person_only(capsys: pytest.CaptureFixture[str]) -> None:
    with Counting("drawing", "codings") as counting:
        counting.count(10, 100)
        assert counting.status is None and counting.timer is None
    assert capsys.readouterr() == ("", "")


def test_progress_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, real = io.StringIO(), rich.console.Console
    terminal = real(file=shown, force_terminal=True, width=80)
    monkeypatch.setattr(rich.console, "Console", lambda **_: terminal)
    with Counting("drawing", "codings") as counting:
        counting.count(10, 100)
        counting._show()
        counting.count(5000, 10_000, 2.5)
        counting.status.refresh()
    assert "drawing" in shown.getvalue()
    assert "10 of 100 codings" in shown.getvalue()
    assert "5,000 of 10,000 codings" in shown.getvalue()
