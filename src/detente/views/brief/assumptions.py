"""What everything above rests on: the judgements, the theories, the engine."""

from __future__ import annotations

from detente.agreement.definitions import SOLUTIONS
from detente.case.provenance import numbers
from detente.model.sentences import listed, say
from detente.views.brief.context import Context
from detente.views.brief.parts import Definitions, FoldOut, Section
from detente.views.brief.wording import counted, party_list
from detente.views.naming import RULE_NAMES, capital, named


def section(context: Context) -> Section:
    """Fold-outs: the numbers, what consent means, the reference points, the computation."""
    definitions = tuple(
        (
            say("brief.assumptions.point_of", rule=RULE_NAMES[name]),
            f"{capital(rule.definition)}. {rule.source}.",
        )
        for name, rule in SOLUTIONS.items()
    )
    entries = (
        (say("brief.assumptions.consent"), " ".join(_consent(context))),
        *definitions,
        (say("brief.assumptions.computation"), " ".join(_computation(context))),
    )
    method = FoldOut(say("brief.how"), (Definitions(entries),), printed=True)
    stated = [number for _, number in numbers(context.case)]
    if not stated:
        headline = say("brief.assumptions.no_numbers")
    else:
        ranges = sum(number.is_range for number in stated)
        bare = sum(not number.source and not number.because for number in stated)
        none = say("brief.assumptions.nothing")
        headline = say(
            "brief.assumptions.headline",
            numbers=counted("numbers", len(stated)),
            ranges=ranges or none,
            bare=bare or none,
        )
    return Section(
        "assumptions",
        say("brief.assumptions.label"),
        headline,
        (say(f"brief.assumptions.{_rests(context)}"),) if stated else (),
        fold_outs=(method,),
    )


def _rests(context: Context) -> str:
    """Whether a section asks what becomes of it all with other values."""
    return "point" if context.stress is None else "point_and_ranges"


def _consent(context: Context) -> tuple[str, ...]:
    case = context.case
    agreement = case.agreement
    rule = "unanimity" if agreement.unanimous else "quota"
    if agreement.weights is not None:
        rule = "weights"
    texts = [
        say(
            f"brief.assumptions.{rule}",
            parties=party_list(case, case.signing),
            quota=str(agreement.quota),
        )
    ]
    if agreement.veto:
        texts.append(say("brief.assumptions.veto", parties=party_list(case, agreement.veto)))
    texts += [say("brief.assumptions.red_lines"), say("brief.assumptions.walk_away")]
    for name, party in case.parties.items():
        if party.factions:
            factions = listed(case.party_name(f"{name}.{key}") for key in party.factions)
            ratification = party.ratification
            key = "all" if ratification is None else ratification.rule or "quota"
            quota = ratification.quota if ratification and ratification.quota else 0
            texts.append(
                say(
                    f"brief.assumptions.ratified_{key}",
                    party=named(case, name),
                    factions=factions,
                    quota=quota,
                )
            )
    return tuple(texts)


def _computation(context: Context) -> tuple[str, ...]:
    from detente import __version__

    found = context.agree
    texts = [
        say(f"brief.assumptions.engine_{found.method}", outcomes=found.total),
        *(capital(remark) + "." for remark in found.remarks),
    ]
    if found.rounded:
        texts.append(
            say("brief.assumptions.rounded", parties=party_list(context.case, found.rounded))
        )
    return (*texts, say("brief.assumptions.version", version=__version__))
