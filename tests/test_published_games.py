"""Published six-party games: counts and solutions as computed elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import detente

DATA = json.loads((Path(__file__).parent / "data" / "scoreable_games.json").read_text())
GAMES: dict[str, Any] = DATA["games"]
ORACLES = Path(__file__).parents[2] / "shared" / "oracles" / "agree"
RULES = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")


def case_of(game: dict[str, Any], agreement: Any = "unanimity") -> detente.Case:
    scores = {name: [s.split("/") for s in p["scores"]] for name, p in game["parties"].items()}
    first = next(iter(scores.values()))
    options = [
        [f"{letter}{n + 1}" for n in range(len(own))]
        for letter, own in zip("abcde", first, strict=True)
    ]
    return detente.load(
        {
            "detente": 1,
            "title": "A scoreable game",
            "parties": {n: {"walk_away": p["walk_away"]} for n, p in game["parties"].items()},
            "issues": {names[0][0]: {"options": names} for names in options},
            "values": {
                name: {
                    "scores": {
                        names[0][0]: dict(zip(names, row, strict=True))
                        for names, row in zip(options, own, strict=True)
                    }
                }
                for name, own in scores.items()
            },
            "agreement": agreement,
        }
    )


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("engine", ["enumerate", "eliminate", "bound"])
def test_published_figures(name: str, engine: str) -> None:
    game, expected = GAMES[name], GAMES[name]["expected"]
    document = detente.agree(case_of(game), engine=engine).to_dict()
    assert document["outcomes"]["acceptable"] == expected["acceptable"]
    if engine != "bound":
        assert document["efficient"]["feasible"]["count"] == expected["efficient_feasible"]
        assert document["efficient"]["acceptable"]["count"] == expected["efficient_acceptable"]
    for rule in RULES:
        (outcome,) = document["solutions"][rule]["outcomes"]
        assert list(outcome["values"].values()) == expected[rule]


@pytest.mark.parametrize("name", GAMES)
def test_published_figures_with_a_quota(name: str) -> None:
    game, expected = GAMES[name], GAMES[name]["expected"]
    result = detente.agree(case_of(game, expected["quota"]))
    assert result.acceptable == expected["acceptable_with_quota"]
    assert result.survey is not None
    assert [result.survey.accepted_by(party) for party in game["parties"]] == expected["accepts"]


@pytest.mark.skipif(not ORACLES.is_dir(), reason="the reference cases are not at hand")
@pytest.mark.parametrize("name", GAMES)
def test_reference_case_files(name: str) -> None:
    """The same games as case files kept outside the project, where they are at hand."""
    result = detente.agree(detente.load(ORACLES / f"scoreable_{name}_p6.yaml"))
    expected = json.loads((ORACLES / f"scoreable_{name}_p6.expected.json").read_text())
    assert result.acceptable == expected["acceptable_to_all"]
    for rule in RULES:
        values = [list(map(float, o.values.values())) for o in result.solutions[rule].outcomes]
        assert values == [expected[rule]["values"]]
