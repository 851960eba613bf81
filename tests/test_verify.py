"""The question ``verify``: verdicts, numbers that turn them, invariances, errors, commands."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

import detente
from detente.case import CaseError
from detente.verification import margin, stake
from test_command import answer, refusal

Written = dict[str, Any]


def arms_deal(**verification: Any) -> Written:
    """One party disarms, the other lifts an embargo; all falls back at once."""
    return {
        "parties": {"north": {"discount": 0.9}, "south": {"discount": 0.9}},
        "issues": {
            "arms": {"control": "north", "options": ["held", "cantoned"], "covert": True},
            "embargo": {"control": "south", "options": ["full", "lifted"], "covert": False},
        },
        "status_quo": {"arms": "held", "embargo": "full"},
        "values": {
            "north": {
                "scores": {
                    "arms": {"held": 30, "cantoned": 20},
                    "embargo": {"full": 0, "lifted": 16},
                }
            },
            "south": {
                "scores": {
                    "arms": {"held": 0, "cantoned": 20},
                    "embargo": {"full": 9, "lifted": 0},
                }
            },
        },
        "packages": {"deal": {"outcome": {"arms": "cantoned", "embargo": "lifted"}}},
        "verification": {
            "period": "year",
            "measures": {"posts": {"detects": {"arms": 0.5}, "false_alarm": 0.02, "cost": 3}},
            **verification,
        },
    }


def asked(written: Written, outcome: str = "deal", **options: Any) -> Any:
    return detente.verify(detente.load(written), outcome, **options)


def test_the_numbers_of_one_party_are_those_of_the_formulas() -> None:
    north = asked(arms_deal()).parties["north"]
    # c = 36, p = 30, δ = 0.9, F = 0.02, g = 10, d = 0.5: F1–F7 of the theory notes
    lost = stake(36, 30, 0.9, 0.02)
    assert (north.comply, north.punished, north.discount) == pytest.approx((36, 30, 0.9))
    assert north.stake == pytest.approx(lost)
    (arms,) = north.temptations
    assert (arms.gain, arms.detection, arms.generated) == (10, 0.5, True)
    assert arms.critical_detection == pytest.approx(10 / lost)
    assert north.critical_detection_jointly == pytest.approx(10 / lost)
    discounted, worst = margin([10], [0.5], lost)
    alarm = 1 - 0.98 * 0.5
    assert north.margin == pytest.approx(discounted * 0.1 / (1 - 0.9 * (1 - alarm)))
    assert (north.worst, worst) == (("arms",), (0,))
    assert north.critical_discount == pytest.approx(
        detente.verification.critical_discount(10, 6, alarm, 0.02)
    )
    assert north.critical_false_alarm == pytest.approx(
        detente.verification.critical_false_alarm(10, 6, 0.5, 0.9)
    )
    assert north.shortest_punishment == detente.verification.shortest_punishment(
        10, 6, alarm, 0.02, 0.9
    )
    assert arms.expected_time == pytest.approx(1 / alarm)


def changed(path: str, value: Any) -> Written:
    written = arms_deal()
    *way, last = path.split(".")
    place = written
    for key in way:
        place = place.setdefault(key, {})
    place[last] = value
    return written


@pytest.mark.parametrize(
    ("path", "value", "verdict", "reason"),
    [
        ("title", "as it stands", "yes", "the way that comes closest to paying is “arms”"),
        (
            "verification.measures.posts.detects",
            {"arms": 0.1},
            "with verification",
            "North: “arms” pays; the chance to find it is 10 % a year, and 22.3 % would be needed.",
        ),
        (
            "values.north.scores.arms.held",
            125,
            "with a larger stake",
            "“arms” pays even if certain to be found",
        ),
        ("parties.north.discount", 0.05, "no", "than all that the others could ever take from it"),
    ],
)
def test_four_verdicts(path: str, value: Any, verdict: str, reason: str) -> None:
    written = changed(path, value)
    if value == 125:
        written["parties"]["north"]["walk_away"] = 25  # or it would not have signed
    result = asked(written)
    assert result.enforceable == result.parties["north"].verdict == verdict
    assert reason in " ".join(result.reasons)
    bracket = {"yes": "enforceable"}.get(verdict)
    assert bracket is None or result.parties["north"].bracket == bracket


def test_the_guarantee_that_is_named_is_just_enough() -> None:
    written = changed("verification.measures.posts.detects", {"arms": 0.1})
    needed = asked(written).parties["north"].guarantee
    assert needed is not None and needed > 0
    for factor, verdict in ((1.0001, "yes"), (0.9999, "with verification")):
        with_it = copy.deepcopy(written)
        amount = {"by": "a third", "against": "north", "amount": needed * factor}
        with_it["guarantees"] = {"pledge": amount}
        assert asked(with_it).enforceable == verdict


def test_who_would_leave_openly_is_told_and_turns_the_verdict() -> None:
    written = changed("parties.south.walk_away", 30)
    result = asked(written)
    assert result.enforceable == "with a larger stake"
    assert result.parties["south"].leave < 0
    assert "would leave openly" in " ".join(result.reasons)
    written["parties"]["south"]["signs"] = False
    beside = asked(written)
    assert beside.enforceable == "yes"  # who does not sign is shown beside the others
    assert beside.parties["south"].leave < 0


def test_weapons_are_never_called_enforceable_without_breakout_data() -> None:
    written = changed("issues.arms.weapons", True)
    result = asked(written)
    assert (result.enforceable, result.weapons_unjudged) == (
        "with verification",
        (("north", "arms"),),
    )
    assert "how long a breakout takes" in " ".join(result.reasons)
    dash = {"party": "north", "when": "arms == cantoned", "breakout": {"takes": 4, "prize": 1}}
    known = asked({**written, "violations": {"dash": dash}})
    assert (known.enforceable, known.weapons_unjudged) == ("yes", ())
    breakout = next(t for t in known.parties["north"].temptations if t.name == "dash").dash
    assert (breakout.takes, breakout.useful, breakout.timely) == (4, 4, 0.0)


def test_the_faked_step_is_not_undone_when_it_is_found() -> None:
    """What is left to one who is found depends on what really stands (aftermath, theory notes)."""
    written = changed("issues.arms.undo", "never")
    north = asked(written).parties["north"]
    # honest: 20 for ever after a collapse; faked: the arms are still held, 30
    assert north.punished == pytest.approx(20)
    detection, delta = 0.51, 0.9
    theta = delta * detection / (1 - delta * (1 - detection))
    honest = (0.1 * 36 + 0.9 * 0.02 * 20) / (1 - 0.9 * 0.98)
    assert north.margin == pytest.approx(honest - ((1 - theta) * 46 + theta * 30))


def test_values_may_be_scaled_shifted_and_renamed() -> None:
    plain = asked(arms_deal())
    other = arms_deal()
    for table in other["values"]["north"]["scores"].values():
        for option in table:
            table[option] *= 3
    for option in other["values"]["south"]["scores"]["arms"]:
        other["values"]["south"]["scores"]["arms"][option] += 100
    scaled = asked(other)
    north, thrice = plain.parties["north"], scaled.parties["north"]
    assert thrice.margin == pytest.approx(3 * north.margin)
    assert thrice.stake == pytest.approx(3 * north.stake)
    assert thrice.critical_detection_jointly == pytest.approx(north.critical_detection_jointly)
    south, shifted = plain.parties["south"], scaled.parties["south"]
    assert shifted.comply == south.comply + 100
    assert shifted.leave == pytest.approx(south.leave)
    renamed = json.loads(json.dumps(arms_deal()).replace("north", "left").replace("arms", "guns"))
    assert asked(renamed).parties["left"].margin == north.margin


def test_margins_rise_with_detection_and_fall_with_gain_and_false_alarms() -> None:
    def least(path: str, value: Any) -> float:
        return float(asked(changed(path, value)).parties["north"].margin)

    posts = "verification.measures.posts"
    seen = [least(f"{posts}.detects", {"arms": d}) for d in (0, 0.1, 0.3, 0.6, 1)]
    gains = [least("values.north.scores.arms.held", g) for g in (22, 25, 30, 33)]
    alarms = [least(f"{posts}.false_alarm", f) for f in (0, 0.01, 0.1, 0.4)]
    assert seen == sorted(set(seen))
    assert alarms == sorted(set(alarms), reverse=True)
    assert gains == sorted(set(gains), reverse=True)


def test_a_lag_and_a_second_look_lower_the_margin() -> None:
    plain = asked(arms_deal()).parties["north"]
    late = asked(arms_deal(lag=2)).parties["north"]
    look = {"keeps_true": 0.8, "keeps_false": 1}
    less_seen = asked(arms_deal(second_look=look)).parties["north"]
    assert late.margin < plain.margin and less_seen.margin < plain.margin
    assert late.temptations[0].expected_time == plain.temptations[0].expected_time + 2


def test_cases_without_numbers_are_told_how_well_cheating_is_seen() -> None:
    written = arms_deal()
    written["values"] = {"north": {"ranking": [{"arms": "held"}, {"arms": "cantoned"}]}}
    result = asked(written)
    assert result.enforceable is None and not result.parties
    assert {name: entry.needs for name, entry in result.unvalued.items()} == {
        "north": "scores",
        "south": "values",
    }
    (arms,) = result.unvalued["north"].temptations
    assert (arms.detection, arms.margin, arms.deterred) == (0.5, None, None)
    document = result.to_dict()
    assert document["needs"] == {"north": "scores", "south": "values"}
    assert document["seen"]["north"]["arms"]["detection"] == 0.5


def test_a_case_without_verification_says_so() -> None:
    written = arms_deal()
    del written["verification"]
    result = asked(written)
    assert (result.period, result.measures, result.choice.chosen) == ("month", (), None)
    assert result.enforceable == "with verification"
    assert "The case has no 'verification'" in " ".join(result.remarks)


def test_budget_runner_up_and_what_measures_buy() -> None:
    written = arms_deal()
    measures = written["verification"]["measures"]
    measures["patrols"] = {"detects": {"arms": 0.4}, "cost": 5}
    measures["leaflets"] = {"false_alarm": 0.01, "cost": 1}
    choice = asked(written).choice
    assert (choice.chosen.measures, choice.chosen.cost, choice.deters) == (("posts",), 3, True)
    assert [other.measures for other in choice.alternatives] == [("patrols",)]
    effects = {effect.measure: effect for effect in choice.effects}
    assert effects["posts"].without["north"] < 0 < effects["posts"].with_it["north"]
    assert not effects["leaflets"].useful
    poor = asked(written, budget=2).choice
    assert (poor.deters, poor.cheapest_without_budget, poor.chosen.measures) == (False, 3, ())


def test_credibility_of_the_aftermath() -> None:
    result = asked(arms_deal())
    found = {entry.issue: entry for entry in result.restoring}
    assert found["arms"].by == {"north": 10} and found["embargo"].by == {"south": 9}
    assert all(entry.credible for entry in found.values())
    assert result.punishers == {"north": 10, "south": 9}
    hurt = changed("values.south.scores.embargo", {"full": 0, "lifted": 4})
    assert asked(hurt).punishers["south"] == -4
    assert not next(e for e in asked(hurt).restoring if e.issue == "embargo").credible


def test_a_rule_that_the_outcome_breaks_is_named() -> None:
    written = {**arms_deal(), "rules": [{"never": "arms == cantoned and embargo == lifted"}]}
    assert any("rule 1" in remark for remark in asked(written).remarks)


def test_outcomes_in_all_their_forms() -> None:
    case = detente.load(arms_deal())
    same = [
        detente.verify(case, outcome).outcome
        for outcome in (
            "deal",
            "arms=cantoned,embargo=lifted",
            {"arms": "cantoned", "embargo": "lifted"},
        )
    ]
    assert same[0] == same[1] == same[2]
    nash = detente.agree(case).solutions["nash"].outcomes[0].outcome
    assert detente.verify(case, "nash").outcome == nash
    assert detente.verify(case, "status_quo").outcome == case.status_quo


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"outcome": "deel"}, "unknown package 'deel'; did you mean 'deal'?"),
        ({"budget": -1}, "a budget is not negative; this is -1"),
        ({"budget": "much"}, "the budget: expected a number, found 'much'"),
        ({"visits": 0}, "visits per period are a number above 0; this is 0"),
        ({"visits": float("nan")}, "visits per period are a number above 0; this is nan"),
        ({"most_sets": 1}, "north could cheat in 1 ways at once, more than 1"),
    ],
)
def test_errors_say_what_is_wrong(options: dict[str, Any], message: str) -> None:
    with pytest.raises(CaseError) as error:
        asked(arms_deal(), **options)
    assert message in str(error.value)


def test_without_a_status_quo_there_is_no_way_back() -> None:
    written = arms_deal()
    del written["status_quo"]
    for party in written["parties"].values():
        party["walk_away"] = 10
    with pytest.raises(CaseError, match="verify needs today's state"):
        asked(written)


def test_too_many_measures_are_refused() -> None:
    many = {f"m{k}": {"detects": {"arms": 0.01}, "cost": 1} for k in range(41)}
    with pytest.raises(CaseError, match="41 measures to choose among; at most 40"):
        asked(arms_deal(measures=many))


def test_the_command_line() -> None:
    words = ("verify", "korea", "--outcome", "freeze_first", "--budget", "9")
    document = json.loads(answer(*words, "--json"))
    assert document["command"] == "verify"
    assert document["enforceable"] in ("yes", "with verification", "with a larger stake", "no")
    assert set(document["parties"]) == set(detente.load("korea").parties)
    assert document["measures"]["budget"] == 9
    said = refusal("verify", "korea", "--outcome", "freez_first")
    assert "did you mean 'freeze_first'?" in said
    assert "--outcome" in refusal("verify", "korea")


# ------------------------------------------------------------------ the document


def two_depots() -> Written:
    """A deal worth 10 a period, 4 once it collapses; two things that could be hidden."""
    return {
        "parties": {"north": {"discount": "0.5"}, "south": {}},
        "issues": {"arms": {"options": ["held", "gone"], "control": "north", "covert": False}},
        "status_quo": {"arms": "held"},
        "values": {"north": {"scores": {"arms": {"held": 4, "gone": 10}}}},
        "packages": {"deal": {"outcome": {"arms": "gone"}}},
        "violations": {
            "depot": {"party": "north", "gain": 3},
            "ring": {"party": "north", "gain": 1, "breakout": {"takes": 2, "prize": 2}},
            "smuggling": {"party": "south"},
        },
        "verification": {
            "period": "year",
            "measures": {
                "eyes": {
                    "detects": {"depot": "0.5", "ring": "0.25"},
                    "false_alarm": "0.1",
                    "cost": 2,
                },
                "ears": {"detects": {"ring": "0.5"}, "requires": "arms == held", "cost": 1},
            },
        },
    }


def leaves(entry: Any, path: str = "") -> Any:
    """Every number, word and empty list of a document, with its path."""
    inner = entry.items() if isinstance(entry, dict) else enumerate(entry)
    for key, value in inner:
        if isinstance(value, (dict, list)) and value:
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def test_every_field_of_the_document() -> None:
    document = asked(two_depots()).to_dict()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    # W = (5 + 0.2) / 0.55 and K = 0.9 · 6 / 1.1; each set found with D = 1 − 0.9 (1 − d).
    worth, lost = 104 / 11, 54 / 11

    def cheating(gain: float, d: float) -> float:
        alarm = 1 - 0.9 * (1 - d)
        return worth - (0.5 * (10 + gain) + 0.5 * alarm * 4) / (1 - 0.5 * (1 - alarm))

    unseen = 0.9 * 0.75
    tries = 0.5 * 11 + 0.5 * (1 - unseen) * 4  # a period of the dash; undone by any alarm
    dash = worth - (tries + 0.5 * unseen * (tries + 0.5 * unseen * 6))
    jointly = max(3 / lost, 1 - (1 - 4 / lost) ** 0.5)
    nothing: dict[str, Any] = {"expected_time": None, "margin": None, "critical_detection": None}
    expected = {
        "outcome": {"arms": "gone"},
        "package": "deal",
        "enforceable": "with verification",
        "parties": {
            "north": {
                "signs": True,
                "verdict": "with verification",
                "bracket": "not enforceable",  # 4 > 6 · (0.6625 − 0.1): F13
                "stake": lost,
                "comply": 10,
                "worth": worth,
                "punished": 4,
                "discount": 0.5,
                "gains": {"depot": 3, "ring": 1},
                "detection": {"depot": 0.5, "ring": 0.25},
                "critical_detection": {"depot": 3 / lost, "ring": 1 / lost},
                "critical_detection_jointly": jointly,
                "critical_discount": 4 / (0.9 * 4 + 0.5625 * 6),
                "critical_false_alarm": None,
                "shortest_punishment": None,
                "margin": cheating(4, 0.625),
                "worst_violation": ["depot", "ring"],
                "leave": worth - 4,
                "guarantee_needed": (2 - 0.45 * 0.625 * 60 / 11) / (0.5 * 0.625),
                "guarantee_needed_at_best": 0,
                "best": 10,
                "harshest": 4,
                "sets": 3,
                "violations": {
                    "depot": {
                        "issue": None,
                        "option": None,
                        "generated": False,
                        "gain": 3,
                        "detection": 0.5,
                        "seen_by": {"eyes": 0.5},
                        "critical_detection": 3 / lost,
                        "margin": cheating(3, 0.5),
                        "expected_time": 1 / 0.55,
                        "breakout": None,
                        "deterred": False,
                    },
                    "ring": {
                        "issue": None,
                        "option": None,
                        "generated": False,
                        "gain": 1,
                        "detection": 0.25,
                        "seen_by": {"eyes": 0.25},
                        "critical_detection": 1 / lost,
                        "margin": cheating(1, 0.25),
                        "expected_time": 1 / 0.325,
                        "breakout": {
                            "takes": 2,
                            "prize": 2,
                            "margin": dash,
                            "useful_periods": 2,
                            "timely": 1 - 0.75**2,
                        },
                        "deterred": True,
                    },
                },
            }
        },
        "needs": {"south": "values"},
        "seen": {
            "south": {
                "smuggling": {
                    "issue": None,
                    "option": None,
                    "generated": False,
                    "gain": None,
                    "detection": 0,
                    "seen_by": {},
                    "breakout": None,
                    "deterred": None,
                    **nothing,
                }
            }
        },
        "standing": {"measures": ["eyes"], "false_alarm": 0.1},
        "measures": {
            "chosen": ["eyes"],
            "cost": 2,
            "false_alarm": 0.1,
            "margins": {"north": cheating(4, 0.625)},
            "leave": {"north": worth - 4},
            "deters": False,
            "beyond": [{"party": "north", "violations": ["depot"]}],
            "stays_tempting": [],
            "alternatives": [],
            "effects": {
                "eyes": {
                    "chosen": True,
                    "useful": True,
                    "cost": 2,
                    "false_alarm": 0.1,
                    "without": {"north": -4},
                    "with": {"north": cheating(4, 0.625)},
                }
            },
            "budget": None,
            "cheapest_without_budget": None,
            "refused": {"ears": "arms == held"},
            "without_cost": [],
            "counted": False,
        },
        "visits": [],
        "punishers": {"north": -6},
        "restoring": [
            {"issue": "arms", "option": "gone", "after": 0, "by": {"north": -6}, "credible": False}
        ],
        "period": "year",
        "lag": 0,
        "punishment": "forever",
        "weapons_without_breakout": [],
    }
    needed = document["parties"]["north"]["violations"]["ring"]["breakout"].pop(
        "critical_detection"
    )
    assert 0 < needed < 0.25
    for key in ("definition", "reasons", "remarks"):
        said = document.pop(key)
        assert said and isinstance(said, str if key == "definition" else list)
    found, wanted = dict(leaves(document)), dict(leaves(expected))
    assert set(found) == set(wanted)
    for path, value in wanted.items():
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            assert found[path] == pytest.approx(value, abs=1e-9), path
        else:
            assert found[path] == value, path


def test_a_plan_of_visits_is_in_the_document() -> None:
    written = two_depots()
    written["values"]["north"]["scores"]["arms"]["gone"] = 16  # enough to lose
    (plan,) = asked(written).to_dict()["visits"]
    assert (plan["party"], plan["available"], plan["within"]) == ("north", None, None)
    for kind in ("rotation", "independent"):
        assert set(plan[kind]) == {"depot", "ring"}
        assert plan[f"{kind}_total"] == pytest.approx(sum(plan[kind].values()))
    assert plan["rotation_total"] <= plan["independent_total"] + 1e-9
    half = plan["rotation_total"] / 2
    (short,) = asked(written, visits=half).to_dict()["visits"]
    assert short["available"] == half
    assert sum(short["within"].values()) == pytest.approx(half)
    assert short["within_margin"] < 0


@pytest.mark.parametrize("lag", [0, 2])
def test_patience_raises_the_margin_where_the_aftermath_stays_the_same(lag: int) -> None:
    def least(discount: str) -> float:
        written = arms_deal(lag=lag)
        written["parties"]["north"]["discount"] = discount
        return float(asked(written).parties["north"].margin)

    found = [least(discount) for discount in ("0.1", "0.3", "0.5", "0.7", "0.8", "0.9", "0.95")]
    signs = [margin >= 0 for margin in found]
    assert signs == sorted(signs) and not signs[0] and signs[-1]
    # Without false alarms honesty is worth the same to all, and the margin itself rises.
    quiet = {"posts": {"detects": {"arms": 0.5}, "cost": 3}}

    def quietly(discount: str) -> float:
        written = arms_deal(lag=lag, measures=quiet)
        written["parties"]["north"]["discount"] = discount
        return float(asked(written).parties["north"].margin)

    rising = [quietly(discount) for discount in ("0.1", "0.3", "0.5", "0.7", "0.9", "0.99")]
    assert rising == sorted(set(rising))


def test_no_such_solution() -> None:
    written = arms_deal()
    for party in written["parties"].values():
        party["walk_away"] = 1000
    with pytest.raises(CaseError, match="there is no nash solution to look at"):
        asked(written, "nash")


def test_remarks_on_what_is_left_out_or_taken_as_given() -> None:
    written = two_depots()
    written["parties"]["north"]["breakdown"] = {"base": 4}
    written["violations"]["depot"] = {"party": "north"}
    del written["violations"]["ring"]["gain"]
    written["verification"]["measures"] = {"ears": {}, "eyes": {"detects": {"depot": [0.2, 0.4]}}}
    said = " ".join(asked(written).remarks)
    for part in (
        "Ears: no chance of detection is stated",
        "South has no values",
        "values a collapse as its own breakdown says",
        "“ring”: the case states no gain per year, so it is judged by its breakout alone",
        "“depot”: the case states neither a gain nor a breakout",
        "Likely values stand for the ranges",
    ):
        assert part in said
