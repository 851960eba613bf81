"""The text behind a package as a neutral structure, before it becomes Word or Markdown.

It holds what parties negotiate: clauses, wording in brackets, terms, dates, measures and what
is still to be settled. It says nothing about who would accept it, and leaves out the
remarks, sources and status entries of the case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from detente.case.errors import CaseError, Problem
from detente.case.implementation import ON_PURPOSE, OPEN, Commitment
from detente.commitments.dates import day_text, periods_text
from detente.commitments.draft_result import DraftResult
from detente.model.sentences import listed, say
from detente.model.wording import in_words
from detente.views.documents.initials import initials

Mark = Literal["plain", "open", "open_on_purpose"]


@dataclass(frozen=True)
class Run:
    """A piece of wording, and whether it is a term without an agreed meaning."""

    text: str
    mark: Mark = "plain"

    @property
    def shown(self) -> str:
        """The text with its mark in words."""
        if self.mark == "plain":
            return self.text
        return say(f"negotiating_text.{self.mark}", term=self.text)


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Bracket:
    """Wording that one party wants and that is not agreed."""

    party: str
    initials: str
    wording: Runs


@dataclass(frozen=True)
class Detail:
    """A line below a clause: what it says, and under which label."""

    label: str
    runs: Runs


@dataclass(frozen=True)
class NumberedClause:
    """A clause as it stands in the text.

    Parameters
    ----------
    heading
        Its number and who is bound.
    id
        Its id in the case, by which a marked-up text finds its way back.
    wording
        The text; in its stead a remark where there is none yet.
    brackets, details
        What stands below it.
    """

    heading: str
    id: str
    wording: Runs
    brackets: tuple[Bracket, ...]
    details: tuple[Detail, ...]


@dataclass(frozen=True)
class TextTable:
    """Rows of texts under their columns."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Annex:
    """Tables under a heading."""

    heading: str
    tables: tuple[TextTable, ...]


@dataclass(frozen=True)
class NegotiatingText:
    """A text to negotiate.

    Parameters
    ----------
    title, case
        The wording of the package, and the title of the case.
    handling
        The label that stands on every page.
    dated
        Of which day the draft is, in words.
    day
        The same as a date; None where the case has none.
    legend
        What brackets and marks mean.
    parties
        The party's key, initials and name.
    clauses, annexes
        The text, and what is put behind it.
    unsettled
        What has to be settled before it can be signed.
    """

    title: str
    case: str
    handling: str | None
    dated: str
    day: date | None
    legend: str
    parties: tuple[tuple[str, str, str], ...]
    clauses: tuple[NumberedClause, ...]
    annexes: tuple[Annex, ...]
    unsettled: tuple[str, ...]


def negotiating_text(result: DraftResult) -> NegotiatingText:
    """The structure of the text whose draft was looked at.

    Raises
    ------
    CaseError
        Where a text has control characters, which no document can hold.
    """
    case = result.case
    builder = _Builder(result)
    return NegotiatingText(
        title=_clean(case.package_name(result.package), f"the name of {result.package}"),
        case=_clean(case.title, "the title of the case"),
        handling=None if case.handling is None else _clean(case.handling, "the handling label"),
        dated=_say("draft") if case.as_of is None else _say("draft_of", day=day_text(case.as_of)),
        day=case.as_of,
        legend=_say("legend"),
        parties=tuple(builder.parties()),
        clauses=tuple(builder.clauses()),
        annexes=tuple(annex for annex in builder.annexes() if annex.tables),
        unsettled=tuple(
            _say("task", what=_clean(task.what, "a task"), level=_say(task.level))
            for task in result.mandate
        ),
    )


def _say(key: str, **slots: object) -> str:
    return say(f"negotiating_text.{key}", **slots)


