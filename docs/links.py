"""Checks the links of the documentation that lead elsewhere, and fails only for what is gone.

``make docs`` runs it after the build, which has already refused every link within the
documentation that leads nowhere. A page elsewhere that answers *not found* or *gone* is an error
here; what cannot be told today (no network, no answer in time, a server that turns programs
away) is only named: whether the documentation can be built must not hang on others.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
BUILD = DOCS / "_build"
WELL = {"working", "redirected", "unchecked"}


def looked_up() -> list[dict[str, Any]]:
    """What Sphinx says of each link: ``filename``, ``lineno``, ``uri``, ``status``, ``info``.

    Raises
    ------
    RuntimeError
        Where Sphinx did not get so far as to look.
    """
    folder = BUILD / "links"
    told = folder / "output.json"
    told.unlink(missing_ok=True)
    words = ["-b", "linkcheck", "-Q", "-d", str(BUILD / "html/.doctrees"), str(DOCS), str(folder)]
    subprocess.run([sys.executable, "-m", "sphinx", *words], check=False)
    if not told.exists():
        raise RuntimeError("sphinx-build -b linkcheck left no list of links")
    return [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]


def gone(link: dict[str, Any]) -> bool:
    """Whether a link certainly leads nowhere: its server knows no such page."""
    return link["status"] == "broken" and bool(re.match(r"(404|410)\b", link["info"]))


def report(links: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Two lists of sentences: links that are gone, and links of which nothing is known today."""
    lost, unknown = [], []
    for link in links:
        where = f"{link['filename']}:{link['lineno']}: {link['uri']}"
        if gone(link):
            lost.append(f"{where} is gone: {link['info']}")
        elif link["status"] not in WELL:
            why = link["info"].partition("Caused by ")[2] or link["info"]
            unknown.append(f"{where} cannot be told: {why or link['status']}")
    return lost, unknown


if __name__ == "__main__":
    every = [link for link in looked_up() if re.match("https?:", link["uri"])]
    lost, unknown = report(every)
    for sentence in unknown + lost:
        sys.stdout.write(sentence + "\n")
    well = len(every) - len(lost) - len(unknown)
    sys.stdout.write(
        f"links elsewhere: {well} of {len(every)} lead somewhere, {len(lost)} are gone, "
        f"{len(unknown)} cannot be told\n"
    )
    sys.exit(bool(lost))
