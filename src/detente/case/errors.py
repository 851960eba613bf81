"""Errors that say where, what, the nearest valid word and what to do."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

Path = tuple[str | int, ...]
"""Where something stands in a case: keys and list positions from the top."""


MAX_PROBLEMS = 100
"""Most problems that are reported at once."""


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
    before, meant = shown[: column - start], shown[column - start :][: place.width]
    return shown, " " * _cells(before) + "^" * max(1, _cells(meant))


def _cells(text: str) -> int:
    """Columns that a text takes in a terminal: East Asian characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


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


class EntryError(ValueError):
    """What a reader of single entries raises; where the entry stands is added later.

    Parameters
    ----------
    what, help, column, width, at_key
        As in :class:`Finding`.
    at
        The part that is meant, as a path within the entry.
    """

    def __init__(
        self,
        what: str,
        help: str = "",
        *,
        column: int | None = None,
        width: int = 1,
        at: Path = (),
        at_key: bool = False,
    ) -> None:
        super().__init__(what)
        self.what, self.help, self.at, self.at_key = what, help, at, at_key
        self.column, self.width = column, width


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

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message, as the command line prints it, and no traceback."""
        return [f"error: {problem}" for problem in self.problems]


def and_more() -> Problem:
    """What stands below the last of the problems that are reported."""
    return Problem(f"and there are more; these are the first {MAX_PROBLEMS}")


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """The valid word that looks most like this one, or None if none comes close.

    Examples
    --------
    >>> nearest("dismantel", ["testing", "dismantle"])
    'dismantle'
    """
    return _nearest(word, tuple(map(str, valid)))


@lru_cache(maxsize=256)
def _nearest(word: str, words: tuple[str, ...]) -> str | None:
    lowered = {candidate.lower(): candidate for candidate in reversed(words)}
    found = difflib.get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def quoted(word: object, limit: int = 60) -> str:
    """A word as it is shown in a message: in quotes, and shortened if it is a long text."""
    text = str(word)
    return repr(text if len(text) <= limit else text[: limit - 1] + "…")


def shown(found: object) -> str:
    """What stands where something else was expected, for a message."""
    if found is None:
        return "nothing"
    if isinstance(found, Mapping):
        return "a mapping"
    if isinstance(found, (list, tuple)):
        return f"a list of {len(found)}"
    return quoted(found)


def unknown(kind: str, word: str, valid: Collection[str], of: str = "") -> tuple[str, str]:
    """The sentence and the help for a word that is not among the valid ones.

    Examples
    --------
    >>> unknown("option", "dismantel", ["testing", "dismantle"], "issue nuclear")[0]
    "unknown option 'dismantel' of issue nuclear; did you mean 'dismantle'?"
    """
    owner = f" of {of}" if of else ""
    close = nearest(word, valid)
    what = f"unknown {kind} {quoted(word)}{owner}"
    if close is not None:
        what += f"; did you mean {quoted(close)}?"
    plural = kind[:-1] + "ies" if kind.endswith("ty") else kind + "s"
    first = list(valid)[:12]
    more = f" and {len(valid) - len(first)} more" if len(valid) > len(first) else ""
    help = (
        f"{plural}{owner}: {', '.join(first)}{more}" if first else f"there are no {plural}{owner}"
    )
    return what, help
