"""The text of a package as Word and Markdown: all of it is there, in order, as marked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import drawn_texts
from detente.case import Case, CaseError, load
from detente.command.output import deliver
from detente.commitments import DraftResult, draft
from detente.views.documents import markdown_text, word_document
from detente.views.documents.initials import initials
from detente.views.documents.negotiating_text import marked, negotiating_text

BUNDLED = [("korea", "freeze_first"), ("korea", "all_for_all"), ("river", "single_text")]
SMALL: dict[str, Any] = {
    "title": "Small",
    "handling": "Mediator only",
    "as_of": "2026-11-01",
    "parties": {"north": {"name": "The North"}, "us": {"name": "United States"}},
    "issues": {"arms": {"name": "Heavy arms", "options": ["held", "cut"]}},
    "status_quo": {"arms": "held"},
    "packages": {"draft": {"name": "First draft", "outcome": {"arms": "cut"}, "commitments": []}},
    "verification": {"measures": {"eyes": {"name": "Eyes", "requires": "arms == cut"}}},
}


def small(*clauses: dict[str, Any], **changes: Any) -> DraftResult:
    package = {**SMALL["packages"]["draft"], "commitments": list(clauses)}
    return draft(load({**SMALL, "packages": {"draft": package}, **changes}), "draft")


def squeezed(text: str) -> str:
    return " ".join(text.split())


# Reading back


def read_docx(content: bytes) -> list[str]:
    """Every paragraph and every cell of the body, in order."""
    document = docx.Document(io.BytesIO(content))
    out: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            out += [cell.text for row in block.rows for cell in row.cells]
        else:
            out.append(block.text)
    return out


def read_markdown(text: str) -> list[str]:
    """Every paragraph, heading, list item and cell as a reader sees it, in order."""
    out = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        assert token.type not in ("html_block", "code_block", "fence", "blockquote_open", "hr")
        assert token.type not in ("ordered_list_open",)
        if token.type == "inline":
            out.append("".join(_inline(token.children or [])))
    return out


def _inline(tokens: list[Any]) -> Iterator[str]:
    for token in tokens:
        assert token.type not in ("link_open", "image", "code_inline", "em_open"), token
        if token.type == "html_inline":
            assert token.content in ("<br>", "<mark>", "</mark>")
            yield "\n" if token.content == "<br>" else ""
        else:
            yield token.content


def unmarked(text: str) -> str:
    return squeezed(re.sub(r" \(open( on purpose)?\)", "", text))


def expected(case: Case, package: str) -> Iterator[str]:
    """What has to be found, in order, from what the case says."""
    short = initials({party: squeezed(case.party_name(party)) for party in case.parties})
    yield case.package_name(package)
    yield case.title
    for party in case.parties:
        yield short[party]
        yield case.party_name(party)
    clauses = case.packages[package].commitments
    for number, clause in enumerate(clauses, start=1):
        yield f"{number}. {case.party_name(clause.who[0])}"
        yield f"({clause.id})"
        yield clause.text or "(no wording yet)"
        for party, wording in clause.brackets.items():
            yield f"[{short[party]}: {wording.strip()}]"
        for party in clause.to:
            yield case.party_name(party)
        if isinstance(clause.by, date):
            yield f"{clause.by.day} {clause.by:%B} {clause.by.year}"
        yield from (f"({other})" for other in clause.after)
        measures = case.verification.measures if case.verification else {}
        yield from (measures[key].name or key for key in clause.checked_by)
        yield clause.if_not or ""


def check_in_order(case: Case, package: str, read: list[str]) -> None:
    text, at = unmarked("\n".join(read)), 0
    for part in expected(case, package):
        wanted = unmarked(part)
        found = text.find(wanted, at)
        assert found >= 0, (wanted, text[at:])
        at = found + len(wanted)
    pairs = set(pairwise(map(squeezed, read)))
    for clause in case.packages[package].commitments:
        for term, meaning in clause.terms.items():
            words = {"open": "open", "open_on_purpose": "open on purpose"}.get(meaning, meaning)
            assert (squeezed(term), squeezed(words)) in pairs


# What is there


@given(drawn_texts.cases())
@settings(max_examples=25, deadline=None)
def test_everything_is_found_in_order_on_random_texts(data: dict[str, Any]) -> None:
    case = load(data)
    result = draft(case, drawn_texts.PACKAGE)
    content = word_document(result)
    check_in_order(case, drawn_texts.PACKAGE, read_docx(content))
    check_in_order(case, drawn_texts.PACKAGE, read_markdown(markdown_text(result)))
    assert [squeezed(part) for part in read_docx(content) if part] == [
        squeezed(part) for part in _blocks(result)
    ]


def _blocks(result: DraftResult) -> Iterator[str]:
    """The structure, block by block, as it should stand in the body of the Word document."""
    text = negotiating_text(result)
    yield from (text.title, f"{text.case} {text.dated}", "Parties", "Initials", "Party")
    yield from (part for _, *names in text.parties for part in names)
    yield from (text.legend, "Text")
    if not text.clauses:
        yield "This text has no clauses yet."
    for clause in text.clauses:
        yield f"{clause.heading} ({clause.id})"
        yield "".join(run.shown for run in clause.wording)
        for bracket in clause.brackets:
            yield f"[{bracket.initials}: {''.join(run.shown for run in bracket.wording)}]"
        for detail in clause.details:
            yield f"{detail.label}: {''.join(run.shown for run in detail.runs)}"
    for annex in text.annexes:
        yield annex.heading
        for table in annex.tables:
            if len(annex.tables) > 1:
                yield table.heading
            yield from (cell for row in (table.columns, *table.rows) for cell in row if cell)
    if text.unsettled:
        yield from ("Still to be settled", *text.unsettled)


@pytest.mark.parametrize(("name", "package"), BUNDLED)
def test_everything_is_found_in_order_on_bundled_texts(name: str, package: str) -> None:
    case = load(name)
    result = draft(case, package)
    word, markdown = read_docx(word_document(result)), read_markdown(markdown_text(result))
    check_in_order(case, package, word)
    check_in_order(case, package, markdown)
    assert len(result.mandate) > 0
    for read in (word, markdown):
        assert len(read[read.index("Still to be settled") + 1 :]) >= len(result.mandate)


def test_a_clause_says_what_the_case_says() -> None:
    result = small(
        {"id": "a", "who": "us", "text": "The embargo ends.", "by": 0},
        {
            "id": "c1",
            "who": ["north", "us"],
            "to": "us",
            "text": "Heavy  weapons go to\ncantonments.",
            "terms": {"heavy weapons": "open", "cantonments": "open_on_purpose", "days": "open"},
            "brackets": {"us": "all heavy weapons", "north": "some"},
            "by": 6,
            "after": "a",
            "checked_by": "eyes",
            "if_not": "The embargo returns.",
        },
        {"id": "c2", "who": "us", "does": "arms == cut", "by": "2027-06-01"},
    )
    text = negotiating_text(result)
    assert (text.title, text.case, text.dated) == (
        "First draft",
        "Small",
        "Draft of 1 November 2026",
    )
    assert text.parties == (("north", "N", "The North"), ("us", "US", "United States"))
    clause = text.clauses[1]
    assert (clause.heading, clause.id) == ("2. The North and United States", "c1")
    shown = "".join(run.shown for run in clause.wording)
    assert shown == "Heavy weapons (open) go to\ncantonments (open on purpose)."
    assert [
        f"[{b.initials}: {''.join(run.shown for run in b.wording)}]" for b in clause.brackets
    ] == ["[US: all heavy weapons (open)]", "[N: some]"]
    assert [(d.label, "".join(run.shown for run in d.runs)) for d in clause.details] == [
        ("Owed to", "United States"),
        ("By", "six months after signature (1 May 2027)"),
        ("After", "1 (a)"),
        ("Checked by", "Eyes"),
        ("If not", "The embargo returns."),
        ("Term", "days (open)"),
    ]
    last = text.clauses[2]
    assert [run.shown for run in last.wording] == ["(no wording yet)"]
    assert [(d.label, d.runs[0].text) for d in last.details] == [
        ("Brings about", "“Heavy arms” is “cut”"),
        ("By", "1 June 2027"),
    ]
    dates, measures = text.annexes[0].tables
    assert dates.rows == (
        ("signature (1 November 2026)", "1 (a)", ""),
        ("six months after signature (1 May 2027)", "2 (c1)", "1 (a)"),
        ("1 June 2027", "3 (c2)", ""),
    )
    assert measures.rows == (("Eyes", "“Heavy arms” is “cut”", "2 (c1)"),)
    assert text.annexes[1].tables[0].rows == (
        ("heavy weapons", "open", "2 (c1)"),
        ("cantonments", "open on purpose", "2 (c1)"),
        ("days", "open", "2 (c1)"),
    )


def test_an_open_term_is_open_in_every_clause_unless_one_defines_it() -> None:
    clauses = [
        {"id": "c1", "who": "us", "text": "Sites close.", "terms": {"sites": "open"}},
        {"id": "c2", "who": "us", "text": "Sites stay closed."},
    ]
    second = negotiating_text(small(*clauses)).clauses[1]
    assert [run.mark for run in second.wording] == ["open", "plain"]
    clauses.append({"id": "c3", "who": "us", "text": "Sites.", "terms": {"sites": "A and B"}})
    first, second, third = negotiating_text(small(*clauses)).clauses
    assert [run.mark for run in first.wording] == ["open", "plain"]
    assert [run.mark for run in second.wording] == ["plain"]
    assert [run.mark for run in third.wording] == ["plain"]


def test_a_text_without_clauses_is_a_document(tmp_path: Path) -> None:
    result = small()
    assert "This text has no clauses yet." in read_docx(word_document(result))
    assert "This text has no clauses yet." in read_markdown(markdown_text(result))
    assert negotiating_text(result).annexes == ()


def test_remarks_verdicts_and_reports_stay_at_home() -> None:
    case = load("korea")
    texts = [
        read_docx(word_document(draft(case, "freeze_first"))),
        [markdown_text(draft(case, "freeze_first"))],
    ]
    secret = [
        remark
        for clause in case.packages["freeze_first"].commitments
        for remark in (clause.because, clause.about, *(s.note for s in clause.status))
        if remark
    ]
    assert secret
    for text in texts:
        assert not any(remark[:30] in "\n".join(text) for remark in secret)


# How Word shows it


@pytest.mark.parametrize("handling", ["Mediator only", None])
def test_the_label_stands_on_every_page(handling: str | None) -> None:
    result = small({"id": "c1", "who": "us", "terms": {"x": "open"}, "by": 1}, handling=handling)
    document = docx.Document(io.BytesIO(word_document(result)))
    assert len(document.sections) == 2
    for section in document.sections:
        assert not section.different_first_page_header_footer
        assert round(section.page_width.mm) == 210
        for part in (section.header, section.footer):
            assert any(p.text.startswith("Mediator only") for p in part.paragraphs) == bool(
                handling
            )
        fields = [f.get(qn("w:instr")) for f in section.footer._element.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]
    first, last = document.sections
    assert not first.header.is_linked_to_previous
    assert last.header.is_linked_to_previous
    assert first._sectPr.find(qn("w:lnNumType")) is not None
    assert last._sectPr.find(qn("w:lnNumType")) is None
    assert first.right_margin > last.right_margin
    markdown = read_markdown(markdown_text(result))
    if handling:
        assert markdown[0] == markdown[-1] == handling


def test_marks_survive_black_and_white_and_can_be_seen() -> None:
    case = load("korea")
    document = docx.Document(io.BytesIO(word_document(draft(case, "freeze_first"))))
    highlighted, bold = set(), []
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            if run.font.highlight_color == WD_COLOR_INDEX.YELLOW:
                highlighted.add(run.text)
        if paragraph.style.name == "Bracket":
            assert all(run.bold and run.font.color.rgb is not None for run in paragraph.runs)
            bold.append(paragraph.text)
    clauses = case.packages["freeze_first"].commitments
    assert highlighted == {
        f"{term} (open)" for c in clauses for term, meaning in c.terms.items() if meaning == "open"
    }
    short = {"us": "US", "north_korea": "NK", "russia": "R"}
    assert [re.sub(r" \(open\)", "", text) for text in bold] == [
        f"[{short[party]}: {wording}]" for c in clauses for party, wording in c.brackets.items()
    ]
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert headings[: len(clauses)][2] == "3. North Korea  (c3)"
    assert {p.style.name for p in document.paragraphs} >= {"Title", "Heading 1", "Clause"}


def test_deliberate_ambiguity_is_marked_but_not_as_a_gap() -> None:
    terms = {"peninsula": "open_on_purpose"}
    result = small({"id": "c1", "who": "us", "text": "The peninsula is free.", "terms": terms})
    document = docx.Document(io.BytesIO(word_document(result)))
    (run,) = [r for p in document.paragraphs for r in p.runs if r.font.highlight_color]
    assert run.text == "peninsula (open on purpose)"
    assert run.font.highlight_color == WD_COLOR_INDEX.GRAY_25
    assert "<mark>peninsula (open on purpose)</mark> is free." in markdown_text(result)


def test_the_same_text_gives_the_same_bytes() -> None:
    result = draft(load("korea"), "freeze_first")
    content = word_document(result)
    assert content == word_document(draft(load("korea"), "freeze_first"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None
    core = docx.Document(io.BytesIO(content)).core_properties
    assert (core.author, core.last_modified_by) == ("detente", "detente")
    assert core.created == core.modified
    assert core.created.date() == load("korea").as_of
    undated = docx.Document(io.BytesIO(word_document(small(as_of=None)))).core_properties
    assert undated.created.replace(tzinfo=None) == datetime(2000, 1, 1)


# Odd texts


def test_markdown_signs_stay_what_they_are() -> None:
    wording = "1. a [b](c) | *d* _e_ `f` <g> &amp; #h ~~i~~ $j$ \\k !\n- l\n# m\n> n\n    o\n---"
    clause = {"id": "c_1", "who": "us", "text": wording, "if_not": "+ p", "brackets": {"us": "q]("}}
    read = read_markdown(markdown_text(small(clause)))
    assert "\n".join(map(squeezed, wording.split("\n"))) in read
    assert "If not: + p" in read
    assert "[US: q](]" in read
    assert "1. United States (c_1)" in read
    for begins in ("2) x", "- x", "+ x", "* x", "=== x", "    x", "[x]: y", ": x", "| x |"):
        read = read_markdown(markdown_text(small({"id": "c1", "who": "us", "text": begins})))
        assert begins.strip() in read


@given(drawn_texts.wordings())
def test_any_wording_survives_markdown(wording: str) -> None:
    clause = {"id": "c1", "who": "us", "text": wording, "brackets": {"north": wording}}
    read = read_markdown(markdown_text(small(clause)))
    assert squeezed(wording) in map(squeezed, read)
    assert f"[N: {squeezed(wording)}]" in map(squeezed, read)


def test_a_very_long_text_is_kept_whole() -> None:
    wording = "All weapons go. " * 5_000
    result = small({"id": "c1", "who": "us", "text": wording, "terms": {"weapons": "open"}})
    for read in (read_docx(word_document(result)), read_markdown(markdown_text(result))):
        assert "\n".join(read).count("weapons (open) go.") == 5_000


@pytest.mark.parametrize("letter", ["\x07", "\x00", "\x0b", "\x85", "\ufffe"])
def test_a_control_character_is_named(letter: str) -> None:
    result = small({"id": "c1", "who": "us", "if_not": f"bell {letter}"})
    message = rf"'if_not' of c1 has the control character U\+{ord(letter):04X}"
    for render in (word_document, markdown_text):
        with pytest.raises(CaseError, match=message):
            render(result)


# Terms and initials


def test_a_very_long_title_is_cut_only_where_word_has_no_room() -> None:
    package = {**SMALL["packages"]["draft"], "name": "W" * 300}
    result = draft(load({**SMALL, "packages": {"draft": package}}), "draft")
    document = docx.Document(io.BytesIO(word_document(result)))
    assert document.core_properties.title == "W" * 255
    assert document.paragraphs[0].text == "W" * 300


def test_terms_are_whole_words_and_the_longer_one_counts() -> None:
    terms: Any = {"sites": "open", "test sites": "open_on_purpose", "site": "open"}
    runs, missing = marked("Test\nSites, websites and SITES.", terms)
    assert [(run.text, run.mark) for run in runs] == [
        ("Test\nSites", "open_on_purpose"),
        (", websites and ", "plain"),
        ("SITES", "open"),
        (".", "plain"),
    ]
    assert missing == ("site",)
    assert marked("", terms) == ((), ("sites", "test sites", "site"))


@given(drawn_texts.wordings(), st.lists(st.sampled_from(drawn_texts.TERMS), unique=True))
def test_marking_changes_no_word(wording: str, terms: list[str]) -> None:
    runs, missing = marked(wording, dict.fromkeys(terms, "open"))
    assert "".join(run.text for run in runs) == wording
    for term in set(terms) - set(missing):
        assert any(run.text.lower() == term.lower() for run in runs if run.mark == "open")


@given(st.dictionaries(st.from_regex(r"\w{1,8}", fullmatch=True), drawn_texts.texts, max_size=8))
def test_initials_are_never_shared(names: dict[str, str]) -> None:
    found = initials(names)
    assert list(found) == list(names)
    assert len(set(found.values())) == len(names)
    assert all(found.values())


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ({"us": "The United States of America", "nk": "North Korea"}, ["US", "NK"]),
        ({"a": "Republic of Korea", "b": "Republic of Kenya"}, ["RKR", "RKN"]),
        ({"iran": "Iran", "iraq": "Iraq"}, ["IRN", "IRQ"]),
        ({"a": "Town", "b": "Town"}, ["TWN", "TWN2"]),
        ({"party_1": "party 1", "party_2": "party 2"}, ["P1", "P2"]),
        ({"x": "북한", "y": "!"}, ["북", "Y"]),
    ],
)
def test_initials_read_like_initials(names: dict[str, str], found: list[str]) -> None:
    assert list(initials(names).values()) == found


# By the suffix


def test_the_suffix_decides_what_draft_writes(tmp_path: Path) -> None:
    result = draft(load("korea"), "freeze_first")
    for suffix in ("docx", "md", "xlsx", "json"):
        deliver("draft", result, as_json=False, out=tmp_path / f"d.{suffix}")
    assert (tmp_path / "d.docx").read_bytes() == word_document(result)
    assert (tmp_path / "d.md").read_text() == markdown_text(result)
    with pytest.raises(CaseError, match=r"did you mean '\.docx'\?") as caught:
        deliver("draft", result, as_json=False, out=tmp_path / "d.doc")
    assert caught.value.problems[0].help.endswith(".txt .docx .md")


@pytest.mark.parametrize("suffix", ["docx", "md"])
def test_other_answers_are_no_text(tmp_path: Path, suffix: str) -> None:
    from detente.agreement import concerns

    with pytest.raises(CaseError, match=rf"cannot write a \.{suffix}: that is for the text of a"):
        deliver("concerns", concerns(load("river")), as_json=False, out=tmp_path / f"d.{suffix}")
