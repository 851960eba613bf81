"""Errors that say where, what, the nearest valid word and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where something stands in a case: keys and list positions from the top."""


@dataclass(frozen=True)
class Place:
    """A position in a file, counted from 1 as editors do."""

    file: str
    line: int
    column: int
    text: str = ""
    """The line itself, for showing it with a caret."""
    width: int = 1
    """How many characters of the line are meant."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a case.

    Parameters
    ----------
    what
        The finding, in one sentence without a full stop.
    help
        What to do about it, or what would be valid.
    place
        Where it stands, if it stands in a file.
    """

    what: str
    help: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        head = f"{self.place}: {self.what}" if self.place else self.what
        lines = [head]
        if self.place and self.place.text.strip():
            margin = f"{self.place.line:>5} | "
            shown, caret = _window(self.place)
            lines.append(margin + shown)
            lines.append(" " * (len(margin) - 2) + "| " + caret)
        if self.help:
            lines.append(f"      = {self.help}")
        return "\n".join(lines)


def _window(place: Place, limit: int = 90) -> tuple[str, str]:
    """The part of the line around the column, with the caret line that belongs to it."""
    text, column = place.text.rstrip("\n"), place.column - 1
    start = 0 if len(text) <= limit else max(0, min(column - limit // 3, len(text) - limit))
    shown = text[start : start + limit].replace("\t", " ")
    width = max(1, min(place.width, len(shown) - (column - start)))
    return shown, " " * (column - start) + "^" * width


@dataclass(frozen=True)
class Finding:
    """A problem known by the path of the entry, before it is given its place in a file.

    Parameters
    ----------
    path
        The entry.
    what, help
        As in :class:`Problem`.
    column, width
        A word within the entry's text (column from 0), or None for the whole entry.
    at_key
        Whether the entry's key is meant rather than its value.
    """

    path: Path
    what: str
    help: str = ""
    column: int | None = None
    width: int = 1
    at_key: bool = False


class CaseError(ValueError):
    """A case, a call or a file that cannot be used, with every independent problem found.

    Attributes
    ----------
    problems : tuple of Problem
        In the order of the file.
    """

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """The valid word that looks most like this one, or None if none comes close.

    Examples
    --------
    >>> nearest("dismantel", ["testing", "dismantle"])
    'dismantle'
    """
    words = [str(candidate) for candidate in valid]
    lowered = {candidate.lower(): candidate for candidate in reversed(words)}
    found = difflib.get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def unknown(kind: str, word: str, valid: Sequence[str], of: str = "") -> tuple[str, str]:
    """The sentence and the help for a word that is not among the valid ones.

    Examples
    --------
    >>> unknown("option", "dismantel", ["testing", "dismantle"], "issue nuclear")[0]
    "unknown option 'dismantel' of issue nuclear; did you mean 'dismantle'?"
    """
    close = nearest(word, valid)
    what = f"unknown {kind} {word!r}" + (f" of {of}" if of else "")
    if close is not None:
        what += f"; did you mean {close!r}?"
    shown = ", ".join(valid[:12]) + (f" and {len(valid) - 12} more" if len(valid) > 12 else "")
    owner = f" of {of}" if of else ""
    plural = kind[:-1] + "ies" if kind.endswith("ty") else kind + "s"
    return what, f"{plural}{owner}: {shown}" if valid else f"there are no {plural}{owner}"
