"""The charts of results: what each party gets where, and which package meets which concern."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import altair as alt

from detente.agreement.answer import AgreeResult, Efficient
from detente.agreement.concerns import ConcernsResult
from detente.agreement.reference_points import Valued
from detente.model.sentences import say
from detente.views.naming import RULE_NAMES, capital, named
from detente.views.theme import ACCENT, CONTEXT, INK, LINE, PANEL, PAPER, QUIET, identities, themed

_LETTER, _LANE, _HEAD, _FOOT = 7.2, 21, 50, 28
"""Pixels: of a letter, between labels above each other, above and below a row's line."""


@dataclass(frozen=True)
class Marker:
    """A package that is named in a chart.

    Parameters
    ----------
    label
        What stands at its place: a letter, or its name.
    values
        What it is worth to each party, in points.
    rows
        Parties in whose rows it may stand; None for all.
    """

    label: str
    values: Mapping[str, Fraction]
    rows: Collection[str] | None = None


def agree_chart(result: AgreeResult) -> alt.LayerChart:
    """What each party gets in the efficient packages; without values, who refuses how much.

    Raises
    ------
    ValueError
        Where neither is known: some party has no scores, and the space was not walked.
    """
    points: dict[tuple[str, ...], tuple[list[str], Valued]] = {}
    for rule, point in result.solutions.items():
        first = point.outcomes[0]
        terms = tuple(first.outcome.values())
        points.setdefault(terms, ([], first))[0].append(RULE_NAMES[rule])
    markers = [Marker(capital(", ".join(rules)), first.values) for rules, first in points.values()]
    shown, strips = drawn(result), value_strips(result, markers)
    if shown is not None and strips is not None:
        count, listed = shown.efficient.count, len(shown.efficient.outcomes)
        part = say("brief.chart.part", listed=listed) if listed < count else ""
        title = say(f"brief.chart.{shown.kind}", count=count, part=part)
        return themed(strips.properties(title=title))
    if result.blocking is None:
        raise ValueError("there is nothing to draw: no party has scores and nothing was counted")
    return themed(_refusals(result))


def value_strips(
    result: AgreeResult,
    markers: Sequence[Marker] = (),
    walk_aways: Collection[str] = (),
    width: int = 640,
) -> alt.LayerChart | None:
    """One line a party, from the least to the most that it gets in the efficient packages.

    Each line has its party's own scale, so that lines cannot be compared with each other.
    The packages are the efficient acceptable ones; where nothing is acceptable, the
    efficient feasible ones. None where there are none to draw, or no party has scores.

    Parameters
    ----------
    markers
        Packages to name.
    walk_aways
        Parties whose walk-away value is drawn.
    width
        In pixels.
    """
    shown = drawn(result)
    parties = [name for name in result.case.parties if _scored(result, name)]
    if shown is None or not parties:
        return None
    marks: list[dict[str, Any]] = []
    top = 0.0
    for name in parties:
        row = _Row(
            result,
            name,
            outcomes=shown.efficient.outcomes,
            markers=markers,
            with_walk_away=name in walk_aways,
            width=width,
            top=top,
        )
        marks += row.marks()
        top = row.bottom
    return _drawn(marks, width, top)


@dataclass(frozen=True)
class Drawn:
    """The efficient outcomes that a chart of values shows: ``acceptable`` or ``feasible``."""

    kind: str
    efficient: Efficient


def drawn(result: AgreeResult) -> Drawn | None:
    """The efficient acceptable outcomes, or the feasible ones where nothing is acceptable."""
    sets = {"acceptable": result.efficient_acceptable, "feasible": result.efficient_feasible}
    for kind, found in sets.items():
        if found is not None and found.count:
            return Drawn(kind, found)
    return None


def _scored(result: AgreeResult, name: str) -> bool:
    return name in result.walk_away and name not in result.needs


