"""The roadmap in a terminal and as a plan: nothing that was found is left out, and it is true."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.model.aftermath import period_discount
from detente.model.sentences import catalogue, number
from detente.sequencing.answer import (
    Change,
    Deviation,
    Margin,
    Missing,
    Move,
    Need,
    Order,
    Orders,
    Step,
)
from detente.sequencing.roadmap_result import RoadmapResult
from detente.views.roadmap.differences import differences
from detente.views.roadmap.reasons import detection, reasons
from detente.views.roadmap.sentences import missing_text
from detente.views.roadmap.weakest import weakest_text
from detente.views.roadmap.words import coding_text, ends, headline, when_text
from detente.views.tables import frame
from detente.views.terminal.roadmap import ROWS
from roads import (
    NORTH,
    PLAN,
    SOUTH,
    Plan,
    answer,
    failing,
    korea,
    margins_of,
    order_of,
    same_everywhere,
    steps_of,
    two_orders,
    two_sides,
    under,
)
from test_terminal_commitments import flat, lines_of, part

WAYS: dict[Deviation, tuple[str, str]] = {
    "walk away": ("walking away", "by walking away"),
    "withhold": ("keeping back", "by keeping back its part"),
    "cheat": ("cheating", "by cheating unseen"),
    "break out": ("a dash", "by a dash"),
    "renege at the end": ("walking away", "by walking away"),
}


HIDDEN: tuple[Deviation, ...] = ("withhold", "cheat", "break out")
"""Those that are about parts."""


def least_after(result: RoadmapResult, step: int) -> float:
    """From the definition: of all margins at a moment the smallest."""
    return min(entry.margin for entry in result.best.margins if entry.step == step)


def rows_under(text: str, heading: str) -> list[str]:
    """The lines of the table under a heading."""
    match = re.search(rf"^{re.escape(heading)}.*?\n.*?─+\n(.*?)(?:\n\n|\Z)", text, re.S | re.M)
    assert match is not None, heading
    return match[1].splitlines()


def holds_all_of(result: RoadmapResult, text: str) -> None:
    """Every step with its parts, every margin and every remark is told."""
    case, told = result.case, flat(text)
    assert flat(headline(result)) in told
    for step in result.best.steps:
        assert when_text(step) in told
        for move in step.moves:
            words = [*move.parties]
            for name in words:
                assert all(word in told for word in case.party_name(name).split())
            if move.kind == "issue":
                for option in (move.before, move.after):
                    assert all(word in told for word in case.option_name(move.item, option).split())
    assert all(flat(remark) in told for remark in result.remarks)
    if not result.order_matters:
        assert "argin" not in part(text, "One possible order") and "◀" not in told
        return
    assert flat(weakest_text(result)) in told
    rows = rows_under(text, "Margins after each step")
    for step in range(len(result.best.steps) + 1):
        name = "start" if step == 0 else str(step)
        (row,) = [row for row in rows if row.split()[0].rstrip(",") == name]
        assert number(least_after(result, step), signed=True) in row.split()


# the finding


def test_everything_that_was_found_is_told() -> None:
    for result in (answer(), failing(), same_everywhere(), korea()):
        holds_all_of(result, lines_of(result))


def test_an_order_that_holds_is_told_with_its_weakest_moment() -> None:
    told = flat(lines_of(answer()))
    assert "To be reached: “The deal”" in told
    assert (
        "There is an order of steps to “The deal” in which no party ever gains by leaving or "
        "cheating. Its weakest moment comes once everything is done: south would lose 1.8 "
        "points a month by walking away."
    ) in told
    assert (
        "Once everything is done “Heavy weapons” stands at “Destroyed”, which nothing brings "
        "back, while “The embargo” (“Lifted”) could be taken back within 1 month: south would "
        "lose 1.8 points a month by walking away, the least of the whole path."
    ) in told


def test_the_order_is_a_table_with_times_owners_and_margins() -> None:
    text, first = lines_of(answer()), "Resident inspectors: put in place +7.5 The North"
    rows = rows_under(text, "The order, 10 months in all")
    assert rows[0].split() == ["1", "1", "–", *first.split()]
    assert flat(rows[1]).strip() == "The bank Fund in escrow: put in place"
    joint = next(place for place, row in enumerate(rows) if "Liaison offices" in row)
    assert rows[joint].split()[:2] == ["The", "North"] and rows[joint + 1].split()[0] == "south"
    assert flat("".join(rows[-2:])).startswith(" 4 5–10 The North Heavy weapons: In depots →")
    assert rows[-2].endswith("+1.8 south") and rows[-1].endswith("◀ weakest")


def test_margins_stand_in_a_matrix_of_parties_and_moments() -> None:
    rows = [row.split() for row in rows_under(lines_of(answer()), "Margins after each step")]
    assert rows[0] == ["start", "+6", "+9", "walking", "away"]
    assert rows[2] == ["2", "+5", "+11", "walking", "away"]
    assert rows[4] == ["4,", "end", "+13", "+1.8", "walking", "away", "◀"]
    assert "below zero it gains by leaving" in flat(lines_of(answer()))


@pytest.mark.parametrize(
    ("deviation", "parts"),
    [*((way, ()) for way in WAYS), *((way, ("arms",)) for way in HIDDEN)],
)
def test_every_way_to_leave_has_its_words(deviation: Deviation, parts: tuple[str, ...]) -> None:
    steps = two_orders()[0].steps
    step = 4 if deviation == "renege at the end" else 2
    entry = Margin(step, "north", deviation, -2.5, parts)
    plain = [m for m in margins_of(steps, {"north": NORTH, "south": SOUTH}) if m.margin > 0]
    result = replace(answer(), best=order_of(steps, (*plain, entry)), feasible=False)
    told, (way, how) = flat(lines_of(result)), WAYS[deviation]
    when = {"withhold": "in step 2", "renege at the end": "once everything is done"}
    finding = f"In the best one, {when.get(deviation, 'after step 2')}, The North would gain 2.5"
    assert finding in told and how.split(" its part")[0] in told
    rows = rows_under(lines_of(result), "Margins after each step")
    assert any(row.endswith(f"{way} ◀") for row in rows)
    if parts:
        assert "“Heavy weapons”" in headline(result)


def test_keeping_back_is_told_by_what_the_step_brings() -> None:
    steps = two_orders()[0].steps
    entry = Margin(3, "south", "withhold", 0.4, ("embargo",))
    rows = margins_of(steps, {"north": NORTH, "south": SOUTH})
    result = replace(answer(), best=order_of(steps, (*rows, entry)))
    assert weakest_text(result) == (
        "In step 3 south is to bring about “The embargo” (“Lifted”), while the same step brings "
        "“Liaison offices” (“Open in both capitals”): south would lose 0.4 points a month by "
        "keeping back its part, the least of the whole path."
    )
    entry = Margin(4, "north", "withhold", 0.4, ("arms",))
    result = replace(answer(), best=order_of(steps, (*rows, entry)))
    assert weakest_text(result).startswith(
        "In step 4 The North is to bring about “Heavy weapons” (“Destroyed”), which nothing "
        "brings back: The North would lose"
    )


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (failing(), "There is no order of steps to “The deal” in which no party that signs ever"),
        (failing(exact=False, bound=0.5), "was found in which no party that signs ever gains"),
        (failing(exact=False, bound=-0.5), "There is no order of steps to"),
        (same_everywhere(), "“The deal” can be carried out in any order: no party ever gains"),
        (same_everywhere(), "Everything falls back at once when the process collapses."),
        (
            replace(failing(), order_matters=False),
            "In whatever order “The deal” is carried out, at some moment some party gains",
        ),
        (answer(unvalued=("third",)), "in which no party whose scores are known ever gains"),
        (answer(unvalued=("third",)), "Third has no scores: whether it would leave cannot be"),
        (answer(package=None), "There is an order of steps to this outcome"),
        (answer(idle=("inspectors",)), "“Resident inspectors”: put in place on the way, and"),
        (answer(idle=("escrow", "inspectors")), "“Fund in escrow” and “Resident inspectors”: put"),
        (answer(robust=0.9), "may be wrong by up to 0.9 points in either direction"),
        (answer(robust=0.0), "The order holds by a hair"),
    ],
)
def test_what_is_told_in_other_cases(result: RoadmapResult, expected: str) -> None:
    assert expected in flat(lines_of(result))


def test_a_tie_is_neither_gain_nor_loss() -> None:
    steps = two_orders()[0].steps
    rows = {"north": NORTH, "south": (*SOUTH[:4], 0.0)}
    result = replace(answer(), best=order_of(steps, margins_of(steps, rows)))
    assert "south would neither gain nor lose by walking away" in headline(result)
    rows["south"] = (*SOUTH[:4], -0.0004)
    result = replace(answer(), best=order_of(steps, margins_of(steps, rows)), feasible=False)
    assert "would gain next to nothing by walking away, but something" in headline(result)
    assert headline(result).startswith("There is no order")


def test_other_codings_count_for_the_finding() -> None:
    firm = answer()
    result = replace(
        firm,
        variants=(under(firm, "second coding", -0.5), under(firm, "heirs", 1.25)),
        feasible=False,
    )
    told = flat(lines_of(result))
    assert "whichever of the three codings is right. In the best one, after step 2, under" in told
    assert "“second coding”, The North would gain 0.5 points a month" in told
    assert "• Under “second coding” it does not hold; after step 2, The North would gain" in told
    assert (
        "• Under “heirs” it holds; at the weakest moment, after step 2, The North would lose 1.3"
        in told
    )
    result = replace(firm, variants=(under(firm, "heirs", 1.5),))
    assert "under “heirs”: The North would lose 1.5 points" in headline(result)


def test_an_end_of_a_driver_is_called_by_the_driver() -> None:
    case = two_sides(
        drivers={"rain": {"name": "Rain", "range": [60, 130], "unit": "mm", "likely": 95}}
    )
    firm = answer(case)
    result = replace(firm, variants=(under(firm, "rain=60", 1.5), under(firm, "rain=x", 1.6)))
    assert "under “Rain: 60”: The North would lose 1.5 points" in headline(result)
    assert "• Under “Rain: 60 (mm)” it holds" in lines_of(result)
    assert coding_text(two_sides(), "rain=60") == "rain=60"


# what the finding rests on


def test_orders_the_ceiling_and_the_own_order_are_told() -> None:
    told = part(lines_of(answer()), "All orders")
    assert "There are 75 orders." in told and "lie between −9.8 and +1.8 points a month" in told
    assert "Of these, twelve hold, and three are as strong as the end." in told
    assert "once everything is done, south would lose 1.8 points" in told
    assert "The best order is nowhere weaker." in told
    sampled = answer(orders=Orders(1e30, 10_000, 10_000, 0, -3.0), ceiling=4.0)
    told = part(lines_of(sampled), "All orders")
    assert "There are about 1.0 × 10^30 orders." in told
    assert "Of 10,000 drawn at random, all hold, and none is as strong as the end." in told
    assert "Before the end even the best order is weaker." in told
    best, other = two_orders()
    told = part(lines_of(answer(own=other)), "All orders")
    assert "does not hold: after step 3, The North would gain 3.3 points" in told
    assert "The best order has +1.8 where this one has −3.3." in told
    assert "No order is better." in part(lines_of(answer(own=best)), "All orders")


def test_taking_a_part_elsewhere_is_told_dearest_first() -> None:
    told = part(lines_of(answer()), "What it would cost to take a part elsewhere")
    assert "“The embargo” after “Heavy weapons: Destroyed”: the order would no longer" in told
    assert "the weakest moment goes from +1.8 to −3.3 (The North, by walking away)" in told
    within = part(lines_of(answer(shifts=())), "What it would cost to take a part elsewhere")
    assert "costs less than 0.05 points a month: within a hair nothing." in within


def test_other_orders_are_told_by_what_stands_elsewhere() -> None:
    told = part(lines_of(answer()), "Other orders")
    assert "• “The embargo” after step 4 instead of in step 3; “Liaison offices” after" in told
    assert "Weakest moment −3.3: The North would leave after step 3; 11 months in all." in told
    many = answer(alternatives=(two_orders()[1],) * 5)
    assert "… and 2 more; --json has all" in part(lines_of(many), "Other orders")
    other = steps_of(
        two_sides(), (("arms=gone", "line=open", "inspectors", "escrow"), ("embargo=lifted",))
    )
    rows = margins_of(other, {"north": NORTH[:3], "south": SOUTH[:3]})
    short = answer(alternatives=(order_of(other, rows),))
    told = part(lines_of(short), "Other orders")
    assert "Heavy weapons + Liaison offices + Resident inspectors + Fund in escrow → The em" in told


def by_definition(known: Order, other: Order, moved: set[str]) -> bool:
    """Whether all parts but some follow each other in the same way in two orders."""
    places: list[dict[str, int]] = [
        {m.item: n for n, step in enumerate(order.steps) for m in step.moves}
        for order in (known, other)
    ]
    rest = [name for name in places[0] if name not in moved]

    def sign(number: int) -> int:
        return (number > 0) - (number < 0)

    return all(
        sign(places[0][a] - places[0][b]) == sign(places[1][a] - places[1][b])
        for a in rest
        for b in rest
    )


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Any order of a few parts."""
    names = draw(st.permutations(["a", "b", "c", "d", "e"]))
    cuts = draw(st.lists(st.booleans(), min_size=4, max_size=4))
    steps: list[list[str]] = [[names[0]]]
    for name, cut in zip(names[1:], cuts, strict=True):
        if cut:
            steps.append([name])
        else:
            steps[-1].append(name)
    moves = [tuple(Move(name, "measure", None, None, (), 1) for name in step) for step in steps]
    made = tuple(Step(step, place, 1, {}) for place, step in enumerate(moves))
    return order_of(made, (Margin(0, "x", "walk away", 1.0),))


