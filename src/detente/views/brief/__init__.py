"""The brief: one self-contained page that a principal can read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from detente.agreement.answer import AgreeResult
from detente.agreement.concerns import ConcernsResult
from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.case.writing import write_atomically
from detente.model.walk import Progress
from detente.views.brief.context import MEDIATOR, YEARS, gather
from detente.views.brief.parts import Section

__all__ = ["MEDIATOR", "Brief", "Section", "brief"]


@dataclass(frozen=True, repr=False)
class Brief:
    """A page, and the results that it shows.

    Parameters
    ----------
    case
        The case.
    html
        The whole page: no other file and no network is needed to read it.
    sections
        Its sections, as structured text.
    concerns, agree
        The results behind them.
    """

    case: Case
    html: str
    sections: tuple[Section, ...]
    concerns: ConcernsResult
    agree: AgreeResult

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page to a file, all of it or nothing.

        Raises
        ------
        CaseError
            Where the name does not end in .html, or the file cannot be written.
        """
        target = Path(path)
        if target.suffix.lower() not in (".html", ".htm"):
            raise CaseError(Problem(f"the brief is a page, so {target.name} should end in .html"))
        write_atomically(target, self.html)

    def __repr__(self) -> str:
        return f"<brief of {self.case.title!r}: {len(self.html):,} characters of HTML>"

    def _repr_html_(self) -> str:
        import html

        return f'<iframe srcdoc="{html.escape(self.html)}" width="100%" height="800"></iframe>'


def brief(
    case: Case,
    *,
    audience: str | None = None,
    recommend: str | None = None,
    years: float = YEARS,
    progress: Progress | None = None,
) -> Brief:
    """Make the page that a principal reads: situation, red lines, interests, what could be signed.

    Parameters
    ----------
    case
        Any case; sections say what is missing and what more would buy.
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
    progress
        Called with outcomes done and outcomes in all.

    Raises
    ------
    CaseError
        Where the case cannot be analysed, the audience is no party, the rule is unknown, or the
        years are below 0 or too many.
    TooLarge
        Where a limit is met that no engine gets around.
    """
    from detente.views.brief.page import render, sections

    context = gather(case, audience=audience, recommend=recommend, years=years, progress=progress)
    parts = sections(context)
    return Brief(case, render(context, parts), parts, context.concerns, context.agree)
