"""GMCR+ conflict models (.gmcr, JSON), read as cases.

An option becomes an issue with the options no and yes, controlled by the decision maker that
owns it; one that may go only one way cannot be left once it got there. Infeasible patterns
become rules. Preference statements become priorities: outcomes compare by which statements
hold, the most important one first. A manual ranking of states becomes a ranking. What a
decision maker does not perceive is ruled out in its own view of the conflict.

Source: the files of GMCR+ (Kinsara, Petersons, Hipel and Kilgour, "Advanced decision support
for the graph model for conflict resolution", Journal of Decision Systems 24(2), 2015).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from detente.case.document import Document
from detente.case.exchange.foreign import Imported, some, valid_name, wording_of
from detente.case.exchange.gmcr_entries import Statement
from detente.case.exchange.gmcr_model import (
    ConflictModel,
    DecisionMaker,
    in_words,
    read_model,
)
from detente.case.exchange.gmcr_states import State
from detente.case.loading import load_document

OPTIONS = ("no", "yes")
"""The options of every issue."""
_ARCS: Mapping[str, Sequence[tuple[str, str]]] = {
    "both": (("no", "yes"), ("yes", "no")),
    "fwd": (("no", "yes"),),
    "back": (("yes", "no"),),
}
_FINAL = {"fwd": "yes", "back": "no"}


def read_gmcr(path: FilePath) -> Imported:
    """Read a conflict model.

    Parameters
    ----------
    path
        The .gmcr file; its name becomes the title.

    Returns
    -------
    Imported
        The case, and notes on what has no counterpart: coalitions, a status quo, keys that
        are not known.

    Raises
    ------
    CaseError
        With every independent problem: file, line, column, what is wrong and what to do.
    """
    model = read_model(path)
    writer = _Case(model)
    data = {"detente": "1", "title": path.stem.replace("_", " "), **writer.data()}
    notes = (*writer.notes(), *model.notes)
    return Imported(load_document(Document(str(path), data)), notes)


class _Case:
    """A conflict model in the words of a case."""

    def __init__(self, model: ConflictModel) -> None:
        self.model = model
        # the word alone stands for what only a mediator sees, and no party may be called so
        names = [maker.name for maker in model.makers]
        self.parties = _keys(["The mediator" if x.lower() == "mediator" else x for x in names])
        self.wordings = [self._wording(place) for place in range(len(model.options))]
        self.issues = _keys(self.wordings)

    def data(self) -> dict[str, Any]:
        """The content of the case."""
        model = self.model
        rules = [{"never": self.expression(statement)} for statement in model.infeasible]
        parties: dict[str, Any] = {}
        for key, maker in zip(self.parties, model.makers, strict=True):
            parties[key] = _named(key, maker.name)
            if maker.misperceptions:
                own = [{"never": self.expression(x)} for x in maker.misperceptions]
                parties[key]["sees"] = {"rules": [*rules, *own]}
        return {
            "parties": parties,
            "issues": {key: self.issue(place) for place, key in enumerate(self.issues)},
            "status_quo": self.outcome(model.states.state(1)),
            **({"rules": rules} if rules else {}),
            "values": {
                key: self.values(maker)
                for key, maker in zip(self.parties, model.makers, strict=True)
            },
        }

    def issue(self, place: int) -> dict[str, Any]:
        """An option as an issue: who may change it, and which way."""
        option = self.model.options[place]
        owners = [self.parties[maker] for maker in self.owners(place)]
        out = {**_named(self.issues[place], self.wordings[place]), "options": list(OPTIONS)}
        if len(owners) == 1:
            out["control"] = owners[0]
        else:  # each of its owners may change it alone, which is no joint control
            arcs = [list(arc) for arc in _ARCS[option.direction]]
            out["moves"] = dict.fromkeys(owners, arcs)
        if option.direction in _FINAL:
            out["irreversible"] = [_FINAL[option.direction]]
        return out

    def owners(self, place: int) -> list[int]:
        """Who owns an option."""
        return [x for x, maker in enumerate(self.model.makers) if place in maker.options]

    def owner_names(self, place: int, joined: str) -> str:
        """Who owns an option, in words."""
        return joined.join(self.model.makers[maker].name for maker in self.owners(place))

    def values(self, maker: DecisionMaker) -> dict[str, Any]:
        """A ranking where one is in force, else the statements."""
        if maker.ranking is None:
            return {"priorities": [self.expression(x) for x in maker.preferences]}
        tied = [[self.outcome(self.model.states.state(x)) for x in tie] for tie in maker.ranking]
        return {"ranking": [tie[0] if len(tie) == 1 else tie for tie in tied]}

    def outcome(self, state: State) -> dict[str, str]:
        """A state as one option of every issue."""
        return {key: OPTIONS[yes] for key, yes in zip(self.issues, state, strict=True)}

    def expression(self, statement: Statement) -> str:
        """A statement as an expression."""
        parts = [
            " and ".join(f"{self.issues[option]} == {OPTIONS[yes]}" for option, yes in pattern)
            for pattern in statement
        ]
        if len(parts) == 1:
            return parts[0]
        return " or ".join(f"({part})" if " and " in part else part for part in parts)

    def _wording(self, place: int) -> str:
        """The name of an option, with its owners where several options are called so."""
        names = [option.name for option in self.model.options]
        alike = sum(other.casefold() == names[place].casefold() for other in names)
        owners = self.owner_names(place, ", ")
        return f"{names[place]} ({owners})" if alike > 1 and owners else names[place]

    # What has no counterpart

    def notes(self) -> Iterator[str]:
        """What a reader should know about the case."""
        model = self.model
        state = in_words(tuple(self.wordings), model.states.state(1))
        yield (
            "GMCR+ knows no status quo: the case begins at the feasible state with the lowest "
            f"number ({state}); write today's state under status_quo"
        )
        renamed = [
            wording
            for wording, option in zip(self.wordings, model.options, strict=True)
            if wording != option.name
        ]
        if renamed:
            yield f"options of the same name were told apart by their owners: {some(renamed)}"
        for place, wording in enumerate(self.wordings):
            owners = self.owner_names(place, " and ")
            if not owners:
                yield f"{wording} belongs to no decision maker: nobody can change it"
            elif len(self.owners(place)) > 1:
                yield (
                    f"{wording} belongs to {owners}: each can change it alone (moves); if they "
                    "must agree, write joint instead"
                )
        for maker in model.makers:
            if maker.ranking is None and not maker.preferences:
                yield (
                    f"{maker.name} states no preferences: all outcomes are equally good to it, "
                    "as in GMCR+; if they are not known, take it out of values"
                )
            if maker.misperceptions:
                yield (
                    f"{maker.name} does not perceive some states: its own view (sees) rules them "
                    "out; in GMCR+ its moves to and from them are gone for everybody"
                )
        if model.coalitions:
            blocs = ["+".join(self.parties[x] for x in bloc) for bloc in model.coalitions]
            yield (
                "a case has no place for coalitions; ask for these with: "
                f'detente hold CASE --blocs "{",".join(blocs)}"'
            )


def _keys(wordings: Sequence[str]) -> list[str]:
    """Names for parties or issues, each its own."""
    out: list[str] = []
    for wording in wordings:
        out.append(valid_name(wording.lower(), out))
    return out


def _named(key: str, wording: str) -> dict[str, Any]:
    name = wording_of(key, wording)
    return {} if name is None else {"name": name}