@settings(max_examples=150, deadline=None)
@given(orders(), orders())
def test_what_stands_elsewhere_is_all_that_differs(known: Order, other: Order) -> None:
    found = differences(known, other)
    assert found is not None
    moved = {entry.move.item for entry in found}
    assert by_definition(known, other, moved)
    assert not moved or not by_definition(known, other, set())
    steps = {m.item: n for n, step in enumerate(known.steps, 1) for m in step.moves}
    places = {m.item: n for n, step in enumerate(other.steps, 1) for m in step.moves}
    for entry in found:
        name, rest = entry.move.item, [item for item in steps if item not in moved]
        assert entry.step == steps[name]
        together = {steps[item] for item in rest if places[item] == places[name]}
        assert together == ({entry.alongside} if entry.alongside is not None else set())
        before = [steps[item] for item in rest if places[item] < places[name]]
        assert entry.after == max(before, default=0)
    assert len(moved) < 5
    assert differences(known, replace(other, steps=other.steps[1:])) is None


def test_what_is_missing_is_told_in_plain_words() -> None:
    told = part(lines_of(failing()), "What would make an order work, each by itself")
    for expected in (
        "A guarantee against south alone: if it lets the process collapse, it loses 9.8 points",
        "A guarantee against all alike: whoever lets the process collapse loses 9.8 points",
        "Detection alone would not be enough, even if every covert violation were found",
        "A larger share for south alone: 12.5 points a month more, from the first step on",
        "“The embargo” (“Lifted”) made so that it takes 24 months to take back. The weakest "
        "moment would then be +0.4 points a month.",
        "“Heavy weapons” brought only to “In depots”.",
        "“Heavy weapons” brought to “Destroyed” in two halves.",
    ):
        assert expected in told
    nothing = Missing(
        guarantee=Need(None, None, ()),
        guarantees=(),
        detection=0.4,
        gains=(),
        changes=(Change("undo", "arms", "gone", "never", -2.0),),
    )
    told = " ".join(missing_text(failing(missing=nothing)))
    assert "No guarantee would be enough, however large." in told
    assert "every covert violation found with a chance of at least 40 % a month" in told
    assert "No single change is enough. What comes closest: “Heavy weapons” (“Destroyed”)" in told
    assert "made so that nothing brings it back; the weakest moment would then be −2 points" in told
    assert not missing_text(answer())
    changes = (
        Change("stop short", "embargo", "full", None, 0.5),
        Change("undo", "arms", "gone", 0, 0.4),
    )
    told = " ".join(missing_text(failing(missing=replace(nothing, changes=changes))))
    assert "A single change: “The embargo” left as it is today." in told
    assert "“Heavy weapons” (“Destroyed”) made so that it can be taken back at once." in told
    many = failing(missing=replace(nothing, changes=changes * 9))
    told = flat(part(lines_of(many), "What would make an order work, each by itself"))
    assert "more single changes would be enough." in told