def _clean(text: str, where: str) -> str:
    """A text with single spaces and without spaces around its lines.

    Raises
    ------
    CaseError
        Where it has a control character (apart from tabs and line ends).
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for letter in text:
        code = ord(letter)
        control = unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t"
        if control or code in (0xFFFE, 0xFFFF):
            what = f"{where} has the control character U+{code:04X}, which no document can hold"
            raise CaseError(Problem(what, "take it out of the case"))
    return "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))


def marked(text: str, terms: Mapping[str, Mark]) -> tuple[Runs, tuple[str, ...]]:
    """A wording cut at its terms, and the terms that it does not contain.

    Terms are found as whole words whatever their capitals; where two overlap, the longer
    one counts.

    Examples
    --------
    >>> marked("Test sites close.", {"test sites": "open", "arms": "open"})
    ((Run(text='Test sites', mark='open'), Run(text=' close.', mark='plain')), ('arms',))
    """
    patterns = {term: r"\s+".join(map(re.escape, term.split())) for term in terms}
    longest = sorted((term for term in terms if patterns[term]), key=len, reverse=True)
    if not longest:
        return ((Run(text),) if text else ()), tuple(terms)
    joined = "|".join(f"({patterns[term]})" for term in longest)
    runs: list[Run] = []
    found: set[str] = set()
    end = 0
    for match in re.finditer(rf"(?<!\w)(?:{joined})(?!\w)", text, re.IGNORECASE):
        term = longest[(match.lastindex or 1) - 1]
        runs += [Run(text[end : match.start()]), Run(match[0], terms[term])]
        found.add(term)
        end = match.end()
    runs.append(Run(text[end:]))
    return tuple(run for run in runs if run.text), tuple(t for t in terms if t not in found)


class _Builder:
    """Puts the parts together; clauses are known by their number and their id."""

    def __init__(self, result: DraftResult) -> None:
        self.result, self.case = result, result.case
        self.names = {
            party: _clean(self.case.party_name(party), f"the name of {party}")
            for party in self.case.parties
        }
        self.initials = initials(self.names)
        self.commitments = [clause.commitment for clause in result.clauses]
        self.number = {c.id: number for number, c in enumerate(self.commitments, start=1)}
        defined = {
            term
            for c in self.commitments
            for term, meaning in c.terms.items()
            if meaning not in (OPEN, ON_PURPOSE)
        }
        self.open = {
            term: mark
            for c in self.commitments
            for term, mark in self.open_terms(c).items()
            if term not in defined
        }
        verification = self.case.verification
        self.measures = verification.measures if verification else {}

    def parties(self) -> Iterator[tuple[str, str, str]]:
        for party, entry in self.case.parties.items():
            name = self.names[party]
            shown = name if entry.signs else _say("unsigned", party=name)
            yield party, self.initials[party], shown

    def clauses(self) -> Iterator[NumberedClause]:
        for clause in self.result.clauses:
            commitment = clause.commitment
            own = self.open_terms(commitment)
            terms = {**self.open, **own}
            text = _clean(commitment.text or "", f"the text of {commitment.id}")
            wording, missing = marked(text, terms)
            brackets = []
            for party, words in commitment.brackets.items():
                runs, lacks = marked(_clean(words, f"the brackets of {commitment.id}"), terms)
                missing = tuple(term for term in missing if term in lacks)
                brackets.append(Bracket(party, self.initials[party], runs))
            unplaced = {term: own[term] for term in missing if term in own}
            who = listed(self.names[party] for party in commitment.who)
            number = self.number[commitment.id]
            yield NumberedClause(
                heading=_say("heading", number=str(number), parties=who),
                id=commitment.id,
                wording=wording or (Run(_say("no_wording")),),
                brackets=tuple(brackets),
                details=tuple(self.details(number - 1, unplaced)),
            )

    def open_terms(self, commitment: Commitment) -> dict[str, Mark]:
        """The terms of a clause that have no meaning, with their marks."""
        out: dict[str, Mark] = {}
        for term, meaning in commitment.terms.items():
            word = _clean(term, f"a term of {commitment.id}")
            if meaning == OPEN:
                out[word] = "open"
            elif meaning == ON_PURPOSE:
                out[word] = "open_on_purpose"
        return out

    def details(self, position: int, unplaced: Mapping[str, Mark]) -> Iterator[Detail]:
        """What stands below a clause; ``unplaced`` are open terms that its wording lacks."""
        clause = self.result.clauses[position]
        commitment = clause.commitment
        if commitment.text is None and commitment.does is not None:
            what = _clean(in_words(self.case, commitment.does), f"what {commitment.id} does")
            yield _plain("brings", what)
        if commitment.to:
            yield _plain("to", listed(self.names[party] for party in commitment.to))
        if commitment.by is not None:
            yield _plain("by", self.when(commitment.by, clause.due))
        if commitment.after:
            yield _plain("after", self.numbered(commitment.after))
        if commitment.checked_by:
            yield _plain("checked_by", ", ".join(map(self.measure, commitment.checked_by)))
        if commitment.if_not is not None:
            yield _plain("if_not", _clean(commitment.if_not, f"'if_not' of {commitment.id}"))
        for term, mark in unplaced.items():
            yield Detail(_say("term"), (Run(term, mark),))

    def when(self, by: int | date, due: date | None) -> str:
        """A date as the text gives it, with the day that follows from it."""
        if isinstance(by, date):
            return day_text(by)
        words = periods_text(by, self.case.period) if by else _say("at_once")
        return words if due is None else _say("on_the_day", when=words, day=day_text(due))

    def numbered(self, ids: Iterable[str]) -> str:
        """Clauses by number and id."""
        return listed(_say("clause", number=str(self.number[id]), id=id) for id in ids)

    def measure(self, key: str) -> str:
        """The wording of a measure."""
        name = self.measures[key].name or key.replace("_", " ")
        return _clean(name, f"the name of {key}")

    def annexes(self) -> Iterator[Annex]:
        tables = (self.dates(), self.checks())
        filled = tuple(table for table in tables if table.rows)
        yield Annex(_say("measures_and_dates"), filled)
        terms = self.terms()
        yield Annex(_say("terms_annex"), (terms,) if terms.rows else ())

    def dates(self) -> TextTable:
        """Every clause with its date and what it waits for, in the order that these imply."""
        columns = (_say("due"), _say("clause_column"), _say("after"))
        rows = []
        for stage in self.result.sequence:
            due = _say("on_trigger") if stage.ordered else _say("no_order")
            if stage.by is not None:
                due = self.when(stage.by, stage.due)
            for id in stage.ids:
                after = self.commitments[self.number[id] - 1].after
                rows.append((due, self.numbered([id]), self.numbered(after)))
        return TextTable(_say("dates"), columns, tuple(rows))

    def checks(self) -> TextTable:
        """The measures that check a clause, in the order of the case."""
        rows = []
        for key, measure in self.measures.items():
            ids = [c.id for c in self.commitments if key in c.checked_by]
            requires = "" if measure.requires is None else in_words(self.case, measure.requires)
            if ids:
                needs = _clean(requires, f"what {key} requires")
                rows.append((self.measure(key), needs, self.numbered(ids)))
        columns = (_say("measure"), _say("requires"), _say("checks"))
        return TextTable(_say("measures"), columns, tuple(rows))

    def terms(self) -> TextTable:
        """Every term with each of its meanings, in the order of the text."""
        found: dict[tuple[str, str], list[str]] = {}
        for commitment in self.commitments:
            for term, meaning in commitment.terms.items():
                word = _clean(term, f"a term of {commitment.id}")
                words = _clean(meaning, f"the meaning of {word!r} in {commitment.id}")
                if meaning in (OPEN, ON_PURPOSE):
                    words = _say(f"meaning_{meaning}")
                found.setdefault((word, words), []).append(commitment.id)
        rows = [(term, words, self.numbered(ids)) for (term, words), ids in found.items()]
        columns = (_say("term"), _say("meaning"), _say("clauses"))
        return TextTable(_say("terms"), columns, tuple(rows))


def _plain(label: str, text: str) -> Detail:
    return Detail(_say(label), (Run(text),))
