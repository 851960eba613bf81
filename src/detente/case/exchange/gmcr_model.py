"""GMCR+ conflict models (.gmcr), read as they stand and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as FilePath

from detente.case.errors import CaseError, Path, unknown
from detente.case.exchange.foreign import count, some
from detente.case.exchange.gmcr_entries import Entries, Statement, read_json
from detente.case.exchange.gmcr_states import State, States
from detente.case.valuation import MAX_PRIORITIES

DIRECTIONS = ("both", "fwd", "back")
"""Which way an option may go: both ways, only from no to yes, only from yes to no."""
RANKINGS = ("preferenceRanking", "preferenceVector")
"""Where a manual ranking stands; the second key in older files."""
MANUAL = ("useManualPreferenceRanking", "useManualPreferenceVectors")
"""Whether the manual rankings are in force; the second key in older files."""

_MODEL = frozenset(
    {"program", "version", "decisionMakers", "options", "infeasibles", *MANUAL}
    | {"coalitions", "coalitionsFull"}
)
_OPTION = frozenset({"name", "permittedDirection"})
_MAKER = frozenset({"name", "options", "preferences", *RANKINGS, "misperceptions", "payoffs"})


@dataclass(frozen=True)
class ModelOption:
    """What a decision maker may take up or not, and which way it may go."""

    name: str
    direction: str


@dataclass(frozen=True)
class DecisionMaker:
    """Who takes part in the conflict.

    Attributes
    ----------
    name
        As in the file.
    options
        Positions of the options that it owns.
    preferences
        Statements, most important first; none where a ranking is in force.
    ranking
        State numbers with ties, best first; None where the statements are in force.
    misperceptions
        What holds in the states that it does not perceive.
    """

    name: str
    options: tuple[int, ...] = ()
    preferences: tuple[Statement, ...] = ()
    ranking: tuple[tuple[int, ...], ...] | None = None
    misperceptions: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class ConflictModel:
    """A conflict in option form.

    Attributes
    ----------
    options, makers
        Options and decision makers, in the order of the file.
    infeasible
        What holds in no state.
    states
        The feasible states.
    coalitions
        Positions of decision makers that form a coalition of several.
    notes
        What was not read.
    """

    options: tuple[ModelOption, ...]
    makers: tuple[DecisionMaker, ...]
    infeasible: tuple[Statement, ...]
    states: States
    coalitions: tuple[tuple[int, ...], ...] = ()
    notes: tuple[str, ...] = ()


def read_model(path: FilePath) -> ConflictModel:
    """Read a conflict model.

    Raises
    ------
    CaseError
        With every independent problem: file, line, column, what is wrong and what to do.
    """
    reader = _Reader(read_json(path))
    model = reader.model()
    if reader.problems or model is None:
        raise CaseError(reader.problems)
    return model


def in_words(options: tuple[str, ...], state: State) -> str:
    """A state in words: the options that are at yes.

    Examples
    --------
    >>> in_words(("Attack", "Talk"), (False, True)), in_words(("Attack",), (False,))
    ('yes to Talk', 'no to everything')
    """
    taken = [option for option, yes in zip(options, state, strict=True) if yes]
    return f"yes to {some(taken)}" if taken else "no to everything"


class _Reader(Entries):
    """Reads the options first, then what refers to them, then who ranks the states."""

    def model(self) -> ConflictModel | None:
        missing = [key for key in ("options", "decisionMakers") if self.get((key,)) is None]
        if missing:
            what = f"this is no GMCR+ conflict model: there is no {' and no '.join(missing)}"
            help = "GMCR+ saves its models as .gmcr; a case of detente is a .yaml or .json file"
            self.problem((), what, help)
            return None
        self.unknown_keys((), _MODEL)
        options = tuple(map(self.option, self.below(("options",))))
        self.options = tuple(option.name for option in options)
        infeasible = self.statements(("infeasibles",))
        stated = [self.truth((key,)) for key in MANUAL]
        if not options and not self.problems:
            self.problem(("options",), "a model without options", "states are made of them")
        states = None if self.problems else self.states(("infeasibles",), infeasible)
        if states is None:
            return None  # what refers to options or states would only be told that there are none
        if not states.count:
            self.problem(("infeasibles",), "these patterns leave no state", "take one of them out")
        paths = self.below(("decisionMakers",))
        if not paths and not self.problems:
            self.problem(("decisionMakers",), "a model without decision makers")
        makers = tuple(self.maker(path, infeasible, states, any(stated)) for path in paths)
        coalitions = self.coalitions([maker.name for maker in makers])
        return ConflictModel(options, makers, infeasible, states, coalitions, tuple(self.notes))

    def option(self, path: Path) -> ModelOption:
        name = self.name(path, "an option", _OPTION)
        path = (*path, "permittedDirection")
        direction = self.get(path) if name else None
        if direction is not None and direction not in DIRECTIONS:
            what, help = unknown("direction", str(direction), DIRECTIONS, f"the option {name!r}")
            self.problem(path, what, help)
        return ModelOption(name, direction or DIRECTIONS[0])

    def states(self, path: Path, infeasible: tuple[Statement, ...]) -> States | None:
        """The states in which none of the statements holds; None where they are too many."""
        patterns = [pattern for statement in infeasible for pattern in statement]
        try:
            return States(len(self.options), patterns)
        except CaseError as error:
            (problem,) = error.problems
            self.problem(path, problem.what, problem.help, at_key=True)
            return None

    def maker(
        self, path: Path, infeasible: tuple[Statement, ...], states: States, manual: bool
    ) -> DecisionMaker:
        name = self.name(path, "a decision maker", _MAKER)
        if not name:
            return DecisionMaker(name)
        paths = self.below((*path, "options"))
        if not paths:
            help = "give it the position of an option, or take it out"
            self.problem(path, f"{name} has no options, so it could never move", help)
        owned = dict.fromkeys(self.position(x, "option", len(self.options)) for x in paths)
        options = tuple(option for option in owned if option is not None)
        blind = self.misperceptions((*path, "misperceptions"), name, infeasible)
        rankings = [(*path, key) for key in RANKINGS if self.get((*path, key)) is not None]
        if manual and self.get((*path, "preferences")):
            self.notes.append(f"{name} is ranked by hand: its preference statements were not read")
        if not manual:
            if rankings:
                self.notes.append(f"{name}: its manual ranking is not in force and was not read")
            preferences = self.preferences((*path, "preferences"), name)
            return DecisionMaker(name, options, preferences, None, blind)
        if not rankings:
            help = f'give "{RANKINGS[0]}", or set "{MANUAL[0]}" to false'
            self.problem(path, f"{name} has no ranking, and manual rankings are in force", help)
            return DecisionMaker(name)
        return DecisionMaker(name, options, (), self.ranking(rankings[0], name, states), blind)

    def misperceptions(
        self, path: Path, name: str, infeasible: tuple[Statement, ...]
    ) -> tuple[Statement, ...]:
        before = len(self.problems)
        blind = self.statements(path)
        if blind and len(self.problems) == before:
            perceived = self.states(path, (*infeasible, *blind))
            if perceived is not None and not perceived.count:
                self.problem(path, f"{name} perceives no state at all", "take a pattern out")
        return blind

    def preferences(self, path: Path, name: str) -> tuple[Statement, ...]:
        statements = self.statements(path)
        if len(statements) > MAX_PRIORITIES:
            what = f"{name} has {len(statements)} preference statements"
            help = "join some of them, or rank the states in GMCR+"
            self.problem(path, f"{what}; at most {MAX_PRIORITIES} can be told apart", help)
        return statements

    # Rankings of states, and who moves together

    def ranking(self, path: Path, name: str, states: States) -> tuple[tuple[int, ...], ...]:
        """State numbers, best first: every feasible state once."""
        before = len(self.problems)
        seen: set[int] = set()
        out = []
        for here in self.below(path):
            if self.get(here) == []:
                self.problem(here, "a tie of no states", "take it out")
            paths = self.below(here) if isinstance(self.get(here), list) else [here]
            numbers = [self.state(x, name, states, seen) for x in paths]
            out.append(tuple(number for number in numbers if number is not None))
        left = states.count - len(seen)
        if left and len(self.problems) == before:
            candidates = range(1, min(states.count, len(seen) + 5) + 1)
            missing = [number for number in candidates if number not in seen][:5]
            listed = "; ".join(f"{x} ({in_words(self.options, states.state(x))})" for x in missing)
            more = f"; and {left - len(missing)} more" if left > len(missing) else ""
            what = f"the ranking of {name} leaves out {count(left, 'feasible state')}"
            help = "every feasible state has its place; states in a list of their own are a tie"
            self.problem(path, f"{what}: {listed}{more}", help, at_key=True)
        return tuple(out)

    def state(self, path: Path, name: str, states: States, seen: set[int]) -> int | None:
        number = self.number(path, "the number of a state")
        if number is None:
            return None
        if not 1 <= number <= states.count:
            help = f"the model has {count(states.count, 'feasible state')}, counted from 1"
            self.problem(path, f"{name} ranks a state {number} that is not there", help)
        elif number in seen:
            words = in_words(self.options, states.state(number))
            self.problem(path, f"{name} ranks the state {number} twice ({words})", "take one out")
        seen.add(number)
        return number

    def coalitions(self, makers: list[str]) -> tuple[tuple[int, ...], ...]:
        """Coalitions of several; a decision maker belongs to one."""
        out: list[tuple[int, ...]] = []
        seen: set[int] = set()
        for path in self.below(("coalitions",)):
            paths = self.below(path) if isinstance(self.get(path), list) else [path]
            members = [self.position(x, "decision maker", len(makers)) for x in paths]
            known = [member for member in members if member is not None]
            for here, member in zip(paths, members, strict=True):
                if member is not None and (member in seen or known.count(member) > 1):
                    what = f"{makers[member]} is listed twice among the coalitions"
                    self.problem(here, what, "a decision maker belongs to one of them")
            seen.update(known)
            if len(known) > 1:
                out.append(tuple(known))
        return tuple(out)
