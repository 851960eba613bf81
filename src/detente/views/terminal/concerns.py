"""The terminal view of ``concerns``."""

from __future__ import annotations

import string

from rich.console import Group, RenderableType

from detente.agreement.clashes import Clash
from detente.agreement.concerns import ConcernsResult
from detente.model.sentences import listed, say
from detente.views.naming import percent
from detente.views.terminal.layout import NO, YES, bullets, heading, sentence, table
from detente.views.terminal.opening import opening


def concerns_blocks(result: ConcernsResult) -> list[RenderableType]:
    """The finding, the table of packages and concerns, and every clash with its ways out."""
    blocks = [*opening(result.case), *(sentence(text) for text in _findings(result))]
    if not result.rows:
        return blocks
    blocks.append(heading("Who must have what (!), who wants what, and which packages give it"))
    blocks.append(_table(result))
    for number, clash in enumerate(result.clashes, start=1):
        blocks += _clash(result, number, clash)
    return blocks


def _findings(result: ConcernsResult) -> list[str]:
    if not result.rows:
        return [say("terminal.concerns.no_concerns")]
    if not result.red_lines:
        return [say("terminal.concerns.no_red_lines")]
    counts = {"all": result.all_musts_met_by, "feasible": result.feasible}
    if not result.clashes:
        return [say("terminal.concerns.clash_none", **counts)]
    if not result.signing_musts_met_by:
        return [say("terminal.concerns.clash_some")]
    case = result.case
    owners = {result.red_lines[n].party for clash in result.clashes for n in clash.red_lines}
    outside = [p for p in case.parties if p in owners and p not in case.signing]
    counts = {"signing": result.signing_musts_met_by, "feasible": result.feasible}
    others = listed(case.party_name(party) for party in outside)
    return [say("terminal.concerns.clash_signing", others=others, **counts)]


def _table(result: ConcernsResult) -> RenderableType:
    """One row a concern, grouped by party; one mark a package, under its letter."""
    case = result.case
    names = [name for name in result.packages if name != "status_quo"]
    today = "status_quo" in result.packages
    shown = ["status_quo", *names] if today else names
    letters = [string.ascii_letters[place] for place in range(len(names))]
    rows: list[tuple[str, str, str]] = []
    owner = None
    for place, row in enumerate(result.rows):
        if row.party != owner:
            owner = row.party
            rows.append((case.party_name(owner), "", ""))
        mark = "! " if row.concern.must else "  "
        met = " ".join(YES if result.packages[name][place] else NO for name in shown)
        rows.append((mark + row.concern.name, percent(row.met_by, result.feasible), met))
    header = " ".join((["0"] if today else []) + letters)
    key = [
        f"{letter}  {case.package_name(name)}" for letter, name in zip(letters, names, strict=True)
    ]
    if today:
        key.insert(0, say("terminal.concerns.today"))
    return Group(
        table(["Concern", "met by", header], rows, numbers=[1], unbroken=[1, 2]),
        *(sentence(f" {text}", "dim") for text in key),
    )


def _clash(result: ConcernsResult, number: int, clash: Clash) -> list[RenderableType]:
    case = result.case
    key = (
        "terminal.concerns.clash_alone" if len(clash.red_lines) == 1 else "terminal.concerns.clash"
    )
    lines = [result.red_lines[place] for place in clash.red_lines]
    named = [f"{case.party_name(line.party)}: {line.concern.name}" for line in lines]
    blocks = [heading(say(key, number=str(number))), bullets(named, "!")]
    if clash.rules and clash.rules[0]:
        rules = listed(str(place + 1) for place in clash.rules[0])
        blocks.append(sentence(say("terminal.concerns.with_rules", rules=rules)))
        blocks.append(bullets(str(case.rules[place]) for place in clash.rules[0]))
    blocks.append(sentence(say("terminal.concerns.freed")))
    blocks.append(bullets(result.freed_by(clash), "→"))
    return blocks
