"""The brief's sections on verification and confidence, as parts and as a page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from briefs import Element, Shared, in_full, read
from detente.model.aftermath import YEARS
from detente.model.sentences import number
from detente.verification.verify_result import VerifyResult
from detente.verification.wording import chance
from detente.views.brief import confidence, verification
from detente.views.brief.confidence import EVEN, SPAN, paths
from detente.views.brief.context import MEDIATOR, Context
from detente.views.brief.gathering import gather
from detente.views.verification import cheat_text, needed_text, tempted, verdict_text
from detente.views.verification_sentences import party_text
from test_brief_text import section, told
from verified import BLIND, CHOICE, DEPOT, HELD, answer, incentives, one_party, two_sides

CASES = ("korea", "river")
KEYS = ("verification", "confidence")


@pytest.fixture(scope="module")
def briefs(shared: Shared) -> dict[str, Any]:
    return {name: shared.brief(name) for name in CASES}


@pytest.fixture(scope="module")
def contexts(shared: Shared) -> dict[str, Context]:
    return {name: shared.context(name) for name in CASES}


@pytest.fixture(scope="module")
def ours(shared: Shared) -> Context:
    """A context into which answers written by hand are put."""
    return shared.context("two_sides")


def put(context: Context, result: VerifyResult, audience: str | None = None) -> Context:
    letter = context.packages[0].letter
    return replace(context, verifications={letter: result}, audience=audience)


def everything(part: Any) -> str:
    """All that a section says or draws, but for numbers of pixels."""
    pictures = [part.picture] if part.picture else []
    pictures += [b for f in part.fold_outs for b in f.blocks if hasattr(b, "wide")]
    drawn = (re.sub(r"<[^>]*>", " ", f"{p.wide} {p.narrow} {p.title} {p.note}") for p in pictures)
    plain = replace(
        part,
        fold_outs=tuple(
            replace(f, blocks=tuple(b for b in f.blocks if not hasattr(b, "wide")))
            for f in part.fold_outs
        ),
    )
    rows = part.table.rows if part.table else ()
    cells = [cell.text for row in rows for cell in (row.header, *row.cells)]
    return "\n".join([told(plain), *drawn, *cells])


# which packages are examined


@pytest.mark.parametrize("name", CASES)
def test_all_packages_are_examined(contexts: dict[str, Context], name: str) -> None:
    context = contexts[name]
    assert list(context.verifications) == [shown.letter for shown in context.packages] != []
    for shown in context.packages:
        if shown.letter in context.verifications:
            found = context.verifications[shown.letter]
            assert dict(found.outcome) == dict(shown.view.outcome)


def test_without_verification_there_is_nothing_to_tell() -> None:
    bare = gather(two_sides(verification=None, violations={}))
    assert [shown.view.acceptable for shown in bare.packages] == [True] and not bare.verifications
    assert verification.section(bare) is None and confidence.section(bare) is None
    assert set(bare.unasked["verify"]) == {shown.letter for shown in bare.packages}


# what is told


@pytest.mark.parametrize("name", CASES)
def test_the_finding_comes_first(
    briefs: dict[str, Any], contexts: dict[str, Context], name: str
) -> None:
    found = section(briefs[name], "verification")
    shown = contexts[name].main
    assert shown is not None
    main, package = contexts[name].verifications[shown.letter], f"“{shown.name}”"
    assert found.headline == verdict_text(main, package) and package in found.headline
    for part in tempted(main):
        assert party_text(main, part) in found.paragraphs
    others = {k: v for k, v in contexts[name].verifications.items() if k != shown.letter}
    for other, result in others.items():
        package = next(f"“{s.name}”" for s in contexts[name].packages if s.letter == other)
        assert verdict_text(result, package) in "\n".join(found.paragraphs)
    keys = [part.key for part in briefs[name].sections]
    assert keys.index("verification") + 1 == keys.index("confidence") < keys.index("assumptions")


@pytest.mark.parametrize("name", CASES)
def test_every_way_to_cheat_stands_in_a_table(
    briefs: dict[str, Any], contexts: dict[str, Context], name: str
) -> None:
    found, context = section(briefs[name], "verification"), contexts[name]
    assert context.main is not None
    result = context.verifications[context.main.letter]
    rows = [row for row in in_full(found)[0].rows if row.cells]
    ways = [entry for part in tempted(result) for entry in part.temptations]
    assert [row.header.text for row in rows] == [cheat_text(result.case, w) for w in ways] != []
    for row, way in zip(rows, ways, strict=True):
        seen, needs, _ = row.cells
        assert (seen.text, needs.text) == (chance(way.detection), needed_text(way))
        assert needs.sign == {True: "✓", False: "✗", None: "?"}[way.deterred]
        assert needs.spoken in ("deterred", "pays", "not known")
        lines = " ".join(row.header.lines)
        assert ("not listed in the case" in lines) == way.generated
        assert ("prize after" in lines) == (way.dash is not None)
        assert "brings it" not in lines  # nobody's gains are open here


def test_measures_stand_with_their_cost_the_cheapest_first(
    briefs: dict[str, Any], contexts: dict[str, Context]
) -> None:
    for name in CASES:
        found, case = section(briefs[name], "verification"), contexts[name].case
        main = verification.main_of(contexts[name], contexts[name].verifications)[1]
        chosen = main.choice.chosen
        names = {case.measure_name(m): m for m in case.verification.measures}
        rows = [(row.header, row.cells) for row in found.table.rows]
        signs = [header.sign for header, _ in rows]
        assert signs == sorted(signs, key="✓–".index)
        taken = [names[header.text] for header, _ in rows if header.sign == "✓"]
        assert taken == [m for m in case.verification.measures if m in chosen.measures]
        for header, (_, cost, alarms) in rows:
            stated = case.verification.measures[names[header.text]]
            assert cost.text == ("–" if stated.cost is None else number(stated.cost.point))
            assert alarms.text == chance(float(stated.false_alarm or 0))
        text = told(found)
        others = [n for n in names if n not in [header.text for header, _ in rows]]
        assert all(n in text for n in others)
        assert "recommend" not in text.lower()


def test_threats_that_nobody_would_carry_out_are_named(
    briefs: dict[str, Any], contexts: dict[str, Context]
) -> None:
    found = section(briefs["korea"], "verification")
    main = verification.main_of(contexts["korea"], contexts["korea"].verifications)[1]
    weak = [main.case.issue_name(r.issue) for r in main.restoring if r.credible is False]
    assert weak and all(f"“{issue}”" in found.remarks[-1] for issue in weak)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (answer(), "The North would gain by “A hidden depot”. It would be found with"),
        (answer(), "it would take a chance of 33 % to deter it"),
        (answer(), "sooner than that: the chance to find it in time is only 57 %"),
        (answer(), "It would never be found; no chance of being found would deter it."),
        (answer(), "South would also gain by leaving openly."),
        (answer(), "Whether Third would gain by cheating is not known. What is seen least"),
        (one_party(), "The North would not gain by cheating. What comes closest, “Heavy"),
        (one_party(), "it would not pay even if it were never found."),
        (
            answer(
                parties={
                    "north": incentives(
                        *("north", HELD, replace(DEPOT, margin=0.5, dash=None)), margin=-1.0
                    )
                },
            ),
            "by any of its ways to cheat alone, but by “Heavy weapons” and “A hidden depot”",
        ),
        (
            answer(parties={"north": incentives("north", HELD, replace(DEPOT, dash=None))}),
            "it would take a chance of 25 % to deter it",
        ),
    ],
)
def test_a_party_in_sentences(ours: Context, result: VerifyResult, expected: str) -> None:
    result = replace(
        result,
        parties={
            name: replace(
                part,
                temptations=tuple(
                    replace(t, expected_time=30.0) if t.dash else t for t in part.temptations
                ),
            )
            for name, part in result.parties.items()
        },
    )
    assert expected in told(verification.section(put(ours, result)))


# what may be seen by whom


@pytest.mark.parametrize("audience", [None, "north", MEDIATOR])
def test_gains_and_stakes_are_shown_to_their_owners_only(
    ours: Context, audience: str | None
) -> None:
    context = put(ours, answer(), audience)
    text = everything(verification.section(context)) + everything(confidence.section(context))
    assert ("brings it 20 a month" in text) == (audience is not None)
    assert ("brings it 10 a month" in text) == (audience == MEDIATOR)
    assert ("keeps it: 54.5" in text) == (audience is not None)
    assert ("cheats: 57.8" in text) == (audience == MEDIATOR)  # the South's
    for private in ("55.3", "0.985", "210"):  # compliance, patience, the stake
        assert private not in text
    assert "33 %" in text and "none would do" in text  # what deters is for everybody


@pytest.mark.parametrize("name", CASES)
def test_a_page_for_everybody_holds_no_margin(briefs: dict[str, Any], name: str) -> None:
    found = [everything(section(briefs[name], key)) for key in KEYS]
    for word in ("keeps it:", "cheats:", "leaves:", "margin", "brings it"):
        assert not any(word in text for text in found)


# confidence


def by_hand(trust: Any, result: VerifyResult) -> list[float]:
    """Bayes' rule with a lapse before each period, in plain words."""
    assert result.choice.chosen is not None
    wrong, kept = result.choice.chosen.false_alarm, EVEN
    lapse = 1 - (1 - trust.turnover) ** YEARS[result.period]
    found = [kept]
    for _ in range(round(SPAN / YEARS[result.period])):
        kept *= 1 - lapse
        clean, hidden = kept * (1 - wrong), (1 - kept) * (1 - trust.alarm)
        kept = clean / (clean + hidden)
        found.append(kept)
    return found


