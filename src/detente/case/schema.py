"""The case: everything that a person wrote, typed and immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
from detente.case.errors import Path, Place, quoted
from detente.case.fields import Bare, Date, FrozenDict, Record, Table, Text, fail
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
        what = f"format version {quoted(written)} is not known"
        fail(what, "this program reads version 1: write 'detente: 1'")
    return 1


class Case(Record):
    """A conflict or a negotiation, described once.

    Attributes mirror the keys of the case file. Mappings keep the order of the file.
    """

    detente: Annotated[int, BeforeValidator(_as_version), WithJsonSchema({"const": 1})] = 1
    """The version of the format: 1."""
    title: Text = "Untitled case"
    """What the case is called; the name of the file where not given."""
    as_of: Date | None = None
    """The day that the case describes, as 2026-11-01."""
    handling: Text | None = None
    """A label for every page, table and chart made from this case, such as Mediator only."""
    about: Text | None = None
    """What a reader should know about the case as a whole."""
    parties: Table[Bare[Party]]
    """Who is at the table."""
    issues: Table[Issue]
    """What is on the table."""
    status_quo: Table[Text] | None = None
    """Today's state: one option of every issue."""
    rules: tuple[Rule, ...] = ()
    """What no outcome may be."""
    concerns: Table[tuple[Concern, ...]] = FrozenDict()
    """What each party must or wants to have; needs no numbers."""
    values: Table[Values] = FrozenDict()
    """What outcomes are worth to each party, per period while they stand."""
    agreement: AgreementField = Agreement()
    """Whose consent makes an agreement: unanimity (default) or a quota."""
    packages: Table[Package] = FrozenDict()
    """Drafts, to analyse and compare."""
    verification: Verification | None = None
    """How compliance would be checked."""
    violations: Table[Violation] = FrozenDict()
    """Ways to cheat that are no option on the table."""
    guarantees: Table[Guarantee] = FrozenDict()
    """What a party loses that lets the process collapse."""
    drivers: Table[Driver] = FrozenDict()
    """Outside factors that shift values."""
    sources: Table[Source] = FrozenDict()
    """Where facts and judgements come from; other entries name their keys."""

    _document: Document | None = PrivateAttr(default=None)
    _overlays: tuple[Overlay, ...] = PrivateAttr(default=())

    def __eq__(self, other: object) -> bool:
        """Whether everything that was stated is the same, wherever it was read from."""
        if not isinstance(other, Case):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in Case.model_fields)

    __hash__ = None  # type: ignore[assignment]

    def changed(self, **parts: Any) -> Case:
        """The same case with some entries replaced; they are taken as checked."""
        copy = self.model_copy(update=parts)
        for name in ("options", "signing"):
            copy.__dict__.pop(name, None)
        return copy

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

    @property
    def period(self) -> str:
        """The unit of all times: month where the case does not say."""
        return self.verification.period if self.verification is not None else "month"

    def covert(self, issue: str) -> bool:
        """Whether an issue can be changed unseen: as it says, else where a measure detects it."""
        stated = self.issues[issue].covert
        if stated is not None:
            return stated
        measures = self.verification.measures.values() if self.verification is not None else ()
        return any(issue in measure.detects for measure in measures)

    def allows(self, measure: str, outcome: Mapping[str, str]) -> bool:
        """Whether a complete outcome allows a measure of verification to work."""
        assert self.verification is not None
        requires = self.verification.measures[measure].requires
        return requires is None or requires.holds(outcome, self.options)

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

    def measure_name(self, measure: str) -> str:
        """The wording for a measure of verification."""
        stated = self.verification.measures.get(measure) if self.verification else None
        return (stated.name if stated is not None else None) or measure.replace("_", " ")

    def violation_name(self, name: str) -> str:
        """The wording for a listed violation, or for an issue that could be violated."""
        if name in self.issues:
            return self.issue_name(name)
        stated = self.violations.get(name)
        return (stated.name if stated is not None else None) or name.replace("_", " ")

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


def json_schema(partial: bool = False) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a case file, for editors.

    Parameters
    ----------
    partial
        The schema of an overlay instead: nothing is required, and an empty entry, which takes
        out the one below it, may stand anywhere.
    """
    schema = Case.model_json_schema()
    extends = "A file (relative to this one) or bundled case that this one is laid over."
    schema["properties"]["extends"] = {"type": "string", "description": extends}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **(_partial(schema) if partial else schema),
    }


def _partial(node: Any, named: bool = False) -> Any:
    """A schema without requirements; ``named``: its keys are names and no words of a schema."""
    if isinstance(node, list):
        return [_partial(item) for item in node]
    if not isinstance(node, dict):
        return node
    out = {}
    for key, value in node.items():
        if not named and key in ("required", "minItems", "minProperties"):
            continue
        if not named and key == "properties":
            out[key] = {name: _or_null(entry) for name, entry in value.items()}
        elif not named and key == "additionalProperties" and isinstance(value, dict):
            out[key] = _or_null(value)
        else:
            out[key] = _partial(value, named=key == "$defs")
    return out


def _or_null(entry: Any) -> dict[str, Any]:
    words = {key: entry[key] for key in ("title", "description") if key in entry}
    return {**words, "anyOf": [{"type": "null"}, _partial(entry)]}
