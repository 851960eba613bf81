"""What an editor shows about a key: the docstrings of a record's attributes, in its schema."""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import Any


def describe(schema: dict[str, Any], record: type) -> None:
    """Add the docstrings below a record's attributes to its JSON Schema, as descriptions.

    Reading the source waits until a schema is asked for: importing the package needs none.
    """
    texts: dict[str, str] = {}
    for owner in reversed(record.__mro__):
        if owner.__module__.startswith(__package__):
            texts.update(_attribute_docstrings(owner))
    for name, entry in schema.get("properties", {}).items():
        if text := texts.get(name) or texts.get(f"{name}_"):
            entry["description"] = text
    schema["description"] = inspect.cleandoc(record.__doc__ or "").split("\n\n")[0]


def _attribute_docstrings(record: type) -> dict[str, str]:
    definition = ast.parse(textwrap.dedent(inspect.getsource(record))).body[0]
    assert isinstance(definition, ast.ClassDef)
    return {
        attribute.target.id: " ".join(text.value.value.split())
        for attribute, text in pairwise(definition.body)
        if isinstance(attribute, ast.AnnAssign)
        and isinstance(attribute.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
