"""The command line as a person uses it: a process, its output, its messages, its status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import detente

NO_TRACE = "Traceback"


def run(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``detente`` in a process of its own."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, "-m", "detente", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def answer(*words: str, cwd: Path | None = None) -> str:
    """Standard output of a call that must succeed and stay quiet."""
    done = run(*words, cwd=cwd)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def refusal(*words: str, cwd: Path | None = None) -> str:
    """Standard error of a call that must be refused in one message, with nothing answered."""
    done = run(*words, cwd=cwd)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stdout == ""
    assert NO_TRACE not in done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case file with two parties, a rule and a package."""
    path = tmp_path_factory.mktemp("cases") / "small.yaml"
    path.write_text(
        """\
detente: 1
title: Two issues
handling: For the test only
parties: {north: {name: The North}, south: {name: The South}}
issues:
  arms: {options: [held, cantoned, destroyed]}
  embargo: {options: [full, lifted]}
status_quo: {arms: held, embargo: full}
rules:
  - never: embargo == lifted and arms == held
concerns:
  south: [{name: Guns away, met: arms != held, must: true}]
values:
  north:
    scores: {arms: {held: 50, cantoned: 30, destroyed: 0}, embargo: {full: 0, lifted: 40}}
  south:
    scores: {arms: {held: 0, cantoned: 30, destroyed: 50}, embargo: {full: 10, lifted: 0}}
packages:
  swap: {name: A swap, outcome: {arms: cantoned, embargo: lifted}}
""",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("command", ["check", "concerns", "agree"])
def test_json_is_the_only_thing_on_standard_output(small: Path, command: str) -> None:
    document = json.loads(answer(command, str(small), "--json"))
    assert document["command"] == command
    assert document["detente"] == detente.__version__
    assert document["case"] == "Two issues"
    assert document["handling"] == "For the test only"


def test_the_document_is_the_result(small: Path) -> None:
    document = json.loads(answer("agree", str(small), "--outcome", "swap", "--json"))
    result = detente.agree(detente.load(small), "swap").to_dict()
    assert {key: document[key] for key in result} == json.loads(json.dumps(result))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["check"], "two parties, two issues"),
        (["concerns"], "can be met together"),
        (["agree"], "could be signed by both who must sign"),
        (["agree", "--outcome", "swap"], "A swap could be signed"),
        (["agree", "--outcome", "arms=destroyed"], "would be refused by The North"),
        (["agree", "--outcome", "embargo=lifted"], "breaks the rules"),
        (["agree", "--outcome", "nash"], "could be signed"),
        (["agree", "--outcome", "nash,arms=cantoned"], "could be signed"),
        (["agree", "--outcome", "swap,arms=destroyed"], "would be refused by The North"),
    ],
)
def test_words_in_eighty_columns(small: Path, words: list[str], expected: str) -> None:
    shown = answer(words[0], str(small), *words[1:])
    assert expected in " ".join(shown.split())
    assert "For the test only" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert "\x1b" not in shown  # no colours into a pipe


@pytest.mark.parametrize("suffix", [".json", ".csv", ".xlsx", ".txt", ".html", ".svg", ".png"])
@pytest.mark.parametrize("command", ["agree", "concerns"])
def test_out_writes_by_suffix(small: Path, tmp_path: Path, command: str, suffix: str) -> None:
    target = tmp_path / f"result{suffix}"
    assert answer(command, str(small), "--out", str(target)) == ""
    assert target.stat().st_size > 50
    if suffix in (".json", ".html", ".svg", ".txt"):
        assert "For the test only" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["agre", "korea"], "Did you mean 'agree'"),
        (["agree", "koreea"], "did you mean 'korea'"),
        (["agree", "nowhere/case.yaml"], "there is no file and no bundled case"),
        (["agree", "SMALL", "--outcome", "swop"], "did you mean 'swap'"),
        (["agree", "SMALL", "--outcome", "arm=held"], "did you mean 'arms'"),
        (["agree", "SMALL", "--outcome", "arms=hold"], "did you mean 'held'"),
        (["agree", "SMALL", "--outcome", "arms=held,arms=cantoned"], "settles arms twice"),
        (["agree", "SMALL", "--engine", "elimnate"], "did you mean 'eliminate'"),
        (["agree", "SMALL", "--engine", "enumerate", "--walk-limit", "3"], "--walk-limit"),
        (["agree", "SMALL", "--engine", "eliminate", "--exact-limit", "1"], "limit"),
        (["agree", "SMALL", "--with", "nowhere.yaml"], "an overlay is a case file"),
        (["agree", "SMALL", "--out", "result.jsn"], "did you mean '.json'"),
        (["agree", "SMALL", "--out", "nowhere/result.json"], "nowhere"),
        (["agree", "SMALL", "--list", "0"], "--list"),
        (["agree", "SMALL", "--seed", "-5"], "--seed"),
        (["agree", "SMALL", "--outcome", " , "], "an empty outcome"),
        (["agree", "SMALL", "--outcome", "arms="], "for instance: arms=destroyed"),
        (["check", "SMALL", "--out", "x.svg"], "there is no chart of"),
        (["brief", "SMALL", "--out", "x.docx"], "known: .html .md .pdf"),
        (["brief", "SMALL", "--sections", "situation,pakages"], "did you mean 'packages'"),
        (["brief", "SMALL", "--title", " "], "the title is empty"),
        (["brief", "SMALL", "--out", "nowhere/x.html"], "there is no folder"),
        (["brief", "SMALL", "--out", "a" * 3000 + ".html"], "too long"),
        (["agree", "SMALL", "--outcom", "swap"], "--outcome"),
        (["agree"], "CASE"),
        (["brief", "SMALL", "--for", "west"], "unknown"),
        (["brief", "SMALL", "--recommend", "nassh"], "did you mean 'nash'"),
        (["convert", "SMALL", "out.doc"], ".doc"),
        (["convert", "nowhere.xlsx", "out.yaml"], "nowhere.xlsx"),
        (["new", "nowhere/z"], "there is no folder"),
    ],
)
def test_refusals_are_one_message(
    small: Path, tmp_path: Path, words: list[str], expected: str
) -> None:
    told = refusal(*[str(small) if w == "SMALL" else w for w in words], cwd=tmp_path)
    assert expected in told
    assert not list(tmp_path.iterdir())  # nothing half-written is left behind