# why the weakest moment is weak


def test_reasons_follow_from_values_and_undo_times() -> None:
    result = answer()
    discount = period_discount(result.case, "south")
    kept, back = reasons(result, result.binding)
    assert (kept.kind, kept.issue, kept.undo) == ("kept", "arms", "never")
    assert kept.weight == pytest.approx(40)
    assert (back.kind, back.issue, back.undo) == ("back", "embargo", 1)
    assert back.weight == pytest.approx(15 * discount)
    early = Margin(2, "north", "walk away", 1.0)
    assert [(r.kind, r.issue, r.option) for r in reasons(result, early)] == [
        ("ahead", "arms", "gone")
    ]
    result = replace(result, best=order_of(result.best.steps, (early,)))
    assert weakest_text(result).startswith(
        "After step 2 “Heavy weapons” is still to go to “Destroyed”, which nothing would bring "
        "back: The North would lose 1 point a month by walking away"
    )


def test_reasons_of_a_party_that_would_go_to_war() -> None:
    war = {"base": 20, "scores": {"arms": {"gone": 12, "held": 0, "stored": 3}}}
    case = two_sides(parties={"north": {}, "south": {"breakdown": war}, "third": {"signs": False}})
    (found,) = reasons(answer(case), answer(case).binding)
    assert (found.kind, found.issue, found.weight) == ("war", "arms", 12)
    assert "which makes a breakdown less bad for it: south would lose" in weakest_text(answer(case))


