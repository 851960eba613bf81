"""What a party must have, wants, and gets: concerns, values, what collapse is worth."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from detente.case.fields import (
    OUTCOME_SCHEMA,
    Amount,
    ExpressionField,
    Keys,
    NumberField,
    Record,
    Table,
    Text,
    fail,
)

MAX_PRIORITIES = 60
"""Most statements that one party may rank: their truth vectors must fit 64 bits."""


class Remarks(Record):
    """What any entry may carry besides its content: a longer text, a reason, its sources."""

    about: Text | None = None
    """A longer text for readers."""
    because: Text | None = None
    """The reason for this entry, in a sentence."""
    source: Keys = ()
    """Where it comes from: one key of 'sources', or a list of them."""


class Concern(Remarks):
    """Something a party must have (a red line) or wants to have; needs no number."""

    name: Text
    """What the party would call it."""
    met: ExpressionField
    """When it is met: an expression such as troops == withdrawn and arms >= cantoned."""
    must: bool = False
    """Whether it is a red line: a package that leaves it unmet is refused whatever its value."""


class Adjustment(Remarks):
    """A value added where an expression holds."""

    when: ExpressionField
    """Where it is added: an expression over issues and options."""
    add: NumberField
    """How much is added to the value, in points; negative numbers take away."""


def _as_ranking(written: Any) -> Any:
    if not isinstance(written, (list, tuple)):
        fail("a ranking is a list, best first, of outcome patterns or of lists of tied ones")
    return tuple(
        tuple(entry) if isinstance(entry, (list, tuple)) else (entry,) for entry in written
    )


Ranking = Annotated[
    tuple[tuple[Table[Text], ...], ...],
    BeforeValidator(_as_ranking),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"anyOf": [OUTCOME_SCHEMA, {"type": "array", "items": OUTCOME_SCHEMA}]},
        }
    ),
]


class Values(Remarks):
    """What outcomes are worth to a party: scores (with weights or as points), or an order."""

    weights: Table[Amount] | None = None
    """How much each issue counts; brought to a sum of 1. Without weights scores are points."""
    scores: Table[Table[NumberField]] | None = None
    """For each issue, what each of its options is worth to this party."""
    adjustments: tuple[Adjustment, ...] = ()
    """Values added where options come together."""
    priorities: tuple[ExpressionField, ...] | None = None
    """Instead of scores: statements, most important first."""
    ranking: Ranking | None = None
    """Instead of scores: outcome patterns, best first; a list within it is a tie."""

    @model_validator(mode="after")
    def _check(self) -> Values:
        forms = ("scores", "priorities", "ranking")
        given = [form for form in forms if getattr(self, form) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none of them"
            fail(
                f"values are one of scores, priorities, ranking; these have {found}",
                "an overlay that gives another form takes the first one out: scores: null"
                if given
                else "",
            )
        for key in ("weights", "adjustments") if self.scores is None else ():
            if getattr(self, key):
                fail(f"{key} go with scores; an order has none", at=(key,), at_key=True)
        if self.weights is not None and not any(w.point for w in self.weights.values()):
            help = "give at least one issue a weight, or leave weights out"
            fail("all weights are zero", help, ("weights",), at_key=True)
        if self.priorities is not None and len(self.priorities) > MAX_PRIORITIES:
            what = f"{len(self.priorities)} priorities; at most {MAX_PRIORITIES} can be told apart"
            fail(what, "join some with 'and' or 'or'", ("priorities",), at_key=True)
        return self

    @property
    def cardinal(self) -> bool:
        """Whether differences of values have a meaning (scores), or only their order."""
        return self.scores is not None


class Breakdown(Remarks):
    """What collapse is worth: a cost on top of the path back, or values of its own (war)."""

    cost: NumberField | None = None
    """What collapse costs this party beside the way back, on the scale of the values."""
    base: NumberField | None = None
    """Where collapse is war rather than reversal: its value, before the scores."""
    scores: Table[Table[NumberField]] | None = None
    """What each option that stands at the time adds to the base."""

    @model_validator(mode="after")
    def _check(self) -> Breakdown:
        if (self.cost is None) == (self.base is None):
            fail("a breakdown has either a 'cost' or a 'base' (with 'scores')")
        if self.scores is not None and self.base is None:
            fail("breakdown scores need a 'base'", at=("scores",), at_key=True)
        return self
