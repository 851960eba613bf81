"""The terminal view of ``unlock``: what stands in the way, and what it would take."""

from __future__ import annotations

import string
from collections.abc import Iterator

from rich.console import RenderableType

from detente.leverage.answer import Way
from detente.leverage.unlock_result import UnlockResult
from detente.model.sentences import say
from detente.views.hold.words import terms_text
from detente.views.terminal.layout import bullets, heading, sentence, table
from detente.views.terminal.opening import opening
from detente.views.unlock.sentences import (
    bound_texts,
    granted_sentences,
    group_text,
    headline,
    measures_text,
    note_text,
    outlook,
    stands_text,
    untold_sentences,
    what_text,
)
from detente.views.unlock.tables import check_rows


def unlock_blocks(result: UnlockResult) -> list[RenderableType]:
    """The finding, the ways best first, what gets nowhere and why, what cheating asks for."""
    blocks = [*opening(result.case), sentence(headline(result), "bold")]
    blocks += [sentence(text) for text in (outlook(result), *untold_sentences(result)) if text]
    if result.package not in result.case.packages:
        terms = terms_text(result.case, result.outcome)
        blocks += [sentence(say("terminal.hold.terms", terms=terms))] if terms else []
    blocks += [*_ways(result), *_together(result), *_bounds(result), *_detection(result)]
    return [*blocks, *_granted(result)]


def _ways(result: UnlockResult) -> Iterator[RenderableType]:
    """Ways with their rank, those together that bring and leave the same."""
    groups: dict[str, list[tuple[int, Way]]] = {}
    for rank, way in enumerate(result.ways, start=1):
        groups.setdefault(group_text(way), []).append((rank, way))
    width = len(str(len(result.ways)))
    for title, own in groups.items():
        yield heading(title)
        for rank, way in own:
            told = f"{what_text(result, way)}.\n{note_text(result.case, way)}"
            yield bullets([told], f"{rank:>{width}}.")


def _together(result: UnlockResult) -> Iterator[RenderableType]:
    """Several ways one after the other; each is told under the case that the one before leaves."""
    found = result.together
    if found is None:
        return
    yield heading(say("terminal.unlock.together"))
    for letter, way in zip(string.ascii_lowercase, found.ways, strict=False):
        yield bullets([f"{way.text}\n{note_text(result.case, way)}"], f"{letter}.")
    if told := stands_text(found.share, together=True):
        yield sentence(told)


def _bounds(result: UnlockResult) -> Iterator[RenderableType]:
    if told := bound_texts(result):
        yield heading(say("terminal.unlock.bounds"))
        yield bullets(told)


def _detection(result: UnlockResult) -> Iterator[RenderableType]:
    """Way by way to cheat the least detection that deters, and the cheapest measures."""
    if not result.checks:
        return
    yield heading(say("terminal.unlock.detection"))
    headers = [say(f"terminal.unlock.{key}") for key in ("violation", "party", "now", "least")]
    yield table(headers, check_rows(result), numbers=(2, 3), unbroken=(2, 3))
    yield sentence(say("terminal.unlock.detection_legend", period=result.case.period), "dim")
    yield sentence(measures_text(result))


def _granted(result: UnlockResult) -> Iterator[RenderableType]:
    """What a share is, what holding means, and how the ways were found."""
    if told := granted_sentences(result):
        yield heading(say("terminal.unlock.granted"))
        yield bullets(told)
    if result.open:
        yield sentence("")
        yield sentence(result.definition, "dim")
