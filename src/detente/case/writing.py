"""Writes a case as text that a person can read, and files so that none is ever lost.

What was stated is written, in the order of the format, and nothing else: no defaults. A
number stays the exact decimal or fraction that it is. Reading the text back gives an equal
case.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel

from detente.case.bargaining import Agreement, Issue, Option, Ratification
from detente.case.errors import CaseError, Problem
from detente.case.expressions import Expression
from detente.case.fields import PerOption, WalkAway
from detente.case.numbers import NUMBER_KEYS, Number, exact_text, parse_fraction
from detente.case.schema import Case

WIDTH = 100
"""Longest line that is written where the content allows it."""
_LONGEST_INLINE = 44
"""Longest text inside a mapping that stands on one line."""
_ORDER = {"name": -2, "about": -1, "because": 1, "source": 2}
"""Where these keys stand among the others of an entry (0)."""
_SINGLE = ("source", "who", "to")
"""Keys of lists that are written as one word where there is only one."""


def case_text(case: Case | Mapping[str, Any]) -> str:
    """A case as YAML that a person can read and go on writing.

    Parameters
    ----------
    case
        A loaded case, or the content of one (also of a partial one, as an overlay).

    Examples
    --------
    >>> print(case_text({"title": "Water", "status_quo": {"dam": "open"}, "rules": []}), end="")
    title: Water
    status_quo: {dam: open}
    rules: []
    """
    return "".join(f"{line}\n" for line in _block(plain(case), 0))


def case_json(case: Case | Mapping[str, Any]) -> str:
    """A case as JSON; a number that no JSON number holds exactly is written as text."""

    def exact(entry: Any) -> Any:
        if isinstance(entry, Fraction):
            whole = entry.denominator == 1
            number = int(entry) if whole else float(entry)
            return number if whole or parse_fraction(number) == entry else exact_text(entry)
        return entry.isoformat()

    text = json.dumps(plain(case), indent=2, ensure_ascii=False, default=exact)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff]", lambda m: f"\\u{ord(m[0]):04x}", text) + "\n"


def plain(entry: Any) -> Any:
    """What was stated, as mappings, lists, texts, exact numbers, dates and truth values."""
    simple = _simple(entry)
    if simple is not entry:
        return simple
    if isinstance(entry, BaseModel):
        return dict(_stated(entry))
    if isinstance(entry, Mapping):
        return {str(key): plain(value) for key, value in entry.items()}
    if isinstance(entry, (list, tuple)):
        return [plain(item) for item in entry]
    return entry


def _simple(entry: Any) -> Any:
    """The short form of an entry that has one; else the entry itself."""
    if isinstance(entry, float):
        return parse_fraction(entry)
    if isinstance(entry, Number):
        return _number(entry)
    if isinstance(entry, WalkAway):
        return _walk_away(entry)
    if isinstance(entry, Expression):
        return entry.text
    if isinstance(entry, PerOption):
        return plain(entry.options) if entry.default is None else entry.default
    if isinstance(entry, Agreement) and entry.unanimous:
        return "unanimity"
    if isinstance(entry, Ratification) and entry.rule is not None:
        return entry.rule
    return entry


def _stated(record: BaseModel) -> Iterator[tuple[str, Any]]:
    """Keys and values that were written: the wording first, reasons and sources last."""
    fields = type(record).model_fields
    names = [name for name in fields if name in record.model_fields_set]
    if not isinstance(record, Case):
        names.sort(key=lambda name: _ORDER.get(name, 0))
    for name in names:
        value = getattr(record, name)
        if value is None:
            continue
        key = fields[name].alias or name
        if isinstance(record, Issue) and name == "options":
            yield key, _options(record.options)
        elif name == "detects":
            yield key, {issue: plain(table.get("", table)) for issue, table in value.items()}
        elif name == "ranking":
            yield key, [plain(tied[0] if len(tied) == 1 else tied) for tied in value]
        elif name in _SINGLE and len(value) == 1:
            yield key, value[0]
        else:
            yield key, plain(value)


def _options(options: Mapping[str, Option]) -> Any:
    """A list where the names say everything, else names with their wording."""
    remarks = {name: dict(_stated(option)) for name, option in options.items()}
    if all(stated == {"name": name.replace("_", " ")} for name, stated in remarks.items()):
        return list(options)
    return {
        name: stated["name"] if list(stated) == ["name"] else stated
        for name, stated in remarks.items()
    }


def _number(number: Number) -> Any:
    details: dict[str, Any] = {}
    if number.because is not None:
        details["because"] = number.because
    if number.source:
        details["source"] = number.source[0] if len(number.source) == 1 else list(number.source)
    if number.shape == "exact":
        return {"value": number.point, **details} if details else number.point
    if number.shape == "uniform":
        if not details:
            return [number.low, number.high]
        return {"low": number.low, "high": number.high, **details}
    if number.shape == "normal":
        return {"mean": number.point, "sd": number.sd, **details}
    shape = {"shape": "pert"} if number.shape == "pert" else {}
    return {"low": number.low, "likely": number.point, "high": number.high, **shape, **details}


def _walk_away(walk_away: WalkAway) -> Any:
    if walk_away.number is not None:
        return _number(walk_away.number)
    outcome = "status_quo" if walk_away.outcome is None else plain(walk_away.outcome)
    if walk_away.because is not None:
        return {"outcome": outcome, "because": walk_away.because}
    mistakable = isinstance(outcome, dict) and not {"outcome", *NUMBER_KEYS}.isdisjoint(outcome)
    return {"outcome": outcome} if mistakable else outcome


# Layout


def _block(entry: Any, indent: int) -> Iterator[str]:
    """Lines of a mapping or a list, one entry below the other."""
    pad = " " * indent
    if isinstance(entry, Mapping):
        for key, value in entry.items():
            yield from _after(f"{pad}{_key(key)}:", value, indent)
        return
    for item in entry:
        line = _inline(item)
        wide = line is None or len(line) > WIDTH - indent - 2
        if isinstance(item, (Mapping, list)) and item and wide:
            first, *rest = _block(item, indent + 2)
            yield f"{pad}- {first[indent + 2 :]}"
            yield from rest
        else:
            yield from _after(f"{pad}-", item, indent)


def _after(head: str, value: Any, indent: int) -> Iterator[str]:
    """A key (or the dash of a list) with its value: on the line, or below it."""
    line = _inline(value)
    # What is empty would be nothing at all on lines of its own.
    empty = isinstance(value, (Mapping, list)) and not value
    if line is not None and (empty or len(head) + 1 + len(line) <= WIDTH):
        yield f"{head} {line}"
    elif isinstance(value, str):
        yield from _long_text(head, value, indent + 2)
    elif isinstance(value, (Mapping, list)):
        yield head
        yield from _block(value, indent + 2)
    else:
        yield f"{head} {_scalar(value)}"


def _inline(entry: Any) -> str | None:
    """The entry on one line, or None where it reads better on several."""
    if isinstance(entry, str):
        return None if "\n" in entry else quoted(entry)
    if not isinstance(entry, (Mapping, list)):
        return _scalar(entry)
    items = list(entry.values()) if isinstance(entry, Mapping) else entry
    number = isinstance(entry, Mapping) and _is_number(entry)
    if not all(_fits_inline(item, number, isinstance(entry, list)) for item in items):
        return None
    if isinstance(entry, Mapping):
        parts = [f"{_key(key)}: {_inside(value)}" for key, value in entry.items()]
        return "{" + ", ".join(parts) + "}"
    return "[" + ", ".join(map(_inside, entry)) + "]"


def _inside(entry: Any) -> str:
    return quoted(entry, inside=True) if isinstance(entry, str) else str(_inline(entry))


def _is_number(entry: Mapping[str, Any]) -> bool:
    return bool(entry) and set(entry) <= NUMBER_KEYS


def _fits_inline(item: Any, in_number: bool, in_list: bool) -> bool:
    """Whether an item may stand inside braces: a word, a short text, a number with its range."""
    if isinstance(item, str):
        short = in_number or len(item) <= _LONGEST_INLINE
        calm = in_number or quoted(item) == quoted(item, inside=True)
        return short and calm and "\n" not in item
    if isinstance(item, Mapping):
        return _is_number(item) and _inline(item) is not None
    if isinstance(item, list):
        numbers = all(isinstance(part, Fraction) for part in item)
        return (in_list or in_number or numbers) and _inline(item) is not None
    return True


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Fraction)):
        return exact_text(Fraction(value))
    if isinstance(value, date):
        return value.isoformat()
    return quoted(str(value))


_TYPED = re.compile(
    r"null|true|false|[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?|0[ox][\da-f]+|[-+]?\.(inf|nan)|~",
    re.IGNORECASE,
)
"""What other readers of YAML would take for a number, a truth value or nothing."""


def _key(text: str) -> str:
    return text if text.isdigit() else quoted(text, inside=True)


def quoted(text: str, *, inside: bool = False) -> str:
    """A text as it stands in YAML: plain where that is safe, else in quotes.

    ``inside`` braces or brackets, and as a key, more signs have a meaning.

    Examples
    --------
    >>> quoted("All deployed"), quoted("1.5"), quoted("a: b"), quoted("it's # one")
    ('All deployed', "'1.5'", "'a: b'", "'it''s # one'")
    """
    if not text or not text.isprintable():
        import yaml

        dumped: str = yaml.dump(text, default_style='"', allow_unicode=True, width=2**31)
        return dumped.rstrip("\n")
    starts = text[0].isalnum() or text[0] in "_("
    signs = r"[\[\]{},:]| #|^ | $" if inside else r": | #|:$|^ | $"
    if starts and not re.search(signs, text) and not _TYPED.fullmatch(text):
        return text
    return "'" + text.replace("'", "''") + "'"


def _long_text(head: str, text: str, indent: int) -> Iterator[str]:
    """A text of several lines, or one that is wrapped; in quotes where neither is safe."""
    pad = " " * indent
    body = text.removesuffix("\n")
    end = "-" if body == text else ""
    lines = body.split("\n")
    safe = all(line.isprintable() for line in lines) and lines[0] and lines[-1]
    if not safe or body.startswith(" "):
        yield f"{head} {quoted(text)}"
    elif len(lines) > 1:
        yield f"{head} |{end}"
        yield from (pad + line if line else "" for line in lines)
    elif " " not in body or "  " in body or body.endswith(" "):
        yield f"{head} {quoted(text)}"
    else:
        yield f"{head} >{end}"
        width = max(WIDTH - indent, WIDTH // 2)
        wrapped = textwrap.wrap(body, width, break_long_words=False, break_on_hyphens=False)
        yield from (pad + line for line in wrapped)


# Files


def file_to_write(path: str | os.PathLike[str]) -> FilePath:
    """The file behind a name, links followed: one that is there or could be.

    Raises
    ------
    CaseError
        Where it is a folder or no ordinary file, or its folder is missing.
    """
    target = FilePath(os.path.realpath(path))
    if target.is_dir():
        raise CaseError(Problem(f"{path} is a folder; give the name of a file in it"))
    if target.exists() and not target.is_file():
        raise CaseError(Problem(f"{path} is no ordinary file", "give the name of a file to write"))
    if not target.parent.is_dir():
        raise CaseError(Problem(f"there is no folder {target.parent}", "create it first"))
    return target


def write_atomically(path: FilePath, content: bytes | str) -> None:
    """Write a file so that, whatever happens, the old or the new content stands there.

    Parameters
    ----------
    path
        The file; one that exists is replaced once the new content is complete.
    content
        Text is written as UTF-8.

    Raises
    ------
    CaseError
        Where the folder is missing, or the file cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    target = file_to_write(path)
    if target.exists() and not os.access(target, os.W_OK):
        raise CaseError(Problem(f"{path} must not be written", "take another name"))
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CaseError(
            Problem(f"cannot write {path}: {reason}", "nothing was changed; try another folder")
        ) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