def test_errors_of_a_case_carry_place_and_caret(tmp_path: Path, small: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(small.read_text(encoding="utf-8").replace("cantoned: 30", "cantond: 30", 1))
    told = refusal("check", str(path))
    assert f"{path}:15:" in told
    assert "unknown option 'cantond' of issue arms; did you mean 'cantoned'?" in told
    assert "^^^^^^^" in told


def test_overlay_is_named_in_every_answer(small: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "hard.yaml"
    overlay.write_text("title: A harder South\nvalues: {south: {scores: {embargo: {full: 45}}}}\n")
    document = json.loads(answer("agree", str(small), "--with", str(overlay), "--json"))
    (applied,) = document["overlays"]
    assert applied["title"] == "A harder South"
    assert applied["changes"] == ["values.south.scores.embargo.full: 10 → 45"]
    assert "A harder South" in answer("agree", str(small), "--with", str(overlay))


def test_schema_is_json() -> None:
    schema: dict[str, Any] = json.loads(answer("schema"))
    assert schema["$schema"].endswith("2020-12/schema")
    assert "parties" in schema["properties"]


def test_new_writes_a_case_that_passes_check(tmp_path: Path) -> None:
    assert "wrote" in answer("new", "lake", cwd=tmp_path)
    assert json.loads(answer("check", "lake.yaml", "--json", cwd=tmp_path))["valid"] is True
    before = (tmp_path / "lake.yaml").read_text(encoding="utf-8")
    assert "lake.yaml" in refusal("new", "lake", cwd=tmp_path)
    assert (tmp_path / "lake.yaml").read_text(encoding="utf-8") == before


def test_cases_are_listed_and_every_one_can_be_asked() -> None:
    names = [entry["name"] for entry in json.loads(answer("cases", "--json"))["cases"]]
    assert "korea" in names
    assert "korea" in answer("cases")
    for name in names:
        assert json.loads(answer("check", name, "--json"))["valid"] is True


def test_convert_round_trip(small: Path, tmp_path: Path) -> None:
    done = run("convert", str(small), str(tmp_path / "sheet.xlsx"))
    assert done.returncode == 0
    assert "wrote" in done.stdout
    assert "not kept" in done.stderr  # the concern has no place in a scoring sheet
    answer_back = run("convert", str(tmp_path / "sheet.xlsx"), str(tmp_path / "back.yaml"))
    assert answer_back.returncode == 0
    first = json.loads(answer("agree", str(small), "--json"))
    second = json.loads(answer("agree", str(tmp_path / "back.yaml"), "--json"))
    assert first["efficient"]["feasible"] == second["efficient"]["feasible"]


def test_help_and_version() -> None:
    shown = answer("--help")
    for command in ("check", "concerns", "agree", "brief", "convert", "schema", "new", "cases"):
        assert command in shown
    assert answer("--version").strip() == f"detente {detente.__version__}"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['detente', '--help']\n"
        "from detente.command import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'scipy', 'pandas', 'altair', 'pydantic', 'yaml', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_completion_script() -> None:
    environment = {
        **os.environ,
        "_DETENTE_COMPLETE": "complete_bash",
        "COMP_WORDS": "detente agree k",
    }
    environment["COMP_CWORD"] = "2"
    program = Path(sys.executable).parent / "detente"
    done = subprocess.run([program], env=environment, capture_output=True, text=True, check=False)
    assert "korea" in done.stdout.split()


def test_a_full_disk_behind_standard_output_is_no_bug(small: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "detente", "agree", str(small), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "no space left" in done.stderr
    assert "bug" not in done.stderr


def test_a_reader_that_goes_away_is_no_error(small: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "detente", "agree", str(small), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait() == 0
    assert NO_TRACE not in told
