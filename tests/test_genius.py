"""Genius domains and profiles: their own meaning, round trips, every message."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from detente.case import Case, CaseError, load
from detente.case.exchange.genius import read_genius
from detente.case.exchange.genius_writing import genius_losses, write_genius

DOMAIN = """<?xml version="1.0" encoding="UTF-8"?>
<negotiation_template>
  <utility_space number_of_issues="3">
    <objective index="0" etype="objective" type="objective" name="Laptop trade" description="">
      <issue etype="discrete" index="1" name="Brand" type="discrete" vtype="discrete">
        <item index="1" value="Plain" description=""/>
        <item index="2" value="Half metal" description=""/>
        <item index="3" value="True" description=""/>
      </issue>
      <issue etype="discrete" index="2" name="Hard disk" type="discrete" vtype="discrete">
        <item index="1" value="60 Gb"/>
        <item index="2" value="120 Gb"/>
      </issue>
      <issue etype="integer" index="3" name="Years" vtype="integer" lowerbound="-1" upperbound="2"/>
    </objective>
  </utility_space>
</negotiation_template>
"""
BUYER = """<?xml version="1.0" encoding="UTF-8"?>
<utility_space type="any" number_of_issues="3">
  <objective index="0" etype="objective" type="objective" name="Laptop trade">
    <issue etype="discrete" index="1" name="Brand" type="discrete" vtype="discrete">
      <item index="1" value="Plain" evaluation="3"/>
      <item index="2" value="Half metal" evaluation="7"/>
      <item index="3" value="True" evaluation="0"/>
    </issue>
    <issue etype="discrete" index="2" name="Hard disk" type="discrete" vtype="discrete">
      <item index="2" value="120 Gb" evaluation="0.25"/>
      <item index="1" value="60 Gb" evaluation="0.5"/>
    </issue>
    <issue etype="integer" index="3" name="Years" vtype="integer" lowerbound="-1" upperbound="2">
      <evaluator ftype="linear" slope="0.4" offset="0.1"/>
    </issue>
    <weight index="1" value="0.5"/>
    <weight index="2" value="0.3"/>
    <weight index="3" value="0.4"/>
  </objective>
  <discount_factor value="0.8"/>
  <reservation value="0.35"/>
</utility_space>
"""
SELLER = (
    BUYER.replace('"Half metal" evaluation="7"', '"Half metal" evaluation="12"')
    .replace('evaluation="0.25"', 'evaluation="0"')
    .replace('evaluation="0.5"', 'evaluation="0"')
    .replace('<discount_factor value="0.8"/>', "")
    .replace('<reservation value="0.35"/>', "")
)


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        (path / f"{name}.xml").write_text(text, encoding="utf-8")
    return path


def utility(case: Case, party: str, outcome: dict[str, str]) -> Fraction:
    """A party's value of an outcome, from the definition of a case."""
    values = case.values[party]
    scores = values.scores or {}
    points = {issue: table[outcome[issue]].point for issue, table in scores.items()}
    if values.weights is None:
        return sum(points.values(), Fraction(0))
    weights = {issue: weight.point for issue, weight in values.weights.items()}
    return sum(weights[issue] * points[issue] for issue in points) / sum(weights.values())


def walk_away(case: Case, party: str) -> Fraction:
    stated = case.parties[party].walk_away
    if stated.number is not None:
        return stated.number.point
    return utility(case, party, case.complete(stated.outcome or {}))


def outcomes(case: Case) -> list[dict[str, str]]:
    return [dict(zip(case.options, o, strict=True)) for o in product(*case.options.values())]


# Meaning