class _Row:
    """The line of one party: its scale, its dots and its labels, in pixels."""

    def __init__(
        self,
        result: AgreeResult,
        party: str,
        *,
        outcomes: Sequence[Valued],
        markers: Sequence[Marker],
        with_walk_away: bool,
        width: int,
        top: float,
    ) -> None:
        case = result.case
        self.identity = identities(case)[party]
        self.name = named(case, party)
        if party not in case.signing:
            self.name = say("brief.chart.unsigned", party=self.name)
        self.signs = party in case.signing
        self.values = sorted({outcome.values[party] for outcome in outcomes})
        shown = [m for m in markers if m.rows is None or party in m.rows]
        self.markers = sorted(
            ((m.values[party], m.label) for m in shown if party in m.values), key=lambda m: m[0]
        )
        self.walk_away = result.walk_away[party] if with_walk_away else None
        every = [*self.values, *(value for value, _ in self.markers)]
        every += [] if self.walk_away is None else [self.walk_away]
        self.low, self.high = min(every), max(every)
        self.width, self.top = width, top
        widths = [len(text) * _LETTER + 10 for _, text in self.markers]
        self.boxes = [
            self._box(self.place(value), size)
            for (value, _), size in zip(self.markers, widths, strict=True)
        ]
        self.lanes = _lanes(self.boxes)
        self.line = top + _HEAD + _LANE * max(self.lanes, default=0)
        self.bottom = self.line + _FOOT

    def place(self, value: Fraction) -> float:
        """Where a value stands on the line."""
        if self.high == self.low:
            return self.width / 2
        share = float((value - self.low) / (self.high - self.low))
        return round(12 + share * (self.width - 24), 1)

    def marks(self) -> Iterator[dict[str, Any]]:
        """Everything to draw, each with its kind."""
        colour, shape = self.identity.tone.light, self.identity.shape
        yield {"kind": "line", "x": 0, "x2": self.width, "y": self.line}
        yield {"kind": "mark", "x": 6, "y": self.top + 11, "colour": colour, "shape": shape}
        yield {"kind": "party", "x": 18, "y": self.top + 11, "text": self.name}
        if not self.top:
            yield {"kind": "better", "x": self.width, "y": 11, "text": say("brief.chart.better")}
        for x in sorted({self.place(value) for value in self.values}):
            yield {"kind": "dot", "x": x, "y": self.line, "colour": colour, "shape": shape}
        if self.walk_away is not None:
            x = self.place(self.walk_away)
            yield {"kind": "no deal", "x": x, "y": self.line - 12, "y2": self.line + 12}
            label = {"x": max(x, 22), "y": self.line + 20, "text": say("brief.chart.no_deal")}
            yield {"kind": "no deal label", **label}
        for (value, text), (left, right), lane in zip(
            self.markers, self.boxes, self.lanes, strict=True
        ):
            y = self.line - 19 - _LANE * lane
            plate, ink = (INK, PAPER) if len(text) == 1 else (PANEL, INK)
            yield {"kind": "stem", "x": self.place(value), "y": y, "y2": self.line}
            box = {"x": left, "x2": right, "y": y - 9, "y2": y + 9}
            yield {"kind": "plate", "colour": plate.light, **box}
            middle = (left + right) / 2
            yield {"kind": "label", "x": middle, "y": y, "text": text, "colour": ink.light}

    def _box(self, centre: float, size: float) -> tuple[float, float]:
        """Left and right end of a label, as near to its centre as the picture allows."""
        left = round(min(max(centre - size / 2, 0), self.width - size), 1)
        return left, round(left + size, 1)


def _lanes(boxes: Sequence[tuple[float, float]]) -> list[int]:
    """For labels from left to right, how high each must stand to touch none before it."""
    ends: list[float] = []
    lanes = []
    for left, right in boxes:
        free = next((lane for lane, end in enumerate(ends) if end < left), len(ends))
        ends[free : free + 1] = [right]
        lanes.append(free)
    return lanes


def _drawn(marks: Sequence[dict[str, Any]], width: int, height: float) -> alt.LayerChart:
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    colour = alt.Color("colour:N", scale=None)
    shape = alt.Shape("shape:N", scale=None)

    def of(kind: str) -> alt.Chart:
        values = [
            {k: v for k, v in mark.items() if k != "kind"} for mark in marks if mark["kind"] == kind
        ]
        return alt.Chart(alt.InlineData(values=values))

    layers = [
        of("line").mark_rule(color=LINE.light).encode(x=x, x2="x2", y=y),
        of("stem").mark_rule(color=CONTEXT.light).encode(x=x, y=y, y2="y2"),
        of("dot")
        .mark_point(filled=True, size=62, opacity=0.6)
        .encode(x=x, y=y, color=colour, shape=shape),
        of("no deal").mark_rule(color=ACCENT.light, strokeWidth=2).encode(x=x, y=y, y2="y2"),
        of("no deal label")
        .mark_text(color=ACCENT.light, fontSize=11)
        .encode(x=x, y=y, text="text:N"),
        of("mark")
        .mark_point(filled=True, size=80, opacity=1)
        .encode(x=x, y=y, color=colour, shape=shape),
        of("party")
        .mark_text(align="left", color=INK.light, fontSize=13, fontWeight=600)
        .encode(x=x, y=y, text="text:N"),
        of("better")
        .mark_text(align="right", color=QUIET.light, fontSize=11)
        .encode(x=x, y=y, text="text:N"),
        of("plate").mark_rect(cornerRadius=3).encode(x=x, x2="x2", y=y, y2="y2", color=colour),
        of("label")
        .mark_text(fontSize=12, fontWeight=600)
        .encode(x=x, y=y, text="text:N", color=colour),
    ]
    return alt.LayerChart(layer=layers).properties(width=width, height=height)


