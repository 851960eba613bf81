"""The terminal view of one package: who accepts, who refuses and why, what would help."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from detente.agreement.answer import AgreeResult
from detente.agreement.packages.changes import Change
from detente.agreement.packages.draws import Share
from detente.agreement.packages.package import PackageView, Refusal
from detente.case.schema import Case
from detente.model.sentences import listed, number, say
from detente.views.terminal.layout import NO, YES, bullets, heading, sentence, table


def package_blocks(result: AgreeResult) -> list[RenderableType]:
    """The package that was asked about."""
    view, case = result.package, result.case
    assert view is not None
    name = package_name(case, view)
    blocks = [sentence(_headline(case, view, name), "bold")]
    if view.broken_rules:
        blocks.append(
            bullets(
                say("terminal.package.rule", number=str(b.index + 1), rule=str(b.rule))
                for b in view.broken_rules
            )
        )
    blocks.append(_verdicts(case, view))
    if view.refusals:
        blocks.append(_why(case, view))
    if view.broken_rules:
        return blocks
    blocks += [sentence(text) for text in _remarks(result, view)]
    if view.refusals:
        blocks += [heading(say("terminal.package.wins")), _wins(case, view)]
    trades = list(_trades(result))
    if trades:
        blocks += [heading(say("terminal.package.trades")), bullets(trades)]
    return blocks


def package_name(case: Case, view: PackageView) -> str:
    """The name of the package with this outcome, or its changes from today."""
    outcome = dict(view.outcome)
    for name, package in case.packages.items():
        if case.status_quo is not None and case.complete(package.outcome) == outcome:
            return case.package_name(name)
    if outcome == case.status_quo:
        return "The status quo"
    return "This package"


def change_text(case: Case, change: Change) -> str:
    """A change of one issue in the wording of the case."""
    before = case.option_name(change.issue, change.before)
    after = case.option_name(change.issue, change.after)
    issue = case.issue_name(change.issue)
    return say("terminal.package.change", issue=issue, before=before, after=after)


def refusal_reasons(case: Case, name: str, view: PackageView, refusal: Refusal) -> list[str]:
    """Why a party or faction refuses, one phrase a reason."""
    reasons = []
    if refusal.short is not None:
        ordinal = name in view.ordinal
        key = "terminal.package.short_order" if ordinal else "terminal.package.short"
        reasons.append(say(key, points=refusal.short))
    if refusal.red_lines:
        unmet = listed(f"“{line}”" for line in refusal.red_lines)
        key = "red_line" if len(refusal.red_lines) == 1 else "red_lines"
        reasons.append(say(f"terminal.package.{key}", concerns=unmet))
    for faction, inner in refusal.factions.items():
        why = "; ".join(refusal_reasons(case, faction, view, inner))
        named = case.party_name(faction)
        reasons.append(say("terminal.package.faction", faction=named, why=why))
    return reasons


def _headline(case: Case, view: PackageView, name: str) -> str:
    refusers = [case.party_name(p) for p in case.signing if not view.acceptable_to[p]]
    if view.broken_rules:
        return say("terminal.package.headline_rules", package=name)
    if not refusers:
        return say("terminal.package.headline_all", package=name)
    outcome = "rule" if view.acceptable else "refused"
    return say(f"terminal.package.headline_{outcome}", package=name, refusers=listed(refusers))


def _verdicts(case: Case, view: PackageView) -> RenderableType:
    rows = []
    for name, accepts in view.acceptable_to.items():
        gain = view.gains.get(name)
        shown = "" if gain is None or name in view.ordinal else number(gain, signed=True)
        verdict = f"{YES} {say('terminal.package.accepts')}"
        if not accepts:
            verdict = f"{NO} {say('terminal.package.refuses')}"
        if name not in case.signing:
            verdict += f" ({say('terminal.package.unsigned')})"
        rows.append([case.party_name(name), verdict, shown])
    return table(["Party", "", "against no deal"], rows, numbers=[2])


def _why(case: Case, view: PackageView) -> RenderableType:
    """One line a refuser, with all of its reasons."""
    return bullets(
        say(
            "terminal.package.why",
            party=case.party_name(name),
            reasons="; ".join(refusal_reasons(case, name, view, refusal)),
        )
        for name, refusal in view.refusals.items()
    )


def _remarks(result: AgreeResult, view: PackageView) -> list[str]:
    case, texts = result.case, []
    if view.efficient:
        texts.append(say("terminal.package.efficient"))
    elif view.efficient is False and view.improvements is not None and view.improvements.count:
        texts.append(say("terminal.package.not_efficient", count=view.improvements.count))
    better = view.acceptable_improvements
    if better is not None and better.count and better.smallest_edit is not None:
        changes = [change_text(case, change) for change in better.smallest_edit.changes]
        edit = "; ".join(changes)
        texts.append(say("terminal.package.improvement", count=better.count, changes=edit))
    if result.shares is not None and result.shares.ranges:
        texts.append(_share(result.shares.packages["package"].acceptable))
    return texts


def _share(share: Share) -> str:
    """In which share of codings it is acceptable."""
    samples = f"{share.samples:,}"
    if share.certain:
        return say("terminal.package.shares_certain")
    if share.count in (0, share.samples):
        return say(f"terminal.package.shares_{'all' if share.count else 'none'}", samples=samples)
    found = {"share": share.share, "low": share.low, "high": share.high}
    percents = {name: f"{100 * value:.1f}" for name, value in found.items()}
    return say("terminal.package.shares", samples=samples, **percents)


def _trades(result: AgreeResult) -> Iterator[str]:
    """The best trade of every pair of parties that has one."""
    case = result.case
    for entry in result.trades.trades if result.trades else ():
        if entry.count:
            best, (first, second) = entry.best[0], entry.parties
            yield say(
                "terminal.package.trade",
                count=entry.count,
                changes=" and ".join(change_text(case, change) for change in best.changes),
                first=case.party_name(first),
                second=case.party_name(second),
                gain_first=number(best.gains[first], signed=True),
                gain_second=number(best.gains[second], signed=True),
            )


def _wins(case: Case, view: PackageView) -> RenderableType:
    rows = []
    for name in view.refusals:
        found = view.wins.by_refuser.get(name, ())
        text = say("terminal.package.wins_none")
        if found:
            text = change_text(case, found[0].change)
            if len(found) > 1:
                text = say("terminal.package.wins_more", change=text, count=len(found))
        rows.append([case.party_name(name), text])
    return table(["Refuses now", "won by"], rows)
