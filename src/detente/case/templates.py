"""The case that a person starts from: a small commented one, or that of a scoring workbook."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path as FilePath

from detente.case.errors import CaseError, Problem
from detente.case.writing import case_text, quoted, write_atomically

_AFTER_WORKBOOK = """\
# Started from {file}. What a scoring sheet does not hold can be added here, such as red lines
# (concerns), packages and verification; a case without a workbook ('detente new NAME') shows how.
"""


def new_case(name: str, workbook: str | os.PathLike[str] | None = None) -> str:
    """The text of a new case.

    Parameters
    ----------
    name
        What the case is called; it becomes the title.
    workbook
        A scoring workbook to start from instead of the example.

    Raises
    ------
    CaseError
        Where the workbook cannot be read.
    """
    if workbook is not None:
        from detente.case.exchange.workbook import read_workbook

        imported = read_workbook(FilePath(workbook))
        return _AFTER_WORKBOOK.format(file=FilePath(workbook).name) + case_text(imported.case)
    text = resources.files("detente.case").joinpath("template.yaml").read_text(encoding="utf-8")
    title = FilePath(name).name.replace("_", " ").strip()
    return text.replace("title: TITLE", f"title: {quoted(title[:1].upper() + title[1:])}")


def write_new_case(name: str, workbook: str | os.PathLike[str] | None = None) -> FilePath:
    """Write a new case as NAME.yaml and say where; a file that exists is never replaced.

    Parameters
    ----------
    name
        The file, with or without its suffix.
    workbook
        As in :func:`new_case`.

    Raises
    ------
    CaseError
        Where the name is no name of a YAML file, the file exists or cannot be written, or
        the workbook cannot be read.
    """
    path = FilePath(name)
    if not path.name or name.endswith(("/", os.sep)):
        raise CaseError(
            Problem(f"{name!r} is no name for a file", "for instance: detente new river")
        )
    if path.suffix.lower() in (".json", ".xlsx", ".xml"):
        what = f"a new case is written as YAML, not as {path.suffix}"
        raise CaseError(Problem(what, f"'detente new {path.stem}' writes {path.stem}.yaml"))
    if path.suffix.lower() not in (".yaml", ".yml"):
        path = path.with_name(f"{path.name}.yaml")
    if path.exists():
        raise CaseError(Problem(f"{path} is there already", "take another name; it stays as it is"))
    write_atomically(path, new_case(path.stem, workbook))
    return path
