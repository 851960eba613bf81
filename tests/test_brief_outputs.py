"""What a brief is written as: a choice of sections, another title, Markdown, a PDF, or nothing."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

import detente
from briefs import PRIVATE, Shared, read
from detente.command import main
from detente.views.brief import MEDIATOR, compose, paper
from detente.views.brief.cover import Cover
from detente.views.brief.markdown import markdown
from detente.views.brief.page import SECTIONS
from detente.views.brief.parts import (
    Cell,
    Definitions,
    FoldOut,
    Picture,
    References,
    Row,
    Section,
    Table,
)

BRIEFS = (("korea", None), ("korea", MEDIATOR), ("river", MEDIATOR), ("private", None))


def tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)


def headings(text: str) -> list[tuple[str, str]]:
    """Level and plain text of every heading."""
    found = tokens(text)
    return [
        (token.tag, plain(found[place + 1]))
        for place, token in enumerate(found)
        if token.type == "heading_open"
    ]


def plain(token: Token) -> str:
    """The words of a line, without what marks them."""
    return "".join(child.content for child in token.children or () if child.type != "html_inline")


def shown(text: str) -> str:
    """All words of a Markdown text as a reader sees them."""
    return " ".join(plain(token) for token in tokens(text) if token.type == "inline")


def tables(text: str) -> list[list[list[str]]]:
    """Every table: rows of plain cells, the header first; counted as they are written."""
    found: list[list[list[str]]] = []
    for token in tokens(text):
        if token.type == "table_open":
            found.append([])
            assert token.map is not None
            for line in text.splitlines()[token.map[0] : token.map[1]]:
                cells = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) - 1
                found[-1].append([""] * cells)
    return found


# Markdown


@pytest.mark.parametrize(("name", "audience"), BRIEFS)
def test_the_text_says_what_the_page_says(shared: Shared, name: str, audience: str | None) -> None:
    made = shared.brief(name, audience)
    words = shown(made.markdown)
    found = headings(made.markdown)
    assert found[0] == ("h1", made.case.title)
    assert [text for tag, text in found if tag == "h2"] == [s.label for s in made.sections]
    assert [text for tag, text in found if tag == "h3"] == [
        " ".join(fold_out.title.split()) for s in made.sections for fold_out in s.fold_outs
    ]
    for section in made.sections:
        for text in (section.headline, *section.paragraphs, *section.remarks):
            assert " ".join(text.split()) in words
        if section.picture is not None:
            assert section.picture.title in words
            assert " ".join(section.picture.description.split()) in words
        for _, title, _, address in section.references.entries if section.references else ():
            assert title in words and (address is None or address in made.markdown)


@pytest.mark.parametrize(("name", "audience"), BRIEFS)
def test_every_table_is_one_with_as_many_cells_in_every_row(
    shared: Shared, name: str, audience: str | None
) -> None:
    made = shared.brief(name, audience)
    blocks: list[Any] = [
        block
        for section in made.sections
        for block in (section.table, *(b for f in section.fold_outs for b in f.blocks))
        if isinstance(block, Table)
    ]
    found = tables(made.markdown)
    assert len(found) == len(blocks) > 5
    for table, block in zip(found, blocks, strict=True):
        assert {len(row) for row in table} == {len(block.columns) + 1}
        assert len(table) == len(block.rows) + 2  # the header, and the rule below it


@pytest.mark.parametrize(("name", "audience"), BRIEFS)
def test_the_label_stands_first_and_last(shared: Shared, name: str, audience: str | None) -> None:
    made = shared.brief(name, audience)
    first, *_, last = made.markdown.strip().split("\n\n")
    assert first == last and first.startswith("**") and first.endswith("**")
    assert made.case.handling is not None and made.case.handling in shown(first)
    assert ("for the mediator only" in first) == (audience == MEDIATOR)


def test_verdicts_are_words_and_numbers_stand_to_the_right(shared: Shared) -> None:
    text = shared.brief("korea").markdown
    assert "| ✓ met |" in text and "| ✗ red line crossed |" in text
    assert "✓ Could be signed" in text and "✗ Refused by" in text
    assert re.search(r"\| --- \| ---: \| ---: \| ---: \|", text)
    assert not re.search(r"</?\w+|&\w+;", re.sub(r"<https?://[^>]*>", "", text))


def test_names_survive(shared: Shared) -> None:
    words = shown(shared.brief("private").markdown)
    for name in ("북한", "비밀", "Alfa & Söhne <b>", 'Only for <those> who "need" it'):
        assert name in words


HOSTILE = st.one_of(
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20),
    st.text("|`*_#<>[]()!\\~&$-+=1.\n\r\t \u2028\x0babc", max_size=24),
    st.sampled_from(
        [
            *("\n# Heading", "| a | b |\n| --- | --- |", "</td><script>alert(1)</script>", "\\"),
            *("```\ncode", "[a]: http://x", "![x](http://x)", "---", "===", "    code", "- a\n- b"),
            *("1. one", "> quote", "&lt;b&gt;", "\\|", "<!-- ", "~~a~~", "__b__", "`|`", "a\\"),
        ]
    ),
).filter(lambda text: bool(text.split()))


@settings(deadline=None, max_examples=60)
@given(st.lists(HOSTILE, min_size=12, max_size=12))
def test_no_name_breaks_a_table_or_begins_anything(words: list[str]) -> None:
    a, b, c, d, e, f, g, h, i, j, k, m = words
    table = Table(
        caption=a,
        corner=b,
        columns=(Cell(c, sign="A"), Cell(d)),
        rows=(Row(Cell(e)), Row(Cell(f, sources=(1, 2)), (Cell(g, tone="strong"), Cell(h)))),
    )
    section = Section(
        key="x",
        label=i,
        headline=j,
        paragraphs=(k,),
        picture=Picture("<svg>", "<svg>", m, a, ((b, c),), d),
        table=table,
        references=References(((1, e, f, "javascript:alert(1)"), (2, g, "", "https://x.org/a b>"))),
        fold_outs=(FoldOut(h, (i, Definitions(((j, k), (m, a))), table), printed=True),),
    )
    overlay = (a, FoldOut("changed", (b, c)))
    around = {field.name: text for field, text in zip(fields(Cover), words, strict=False)}
    cover = Cover(**{**around, "overlays": (overlay,), "assumed": ((c, d),)})
    text = markdown(cover, (section,))
    found = tokens(text)
    kinds = {token.type for token in found}
    inner = {child.type for token in found for child in token.children or ()}
    assert inner <= {"text", "strong_open", "strong_close", "text_special"}
    assert not kinds & {"html_block", "fence", "code_block", "blockquote_open"}
    assert [tag for tag, _ in headings(text)] == ["h1", "h2", "h3"]
    assert sum(token.type == "hr" for token in found) == 1
    assert sum(token.type == "bullet_list_open" for token in found) == 3
    assert [{len(row) for row in rows} for rows in tables(text)] == [{3}, {3}]
    assert [len(rows) for rows in tables(text)] == [4, 4]
    told = shown(text)
    for word in words:
        assert " ".join(word.split()).casefold() in told.casefold()


# a choice of sections, and a title


@pytest.fixture(scope="module")
def small(shared: Shared) -> Any:
    return shared.context("private")


def test_sections_stand_in_the_order_of_the_story(small: Any) -> None:
    case = small.case
    made = detente.brief(case, sections=["packages", "situation", "packages"], years=0)
    assert [section.key for section in made.sections] == ["situation", "packages"]
    assert "It holds only “The situation” and “" in made.markdown
    assert "It holds only" in read(made.html).all("header")[0].text
    assert "extract" not in compose(small).html
    assert [s.key for s in detente.brief(case, sections="zone", years=0).sections] == ["zone"]


def test_a_section_that_cites_brings_its_sources(small: Any) -> None:
    made = compose(small, ["concerns"])
    assert [section.key for section in made.sections] == ["concerns", "sources"]
    page = read(made.html)
    names = {e.attributes["id"] for e in page.walk() if "id" in e.attributes}
    targets = {a.attributes["href"] for a in page.all("a")}
    assert {t[1:] for t in targets if t and t.startswith("#")} <= names


def test_every_key_is_that_of_its_section(shared: Shared, small: Any) -> None:
    for key, make in SECTIONS.items():
        section = make(small)
        assert section is None or section.key == key
    shown_keys = [section.key for section in shared.brief("korea").sections]
    assert shown_keys == [key for key in SECTIONS if key in shown_keys]


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        (["packagse"], "unknown section 'packagse'; did you mean 'packages'?"),
        (["situation", "nothing"], "unknown section 'nothing'"),
        ([], "no section is named"),
    ],
)
def test_sections_that_are_none_are_refused_before_the_work(
    small: Any, sections: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detente.views.brief.gather", None)
    with pytest.raises(detente.CaseError, match=re.escape(told)) as caught:
        detente.brief(small.case, sections=sections)
    assert ", ".join(SECTIONS) in str(caught.value)


def test_a_section_with_nothing_to_say_is_refused(small: Any) -> None:
    with pytest.raises(detente.CaseError, match="nothing to say in the section 'text'"):
        compose(small, ["situation", "text"])


def test_another_title(small: Any) -> None:
    title = " Für <b>Minister</b> & 장관 |\n </title><script>x</script> "
    plain_title = " ".join(title.split())
    made = detente.brief(small.case, sections=["situation"], title=title, years=0)
    page = read(made.html)
    assert page.all("h1")[0].text == page.all("title")[0].text == plain_title
    assert not page.all("script", "b")
    assert headings(made.markdown)[0] == ("h1", plain_title)
    assert made.case.title == PRIVATE["title"] and PRIVATE["title"] not in page.text
    for wrong, told in (("  \n", "the title is empty"), ("a\x07b", r"the character U\+0007")):
        with pytest.raises(detente.CaseError, match=told):
            detente.brief(small.case, title=wrong)


# files


def test_the_suffix_says_what_is_written(shared: Shared, tmp_path: Path) -> None:
    made = shared.brief("private")
    for name, expected in (("a.html", made.html), ("b.HTM", made.html), ("c.md", made.markdown)):
        made.save(tmp_path / name)
        assert (tmp_path / name).read_text(encoding="utf-8") == expected
    with pytest.raises(detente.CaseError, match=r"as \.pdff; did you mean '\.pdf'") as caught:
        made.save(tmp_path / "d.pdff")
    assert "known: .html .md .pdf" in str(caught.value)
    with pytest.raises(detente.CaseError, match="a file without suffix"):
        made.save(tmp_path / "brief")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.HTM", "c.md"]


def program(folder: Path, script: str) -> None:
    file = folder / "chromium"
    file.write_text(f"#!{sys.executable}\n{script}", encoding="utf-8")
    file.chmod(0o755)


needs_scripts = pytest.mark.skipif(os.name == "nt", reason="scripts are no programs there")


def test_without_a_browser_it_says_what_to_do(
    shared: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(paper, "_usual_places", lambda: ())
    target = tmp_path / "brief.pdf"
    with pytest.raises(detente.CaseError, match="none was found") as caught:
        shared.brief("private").save(target)
    told = str(caught.value)
    assert all(name in told for name in paper.NAMES) and "write brief.html instead" in told
    monkeypatch.setattr("detente.views.brief.gather", None)  # it is said before the work
    monkeypatch.setattr(sys, "argv", ["detente", "brief", "ceasefire", "--out", str(target)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2 and "none was found" in capsys.readouterr().err
    assert not target.exists()


@needs_scripts
@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("import sys; sys.stderr.write('no display\\n'); sys.exit(3)", "status 3: no display"),
        ("print('done')", "has printed no PDF: done"),
        ("import time; time.sleep(60)", "within 0.3 seconds"),
        (
            "import sys; open(sys.argv[-2].split('=', 1)[1], 'w').write('%PDF half')",
            "has printed no PDF",
        ),
    ],
)
def test_a_browser_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, told: str
) -> None:
    program(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(detente.CaseError, match=re.escape(told)):
        paper.printed("<p>", patience=0.3 if "sleep" in script else 60)


@needs_scripts
def test_a_failed_pdf_leaves_the_old_file(
    shared: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "raise SystemExit(1)")
    monkeypatch.setenv("PATH", str(tmp_path))
    target = tmp_path / "brief.pdf"
    target.write_text("before", encoding="utf-8")
    with pytest.raises(detente.CaseError, match="status 1"):
        shared.brief("private").save(target)
    assert target.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brief.pdf", "chromium"]


def test_programs_are_looked_for_where_systems_keep_them(monkeypatch: pytest.MonkeyPatch) -> None:
    mac = list(paper._usual_places("darwin"))
    assert "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" in mac
    monkeypatch.setenv("PROGRAMFILES", r"C:\Program Files")
    windows = list(paper._usual_places("win32"))
    assert r"C:\Program Files\Microsoft\Edge\Application\msedge.exe" in windows
    assert list(paper._usual_places("linux")) == []