def test_what_is_hidden_is_told_with_the_chance_to_find_it() -> None:
    steps = two_orders()[0].steps
    rows = margins_of(steps, {"north": NORTH, "south": SOUTH})
    entry = Margin(2, "north", "cheat", 0.4, ("depot",))
    result = replace(answer(), best=order_of(steps, (*rows, entry)))
    assert detection(result, entry) == pytest.approx(0.2)
    assert weakest_text(result) == (
        "After step 2 “A hidden depot” would be found with a chance of 20 % a month: The North "
        "would lose 0.4 points a month by cheating unseen, the least of the whole path."
    )
    late = steps_of(two_sides(), (("arms=stored",), ("inspectors",), *PLAN[2:]))
    entry = Margin(1, "north", "break out", -0.4, ("depot",))
    result = replace(answer(), best=order_of(late, (*rows, entry)), feasible=False)
    assert detection(result, entry) == 0
    assert weakest_text(result).startswith("After step 1 nothing would find “A hidden depot”: The")
    assert detection(result, replace(entry, parts=("arms",))) is None


def test_without_values_no_reason_is_invented() -> None:
    case = two_sides(values={})
    assert reasons(answer(case), answer(case).binding) == ()
    assert weakest_text(answer(case)) == (
        "Once everything is done, south would lose 1.8 points a month by walking away, the least "
        "of the whole path."
    )


