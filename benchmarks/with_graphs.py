"""The jobs about stability, as detente does them and as the matrix form does."""

from __future__ import annotations

import hashlib
import json
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import detente
import matrix_form
from conflicts import random_conflict
from detente.model.compilation import compile_case
from detente.stability import Conflict, individual
from detente.stability.graph.conflict import all_states, conflict
from detente.stability.graph.mover import Mover
from starting import COMMAND
from stopwatch import Plain, Prepared, largest_resident, serve

PASSES = 0.05
"""Seconds over which passes are repeated."""


def written(plain: Plain) -> Plain:
    """The case as a person would write it down."""
    options = [[f"o{number}" for number in range(size)] for size in plain["sizes"]]
    issues: dict[str, dict[str, Any]] = {}
    for place, names in enumerate(options):
        entry: dict[str, Any] = {"control": f"p{plain['owners'][place]}", "options": names}
        lasting = [names[option] for issue, option in plain["irreversible"] if issue == place]
        if lasting:
            entry["irreversible"] = lasting
        if plain["stepwise"]:
            entry["transitions"] = {
                name: [names[k] for k in (number - 1, number + 1) if 0 <= k < len(names)]
                for number, name in enumerate(names)
            }
        issues[f"i{place}"] = entry
    return {
        "detente": 1,
        "title": "Random",
        "parties": {f"p{number}": {} for number in range(len(plain["scores"]))},
        "issues": issues,
        "status_quo": dict.fromkeys(issues, "o0"),
        "rules": [{"never": _both(*pair)} for pair in plain["forbidden"]],
        "values": {
            f"p{number}": {
                "scores": {
                    issue: dict(zip(names, table, strict=True))
                    for issue, names, table in zip(issues, options, tables, strict=True)
                },
                "adjustments": [
                    {"when": _both(one, other), "add": points}
                    for one, other, points in plain["together"][number]
                ],
            }
            for number, tables in enumerate(plain["scores"])
        },
    }


def _both(one: Sequence[int], other: Sequence[int]) -> str:
    return f"i{one[0]} == o{one[1]} and i{other[0]} == o{other[1]}"


def stability(plain: Plain) -> Prepared:
    """From the case to five concepts for all parties and states."""
    case = written(plain)
    parts: list[tuple[float, float, float]] = []

    def run() -> tuple[Conflict, Any]:
        start = time.process_time()
        model = compile_case(detente.load(case))
        codes = all_states(model)
        listed = time.process_time()
        graph = conflict(model, Fraction(0), codes)
        drawn = time.process_time()
        verdicts = individual(graph)
        parts.append((listed - start, drawn - listed, time.process_time() - drawn))
        return graph, verdicts

    def answer(result: tuple[Conflict, Any]) -> Plain:
        graph, verdicts = result
        spent = [statistics.median(each) for each in zip(*parts, strict=True)]
        return {
            **dict(zip(("listing", "graph", "concepts"), spent, strict=True)),
            "states": graph.states,
            "moves": sum(_moves(mover) for mover in graph.movers),
            "kept": sum(len(mover.heads) for mover in graph.movers),
            "pass": _one_pass(graph),
            "verdicts": _digest({name: list(told.values()) for name, told in verdicts.items()}),
        }

    return run, answer


def _moves(mover: Mover) -> int:
    """How many moves there are, from all states; a list may contain the state itself."""
    length = np.diff(mover.starts)
    of_head = np.repeat(np.arange(len(length)), length)
    itself = int((of_head == mover.segment[mover.heads]).sum())
    return int(length[mover.segment[mover.segment >= 0]].sum()) - itself


def _one_pass(graph: Conflict) -> float:
    """Processor seconds in which every mover once hands numbers back along all of its moves."""
    numbers = np.arange(graph.states)
    start, times = time.process_time(), 0
    while not times or time.process_time() - start < PASSES:
        for mover in graph.movers:
            mover.least(numbers)
        times += 1
    return (time.process_time() - start) / times


def _digest(verdicts: Mapping[str, Sequence[NDArray[Any]]]) -> str:
    """A fingerprint of all verdicts: concept by concept, party by party, state by state."""
    told = hashlib.sha256()
    for concept in sorted(verdicts):
        told.update(np.stack(verdicts[concept]).astype(np.int8).tobytes())
    return told.hexdigest()[:16]


def by_matrices(plain: Plain) -> Prepared:
    """The same concepts in matrix form; moves and preferences are there already, as matrices."""
    model = compile_case(detente.load(written(plain)))
    graph = conflict(model, Fraction(0), all_states(model))
    moves, better = [], []
    for party, preference in enumerate(graph.preferences):
        assert preference is not None
        better.append((preference.rank >= preference.need[:, None]).astype(np.float32))
        move = np.zeros((graph.states, graph.states), dtype=np.float32)
        mover = graph.alone(party)
        for state in range(graph.states if mover else 0):
            move[state, mover.moves(state)] = 1  # type: ignore[union-attr]
        moves.append(move)

    def answer(verdicts: dict[str, list[NDArray[np.bool_]]]) -> Plain:
        return {"states": graph.states, "verdicts": _digest(verdicts)}

    return lambda: matrix_form.stable(moves, better), answer


def command(plain: Plain) -> Prepared:
    """The whole process ``detente hold CASE --all``, from the start of Python to its end."""

    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            case = Path(folder) / "case.yaml"
            case.write_text(json.dumps(written(plain)), encoding="utf-8")
            subprocess.run([COMMAND, "hold", case, "--all"], check=True, stdout=subprocess.DEVNULL)

    return run, lambda _: {"peak": largest_resident(resource.RUSAGE_CHILDREN)}


if __name__ == "__main__":
    serve(
        {"stability": stability, "matrices": by_matrices, "command": command},
        vars(random_conflict([2, 2, 3], 3, 0)),
    )
