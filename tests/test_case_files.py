"""Files that are no case: missing, binary, endless, empty; each is said, none is a traceback."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import Refused
from detente.case import CaseError, load


@pytest.mark.parametrize(
    ("text", "what", "place"),
    [
        ("", "is empty", None),
        ("# only a comment\n", "is empty", None),
        ("---\n", "is empty", None),
        ("null\n", "is empty", None),
        ("[1, 2]\n", "this is no case", (1, 1)),
        ("hello\n", "this is no case", (1, 1)),
        ("a: 1\n---\nb: 2\n", "a second document begins here", (2, 1)),
        ("a:\n\tb: 1\n", "cannot start any token", (2, 1)),
        ("a: [b,\nc\n", "did not find expected ',' or ']'", (1, 4)),
        ("a: b: c\n", "mapping values are not allowed", (1, 5)),
        ("a: 'b\n", "unexpected end of stream", (1, 4)),
        ("a: &x [*x]\n", "an alias contains itself", (1, 8)),
        ("a: &x {b: [1, *x]}\n", "an alias contains itself", (1, 15)),
        ("base: &base 1\na: *bsae\n", "did you mean '*base'?", (2, 4)),
        ("a: !!python/object:os.system x\n", "tags such as", (1, 4)),
        ("a: !secret x\n", "tags such as !secret", (1, 4)),
        ("a: 1\na: 2\n", "the key 'a' appears twice (first on line 1)", (2, 1)),
        ("a: {b: 1, c: 2, b: 3}\n", "the key 'b' appears twice", (1, 17)),
        ("? [a, b]\n: c\n", "a key must be one word", (1, 3)),
        ("<<: {a: 1}\n", "no merge keys", (1, 1)),
        ("'': 1\n", "a key is empty", (1, 1)),
        ("title: \x07\n", "a character that no text file has ('\\x07')", (1, 8)),
        ("a: b\nc: \x00\n", "a character that no text file has", (2, 4)),
        ("a: " + "[" * 101 + "]" * 101, "nested more than 100 deep", (1, 103)),
        (
            "a:\n" + "".join(" " * n + "b:\n" for n in range(1, 150)),
            "more than 100 deep",
            (101, 101),
        ),
        ("[" * 100_000, "nested more than 100 deep", (1, 101)),
        ("- " * 5_000, "nested more than 100 deep", (1, 201)),
    ],
)
def test_text_that_is_no_case(
    refused: Refused, text: str, what: str, place: tuple[int, int] | None
) -> None:
    (problem,) = refused(text=text)
    assert what in problem.what
    assert (problem.place and (problem.place.line, problem.place.column)) == place


@pytest.mark.parametrize(
    "raw",
    [b"\xff\xfet\x00i\x00", b"\x89PNG\r\n\x1a\n\x00\xff", bytes(range(256)), b"title: caf\xe9\n"],
    ids=["utf-16", "image", "bytes", "latin-1"],
)
def test_a_file_that_is_no_text(refused: Refused, raw: bytes) -> None:
    (problem,) = refused(text=raw)
    assert "is no UTF-8 text (byte " in problem.what


def test_a_file_of_fifty_megabytes(refused: Refused) -> None:
    (problem,) = refused(text=b"a: 1\n" * (10 * 2**20))
    assert "has 50 MB; a case file may have at most 16 MB" in problem.what


@pytest.mark.skipif(sys.platform == "win32", reason="no endless file there")
def test_an_endless_file_ends() -> None:
    with pytest.raises(CaseError, match="16 MB"):
        load("/dev/zero")


def test_a_few_lines_of_aliases_do_not_become_billions(refused: Refused) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for n in range(1, 12):
        bomb += f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n"
    (problem,) = refused(text=bomb)
    assert "more than 1,000,000 entries" in problem.what
    chain = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 200))
    (problem,) = refused(text=chain)
    assert "nested more than 100 deep" in problem.what


def test_an_alias_repeats_what_it_marks(tmp_path: Path, table: dict[str, Any]) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(
        "title: Aliases\nparties: {north: &any {walk_away: 3}, south: *any}\n"
        "issues: {arms: {options: &two [yes, no]}, aid: {options: *two}}\n"
    )
    case = load(file)
    assert case.parties["north"] == case.parties["south"]
    assert case.options == {"arms": ("yes", "no"), "aid": ("yes", "no")}
    file.write_text(file.read_text().replace("walk_away: 3", "walk_awy: 3"))
    with pytest.raises(CaseError) as caught:
        load(file)
    assert [str(p.place).split(":", 1)[1] for p in caught.value.problems] == ["2:24", "2:38"]


def test_a_missing_file_and_its_nearest_name(tmp_path: Path, ceasefire: Path) -> None:
    (tmp_path / "ceasefire.yaml").write_text(ceasefire.read_text())
    with pytest.raises(CaseError, match=r"did you mean '.*ceasefire\.yaml'\?"):
        load(tmp_path / "ceasfire.yml")
    with pytest.raises(CaseError, match="there is no file and no bundled case"):
        load(tmp_path / "nowhere" / "case.yaml")
    for name in ("a\0b", "x" * 5000, ""):
        with pytest.raises(CaseError, match=r"there is no file|is a folder"):
            load(name)


def test_a_relative_name_is_suggested_as_it_would_be_typed(
    tmp_path: Path, ceasefire: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "ceasefire.yaml").write_text(ceasefire.read_text())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CaseError, match=r"did you mean 'cases/ceasefire\.yaml'\?"):
        load("cases/ceasfire.yaml")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="is a folder, not a case file"):
        load(tmp_path)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "case.yaml"
    file.write_text("a: 1")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CaseError, match=r"cannot read '.*case\.yaml': Permission denied"):
        load(file)