def _refusals(result: AgreeResult) -> alt.LayerChart:
    """Bars: how many feasible outcomes each signing party refuses."""
    assert result.blocking is not None
    case, known = result.case, identities(result.case)
    rows = [
        {
            "party": named(case, name),
            "refuses": entry.refuses,
            "share": say(
                "brief.chart.refused",
                refused=f"{entry.refuses:,}",
                alone=f"{entry.alone_refuses:,}",
            ),
            "colour": known[name].tone.light,
        }
        for name, entry in result.blocking.items()
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("party:N", sort=None, title=None),
        x=alt.X("refuses:Q", axis=None, scale=alt.Scale(domain=[0, result.feasible])),
    )
    bars = base.mark_bar(height=16).encode(color=alt.Color("colour:N", scale=None))
    words = base.mark_text(align="left", dx=6).encode(text="share:N")
    title = say("brief.chart.refusals", feasible=f"{result.feasible:,}")
    return alt.LayerChart(layer=[bars, words]).properties(
        title=title, width=420, height=alt.Step(30)
    )


def concerns_chart(result: ConcernsResult) -> alt.LayerChart:
    """Which package meets which concern: a mark where it does, a cross at broken red lines.

    Raises
    ------
    ValueError
        Where the case has no concerns, or no package.
    """
    if not result.rows or not result.packages:
        raise ValueError("there is nothing to draw: the case has no concerns or no packages")
    rows = list(_concern_marks(result))
    columns = list(dict.fromkeys(row["package"] for row in rows))
    kinds = ["broken", "red line", "met", "unmet"]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X(
            "package:N",
            sort=columns,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=-50, labelAlign="left"),
        ),
        y=alt.Y("row:O", title=None, axis=alt.Axis(labelExpr=_labels(rows), labelLimit=460)),
    )
    cells = base.mark_rect(stroke=PAPER.light, strokeWidth=2).encode(
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(
                domain=kinds, range=[ACCENT.light, LINE.light, LINE.light, PAPER.light]
            ),
        )
    )
    signs = base.mark_text(fontSize=13, fontWeight=600).encode(
        text="sign:N",
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=kinds, range=[PAPER.light, INK.light, QUIET.light, QUIET.light]),
        ),
    )
    title = alt.TitleParams(say("brief.chart.concerns"), subtitle=say("brief.chart.concerns_key"))
    layers = alt.LayerChart(
        layer=[cells, signs], resolve=alt.Resolve(scale={"color": "independent"})
    )
    chart = layers.properties(title=title, width=alt.Step(26), height=alt.Step(20))
    return themed(chart)


def _concern_marks(result: ConcernsResult) -> Iterator[dict[str, Any]]:
    case = result.case
    for place, row in enumerate(result.rows):
        owner = named(case, row.party)
        must = say("brief.chart.must") if row.concern.must else ""
        for package, met in result.packages.items():
            name = say("brief.today") if package == "status_quo" else case.package_name(package)
            kinds = ("red line", "broken") if row.concern.must else ("met", "unmet")
            kind = kinds[0] if met[place] else kinds[1]
            yield {
                "row": place,
                "label": f"{owner}: {row.concern.name}{must}",
                "package": name,
                "kind": kind,
                "sign": {"broken": "✗", "unmet": "–"}.get(kind, "✓"),
            }


def _labels(rows: Sequence[Mapping[str, Any]]) -> str:
    """A Vega expression that turns a row's number into its label."""
    texts = {row["row"]: row["label"] for row in rows}
    quoted = (
        str(texts[place]).replace("\\", "\\\\").replace("'", "\\'") for place in sorted(texts)
    )
    return "[" + ", ".join(f"'{text}'" for text in quoted) + "][datum.value]"
