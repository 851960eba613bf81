"""The case: everything that a person wrote, typed and immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Any

from pydantic import BeforeValidator, PrivateAttr, WithJsonSchema

from detente.case.bargaining import (
    Agreement,
    AgreementField,
    Concern,
    Faction,
    Issue,
    Party,
    Rule,
    Values,
)
from detente.case.document import Document
from detente.case.errors import Path, Place
from detente.case.fields import FrozenDict, Record, Table, fail
from detente.case.implementation import Driver, Guarantee, Package, Source, Verification, Violation


@dataclass(frozen=True)
class Change:
    """One entry that an overlay changed: where, and what it was and became, as written."""

    path: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.path}: added {self.after}"
        if self.after is None:
            return f"{self.path}: taken out (was {self.before})"
        return f"{self.path}: {self.before} → {self.after}"


@dataclass(frozen=True)
class Overlay:
    """A partial case that was laid over another, and what it changed."""

    file: str
    title: str | None
    changes: tuple[Change, ...]


def _as_version(written: Any) -> int:
    if str(written) != "1":
        fail(f"format version {written!r} is not known; this program reads version 1")
    return 1


class Case(Record):
    """A conflict or a negotiation, described once.

    Attributes mirror the keys of the case file. Mappings keep the order of the file.
    """

    detente: Annotated[int, BeforeValidator(_as_version), WithJsonSchema({"const": 1})] = 1
    title: str
    as_of: date | None = None
    handling: str | None = None
    about: str | None = None
    parties: Table[Party]
    issues: Table[Issue]
    status_quo: Table[str] | None = None
    rules: tuple[Rule, ...] = ()
    concerns: Table[tuple[Concern, ...]] = FrozenDict()
    values: Table[Values] = FrozenDict()
    agreement: AgreementField = Agreement()
    packages: Table[Package] = FrozenDict()
    verification: Verification | None = None
    violations: Table[Violation] = FrozenDict()
    guarantees: Table[Guarantee] = FrozenDict()
    drivers: Table[Driver] = FrozenDict()
    sources: Table[Source] = FrozenDict()

    _document: Document | None = PrivateAttr(default=None)
    _overlays: tuple[Overlay, ...] = PrivateAttr(default=())

    def __eq__(self, other: object) -> bool:
        """Whether everything that was stated is the same, wherever it was read from."""
        if not isinstance(other, Case):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in Case.model_fields)

    __hash__ = None  # type: ignore[assignment]

    @property
    def file(self) -> str | None:
        """Name of the file that the case was read from, if any."""
        return self._document.file if self._document else None

    def place(self, path: Path, key: bool = False) -> Place | None:
        """Where an entry (or its key) stands in the file, if the case was read from one."""
        return self._document.place(path, key) if self._document else None

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Partial cases that were laid over the file, with what each changed."""
        return self._overlays

    @cached_property
    def options(self) -> Mapping[str, tuple[str, ...]]:
        """Option names of every issue, first to last."""
        return FrozenDict({name: tuple(issue.options) for name, issue in self.issues.items()})

    @cached_property
    def signing(self) -> tuple[str, ...]:
        """Parties whose consent an agreement may need, in the order of the case."""
        return tuple(name for name, party in self.parties.items() if party.signs)

    def party_name(self, party: str) -> str:
        """The wording for a party, or for a faction given as ``party.faction``."""
        if "." in party:
            owner, faction = party.split(".", 1)
            named: Party | Faction = self.parties[owner].factions[faction]
            party = faction
        else:
            named = self.parties[party]
        return named.name or party.replace("_", " ")

    def issue_name(self, issue: str) -> str:
        """The wording for an issue."""
        return self.issues[issue].name or issue.replace("_", " ")

    def option_name(self, issue: str, option: str) -> str:
        """The wording for an option."""
        return self.issues[issue].options[option].name

    def package_name(self, package: str) -> str:
        """The wording for a named package."""
        return self.packages[package].name or package.replace("_", " ")

    def complete(self, partial: Mapping[str, str]) -> dict[str, str]:
        """An outcome with every issue: what is left out stands at the status quo.

        Raises
        ------
        ValueError
            Where an issue is left out and the case has no status quo.
        """
        missing = [issue for issue in self.issues if issue not in partial]
        if missing and self.status_quo is None:
            raise ValueError(
                f"the case has no status quo, so an outcome names every issue; "
                f"this one leaves out {', '.join(missing)}"
            )
        today = self.status_quo or {}
        return {issue: partial.get(issue) or today[issue] for issue in self.issues}