def test_a_domain_with_two_profiles_means_what_genius_means(tmp_path: Path) -> None:
    imported = read_genius(folder(tmp_path, laptop=DOMAIN, buyer=BUYER, seller=SELLER))
    case = imported.case
    assert case.title == "Laptop trade"
    assert list(case.parties) == ["buyer", "seller"]
    assert case.options == {
        "Brand": ("Plain", "half_metal", "true_"),
        "hard_disk": ("60_gb", "120_gb"),
        "Years": ("minus_1", "0", "1", "2"),
    }
    assert case.issue_name("hard_disk") == "Hard disk"
    assert case.option_name("Brand", "true_") == "True"
    assert case.option_name("Years", "minus_1") == "-1"
    outcome = {"Brand": "Plain", "hard_disk": "120_gb", "Years": "0"}
    # weights 5/12, 3/12, 4/12; evaluations 3/7, 1/2, 0.1 + 0.4 · 1
    assert (
        utility(case, "buyer", outcome)
        == Fraction(5, 12) * Fraction(3, 7) + Fraction(1, 4) * Fraction(1, 2) + Fraction(1, 3) / 2
    )
    outcome = {"Brand": "half_metal", "hard_disk": "60_gb", "Years": "2"}
    # the line reaches 0.1 + 0.4 · 3 = 1.3 and is cut at 1; the best outcome is worth 1
    assert utility(case, "buyer", outcome) == 1
    # the seller evaluates every disk as 0, which keeps its weight
    assert utility(case, "seller", outcome) == Fraction(5, 12) + Fraction(1, 3)
    outcome["Brand"] = "Plain"
    assert utility(case, "seller", outcome) == Fraction(5, 12) * Fraction(3, 12) + Fraction(1, 3)
    assert walk_away(case, "buyer") == Fraction(35, 100)
    assert walk_away(case, "seller") == 0
    assert case.parties["buyer"].discount is None
    assert case.parties["buyer"].about == "Genius discount factor 0.8."
    assert case.parties["seller"].about is None
    assert [note.split(":")[0] for note in imported.notes] == [
        "buyer",
        "buyer",
        "seller evaluates every value of 'Hard disk' as 0",
        "seller",
    ]


def test_a_domain_file_finds_the_profiles_beside_it(tmp_path: Path) -> None:
    other = BUYER.replace('name="Brand"', 'name="Colour"')
    folder(tmp_path, laptop=DOMAIN, party10=BUYER, party2=SELLER, other=other, second=DOMAIN)
    imported = read_genius(tmp_path / "laptop.xml")
    assert list(imported.case.parties) == ["party2", "party10"]
    left = [note for note in imported.notes if "was not read" in note]
    assert left == [
        "other.xml was not read: it is no profile of laptop.xml",
        "second.xml was not read: it is no profile of laptop.xml",
    ]
    chosen = read_genius(tmp_path / "laptop.xml", [tmp_path / "party10.xml"])
    assert list(chosen.case.parties) == ["party10"]


def test_profiles_match_by_index_where_items_have_no_value(tmp_path: Path) -> None:
    bare = BUYER
    for value in ("Plain", "Half metal", "True", "60 Gb", "120 Gb"):
        bare = bare.replace(f' value="{value}"', "")
    case = read_genius(folder(tmp_path, d=DOMAIN, bare=bare, full=BUYER)).case
    assert case.values["bare"].scores == case.values["full"].scores


def test_enumerated_integers_and_ranges_become_options(tmp_path: Path) -> None:
    line = '<issue etype="integer" index="3" name="Years" vtype="integer" lowerbound="-1" '
    items = '<item index="1" value="5"/><item index="2" value="6"/>'
    domain = DOMAIN.replace(
        line + 'upperbound="2"/>', f'<issue index="3" name="Years" vtype="integer">{items}</issue>'
    )
    evaluated = (
        '<item index="1" value="5" evaluation="2"/><item index="2" value="6" evaluation="8"/>'
    )
    profile = BUYER.replace('<evaluator ftype="linear" slope="0.4" offset="0.1"/>', evaluated)
    case = read_genius(folder(tmp_path, d=domain, p=profile)).case
    assert case.options["Years"] == ("5", "6")
    scores = (case.values["p"].scores or {})["Years"]
    assert [number.point for number in scores.values()] == [Fraction(1, 4), 1]
    domain = DOMAIN.replace(
        line + 'upperbound="2"/>',
        '<issue index="3" name="Years" vtype="integer">'
        '<range lowerbound="3" upperbound="4"/></issue>',
    )
    (tmp_path / "d.xml").write_text(domain)
    (tmp_path / "p.xml").write_text(BUYER)
    assert read_genius(tmp_path).case.options["Years"] == ("3", "4")


