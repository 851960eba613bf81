"""The brief: a sound page, true sentences, and nobody's private numbers."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import detente
from briefs import PRIVATE, Element, Shared, read
from by_definition import ByDefinition
from detente.agreement.packages.package import examine
from detente.case.errors import CaseError
from detente.case.numbers import show
from detente.model.compilation import compile_case
from detente.model.sentences import listed, number
from detente.views.brief.interests import order, stakes, values_of
from detente.views.packages import MOST, select, whole_packages
from strategies import cases


@pytest.fixture(scope="module")
def korea(shared: Shared) -> Any:
    return shared.brief("korea")


@pytest.fixture(scope="module")
def page(korea: Any) -> Element:
    return read(korea.html)


def secrets(case: Any) -> dict[str, set[str]]:
    """By party: its walk-aways, weights, stakes and margins, in the ways they could be shown."""
    model = compile_case(case)
    outcomes = list(whole_packages(case).values())
    outcomes += [p.outcomes[0].outcome for p in detente.agree(case).solutions.values()]
    found: dict[str, set[str]] = {name: set() for name in case.parties}
    owners = [n for p in case.parties for n in (p, *(f"{p}.{k}" for k in case.parties[p].factions))]
    for owner in owners:
        party, _, faction = owner.partition(".")
        entry = case.parties[party]
        walk_away = (entry.factions[faction] if faction else entry).walk_away.number
        values = values_of(case, owner)
        stated = [walk_away, *(values.weights or {}).values()]
        amounts = [x for n in stated for x in (n.point, n.low, n.high) if x is not None]
        amounts += (stakes(case, owner) or {}).values()
        for outcome in outcomes:
            view = examine(model, outcome, None)
            amounts += [abs(view.gains[owner]), view.values[owner]]
        texts = {text for amount in amounts for text in (show(amount), number(amount))}
        found[party] |= {text for text in texts if re.fullmatch(r"\d+\.\d+", text)}
    return found


def shown(page: Element) -> str:
    """All that a reader or a screen reader gets: text, titles and labels, no coordinates."""
    body = next(iter(page.all("body")))
    labels = [
        value
        for element in body.walk()
        for key, value in element.attributes.items()
        if key in ("title", "aria-label", "alt") and value
    ]
    return " ".join([body.text, *labels])


def leaks(text: str, numbers: set[str]) -> set[str]:
    return {n for n in numbers if re.search(rf"(?<![\d.,]){re.escape(n)}(?![\d])", text)}


# The page


def test_nothing_is_loaded_from_anywhere(korea: Any, page: Element) -> None:
    assert not page.all("script", "iframe", "object", "embed", "img", "base", "form")
    for element in page.all("link", "source", "use", "image"):
        for key in ("href", "src", "xlink:href"):
            assert (element.attributes.get(key) or "data:").startswith(("data:", "#"))
    style = "".join(re.findall(r"<style>(.*?)</style>", korea.html, re.S))
    assert "@import" not in style
    assert all(source.startswith("data:") for source in re.findall(r"url\(([^)]*)\)", style))
    assert "style=" not in re.sub(
        r'style="(color:var\(--party-\d\)|--share:[\d.]+)"', "", korea.html
    )


def test_identifiers_are_unique_and_links_arrive(page: Element) -> None:
    names = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
    assert len(names) == len(set(names))
    for element in page.walk():
        target = element.attributes.get("href") or ""
        if target.startswith("#"):
            assert target[1:] in names
        for key in ("aria-labelledby", "aria-describedby"):
            for name in (element.attributes.get(key) or "").split():
                assert name in names


def test_headings_nest_and_every_section_has_one(page: Element) -> None:
    headings = page.all("h1", "h2", "h3", "h4", "h5", "h6")
    levels = [int(heading.tag[1]) for heading in headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    for section in page.all("section"):
        assert len(section.all("h2")) == 1
        assert section.all("h2")[0].text.endswith(".")
    bar = [link.attributes["href"] for link in page.all("nav")[0].all("a")]
    assert bar == [f"#{section.attributes['id']}" for section in page.all("section")]
    assert page.all("html")[0].attributes["lang"] == "en"
    first = next(e for e in page.all("body")[0].walk() if e.tag == "a")
    assert first.attributes["href"] == f"#{page.all('main')[0].attributes['id']}"


def test_tables_say_what_their_rows_and_columns_are(page: Element) -> None:
    assert len(page.all("table")) >= 6
    for table in page.all("table"):
        assert table.all("caption")[0].text
        scopes = {"col", "row", "rowgroup"}
        assert all(cell.attributes.get("scope") in scopes for cell in table.all("th"))
        widths = set()
        for row in table.all("tr"):
            cells = row.all("th", "td")
            assert cells[0].tag == "th"
            widths.add(sum(int(cell.attributes.get("colspan") or 1) for cell in cells))
        assert len(widths) == 1
        for sign in table.with_class("sign"):
            if sign.attributes.get("aria-hidden"):  # a mark alone must be spoken
                assert sign.parent is not None and sign.parent.with_class("spoken")[0].text


def test_pictures_have_titles_and_descriptions(page: Element) -> None:
    pictures = page.all("svg")
    # what could be signed, text, record, hold, verification, confidence, roadmap, shares, turns,
    # years: wide and narrow
    assert len(pictures) == 20
    for picture in pictures:
        assert picture.attributes["role"] == "img"
        assert picture.all("title")[0].text and picture.all("desc")[0].text
        inner = [e for e in picture.walk() if e is not picture]
        assert not any("aria-label" in e.attributes for e in inner)
        # Shares of codings and histories are those of the agreement, not of a party; and no
        # party's own number is drawn on a page for everybody.
        if (
            not picture.all("title")[0]
            .attributes["id"]
            .startswith(("stress", "tornado", "survival"))
        ):
            assert "United States" in picture.all("desc")[0].text
            assert "var(--party-1)" in {e.attributes.get("fill") for e in inner}
    assert all("most to the least" in picture.all("desc")[0].text for picture in pictures[:2])


def test_colours_of_charts_follow_the_page(korea: Any) -> None:
    for picture in re.findall(r"<svg.*?</svg>", korea.html, re.S):
        assert not re.search(r"#[0-9a-fA-F]{6}", picture)


def test_the_page_is_small(korea: Any) -> None:
    assert len(korea.html.encode()) < 1_000_000


def test_what_a_person_wrote_is_text_and_never_markup() -> None:
    case = detente.load({**PRIVATE, "title": "Ende </style><script>alert(1)</script> 북한"})
    found = detente.brief(case)
    page = read(found.html)
    assert not page.all("script")
    assert page.all("h1")[0].text == "Ende </style><script>alert(1)</script> 북한"
    assert "북한" in shown(page) and "Alfa & Söhne <b>" in shown(page)
    assert "Only for <those>" in page.with_class("label")[0].text


# Who may see what


@pytest.mark.parametrize("form", ["html", "markdown"])
@pytest.mark.parametrize("audience", [None, "alpha", "beta", "gamma", "mediator"])
def test_private_numbers_stay_with_those_who_may_see_them(
    shared: Shared, audience: str | None, form: str
) -> None:
    made = shared.brief("private", audience)
    text = shown(read(made.html)) if form == "html" else made.markdown
    everything = shared.once("secrets", lambda: secrets(made.case))
    assert all(len(numbers) > 6 for numbers in everything.values())
    for party, numbers in everything.items():
        if audience not in (party, "mediator"):
            others = set().union(*(everything[p] for p in everything if p == audience))
            assert not leaks(text, numbers - others)
    if audience is not None:
        for party in everything if audience == "mediator" else [audience]:
            weights = {
                number(stake) for stake in (stakes(made.case, party) or {}).values() if stake
            }
            assert weights and leaks(text, weights) == weights
    if audience in ("alpha", "mediator"):
        assert leaks(text, {"43.7"}) and leaks(text, {"71.8"})


def test_the_picture_of_a_closed_copy_tells_no_walk_away(shared: Shared) -> None:
    case = detente.load(PRIVATE)
    closed, own = (read(shared.brief("private", a).html) for a in (None, "alpha"))
    assert not any("no deal" in picture.text for picture in closed.all("svg"))
    zone = next(s for s in own.all("section") if s.attributes["id"] == "zone")
    assert all(picture.text.count("no deal") == 1 for picture in zone.all("svg"))
    key = closed.with_class("key")[0].text
    assert "Everything" not in key and "Half" in key  # a refused package has no place there
    letters = {e.text[2:]: e.text[0] for e in own.with_class("key")[0].all("span")}
    for picture in zone.all("svg"):
        drawn = [text.text for text in picture.all("text")]
        assert drawn.count(letters["Everything"]) == 1  # refused: on its own line only
        assert drawn.count(letters["Half"]) == len(case.parties)


def test_copies_say_for_whom_they_are(shared: Shared) -> None:
    labels = {a: shared.brief("private", a).html for a in (None, "beta", "mediator")}
    assert "are shown in this copy" in labels[None]
    assert "for 북한 only" in labels["beta"] and "for the mediator only" not in labels["beta"]
    assert "for the mediator only" in labels["mediator"]


def test_overlays_are_told_without_private_numbers() -> None:
    overlay = {
        "title": "Another reading",
        "parties": {"alpha": {"walk_away": 45.19}, "beta": {"about": "Newly described"}},
        "values": {"alpha": {"weights": {"water": 39.43}}},
        "issues": {"name": {"name": "The name of it"}},
    }
    case = detente.load(PRIVATE, [overlay])
    closed = shown(read(detente.brief(case).html))
    own = shown(read(detente.brief(case, audience="alpha").html))
    assert "Another reading" in closed and "It changes four entries" in closed
    assert "The name of it" in closed and "Newly described" in closed
    assert not leaks(closed, {"45.19", "39.43", "43.73", "38.17"})
    assert "Two entries about private numbers" in closed
    assert leaks(own, {"45.19", "39.43"}) == {"45.19", "39.43"}


def test_unknown_words_are_refused_with_the_nearest_valid_one() -> None:
    case = detente.load(PRIVATE)
    with pytest.raises(CaseError, match="did you mean 'mediator'"):
        detente.brief(case, audience="mediater")
    with pytest.raises(CaseError, match="did you mean 'egalitarian'"):
        detente.brief(case, recommend="egalitarien")


# What it says


def rows_of(page: Element, section: str, table: int = 0) -> dict[str, list[str]]:
    """The rows of a section's table by their first column."""
    found = next(s for s in page.all("section") if s.attributes["id"] == section)
    rows = {}
    for row in found.all("table")[table].all("tr"):
        cells = row.all("th", "td")
        rows[cells[0].text] = [
            cell.all("div")[0].text if cell.all("div") else cell.text for cell in cells[1:]
        ]
    return rows


