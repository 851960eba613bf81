"""Measures detente against other programs and against its own targets; writes RESULTS.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import against_negmas
import growth
import large_spaces
import long_records
import machine
import peers
import roadmaps
import stability
import starting
import stress
import verification
import writing
from programs import DETENTE, FOLDER

TEXT = """\
# Results

Every figure below was computed by one run of `make bench`{kind}.
The machine was shared with other work meanwhile: absolute times count for little, and only ratios
within the run for more. What is measured, and how, stands above each table and in
[README](README.md).

{machine}
{sections}"""


def main() -> None:
    """Measure everything, or a little of it, and write the report."""
    options = _options()
    options.out.mkdir(parents=True, exist_ok=True)
    negmas, pareto_dp = (None, None) if options.quick else peers.install()
    ema = None if options.quick else peers.install_ema()
    facts = machine.description()
    loads = [machine.load()]
    facts |= peers.versions(DETENTE.python, ("detente", "numpy", "scipy"))
    compared = {"negmas": "", "pareto_dp": "", "ema_workbench": ""}
    if negmas:
        found = peers.versions(negmas.python, ("negmas", "pareto_dp", "numpy"))
        facts |= {f"{name}, in the peers' environment": at for name, at in found.items()}
        compared |= found
    if ema:
        compared |= peers.versions(ema.python, ("ema_workbench",))
        facts["ema_workbench, in its own environment"] = compared["ema_workbench"]
    sections = [
        _timed(name, section)
        for name, section in {
            "starting": lambda: starting.report(quick=options.quick),
            "NegMAS": lambda: against_negmas.compare(
                negmas, compared["negmas"], quick=options.quick
            ),
            "large spaces": lambda: large_spaces.report(
                pareto_dp, compared["pareto_dp"], quick=options.quick
            ),
            "growth": lambda: growth.report(options.out, quick=options.quick),
            "long records": lambda: long_records.report(quick=options.quick),
            "verification": lambda: verification.report(quick=options.quick),
            "roadmaps": lambda: roadmaps.report(quick=options.quick),
            "stability": lambda: stability.report(quick=options.quick),
            "stress": lambda: stress.report(ema, compared["ema_workbench"], quick=options.quick),
        }.items()
    ]
    loads.append(machine.load())
    facts["Load"] = f"{loads[0]:.1f} at the start, {loads[1]:.1f} at the end"
    text = TEXT.format(
        kind=" (a quick one, without peers, on tiny sizes)" if options.quick else "",
        machine=writing.table(["machine", ""], [[key, value] for key, value in facts.items()]),
        sections="\n" + "\n".join([*sections[1:], sections[0]]),
    )
    (options.out / "RESULTS.md").write_text(text, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="tiny sizes, once, without peers; needs --out"
    )
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for the report")
    options = parser.parse_args()
    if options.quick and options.out == FOLDER:
        parser.error("--quick would overwrite the results: say where to write with --out FOLDER")
    return options


def _timed(name: str, section: Callable[[], str]) -> str:
    start = time.perf_counter()
    print(f"{name} ...", file=sys.stderr, flush=True)
    text = section()
    print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    return text


if __name__ == "__main__":
    main()
