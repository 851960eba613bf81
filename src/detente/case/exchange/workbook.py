"""The scoring workbook (.xlsx): what a delegation keeps, as a case.

Sheets, each with a header row; the order of the columns does not matter:

``parties``
    party, name, walk-away, signs.
``issues``
    issue, option, title, order, controlled by, status quo. An empty issue cell repeats the
    one above. *Order* numbers the options, or says ``none``; *controlled by* names a party,
    or with commas those who must agree; *status quo* has an x at today's option.
one sheet per party
    issue, weight, option, score, low, high, source, because. The weight stands once per
    issue; a sheet without weights holds points. A row ``walk-away`` may stand in it, and
    rows ``total`` are passed over.
``rules``
    never, or if and then; because.
``sources`` and ``case``
    what the sources are; title, date, handling label and text of the case.

Only the sheets of the parties are needed; without the others the names come from them.
Further columns (ranges of weights, remarks) are listed in
:data:`detente.case.exchange.workbook_entries.COLUMNS` and written where a case needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Any

from detente.case.errors import CaseError, EntryError, Path, Problem, unknown
from detente.case.exchange.foreign import Imported
from detente.case.exchange.sheets import Cell, Row, Sheet, as_number, column_name, read_sheets
from detente.case.exchange.workbook_entries import COLUMNS, FIELDS, NEEDED, Entries, Words
from detente.case.loading import load_document
from detente.case.numbers import parse_number

_UNORDERED = frozenset({"none", "no", "unordered", "-"})
_TOTALS = frozenset({"total", "sum"})
_WALK_AWAY = "walk away"


def read_workbook(path: FilePath, sheets: Iterable[Sheet] | None = None) -> Imported:
    """Read a scoring workbook.

    Parameters
    ----------
    path
        The .xlsx file.
    sheets
        Its sheets, where they are read already.

    Raises
    ------
    CaseError
        With every independent problem: workbook, sheet, cell, what is wrong and the
        nearest valid word.
    """
    reader = _Reader(path, read_sheets(path) if sheets is None else sheets)
    reader.read()
    if reader.problems:
        raise CaseError(reader.problems)
    return Imported(load_document(reader.document), tuple(reader.notes))


class _Reader(Entries):
    """Reads the sheets one after the other: words first, then what uses them."""

    def __init__(self, path: FilePath, sheets: Iterable[Sheet]) -> None:
        super().__init__(path)
        named = [(column_name(sheet.title), sheet) for sheet in sheets]
        self.sheets = {name: sheet for name, sheet in named if name in COLUMNS}
        self.others = [sheet for name, sheet in named if name not in COLUMNS]
        self.scored = [sheet for sheet in self.others if sheet.header(NEEDED["scores"])]
        self.parties, self.issues = Words("party"), Words("issue")
        self.options: dict[str, Words] = {}
        self.sheet_of: dict[str, str] = {}

    def read(self) -> None:
        self.sources_listed = "sources" in self.sheets
        for row in self.rows("sources"):
            self.source(row)
        for row in self.rows("case"):
            self.field(row)
        if "parties" in self.sheets:
            for row in self.rows("parties"):
                self.party(row)
        else:
            for sheet in self.scored:
                self.name(("parties", self.parties.add(sheet.title.strip())), sheet)
        self.read_issues()
        for row in self.rows("rules"):
            self.rule(row)
        for sheet in self.others:
            self.read_scores(sheet)
        if not (self.scored or self.sheets):
            needed = ", ".join(NEEDED["scores"])
            self.problems.append(
                Problem(
                    f"{self.document.file}: no sheet of this workbook holds scores",
                    f"a party's sheet has the columns {needed} in its first row",
                )
            )
        self.add_sources()

    def rows(self, kind: str) -> list[Row]:
        return self.table(self.sheets[kind], kind) if kind in self.sheets else []

    def table(self, sheet: Sheet, kind: str) -> list[Row]:
        needed = NEEDED[kind]
        if kind == "rules":
            needed = ("if", "then") if sheet.header(("if", "then")) else ("never",)
        try:
            return sheet.table(needed, COLUMNS[kind], self.notes)
        except CaseError as error:
            self.problems.extend(error.problems)
            self.parties.complete = self.parties.complete and kind != "parties"
            self.issues.complete = self.issues.complete and kind != "issues"
            return []

    # The small sheets

    def source(self, row: Row) -> None:
        written = row.word("source")
        if written is None:
            return self.problem(row, "source", "a source without its name")
        path: Path = ("sources", self.sources.add(written))
        self.put((*path, "title"), row.text("title") or written, row.place("title"))
        for column in COLUMNS["sources"][2:]:
            self.text((*path, column), row, column)
        return None

    def field(self, row: Row) -> None:
        written = column_name(row.text("field") or "")
        if written in FIELDS:
            self.text((written.replace(" ", "_"),), row, "value")
        else:
            self.problem(row, "field", *unknown("field", written, FIELDS))

    def rule(self, row: Row) -> None:
        rules = self.document.data.setdefault("rules", [])
        path: Path = ("rules", len(rules))
        columns = [column for column in ("never", "if", "then") if row.word(column)]
        if not columns:
            return self.problem(row, "never", "a row without its rule")
        self.put(path, {}, row.place(columns[0]))
        for column in columns:
            self.put((*path, column), row.word(column), row.place(column))
        return self.remarks(path, row)

    # Parties and issues

    def name(self, path: Path, at: Row | Sheet, column: str = "", wording: str = "") -> None:
        """A new entry with its wording, where the key does not say it."""
        place = at.place(column) if isinstance(at, Row) else Cell(at.place, 1, 1)
        self.put(path, {}, place)
        words = self.parties if path[0] == "parties" else self.issues
        if path[-2] == "options":
            words = self.options[str(path[1])]
        stated = wording or words.wordings[str(path[-1])]
        if stated:
            self.put((*path, "name"), stated, place)

    def party(self, row: Row) -> None:
        written = row.word("party")
        if written is None or self.parties.same(written) is not None:
            self.parties.complete = False
            twice = f"the party {written!r} appears twice"
            return self.problem(row, "party", twice if written else "a row without its party")
        key = self.parties.add(written, row.text("name"))
        path: Path = ("parties", key)
        self.name(path, row, "party", row.text("name") or "")
        stated = column_name(row.text(_WALK_AWAY) or "") not in ("", "status quo")
        if stated or "walk away low" in row.cells:
            self.walk_away(key, row, _WALK_AWAY)
        elif row.text("walk away because") is not None:
            reason = {"outcome": "status_quo", "because": row.text("walk away because")}
            self.put((*path, "walk_away"), reason, row.place("walk away because"))
        if not self.truth(row, "signs", default=True):
            self.put((*path, "signs"), "false", row.place("signs"))
        if row.word("sheet") is not None:
            self.sheet_of[column_name(str(row.word("sheet")))] = key
        return self.remarks(path, row)

    def walk_away(self, party: str, row: Row, column: str) -> None:
        number = self.number(row, column)
        if number is None:
            return None
        path: Path = ("parties", party, "walk_away")
        before = self.get(path)
        if before is not None and parse_number(before) != parse_number(number):
            what = f"{party} has another walk-away in the sheet 'parties'"
            return self.problem(row, column, what)
        return self.put(path, number, row.place(column))

    def read_issues(self) -> None:
        listed = "issues" in self.sheets
        rows = self.rows("issues") if listed else []
        for sheet in () if listed else self.scored:
            rows += sheet.table(NEEDED["scores"], COLUMNS["scores"], [])
        for issue, own in self.by_issue(rows, self.new_issue).items():
            self.issue(issue, own, listed)

    def by_issue(
        self, rows: Iterable[Row], find: Callable[[Row], str | None]
    ) -> dict[str, list[Row]]:
        """Rows by issue; an empty cell repeats the issue above."""
        out: dict[str, list[Row]] = {}
        issue, started = None, False
        for row in rows:
            if row.word("issue") is not None:
                issue, started = find(row), True
            elif not started:
                self.problem(row, "issue", "a row without its issue")
                started = True
            if issue is not None:
                out.setdefault(issue, []).append(row)
        return out

    def new_issue(self, row: Row) -> str | None:
        """The issue of a row, which may be one that was not met before."""
        written = str(row.word("issue"))
        if row.word("option") is None and column_name(written) in {*_TOTALS, _WALK_AWAY}:
            return None
        key = self.issues.find(written)
        if key is None:
            key = self.issues.add(written, row.text("issue name"))
            self.options[key] = Words("option")
            self.name(("issues", key), row, "issue", row.text("issue name") or "")
        return key

    def issue(self, issue: str, rows: list[Row], listed: bool) -> None:
        words, orders = self.options[issue], dict[str, Row]()
        for row in rows:
            written = row.word("option")
            if listed:
                self.remarks(("issues", issue), row, "issue ")
                self.control(issue, row)
            if written is None:
                continue
            if words.same(written) is None:
                option = words.add(written, row.text("title"))
                path = ("issues", issue, "options", option)
                self.name(path, row, "option", row.text("title") or "")
                if listed:
                    orders[option] = row
                    self.remarks(path, row)
                    self.today(issue, option, row)
            elif listed:
                words.complete = False
                self.problem(row, "option", f"the option {written!r} of {issue} appears twice")
        self.order(issue, orders)

    def today(self, issue: str, option: str, row: Row) -> None:
        if self.truth(row, "status quo", default=False):
            before = self.get(("status_quo", issue))
            if before is not None:
                what = f"two options of {issue} are marked as today's: {before} and {option}"
                return self.problem(row, "status quo", what)
            self.put(("status_quo", issue), option, row.place("status quo"))
        return None

    def control(self, issue: str, row: Row) -> None:
        written = row.word("controlled by")
        if written is None:
            return None
        names = [name for name in re.split(r"\s*[,;]\s*", written) if name]
        place = row.place("controlled by")
        owners = [self.word(self.parties, name, place) for name in names]
        if None in owners:
            return None
        key, value = ("joint", owners) if re.search("[,;]", written) else ("control", owners[0])
        before = self.get(("issues", issue, key))
        if before not in (None, value):
            what = f"{issue} has another owner in a row above: {before}"
            return self.problem(row, "controlled by", what)
        return self.put(("issues", issue, key), value, place)

    def order(self, issue: str, rows: dict[str, Row]) -> None:
        """Put the options in the order that the numbers say, if there are any."""
        given = {o: str(r.word("order")).lower() for o, r in rows.items() if r.word("order")}
        if not given:
            return None
        if set(given.values()) <= _UNORDERED:
            first = next(row for row in rows.values() if row.word("order"))
            return self.put(("issues", issue, "ordered"), "false", first.place("order"))
        ranks: dict[Fraction, str] = {}
        for option, row in rows.items():
            try:
                rank = as_number(row.cells.get("order"))
            except EntryError:
                help = "number all options of the issue, or write none"
                return self.problem(row, "order", f"no place in the order for {option}", help)
            if rank in ranks:
                what = f"{ranks[rank]} and {option} have the same place in the order"
                return self.problem(row, "order", what)
            ranks[rank] = option
        options = self.document.data["issues"][issue]["options"]
        self.document.data["issues"][issue]["options"] = {
            ranks[rank]: options[ranks[rank]] for rank in sorted(ranks)
        }
        return None

    # Scores

    def read_scores(self, sheet: Sheet) -> None:
        party = self.sheet_of.get(column_name(sheet.title)) or self.parties.find(sheet.title)
        if party is None and sheet not in self.scored:
            self.notes.append(f"{sheet.place} was not read: it is no party's")
        elif party is None:
            self.word(self.parties, sheet.title, Cell(sheet.place, 1, 1))
        else:
            self.party_scores(party, sheet)

    def party_scores(self, party: str, sheet: Sheet) -> None:

        def find(row: Row) -> str | None:
            written = column_name(str(row.word("issue")))
            if row.word("option") is None and written in _TOTALS:
                return None
            if row.word("option") is None and written == _WALK_AWAY:
                self.walk_away(party, row, "score")
                return None
            return self.known(self.issues, row, "issue")

        for issue, rows in self.by_issue(self.table(sheet, "scores"), find).items():
            for row in rows:
                self.score(party, issue, row)

    def score(self, party: str, issue: str, row: Row) -> None:
        weight = self.number(row, "weight")
        if weight is not None:
            path: Path = ("values", party, "weights", issue)
            before = self.get(path)
            if before is not None and parse_number(before) != parse_number(weight):
                return self.problem(row, "weight", f"{issue} has another weight in a row above")
            self.put(path, weight, row.place("weight"))
        if row.word("option") is None:
            if "score" in row.cells:
                self.problem(row, "option", "a score without its option")
            return None
        option = self.known(self.options[issue], row, "option", f"issue {issue}")
        number: Any = self.number(row, "score") if option is not None else None
        if option is None or number is None:
            return None
        path = ("values", party, "scores", issue, option)
        if self.get(path) is not None:
            what = f"a second score for {option} of issue {issue}"
            return self.problem(row, "option", what)
        return self.put(path, number, row.place("score"))
