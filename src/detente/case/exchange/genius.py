"""Genius domains and preference profiles (XML), read with Genius' own meaning.

A domain file lists issues and their values; a profile per party holds evaluations and
weights. An issue's score is the evaluation divided by the largest one of that issue (0
where that is 0), weights are divided by their sum, and the utility of an outcome is the
weighted sum, between 0 and 1. The reservation value is the walk-away value on that scale;
the discount factor belongs to time during the bargaining, so it is no ``discount`` of a
case and is kept as a sentence in the text about the party.

Source: the Genius negotiation environment (Lin, Kraus, Baarslag, Tykhonov, Hindriks and
Jonker, "Genius: an integrated environment for supporting the design of generic automated
negotiators", Computational Intelligence 30(1), 2014); of an integer issue, the value v is
worth offset + slope · (v − lowerbound), cut to [0, 1].
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path as FilePath
from typing import Any

from detente.case.document import Document
from detente.case.errors import CaseError, Problem, unknown
from detente.case.exchange.elements import Node, only, parse_xml
from detente.case.exchange.foreign import Imported, some, valid_name, wording_of
from detente.case.exchange.genius_profiles import (
    NO_TITLES,
    GeniusIssue,
    Profile,
    Value,
    objective_of,
)
from detente.case.loading import load_document

PROFILE_PREFIX = "profile_"
"""What the file names of all profiles may begin with, besides the party's name."""


def read_genius(
    path: FilePath, profiles: Sequence[FilePath] | None = None, most_options: int = 1000
) -> Imported:
    """Read a domain with its profiles.

    Parameters
    ----------
    path
        The domain file, or a folder that holds one.
    profiles
        The profile files, one per party; by default all files beside the domain that are
        profiles of it.
    most_options
        Most options that an integer issue may become.

    Raises
    ------
    CaseError
        With file, line, what is wrong and what to do.
    """
    notes: list[str] = []
    path, root = _domain_file(path)
    objective = objective_of(only(root, "utility_space"))
    issues = _issues(objective, most_options)
    if profiles is None:
        profiles = list(_profiles_beside(path, issues, notes))
        if not profiles:
            notes.append(
                f"no profile of this domain stands beside {path.name}: the case has no values, "
                "and a party that stands in for the real ones"
            )
    names = _party_names(profiles)
    data: dict[str, Any] = {
        "detente": "1",
        "title": _title(objective, path),
        "parties": {name: {} for name in names} or {"party": {"name": "A party"}},
        "issues": {issue.key: _issue_data(issue) for issue in issues},
        "values": {},
    }
    problems: list[Problem] = []
    for name, profile in zip(names, profiles, strict=True):
        try:
            values = Profile(name, parse_xml(profile), issues, objective, notes)
            data["parties"][name] = values.party()
            data["values"][name] = values.values()
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)
    return Imported(load_document(Document(str(path), data)), tuple(notes))


# Files


def _domain_file(path: FilePath) -> tuple[FilePath, Node]:
    """The domain file that is meant, and its content."""
    if not path.is_dir():
        root = parse_xml(path)
        if root.tag == "utility_space":
            raise CaseError(
                Problem(
                    f"{path} is a profile, not a domain",
                    "name the domain file (its first element is negotiation_template), "
                    "or the folder",
                )
            )
        if root.tag != "negotiation_template":
            what = f"{path} is no Genius domain: its first element is {root.tag}"
            raise CaseError(Problem(what, "a domain begins with <negotiation_template>"))
        return path, root
    found = [(file, parse_xml(file)) for file in _xml_files(path)]
    domains = [(file, root) for file, root in found if root.tag == "negotiation_template"]
    if len(domains) == 1:
        return domains[0]
    if domains:
        listed = some(file.name for file, _ in domains)
        raise CaseError(Problem(f"{path} holds several domains: {listed}", "name one of them"))
    what = f"{path} holds no Genius domain"
    raise CaseError(Problem(what, "a domain is an .xml file that begins <negotiation_template>"))


def _xml_files(folder: FilePath) -> list[FilePath]:
    def natural(path: FilePath) -> list[Any]:
        parts = re.split(r"(\d+)", path.name.lower())
        return [(int(p), "") if p.isdecimal() else (-1, p) for p in parts]

    return sorted((p for p in folder.iterdir() if p.suffix.lower() == ".xml"), key=natural)


