"""Answers to ``unlock`` put together by hand, for the tests of what people see of them.

The numbers are made up: what is tested is how they are told, not how they are found.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import detente
from detente.agreement.packages.changes import Change
from detente.case.schema import Case
from detente.leverage.answer import (
    GOALS,
    LEVERS,
    Bound,
    Check,
    Cost,
    Goal,
    Part,
    Relaxation,
    Shift,
    Standing,
    Together,
    Warrant,
    Way,
)
from detente.leverage.payments.answer import StatePayment, Transfer
from detente.leverage.reversals.answer import Reversal
from detente.leverage.unlock_result import UnlockResult
from detente.leverage.words import sentence
from stress_results import share

LONG = {
    "bund": "Bundesministerium für wirtschaftliche Zusammenarbeit und Donauschifffahrtsaufsicht",
    "seoul": "대한민국 정부와 국회 외교통일위원회 그리고 한반도평화교섭본부",
    "guns": "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzgebungsverfahren",
    "held": "군사분계선 일대의 모든 포병 부대와 미사일 부대의 단계적 후방 배치",
}
DEAL = {"guns": "stored", "road": "open"}
NOT_ALL: dict[Goal, bool | None] = dict.fromkeys(GOALS, False)
F = Fraction


@cache
def swap(*, long: bool = False) -> Case:
    """Two parties that sign and one that does not; with short or with long names."""
    names = {
        "bund": "The Hills",
        "seoul": "The Plain",
        "guns": "Heavy guns",
        "held": "In range of the market",
    }
    told = LONG if long else names
    hills = {"guns": {"held": 30, "stored": [5, 15]}, "road": {"closed": 0, "open": 30}}
    plain = {"guns": {"held": 0, "stored": 40}, "road": {"closed": 10, "open": 0}}
    weights = {"guns": 60, "road": 40}
    return detente.load(
        {
            "title": "A swap",
            "handling": "For the test only",
            "parties": {
                "bund": {"name": told["bund"], "walk_away": 20},
                "seoul": {"name": told["seoul"], "walk_away": 10},
                "league": {"name": "The League", "signs": False},
            },
            "issues": {
                "guns": {
                    "name": told["guns"],
                    "control": "bund",
                    "options": {"held": told["held"], "stored": "In stores"},
                },
                "road": {"control": "seoul", "options": {"closed": "Closed", "open": "Open"}},
            },
            "status_quo": {"guns": "held", "road": "closed"},
            "values": {
                "bund": {"scores": hills, "weights": weights},
                "seoul": {"scores": plain, "weights": weights},
            },
            "packages": {"swap": {"name": "The swap", "outcome": DEAL}},
            "verification": {
                "period": "year",
                "measures": {"patrols": {"name": "Patrols", "detects": {"guns": 0.5}}},
            },
        }
    )


TERMS: tuple[Part, ...] = (Change("guns", "stored", "held"),)
TRANSFER = Transfer("seoul", "bund", F(25, 2), F(25, 2), F(25, 2))
PAID: tuple[Part, ...] = (TRANSFER, Transfer("bund", "seoul", F(3), None, F(6)))
ROAD: tuple[Part, ...] = (
    StatePayment(1, DEAL, (), 3),
    StatePayment(2, DEAL, (TRANSFER,), 2),
    StatePayment(3, DEAL, (TRANSFER,), 2),
    StatePayment(4, DEAL, (), None),
)
WARRANTS: tuple[Part, ...] = (
    Warrant("bund", F(7), "league", None),
    Warrant("seoul", F(4), "bund", 9.0),
    Warrant("seoul", F(2), None, None),
)
CHECK = Check("bund", "guns", 0.25, F(3, 4))
CHECKS: tuple[Part, ...] = (CHECK,)
SHIFTS: tuple[Part, ...] = (
    Shift("bund", "weight", "guns", None, F(60), F(50), None, None),
    Shift("bund", "weight", "road", None, F(40), F(50), F(30), F(45)),
    Shift("seoul", "score", "road", "open", F(0), F(5), None, None),
)
ELSEWHERE = {"guns": "held", "road": "open"}
TODAY = {"guns": "held", "road": "closed"}


def reversals(count: int) -> tuple[Part, ...]:
    """Comparisons of one party that turn, and one answer of another."""
    own = [
        Reversal("bund", place, DEAL, "better", "no better than the package", 5.0, ())
        for place in (ELSEWHERE, TODAY, *[ELSEWHERE] * count)[:count]
    ]
    return (*own, Reversal("seoul", TODAY, ELSEWHERE, "worse", "an improvement", -2.0, ()))


RELAXED: tuple[Part, ...] = (
    Relaxation("undo", "guns", "stored", "never"),
    Relaxation("joint", "road", "bund"),
)


def way(lever: Any, parts: tuple[Part, ...], cost: Any, unit: Any, **changes: Any) -> Way:
    """A way that leaves nothing open, unless it is said what."""
    case = changes.pop("case", swap())
    solves, open_ = changes.pop("solves", GOALS), changes.pop("open", ())
    left = Standing(dict.fromkeys(open_, False), {}, ("seoul",))
    text, plain = sentence(case, parts, solves, left, DEAL)
    found = Way(
        lever=lever,
        parts=parts,
        cost=Cost(F(cost), unit),
        solves=solves,
        open=open_,
        outcome=DEAL,
        share=share(620),
        concerns=(),
        text=text,
        plain=plain,
    )
    return replace(found, **changes)


@cache
def ways(*, long: bool = False) -> tuple[Way, ...]:
    """One of each lever and kind of parts, in the order in which they would be ranked."""
    case = swap(long=long)
    some: dict[str, Any] = {"solves": ("acceptable",), "open": ("roadmap", "holds")}
    holds: dict[str, Any] = {"solves": ("holds",), "open": ("acceptable", "roadmap")}
    return (
        way("terms", TERMS, 1, "changes", case=case, share=share(900)),
        way("payments", PAID, F(31, 2), "units", case=case),
        way("payments", ROAD, F(1234, 100), "units", case=case, share=None),
        way("guarantees", WARRANTS, 13, "points", case=case, share=share(1000, certain=True)),
        way("verification", CHECKS, F(1, 2), "chance", case=case, share=share(0), **some),
        way("persuasion", SHIFTS[:2], 10, "weight", case=case, **some),
        way("persuasion", SHIFTS[2:], 5, "points", case=case, **some),
        way("persuasion", reversals(4), 5, "reversals", case=case, share=share(41), **holds),
        way("process", RELAXED, 2, "relaxations", case=case, **holds),
    )


def result(*, long: bool = False, **changes: Any) -> UnlockResult:
    """An answer in which the package is refused by one, and everything is missed."""
    case, every = swap(long=long), ways(long=long)
    found = UnlockResult(
        case=case,
        outcome=DEAL,
        package="swap",
        goals=GOALS,
        levers=LEVERS,
        concept="seq",
        model="discounted",
        standing=Standing(NOT_ALL, {}, ("seoul",)),
        reasons=("The Plain refuses it", "cheating pays", "no order", "somebody would move"),
        ways=every,
        together=Together(every[4:6], DEAL, share(370)),
        bounds=(
            Bound("terms", None, "No change of terms.", "No change of terms."),
            Bound("payments", "acceptable", "No side payments.", "No side payments."),
            Bound("payments", "roadmap", "No side payments.", "No side payments."),
        ),
        checks=(CHECK, Check("seoul", "road", 0.75, F(3, 4))),
        measures=("patrols",),
        samples=1000,
        seed=7,
        definition="What a way is.",
        remarks=("A remark.",),
    )
    return replace(found, **changes)


def shareless(**changes: Any) -> UnlockResult:
    """The same without any share of codings."""
    return result(
        ways=tuple(replace(entry, share=None) for entry in ways()), together=None, **changes
    )
