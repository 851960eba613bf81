"""How long it takes to read and judge long texts with long records: whole processes."""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import writing
from starting import COMMAND, in_turn

PARTIES = ("north", "south")
ISSUES = 10
REPORTS = 10
TARGET = 2.0
"""Seconds in which 10,000 clauses with 100,000 reports are read and reported."""

PARSING = (
    "import csv, sys, yaml\n"
    "yaml.load(open(sys.argv[1], encoding='utf-8'), yaml.CSafeLoader)\n"
    "for path in sys.argv[2:]:\n"
    "    list(csv.reader(open(path, encoding='utf-8')))\n"
)
"""The least that could be done: read the files, and make nothing of them."""

TEXT = """\
## Long texts and records

Random texts over ten issues, half of the clauses with a trigger; ten reports on each clause, in a
CSV ledger beside the case or inside its YAML. Whole processes, byte code kept; medians of {times},
taken in turn. *Parsing* is PyYAML's C loader and the `csv` module on the same files, with nothing
made of what they read; it finds no place of any entry and checks nothing.

{table}

Reading and reporting 10,000 clauses with 100,000 reports in a ledger may take {target}: {met}.
"""


def report(*, quick: bool) -> str:
    """Measure and report."""
    times = 1 if quick else 5
    rows, spent = [], 0.0
    for clauses in (50,) if quick else (1_000, 10_000):
        with tempfile.TemporaryDirectory() as folder:
            beside, inside, ledger = _files(Path(folder), clauses)
            parse, track = [sys.executable, "-c", PARSING], [COMMAND, "track"]
            further = ["--on", "2025-01-01"]
            calls = [
                [*parse, beside, ledger],
                [*track, beside, *further, "--ledger", ledger],
                [*track, beside, *further, "--ledger", ledger, "--json"],
                [*parse, inside],
                [*track, inside, *further],
                [COMMAND, "draft", beside],
            ]
            first, text, document, second, all_inside, draft = in_turn(calls, times)
        spent = max(text, document)
        for what, took, parsing in (
            ("`track`, ledger, words", text, first),
            ("`track`, ledger, JSON", document, first),
            ("`track`, all in YAML", all_inside, second),
            ("`draft`", draft, first),
        ):
            ratio = writing.digits(took / parsing)
            times_of = [writing.seconds(took), writing.seconds(parsing), ratio]
            rows.append([f"{clauses:,}", f"{clauses * REPORTS:,}", what, *times_of])
    head = ["clauses", "reports", "question", "time", "parsing", "times parsing"]
    met = "not measured" if quick else "met" if spent <= TARGET else "missed"
    target = writing.seconds(TARGET)
    return TEXT.format(times=times, table=writing.table(head, rows), target=target, met=met)


def _files(folder: Path, clauses: int) -> tuple[str, str, str]:
    """A case without reports, the same case with them, and the reports as a ledger."""
    chance = random.Random(1)
    beside, inside, ledger = _head(), _head(), ["id,date,kept,source,note,evidence"]
    for number in range(clauses):
        issue = number % ISSUES
        clause = [
            f"      - id: c{number}",
            f"        who: {PARTIES[issue % 2]}",
            f"        does: i{issue} == cantoned",
            f"        text: What number {number} promises.",
            f"        by: {chance.randrange(80)}",
        ]
        if number and chance.random() < 0.5:
            clause.append(f"        after: [c{chance.randrange(number)}]")
        days = [f"20{20 + k // 2}-0{chance.randint(1, 9)}-15" for k in range(REPORTS)]
        kept = [chance.randint(0, 3) for _ in days]
        beside += clause
        inside += [*clause, "        status:"]
        for day, how in zip(days, kept, strict=True):
            inside.append(f"          - {{date: {day}, kept: {how}}}")
            ledger.append(f"c{number},{day},{how},,,")
    names = ("beside.yaml", "inside.yaml", "ledger.csv")
    for name, lines in zip(names, (beside, inside, ledger), strict=True):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    first, second, third = (str(folder / name) for name in names)
    return first, second, third


def _head() -> list[str]:
    table = [
        f"  i{n}: {{control: {PARTIES[n % 2]}, options: [held, cantoned]}}" for n in range(ISSUES)
    ]
    each = ", ".join(f"i{n}: {{}}" for n in range(ISSUES))
    return [
        "detente: 1",
        "as_of: 2020-01-01",
        "parties: {north: {}, south: {}}",
        "issues:",
        *table,
        f"status_quo: {{{each.replace('{}', 'held')}}}",
        "packages:",
        "  text:",
        f"    outcome: {{{each.replace('{}', 'cantoned')}}}",
        "    commitments:",
    ]
