"""The charts of results: what each party gets where, and which package meets which concern."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import altair as alt

from detente.agreement.agree import AgreeResult, Valued
from detente.agreement.concerns import ConcernsResult
from detente.model.sentences import say
from detente.views.naming import RULE_NAMES, named
from detente.views.theme import ACCENT, CONTEXT, INK, LINE, PAPER, QUIET, identities, themed

_LETTER, _LANE, _HEAD, _FOOT = 7.2, 20, 40, 26
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


def agree_chart(result: AgreeResult) -> alt.LayerChart | alt.Chart:
    """What each party gets in the efficient packages; without values, who refuses how much.

    Raises
    ------
    ValueError
        Where neither is known: some party has no scores, and the space was not walked.
    """
    points: dict[tuple[str, ...], list[str]] = {}
    for rule, point in result.solutions.items():
        points.setdefault(tuple(point.outcomes[0].outcome.values()), []).append(RULE_NAMES[rule])
    firsts = {tuple(p.outcomes[0].outcome.values()): p for p in result.solutions.values()}
    markers = [
        Marker(", ".join(rules), firsts[terms].outcomes[0].values)
        for terms, rules in points.items()
    ]
    strips = value_strips(result, markers)
    if strips is not None:
        count, key = _drawn_count(result)
        return themed(strips.properties(title=say(f"brief.chart.{key}", count=count)))
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
    outcomes = drawn(result)
    parties = [name for name in result.case.parties if _scored(result, name)]
    if not outcomes or not parties:
        return None
    marks: list[dict[str, Any]] = []
    top = 0.0
    for name in parties:
        row = _Row(result, name, outcomes, markers, name in walk_aways, width, top)
        marks += row.marks()
        top = row.bottom
    return _drawn(marks, width, top)


def drawn(result: AgreeResult) -> tuple[Valued, ...]:
    """The efficient outcomes that the chart shows."""
    for found in (result.efficient_acceptable, result.efficient_feasible):
        if found is not None and found.count:
            return found.outcomes
    return ()


def _drawn_count(result: AgreeResult) -> tuple[int, str]:
    found = result.efficient_acceptable
    if found is not None and found.count:
        return found.count, "acceptable"
    assert result.efficient_feasible is not None
    return result.efficient_feasible.count, "feasible"


def _scored(result: AgreeResult, name: str) -> bool:
    return name in result.walk_away and name not in result.needs


class _Row:
    """The line of one party: its scale, its dots and its labels, in pixels."""

    def __init__(
        self,
        result: AgreeResult,
        party: str,
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
        self.lanes = _lanes([self.place(value) for value, _ in self.markers], self._label_widths())
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
        for x in sorted({self.place(value) for value in self.values}):
            yield {"kind": "dot", "x": x, "y": self.line, "colour": colour, "shape": shape}
        if self.walk_away is not None:
            x = self.place(self.walk_away)
            yield {"kind": "no deal", "x": x, "y": self.line - 12, "y2": self.line + 12}
            label = {"x": max(x, 22), "y": self.line + 20, "text": say("brief.chart.no_deal")}
            yield {"kind": "no deal label", **label}
        for (value, text), lane in zip(self.markers, self.lanes, strict=True):
            x, y = self.place(value), self.line - 17 - _LANE * lane
            yield {"kind": "stem", "x": x, "y": y + 8, "y2": self.line}
            half = _label_width(text) / 2
            label = {"y": y, "text": text}
            yield {"kind": "label", "x": min(max(x, half), self.width - half), **label}

    def _label_widths(self) -> list[float]:
        return [_label_width(text) for _, text in self.markers]


def _label_width(text: str) -> float:
    return len(text) * _LETTER + 8


def _lanes(places: Sequence[float], widths: Sequence[float]) -> list[int]:
    """For labels from left to right, how high each must stand to touch none before it."""
    ends: list[float] = []
    lanes = []
    for place, width in zip(places, widths, strict=True):
        free = next((i for i, end in enumerate(ends) if end <= place - width / 2), len(ends))
        if free == len(ends):
            ends.append(0.0)
        ends[free] = place + width / 2
        lanes.append(free)
    return lanes


def _drawn(marks: Sequence[dict[str, Any]], width: int, height: float) -> alt.LayerChart:
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    colour = alt.Color("colour:N", scale=None)
    shape = alt.Shape("shape:N", scale=None)

    def of(kind: str) -> alt.Chart:
        values = [{k: v for k, v in mark.items() if k != "kind"} for mark in marks
                  if mark["kind"] == kind]
        return alt.Chart(alt.Data(values=values))

    layers = [
        of("line").mark_rule(color=LINE.light).encode(x=x, x2="x2", y=y),
        of("stem").mark_rule(color=CONTEXT.light).encode(x=x, y=y, y2="y2"),
        of("dot").mark_point(filled=True, size=62, opacity=0.6).encode(
            x=x, y=y, color=colour, shape=shape
        ),
        of("no deal").mark_rule(color=ACCENT.light, strokeWidth=2).encode(x=x, y=y, y2="y2"),
        of("no deal label").mark_text(color=ACCENT.light, fontSize=11).encode(
            x=x, y=y, text="text:N"
        ),
        of("mark").mark_point(filled=True, size=80, opacity=1).encode(
            x=x, y=y, color=colour, shape=shape
        ),
        of("party").mark_text(align="left", color=INK.light, fontSize=13, fontWeight=600).encode(
            x=x, y=y, text="text:N"
        ),
        of("label").mark_text(color=INK.light, fontSize=12, fontWeight=600).encode(
            x=x, y=y, text="text:N"
        ),
    ]
    return alt.layer(*layers).properties(width=width, height=height)


def _refusals(result: AgreeResult) -> alt.LayerChart:
    """Bars: how many feasible outcomes each signing party refuses."""
    assert result.blocking is not None
    case, known = result.case, identities(result.case)
    rows = [
        {
            "party": named(case, name),
            "refuses": entry.refuses,
            "share": say(
                "brief.chart.refused", refused=f"{entry.refuses:,}", alone=f"{entry.alone_refuses:,}"
            ),
            "colour": known[name].tone.light,
        }
        for name, entry in result.blocking.items()
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("party:N", sort=None, title=None),
        x=alt.X("refuses:Q", axis=None, scale=alt.Scale(domain=[0, result.feasible])),
    )
    bars = base.mark_bar(height=16).encode(color=alt.Color("colour:N", scale=None))
    words = base.mark_text(align="left", dx=6).encode(text="share:N")
    title = say("brief.chart.refusals", feasible=f"{result.feasible:,}")
    return alt.layer(bars, words).properties(title=title, width=420, height=alt.Step(30))


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
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "package:N", sort=columns, title=None,
            axis=alt.Axis(orient="top", labelAngle=-50, labelAlign="left"),
        ),
        y=alt.Y("row:O", title=None, axis=alt.Axis(labelExpr=_labels(rows), labelLimit=460)),
    )
    cells = base.mark_rect(stroke=PAPER.light, strokeWidth=2).encode(
        color=alt.Color(
            "kind:N", legend=None,
            scale=alt.Scale(domain=kinds, range=[ACCENT.light, LINE.light, LINE.light, PAPER.light]),
        )
    )
    signs = base.mark_text(fontSize=13, fontWeight=600).encode(
        text="sign:N",
        color=alt.Color(
            "kind:N", legend=None,
            scale=alt.Scale(domain=kinds, range=[PAPER.light, INK.light, QUIET.light, QUIET.light]),
        ),
    )
    chart = alt.layer(cells, signs).resolve_scale(color="independent")
    title = alt.TitleParams(say("brief.chart.concerns"), subtitle=say("brief.chart.concerns_key"))
    return themed(chart.properties(title=title, width=alt.Step(26), height=alt.Step(20)))


def _concern_marks(result: ConcernsResult) -> Iterator[dict[str, Any]]:
    case = result.case
    for place, row in enumerate(result.rows):
        owner = named(case, row.party)
        must = say("brief.chart.must") if row.concern.must else ""
        for package, met in result.packages.items():
            name = say("brief.today") if package == "status_quo" else case.package_name(package)
            kind = ("red line" if met else "broken") if row.concern.must else "met" if met else "unmet"
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
    quoted = (str(texts[place]).replace("\\", "\\\\").replace("'", "\\'") for place in sorted(texts))
    return "[" + ", ".join(f"'{text}'" for text in quoted) + "][datum.value]"
