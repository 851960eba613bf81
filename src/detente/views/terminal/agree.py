"""The terminal view of ``agree``."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import RenderableType

from detente.agreement.answer import AgreeResult
from detente.case.schema import Case
from detente.model.sentences import listed, number, quantity, say
from detente.views.naming import RULE_NAMES, capital, percent
from detente.views.terminal.layout import (
    NO,
    YES,
    bullets,
    heading,
    sentence,
    table,
)
from detente.views.terminal.opening import opening
from detente.views.terminal.package import package_blocks


def agree_blocks(result: AgreeResult) -> list[RenderableType]:
    """The finding, a package if one was asked about, who blocks what, reference points."""
    case = result.case
    blocks = opening(case)
    if result.package is not None:
        return [*blocks, *package_blocks(result), sentence(""), _method(result)]
    blocks += [sentence(text) for text in _findings(result)]
    if result.blocking is not None and result.survey is not None:
        title = say("terminal.agree.refusals", feasible=quantity(result.feasible))
        blocks += [heading(title), _refusals(result)]
    if result.packages:
        blocks += [heading(say("terminal.agree.packages")), _packages(result)]
    if result.solutions:
        blocks += [heading(say("terminal.agree.reference")), *_reference(result)]
    return [*blocks, sentence(""), _method(result)]


def _method(result: AgreeResult) -> RenderableType:
    """How it was found, what was not done, and what else can be asked."""
    remarks = " ".join(capital(f"{remark}.") for remark in result.remarks)
    texts = [say("terminal.agree.method", method=result.method, remarks=remarks).strip()]
    texts.append(say("terminal.assumes"))
    if result.package is not None:
        texts.append(say("terminal.agree.without_outcome"))
    return sentence(" ".join(texts), "dim")


def signers(case: Case) -> str:
    """Who has to consent, in words."""
    if not case.agreement.unanimous:
        return say("terminal.agree.signers_quota")
    if len(case.signing) == 1:
        return say("terminal.agree.signers_one")
    key = "signers_two" if len(case.signing) == 2 else "signers_all"
    return say(f"terminal.agree.{key}", count=len(case.signing))


def _findings(result: AgreeResult) -> list[str]:
    case, texts = result.case, []
    if result.acceptable is None:
        texts.append(say("terminal.agree.not_counted"))
    elif result.acceptable:
        counts = {"acceptable": result.acceptable, "feasible": result.feasible}
        texts.append(say("terminal.agree.acceptable", signers=signers(case), **counts))
    else:
        texts.append(say("terminal.agree.acceptable_none", signers=signers(case)))
    if result.why_not:
        texts.append(result.why_not)
    if result.efficient_acceptable is not None and result.efficient_acceptable.count:
        key = "efficient" if result.acceptable is not None else "efficient_uncounted"
        texts.append(say(f"terminal.agree.{key}", count=result.efficient_acceptable.count))
    for party, what in result.needs.items():
        unsigned = "" if party in case.signing else "_unsigned"
        consequence = say(f"terminal.agree.needs_{what}{unsigned}")
        named = case.party_name(party)
        texts.append(say("terminal.agree.needs", party=named, what=what, consequence=consequence))
    return texts


def _refusals(result: AgreeResult) -> RenderableType:
    assert result.blocking is not None
    rows = [
        [
            result.case.party_name(name),
            f"{entry.refuses:,}",
            percent(entry.refuses, result.feasible),
            f"{entry.alone_refuses:,}",
        ]
        for name, entry in result.blocking.items()
    ]
    return table(["Party", "refuses", "share", "only it refuses"], rows, numbers=[1, 2, 3])


def _packages(result: AgreeResult) -> RenderableType:
    case, rows = result.case, []
    for name, verdict in result.packages.items():
        refusers = listed(case.party_name(party) for party in verdict.refused_by)
        if not verdict.feasible:
            shown = f"{NO} {say('terminal.agree.package_breaks_rule')}"
        elif verdict.acceptable:
            shown = f"{YES} {say('terminal.agree.package_acceptable')}"
        else:
            shown = f"{NO} {say('terminal.agree.package_refused', refusers=refusers)}"
        rows.append([case.package_name(name), name, shown])
    return table(["Package", "name", "could be signed?"], rows, unbroken=[1])


def _reference(result: AgreeResult) -> list[RenderableType]:
    """What each rule chooses: values by party, then the terms in which they differ."""
    case = result.case
    letters: dict[tuple[str, ...], str] = {}
    for point in result.solutions.values():
        terms = tuple(point.outcomes[0].outcome.values())
        letters.setdefault(terms, chr(ord("A") + len(letters)))
    firsts = [point.outcomes[0] for point in result.solutions.values()]
    rows = [
        [
            case.party_name(name),
            number(result.walk_away[name]),
            *(number(first.values[name]) for first in firsts),
        ]
        for name in case.signing
    ]
    rows.append(["Terms", "", *(letters[tuple(first.outcome.values())] for first in firsts)])
    headers = [
        "Value to",
        "No deal",
        *(rule_name(rule).replace("–", "–\n") for rule in result.solutions),
    ]
    remarks = [
        say("terminal.agree.ties", rule=rule_name(rule), ties=point.ties)
        for rule, point in result.solutions.items()
        if point.ties > 1
    ]
    for rule, why in result.absent.items():
        remarks.append(say("terminal.agree.absent", rule=rule_name(rule), why=why))
    return [
        table(headers, rows, numbers=range(1, len(headers))),
        *(sentence(text) for text in remarks),
        heading(say("terminal.agree.terms")),
        *_terms(case, letters),
    ]


def _terms(case: Case, letters: Mapping[tuple[str, ...], str]) -> list[RenderableType]:
    """Issues in which the outcomes differ as a table, the others as a list."""
    differ, same = [], []
    for place, issue in enumerate(case.issues):
        options = [case.option_name(issue, terms[place]) for terms in letters]
        if len(set(options)) > 1:
            differ.append([case.issue_name(issue), *options])
        else:
            same.append(f"{case.issue_name(issue)}: {options[0]}")
    blocks = [table(["Issue", *letters.values()], differ)] if differ else []
    if same and differ:
        blocks.append(sentence(say("terminal.agree.same_terms")))
    return [*blocks, bullets(same)] if same else blocks


def rule_name(rule: str) -> str:
    """How a rule is called at the beginning of a line."""
    return capital(RULE_NAMES[rule])
