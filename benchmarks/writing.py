"""Words and tables for the report."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are numbers, so they stand right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def seconds(value: float) -> str:
    """A duration with three digits: ``7.31 ms``, ``16.6 s``."""
    return f"{digits(value * 1e3)} ms" if value < 1 else f"{digits(value)} s"


def digits(value: float) -> str:
    """A number with three digits, or all of those before the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def outcomes(count: int) -> str:
    """A number of outcomes: in full up to a million, then as a power of ten."""
    if count <= 10**6:
        return f"{count:,}"
    leading, _, power = f"{count:.1e}".partition("e+")
    return f"{leading} × 10^{int(power)}"


def met(spent: float, allowed: float) -> str:
    """Whether a target was met."""
    return "met" if spent <= allowed else "missed"