# anything


MARGINS = st.floats(-60, 60).map(lambda x: round(x, 3))
PLANS: st.SearchStrategy[Plan] = st.sampled_from(
    [
        PLAN,
        (("arms=gone", "embargo=lifted", "line=open"),),
        (("line=open",), ("embargo=lifted",), ("arms=stored", "inspectors"), ("arms=gone",)),
    ]
)


@st.composite
def roads(draw: st.DrawFn) -> RoadmapResult:
    """An order with any margins, and further ones of any kind."""
    steps = steps_of(two_sides(), draw(PLANS))
    moments = len(steps) + 1
    rows = {
        party: draw(st.lists(MARGINS, min_size=moments, max_size=moments))
        for party in ("north", "south")
    }
    more = draw(
        st.lists(
            st.builds(
                Margin,
                st.integers(1, len(steps)),
                st.sampled_from(["north", "south"]),
                st.sampled_from(["withhold", "cheat", "break out"]),
                MARGINS,
                st.sampled_from([(), ("arms",), ("arms", "depot")]),
            ),
            max_size=4,
        )
    )
    best = order_of(steps, margins_of(steps, rows, *more))
    base = answer if best.margin >= 0 else failing
    return base(best=best, feasible=best.margin >= 0, ceiling=best.margin + draw(st.floats(0, 9)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(roads())
def test_any_answer_can_be_shown(result: RoadmapResult) -> None:
    text = lines_of(result)
    holds_all_of(result, text)
    marked = [row for row in rows_under(text, "Margins after each step") if "◀" in row]
    assert len(marked) == 1
    weakest = min(entry.margin for entry in result.best.margins)
    assert number(weakest, signed=True) in marked[0].split()
    verdict = "There is an order" if weakest >= 0 else "There is no order"
    assert flat(verdict) in flat(text)
    assert ("What would make an order work" in text) == (weakest < 0)
    rows = frame(result)
    assert len(rows) == sum(len(step.moves) for step in result.best.steps)
    for step, margin in zip(rows["step"], rows["margin"], strict=True):
        assert margin == least_after(result, step)


# as a plan


def test_the_plan_has_one_row_a_part() -> None:
    rows = frame(answer())
    assert list(rows.columns) == [
        *("step", "start", "end", "item", "kind", "from", "to", "parties", "takes"),
        *("weakest party after it", "margin"),
    ]
    last = rows.iloc[-1].to_dict()
    assert last == {
        **{"step": 4, "start": 4, "end": 10, "item": "arms", "kind": "issue", "from": "stored"},
        **{"to": "gone", "parties": "north", "takes": 6},
        **{"weakest party after it": "south", "margin": 1.8},
    }
    joint = rows[rows["item"] == "line"].iloc[0]
    assert (joint["start"], joint["end"], joint["parties"]) == (2, 3, "north, south")
    placed = rows[rows["kind"] != "issue"]
    assert list(placed["to"]) == ["in_place"] * 2 and list(placed["from"]) == ["", ""]


def test_times_add_up() -> None:
    order = korea().best
    assert ends(order)[0] == 0 and ends(order)[-1] == order.length
    assert [when_text(step) for step in order.steps[:4]] == ["1", "2", "3", "4–5"]
    move = Move("arms", "issue", "held", "gone", ("north",), 1200)
    assert when_text(Step((move,), 11, 1200, {})) == "12–1,211"


def test_nothing_is_called_likely_or_recommended() -> None:
    texts = [
        text
        for key, text in catalogue().items()
        if "roadmap" in key.split(".") and "stress" not in key.split(".")
    ]
    assert len(texts) > 100
    for word in ("odds", "recommend", "optimal", "likely", "probabl"):
        assert not any(word in text.lower() for text in texts)


def test_of_very_many_parts_the_first_are_told_and_the_rest_is_counted() -> None:
    step = two_orders()[0].steps[0]
    steps = tuple(replace(step, start=place) for place in range(ROWS))
    row = [5.0] * (ROWS + 1)
    long = replace(answer(), best=order_of(steps, margins_of(steps, {"north": row})))
    told = part(lines_of(long), "The order")
    assert f"… and {len(frame(long)) - ROWS} more; --out FILE.csv has all" in told
