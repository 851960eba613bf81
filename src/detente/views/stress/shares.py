"""Shares of codings and verdicts as people read them."""

from __future__ import annotations

import math

from detente.agreement.packages.draws import Share
from detente.case.schema import Case
from detente.model.sentences import say
from detente.uncertainty.answer import Interval, Verdict
from detente.views.naming import percent

NARROW = 0.02
"""An interval that is narrower than this is told with a decimal."""


def share_text(share: Share) -> str:
    """A share of codings in per cent, as fine as its interval."""
    if share.certain:
        return percent(share.count, share.samples)
    return _fine(share.share, share.low, share.high)


def _fine(value: float, low: float, high: float) -> str:
    """A share in per cent, with a decimal where its interval has some."""
    text = percent(value, 1)
    if high - low >= NARROW or not text[0].isdigit() or value in (0, 1):
        return text
    return f"{100 * value:.1f} %".replace(".0 %", " %")


def interval_text(share: Share) -> str:
    """Its sampling interval, or that no range can change it."""
    return say("stress.share.exact") if share.certain else between_text(share.low, share.high)


def between_text(low: float, high: float) -> str:
    """Two shares with all between them, rounded outwards: ``59 to 65 %``."""
    scale = 100 if high - low >= NARROW else 1000
    ends = (math.floor(low * scale + 1e-9), math.ceil(high * scale - 1e-9))
    first, last = (f"{100 * end / scale:.1f}".removesuffix(".0").replace("-", "−") for end in ends)
    return say("stress.share.between", low=first, high=last)


def index_text(found: Interval) -> str:
    """A share of the differences, with its interval; said to be nothing where it may be."""
    if found.includes_zero:
        return say("stress.share.nothing")
    interval = between_text(found.low, found.high)
    value = _fine(found.value, found.low, found.high)
    return say("stress.share.with_interval", share=value, interval=interval)


def in_share(share: Share, *, short: bool = False) -> str:
    """A share of codings at the end of a clause: ``in 62 % of codings``, ``in none drawn``.

    ``short`` leaves out of what a share in per cent is one.
    """
    if share.count not in (0, share.samples):
        return say(f"stress.share.{'short' if short else 'some'}", share=share_text(share))
    key = "all" if share.count else "none"
    return say(f"stress.share.{key}{'_surely' if share.certain else ''}")


def verdict_text(case: Case, verdict: Verdict) -> str:
    """A verdict as the name of a row: ``Accepted by all who must sign``."""
    return say(f"stress.verdict.{_key(case, verdict)}")


def fails_text(case: Case, verdict: Verdict) -> str:
    """That a verdict fails, about the package: ``it does not hold``."""
    return say(f"stress.fails.{_key(case, verdict)}")


def stands_text(case: Case, verdict: Verdict) -> str:
    """That a verdict stands, after the name of the package: ``holds``."""
    return say(f"stress.stands.{_key(case, verdict)}")


def _key(case: Case, verdict: Verdict) -> str:
    """Where not all who sign have to accept, that is said."""
    quota = verdict == "acceptable" and case.agreement.quota is not None
    return "quota" if quota else verdict
