"""A negotiating text as a Word document (.docx)."""

from __future__ import annotations

import zipfile
from datetime import datetime, time
from io import BytesIO
from typing import Any

from detente.commitments.draft_result import DraftResult
from detente.model.sentences import say
from detente.views.documents.negotiating_text import (
    Annex,
    NegotiatingText,
    NumberedClause,
    Run,
    Runs,
    TextTable,
    negotiating_text,
)
from detente.views.theme import INK, LINE, PANEL, QUIET, identities

FONT = "Cambria"
"""A text face that Word brings along and others replace by one of the same widths."""
LANGUAGE = "en-GB"
CLAUSE, BRACKET, DETAIL, SMALL = "Clause", "Bracket", "Clause Detail", "Clause Id"
"""Styles of its own, so that a delegation can change how a text looks in one place."""
NO_DAY = datetime(2000, 1, 1)
"""When a document says it was made where the case has no day."""
_LINES = 5
"""Every fifth line of the text is numbered."""
_LONGEST_PROPERTY = 255
"""Characters that a property of a document, such as its title, may have."""
_WIDEST = 40
"""Characters of a column beyond which it claims no more of the page."""


def word_document(result: DraftResult) -> bytes:
    """The text of a draft as a Word document that a delegation can mark up.

    A4 with a wide right margin and numbered lines; the handling label stands at the top and
    the bottom of every page. It holds no time but the day of the case, so that the same
    result gives the same bytes (with the same version of python-docx).

    Parameters
    ----------
    result
        The answer of ``draft``.

    Raises
    ------
    CaseError
        Where a text has control characters.
    """
    import docx

    text = negotiating_text(result)
    colours = {party: one.tone.light for party, one in identities(result.case).items()}
    writer = _Writer(docx.Document(), text, colours)
    writer.write()
    return _timeless(writer.document)


def _timeless(document: Any) -> bytes:
    """The file, without the time at which its archive was packed."""
    packed, out = BytesIO(), BytesIO()
    document.save(packed)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()


def _say(key: str) -> str:
    return say(f"negotiating_text.{key}")


