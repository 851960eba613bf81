"""Expressions over issues and options: parsed, never evaluated.

``troops == withdrawn and arms >= cantoned``: Python-like comparisons of one issue with
options, joined by ``and``, ``or``, ``not`` and parentheses. Options are bare names; ``<``
and ``>`` use the order in which an issue lists its options.

The result of parsing is a small tree of frozen records. Whether its words are issues and
options is checked by :func:`problems_with`, so that every unknown word of a case can be
reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from detente.case.errors import EntryError, unknown

_COMPARE: Mapping[str, Callable[[int, list[int]], bool]] = {
    "==": lambda option, given: option == given[0],
    "!=": lambda option, given: option != given[0],
    "<=": lambda option, given: option <= given[0],
    ">=": lambda option, given: option >= given[0],
    "<": lambda option, given: option < given[0],
    ">": lambda option, given: option > given[0],
    "in": lambda option, given: option in given,
    "not in": lambda option, given: option not in given,
}
COMPARISONS = tuple(_COMPARE)
_MIRRORED = str.maketrans("<>", "><")


@dataclass(frozen=True)
class Comparison:
    """One issue compared with an option, or with several for ``in`` and ``not in``."""

    issue: str
    operator: str
    options: tuple[str, ...]
    columns: tuple[int, ...] = field(default=(), compare=False)
    """Position in the text of the issue, then of each option (from 0)."""

    def allowed(self, names: Sequence[str]) -> tuple[bool, ...]:
        """For each option of the issue, in order, whether the comparison holds."""
        position = {name: i for i, name in enumerate(names)}
        given = [position[option] for option in self.options]
        compare = _COMPARE[self.operator]
        return tuple(compare(i, given) for i in range(len(names)))


@dataclass(frozen=True)
class Not:
    """True where the part is false."""

    part: Node


@dataclass(frozen=True)
class And:
    """True where all parts are."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    """True where any part is."""

    parts: tuple[Node, ...]


Node = Comparison | Not | And | Or


@dataclass(frozen=True)
class Expression:
    """An expression as written, and its tree."""

    text: str
    node: Node

    def __str__(self) -> str:
        return self.text

    def comparisons(self) -> Iterator[Comparison]:
        """All comparisons, in the order of the text."""
        return walk(self.node)

    @property
    def issues(self) -> tuple[str, ...]:
        """Issues that the expression reads, each once, in the order of the text."""
        return tuple(dict.fromkeys(comparison.issue for comparison in self.comparisons()))

    def holds(self, outcome: Mapping[str, str], options: Mapping[str, Sequence[str]]) -> bool:
        """Whether it holds in one outcome (``options``: the option names of each issue)."""
        return _holds(self.node, outcome, options)


def walk(node: Node) -> Iterator[Comparison]:
    """All comparisons below a node."""
    if isinstance(node, Comparison):
        yield node
    elif isinstance(node, Not):
        yield from walk(node.part)
    else:
        for part in node.parts:
            yield from walk(part)


def _holds(node: Node, outcome: Mapping[str, str], options: Mapping[str, Sequence[str]]) -> bool:
    if isinstance(node, Comparison):
        names = options[node.issue]
        return node.allowed(names)[list(names).index(outcome[node.issue])]
    if isinstance(node, Not):
        return not _holds(node.part, outcome, options)
    results = (_holds(part, outcome, options) for part in node.parts)
    return all(results) if isinstance(node, And) else any(results)


def problems_with(
    expression: Expression, options: Mapping[str, Sequence[str]], unordered: frozenset[str]
) -> Iterator[EntryError]:
    """Unknown words of an expression, given the options of each issue."""
    for comparison in expression.comparisons():
        issue, columns = comparison.issue, comparison.columns
        if issue not in options:
            what, help = unknown("issue", issue, list(options))
            if comparison.options[0] in options and issue in options[comparison.options[0]]:
                what = f"{issue!r} is an option, not an issue"
                sign = comparison.operator.translate(_MIRRORED)
                help = f"write the issue first: {comparison.options[0]} {sign} {issue}"
            yield EntryError(what, help, column=columns[0], width=len(issue))
            continue
        for option, column in zip(comparison.options, columns[1:], strict=True):
            if option not in options[issue]:
                what, help = unknown("option", option, options[issue], f"issue {issue}")
                yield EntryError(what, help, column=column, width=len(option))
        if comparison.operator in ("<", "<=", ">", ">=") and issue in unordered:
            yield EntryError(
                f"the options of {issue} have no order (ordered: false), so "
                f"{comparison.operator!r} says nothing about them",
                f"name the options: {issue} in (…, …)",
                column=columns[0],
                width=len(issue),
            )


_TOKEN = re.compile(
    r"\s*(?:(?P<word>\w+(?:\.\w+)*)|(?P<quoted>'[^']*'|\"[^\"]*\")"
    r"|(?P<sign>==|!=|<=|>=|<>|=>|=<|&&|\|\||[<>=!&|(),\[\]{}])|(?P<other>\S))"
)
_HINTS = {
    "=": "write == to compare",
    "=>": "write >=",
    "=<": "write <=",
    "<>": "write != for 'is not'",
    "is": "write == to compare",
    "IN": "write in",
    "!": "write not",
    "&&": "write and",
    "&": "write and",
    "||": "write or",
    "|": "write or",
}


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int


def parse(text: str) -> Expression:
    """Read an expression; EntryError with the column where it cannot be read.

    Examples
    --------
    >>> parse("arms >= cantoned and not access in (none, declared)").issues
    ('arms', 'access')
    """
    return Expression(text.strip(), _Parser(text).parse())


class _Parser:
    """Recursive descent: or < and < not < comparison or parentheses."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.position = 0
        self.depth = 0

    def parse(self) -> Node:
        if self.peek().kind == "end":
            raise EntryError("an empty expression", "compare an issue with an option")
        node = self.either()
        token = self.peek()
        if token.kind != "end":
            help = "join comparisons with and / or" if token.kind == "word" else ""
            raise self.error(f"expected the end, found {token.text!r}", token, help)
        return node

    def either(self) -> Node:
        parts = [self.both()]
        while self.accept("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self) -> Node:
        parts = [self.negated()]
        while self.accept("and"):
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def negated(self) -> Node:
        self.depth += 1
        if self.depth > 50:
            raise self.error("nested more than 50 deep", self.peek())
        try:
            if self.accept("not"):
                return Not(self.negated())
            if self.accept("("):
                node = self.either()
                self.expect(")")
                return node
            return self.comparison()
        finally:
            self.depth -= 1

    def comparison(self) -> Node:
        issue = self.name("an issue")
        operator = self.operator()
        if operator in ("in", "not in"):
            return self.membership(issue, operator)
        if self.peek().text in ("(", "["):
            raise self.error(
                f"{operator} compares with one option, not with a list",
                self.peek(),
                "write: issue in (option, option)",
            )
        option = self.name("an option")
        if self.peek().text in COMPARISONS and self.peek().kind != "quoted":
            raise self.error(
                "one comparison at a time", self.peek(), "join two comparisons with and"
            )
        return Comparison(issue.text, operator, (option.text,), (issue.column, option.column))

    def operator(self) -> str:
        token = self.peek()
        if token.text == "not" and self.tokens[self.position + 1].text == "in":
            self.position += 2
            return "not in"
        if token.text in COMPARISONS and token.kind != "quoted":
            self.position += 1
            return token.text
        help = _HINTS.get(token.text, "")
        found = repr(token.text) if token.kind != "end" else "the end"
        raise self.error(
            f"expected a comparison ({', '.join(COMPARISONS)}), found {found}",
            token,
            help or "compare an issue with an option, such as troops == withdrawn",
        )

    def membership(self, issue: _Token, operator: str) -> Node:
        closing = {"(": ")", "[": "]", "{": "}"}
        opening = self.peek()
        if opening.text not in closing:
            raise self.error("expected ( after in", opening, "write: issue in (option, option)")
        self.position += 1
        options = [self.name("an option")]
        while self.accept(","):
            if self.peek().text == closing[opening.text]:
                break
            options.append(self.name("an option"))
        self.expect(closing[opening.text])
        return Comparison(
            issue.text,
            operator,
            tuple(option.text for option in options),
            (issue.column, *(option.column for option in options)),
        )

    def name(self, what: str) -> _Token:
        token = self.peek()
        if token.kind == "quoted":
            self.position += 1
            return _Token("word", token.text[1:-1], token.column + 1)
        if token.kind == "word" and token.text not in ("and", "or", "not", "in"):
            self.position += 1
            return token
        found = repr(token.text) if token.kind != "end" else "the end"
        raise self.error(f"expected {what}, found {found}", token, _HINTS.get(token.text, ""))

    def accept(self, text: str) -> bool:
        token = self.peek()
        if token.kind == "quoted" or token.text != text:
            if token.kind == "word" and token.text.lower() == text and text in ("and", "or", "not"):
                raise self.error(
                    f"{token.text!r} is written in small letters here", token, f"write {text}"
                )
            if token.text in _HINTS and _HINTS[token.text] == f"write {text}":
                raise self.error(f"{token.text!r} is not used here", token, f"write {text}")
            return False
        self.position += 1
        return True

    def expect(self, text: str) -> None:
        if not self.accept(text):
            token = self.peek()
            found = repr(token.text) if token.kind != "end" else "the end"
            raise self.error(f"expected {text}, found {found}", token)

    def peek(self) -> _Token:
        return self.tokens[self.position]

    def error(self, what: str, token: _Token, help: str = "") -> EntryError:
        return EntryError(what, help, column=token.column, width=len(token.text))


def _tokens(text: str) -> Iterator[_Token]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        assert match is not None and match.lastgroup is not None
        kind = match.lastgroup
        found, column = match[kind], match.start(kind)
        if kind == "other":
            what = f"{found!r} has no meaning in an expression"
            help = "names are letters, digits and underscores" if found in "-." else ""
            if found in "'\"":
                what, help = "a quotation mark that is not closed", f"close it with {found}"
            raise EntryError(what, help, column=column)
        yield _Token(kind, found, column)
        position = match.end()
    yield _Token("end", "", end)
