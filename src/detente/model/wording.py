"""Rules and expressions in the words of the case."""

from __future__ import annotations

from collections.abc import Iterable

from detente.case.bargaining import Rule
from detente.case.expressions import And, Comparison, Expression, Node, Not
from detente.case.schema import Case
from detente.model.sentences import listed, say


def quoted(words: Iterable[str], joint: str = "and") -> str:
    """Several names in quotation marks, as a phrase."""
    return listed((f"“{word}”" for word in words), joint)


def rule_text(case: Case, rule: Rule) -> str:
    """What a rule says, in words."""
    if rule.never is not None:
        return say("expression.never", what=in_words(case, rule.never))
    assert rule.if_ is not None and rule.then is not None
    return say("expression.if", what=in_words(case, rule.if_), then=in_words(case, rule.then))


def in_words(case: Case, expression: Expression) -> str:
    """An expression in the words of the case: ``Heavy weapons is “cantoned” or “destroyed”``."""
    return _in_words(case, expression.node, "expression", top=True)


def promise_in_words(case: Case, expression: Expression) -> str:
    """What somebody promises, in the words of the case: ``Heavy weapons: “cantoned”``."""
    return _in_words(case, expression.node, "expression.promised", top=True)


def _in_words(case: Case, node: Node, form: str, top: bool = False) -> str:
    if isinstance(node, Comparison):
        return _comparison(case, node, form)
    if isinstance(node, Not):
        return say("expression.not", what=_in_words(case, node.part, form))
    joint = "and" if isinstance(node, And) else "or"
    parts = [_in_words(case, part, form) for part in node.parts]
    text = f" {say(f'expression.{joint}')} ".join(parts)
    return text if top else f"({text})"


def _comparison(case: Case, node: Comparison, form: str) -> str:
    """Which options a comparison allows, in the fewest words."""
    issue, options = node.issue, case.options[node.issue]
    allowed = [name for name, ok in zip(options, node.allowed(options), strict=True) if ok]
    others = [name for name in options if name not in allowed]
    short, key = (others, "is_not") if len(others) < len(allowed) else (allowed, "is")
    names = quoted((case.option_name(issue, name) for name in short), "or")
    if not names:
        key = "any" if not others else "none"
    return say(f"{form}.{key}", issue=case.issue_name(issue), options=names)
