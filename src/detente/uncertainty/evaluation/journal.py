"""A folder into which results are written as they come, so that a run can be gone on with."""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detente.case.errors import CaseError, Problem, quoted
from detente.uncertainty.answer import Failed
from detente.uncertainty.batches import BATCH
from detente.uncertainty.evaluation.part import Part

FORMAT = 1
"""Of the files; raised when what they hold changes."""

_KEY = "journal.json"
_UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Journal:
    """Results of one run, in files.

    ``journal.json`` says what the run is; every ``draws-START-STOP.npz`` holds the results for
    draws in a row: numpy arrays and no pickled objects. A file is written under another name
    and then renamed; one that is torn all the same is not there.

    Parameters
    ----------
    path
        The folder; it is made if it does not exist.
    key
        What the results hang on, by name: the seed, a hash of the case, what is asked. A journal
        is only gone on with by a run that has the same. How many draws are wanted is no part of
        it: a journal can be gone on with for more.
    """

    path: Path
    key: Mapping[str, str]

    def open(self) -> None:
        """Make the folder, or check that the one that is there is this run's.

        Raises
        ------
        CaseError
            If it is something else, or another run's: then what differs.
        """
        if self.path.exists() and not self.path.is_dir():
            raise CaseError(
                Problem(f"{quoted(self.path)} is a file", "a journal is a folder; name another")
            )
        self.path.mkdir(parents=True, exist_ok=True)
        for unfinished in self.path.glob(f"*{_UNFINISHED}"):
            unfinished.unlink()
        key = self._key()
        if (self.path / _KEY).exists():
            self._check(key, self._found())
        elif any(self.path.iterdir()):
            raise CaseError(
                Problem(
                    f"the folder {quoted(self.path)} is not empty and holds no journal",
                    "name a new folder",
                )
            )
        else:
            with _Whole(self.path / _KEY) as file:
                file.write_text(json.dumps(key, indent=1) + "\n", encoding="utf-8")

    def parts(self, draws: int) -> list[Part]:
        """What is there of the first so many draws: whole batches, in order."""
        found: dict[int, Part] = {}
        for file in sorted(self.path.glob("draws-*.npz")):
            for piece in self._pieces(file):
                whole = piece.stop % BATCH == 0 or piece.stop == draws
                if piece.start % BATCH == 0 and whole and piece.stop <= draws:
                    found[piece.start] = piece
        return [found[start] for start in sorted(found)]

    def write(self, part: Part) -> None:
        """Keep the results for some draws."""
        names = list(part.columns)
        about = {
            "start": part.start,
            "columns": names,
            "failures": [[f.draw, f.message, dict(f.inputs)] for f in part.failures],
        }
        arrays: dict[str, Any] = {
            f"column_{place}": part.columns[name] for place, name in enumerate(names)
        }
        name = f"draws-{part.start:012}-{part.stop:012}.npz"
        with _Whole(self.path / name) as file, file.open("wb") as stream:
            np.savez(stream, about=np.array(json.dumps(about)), ok=part.ok, **arrays)

    def _key(self) -> dict[str, Any]:
        return {"journal": FORMAT, "batch": BATCH, "key": dict(self.key)}

    def _found(self) -> Any:
        try:
            return json.loads((self.path / _KEY).read_text(encoding="utf-8"))
        except ValueError as error:
            raise CaseError(
                Problem(f"{quoted(self.path / _KEY)} is no journal: {error}", "name a new folder")
            ) from error

    def _check(self, key: dict[str, Any], found: Any) -> None:
        if found == key:
            return
        there = found.get("key") if isinstance(found, dict) else None
        if not isinstance(there, dict) or {**found, "key": key["key"]} != key:
            differences = ["it is written by another version of detente"]
        else:
            here = key["key"]
            differences = [
                f"{name} is {quoted(there.get(name, 'not given'))} there and "
                f"{quoted(here.get(name, 'not given'))} here"
                for name in dict.fromkeys((*here, *there))
                if there.get(name) != here.get(name)
            ]
        raise CaseError(
            Problem(
                f"the journal {quoted(self.path)} is another run's: {'; '.join(differences)}",
                "ask the same as then to go on with it, or name a new folder",
            )
        )

    @staticmethod
    def _pieces(file: Path) -> Iterator[Part]:
        """What a file holds, batch by batch; nothing if it is torn."""
        try:
            with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
                about = json.loads(str(arrays["about"]))
                part = Part(
                    int(about["start"]),
                    arrays["ok"],
                    {
                        name: arrays[f"column_{place}"]
                        for place, name in enumerate(about["columns"])
                    },
                    tuple(Failed(*failed) for failed in about["failures"]),
                )
        except (
            zipfile.BadZipFile,
            zlib.error,
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            EOFError,
            OSError,
        ):
            return
        yield from part.pieces()


class _Whole:
    """A file that is there completely or not at all: the path to write to, renamed at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unfinished = path.with_name(path.name + _UNFINISHED)

    def __enter__(self) -> Path:
        return self._unfinished

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if error is None:
            os.replace(self._unfinished, self._path)  # noqa: PTH105
