"""Converts between a case file, a scoring workbook and a Genius domain; reads GMCR+ models.

A workbook of clauses (see :mod:`detente.case.exchange.clauses`) becomes an overlay.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Literal

from detente.case.errors import CaseError, Problem, nearest
from detente.case.exchange.clauses import MarkedUp, holds_clauses, read_clauses
from detente.case.exchange.foreign import Exported, Imported, count, some
from detente.case.loading import CaseLike, bundled_cases, load
from detente.case.schema import Case
from detente.case.writing import case_json, case_text, plain, write_atomically

Format = Literal["case", "workbook", "Genius", "GMCR+", "overlay"]

FORMATS: dict[str, Format] = {
    ".yaml": "case",
    ".yml": "case",
    ".json": "case",
    ".xlsx": "workbook",
    ".xml": "Genius",
    ".gmcr": "GMCR+",
}
"""Formats by the suffix of a file; a folder holds a Genius domain."""
_WRITTEN = ".yaml, .yml or .json (a case), .xlsx (a scoring workbook), .xml or a folder (Genius)"
_KNOWN = f"{_WRITTEN}, .gmcr (a GMCR+ model, only read)"


@dataclass(frozen=True)
class Conversion:
    """What a conversion read and wrote.

    Attributes
    ----------
    read, wrote
        The formats.
    written
        The files, in the order in which they were written.
    lost
        What the target's format cannot hold, part by part.
    notes
        What a reader should know: names that were changed, parts that were not read.
    """

    read: Format
    wrote: Format
    written: tuple[FilePath, ...]
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def convert(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    overlays: Sequence[CaseLike] = (),
    *,
    replace: bool = False,
) -> Conversion:
    """Read one format and write another; the suffixes say which.

    Parameters
    ----------
    source
        A case (file or name of a bundled one), a workbook (of scores, or of clauses that
        were marked up), a Genius domain file, a folder with one, or a GMCR+ model.
    target
        The file to write; clauses make an overlay. A Genius domain comes with one profile
        per party beside it; a folder (a name without a suffix) gets ``domain.xml``.
    overlays
        Partial cases that are laid over what was read.
    replace
        Whether files that exist may be replaced.

    Raises
    ------
    CaseError
        Where the source is wrong, a format is not known, a file exists that may not be
        replaced, or one cannot be written. Then nothing was written.
    """
    wrote = _target_format(target)
    read, found = _read(source, overlays)
    folder, name = os.path.split(os.fspath(target))
    if wrote == "Genius" and not name.lower().endswith(".xml"):
        folder, name = os.fspath(target), "domain.xml"
    comments: list[str] = []
    if isinstance(found, MarkedUp):
        exported = _export_overlay(found, wrote, name)
        wrote = "overlay"
    else:
        exported = _export(found.case, wrote, name)
        comments = _comments(found.case)
    written = tuple(FilePath(folder) / file for file in exported.files)
    _check_targets(written, source, replace)
    if wrote == "Genius" and folder and FilePath(folder).parent.is_dir():
        _make_folder(FilePath(folder))
    for path, content in zip(written, exported.files.values(), strict=True):
        write_atomically(path, content)
    notes = (*found.notes, *exported.notes)
    return Conversion(read, wrote, written, (*comments, *exported.lost), notes)


def _read(
    source: str | os.PathLike[str], overlays: Sequence[CaseLike]
) -> tuple[Format, Imported | MarkedUp]:
    """The format of the source and what is in it; what is no file may be a bundled case."""
    path = FilePath(source)
    suffix = path.suffix.lower()
    if path.is_dir() or FORMATS.get(suffix) == "Genius":
        from detente.case.exchange.genius import read_genius

        return "Genius", _with_overlays(read_genius(path), overlays)
    if FORMATS.get(suffix) == "GMCR+":
        from detente.case.exchange.gmcr import read_gmcr

        return "GMCR+", _with_overlays(read_gmcr(path), overlays)
    if FORMATS.get(suffix) == "workbook":
        from detente.case.exchange.sheets import read_sheets
        from detente.case.exchange.workbook import read_workbook

        sheets = read_sheets(path)
        if not holds_clauses(sheets):
            return "workbook", _with_overlays(read_workbook(path, sheets), overlays)
        if overlays:
            what = f"{path} holds clauses and no case: nothing can be laid over it"
            help = "write the overlay first; --with takes several, in order"
            raise CaseError(Problem(what, help))
        return "workbook", read_clauses(path, sheets)
    if suffix and suffix not in FORMATS and path.exists():
        raise CaseError(_unknown_suffix(path.name, suffix))
    return "case", Imported(load(source, overlays))


def _with_overlays(imported: Imported, overlays: Sequence[CaseLike]) -> Imported:
    if not overlays:
        return imported
    return Imported(load(plain(imported.case), overlays), imported.notes)


def _target_format(target: str | os.PathLike[str]) -> Format:
    text = os.fspath(target)
    suffix = FilePath(text).suffix.lower()
    if not suffix or text.endswith(("/", os.sep)) or FilePath(text).is_dir():
        return "Genius"
    if suffix not in FORMATS:
        raise CaseError(_unknown_suffix(text, suffix))
    if FORMATS[suffix] == "GMCR+":
        what = f"{text}: GMCR+ models are read and not written"
        raise CaseError(Problem(what, f"what can be written: {_WRITTEN}"))
    return FORMATS[suffix]


def _unknown_suffix(name: str, suffix: str) -> Problem:
    close = nearest(suffix, FORMATS)
    hint = f"; did you mean {close}?" if close else ""
    return Problem(f"{name}: {suffix} is no format that is known{hint}", f"known are {_KNOWN}")


def _export(case: Case, form: Format, name: str) -> Exported:
    if form == "Genius":
        from detente.case.exchange.genius_writing import write_genius

        return write_genius(case, name)
    if form == "workbook":
        from detente.case.exchange.workbook_writing import write_workbook

        return write_workbook(case, name)
    return _text(case, name)


def _export_overlay(marked: MarkedUp, form: Format, name: str) -> Exported:
    if form != "case":
        what = f"the workbook holds clauses and no case: they make an overlay, and {name} is none"
        raise CaseError(Problem(what, "write a .yaml, .yml or .json file, for --with"))
    return _text(marked.overlay, name)


def _text(case: Case | Mapping[str, Any], name: str) -> Exported:
    text = case_json(case) if name.lower().endswith(".json") else case_text(case)
    return Exported({name: text.encode()})


def _check_targets(
    written: Sequence[FilePath], source: str | os.PathLike[str], replace: bool
) -> None:
    existing = [path for path in written if path.exists()]
    if any(os.path.realpath(path) == os.path.realpath(source) for path in existing):
        raise CaseError(Problem(f"{os.fspath(source)} would be written over itself"))
    if existing and not replace:
        listed = some(map(str, existing))
        verb = "is" if len(existing) == 1 else "are"
        raise CaseError(
            Problem(f"{listed} {verb} there already", "take another name, or say --replace")
        )


def _make_folder(folder: FilePath) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise CaseError(Problem(f"cannot make the folder {folder}: {reason}")) from None


def _comments(case: Case) -> list[str]:
    """The comments of the YAML file that a case was read from: they are in no case."""
    name = case.file or ""
    path = bundled_cases().get(name, FilePath(name))
    if FORMATS.get(path.suffix.lower()) != "case" or not path.is_file():
        return []
    number = count_comments(path.read_text(encoding="utf-8-sig"))
    return [count(number, "comment")] if number else []


def count_comments(text: str) -> int:
    r"""How many comments a YAML text has: what begins with # between its tokens.

    Examples
    --------
    >>> count_comments("a: 1  # one\n# two\nb: 'no # comment'\n")
    2
    """
    import yaml

    number, end = 0, 0
    for token in yaml.scan(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        gap = text[end : token.start_mark.index]
        number += sum(line.lstrip().startswith("#") for line in gap.splitlines())
        end = max(end, token.end_mark.index)
    return number
