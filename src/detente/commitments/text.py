"""The text of a package: its clauses with what they promise, how they are seen, their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from detente.case.errors import CaseError, Problem, unknown
from detente.case.implementation import Commitment, Package
from detente.case.outcomes import parse_outcome
from detente.case.schema import Case
from detente.commitments.order import Order, implied_order
from detente.commitments.promises import Promise, promise
from detente.commitments.sight import Sight, sight


@dataclass(frozen=True)
class NegotiatedText:
    """A text, read.

    Parameters
    ----------
    case, package, outcome
        The case, the package and its outcome, complete.
    promises, sights
        Per clause (id), what it promises and how far its measures see it.
    order
        The order that dates and triggers imply.
    signed
        The day from which periods are counted, where it is known.
    """

    case: Case
    package: Package
    outcome: Mapping[str, str]
    promises: Mapping[str, Promise]
    sights: Mapping[str, Sight]
    order: Order
    signed: date | None

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """The clauses, in the order of the text."""
        return self.package.commitments


def read_text(case: Case, package: str, signed: date | None) -> NegotiatedText:
    """Everything that is known of a text before it is judged.

    Raises
    ------
    CaseError
        Where the package is no complete outcome (it leaves out an issue and the case has no
        status quo), or a date lies beyond the calendar.
    """
    entry = case.packages[package]
    outcome = parse_outcome(case, package)
    promises = {c.id: promise(case, outcome, c) for c in entry.commitments}
    sights = {c.id: sight(case, outcome, c, promises[c.id]) for c in entry.commitments}
    order = implied_order(entry.commitments, signed, case.period)
    return NegotiatedText(case, entry, outcome, promises, sights, order, signed)


def chosen_package(case: Case, written: str | None) -> str:
    """The package that is meant: the one that was named, or the only one with a text.

    Raises
    ------
    CaseError
        Where there is no such package, or none was named and there is not exactly one text.
    """
    if written is not None:
        name = written.strip()
        if name not in case.packages:
            raise CaseError(Problem(*unknown("package", name, list(case.packages))))
        return name
    texts = packages_with_text(case)
    if len(texts) == 1:
        return texts[0]
    if not texts:
        what = "no package of this case has a text"
        raise CaseError(Problem(what, "add 'commitments:' to a package"))
    what = f"{len(texts)} packages of this case have a text"
    raise CaseError(Problem(what, f"say which with --outcome: {', '.join(texts)}"))


def packages_with_text(case: Case) -> tuple[str, ...]:
    """The packages that have commitments, in the order of the case."""
    return tuple(name for name, package in case.packages.items() if package.commitments)