def test_counts_are_those_of_the_definitions(shared: Shared) -> None:
    case = detente.load(PRIVATE)
    oracle = ByDefinition(case)
    feasible = [o for o in oracle.outcomes() if not oracle.broken(o)]
    agreed = [o for o in feasible if oracle.agreed(o)]
    page = read(shared.brief("private").html)
    headline = page.all("section")[3].all("h2")[0].text
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    assert headline.lower().startswith(f"{words[len(agreed)]} of the {words[len(feasible)]} ")
    rows = rows_of(page, "zone")
    for party in case.signing:
        others = [name for name in case.signing if name != party]
        refused = [o for o in feasible if not oracle.accepts(party, o)]
        alone = [o for o in refused if all(oracle.accepts(name, o) for name in others)]
        told = next(cells for head, cells in rows.items() if case.party_name(party) in head)
        assert told[1:] == [str(len(refused)), str(len(alone))]


def test_verdicts_and_reasons_are_those_of_the_definitions(korea: Any) -> None:
    case = korea.case
    oracle = ByDefinition(case)
    page = read(korea.html)
    rows = rows_of(page, "packages", table=1)
    for name, outcome in whole_packages(case).items():
        against = [case.party_name(p) for p in case.signing if not oracle.accepts(p, outcome)]
        expected = f"✗ Refused by {listed(against)}" if against else "✓ Could be signed"
        assert rows[case.package_name(name)][0].endswith(expected)


