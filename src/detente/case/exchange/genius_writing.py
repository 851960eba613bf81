"""Writes a case as a Genius domain with a profile per party, and says what that loses.

Genius knows utilities of one form only: weights, which it takes as they stand and which
therefore sum to 1, times evaluations that are divided by the largest of their issue. A
party's additive values are brought into it by adding a constant to an issue whose scores go
below zero and dividing all by one number, which changes no comparison; the walk-away value
goes through the same step.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from xml.etree import ElementTree as ET

from detente.case.bargaining import Party, Values
from detente.case.errors import CaseError, Problem
from detente.case.exchange.foreign import (
    Exported,
    Points,
    left_out,
    some,
    valid_name,
    walk_away_points,
    weighted_scores,
)
from detente.case.exchange.genius import PROFILE_PREFIX
from detente.case.exchange.genius_profiles import DISCOUNT, decimal
from detente.case.numbers import LARGEST, MAX_DIGITS, parse_fraction, show
from detente.case.schema import Case

_KEPT_DISCOUNT = re.compile(re.escape(DISCOUNT).replace(r"\{\}", r"(\d+(?:[./]\d+)?)"))


@dataclass(frozen=True)
class _Utility:
    """A party's values in Genius' form: weights, evaluations and reservation value.

    The utility is (value − ``shift``) / ``scale``.
    """

    weights: Mapping[str, Fraction]
    evaluations: Points
    reservation: Fraction
    scale: Fraction
    shift: Fraction


def write_genius(case: Case, domain: str = "domain.xml") -> Exported:
    """A case as a domain file and one profile per party with scores.

    Parameters
    ----------
    case
        The case.
    domain
        Name of the domain file; the profiles are called ``profile_PARTY.xml``.

    Raises
    ------
    CaseError
        Where a walk-away outcome leaves issues open that have no status quo.
    """
    remarks = any(_beyond_discount(party) for party in case.parties.values())
    lost, notes = list(left_out(case, () if remarks else {"party_remarks"})), list[str]()
    files = {domain: _document(_domain(case))}
    for party in case.parties:
        values = case.values.get(party)
        if values is None or values.scores is None:
            lost.append(f"the party {party}, which has no scores")
            continue
        utility = _utility(case, party, values)
        if case.parties[party].walk_away.number is None:
            notes.append(f"{party}: what it has without a deal was written as a value")
        notes += _explained(party, utility)
        if any(_rounded(list(table.values())) for table in utility.evaluations.values()):
            lost.append(f"the last digits of the evaluations of {party}")
        files[f"{PROFILE_PREFIX}{party}.xml"] = _document(_profile(case, party, utility))
    return Exported(files, tuple(lost), tuple(notes))


def genius_losses(case: Case) -> tuple[str, ...]:
    """What a Genius domain with profiles cannot hold of a case, part by part."""
    return write_genius(case).lost


def _beyond_discount(party: Party) -> bool:
    """Whether a party has remarks besides the sentence that keeps its discount factor."""
    about = _KEPT_DISCOUNT.sub("", party.about or "").strip()
    return bool(about or party.because or party.source)


# Values


def _utility(case: Case, party: str, values: Values) -> _Utility:
    """Values in Genius' form; kept as they stand where they have it up to one factor."""
    scores = {
        issue: {option: number.point for option, number in table.items()}
        for issue, table in (values.scores or {}).items()
    }
    weights = None
    if values.weights is not None:
        weights = {issue: number.point for issue, number in values.weights.items()}
    shares = weighted_scores(values)
    walk_away = walk_away_points(case, party, shares)
    best = {max(table.values()) for table in scores.values()} - {Fraction(0)}
    if weights and len(best) == 1 and min(min(t.values()) for t in scores.values()) >= 0:
        scale = best.pop()
        return _Utility(weights, scores, walk_away / scale, scale, Fraction(0))
    zero = Fraction(0)
    lifted = {issue: min(zero, *table.values()) for issue, table in shares.items()}
    evaluations = {
        issue: {option: value - lifted[issue] for option, value in table.items()}
        for issue, table in shares.items()
    }
    largest = {issue: max(table.values()) for issue, table in evaluations.items()}
    shift, scale = sum(lifted.values(), zero), sum(largest.values(), zero)
    if scale == 0:
        largest, scale = dict.fromkeys(case.issues, Fraction(1)), Fraction(1)
    return _Utility(largest, evaluations, (walk_away - shift) / scale, scale, shift)