def test_a_domain_without_profiles_has_a_party_that_stands_in(tmp_path: Path) -> None:
    imported = read_genius(folder(tmp_path, d=DOMAIN))
    assert not imported.case.values
    assert "stands in for the real ones" in imported.notes[0]


# Round trips


def test_genius_files_come_back_as_they_were(tmp_path: Path) -> None:
    case = read_genius(folder(tmp_path, laptop=DOMAIN, buyer=BUYER)).case
    files = write_genius(case, "laptop.xml").files
    assert list(files) == ["laptop.xml", "profile_buyer.xml"]
    domain, profile = (ET.fromstring(content) for content in files.values())
    assert [issue.get("name") for issue in domain.iter("issue")] == ["Brand", "Hard disk", "Years"]
    assert [item.get("value") for item in domain.iter("item")][:5] == [
        *("Plain", "Half metal", "True", "60 Gb", "120 Gb"),
    ]
    weights = [Fraction(weight.get("value", "")) for weight in profile.iter("weight")]
    assert weights == [
        Fraction(f"0.{'416'}{'6' * 14}"),
        Fraction("0.25"),
        Fraction(f"0.{'3' * 17}"),
    ]
    exact = [weight.get("exact") for weight in profile.iter("weight")]
    assert exact == ["5/12", None, "1/3"]
    evaluations = [Fraction(item.get("evaluation", "")) for item in profile.iter("item")]
    assert evaluations[0] / evaluations[1] == Fraction(3, 7)
    assert [node.get("value") for node in profile.iter("discount_factor")] == ["0.8"]
    assert [node.get("value") for node in profile.iter("reservation")] == ["0.35"]


def write(path: Path, case: Case) -> Path:
    for old in path.iterdir():
        old.unlink()
    for name, content in write_genius(case).files.items():
        (path / name).write_bytes(content)
    return path / "domain.xml"


@given(strategies.cases())
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_additive_values_survive_up_to_their_scale(tmp_path: Path, data: dict[str, Any]) -> None:
    case = load(data)
    again = read_genius(write(tmp_path, case)).case
    scored = [party for party, values in case.values.items() if values.scores is not None]
    assert sorted(again.values) == sorted(scored)
    assert again.title == case.title
    for party in scored:
        everything = outcomes(case)
        before = [utility(case, party, outcome) for outcome in everything]
        after = [utility(again, party, outcome) for outcome in everything]
        assert min(after) >= 0
        assert max(after) <= 1
        factor = _factor(before, after)
        for one, other in zip(before, after, strict=True):
            assert one - before[0] == factor * (other - after[0])
        if max(before) > min(before):
            gain = walk_away(case, party) - before[0]
            assert gain == factor * (walk_away(again, party) - after[0])


def _factor(before: list[Fraction], after: list[Fraction]) -> Fraction:
    """How many points of the case one unit of Genius' scale is worth."""
    if max(before) == min(before):
        return Fraction(1)
    return (max(before) - min(before)) / (max(after) - min(after))