def test_the_table_of_concerns_is_that_of_the_expressions(korea: Any) -> None:
    case = korea.case
    page = read(korea.html)
    rows = rows_of(page, "concerns", table=1)
    names = ["status_quo", *whole_packages(case)]
    outcomes = {"status_quo": dict(case.status_quo), **whole_packages(case)}
    checked = 0
    for concern in [c for owned in case.concerns.values() for c in owned]:
        cells = next(cells for head, cells in rows.items() if head.startswith(concern.name))
        for name, cell in zip(names, cells, strict=True):
            met = concern.met.holds(outcomes[name], case.options)
            expected = "✓ met" if met else "✗ red line crossed" if concern.must else "– not met"
            assert cell == expected
            checked += 1
    assert checked > 300


def test_terms_differ_from_today_where_the_packages_do(korea: Any) -> None:
    case = korea.case
    page = read(korea.html)
    rows = rows_of(page, "packages")
    chosen = select(case, korea.agree, signable(case))
    for issue in case.issues:
        cells = next(c for head, c in rows.items() if head.startswith(case.issue_name(issue)))
        for entry, cell in zip(chosen, cells, strict=True):
            option = entry.outcome[issue]
            same = option == case.status_quo[issue]
            assert cell == ("as today" if same else case.option_name(issue, option))


