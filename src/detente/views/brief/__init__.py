"""The brief: one page that a principal can read, as HTML, as Markdown or on paper."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from detente.agreement.answer import AgreeResult
from detente.agreement.concerns import ConcernsResult
from detente.case.errors import CaseError, Problem, nearest
from detente.case.schema import Case
from detente.case.writing import file_to_write, write_atomically
from detente.model.sentences import listed, say
from detente.model.walk import Progress
from detente.views.brief.context import MEDIATOR, Context
from detente.views.brief.gathering import YEARS, gather
from detente.views.brief.parts import Section

__all__ = ["MEDIATOR", "Brief", "Section", "brief", "check_target"]

SUFFIXES = (".html", ".md", ".pdf")
"""What a brief is written as."""


@dataclass(frozen=True, repr=False)
class Brief:
    """A page, and the results that it shows.

    Parameters
    ----------
    case
        The case.
    html
        The whole page: no other file and no network is needed to read it.
    markdown
        The same as text to paste: tables as on GitHub, pictures told in a sentence.
    sections
        Its sections, as structured text.
    concerns, agree
        The results behind them.
    """

    case: Case
    html: str
    markdown: str
    sections: tuple[Section, ...]
    concerns: ConcernsResult
    agree: AgreeResult

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the brief to a file, all of it or nothing.

        A PDF is printed by an installed Chromium, Google Chrome or Microsoft Edge.

        Parameters
        ----------
        path
            A name that ends in .html, .md or .pdf.

        Raises
        ------
        CaseError
            Where the name ends in anything else, the file cannot be written, or no browser is
            there to print it.
        """
        target = check_target(path)
        suffix = target.suffix.lower()
        if suffix == ".pdf":
            from detente.views.brief.paper import printed

            write_atomically(target, printed(self.html))
        else:
            write_atomically(target, self.markdown if suffix == ".md" else self.html)

    def __repr__(self) -> str:
        return f"<brief of {self.case.title!r}: {len(self.html):,} characters of HTML>"

    def _repr_html_(self) -> str:
        from detente.views.notebook.frame import page

        return page(self.html, self.case.title)


def check_target(path: str | os.PathLike[str]) -> Path:
    """A file that a brief can be written to, before the work of making one.

    Raises
    ------
    CaseError
        Where the suffix is not .html, .md or .pdf, the file cannot be there, or a PDF is asked
        for and there is no browser to print it.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in (*SUFFIXES, ".htm"):
        close = nearest(suffix, SUFFIXES)
        hint = f"; did you mean {close!r}?" if close else ""
        what = f"cannot write a brief as {suffix or 'a file without suffix'}{hint}"
        raise CaseError(Problem(what, f"known: {' '.join(SUFFIXES)}"))
    file_to_write(target)
    if suffix == ".pdf":
        from detente.views.brief.paper import find_browser

        find_browser()
    return target


def brief(
    case: Case,
    *,
    packages: Iterable[str] | None = None,
    audience: str | None = None,
    recommend: str | None = None,
    years: float = YEARS,
    sections: Iterable[str] | None = None,
    title: str | None = None,
    progress: Progress | None = None,
) -> Brief:
    """Make the page that a principal reads: situation, red lines, interests, what could be signed.

    Parameters
    ----------
    case
        Any case; sections say what is missing and what more would buy.
    packages
        One to five packages to carry through all sections, in this order and the main one
        first: names of the case, ``issue=option,…``, or names of solutions. None: three to five
        that are unlike each other.
    audience
        A party, or ``mediator``: whose walk-away, weights and margins may be shown. Without
        one, nobody's are.
    recommend
        A rule (``nash``, ``kalai_smorodinsky``, ``egalitarian``, ``utilitarian``,
        ``equal_loss``) whose point is called recommended, by the name of the rule. Without
        one, nothing is.
    years
        For how long the main package is followed under the hazards of the case, where it states
        any (turnover, events or false alarms); 0: not at all.
    sections
        Keys of the sections to show, as in the addresses inside the page (``situation``,
        ``packages``, …); they stand in the order of the story, and what none of them shows is
        not asked. The list of sources comes with sections that cite it. None: all that have
        something to say.
    title
        What the brief is called instead of the title of the case.
    progress
        Called with outcomes done and outcomes in all.

    Raises
    ------
    CaseError
        Where the case cannot be analysed, the audience is no party, the rule, a package or a
        section is unknown, the case has nothing to say in a section that was asked for, the title
        is empty, or the years are below 0 or too many.
    TooLarge
        Where a limit is met that no engine gets around.
    """
    from detente.views.brief.cover import checked
    from detente.views.brief.page import questions, wanted

    keys = wanted(sections)
    named = None if title is None else checked(title)
    context = gather(
        case,
        packages=packages,
        questions=questions(keys),
        audience=audience,
        recommend=recommend,
        years=years,
        progress=progress,
    )
    return compose(context, keys, named)


def compose(context: Context, keys: Sequence[str] | None = None, title: str | None = None) -> Brief:
    """The brief of answers that are there: all sections or some, in the order of the story."""
    from detente.views.brief.cover import cover
    from detente.views.brief.markdown import markdown
    from detente.views.brief.page import render, sections
    from detente.views.specification import readable

    parts = sections(context, keys)
    extract = ""
    if keys is not None:
        labels = listed(f"“{part.label}”" for part in parts)
        extract = say("brief.page.extract", sections=labels)
    around = cover(context, title=title, extract=extract)
    html, text = readable(render(around, parts)), readable(markdown(around, parts))
    return Brief(context.case, html, text, parts, context.concerns, context.agree)