class _Writer:
    """Fills a document from top to bottom."""

    def __init__(self, document: Any, text: NegotiatingText, colours: dict[str, str]) -> None:
        self.document, self.text, self.colours = document, text, colours
        self.styles: dict[str, Any] = {}
        self.format()

    def write(self) -> None:
        text = self.text
        self.paragraph(text.title, "Title")
        self.paragraph(f"{text.case}\n{text.dated}", "Subtitle")
        self.paragraph(_say("parties"), "Heading 1")
        columns = (_say("initials"), _say("party"))
        rows = tuple((short, name) for _, short, name in text.parties)
        self.table(TextTable("", columns, rows))
        self.paragraph(text.legend)
        self.paragraph(_say("text"), "Heading 1")
        if not text.clauses:
            self.paragraph(_say("no_clauses"))
        for clause in text.clauses:
            self.clause(clause)
        if text.annexes or text.unsettled:
            self.behind()
        for annex in text.annexes:
            self.annex(annex)
        if text.unsettled:
            self.paragraph(_say("unsettled"), "Heading 1")
            for task in text.unsettled:
                self.paragraph(task, "List Bullet")

    def behind(self) -> None:
        """Begin the part behind the text: ordinary margins, no numbered lines."""
        from docx.oxml.ns import qn
        from docx.shared import Mm

        section = self.document.add_section()
        section.right_margin = Mm(25)
        for entry in section._sectPr.findall(qn("w:lnNumType")):
            section._sectPr.remove(entry)

    def clause(self, clause: NumberedClause) -> None:
        head = self.paragraph(clause.heading, "Heading 2")
        head.add_run(f"  ({clause.id})")._r.style = self.styles[SMALL].style_id
        self.runs(self.paragraph("", CLAUSE), clause.wording)
        for bracket in clause.brackets:
            paragraph = self.paragraph("", BRACKET)
            runs = (Run(f"[{bracket.initials}: "), *bracket.wording, Run("]"))
            self.runs(paragraph, runs, self.colours[bracket.party])
        for detail in clause.details:
            paragraph = self.paragraph("", DETAIL)
            paragraph.add_run(f"{detail.label}: ").bold = True
            self.runs(paragraph, detail.runs)

    def annex(self, annex: Annex) -> None:
        self.paragraph(annex.heading, "Heading 1")
        for table in annex.tables:
            if len(annex.tables) > 1:
                self.paragraph(table.heading, "Heading 2")
            self.table(table)

    def paragraph(self, text: str, style: str = "Normal") -> Any:
        paragraph = self.document.add_paragraph(text)
        self.style(paragraph, style)
        return paragraph

    def style(self, paragraph: Any, name: str) -> None:
        """By its id: python-docx would look through all styles for each paragraph."""
        if name != "Normal":
            paragraph._p.style = self.styles[name].style_id

    def runs(self, paragraph: Any, runs: Runs, colour: str | None = None) -> None:
        """Pieces of wording; ``colour`` for what stands in a party's bracket."""
        from docx.enum.text import WD_COLOR_INDEX
        from docx.shared import RGBColor

        for piece in runs:
            run = paragraph.add_run(piece.shown)
            if colour is not None:
                run.bold = True
                run.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
            if piece.mark == "open":
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
            elif piece.mark == "open_on_purpose":
                run.font.highlight_color = WD_COLOR_INDEX.GRAY_25

    def table(self, table: TextTable) -> None:
        from docx.oxml import OxmlElement

        grid = self.document.add_table(len(table.rows) + 1, len(table.columns))
        grid.style = self.styles["Table Grid"]
        widths = self.widths(table)
        for place, (row, cells) in enumerate(
            zip(grid.rows, (table.columns, *table.rows), strict=True)
        ):
            properties = row._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if not place:
                properties.append(OxmlElement("w:tblHeader"))
            for cell, text, width in zip(row.cells, cells, widths, strict=True):
                cell.width = width
                paragraph = cell.paragraphs[0]
                self.style(paragraph, "Table Text")
                paragraph.add_run(text).bold = True if not place else None
                if not place:
                    _shade(cell)
        self.paragraph("")

    def widths(self, table: TextTable) -> list[int]:
        """The width of the page, shared by the longest texts of the columns."""
        section = self.document.sections[-1]
        width = section.page_width - section.left_margin - section.right_margin
        rows = (table.columns, *table.rows)
        longest = [min(max(map(len, column)) + 2, _WIDEST) for column in zip(*rows, strict=True)]
        return [width * share // sum(longest) for share in longest]

    # How it looks

    def format(self) -> None:
        self.make_styles()
        self.page()
        self.margins()
        day = self.text.day
        made = NO_DAY if day is None else datetime.combine(day, time())
        core = self.document.core_properties
        core.author = core.last_modified_by = "detente"
        core.title = self.text.title[:_LONGEST_PROPERTY]
        core.comments, core.language = "", LANGUAGE
        core.created = core.modified = made

    def make_styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.oxml.ns import qn
        from docx.shared import Mm

        styles = self.document.styles
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), LANGUAGE)
        for name in (CLAUSE, BRACKET, DETAIL, "Table Text"):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        styles.add_style(SMALL, WD_STYLE_TYPE.CHARACTER)
        self.styles = {style.name: style for style in styles}
        self.face("Normal", 11, after=6, spacing=1.3)
        self.face("Title", 24, after=4)
        self.face("Subtitle", 11, colour=QUIET.light, after=12)
        self.face("Heading 1", 16, before=18, after=6)
        self.face("Heading 2", 12, before=14, after=3)
        self.face("List Bullet", 11, after=3)
        self.face(CLAUSE, 11, after=6, spacing=1.5)
        self.face(BRACKET, 11, after=6, spacing=1.5)
        self.face(DETAIL, 10, after=1, spacing=1.15)
        self.face("Table Text", 10, before=2, after=2, spacing=1.0)
        self.face(SMALL, 8, colour=QUIET.light)
        for name in (BRACKET, DETAIL):
            self.styles[name].paragraph_format.left_indent = Mm(8)
        for name in ("Subtitle", "Subtitle Char"):
            self.styles[name].font.italic = False
        rule = next(self.styles["Title"].element.iter(qn("w:pBdr")))[0]
        rule.set(qn("w:color"), LINE.light.lstrip("#"))
        rule.attrib.pop(qn("w:themeColor"), None)
        self.styles[SMALL].font.bold = False

    def face(
        self,
        name: str,
        size: int,
        *,
        colour: str = INK.light,
        before: int = 0,
        after: int = 0,
        spacing: float | None = None,
    ) -> None:
        """Font, colour and spacing (points) of a style."""
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        for one in (name, f"{name} Char"):  # what carries the look to single words
            style = self.styles.get(one)
            if style is None:
                continue
            style.font.name, style.font.size = FONT, Pt(size)
            style.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
            for theme in ("asciiTheme", "hAnsiTheme"):  # would outdo the font that is named
                style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
        if name != SMALL:
            layout = self.styles[name].paragraph_format
            layout.space_before, layout.space_after = Pt(before), Pt(after)
            if spacing is not None:
                layout.line_spacing = spacing

    def page(self) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Mm

        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(25), Mm(55)
        section.top_margin = section.bottom_margin = Mm(25)
        numbers = OxmlElement("w:lnNumType")
        numbers.set(qn("w:countBy"), str(_LINES))
        numbers.set(qn("w:restart"), "continuous")
        section._sectPr.find(qn("w:pgMar")).addnext(numbers)

    def margins(self) -> None:
        """The handling label at the top and the bottom of every page, and its number."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        section, label = self.document.sections[0], self.text.handling
        head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
        for paragraph in (head, foot):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            if label is not None:
                paragraph.add_run(label).bold = True
        if label is not None:
            foot.add_run("\n")
        _field(foot, "PAGE")
        foot.add_run(" / ")
        _field(foot, "NUMPAGES")


def _field(paragraph: Any, instruction: str) -> None:
    """A number that Word works out; 1 until it does."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run("1")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run._r.addprevious(field)
    field.append(run._r)


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", PANEL.light.lstrip("#"))):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)
