"""What stands around the sections of a brief, whatever it is written as."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from detente.case.errors import CaseError, Problem
from detente.case.provenance import numbers
from detente.case.schema import Change, Overlay
from detente.model.sentences import say
from detente.views.brief.context import MEDIATOR, Context
from detente.views.brief.parts import FoldOut
from detente.views.brief.strip import strip
from detente.views.brief.wording import counted
from detente.views.naming import capital

_PUBLIC = (
    *("as_of", "handling", "issues", "status_quo", "rules", "concerns", "agreement"),
    *("packages", "verification", "sources"),
)
"""Parts of a case that hold no party's private numbers."""
_PUBLIC_OF_PARTY = ("name", "about", "signs")


@dataclass(frozen=True)
class Cover:
    """What a reader is told before and after the sections.

    Parameters
    ----------
    title
        What the brief is called.
    label
        How it is to be handled and for whom it is, at the top and the bottom of every page;
        empty where there is nothing to say.
    dated
        As of when the case was coded; empty where it does not say.
    coding, audience
        What the numbers are, and whose of them are shown.
    about
        What the case says about itself.
    extract
        Which part of the whole brief it is; empty where it is all of it.
    overlays
        What was laid over the case, each with what it changed.
    assumed
        What is assumed to follow a defection, model by model.
    made
        What wrote it.
    """

    title: str
    label: str
    dated: str
    coding: str
    audience: str
    about: str
    extract: str
    overlays: tuple[tuple[str, FoldOut], ...]
    assumed: tuple[tuple[str, str], ...]
    made: str


def cover(context: Context, *, title: str | None = None, extract: str = "") -> Cover:
    """What stands around the sections for this audience.

    Raises
    ------
    CaseError
        Where the title is empty or has control characters.
    """
    from detente import __version__

    case, dated = context.case, ""
    if case.as_of:
        dated = say("brief.page.as_of", date=case.as_of.strftime("%d %B %Y").lstrip("0"))
    return Cover(
        title=case.title if title is None else checked(title),
        label=_label(context),
        dated=dated,
        coding=say("brief.page.coding" if any(numbers(case)) else "brief.page.coding_bare"),
        audience=_audience(context),
        about=case.about or "",
        extract=extract,
        overlays=tuple(
            (_overlay_text(overlay), _overlay(context, overlay)) for overlay in case.overlays
        ),
        assumed=strip(context),
        made=say("brief.page.made", version=__version__),
    )


def checked(title: str) -> str:
    """A title on one line.

    Raises
    ------
    CaseError
        Where it is empty or has control characters.
    """
    line = " ".join(title.split())
    if not line:
        raise CaseError(Problem("the title is empty", "leave it out for that of the case"))
    for sign in line:
        if unicodedata.category(sign) in ("Cc", "Cs"):
            what = f"the title has the character U+{ord(sign):04X}, which no page can show"
            raise CaseError(Problem(what, "leave it out"))
    return line


def _label(context: Context) -> str:
    """What is printed at the top and the bottom of every page."""
    shown = [context.case.handling] if context.case.handling else []
    if context.audience == MEDIATOR:
        shown.append(say("brief.page.for_mediator"))
    elif context.audience is not None:
        name = context.case.party_name(context.audience)
        shown.append(say("brief.page.for_party", party=name))
    return " · ".join(shown)


def _audience(context: Context) -> str:
    if context.audience is None:
        return say("brief.page.closed")
    if context.audience == MEDIATOR:
        return say("brief.page.open_mediator")
    return say("brief.page.open_party", party=context.case.party_name(context.audience))


def _overlay_text(overlay: Overlay) -> str:
    entries = counted("entries", len(overlay.changes))
    return say("brief.page.overlay", title=overlay.title or overlay.file, entries=entries)


def _overlay(context: Context, overlay: Overlay) -> FoldOut:
    """What an overlay changed; private numbers only for those who may see them."""
    listed = [change for change in overlay.changes if change.path not in ("title", "about")]
    shown = [str(change) for change in listed if _open(context, change)]
    hidden = len(listed) - len(shown)
    if hidden:
        shown.append(capital(say("brief.page.private", entries=counted("entries", hidden))))
    return FoldOut(say("brief.page.overlays"), tuple(shown))


def _open(context: Context, change: Change) -> bool:
    """Whether this audience may see a change: private numbers are for their owner only."""
    part, *rest = change.path.split(".")
    if part in _PUBLIC or context.audience == MEDIATOR:
        return True
    if part not in ("parties", "values") or not rest:
        return False
    public = part == "parties" and len(rest) == 2 and rest[1] in _PUBLIC_OF_PARTY
    return public or context.open_to(rest[0])