@given(st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_case_of_genius_form_survives_exactly(tmp_path: Path, data: st.DataObject) -> None:
    shares = st.fractions(0, 1, max_denominator=7)
    issues = {
        name: data.draw(st.lists(shares, min_size=1, max_size=3)) for name in ("a", "B_2", "c c")
    }
    options = {name: [f"o {i}" for i in range(len(own) + 1)] for name, own in issues.items()}
    weights = {name: data.draw(st.integers(1, 9)) for name in issues}
    keys = {"a": "a", "B_2": "B_2", "c c": "c_c"}
    case = load(
        {
            "detente": 1,
            "title": "Form",
            "parties": {"p": {"walk_away": data.draw(st.decimals(0, 1, places=4))}},
            "issues": {
                keys[name]: {"options": {f"o{i}": text for i, text in enumerate(options[name])}}
                for name in issues
            },
            "values": {
                "p": {
                    "weights": {keys[name]: weight for name, weight in weights.items()},
                    "scores": {
                        keys[name]: {f"o{i}": str(s) for i, s in enumerate([Fraction(1), *own])}
                        for name, own in issues.items()
                    },
                }
            },
        }
    )
    exported = write_genius(case)
    assert (exported.lost, exported.notes) == ((), ())
    again = read_genius(write(tmp_path, case)).case
    for name in ("title", "issues", "parties"):
        assert getattr(again, name) == getattr(case, name), name
    assert again.values["p"].scores == case.values["p"].scores
    total = sum(weights.values())
    assert {key: weight.point for key, weight in (again.values["p"].weights or {}).items()} == {
        keys[name]: Fraction(weight, total) for name, weight in weights.items()
    }


def test_values_that_go_below_zero_are_lifted_and_said(tmp_path: Path) -> None:
    data = {
        "detente": 1,
        "title": "Below zero",
        "parties": {"p": {"walk_away": -1}, "q": {"walk_away": 5}},
        "issues": {"a": {"options": ["x", "y"]}, "b": {"options": ["x", "y"]}},
        "values": {
            "p": {"scores": {"a": {"x": -3, "y": 2}, "b": {"x": 0, "y": 5}}},
            "q": {"scores": {"a": {"x": 0, "y": 0}}},
        },
    }
    case = load(data)
    exported = write_genius(case)
    assert exported.notes == (
        "p: 3 was added, so that no score is below 0",
        "p: values were divided by 10, as Genius does",
        "q has the same value for every outcome; its evaluations are 0",
        "q: the walk-away is 5, outside Genius' scale from 0 to 1",
    )
    again = read_genius(write(tmp_path, case)).case
    assert walk_away(again, "p") == Fraction(1, 5)
    assert utility(again, "p", {"a": "x", "b": "x"}) == 0
    assert utility(again, "p", {"a": "y", "b": "y"}) == 1
    assert utility(again, "q", {"a": "y", "b": "y"}) == 0


def test_what_is_lost_is_named(ceasefire: Path) -> None:
    case = load(ceasefire)
    text = "\n".join(genius_losses(case))
    rules, concerns = len(case.rules), sum(map(len, case.concerns.values()))
    assert f"{rules} rule" in text
    assert f"{concerns} concerns of " in text
    for part in (
        *("the status quo", "undo times", "adjustments", "range", "package", "verification"),
        *("the discount", "'signs: false' of guarantor", "control", "sources"),
    ):
        assert part in text, part
    unscored = [p for p in case.parties if p not in case.values or not case.values[p].cardinal]
    for party in unscored:
        assert f"the party {party}, which has no scores" in text


@pytest.mark.parametrize(
    ("stated", "written"),
    [
        ("2/3", "0.66666666666666666"),
        ("-2/3", "-0.66666666666666667"),
        ("10/7", "1.42857142857142857"),
    ],
)
def test_a_walk_away_without_an_end_is_rounded_down_and_said(
    tmp_path: Path, stated: str, written: str
) -> None:
    case = load(
        {
            "detente": 1,
            "title": "Thirds",
            "parties": {"p": {"walk_away": stated}},
            "issues": {"a": {"options": ["x", "y"]}},
            "values": {"p": {"weights": {"a": 1}, "scores": {"a": {"x": 0, "y": 1}}}},
        }
    )
    exported = write_genius(case)
    assert exported.lost == ()
    assert exported.notes[0] == f"p: the walk-away {stated} has no decimal and was rounded down"
    assert walk_away(read_genius(write(tmp_path, case)).case, "p") == Fraction(stated)
    profile = tmp_path / "profile_p.xml"
    text = profile.read_text()
    assert f'value="{written}"' in text
    profile.write_text(text.replace(f'value="{written}"', 'value="0.5"'))
    assert walk_away(read_genius(tmp_path).case, "p") == Fraction(1, 2), "the value is what counts"


def test_digits_beyond_those_of_a_case_are_rounded_and_named(tmp_path: Path) -> None:
    scores = {"x": "1/999999937", "y": "1/999999929", "z": 1}
    case = load(
        {
            "detente": 1,
            "title": "Long",
            "parties": {"p": {"walk_away": 0}},
            "issues": {"a": {"options": list(scores)}},
            "values": {"p": {"weights": {"a": 1}, "scores": {"a": scores}}},
        }
    )
    assert genius_losses(case) == ("the last digits of the evaluations of p",)
    again = read_genius(write(tmp_path, case)).case
    error = utility(again, "p", {"a": "x"}) - Fraction(1, 999999937)
    assert 0 < abs(error) < Fraction(1, 10**16)


def test_wordings_come_back_under_the_same_names(tmp_path: Path) -> None:
    case = load(
        {
            "detente": 1,
            "title": "Names",
            "parties": {"p_1": {"name": "The <first> & only", "walk_away": 0}},
            "issues": {
                "arms": {"name": "Heavy weapons", "options": {"held": "All of them", "cut": "Cut"}},
                "twice": {"options": {"one": "the same", "two": "the same"}},
            },
            "values": {"p_1": {"weights": {"arms": 1}, "scores": {"arms": {"held": 1, "cut": 0}}}},
        }
    )
    again = read_genius(write(tmp_path, case)).case
    assert again.options == case.options
    assert again.party_name("p_1") == "The <first> & only"
    assert again.issue_name("arms") == "Heavy weapons"
    assert again.option_name("arms", "held") == "All of them"
    assert again.option_name("twice", "one") == "one"


# Messages

BOMB = '<!DOCTYPE z [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("</utility_space>", "", r"domain\.xml:17:3: malformed XML: mismatched tag"),
        ("<negotiation_template>", BOMB + "<negotiation_template>", "entities are not read"),
        ('vtype="integer"', 'vtype="real"', "'Years' takes any number, and an issue of a case has"),
        ('vtype="integer"', 'vtype="integr"', "unknown kind of issue 'integr'; did you mean 'inte"),
        ('upperbound="2"', "", "the integer issue 'Years' has no whole number as its upperbound"),
        ('upperbound="2"', 'upperbound="5000"', "the integer issue 'Years' has 5,002 values"),
        ('name="Brand" ', "", "this issue has no 'name'"),
        ('index="2" name="Hard disk"', 'index="1" name="Hard disk"', "two issues have the index 1"),
        ('value="120 Gb"', 'value="60 Gb"', "the value '60 Gb' of 'Hard disk' is listed twice"),
        ('<item index="2" value="120 Gb"/>', "", "only one option"),
        ("negotiation_template", "template", "is no Genius domain: its first element is template"),
        ("utility_space", "space", "expected one utility_space in negotiation_template, found 0"),
        ("<issue", "<other", "malformed XML: mismatched tag"),
    ],
)
def test_each_message_about_a_domain(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder(tmp_path, domain=DOMAIN.replace(old, new))
    with pytest.raises(CaseError, match=message):
        read_genius(tmp_path / "domain.xml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('<weight index="2" value="0.3"/>', "", "no weight with index 2 for 'Hard disk'"),
        ("weight", "wait", "no weight with index 1 for 'Brand'"),
        ('"2" value="0.3"', '"2" value="-0.3"', r"the weight of 'Hard disk' is negative \(-0\.3\)"),
        ('"2" value="0.3"', '"2" value="much"', "value: expected a number, found 'much'"),
        ('evaluation="7"', 'evaluation="-7"', "the evaluation of 'Half metal' is negative"),
        ('evaluation="7"', 'evaluation="NaN"', "is not a finite number"),
        ('evaluation="7"', "", "no evaluation of 'Half metal' of the issue 'Brand'"),
        ('evaluation="7"', 'evaluation="null"', "no evaluation of 'Half metal' of the issue"),
        ('"Half metal"', '"Half metall"', "no evaluation of 'Half metal'"),
        (
            '<item index="3" value="True"',
            '<item index="4" value="Plein" evaluation="1"/><item index="3" value="True"',
            "unknown value 'Plein' of issue Brand; did you mean 'Plain'?",
        ),
        ("<evaluator ", "<evaluater ", "the integer issue 'Years' has no evaluator"),
        ('slope="0.4"', "", "this evaluator has no 'slope'"),
        ('<reservation value="0.35"/>', '<reservation value="x"/>', "value: expected a number"),
        ("<utility_space", BOMB + "<utility_space", "entities are not read"),
        ("</objective>", "", r"profile\.xml:22:3: malformed XML: mismatched tag"),
        ("<weight index", "<objective/><weight index", "objectives inside objectives"),
    ],
)
def test_each_message_about_a_profile(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder(tmp_path, domain=DOMAIN, profile=BUYER.replace(old, new, 1 if "obj" in new else -1))
    with pytest.raises(CaseError, match=message) as caught:
        read_genius(tmp_path / "domain.xml")
    assert all("profile.xml" in str(problem) for problem in caught.value.problems)


def test_problems_of_several_profiles_come_together_with_their_lines(tmp_path: Path) -> None:
    first = BUYER.replace('evaluation="7"', 'evaluation="-7"').replace('slope="0.4"', "")
    folder(tmp_path, domain=DOMAIN, first=first, second=BUYER.replace('"0.3"', '"-0.3"'))
    with pytest.raises(CaseError) as caught:
        read_genius(tmp_path)
    places = [problem.place for problem in caught.value.problems]
    assert [(Path(p.file).name, p.line) for p in places if p] == [
        ("first.xml", 6),
        ("first.xml", 14),
        ("second.xml", 17),
    ]
    assert 'evaluation="-7"' in str(caught.value)


def test_all_weights_zero_is_an_error(tmp_path: Path) -> None:
    zero = BUYER
    for weight in ("0.5", "0.3", "0.4"):
        zero = zero.replace(f'value="{weight}"/>\n    <w', 'value="0"/>\n    <w')
    zero = zero.replace('index="3" value="0.4"', 'index="3" value="0"')
    with pytest.raises(CaseError, match="all weights of this profile are zero"):
        read_genius(folder(tmp_path, domain=DOMAIN, profile=zero))


def test_what_is_no_domain_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CaseError, match="there is no file"):
        read_genius(tmp_path / "none.xml")
    with pytest.raises(CaseError, match="holds no Genius domain"):
        read_genius(tmp_path)
    folder(tmp_path, one=DOMAIN, buyer=BUYER)
    with pytest.raises(CaseError, match="is a profile, not a domain"):
        read_genius(tmp_path / "buyer.xml")
    with pytest.raises(CaseError, match="is no profile: its first element is negotiation_template"):
        read_genius(tmp_path / "one.xml", [tmp_path / "one.xml"])
    folder(tmp_path, two=DOMAIN)
    with pytest.raises(CaseError, match=r"holds several domains: one\.xml, two\.xml"):
        read_genius(tmp_path)
    (tmp_path / "two.xml").write_bytes(b"<a>\xff</a>")
    with pytest.raises(CaseError, match="not well-formed"):
        read_genius(tmp_path)
    (tmp_path / "two.xml").write_bytes(b'<?xml version="1.0" encoding="no-such"?><a/>')
    with pytest.raises(CaseError, match=r"two\.xml"):
        read_genius(tmp_path)
    monkeypatch.setattr("detente.case.exchange.elements.MAX_BYTES", 100)
    with pytest.raises(CaseError, match="more bytes than a domain needs"):
        read_genius(tmp_path / "one.xml")


def test_a_character_that_xml_cannot_hold_is_refused() -> None:
    case = load(
        {
            "detente": 1,
            "title": "bell \x07",
            "parties": {"p": {}},
            "issues": {"a": {"options": ["x", "y"]}},
        }
    )
    with pytest.raises(CaseError, match="which XML cannot"):
        write_genius(case)


@given(st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_damaged_files_never_end_in_anything_but_a_message(
    tmp_path: Path, data: st.DataObject
) -> None:
    texts = {"domain": DOMAIN, "profile": BUYER}
    name = data.draw(st.sampled_from(sorted(texts)))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(texts[name]) - 1))
        length = data.draw(st.integers(0, 30))
        new = data.draw(
            st.sampled_from(["", "0", '"', "<issue/>", "-1", "1e9", "é", "&x;", "\x00"])
        )
        texts[name] = texts[name][:start] + new + texts[name][start + length :]
    folder(tmp_path, **texts)
    try:
        read_genius(tmp_path / "domain.xml")
    except CaseError as error:
        assert error.problems
