"""Codings that an order is to survive: overlays, and drivers at the ends of their ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from detente.case.errors import CaseError, Problem, nearest, quoted
from detente.case.loading import overlaid
from detente.case.numbers import show
from detente.case.schema import Case
from detente.model.drivers import extremes, with_driver

Variants = Sequence[str | Mapping[str, Any] | Case]


def variants(case: Case, survives: Variants) -> tuple[tuple[str, Case], ...]:
    """Each named coding with its name.

    Parameters
    ----------
    case
        The case.
    survives
        Overlays (files, bundled cases, mappings), whole cases with the same issues, and names
        of drivers, which stand for both ends of their ranges.

    Raises
    ------
    CaseError
        Where one cannot be read, or is not about the same parties, issues, options and status
        quo.
    """
    found: list[tuple[str, Case]] = []
    for entry in survives:
        for name, variant in _codings(case, entry):
            _check_same(case, variant, name)
            found.append((_fresh(name, found), variant))
    return tuple(found)


def _codings(case: Case, entry: str | Mapping[str, Any] | Case) -> Iterator[tuple[str, Case]]:
    if isinstance(entry, Case):
        yield entry.title, entry
    elif isinstance(entry, str) and entry in case.drivers:
        driver = case.drivers[entry]
        for value in extremes(driver):
            yield f"{entry}={show(value)}", with_driver(case, entry, value)
    else:
        try:
            found = overlaid(case, entry)
        except CaseError as error:
            raise _with_drivers(case, entry, error) from None
        yield entry if isinstance(entry, str) else "overlay", found


def _with_drivers(case: Case, entry: str | Mapping[str, Any], error: CaseError) -> CaseError:
    """The same error, with the drivers that might have been meant."""
    if not isinstance(entry, str) or not case.drivers:
        return error
    close = nearest(entry, list(case.drivers))
    if "there is no" not in str(error) or close is None:
        return error
    what = f"there is no file and no driver {quoted(entry)}; did you mean {close!r}?"
    return CaseError(Problem(what, f"drivers of the case: {', '.join(case.drivers)}"))


def _check_same(case: Case, variant: Case, name: str) -> None:
    for what, one, other in (
        ("issues and options", case.options, variant.options),
        ("status quo", case.status_quo, variant.status_quo),
        ("parties", tuple(case.parties), tuple(variant.parties)),
    ):
        if one != other:
            help = "codings of one table are compared; ask about each case by itself"
            raise CaseError(Problem(f"{name} has other {what} than the case", help))


def _fresh(name: str, found: Sequence[tuple[str, Case]]) -> str:
    known = {entry for entry, _ in found}
    return next(n for n in (name, *(f"{name} ({k})" for k in range(2, 99))) if n not in known)