def test_sources_are_numbered_as_they_are_cited(korea: Any) -> None:
    case, page = korea.case, read(korea.html)
    listed = {e.attributes["id"]: e.text for e in page.all("li") if e.attributes.get("id")}
    assert len(listed) == len(case.sources)
    rows = next(s for s in page.all("section") if s.attributes["id"] == "concerns").all("tr")
    first = next(row for row in rows if "No rewards while long-range missiles fly" in row.text)
    targets = [a.attributes["href"] for a in first.all("a")]
    title = case.sources["sanctions_law"].title
    assert targets == ["#source-1"] and listed["source-1"].startswith(title)


def test_issues_are_ranked_by_what_is_at_stake() -> None:
    case = detente.load(PRIVATE)
    at_stake = stakes(case, "alpha")
    assert at_stake is not None
    assert at_stake["land"] == Fraction("61.83")  # weights add up to 100, scores reach 0 to 100
    assert at_stake["water"] == Fraction("38.17") * (100 - Fraction("21.19")) / 100
    assert at_stake["name"] == 0
    assert order(case, "alpha") == {"land": 1, "water": 2}
    assert order(case, "beta") == {"land": 1, "water": 2, "name": 3}
    ceasefire = detente.load("ceasefire")
    ranks = order(ceasefire, "coast")
    assert ranks is not None and ranks["guns"] == 1 and ranks["blockade"] == ranks["observers"] == 2
    assert stakes(ceasefire, "coast") is None and order(ceasefire, "town") is None


# Packages


def signable(case: Any) -> list[str]:
    oracle = ByDefinition(case)
    return [n for n, o in whole_packages(case).items() if not oracle.broken(o) and oracle.agreed(o)]


def test_the_choice_of_packages_follows_its_rule(korea: Any) -> None:
    case, result = korea.case, korea.agree
    could = signable(case)
    chosen = select(case, result, could)
    assert len(chosen) == MOST and [c.letter for c in chosen] == list("ABCDE")
    points = [result.solutions[rule].outcomes[0].outcome for rule in ("nash", "kalai_smorodinsky")]
    assert [c.outcome for c in chosen if c.package is None] == points
    seen = [*map(dict, points), dict(case.status_quo)]
    expected, turn = [], False
    packages = whole_packages(case)
    while len(expected) < MOST - len(points):
        left = [n for n in packages if packages[n] not in seen and (n in could) == turn]
        distance = {
            n: min(sum(packages[n][i] != o[i] for i in case.issues) for o in seen) for n in left
        }
        best = max(distance.values())
        expected.append(next(n for n in left if distance[n] == best))
        seen.append(packages[expected[-1]])
        turn = not turn
    assert {c.package for c in chosen if c.package} == set(expected)


def test_a_package_that_is_a_reference_point_is_shown_once() -> None:
    result = detente.agree(detente.load(PRIVATE))
    terms = dict(result.solutions["nash"].outcomes[0].outcome)
    case = detente.load(
        {**PRIVATE, "packages": {**PRIVATE["packages"], "same": {"outcome": terms}}}
    )
    result = detente.agree(case)
    chosen = select(case, result, signable(case))
    assert len({tuple(c.outcome.items()) for c in chosen}) == len(chosen)
    point = next(c for c in chosen if c.outcome == terms)
    assert point.package is not None and "nash" in point.rules


def test_nothing_is_recommended_unless_a_rule_is_asked_for(korea: Any) -> None:
    assert "★" not in korea.html and "optimal" not in korea.html
    case = detente.load(PRIVATE)
    for rule in ("nash", "utilitarian"):
        page = read(detente.brief(case, recommend=rule, years=0).html)
        starred = [h for h in page.all("th") if "★" in h.text]
        name = "Nash" if rule == "nash" else rule
        assert len(starred) == 2  # with its terms, and with all verdicts on it
        assert all(f"recommended by the {name} rule" in head.text for head in starred)
        outcome = detente.agree(case).solutions[rule].outcomes[0].outcome
        column = [h.text for h in page.all("section")[4].all("table")[0].all("th")].index(
            starred[0].text
        )
        cells = rows_of(page, "packages")
        for issue, option in outcome.items():
            told = next(c for head, c in cells.items() if head.startswith(case.issue_name(issue)))
            same = option == case.status_quo[issue]
            assert told[column - 1] == ("as today" if same else case.option_name(issue, option))
    without = shown(read(detente.brief(detente.load("ceasefire"), recommend="nash").html))
    assert "it names nothing here, because" in without


