"""Which packages are accepted in the largest share of codings, and what that costs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from detente.case.schema import Case
from detente.model.sentences import listed, number, say
from detente.uncertainty.answer import Robust, RobustChoice
from detente.views.hold.words import is_today
from detente.views.naming import RULE_NAMES, capital, percent
from detente.views.roadmap.words import option_text
from detente.views.stress.shares import interval_text, share_text

LEAST = 0.05
"""A difference in points below this is none: half of the last digit that is told."""


def robust_name(case: Case, found: RobustChoice, entry: Robust) -> str:
    """What a package is called: by the case, as a solution, or by how it differs from another."""
    packages = [f"“{case.package_name(name)}”" for name in entry.names if name in case.packages]
    rules = [RULE_NAMES[name] for name in entry.names if name in RULE_NAMES]
    told = packages + ([say("verification.solution", rule=listed(rules))] if rules else [])
    if told:
        return told[0]
    if is_today(case, entry.outcome):
        return say("hold.outcome.today")
    if "asked" in entry.names:
        return say("stress.robust.asked")
    if entry is found.best:
        return say("stress.robust.largest_share")
    base = asked_about(found)
    terms = listed(_changed(case, base, entry))
    return say("stress.robust.changed", package=robust_name(case, found, base), terms=terms)


def asked_about(found: RobustChoice) -> Robust:
    """The package that the question is about; it is always among those told of."""
    return next(entry for entry in found.packages if "asked" in entry.names)


def _changed(case: Case, base: Robust, entry: Robust) -> list[str]:
    """The terms in which a package differs from another."""
    differs = [issue for issue in case.issues if entry.outcome[issue] != base.outcome[issue]]
    return [option_text(case, issue, entry.outcome[issue]) for issue in differs]


def robust_marks(entry: Robust) -> str:
    """That it is the one that was asked about, or that no other has a larger share."""
    keys = [name.replace(" ", "_") for name in ("asked", "largest share") if name in entry.names]
    return listed(say(f"stress.robust.mark_{key}") for key in keys)


def robust_sentences(case: Case, found: RobustChoice) -> list[str]:
    """The package with the largest share, how sure that is, and what it costs."""
    compared = say("stress.robust.compared", **_codings(found))
    told = [_largest(case, found), _terms(case, found), _cost(case, found), compared]
    return [text for text in told if text]


def _codings(found: RobustChoice) -> dict[str, Any]:
    """In how many codings they are compared."""
    return {"samples": f"{found.samples:,}", "count": found.samples}


def _terms(case: Case, found: RobustChoice) -> str:
    """How it differs from the one that was asked about, where it has no name of its own."""
    best, base = found.best, asked_about(found)
    known = {"asked", *case.packages, *RULE_NAMES}
    if not best.acceptable.count or known & set(best.names) or is_today(case, best.outcome):
        return ""
    terms = _changed(case, base, best)
    package = robust_name(case, found, base)
    return say("stress.robust.terms", package=package, count=len(terms), terms=listed(terms))


def _largest(case: Case, found: RobustChoice) -> str:
    best = found.best
    if not best.acceptable.count:
        key = "none" if found.exact and not found.bound else "none_found"
        codings = say("stress.robust.searched", **_codings(found))
        return say(f"stress.robust.{key}", codings=codings, count=found.searched)
    told = say(
        "stress.robust.best",
        count=found.searched,
        package=robust_name(case, found, best),
        share=share_text(best.acceptable),
        interval=interval_text(best.acceptable),
    )
    if not found.exact:
        return f"{told} {say('stress.robust.bound', bound=percent(found.bound, 1))}"
    if found.ties > 1:
        return f"{told} {say('stress.robust.ties', count=found.ties - 1)}"
    return told


def likeliest(found: RobustChoice) -> Robust | None:
    """Of the packages told of, the one whose smallest gain at the likely values is largest."""
    known = [entry for entry in found.packages if entry.likely_gain is not None]
    return max(known, key=lambda entry: entry.likely_gain or 0.0, default=None)


def cost(found: RobustChoice) -> float | None:
    """What the most robust package's smallest gain lacks, at the likely values, to the largest."""
    there = likeliest(found)
    if there is None or there.likely_gain is None or found.best.likely_gain is None:
        return None
    return there.likely_gain - found.best.likely_gain


def _cost(case: Case, found: RobustChoice) -> str:
    """What is paid for robustness at the likely values, and what it buys."""
    paid, there, best = cost(found), likeliest(found), found.best
    if paid is None or there is None or not best.acceptable.count or len(found.packages) < 2:
        return ""
    if paid < LEAST:
        return say("stress.robust.free")
    return say(
        "stress.robust.cost",
        points=number(paid),
        count=1 if number(paid) == "1" else 2,
        other=robust_name(case, found, there),
        share=share_text(best.acceptable),
        against=share_text(there.acceptable),
    )


def notable(found: RobustChoice) -> RobustChoice:
    """Without packages that have no name: only the best and the best at the likely values."""
    kept = (found.best, likeliest(found))
    told = [e for e in found.packages if e in kept or set(e.names) - {"largest share"}]
    return replace(found, packages=tuple(told))


def robust_rows(case: Case, found: RobustChoice) -> list[list[str]]:
    """The packages: name, share, mean smallest gain, greatest regret, gain at likely values."""
    rows = []
    for entry in found.packages:
        marks = robust_marks(entry)
        name = capital(robust_name(case, found, entry))
        if name.count("“") == 1:
            name = name.strip("“”")
        known = [entry.smallest_gain, entry.greatest_regret, entry.likely_gain]
        signs = (True, False, True)
        rows.append(
            [
                say("stress.robust.marked", name=name, marks=marks) if marks else name,
                share_text(entry.acceptable),
                *("–" if v is None else number(v, s) for v, s in zip(known, signs, strict=True)),
            ]
        )
    return rows
