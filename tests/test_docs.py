"""The pages hold what they say: examples run, links lead somewhere, commands and fields exist."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer.main
import yaml

import detente
from detente.command.application import application
from detente.uncertainty.answer import Failed

ROOT = Path(__file__).resolve().parents[1]


def _console() -> ModuleType:
    """``docs/console.py``, which runs the examples of a page."""
    specification = importlib.util.spec_from_file_location("console", ROOT / "docs/console.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules.setdefault("console", module)
    specification.loader.exec_module(module)
    return module


console = _console()
PAGES: list[Path] = console.pages()
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
COMMANDS: dict[str, Any] = dict(typer.main.get_command(application).commands)  # type: ignore[attr-defined]
each_page = pytest.mark.parametrize("page", PAGES, ids=NAMES)

FENCE = re.compile(r"^```[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def code(text: str) -> Iterator[str]:
    """Code on a page: the lines of its blocks, and its spans."""
    for block in FENCE.findall(text):
        yield from block.splitlines()
    yield from SPAN.findall(FENCE.sub("", text))


def calls(text: str) -> Iterator[list[str]]:
    """Calls of the command line: the words after ``detente``, up to the next program."""
    for line in code(text):
        for call in re.findall(r"(?:^|[$\s'\"&;|(])detente ((?:(?!&&)[^|;>'\")])+)", line):
            yield call.split()


def anchors(text: str) -> set[str]:
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(text))
    return {heading.strip().replace(" ", "-") for heading in plain}


@each_page
def test_the_examples_print_what_the_page_shows(page: Path) -> None:
    """Where this fails, run ``python docs/console.py --update`` and read what changed."""
    assert console.check_page(page) == []


@each_page
def test_yaml_blocks_are_yaml_and_whole_cases_load(page: Path, tmp_path: Path) -> None:
    for block in re.findall(r"^```yaml\n(.*?)^```$", read(page), re.MULTILINE | re.DOTALL):
        assert yaml.safe_load(block) is not None, block
    steps = list(console.steps(read(page)))
    faulty = " ".join(step.text for step in steps if step.status)
    for step in steps:
        if step.file is not None and step.file not in faulty and not step.file.endswith(".csv"):
            console.run(step, tmp_path)
            data = yaml.safe_load((tmp_path / step.file).read_text(encoding="utf-8"))
            if {"parties", "issues"} <= set(data):
                assert detente.check(detente.load(tmp_path / step.file)).feasible > 0


@each_page
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(FENCE.sub("", read(page))):
        if re.match(r"\w+:", target):
            continue
        name, _, anchor = target.partition("#")
        found = page.parent / name if name else page
        assert found.exists(), f"{target} is not there"
        if anchor and found.suffix == ".md":
            assert anchor in anchors(read(found)), f"{name} has no heading for #{anchor}"


@each_page
def test_commands_and_options_exist(page: Path) -> None:
    everywhere = {"--version", "--install-completion", "--show-completion", "--help", "-h"}
    options = {
        name: everywhere | {word for option in command.params for word in option.opts}
        for name, command in COMMANDS.items()
    }
    for command, *words in calls(read(page)):
        if re.fullmatch(r"[A-Z]+|…", command) or command in everywhere:
            continue  # a word that stands for a command
        assert command in COMMANDS, f"there is no command {command!r}"
        for word in words:
            assert not word.startswith("--") or word in options[command], f"{command} has no {word}"


@each_page
def test_targets_of_make_exist(page: Path) -> None:
    makefile = read(ROOT / "Makefile")
    for line in code(read(page)):
        for target in re.findall(r"^(?:\$ )?make (\w+)", line):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"there is no make {target}"


def test_every_page_is_in_the_index() -> None:
    index = read(ROOT / "docs/index.md")
    linked, listed = set(LINK.findall(index)), set(index.split())
    for page in PAGES[1:]:
        name = str(page.relative_to(ROOT / "docs"))
        if name != "index.md":
            assert name in linked, name
            assert name.removesuffix(".md") in listed, f"{name} is in no toctree"


def test_every_public_name_is_in_the_reference() -> None:
    page = read(ROOT / "docs/reference/python.md")
    for name in set(detente.__all__) - {"__version__"} | {
        *detente.agreement.__all__,
        *detente.sequencing.__all__,
        *detente.stability.__all__,
        *detente.uncertainty.__all__,
        *detente.verification.__all__,
    }:
        assert re.search(rf":: (?:\S+\.)?{name}$", page, re.MULTILINE), name


def test_every_command_has_its_help_on_the_reference_page() -> None:
    specification = importlib.util.spec_from_file_location("conf", ROOT / "docs/conf.py")
    assert specification is not None
    assert specification.loader is not None
    conf = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(conf)
    assert conf.COMMANDS in read(ROOT / "docs/reference/command_line.md")
    shown = conf.commands()
    for name, command in COMMANDS.items():
        assert f"### {name}\n" in shown
        for option in command.params:
            assert option.opts[0] in shown or option.metavar in shown


def fields(document: Any, names: set[str]) -> Iterator[str]:
    """Keys of a document that are no names of the case."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key not in names:
                yield key
            yield from fields(value, names)
    elif isinstance(document, list):
        for value in document:
            yield from fields(value, names)


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("river", "delta_draft"), ("korea", "hanoi_north_offer"), ("ceasefire", "flour_first")],
)
def test_every_field_of_json_is_in_the_reference(name: str, outcome: str) -> None:
    from detente.command.output import enveloped

    case = detente.load(name, overlays=[{"title": "Another", "handling": "For a test"}])
    factions = [f"{p}.{f}" for p, party in case.parties.items() for f in party.factions]
    concerns = [concern.name for own in case.concerns.values() for concern in own]
    inner = [faction for party in case.parties.values() for faction in party.factions.values()]
    concerns += [concern.name for faction in inner for concern in faction.concerns]
    measures = case.verification.measures if case.verification else {}
    names = {*case.parties, *factions, *case.issues, *case.packages, *concerns}
    names |= {*measures, *case.violations}
    documented = set(SPAN.findall(FENCE.sub("", read(ROOT / "docs/reference/json.md"))))
    documented |= set(re.findall(r'"(\w+)"', " ".join(documented)))
    for command, result in {
        "check": detente.check(case),
        "concerns": detente.concerns(case),
        "agree": detente.agree(case, outcome),
        "verify": detente.verify(case, outcome, budget=4, visits=0.5),
    }.items():
        missing = set(fields(enveloped(command, result), names)) - documented
        assert not missing, f"docs/reference/json.md says nothing of {sorted(missing)}"


