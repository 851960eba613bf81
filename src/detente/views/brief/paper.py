"""The page on paper: printed to a PDF by a browser that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from detente.case.errors import CaseError, Problem

PATIENCE = 120.0
"""Seconds that a browser may take."""
NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
"""What the browsers that can print without a window are called."""
_MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
_WINDOWS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
)
_WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_INSTEAD = "write brief.html instead, open it in any browser and print it"
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-extensions", "--no-first-run", "--no-default-browser-check"),
    *("--no-pdf-header-footer", "--print-to-pdf-no-header"),  # the name now and the former one
)


def find_browser() -> str:
    """The first browser that can print a page.

    Raises
    ------
    CaseError
        Where there is none; it says which were looked for, and what to do instead.
    """
    found = next(filter(None, map(shutil.which, (*NAMES, *_usual_places()))), None)
    if found is None:
        looked = "Chromium, Google Chrome and Microsoft Edge"
        where = f"as {', '.join(NAMES)}, and where programs are installed"
        what = f"a PDF is printed by a browser, and none was found: looked for {looked} {where}"
        raise CaseError(Problem(what, _INSTEAD))
    return found


def _usual_places(platform: str = sys.platform) -> Iterator[str]:
    """Where programs stand that no search path leads to."""
    if platform == "darwin":
        for folder in (Path("/Applications"), Path.home() / "Applications"):
            for name in _MAC:
                yield str(folder / f"{name}.app" / "Contents" / "MacOS" / name)
    elif platform == "win32":
        for root in filter(None, map(os.environ.get, _WINDOWS_FOLDERS)):
            for path in _WINDOWS:
                yield rf"{root}\{path}"


def printed(page: str, *, patience: float = PATIENCE) -> bytes:
    """A page as a PDF, as the browser prints it.

    Parameters
    ----------
    page
        A self-contained page of HTML.
    patience
        Seconds that the browser may take.

    Raises
    ------
    CaseError
        Where there is no browser, or it fails or takes too long.
    """
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="detente-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, target, said = folder / "brief.html", folder / "brief.pdf", folder / "said"
        source.write_text(page, encoding="utf-8")
        words = [browser, *_FLAGS, f"--user-data-dir={folder / 'profile'}"]
        words += [f"--print-to-pdf={target}", source.as_uri()]
        why = _run(words, said, patience)
        data = target.read_bytes() if target.is_file() else b""
        if why or not data.startswith(b"%PDF") or b"%%EOF" not in data[-32:]:
            reason = why or _last_line(said)
            raise CaseError(Problem(f"{browser} has printed no PDF{reason}", _INSTEAD))
    return data


def _run(words: list[str], said: Path, patience: float) -> str:
    """Run the browser; what went wrong with it, if anything, as the end of a sentence."""
    try:
        with said.open("wb") as out:  # a pipe would be held open by what the browser leaves behind
            ended = subprocess.run(
                words,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                timeout=patience,
            )
    except subprocess.TimeoutExpired:
        return f" within {patience:g} seconds"
    except OSError as error:
        return f": {error.strerror or error}"
    if ended.returncode:
        return f" and ended with status {ended.returncode}{_last_line(said)}"
    return ""


def _last_line(said: Path) -> str:
    """What the browser said last, as the end of a sentence."""
    lines = said.read_text(encoding="utf-8", errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f": {last[:200]}" if last else ""
