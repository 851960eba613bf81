"""The benchmark runner works, on tiny sizes and without other programs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

RUNNER = Path(__file__).parents[1] / "benchmarks" / "run.py"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(RUNNER), *arguments], capture_output=True, text=True, check=False
    )


def test_a_quick_run_writes_every_section(tmp_path: Path) -> None:
    done = _run("--quick", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Frontier and five solutions, against NegMAS",
        "## Spaces too large to enumerate",
        "## How the cost grows",
        "## Long texts and records",
        "## Verification",
        "## Roadmaps",
        "## Stability",
        "## Stress",
        "## Starting",
    ]
    assert "| 3 parties, 4 × 3 | 81 | enumerate |" in text
    assert re.search(r"\| 4, 3, any \|.*\| 75 \|", text), "ordered partitions of 4 measures"
    assert re.search(r"\| 5, 2, one \|.*\| 120 \|", text), "orders of 5 measures"
    assert text.count("parties, 1 × 2, 1 × 3, 1 × 4 | 24 | 144 | 72 |") == 1, "moves of all parties"
    assert text.count("parties, 6 × 2, rules | 24 | 144 | 72 |") == 1, "the same, yes or no"
    assert re.search(r"\| `single_text`, stability \| 1,000 \|", text), "draws of two processes"
    assert (tmp_path / "growth.svg").read_text(encoding="utf-8").startswith("<svg")
    for unwanted in (str(tmp_path), str(RUNNER.parent)):
        assert unwanted not in text


def test_a_quick_run_never_overwrites_the_results() -> None:
    done = _run("--quick")
    assert done.returncode == 2
    assert "--out" in done.stderr


@pytest.mark.parametrize(
    "file, peers",
    [
        ("requirements-peers.txt", {"negmas", "pareto_dp"}),
        ("requirements-ema.txt", {"ema_workbench"}),
    ],
)
def test_requirements_of_the_peers_are_pinned_and_name_no_registry(
    file: str, peers: set[str]
) -> None:
    lines = (RUNNER.parent / file).read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if not line.startswith("#")]
    assert all(line.count("==") == 1 and "/" not in line for line in wanted), wanted
    assert {line.partition("==")[0] for line in wanted} >= peers


@pytest.mark.parametrize("count, words", [(1000, "1,000"), (4**20, "1.1 × 10^12")])
def test_outcomes_in_words(count: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(RUNNER.parent)
    import writing

    assert writing.outcomes(count) == words