def _explained(party: str, utility: _Utility) -> list[str]:
    """What was done to a party's values, where anything was."""
    notes = []
    if utility.shift:
        notes.append(f"{party}: {show(-utility.shift)} was added, so that no score is below 0")
    if utility.scale != 1:
        notes.append(f"{party}: values were divided by {show(utility.scale)}, as Genius does")
    if not any(any(table.values()) for table in utility.evaluations.values()):
        notes.append(f"{party} has the same value for every outcome; its evaluations are 0")
    if "/" in show(utility.reservation):
        shown = show(utility.reservation)
        notes.append(f"{party}: the walk-away {shown} has no decimal and was rounded down")
    if not 0 <= utility.reservation <= 1:
        shown = show(utility.reservation)
        notes.append(f"{party}: the walk-away is {shown}, outside Genius' scale from 0 to 1")
    return notes


def _decimals(numbers: Sequence[Fraction]) -> list[str]:
    """Numbers up to a common factor, as decimals that end.

    Where that takes numbers beyond those of a case, they are rounded down instead.
    """
    factor = lcm(*(number.denominator for number in numbers))
    if any("/" in show(n) for n in numbers) and max(numbers) * factor <= LARGEST:
        numbers = [number * factor for number in numbers]
    return [decimal(number) for number in numbers]


def _rounded(numbers: Sequence[Fraction]) -> bool:
    """Whether :func:`_decimals` changes their proportions."""
    written = [Fraction(text) for text in _decimals(numbers)]
    return any(a * sum(numbers) != b * sum(written) for a, b in zip(written, numbers, strict=True))


# XML


def _domain(case: Case) -> ET.Element:
    root = ET.Element("negotiation_template")
    space = ET.SubElement(root, "utility_space", number_of_issues=str(len(case.issues)))
    objective = _objective(space, case.title)
    for index, issue in enumerate(case.issues, start=1):
        node = _issue(objective, index, issue, case)
        for place, (option, wording) in enumerate(_wordings(case, issue).items(), start=1):
            item = ET.SubElement(node, "item", index=str(place), value=wording, description="")
            _keep_key(item, option, valid_name(wording, option=True))
    return root


def _profile(case: Case, party: str, utility: _Utility) -> ET.Element:
    root = ET.Element("utility_space", type="any", number_of_issues=str(len(case.issues)))
    objective = _objective(root, case.parties[party].name or case.title)
    for index, issue in enumerate(case.issues, start=1):
        node = _issue(objective, index, issue, case)
        table = utility.evaluations.get(issue, {})
        evaluations = _decimals([table.get(option, Fraction(0)) for option in case.options[issue]])
        wordings = _wordings(case, issue).values()
        for place, (wording, number) in enumerate(zip(wordings, evaluations, strict=True), start=1):
            ET.SubElement(node, "item", index=str(place), value=wording, evaluation=number)
    total = sum(utility.weights.values())
    for index, issue in enumerate(case.issues, start=1):
        share = utility.weights.get(issue, Fraction(0)) / total
        _exactly(ET.SubElement(objective, "weight", index=str(index)), share)
    kept = _KEPT_DISCOUNT.search(case.parties[party].about or "")
    discount = decimal(parse_fraction(kept[1])) if kept else "1"
    ET.SubElement(root, "discount_factor", value=discount)
    _exactly(ET.SubElement(root, "reservation"), utility.reservation)
    return root


def _objective(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(
        parent,
        "objective",
        {"index": "0", "etype": "objective", "type": "objective", "description": "", "name": name},
    )


def _issue(objective: ET.Element, index: int, issue: str, case: Case) -> ET.Element:
    kind = dict.fromkeys(("etype", "type", "vtype"), "discrete")
    wording = _unique({key: case.issue_name(key) for key in case.issues})[issue]
    node = ET.SubElement(objective, "issue", {"index": str(index), "name": wording, **kind})
    _keep_key(node, issue, valid_name(wording))
    return node


def _wordings(case: Case, issue: str) -> dict[str, str]:
    options = case.issues[issue].options
    return _unique({option: options[option].name for option in options})


def _unique(wordings: dict[str, str]) -> dict[str, str]:
    """Wordings that differ; the keys where two are the same."""
    return wordings if len(set(wordings.values())) == len(wordings) else {k: k for k in wordings}


def _keep_key(node: ET.Element, key: str, otherwise: str) -> None:
    """An attribute of ours, which Genius passes over, for reading back the same name."""
    if otherwise != key:
        node.set("key", key)


def _exactly(node: ET.Element, number: Fraction) -> None:
    """A decimal for Genius; the fraction, where it is none, in an attribute of ours."""
    node.set("value", decimal(number))
    exact = show(number)
    if exact != decimal(number) and len(exact) <= MAX_DIGITS:
        node.set("exact", exact)


def _document(root: ET.Element) -> bytes:
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    forbidden = re.findall("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if forbidden:
        what = f"a name holds the character {some(map(repr, forbidden))}, which XML cannot"
        raise CaseError(Problem(what, "take it out of the case"))
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + text + "\n").encode()
