"""The pages hold what they say: examples run, links lead somewhere, commands and fields exist."""

from __future__ import annotations

import calendar
import dataclasses
import functools
import importlib
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
from detente.case.schema import json_schema
from detente.command.application import application
from detente.uncertainty.answer import Failed

ROOT = Path(__file__).resolve().parents[1]


def _beside_the_pages(name: str) -> ModuleType:
    """A module of ``docs``, which is no package."""
    specification = importlib.util.spec_from_file_location(name, ROOT / f"docs/{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules.setdefault(name, module)
    specification.loader.exec_module(module)
    return module


console, generate, links = (_beside_the_pages(name) for name in ("console", "generate", "links"))
PAGES: list[Path] = console.pages()
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
COMMANDS: dict[str, Any] = dict(typer.main.get_command(application).commands)  # type: ignore[attr-defined]
each_page = pytest.mark.parametrize("page", PAGES, ids=NAMES)
BESIDE = [ROOT / name for name in ("CONTRIBUTING.md", "CHANGELOG.md")]
BESIDE += sorted((ROOT / "benchmarks").glob("*.md"))

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


@functools.cache
def filled(page: Path) -> str:
    """A page with what is put in when the documentation is built."""
    return str(generate.fill_in(read(page)))


def anchors(page: Path) -> set[str]:
    headings = HEADING.findall(FENCE.sub("", filled(page)))
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
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


@pytest.mark.parametrize("page", [*PAGES, *BESIDE], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(FENCE.sub("", filled(page))):
        if re.match(r"\w+:", target):
            continue
        name, _, anchor = target.partition("#")
        found = page.parent / name if name else page
        assert found.exists(), f"{target} is not there"
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found), f"{name} has no heading for #{anchor}"


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


QUESTIONS = ["agreement", "commitments", "leverage", "sequencing", "stability", "uncertainty"]
QUESTIONS += ["verification"]


def test_every_public_name_is_in_the_reference() -> None:
    page, listed = read(ROOT / "docs/reference/python.md"), generate.names()
    public = set(detente.__all__) - {"__version__"}
    for question in QUESTIONS:
        public |= set(getattr(importlib.import_module(f"detente.{question}"), "__all__", ()))
    assert len(public) > 100
    for name in public:
        assert re.search(rf":: (?:\S+\.)?{name}$", page, re.MULTILINE), name
        assert f"{{py:obj}}`{name} <" in listed, name


def test_every_command_has_its_help_on_the_reference_page() -> None:
    shown = filled(ROOT / "docs/reference/command_line.md")
    for name, command in COMMANDS.items():
        assert f"### {name}\n" in shown
        for option in command.params:
            assert option.opts[0] in shown or option.metavar in shown


def test_every_key_of_a_case_is_in_the_reference_with_its_meaning() -> None:
    generated = filled(ROOT / "docs/reference/case_file_keys.md")
    told = read(ROOT / "docs/reference/case_file.md")
    sections = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", generated, re.MULTILINE))
    schema = json_schema()
    entries = {"The case": schema, **schema["$defs"]}
    for name, entry in entries.items():
        section = sections["The case" if entry is schema else generate.title(name)]
        section += sections["Any entry"] if "#any-entry" in section else ""
        for key, part in entry["properties"].items():
            assert f"| `{key}` |" in section, f"{name}.{key}"
            assert len(part["description"]) > 5, f"{name}.{key}"
            assert part["description"].replace("|", "\\|") in section, f"{name}.{key}"
            assert re.search(rf"\b{key}\b", told), f"{name}.{key} is not in case_file.md"


def test_each_generated_part_has_one_page() -> None:
    for mark in generate.PARTS:
        assert sum(read(page).count(mark) for page in PAGES) == 1, mark
    assert all("<!-- " not in filled(page) for page in PAGES[1:])


@pytest.mark.parametrize(
    ("status", "info", "lost", "unknown"),
    [
        ("working", "", 0, 0),
        ("redirected", "https://elsewhere.example", 0, 0),
        ("broken", "404 Client Error: Not Found for url: https://a.example", 1, 0),
        ("broken", "410 Client Error: Gone for url: https://a.example", 1, 0),
        ("broken", "403 Client Error: Forbidden for url: https://a.example/404", 0, 1),
        ("broken", "Pool(port=443): retries (Caused by NameResolutionError('no name'))", 0, 1),
        ("timeout", "Read timed out.", 0, 1),
        ("ignored", "service unavailable", 0, 1),
    ],
)
def test_only_pages_that_are_gone_fail(status: str, info: str, lost: int, unknown: int) -> None:
    link = {"filename": "a.md", "lineno": 3, "uri": "https://a.example", "status": status}
    told = links.report([{**link, "info": info}])
    assert tuple(map(len, told)) == (lost, unknown)
    assert all("a.md:3: https://a.example" in sentence for sentence in [*told[0], *told[1]])


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
    pages = ("agreement", "exactness", "stability", "uncertainty", "comparison")
    for page in (*pages, "../how-to/code_your_own_case"):
        found |= set(cited.findall(read(ROOT / f"docs/explanation/{page}.md")))
    assert {("Nash", "1950"), ("Edwards", "1986")} <= found
    for author, year in found:
        if author in {"In", *calendar.month_name}:
            continue
        named = any(author in entry and f"({year})" in entry for entry in entries)
        assert named, f"{author} ({year})"
