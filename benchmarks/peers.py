"""The other programs, in environments of their own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

from programs import FOLDER, Program

ENVIRONMENT = FOLDER / ".venv"
REQUIREMENTS = FOLDER / "requirements-peers.txt"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
EMA_ENVIRONMENT = CACHE / "detente-benchmarks" / "ema"
"""Outside of this repository: the EMA Workbench pulls in GPL packages."""
EMA_REQUIREMENTS = FOLDER / "requirements-ema.txt"


def install() -> tuple[Program, Program]:
    """NegMAS and pareto_dp."""
    python = _installed(ENVIRONMENT, REQUIREMENTS)
    return (
        Program("NegMAS", "with_negmas.py", python),
        Program("pareto_dp", "with_pareto_dp.py", python),
    )


def install_ema() -> Program:
    """The EMA Workbench."""
    python = _installed(EMA_ENVIRONMENT, EMA_REQUIREMENTS)
    return Program("EMA Workbench", "with_ema.py", python)


def _installed(environment: Path, requirements: Path) -> Path:
    """The interpreter of an environment, made where requirements changed since the last time."""
    python = environment / "bin" / "python"
    marker = environment / "installed"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not marker.exists() or marker.read_text(encoding="utf-8") != wanted:
        print(f"installing {requirements.name} (several hundred MB) ...", file=sys.stderr)
        venv.create(environment, with_pip=True, clear=True)
        pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*pip, "--requirement", requirements], check=True)
        marker.write_text(wanted, encoding="utf-8")
    return python


def versions(python: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Version of each distribution in an environment."""
    code = "import sys, importlib.metadata as m; print(*map(m.version, sys.argv[1:]))"
    done = subprocess.run(
        [python, "-c", code, *names], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(zip(names, done.stdout.split(), strict=True))
