"""The parts of the reference that are made: commands, keys of a case, names, measurements.

A page asks for one by a line with nothing but its mark, such as ``<!-- commands -->``;
``make docs`` puts the text there. Everything comes from the program itself: the help of its
commands, the JSON Schema of the case file, the docstrings, the last run of ``make bench``.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer.main

import detente
from detente.case.fields import RANGE_SCHEMA
from detente.case.schema import json_schema
from detente.case.valuation import Remarks
from detente.command.application import application

MEASURED = Path(__file__).parents[1] / "benchmarks/RESULTS.md"
PYTHON_PAGE = Path(__file__).parent / "reference/python.md"

_MANY = {"text": "texts", "an expression": "expressions", "a pair of texts": "pairs of texts"}


def commands() -> str:
    """The help of every command, as ``detente COMMAND --help`` prints it, in Markdown."""
    program: Any = typer.main.get_command(application)
    parts = []
    with program.make_context("detente", [], resilient_parsing=True, max_content_width=80) as root:
        for name, command in program.commands.items():
            with command.make_context(name, [], parent=root, resilient_parsing=True) as context:
                parts.append(f"### {name}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def keys() -> str:
    """Every key of a case file by the entry that it belongs to, in Markdown tables."""
    schema = json_schema()
    entries = schema["$defs"]
    common = set(Remarks.model_fields)
    parts = [_entry("The case", schema, ())]
    for name in _in_order(schema, entries):
        shared = () if common - set(entries[name]["properties"]) else tuple(sorted(common))
        parts.append(_entry(title(name), entries[name], shared))
    parts.append(_entry("Any entry", Remarks.model_json_schema(), ()))
    return "\n\n".join(parts)


def names() -> str:
    """Every public name with the first line of its docstring, in a Markdown table."""
    rows = ["| name | in | what it is |", "| --- | --- | --- |"]
    targets = _documented()
    for package, name, thing in public():
        line = _first_line(thing)
        rows.append(f"| {{py:obj}}`{name} <{targets[name]}>` | `{package}` | {line} |")
    return "\n".join(rows)


def measurements() -> str:
    """What ``benchmarks/RESULTS.md`` says below its title, with its picture and links from here."""
    text = MEASURED.read_text(encoding="utf-8").partition("\n")[2]
    text = text.replace("[README](README.md)", "`benchmarks/README.md`")
    return text.replace("](growth.svg)", "](../../benchmarks/growth.svg)")


PARTS: dict[str, Callable[[], str]] = {
    "<!-- commands -->": commands,
    "<!-- keys -->": keys,
    "<!-- names -->": names,
    "<!-- measurements -->": measurements,
}
"""The marks that a page may have, and what is put there."""


def fill_in(text: str) -> str:
    """A page with its marks replaced."""
    for mark, part in PARTS.items():
        if f"\n{mark}\n" in text:
            text = text.replace(mark, part())
    return text


def public() -> Iterator[tuple[str, str, Any]]:
    """Package, name and thing, of everything that ``detente`` and its packages offer."""
    packages = [entry.name for entry in pkgutil.iter_modules(detente.__path__) if entry.ispkg]
    for package in ("detente", *(f"detente.{name}" for name in packages)):
        module = importlib.import_module(package)
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            if name.startswith("_") or (package != "detente" and name in detente.__all__):
                continue
            yield package, name, thing


def _documented() -> dict[str, str]:
    """The last part of each name that the page of Python documents, and its full name."""
    module, found = "", {}
    text = PYTHON_PAGE.read_text(encoding="utf-8")
    for kind, name in re.findall(r"^\.\. (\w+):: (\S+)$", text, re.MULTILINE):
        if kind == "currentmodule":
            module = name
        elif kind.startswith("auto"):
            full = name if name.startswith("detente.") else f"{module}.{name}"
            found[full.rpartition(".")[2]] = full
    return found


def _first_line(thing: Any) -> str:
    text = inspect.getdoc(thing) if callable(thing) else None
    return (text or "data").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")


def _entry(heading: str, schema: dict[str, Any], shared: tuple[str, ...]) -> str:
    lines = [f"## {heading}", "", schema["description"].replace("``", "`"), ""]
    lines += ["| key | what is written | meaning | if left out |", "| --- | --- | --- | --- |"]
    required = schema.get("required", ())
    for key, entry in schema["properties"].items():
        if key not in shared:
            default = "required" if key in required else _default(entry)
            meaning = entry.get("description", "").replace("|", "\\|")
            lines.append(f"| `{key}` | {kind(entry)} | {meaning} | {default} |")
    if shared:
        lines += ["", "And what [any entry](#any-entry) may carry."]
    return "\n".join(lines)


def _default(entry: dict[str, Any]) -> str:
    default = entry.get("default")
    if default is None or default in ([], {}):
        return "–"
    if isinstance(default, dict):
        return "see the meaning"
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


def title(name: str) -> str:
    """The heading of an entry: the name of its record, in words."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return words[0] + words[1:].lower()


def _in_order(schema: dict[str, Any], entries: dict[str, Any]) -> list[str]:
    """Names of the entries, each after the first one that mentions it."""
    found: list[str] = []
    waiting = [schema["properties"]]
    while waiting:
        for name in re.findall(r'"#/\$defs/(\w+)"', json.dumps(waiting.pop(0))):
            if name not in found:
                found.append(name)
                waiting.append(entries[name]["properties"])
    return found


def kind(entry: dict[str, Any]) -> str:
    """What may be written, in words, from a part of the schema."""
    if "$ref" in entry:
        name = title(entry["$ref"].rpartition("/")[2]).lower()
        return f"[{name}](#{name.replace(' ', '-')})"
    if entry.get("anyOf") == RANGE_SCHEMA["anyOf"]:
        return "a number or a range"
    if "anyOf" in entry:
        ways = [kind(way) for way in entry["anyOf"] if way.get("type") != "null"]
        joined = " or " if not any("each" in way for way in ways) else "; or "
        return joined.join(dict.fromkeys(ways))
    if "const" in entry or "enum" in entry:
        values = entry.get("enum", [entry.get("const")])
        return " or ".join(f"`{value}`" for value in values)
    return _plain(entry)


def _plain(entry: dict[str, Any]) -> str:
    """The words for a part of the schema that has a type."""
    written = entry.get("type")
    if written == "object":
        inner = entry.get("additionalProperties")
        if isinstance(inner, dict):
            return f"for each name: {kind(inner)}"
        return "the keys " + " and ".join(f"`{key}`" for key in entry["properties"])
    if written == "array":
        if "prefixItems" in entry:
            return "a pair of " + _MANY.get(kind(entry["prefixItems"][0]), "entries")
        inner = kind(entry["items"])
        return f"a list of {_MANY.get(inner, inner)}"
    if written == "integer":
        return f"a whole number from {entry['minimum']}"
    if written == "boolean":
        return "`true` or `false`"
    if entry.get("title") in ("expression", "number"):
        return f"a{'n' if entry['title'] == 'expression' else ''} {entry['title']}"
    return "a day" if entry.get("format") == "date" else "text"