@pytest.mark.parametrize("name", CASES)
def test_confidence_follows_bayes_for_what_is_seen_least(
    contexts: dict[str, Context], name: str
) -> None:
    main = next(iter(contexts[name].verifications.values()))
    found = list(paths(main))
    assert [trust.party for trust in found] == [part.party for part in tempted(main)]
    chosen = main.choice.chosen
    look = main.case.verification.second_look
    keeps = float(look.keeps_true) if look else 1.0
    for trust, part in zip(found, tempted(main), strict=True):
        seen = []
        for entry in part.temptations:
            missed = 1.0
            for measure in chosen.measures:
                missed *= 1 - entry.seen_by.get(measure, 0.0)
            seen.append(keeps * (1 - missed))
        assert trust.seen == pytest.approx(min(seen))
        assert 1 - trust.alarm == pytest.approx((1 - chosen.false_alarm) * (1 - trust.seen))
        assert list(trust.confidence) == pytest.approx(by_hand(trust, main))
        if trust.ceiling is not None:
            limit = max(trust.ceiling, EVEN)
            assert all(value <= limit + 1e-9 for value in trust.confidence)
        stated = main.case.parties[trust.party].turnover
        assert trust.turnover == (float(stated) if stated else 0.0)


def test_the_headline_is_about_the_least_sure_party(ours: Context) -> None:
    result = answer(unvalued={})
    found = confidence.section(put(ours, result))
    ends = {trust.party: trust.confidence[-1] for trust in paths(result)}
    least = min(ends, key=lambda party: ends[party])
    assert least == "south"  # what nobody sees
    assert found.headline.startswith("No record without alarms would tell whether south keeps")
    assert all(chance(end) in "\n".join(found.remarks) for end in ends.values())
    assert not any("An alarm after" in text for text in found.paragraphs)
    seen = confidence.section(put(ours, one_party()))
    (trust,) = paths(one_party())
    assert f"from even to {chance(trust.confidence[-1])}" in seen.headline
    alarm = next(text for text in seen.paragraphs if text.startswith("An alarm after five"))
    assert "with a chance of only" in alarm