def _profiles_beside(
    domain: FilePath, issues: Sequence[GeniusIssue], notes: list[str]
) -> Iterable[FilePath]:
    """Files beside the domain that hold evaluations of exactly its issues."""
    expected = {issue.index: issue.wording.strip() for issue in issues}
    for path in _xml_files(domain.parent):
        if path.name == domain.name:
            continue
        root = parse_xml(path)
        objectives = root.all("objective") if root.tag == "utility_space" else []
        named = {
            node.attributes.get("index"): node.attributes.get("name", "").strip()
            for objective in objectives
            for node in objective.all("issue")
        }
        if named == expected:
            yield path
        else:
            notes.append(f"{path.name} was not read: it is no profile of {domain.name}")


def _party_names(profiles: Sequence[FilePath]) -> list[str]:
    stems = [profile.stem for profile in profiles]
    if all(len(stem) > len(PROFILE_PREFIX) and stem.startswith(PROFILE_PREFIX) for stem in stems):
        stems = [stem.removeprefix(PROFILE_PREFIX) for stem in stems]
    names: list[str] = []
    for stem in stems:
        names.append(valid_name(stem, names))
    return names


def _title(objective: Node, path: FilePath) -> str:
    name = objective.attributes.get("name", "").strip()
    return path.stem.replace("_", " ") if name.lower() in NO_TITLES else name


def _issues(objective: Node, most_options: int) -> list[GeniusIssue]:
    out: list[GeniusIssue] = []
    problems: list[Problem] = []
    taken: list[str] = []
    for node in objective.all("issue"):
        try:
            out.append(_issue(node, taken, most_options))
            taken.append(out[-1].key)
        except CaseError as error:
            problems += error.problems
    indices = [issue.index for issue in out]
    for node in objective.all("issue"):
        if indices.count(node.attributes.get("index", "")) > 1:
            what = f"two issues have the index {node.attributes['index']}"
            problems.append(Problem(what, "profiles refer to issues by index", node.place))
    if not out and not problems:
        problems.append(Problem("the domain has no issues", "", objective.place))
    if problems:
        raise CaseError(problems)
    return out


def _issue(node: Node, taken: Sequence[str], most_options: int) -> GeniusIssue:
    wording, index = node.get("name"), node.get("index")
    kind = node.attributes.get("vtype") or node.attributes.get("type") or "discrete"
    key = _key(node, wording, taken, option=False)
    if kind == "real":
        raise CaseError(
            Problem(
                f"the issue {wording!r} takes any number, and an issue of a case has options",
                "replace it in the domain by a discrete issue with the values that matter",
                node.place,
            )
        )
    if kind not in ("discrete", "integer"):
        what, help = unknown("kind of issue", kind, ["discrete", "integer"])
        raise CaseError(Problem(f"{what} ({wording!r})", help, node.place))
    if kind == "integer" and not node.all("item"):
        low, high = (_bound(node, end, wording) for end in ("lowerbound", "upperbound"))
        if high - low + 1 > most_options:
            what = f"the integer issue {wording!r} has {high - low + 1:,} values"
            help = f"at most {most_options:,} become options (most_options)"
            raise CaseError(Problem(what, help, node.place))
        texts = [str(number) for number in range(low, high + 1)]
        keys: list[str] = []
        for text in texts:
            keys.append(text.replace("-", "minus_"))
        numbers = tuple(Value(k, t, t) for k, t in zip(keys, texts, strict=True))
        return GeniusIssue(key, wording, index, numbers, low)
    values: tuple[Value, ...] = ()
    for item in node.all("item"):
        if item.get("value") in [value.wording for value in values]:
            what = f"the value {item.get('value')!r} of {wording!r} is listed twice"
            raise CaseError(Problem(what, "take one of them out", item.place))
        name = _key(item, item.get("value"), [value.key for value in values], option=True)
        position = str(len(values) + 1)
        values += (Value(name, item.get("value"), item.attributes.get("index", position)),)
    return GeniusIssue(key, wording, index, values)


def _key(node: Node, wording: str, taken: Sequence[str], *, option: bool) -> str:
    """The name in a case: the one that an export left beside the wording, or a new one."""
    kept = node.attributes.get("key", "")
    if kept and valid_name(kept, taken, option=option) == kept:
        return kept
    return valid_name(wording, taken, option=option)


def _bound(node: Node, end: str, wording: str) -> int:
    """A bound of an integer issue, which stands in the issue or in a range below it."""
    for holder in (node, *node.all("range")):
        text = holder.attributes.get(end, "")
        if re.fullmatch(r"[-+]?\d{1,9}", text):
            return int(text)
    what = f"the integer issue {wording!r} has no whole number as its {end}"
    raise CaseError(Problem(what, "", node.place))


def _issue_data(issue: GeniusIssue) -> dict[str, Any]:
    options = {
        value.key: {"name": name} if (name := wording_of(value.key, value.wording)) else None
        for value in issue.values
    }
    name = wording_of(issue.key, issue.wording)
    return {**({"name": name} if name else {}), "options": options}