def test_every_field_of_a_roadmap_is_in_the_reference() -> None:
    case = detente.load("commitment")
    overlay = "commitment_slow_lifting"
    result = detente.roadmap(case, "deal", survives=[overlay], order="embargo,reactor")
    documented = set(SPAN.findall(FENCE.sub("", read(ROOT / "docs/reference/json.md"))))
    documented |= set(re.findall(r'"(\w+)"', " ".join(documented)))
    missing = set(fields(result.to_dict(), {*case.parties, *case.issues})) - documented
    assert not missing, f"docs/reference/json.md says nothing of {sorted(missing)}"


def test_every_field_of_hold_is_in_the_reference() -> None:
    view = {"parties": {"us": {"sees": {"issues": {"air_strike": {"irreversible": []}}}}}}
    case = detente.load("cuban_missile_crisis", overlays=[view])
    result = detente.hold(
        case,
        every=True,
        coalitions="all",
        blocs="+".join(case.parties),
        start="status_quo",
        simultaneous=True,
    )
    documented = set(SPAN.findall(FENCE.sub("", read(ROOT / "docs/reference/json.md"))))
    documented |= set(re.findall(r'"(\w+)"', " ".join(documented)))
    names = {*case.parties, *case.issues, *case.packages, "+".join(case.parties)}
    missing = set(fields(result.to_dict(), names)) - documented
    assert not missing, f"docs/reference/json.md says nothing of {sorted(missing)}"


def test_every_field_of_stress_is_in_the_reference(tmp_path: Path) -> None:
    hazards = {"drivers": {"rain": {"hazards": {"delta": 0.1, "bank": 0.1}}}}
    case = detente.load("river", overlays=[hazards])
    past = tmp_path / "past.csv"
    past.write_text("name,years,ended\nOne,3,yes\nAnother,9,no\n", encoding="utf-8")
    result = detente.stress(
        case,
        "single_text,payment=yearly",
        samples=256,
        codings=[{"parties": {"delta": {"walk_away": 40}}}],
        years=3,
        agreements=past,
        workers=1,
    )
    failed = Failed(7, "a message", {"drivers.rain": 90.0})
    document = dataclasses.replace(result, failures=(failed,)).to_dict()
    documented = set(SPAN.findall(FENCE.sub("", read(ROOT / "docs/reference/json.md"))))
    documented |= set(re.findall(r'"(\w+)"', " ".join(documented)))
    names = {*case.parties, *case.issues, *document["codings"], "drivers.rain"}
    missing = set(fields(document, names)) - documented
    assert not missing, f"docs/reference/json.md says nothing of {sorted(missing)}"


def test_what_the_explanations_cite_is_in_the_bibliography() -> None:
    entries = read(ROOT / "docs/reference/bibliography.md").split("\n- ")
    cited = re.compile(r"([A-Z]\w+)(?: et al\.)?(?:'s [a-z -]+)? \(?(1[89]\d\d|20\d\d)\b")
    found = set()
    for page in ("agreement", "exactness", "stability", "uncertainty"):
        found |= set(cited.findall(read(ROOT / f"docs/explanation/{page}.md")))
    assert ("Nash", "1950") in found
    for author, year in found:
        named = any(author in entry and f"({year})" in entry for entry in entries)
        assert named, f"{author} ({year})"