# Cases that know less


def reduced(*without: str) -> dict[str, Any]:
    return {key: value for key, value in PRIVATE.items() if key not in without}


def headlines(case: dict[str, Any]) -> dict[str, str]:
    found = detente.brief(detente.load(case))
    read(found.html)
    return {section.key: section.headline for section in found.sections}


def test_without_values() -> None:
    bare = {name: {"name": p["name"]} for name, p in PRIVATE["parties"].items()}
    found = headlines({**reduced("values"), "parties": bare})
    assert found["interests"] == "Nobody has said yet what matters most."
    assert found["zone"].endswith("could be signed by all three who must sign.")
    text = detente.brief(detente.load({**reduced("values"), "parties": bare})).html
    assert "No values are known for" in text and "<svg" not in text


def test_without_concerns_packages_status_quo_or_sources() -> None:
    plain = {**reduced("concerns", "packages", "sources")}
    found = headlines(plain)
    assert found["concerns"] == "Nobody has said yet what it must have."
    assert "sources" not in found
    only_points = detente.brief(detente.load(plain)).sections[4]
    assert only_points.headline.startswith("No package on the table is complete")
    found = headlines({**reduced("concerns", "packages", "sources", "status_quo")})
    assert "three issues" in found["situation"]


def test_without_anything_but_parties_and_issues() -> None:
    found = headlines(
        {k: PRIVATE[k] for k in ("detente", "title", "issues")} | {"parties": {"a": {}, "b": {}}}
    )
    assert found["packages"] == "There is no package to look at yet."
    assert found["assumptions"].startswith("There is not a number")


def test_with_nothing_that_could_be_signed() -> None:
    parties = {**PRIVATE["parties"], "beta": {"walk_away": 99.5}}
    found = headlines({**PRIVATE, "parties": parties})
    assert "no package that all of them could sign" in found["situation"]
    assert found["zone"].startswith("None of the")


def test_with_a_quota() -> None:
    parties = {**PRIVATE["parties"], "gamma": {"name": "Gamma", "walk_away": 19.39}}
    found = headlines({**PRIVATE, "parties": parties, "agreement": {"quota": 2, "veto": ["beta"]}})
    assert "enough of them could sign" in found["situation"]
    assert "enough of the parties" in found["zone"]


def test_a_package_that_breaks_a_rule_says_so() -> None:
    packages = {"both": {"name": "Both", "outcome": {"land": "given", "water": "given"}}}
    page = read(detente.brief(detente.load({**PRIVATE, "packages": packages})).html)
    rows = rows_of(page, "packages")
    assert "Both ✗ Breaks the rules" in rows["Verdict"]
    why = next(cells for head, cells in rows.items() if head.startswith("Who refuses"))
    assert "if “The water” is “given”, then “The land” is not “given”" in why[0]


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)
@given(cases(), st.booleans())
def test_every_case_has_a_sound_brief(data: dict[str, Any], open_: bool) -> None:
    case = detente.load(data)
    found = detente.brief(case, audience="mediator" if open_ else None)
    page = read(found.html)
    assert len(page.all("h2")) == len(found.sections) >= 5
    for section in found.sections:
        assert not section.headline[:1].islower() and section.headline.endswith(".")
        assert "None" not in section.headline.split()[1:] and "{" not in section.headline
        assert section.table is None or section.table.caption


# Files


def test_saving_is_all_or_nothing(
    korea: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "brief.html"
    korea.save(target)
    assert target.read_text(encoding="utf-8") == korea.html

    def broken(self: Path, other: Path) -> None:
        raise OSError("disk full")

    target.write_text("before", encoding="utf-8")
    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(detente.CaseError, match="disk full"):
        korea.save(target)
    assert target.read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["brief.html"]
    with pytest.raises(detente.CaseError, match="there is no folder"):
        korea.save(tmp_path / "nowhere" / "brief.html")
    with pytest.raises(detente.CaseError, match=r"known: \.html \.md \.pdf"):
        korea.save(tmp_path / "brief.docx")


def test_the_same_case_gives_the_same_page(shared: Shared) -> None:
    made = detente.brief(detente.load(PRIVATE))
    assert made.html == shared.brief("private").html
    assert made.markdown == shared.brief("private").markdown
