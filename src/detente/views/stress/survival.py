"""How long an agreement lasts under the hazards of a case, as curves that fall in steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import altair as alt

from detente.model.sentences import number, say
from detente.uncertainty.course.answer import Course
from detente.uncertainty.course.base_rate import BaseRate
from detente.uncertainty.course.survival import Curve
from detente.views.drawing import LETTER, Drawn, Point, drawing, lines, rule, stair, terrace, words
from detente.views.naming import percent
from detente.views.scoreboards import apart
from detente.views.stress.course import years_text
from detente.views.theme import CONTEXT, HEAT, INK, LINE, themed

KEPT = HEAT[4]
"""Nobody has deviated in secret either."""
_WIDTH, _HEIGHT, _TOP, _LEFT, _ROW = 720, 200, 14, 48, 15


def survival_chart(course: Course, base: BaseRate | None = None) -> alt.LayerChart:
    """In what share of histories the agreement has not ended, with the finding as the title.

    Parameters
    ----------
    course
        What is drawn.
    base
        Agreements of the past, drawn beside it for comparison.
    """
    found = themed(survival_curve(course, _WIDTH, base))
    subtitle = lines(survival_reading(base), _WIDTH * 1.25)
    title = alt.TitleParams(lines(survival_title(course), _WIDTH), subtitle=subtitle)
    return found.properties(title=title)


def survival_title(course: Course) -> str:
    """The finding: in what share it has not ended, nor been cheated on in secret."""
    return say(
        "stress.survival.title",
        years=years_text(course.years),
        share=percent(_end(course.survival, course), 1),
        kept=percent(_end(course.kept, course), 1),
    )


def survival_reading(base: BaseRate | None = None) -> str:
    """How to read the curves."""
    told = say("stress.survival.reading")
    if base is None:
        return told
    return f"{told} {say('stress.survival.reading_base', count=len(base.agreements))}"


def survival_curve(course: Course, width: int, base: BaseRate | None = None) -> alt.LayerChart:
    """The two curves, the first with its band, and past agreements; in a width in pixels."""
    plan = Survival(course, width, base)
    return drawing(plan.marks(), width, plan.bottom)


def _end(curve: Curve, course: Course) -> float:
    """The share at the end of the years."""
    return float(curve.share[curve.years <= course.years + 1e-9][-1])


class Survival:
    """A curve over years, in pixels.

    Parameters
    ----------
    course, width, base
        As in :func:`survival_curve`.
    """

    def __init__(self, course: Course, width: float, base: BaseRate | None = None) -> None:
        self.course, self.base = course, base
        self.labels = self._labels()
        longest = max(len(text) for _, _, text in self.labels)
        self.right = width - longest * LETTER - 16
        self.foot = float(_TOP + _HEIGHT)
        self.bottom = self.foot + 42

    def at(self, years: float) -> float:
        """Where a time stands."""
        return round(_LEFT + years / self.course.years * (self.right - _LEFT), 1)

    def height(self, share: float) -> float:
        """Where a share stands."""
        return round(_TOP + _HEIGHT * (1 - share), 1)

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        yield from self._frame()
        if self.base is not None:
            yield from stair(self._points(self.base.curve), CONTEXT.light, 1.5)
        yield from terrace(self._band(self.course.survival), HEAT[2].light)
        yield from stair(self._points(self.course.kept), KEPT.light, 2)
        yield from stair(self._points(self.course.survival), INK.light, 2)
        places = apart([self.height(share) for share, _, _ in self.labels], self.foot, _ROW)
        for (_, kind, text), y in zip(self.labels, places, strict=True):
            yield words(kind, self.right + 8, y, text)

    def _labels(self) -> list[tuple[float, str, str]]:
        """What stands at the right end, from the top: share, style, text."""
        found = []
        for key, kind, curve in (
            ("stands", "id", self.course.survival),
            ("kept", "words", self.course.kept),
        ):
            end = _end(curve, self.course)
            found.append((end, kind, say(f"stress.survival.{key}", share=percent(end, 1))))
        if self.base is not None:
            past = _end(self.base.curve, self.course)
            found.append((past, "note", say("stress.survival.base", share=percent(past, 1))))
        return sorted(found, key=lambda label: -label[0])

    def _frame(self) -> Iterator[Drawn]:
        for share in (0.0, 0.5, 1.0):
            y = self.height(share)
            yield rule((_LEFT, y), (self.right, y), LINE.light)
            yield words("end", _LEFT - 8, y, f"{100 * share:.0f} %")
        room = int((self.right - _LEFT) / 30)
        years = self.course.years
        step = next(size for size in (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100) if years / size <= room)
        for place in range(int(years / step + 1e-9) + 1):
            x = self.at(place * step)
            yield rule((x, self.foot), (x, self.foot + 5), LINE.light)
            yield words("tick", x, self.foot + 14, number(place * step))
        middle = (_LEFT + self.right) / 2
        yield words("tick", middle, self.foot + 32, say("stress.survival.years"))

    def _points(self, curve: Curve) -> Iterator[Point]:
        for x, place in self._seen(curve):
            yield x, self.height(curve.share[place])

    def _band(self, curve: Curve) -> Iterator[tuple[float, float, float]]:
        for x, place in self._seen(curve):
            yield x, self.height(curve.low[place]), self.height(curve.high[place])

    def _seen(self, curve: Curve) -> Sequence[tuple[float, int]]:
        """Where the curve falls by so much that it can be seen, and its two ends.

        It ends where nobody was watched any longer; at nothing it stays.
        """
        found, last = [(self.at(0), 0)], 0
        for place, years in enumerate(curve.years):
            if years > self.course.years + 1e-9:
                break
            if self.height(curve.share[place]) - self.height(curve.share[found[-1][1]]) >= 1:
                found.append((self.at(float(years)), place))
            last = place
        whole = curve.share[last] == 0 or curve.years[-1] >= self.course.years
        end = self.course.years if whole else float(curve.years[last])
        return [*found, (self.at(end), last)]
