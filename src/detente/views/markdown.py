"""Texts as Markdown shows them (CommonMark, tables as on GitHub), whatever stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SIGNS = re.compile(r"[\\`*{}\[\]<>|~#$]|&(?=[#\w])|(?<![^\W_])_|_(?![^\W_])")
"""What could mean something; an underscore between letters and a lonely & never do."""
_LIST = re.compile(r"(?P<mark>[-+])|(?P<number>\d+)(?=[.)])")


def escaped(text: str) -> str:
    r"""A text that Markdown shows as it is, on one line.

    Examples
    --------
    >>> print(escaped("[a]\n* b|c"))
    \[a\]<br>\* b\|c
    >>> print(escaped("_a_ & a_b"))
    \_a\_ & a_b
    """
    return _SIGNS.sub(r"\\\g<0>", text).replace("\n", "<br>")


def beginning(text: str) -> str:
    r"""What is escaped, as the beginning of a line: 1. and - begin no list.

    Examples
    --------
    >>> print(beginning("1. one"), beginning("- two"))
    1\. one \- two
    """
    begins = _LIST.match(text)
    if begins is None:
        return text
    return f"\\{text}" if begins["mark"] else f"{begins[0]}\\{text[begins.end() :]}"


def pipe_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[bool] = ()
) -> str:
    """A table of escaped texts; columns of numbers stand to the right.

    Examples
    --------
    >>> print(pipe_table(["Party", "Share"], [["North", "9 %"]], [False, True]))
    | Party | Share |
    | --- | ---: |
    | North | 9 % |
    """
    right = [*numbers, *[False] * (len(columns) - len(numbers))]
    rule = ["---:" if number else "---" for number in right]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, rule, *rows))
