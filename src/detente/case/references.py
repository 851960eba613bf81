"""Checks that every word of a case names something: parties, issues, options, sources …"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from detente.case.bargaining import Concern, Rule, Values
from detente.case.consistency import READS, check_consistency
from detente.case.errors import EntryError, Finding, Path, nearest, quoted, unknown
from detente.case.expressions import Expression, problems_with
from detente.case.fields import PerOption, WalkAway, check_name
from detente.case.implementation import Package
from detente.case.provenance import entries_with_sources
from detente.case.schema import Case

_NAMED = ("parties", "issues", "packages", "violations", "guarantees", "drivers", "sources")


def check(case: Case) -> Iterator[Finding]:
    """All findings about a case whose shape is valid: words first, then consistency.

    Consistency is only judged where the words that it rests on are known.
    """
    doubtful = False
    for finding in check_words(case):
        doubtful = doubtful or finding.path[0] in READS
        yield finding
    if not doubtful:
        yield from check_consistency(case)


def check_words(case: Case) -> Iterator[Finding]:
    """Words of a case that name nothing."""
    return _Words(case).findings()


class _Words:
    """Looks up every word of one case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.parties = case.parties
        self.unordered = frozenset(n for n, issue in case.issues.items() if not issue.ordered)
        self.measures = case.verification.measures if case.verification else {}

    def findings(self) -> Iterator[Finding]:
        case = self.case
        yield from self.names()
        yield from self.sources()
        for name in case.issues:
            yield from self.issue(name)
        if case.status_quo is not None:
            yield from self.outcome(case.status_quo, ("status_quo",))
        for index, rule in enumerate(case.rules):
            yield from self.rule(rule, ("rules", index))
        yield from self.words("party", case.concerns, ("concerns",), self.parties)
        for party, concerns in case.concerns.items():
            yield from self.concerns(concerns, ("concerns", party))
        yield from self.words("party", case.values, ("values",), self.parties)
        for party, values in case.values.items():
            yield from self.values(values, ("values", party))
        for party in case.parties:
            yield from self.party(party)
        yield from self.agreement()
        for name, package in case.packages.items():
            yield from self.package(package, ("packages", name))
        yield from self.verification()
        yield from self.outside()

    # Words

    def word(
        self,
        kind: str,
        word: str,
        path: Path,
        valid: Collection[str],
        *,
        of: str = "",
        key: bool = False,
    ) -> Iterator[Finding]:
        if word not in valid:
            what, help = unknown(kind, word, valid, of)
            yield Finding(path, what, help, at_key=key)

    def words(
        self, kind: str, words: Iterable[str], path: Path, valid: Collection[str], *, of: str = ""
    ) -> Iterator[Finding]:
        """Words that are the keys of a mapping, or the items of a list."""
        keyed = isinstance(words, Mapping)
        for index, word in enumerate(words):
            here = (*path, word if keyed else index)
            yield from self.word(kind, word, here, valid, of=of, key=keyed)

    def names(self) -> Iterator[Finding]:
        case = self.case
        tables: list[tuple[Path, Iterable[str]]] = [((key,), getattr(case, key)) for key in _NAMED]
        tables.append((("verification", "measures"), self.measures))
        for party, entry in case.parties.items():
            tables.append((("parties", party, "factions"), entry.factions))
        for issue, options in case.options.items():
            tables.append((("issues", issue, "options"), options))
        for path, table in tables:
            for name in table:
                try:
                    check_name(name, option=path[-1] == "options")
                except EntryError as error:
                    yield Finding((*path, name), error.what, error.help, at_key=True)
        reserved = ("status_quo", "nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
        for name in case.packages:
            if name in (*reserved, "equal_loss"):
                what = f"a package cannot be called {name!r}: the word has a meaning of its own"
                yield Finding(("packages", name), what, "choose another name", at_key=True)
        if "mediator" in case.parties:
            what = "a party cannot be called 'mediator': --for mediator shows what all may not see"
            help = "call it, for instance, the_mediator"
            yield Finding(("parties", "mediator"), what, help, at_key=True)

    def expression(self, expression: Expression | None, path: Path) -> Iterator[Finding]:
        if expression is None:
            return
        for problem in problems_with(expression, self.case.options, self.unordered):
            yield Finding(path, problem.what, problem.help, problem.column, problem.width)

    def outcome(self, outcome: Mapping[str, str], path: Path) -> Iterator[Finding]:
        options = self.case.options
        for issue, option in outcome.items():
            if issue not in options:
                yield from self.word("issue", issue, (*path, issue), options, key=True)
            else:
                of = f"issue {issue}"
                yield from self.word("option", option, (*path, issue), options[issue], of=of)

    # Parts of a case

    def sources(self) -> Iterator[Finding]:
        known = self.case.sources
        for path, keys in entries_with_sources(self.case):
            yield from self.words("source", keys, path, known)

    def issue(self, name: str) -> Iterator[Finding]:
        issue, path = self.case.issues[name], ("issues", name)
        options, of = self.case.options[name], f"issue {name}"
        if issue.control is not None:
            yield from self.word("party", issue.control, (*path, "control"), self.parties)
        yield from self.words("party", issue.joint, (*path, "joint"), self.parties)
        yield from self.words("option", issue.irreversible, (*path, "irreversible"), options, of=of)
        for key in ("undo", "takes"):
            table: PerOption | None = getattr(issue, key)
            if table is not None:
                yield from self.words("option", table.options, (*path, key), options, of=of)
        if issue.transitions is not None:
            yield from self.words(
                "option", issue.transitions, (*path, "transitions"), options, of=of
            )
            for start, ends in issue.transitions.items():
                yield from self.words("option", ends, (*path, "transitions", start), options, of=of)
        for party, arcs in (issue.moves or {}).items():
            yield from self.word("party", party, (*path, "moves", party), self.parties, key=True)
            for index, arc in enumerate(arcs):
                yield from self.words("option", arc, (*path, "moves", party, index), options, of=of)

    def rule(self, rule: Rule, path: Path) -> Iterator[Finding]:
        yield from self.expression(rule.never, (*path, "never"))
        yield from self.expression(rule.if_, (*path, "if"))
        yield from self.expression(rule.then, (*path, "then"))

    def concerns(self, concerns: Sequence[Concern], path: Path) -> Iterator[Finding]:
        seen: set[str] = set()
        for index, concern in enumerate(concerns):
            yield from self.expression(concern.met, (*path, index, "met"))
            if concern.name in seen:
                what = f"two concerns of one party are called {concern.name!r}"
                yield Finding((*path, index, "name"), what, "give each its own name")
            seen.add(concern.name)

    def values(self, values: Values, path: Path) -> Iterator[Finding]:
        options = self.case.options
        scores = values.scores or {}
        yield from self.words("issue", scores, (*path, "scores"), options)
        for issue, table in scores.items():
            if issue not in options:
                continue
            here, of = (*path, "scores", issue), f"issue {issue}"
            yield from self.words("option", table, here, options[issue], of=of)
            missing = [option for option in options[issue] if option not in table]
            if missing and not set(table) - set(options[issue]):
                what = f"the scores of {issue} leave out {', '.join(map(repr, missing))}"
                yield Finding(here, what, "every option needs a score", at_key=True)
        for issue in values.weights or {}:
            here = (*path, "weights", issue)
            if issue not in options:
                yield from self.word("issue", issue, here, options, key=True)
            elif issue not in scores and set(scores) <= set(options):
                what = f"a weight for {issue}, which has no scores here"
                yield Finding(here, what, f"add scores for {issue}", at_key=True)
        weights = scores if values.weights is None else values.weights
        for issue in scores if set(weights) <= set(options) else ():
            if issue in options and issue not in weights:
                what = f"scores for {issue} but no weight"
                help = "give it a weight (0 if none)"
                yield Finding((*path, "scores", issue), what, help, at_key=True)
        for index, adjustment in enumerate(values.adjustments):
            yield from self.expression(adjustment.when, (*path, "adjustments", index, "when"))
        for index, statement in enumerate(values.priorities or ()):
            yield from self.expression(statement, (*path, "priorities", index))
        yield from self.ranking(values, path)

    def ranking(self, values: Values, path: Path) -> Iterator[Finding]:
        for index, tied in enumerate(values.ranking or ()):
            for inner, pattern in enumerate(tied):
                yield from self.outcome(pattern, (*path, "ranking", index, inner))

    def walk_away(self, walk_away: WalkAway, path: Path) -> Iterator[Finding]:
        if walk_away.outcome is not None:
            yield from self.outcome(walk_away.outcome, path)

    def party(self, name: str) -> Iterator[Finding]:
        party, path = self.case.parties[name], ("parties", name)
        yield from self.walk_away(party.walk_away, (*path, "walk_away"))
        for key, faction in party.factions.items():
            here: Path = (*path, "factions", key)
            yield from self.walk_away(faction.walk_away, (*here, "walk_away"))
            yield from self.concerns(faction.concerns, (*here, "concerns"))
            if faction.values is not None:
                yield from self.values(faction.values, (*here, "values"))
        if party.ratification is not None:
            factions, here = list(party.factions), (*path, "ratification")
            yield from self.words(
                "faction", party.ratification.veto, (*here, "veto"), factions, of=name
            )
            if not factions:
                yield Finding(here, f"{name} has no factions that could ratify", "add 'factions'")
        scores = (party.breakdown.scores if party.breakdown else None) or {}
        if scores:
            yield from self.values(Values(scores=scores), (*path, "breakdown"))
        if party.sees is not None:
            yield from self.sees(name)

    def sees(self, name: str) -> Iterator[Finding]:
        sees, path = self.case.parties[name].sees, ("parties", name, "sees")
        assert sees is not None
        yield from self.words("party", sees.values, (*path, "values"), self.parties)
        for party, values in sees.values.items():
            yield from self.values(values, (*path, "values", party))
        yield from self.words("issue", sees.issues, (*path, "issues"), self.case.options)
        for issue, view in sees.issues.items():
            if issue in self.case.options:
                here, options = (*path, "issues", issue), self.case.options[issue]
                for key in ("options", "irreversible"):
                    words = getattr(view, key) or ()
                    yield from self.words(
                        "option", words, (*here, key), options, of=f"issue {issue}"
                    )
                owners = [view.control] if view.control else view.joint or ()
                key = "control" if view.control else "joint"
                yield from self.words("party", owners, (*here, key), self.parties)
        for index, rule in enumerate(sees.rules or ()):
            yield from self.rule(rule, (*path, "rules", index))

    def agreement(self) -> Iterator[Finding]:
        rule, path = self.case.agreement, ("agreement",)
        signing = list(self.case.signing)
        yield from self.words("signing party", rule.veto, (*path, "veto"), signing)
        yield from self.words("signing party", rule.weights or {}, (*path, "weights"), signing)

    def package(self, package: Package, path: Path) -> Iterator[Finding]:
        yield from self.outcome(package.outcome, (*path, "outcome"))
        if package.follows is not None:
            yield from self.word("package", package.follows, (*path, "follows"), self.case.packages)
        items = [*self.measures, *self.case.guarantees]
        yield from self.words("measure or guarantee", package.steps, (*path, "steps"), items)
        valid = [*self.case.options, *items]
        for index, pair in enumerate(package.before):
            yield from self.words("step", pair, (*path, "before", index), valid)
        ids = dict.fromkeys(commitment.id for commitment in package.commitments)
        seen: set[str] = set()
        for index, commitment in enumerate(package.commitments):
            here = (*path, "commitments", index)
            if commitment.id in seen:
                what = f"two commitments have the id {commitment.id!r}"
                yield Finding((*here, "id"), what, "ids are used to refer to clauses")
            seen.add(commitment.id)
            if not commitment.who:
                what = f"{commitment.id} binds nobody"
                yield Finding((*here, "who"), what, "name the party that owes it")
            for key, named in (("who", commitment.who), ("to", commitment.to)):
                yield from self.words("party", named, (*here, key), self.parties)
                for place, party in enumerate(named):
                    if party in named[:place]:
                        what = f"the party {quoted(party)} is named twice"
                        yield Finding((*here, key, place), what, "take one out")
            yield from self.expression(commitment.does, (*here, "does"))
            yield from self.words("commitment", commitment.after, (*here, "after"), ids)
            yield from self.words(
                "measure", commitment.checked_by, (*here, "checked_by"), self.measures
            )
            yield from self.words("party", commitment.brackets, (*here, "brackets"), self.parties)

    def verification(self) -> Iterator[Finding]:
        case = self.case
        for name in self.measures:
            assert case.verification is not None
            measure = case.verification.measures[name]
            path: Path = ("verification", "measures", name)
            yield from self.expression(measure.requires, (*path, "requires"))
            valid = [*case.options, *case.violations]
            yield from self.words("issue or violation", measure.detects, (*path, "detects"), valid)
            for issue, table in measure.detects.items():
                options = [option for option in table if option]
                if issue in case.options:
                    of = f"issue {issue}"
                    for option in options:
                        here = (*path, "detects", issue, option)
                        yield from self.word(
                            "option", option, here, case.options[issue], of=of, key=True
                        )
        for name, violation in case.violations.items():
            path = ("violations", name)
            yield from self.word("party", violation.party, (*path, "party"), self.parties)
            yield from self.expression(violation.when, (*path, "when"))

    def outside(self) -> Iterator[Finding]:
        case = self.case
        for name, guarantee in case.guarantees.items():
            path: Path = ("guarantees", name)
            yield from self.word("party", guarantee.against, (*path, "against"), self.parties)
            yield from self.expression(guarantee.when, (*path, "when"))
            close = nearest(guarantee.by, self.parties)
            if guarantee.by not in self.parties and close and len(guarantee.by.split()) == 1:
                what, help = unknown("party", guarantee.by, self.parties)
                help = f"{help}; an institution that is no party is written out in several words"
                yield Finding((*path, "by"), what, help)
        for name, driver in case.drivers.items():
            path = ("drivers", name)
            yield from self.words("party", driver.hazards, (*path, "hazards"), self.parties)
            for index, shift in enumerate(driver.shifts):
                here = (*path, "shifts", index)
                yield from self.word("party", shift.party, (*here, "party"), self.parties)
                if shift.issue is not None:
                    yield from self.word("issue", shift.issue, (*here, "issue"), case.options)
                if shift.option is not None and shift.issue and shift.issue in case.options:
                    options, of = case.options[shift.issue], f"issue {shift.issue}"
                    yield from self.word("option", shift.option, (*here, "option"), options, of=of)