def test_a_change_of_government_sets_a_ceiling(ours: Context) -> None:
    case = two_sides(
        parties={"north": {"name": "The North", "turnover": 0.2}, "south": {}, "third": {}}
    )
    result = replace(one_party(), case=case)
    (trust,) = paths(result)
    assert trust.ceiling is not None and trust.ceiling < 1
    found = confidence.section(put(ours, result))
    assert "a change of government, 20 % a year, is taken as" in found.remarks[0]
    assert chance(trust.ceiling) in everything(found)


def test_without_chosen_measures_there_is_no_curve(ours: Context) -> None:
    nothing = answer(choice=replace(CHOICE, chosen=None))
    assert confidence.section(put(ours, nothing)) is None
    assert verification.section(put(ours, nothing)) is not None


def test_of_parties_without_values_only_what_is_seen_is_told(ours: Context) -> None:
    result = answer(parties={}, enforceable=None, choice=replace(CHOICE, chosen=None))
    found = verification.section(put(ours, result, MEDIATOR))
    assert found.headline.startswith("How well cheating on")
    assert found.picture.title.startswith("How well cheating on")
    text = everything(found)
    assert BLIND.name in text and "Which of the measures deter cannot be said" in text


# as a page


@pytest.mark.parametrize("name", CASES)
def test_the_page_is_sound(briefs: dict[str, Any], name: str) -> None:
    page: Element = read(briefs[name].html)
    assert "{" not in "".join(told(section(briefs[name], key)) for key in KEYS)
    names = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
    assert len(names) == len(set(names))
    for key in KEYS:
        part = next(s for s in page.all("section") if s.attributes.get("id") == key)
        assert part.all("h2")[0].text.endswith(".")
        assert part.all("svg") and all(p.all("desc")[0].text for p in part.all("svg"))


def test_a_mediators_page_draws_the_stakes(shared: Shared) -> None:
    page = read(shared.brief("river", MEDIATOR).html)
    part = next(s for s in page.all("section") if s.attributes.get("id") == "verification")
    drawn = [d for d in part.all("details") if d.all("figure")]
    assert [d.all("summary")[0].text for d in drawn] == ["In full"]
    assert "keeps it:" in drawn[0].text and "own scale" in drawn[0].text
