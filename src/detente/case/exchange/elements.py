"""XML files as elements that know where they stand.

Nothing here knows what a case is; see :mod:`detente.case.exchange.genius`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Any
from xml.parsers import expat

from detente.case.errors import CaseError, EntryError, Place, Problem
from detente.case.exchange.foreign import MAX_BYTES
from detente.case.numbers import parse_fraction


@dataclass
class Node:
    """An element of an XML file that knows where it stands."""

    tag: str
    attributes: dict[str, str]
    place: Place
    children: list[Node] = field(default_factory=list)

    def all(self, tag: str) -> list[Node]:
        """Children with this tag."""
        return [child for child in self.children if child.tag == tag]

    def get(self, attribute: str) -> str:
        """An attribute; CaseError where it is missing."""
        if attribute not in self.attributes:
            raise CaseError(
                Problem(f"this {self.tag} has no {attribute!r}", "add the attribute", self.place)
            )
        return self.attributes[attribute]

    def number(self, attribute: str) -> Fraction:
        """An exact number in an attribute; CaseError where there is none."""
        try:
            return parse_fraction(self.get(attribute))
        except EntryError as error:
            what = f"{attribute}: {error.what}"
            raise CaseError(Problem(what, error.help, self.place)) from None


def parse_xml(path: FilePath) -> Node:
    """Read an XML file; declarations of document types and entities are refused.

    Raises
    ------
    CaseError
        Where the file is missing, too large or malformed, with line and column.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            most = f"at most {MAX_BYTES // 2**20} MB are read"
            raise CaseError(Problem(f"{path} has more bytes than a domain needs; {most}"))
        raw = path.read_bytes()
    except FileNotFoundError:
        raise CaseError(Problem(f"there is no file {path}")) from None
    except OSError as error:
        raise CaseError(Problem(f"cannot read {path}: {error.strerror or error}")) from None
    lines = raw.decode("utf-8", "replace").splitlines()
    parser = expat.ParserCreate()
    root = Node("", {}, Place(str(path), 1, 1))
    open_nodes = [root]

    def place() -> Place:
        line = parser.CurrentLineNumber
        shown = lines[line - 1] if line <= len(lines) else ""
        return Place(str(path), line, parser.CurrentColumnNumber + 1, shown)

    def start(tag: str, attributes: dict[str, str]) -> None:
        node = Node(tag, attributes, place())
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def refuse(*_: Any) -> None:
        what = "document types and entities are not read: no domain needs them"
        raise CaseError(Problem(what, "take the declaration (<!DOCTYPE …>) out", place()))

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: open_nodes.pop()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        shown = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
        where = Place(str(path), error.lineno, error.offset + 1, shown)
        what = f"malformed XML: {expat.ErrorString(error.code)}"
        raise CaseError(Problem(what, "repair the file, or move it elsewhere", where)) from None
    except (LookupError, ValueError) as error:
        if isinstance(error, CaseError):
            raise
        raise CaseError(Problem(f"{path} cannot be read: {error}", "save it as UTF-8")) from None
    return root.children[0]


def only(node: Node, tag: str) -> Node:
    """The one child with this tag; CaseError where there are more or none."""
    found = node.all(tag)
    if len(found) != 1:
        what = f"expected one {tag} in {node.tag}, found {len(found)}"
        raise CaseError(Problem(what, "", node.place))
    return found[0]
