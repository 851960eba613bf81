"""The other programs, in an environment of their own."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from programs import FOLDER, Program

ENVIRONMENT = FOLDER / ".venv"
REQUIREMENTS = FOLDER / "requirements-peers.txt"


def install() -> tuple[Program, Program]:
    """NegMAS and pareto_dp, installed where the requirements changed since the last time."""
    python = ENVIRONMENT / "bin" / "python"
    marker = ENVIRONMENT / "installed"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not marker.exists() or marker.read_text(encoding="utf-8") != wanted:
        print("installing the peers (several hundred MB) ...", file=sys.stderr)
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*pip, "--requirement", REQUIREMENTS], check=True)
        marker.write_text(wanted, encoding="utf-8")
    return (
        Program("NegMAS", "with_negmas.py", python),
        Program("pareto_dp", "with_pareto_dp.py", python),
    )


def versions(python: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Version of each distribution in an environment."""
    code = "import sys, importlib.metadata as m; print(*map(m.version, sys.argv[1:]))"
    done = subprocess.run(
        [python, "-c", code, *names], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(zip(names, done.stdout.split(), strict=True))
