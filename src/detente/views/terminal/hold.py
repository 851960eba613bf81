"""The terminal view of ``hold``: would it last, who stays or leaves, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.console import RenderableType

from detente.model.sentences import say
from detente.stability.answer import CONCEPTS, Prospect, Verdicts
from detente.stability.hold_result import HoldResult
from detente.views.hold.listing import (
    first_outcomes,
    left_by_nobody,
    listing_sentences,
    stays_in,
)
from detente.views.hold.sentences import (
    coalition_text,
    collapse_gainers,
    collapse_sentences,
    headline,
    reason_sentences,
    reason_text,
)
from detente.views.hold.wider import (
    bloc_sentences,
    break_sentences,
    remarks,
    route_sentences,
    view_sentences,
)
from detente.views.hold.words import (
    LASTING,
    SIGNS,
    STANCES,
    STANDARD,
    Stance,
    coalitions_in,
    group_text,
    in_stance,
    outcome_text,
    overall,
    parties_text,
    prospect_text,
    short_stance,
    silent,
    stance,
    stance_in,
    stance_text,
    terms_text,
)
from detente.views.naming import capital
from detente.views.terminal.layout import NO, YES, bullets, heading, limited, sentence, table
from detente.views.terminal.opening import opening

ROWS = 60
"""Most rows of a table and lines of a list; files have all."""
PARTIES = 4
"""Most parties beside each other."""
BREAKS = 4
"""Most coalitions that are told of."""
LISTED = 10
"""Most outcomes that are told of."""
ENDANGERED: tuple[Stance, ...] = ("leaves", "costly", "open")
"""What is told of where several outcomes are: those that do not hold, or not surely."""
MARKS = {True: YES, False: NO, None: "?"}


def hold_blocks(result: HoldResult) -> list[RenderableType]:
    """The finding, who stays and who leaves, why, then what was asked for beyond that."""
    blocks = [*opening(result.case), sentence(headline(result), "bold")]
    if result.asked:
        blocks += _one(result, result.prospects[0])
    elif result.prospects:
        blocks += _several(result)
    blocks += [*_routes(result), *_listing(result)]
    return [*blocks, *_remarks(result)]


# one outcome


def _one(result: HoldResult, prospect: Prospect) -> Iterator[RenderableType]:
    """All about one outcome."""
    terms = terms_text(result.case, prospect.outcome)
    if terms and prospect.name not in result.case.packages:
        yield sentence(say("terminal.hold.terms", terms=terms))
    yield sentence("")
    names = {party: result.case.party_name(party) for party in prospect.stable["nash"]}
    yield _marks(say("brief.party"), prospect.stable, names, prospect)
    yield from _legend(prospect.simultaneous is not None)
    yield heading(say("terminal.hold.why"))
    yield bullets(reason_sentences(result, prospect))
    if told := collapse_sentences(result, prospect):
        yield from _part("collapse", told)
        yield sentence(say("terminal.hold.collapse_note"), "dim")
    yield from _coalitions(result, prospect)
    yield from _blocs(result, prospect)
    yield from _part("views", view_sentences(result, prospect))


def _marks(
    corner: str, verdicts: Verdicts, names: dict[str, str], prospect: Prospect | None = None
) -> RenderableType:
    """Parties, coalitions or blocs: where each stands, and under which concepts it stays."""
    simultaneous = None if prospect is None else prospect.simultaneous
    headers = [corner, say("terminal.hold.verdict"), *map(STANDARD.__getitem__, CONCEPTS)]
    rows = []
    for name, told in names.items():
        found = stance_in(verdicts, name)
        marks = [MARKS[verdicts[concept][name]] for concept in CONCEPTS]
        rows.append([told, f"{SIGNS[found]} {stance_text(found)}", *marks])
        if simultaneous is not None:
            rows[-1].append(MARKS[simultaneous[name]])
    if prospect is not None:
        marks = [MARKS[prospect.equilibrium(concept)] for concept in CONCEPTS]
        rows.append([say("terminal.hold.together"), "", *marks])
        if simultaneous is not None:
            held = simultaneous.values()
            rows[-1].append(MARKS[False if False in held else None if None in held else True])
    if simultaneous is not None:
        headers.append(STANDARD["sim"])
    return table(headers, rows, unbroken=range(2, len(headers)))


def _legend(simultaneous: bool, *, of_outcomes: bool = False) -> Iterator[RenderableType]:
    """What the columns and marks mean."""
    who = "outcome" if of_outcomes else "party"
    text = f"{say(f'terminal.hold.legend_{who}')} {say('terminal.hold.legend')}"
    if simultaneous:
        text = f"{text} {say('terminal.hold.legend_sim')}"
    yield sentence(text, "dim")


def _part(key: str, told: Sequence[str], most: int = ROWS) -> Iterator[RenderableType]:
    """A heading with sentences, where there are any."""
    if told:
        yield heading(say(f"terminal.hold.{key}"))
        yield bullets(limited(told, most, "--json"))


def _coalitions(result: HoldResult, prospect: Prospect) -> Iterator[RenderableType]:
    """Groups that could gain by leaving together: where each stands, and how it would do so."""
    groups = coalitions_in(prospect)
    if not groups or prospect.coalitions is None:
        return
    yield heading(say("terminal.hold.coalitions"))
    loose = sorted((name for name in groups if groups[name] in ENDANGERED), key=_size_of)
    loose.sort(key=lambda name: STANCES.index(groups[name]))
    if loose:
        names = {name: group_text(result.case, name) for name in loose[:ROWS]}
        yield _marks(say("terminal.hold.coalition"), prospect.coalitions, names)
        yield sentence("")
    told = [
        say(f"terminal.hold.coalitions_{key}", count=count)
        for key in LASTING
        if (count := list(groups.values()).count(key)) and (loose or key == "deterred")
    ]
    told += limited(break_sentences(result, prospect), BREAKS, "--json")
    yield bullets(told)


def _size_of(name: str) -> int:
    return name.count("+")


def _blocs(result: HoldResult, prospect: Prospect) -> Iterator[RenderableType]:
    """Allies that move as one."""
    if prospect.blocs is None:
        return
    yield heading(say("terminal.hold.blocs"))
    yield bullets(bloc_sentences(result, prospect))
    names = {name: group_text(result.case, name) for name in prospect.blocs["nash"]}
    yield sentence("")
    yield _marks(say("terminal.hold.bloc"), prospect.blocs, names)


# several outcomes


def _several(result: HoldResult) -> Iterator[RenderableType]:
    """Outcomes as rows: whether each would hold, who stays in it, and what endangers it."""
    shown = result.prospects[:ROWS]
    names = [capital(prospect_text(result, entry).strip("“”")) for entry in shown]
    yield sentence("")
    rows = [
        [
            name,
            _overall(result, entry),
            *(MARKS[entry.equilibrium(concept)] for concept in CONCEPTS),
        ]
        for name, entry in zip(names, shown, strict=True)
    ]
    headers = [say("terminal.hold.outcome"), say("terminal.hold.verdict"), *_concepts()]
    if rest := len(result.prospects) - len(shown):
        more = say("terminal.more", count=f"{rest:,}", where="--out FILE.csv")
        rows.append([more, *[""] * (len(headers) - 1)])
    yield table(headers, rows, unbroken=range(1, len(headers)))
    yield from _legend(simultaneous=False, of_outcomes=True)
    yield from _stances(result, shown, names)
    yield from _part("endangered", _each(result, shown, _endangered))
    yield from _part("collapse_of", _each(result, shown, collapse_gainers))
    yield from _part("coalitions", _each(result, shown, coalition_text))
    yield from _part("blocs", [text for entry in shown for text in bloc_sentences(result, entry)])
    yield from _part("views", _each(result, shown, _views))
    yield sentence("")
    yield sentence(say("terminal.hold.ask"))


def _overall(result: HoldResult, prospect: Prospect) -> str:
    """What becomes of an outcome, with its mark."""
    found = overall(prospect)
    if found in LASTING and silent(result, prospect):
        return f"{MARKS[None]} {say('terminal.hold.overall.known')}"
    return f"{SIGNS[found]} {say(f'terminal.hold.overall.{found}')}"


def _concepts() -> list[str]:
    return [STANDARD[concept] for concept in CONCEPTS]


def _stances(
    result: HoldResult, shown: Sequence[Prospect], names: Sequence[str]
) -> Iterator[RenderableType]:
    """Outcome by party; parties that stand the same everywhere are told of in a sentence."""
    every = list(result.case.parties)
    calm = [p for p in every if all(stance(entry, p) == "stays" for entry in shown)]
    rest = [party for party in every if party not in calm]
    if rest:
        yield heading(say("terminal.hold.stances"))
    for first in range(0, len(rest), PARTIES):
        parties = rest[first : first + PARTIES]
        headers = [say("terminal.hold.outcome"), *map(result.case.party_name, parties)]
        rows = [
            [name, *(short_stance(stance(entry, party)) for party in parties)]
            for name, entry in zip(names, shown, strict=True)
        ]
        if first:
            yield sentence("")
        yield table(headers, rows)
    if calm:
        slots = {"parties": parties_text(result.case, calm), "count": len(calm)}
        yield sentence(say("terminal.hold.calm", **slots))


def _endangered(result: HoldResult, prospect: Prospect) -> str:
    """Why an outcome would not hold, or not surely: the first party that endangers it."""
    if overall(prospect) not in ENDANGERED:
        return ""
    first, *others = in_stance(prospect, overall(prospect))
    told = reason_text(result, prospect, first)
    if others:
        parties = parties_text(result.case, others)
        told += f" {say('terminal.hold.others', parties=parties)}"
    return told


def _views(result: HoldResult, prospect: Prospect) -> str:
    return " ".join(view_sentences(result, prospect))


def _each(
    result: HoldResult, shown: Sequence[Prospect], text: Callable[[HoldResult, Prospect], str]
) -> list[str]:
    """What is to be said of each outcome, after its name."""
    return [
        say("terminal.hold.of", outcome=capital(prospect_text(result, entry)), what=found)
        for entry in shown
        if (found := text(result, entry))
    ]


# all of it


def _routes(result: HoldResult) -> Iterator[RenderableType]:
    if result.routes is not None:
        start = outcome_text(result.case, result.routes.start)
        yield heading(say("terminal.hold.routes", start=start))
        yield bullets(route_sentences(result))


def _listing(result: HoldResult) -> Iterator[RenderableType]:
    """How many outcomes each party stays in, and the first of those that nobody leaves."""
    if result.listing is None:
        return
    yield heading(say("terminal.hold.listing", count=result.states))
    yield bullets(listing_sentences(result))
    yield sentence("")
    counts = {result.case.party_name(party): found for party, found in stays_in(result).items()}
    last = say(f"terminal.hold.{'together_known' if result.unvalued else 'together'}")
    counts[last] = [int(left_by_nobody(result, concept).sum()) for concept in CONCEPTS]
    rows = [[name, *(f"{count:,}" for count in found)] for name, found in counts.items()]
    headers = [say("terminal.hold.stays_in"), *_concepts()]
    yield table(headers, rows, numbers=range(1, len(headers)))
    nash, seq = left_by_nobody(result, "nash"), left_by_nobody(result, "seq")
    for key, chosen in (("nash", nash), ("seq", seq & ~nash)):
        if found := first_outcomes(result, chosen, LISTED):
            count = int(chosen.sum())
            first = say("terminal.hold.the_first") if count > len(found) else ""
            yield heading(say(f"terminal.hold.listed_{key}", count=count, first=first))
            yield bullets(map(capital, found))


def _remarks(result: HoldResult) -> Iterator[RenderableType]:
    """What a reader should know, and what the words mean."""
    yield from _part("remarks", remarks(result))
    yield sentence("")
    yield sentence(result.definition, "dim")
