"""The command ``unlock``: its document, its files, and its refusals."""

from __future__ import annotations

import inspect
import json
import sys
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

import detente
from detente.command import leverage, main
from detente.command.output import SUFFIXES, deliver
from detente.leverage.unlock import LARGEST_RUN
from detente.leverage.unlock_result import UnlockResult
from test_command import answer, refusal
from test_docs import FENCE, ROOT, SPAN, fields
from test_stress_views import FORBIDDEN
from test_terminal_commitments import flat
from unlock_results import result, swap


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the program says on standard error when it refuses, in this process."""
    old, sys.argv = sys.argv, ["detente", "unlock", *words]
    try:
        with pytest.raises(SystemExit) as ended:
            main()
    finally:
        sys.argv = old
    shown = capsys.readouterr()
    assert ended.value.code == 2 and not shown.out
    assert "Traceback" not in shown.err
    return shown.err


ASKED = ("commitment", "--outcome", "deal", "--lever", "terms,process", "--goal", "holds")


def test_the_document_is_one_and_the_words_fit(tmp_path: Path) -> None:
    target = tmp_path / "found.txt"
    document = json.loads(answer("unlock", *ASKED, "--json", "--out", str(target)))
    assert (document["command"], document["outcome"]) == (
        "unlock",
        {"reactor": "dismantled", "embargo": "lifted"},
    )
    assert (document["levers"], document["goals"]) == (["terms", "process"], ["holds"])
    assert document["ways"] and all("holds" in way["solves"] for way in document["ways"])
    found = detente.unlock(
        detente.load("commitment"), "deal", levers=["terms", "process"], goals=["holds"]
    )
    expected = found.to_dict()
    assert {key: document[key] for key in expected} == expected
    text = target.read_text(encoding="utf-8")
    assert text == f"{found}\n" and max(map(len, text.splitlines())) <= 80
    assert not FORBIDDEN.search(text)


def test_a_refusal_is_one_message_in_a_process_of_its_own() -> None:
    told = refusal("unlock", "river")
    assert "which package?" in told and "write --outcome PACKAGE" in told
    assert "highland_draft, delta_draft, single_text" in told


RIVER = ("river", "--outcome", "single_text")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("rivr", "--outcome", "x"), ("rivr",)),
        (("river", "--outcome", "singel_text"), ("singel_text", "single_text")),
        ((*RIVER, "--goal", "hold"), ("unknown goal 'hold'", "'holds'")),
        ((*RIVER, "--goal", ""), ("no goal is named",)),
        ((*RIVER, "--lever", "term"), ("unknown lever 'term'", "'terms'")),
        ((*RIVER, "--concept", "seqq"), ("unknown concept 'seqq'", "'seq'")),
        ((*RIVER, "--model", "patiend"), ("patiend", "patient")),
        ((*RIVER, "--change-cost", "fillng=2"), ("unknown issue 'fillng'", "'filling'")),
        ((*RIVER, "--change-cost", "filling"), ("--change-cost: 'filling'", "filling=2,drought=5")),
        ((*RIVER, "--change-cost", "filling=two"), ("filling", "expected a number", "'two'")),
        ((*RIVER, "--change-cost", "filling=-1"), ("must not be negative", "-1")),
        ((*RIVER, "--most-changes", "few"), ("expected a number, found 'few'",)),
        ((*RIVER, "--most-changes", "-1"), ("must not be negative",)),
        ((*RIVER, "--most-paid", "delt=1"), ("unknown party 'delt'", "'delta'")),
        ((*RIVER, "--most-paid", "=1"), ("--most-paid: '=1'", "highland=10,midvale=0")),
        ((*RIVER, "--most-paid", "delta=1,delta=2"), ("--most-paid: 'delta' stands twice",)),
        ((*RIVER, "--most-paid", "delta=nan"), ("nan is not a finite number",)),
        ((*RIVER, "--rate", "delta="), ("--rate: 'delta='", "--rate highland=0.5")),
        ((*RIVER, "--rate", "dleta=0.5"), ("unknown party 'dleta'", "'delta'")),
        ((*RIVER, "--samples", "-1"), ("samples",)),
        ((*RIVER, "--samples", f"{LARGEST_RUN + 1}"), ("samples are a whole number",)),
        ((*RIVER, "--with", "nowhere.yaml"), ("nowhere.yaml",)),
        ((*RIVER, "--out", "found.doc"), ("cannot write a .doc", ".json .csv")),
        ((*RIVER, "--out", "no/such/folder/found.csv"), ("no/such/folder",)),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    words: tuple[str, ...], parts: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    told = flat(said(capsys, *words))
    for part in parts:
        assert part in told, told


def test_every_suffix_is_written_with_the_label(tmp_path: Path) -> None:
    found = result(long=True)
    for suffix in SUFFIXES:
        out = tmp_path / f"found{suffix}"
        deliver("unlock", found, as_json=False, out=out)
        content = out.read_bytes()
        assert content, suffix
        if suffix == ".png":
            assert content.startswith(b"\x89PNG")
        elif suffix == ".xlsx":
            sheet = openpyxl.load_workbook(BytesIO(content)).active
            assert sheet is not None and sheet.max_row == len(found.ways) + 1
        elif suffix != ".csv":
            assert "For the test only" in content.decode("utf-8"), suffix
    document = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert document["handling"] == "For the test only"
    assert (tmp_path / "found.csv").read_text(encoding="utf-8").count("\n") >= len(found.ways)


def test_without_ways_a_picture_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(detente.CaseError, match="no way was found") as error:
        deliver("unlock", result(ways=()), as_json=False, out=tmp_path / "a.svg")
    assert ".csv" in str(error.value)


def test_the_command_has_the_defaults_of_the_function() -> None:
    commanded = inspect.signature(leverage.unlock).parameters
    function = inspect.signature(detente.unlock).parameters
    same = ("concept", "model", "most_changes", "samples", "seed")
    for name in same:
        assert commanded[name].default == function[name].default, name
    assert (commanded["no_together"].default, function["together"].default) == (False, True)
    asked = set(commanded) - {"case", "with_", "as_json", "out", "no_together"}
    assert asked == set(function) - {"case", "together"}


def test_the_command_says_what_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    text = flat(answer("--help"))
    order = [text.index(f" {name} ") for name in ("stress", "unlock", "sample")]
    assert order == sorted(order) and "What would it take?" in text
    assert detente.UnlockResult is UnlockResult


def test_every_field_is_in_the_reference() -> None:
    documented = set(SPAN.findall(FENCE.sub("", (ROOT / "docs/reference/json.md").read_text())))
    case = swap()
    document = result().to_dict()
    names = {*case.parties, *case.issues}
    missing = set(fields(document, names)) - documented
    assert not missing, f"docs/reference/json.md says nothing of {sorted(missing)}"
    kinds = {part["kind"] for way in document["ways"] for part in way["parts"]}
    assert kinds >= {"change", "payment", "state payment", "guarantee", "detection"}
    assert kinds >= {"weight", "score", "reversal", "relaxation"}
    units = {way["cost"]["unit"] for way in document["ways"]}
    assert (kinds | units) <= documented
