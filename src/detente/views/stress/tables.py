"""The shares of ``stress`` as tables: verdicts, parties, codings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from detente.agreement.packages.draws import Share
from detente.case.schema import Case
from detente.model.sentences import say
from detente.uncertainty.answer import HEADLINE, VERDICTS, Standing, Verdict
from detente.uncertainty.stress_result import StressResult
from detente.views.naming import named
from detente.views.stress.sentences import bound
from detente.views.stress.shares import interval_text, share_text, verdict_text

if TYPE_CHECKING:
    import pandas

NOW = {True: "✓", False: "✗", None: "?"}
DASH = "–"


def asked(standing: Standing) -> tuple[Verdict, ...]:
    """The verdicts that there are shares of."""
    return tuple(verdict for verdict in VERDICTS if standing.share(verdict) is not None)


def verdict_rows(result: StressResult) -> list[list[str]]:
    """Verdict, how it is at the likely values, share, interval, independent, fully correlated."""
    rows = []
    for verdict in asked(result.standing):
        share = result.standing.share(verdict)
        assert share is not None
        ends = (bound(result, verdict, name) for name in ("independent", "full"))
        rows.append(
            [
                verdict_text(result.case, verdict),
                NOW[result.now.get(verdict)],
                share_text(share),
                interval_text(share),
                *(DASH if end is None else share_text(end) for end in ends),
            ]
        )
    return rows


def party_name(case: Case, name: str) -> str:
    """A party or faction at the beginning of a row; it is said if the party does not sign."""
    told = named(case, name)
    signs = name.split(".", 1)[0] in case.signing
    return told if signs else say("terminal.stress.unsigned", party=told)


def party_columns(standing: Standing) -> dict[str, Mapping[str, Share]]:
    """What each party does, as far as it was asked: accepts, stays, keeps, goes on."""
    every = {name: getattr(standing, name) for name in ("accepts", "stays", "keeps", "goes_on")}
    return {name: shares for name, shares in every.items() if shares}


def party_legend(standing: Standing) -> str:
    """What the columns mean that need it."""
    columns = [name for name in party_columns(standing) if name != "accepts"]
    return " ".join(say(f"terminal.stress.legend_{name}") for name in columns)


def party_rows(result: StressResult) -> list[list[str]]:
    """One row a party or faction: in what share it accepts, stays, keeps and goes on."""
    columns = party_columns(result.standing)
    names = list(dict.fromkeys(name for shares in columns.values() for name in shares))
    return [
        [
            party_name(result.case, name),
            *(share_text(s[name]) if name in s else DASH for s in columns.values()),
        ]
        for name in names
    ]


def coding_rows(result: StressResult) -> list[list[str]]:
    """One row a coding that was named, and one for all: the share of each verdict."""
    verdicts = asked(result.standing)
    every = {**result.codings, say("stress.share.every"): result.standing}
    rows = []
    for name, standing in every.items():
        shares = [standing.share(verdict) for verdict in verdicts]
        told = [DASH if share is None else share_text(share) for share in shares]
        rows.append([name, f"{standing.samples:,}", *told])
    return rows


def shares_table(result: StressResult) -> pandas.DataFrame:
    """One row a share: of which codings, of what, of whom.

    Columns: the correlation within a party (stated, independent or full), the coding that was
    drawn from (empty: all), the verdict, the party or concept (empty: the package as a whole), the
    share, its 95 % interval, codings counted and drawn, and whether no range can change it.
    """
    import pandas

    drawn = [("stated", "", result.standing)]
    drawn += [(name, "", entry) for name, entry in result.bounds.items() if name != "stated"]
    drawn += [("stated", name, entry) for name, entry in result.codings.items()]
    rows = [
        {"correlation": correlation, "coding": coding, **found, **_share(share)}
        for correlation, coding, standing in drawn
        for found, share in _shares(standing)
    ]
    return pandas.DataFrame(rows)


def _shares(standing: Standing) -> Iterator[tuple[dict[str, str], Share]]:
    """All shares of a standing, each with its verdict and of whom it is."""
    for verdict in asked(standing):
        share = standing.share(verdict)
        if share is not None:
            concept = HEADLINE if verdict == "holds" else ""
            yield {"verdict": verdict, "party": "", "concept": concept}, share
        parts = {"acceptable": "accepts", "holds": "stays", "enforceable": "keeps"}
        shares = getattr(standing, parts.get(verdict, "goes_on"), {}) or {}
        if verdict != "all_of_it":
            for party, entry in shares.items():
                concept = HEADLINE if verdict == "holds" else ""
                yield {"verdict": verdict, "party": party, "concept": concept}, entry
        for concept, entry in (standing.holds or {}).items() if verdict == "holds" else ():
            if concept != HEADLINE:
                yield {"verdict": verdict, "party": "", "concept": concept}, entry


def _share(found: Share) -> dict[str, Any]:
    return {
        "share": found.share,
        "low": found.low,
        "high": found.high,
        "count": found.count,
        "samples": found.samples,
        "certain": found.certain,
    }
