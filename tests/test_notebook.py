"""Results in a notebook: the finding, a table and a chart, without scripts and any network."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import pytest
from rich.rule import Rule

import detente
import stress_results
from briefs import LIGHT, Element, read
from detente.model.result import Result
from detente.views.notebook.blocks import elements
from detente.views.terminal import blocks
from detente.views.terminal.layout import plain
from detente.views.verification_charts import verify_chart

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "docs/tutorial/korea.ipynb"
QUESTIONS = (
    *("check", "concerns", "agree", "draft", "track", "verify", "sample", "confidence"),
    *("roadmap", "hold", "stress", "unlock", "brief"),
)
MARKUP = '<script>alert(1)</script> & "it\'s" </style> <img src=x onerror=alert(2)>'
HOSTILE = {
    "title": f"A dam {MARKUP}",
    "handling": f"For one {MARKUP}",
    "parties": {"delta": {"name": f"Delta {MARKUP}"}},
    "issues": {"drought": {"name": f"Releases {MARKUP}", "options": {"floor": MARKUP}}},
    "packages": {"single_text": {"name": f"Text {MARKUP}"}},
}


@cache
def river() -> detente.Case:
    return detente.load("river")


ASKED: Mapping[str, Callable[[detente.Case], Result]] = {
    "CheckResult": detente.check,
    "ConcernsResult": detente.concerns,
    "AgreeResult": detente.agree,
    "AgreeResult of a package": lambda case: detente.agree(case, "delta_draft"),
    "DraftResult": lambda case: detente.draft(case, "single_text"),
    "TrackResult": lambda case: detente.track(case, "single_text", on="2027-01-01"),
    "VerifyResult": lambda case: detente.verify(case, "single_text"),
    "RoadmapResult": lambda case: detente.roadmap(case, "highland_draft"),
    "HoldResult": lambda case: detente.hold(case, "single_text"),
    "HoldResult of all packages": detente.hold,
    "UnlockResult": lambda case: detente.unlock(
        case, "highland_draft", levers=["terms", "verification"], samples=64
    ),
    "StressResult": lambda case: stress_results.river(),
    "SampleResult": lambda case: detente.sample(300, 10, detect=0.9),
    "ConfidenceResult": lambda case: detente.confidence(0.1, false_alarm=0.01, periods=30),
}
"""Every kind of result on a small case; the last three are of a case of their own, or of none."""
each_result = pytest.mark.parametrize("kind", list(ASKED))
each_hostile = pytest.mark.parametrize("kind", list(ASKED)[:-3])


@cache
def result(kind: str) -> Result:
    return ASKED[kind](river())


@cache
def html(kind: str) -> str:
    return result(kind)._repr_html_()


def needs_nothing(output: str) -> Element:
    """An output as a tree, after making sure that it runs and loads nothing."""
    page = read(output)
    assert not page.all("script", "link", "img", "iframe", "object", "embed", "foreignObject")
    assert "http://" not in output and "https://" not in output and "@import" not in output
    for element in page.walk():
        for name, value in element.attributes.items():
            assert not name.startswith("on"), name
            assert name not in ("src", "srcset", "href", "xlink:href"), value
    assert set(re.findall(r"url\((.)", output)) <= {"#"}
    return page


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


# the form


def test_every_kind_of_result_is_tried() -> None:
    kinds = {name for name in detente.__all__ if name.endswith("Result")} - {"Result"}
    assert {kind.split()[0] for kind in ASKED} == kinds


@each_result
def test_the_finding_comes_first_then_a_table_and_the_chart(kind: str) -> None:
    page = needs_nothing(html(kind))
    [outer] = page.children
    assert outer.attributes["class"] == "detente"
    finding = next(e for e in outer.walk() if "finding" in (e.attributes.get("class") or ""))
    told = [block for block in outer.children if block.tag != "style"]
    before = told[: [block is finding for block in told].index(True)]
    assert finding.text and all(block.tag == "p" for block in before) and len(before) <= 2
    assert len(finding.text) > 20
    folded = {id(e) for fold in page.all("details") for e in fold.walk()}
    tables = [table for table in page.all("table") if id(table) not in folded]
    if kind == "CheckResult":
        assert not page.all("svg") and page.all("li")
        return
    [drawing] = page.all("svg")
    assert tables and id(drawing) not in folded
    order = {id(element): place for place, element in enumerate(page.walk())}
    assert order[id(finding)] < order[id(tables[0])] < order[id(drawing)]


@each_result
def test_nothing_is_told_on_a_terminal_that_is_not_told_here(kind: str) -> None:
    shown = words(read(html(kind)).text)
    told = words(plain(blocks(result(kind)), width=5000))
    assert told - shown <= {"json", "out", "FILE", "csv"}


@each_result
def test_tables_have_headers_with_scopes_and_rows_as_wide_as_their_head(kind: str) -> None:
    for table in read(html(kind)).all("table"):
        assert all(cell.attributes.get("scope") for cell in table.all("th"))
        widths = {
            sum(int(cell.attributes.get("colspan") or 1) for cell in row.all("th", "td"))
            for row in table.all("tr")
        }
        assert len(widths) == 1
        region = table.parent
        assert region is not None and region.attributes["tabindex"] == "0"
        assert region.attributes["aria-label"]


def test_numbers_are_aligned_and_marks_stand_in_columns_of_their_own() -> None:
    refusals = read(html("AgreeResult")).all("table")[0]
    for row in refusals.all("tbody")[0].all("tr"):
        assert all(cell.attributes.get("class") == "number" for cell in row.all("td"))
    concerns = read(html("ConcernsResult")).all("table")[0]
    packages = len(result("ConcernsResult").packages)  # type: ignore[attr-defined]
    marks = [row.with_class("mark") for row in concerns.all("tr") if row.all("td")]
    assert {len(row) for row in marks} == {packages}
    assert {cell.text for row in marks[1:] for cell in row} == {"✓", "✗"}


@each_result
def test_the_handling_label_is_there(kind: str) -> None:
    label = result(kind).handling
    found = [element.text for element in read(html(kind)).with_class("label")]
    assert found == ([label] if label else [])
    assert (label is None) == (result(kind).case is None)


@each_hostile
def test_names_are_no_markup(kind: str) -> None:
    case = detente.load("river", overlays=[HOSTILE])
    page = needs_nothing(ASKED[kind](case)._repr_html_())
    assert len(page.all("style")) == 1
    spaced = re.sub(r"\s+", " ", MARKUP)
    assert f"For one {spaced}" in [element.text for element in page.with_class("label")]


@each_result
def test_identifiers_are_those_of_one_drawing(kind: str) -> None:
    page = read(html(kind))
    found = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
    assert len(found) == len(set(found))
    assert len({str(name)[:20] for name in found}) <= 1
    assert set(re.findall(r"url\(#([^)]+)\)", html(kind))) <= set(found)


def test_a_title_that_repeats_the_finding_is_left_out() -> None:
    page = read(html("DraftResult"))
    [finding] = page.with_class("finding")
    assert finding.text.split()[0] not in [text.text for text in page.all("text")]
    drawn = " ".join(text.text for text in page.all("text"))
    assert finding.text[:40] not in drawn
    assert page.all("desc")[0].text == finding.text


def test_what_the_command_line_offers_is_called_as_in_python() -> None:
    text = read(html("AgreeResult of a package")).text
    assert "--" not in text and ".to_dict()" in text


def test_a_block_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(TypeError, match="no HTML of Rule"):
        next(iter(elements(Rule(), "")))  # type: ignore[arg-type]


# charts, errors, the brief


def test_a_chart_shows_itself_and_stays_a_chart_of_altair() -> None:
    chart: Any = result("VerifyResult").chart()
    shown = chart.properties(width=300)._repr_mimebundle_()
    assert set(shown) == {"text/html", "text/plain"}
    page = needs_nothing(shown["text/html"])
    assert len(page.all("svg")) == 1
    assert [label.text for label in page.with_class("label")] == [river().handling]
    assert isinstance(chart, alt.LayerChart)
    drawn = verify_chart(detente.verify(river(), "single_text")).to_dict()
    assert chart.to_dict() == {**drawn, "usermeta": {"handling": river().handling}}


def test_a_brief_shows_itself_in_a_frame() -> None:
    source = '<html><head><title>"&amp;</title></head><body><a href="#x">x</a></body></html>'
    found: Any = object.__new__(detente.Brief)
    found.__dict__.update(case=river(), html=source)
    [frame] = read(found._repr_html_()).all("iframe")
    shown = str(frame.attributes["srcdoc"])
    assert shown.replace('<base href="about:srcdoc">', "") == source
    assert "allow-scripts" not in str(frame.attributes["sandbox"])
    assert frame.attributes["title"] == river().title


# the example


def executed(notebook: Path, folder: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(Path(__file__).parent / "run_notebook.py"), notebook],
        env={**os.environ, "IPYTHONDIR": str(folder)},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    found = executed(NOTEBOOK, tmp_path_factory.mktemp("ipython"))
    return {cell["id"]: cell for cell in found}


def test_no_cell_of_the_example_fails(cells: dict[str, dict[str, Any]]) -> None:
    for name, cell in cells.items():
        assert cell["success"], f"{name}: {cell['printed']}"
        assert not cell["printed"], name
        assert "text/plain" in cell["shown"], f"{name} shows nothing"


def test_every_result_of_the_example_shows_itself(cells: dict[str, dict[str, Any]]) -> None:
    shown = {cell["type"] for cell in cells.values()}
    kinds = {kind.split()[0] for kind in ASKED}
    assert kinds <= shown
    for cell in cells.values():
        if cell["type"] not in {*kinds, "Drawing"}:
            continue
        page = needs_nothing(cell["shown"]["text/html"])
        if cell["type"] != "Drawing":
            assert page.with_class("finding")[0].text
        if cell["type"] not in ("Drawing", "CheckResult"):
            assert page.all("table")
        assert len(page.all("svg")) == (cell["type"] != "CheckResult")
        if cell["type"] not in ("Drawing", "SampleResult", "ConfidenceResult"):
            assert page.with_class("label")[0].text == detente.load("korea").handling


def test_the_example_is_stored_without_outputs_and_asks_everything() -> None:
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    names = [cell["id"] for cell in notebook["cells"]]
    assert len(names) == len(set(names)) and all(re.fullmatch(r"[\w-]{1,64}", n) for n in names)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    skipped = [cell["id"] for cell in code if cell["metadata"].get("tags")]
    assert skipped == ["brief"]  # the only one that takes long
    asked = re.findall(r"detente\.(\w+)\(", " ".join("".join(cell["source"]) for cell in code))
    assert set(QUESTIONS) <= set(asked)
    for cell in notebook["cells"]:
        for target in re.findall(r"\]\(([^)\s]+)\)", "".join(cell["source"])):
            assert (NOTEBOOK.parent / target).exists(), target


def test_an_error_is_a_message_without_a_traceback(tmp_path: Path) -> None:
    source = "import detente\ndetente.agree(detente.load('river'), 'delta_drft')"
    cell = {"cell_type": "code", "id": "error", "metadata": {}, "source": [source]}
    file = tmp_path / "wrong.ipynb"
    file.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    [found] = executed(file, tmp_path)
    assert not found["success"]
    lines = found["printed"].splitlines()
    assert lines[0] == "error: unknown package 'delta_drft'; did you mean 'delta_draft'?"
    assert "Traceback" not in found["printed"] and len(lines) == 2


# in a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium is installed; outputs must be seen in one")
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=flags)
        yield opened
        opened.close()


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_outputs_can_be_read_in_light_and_in_dark_notebooks(browser: Any, dark: bool) -> None:
    page = browser.new_page(
        viewport={"width": 700, "height": 900}, color_scheme="light" if dark else "dark"
    )
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: complaints.append(request.url))
    outputs = "".join(map(html, ASKED))
    rules = "td,th{text-align:right;color:#777;background:#777} tbody tr:hover{background:#777}"
    page.set_content(
        f'<style>{rules}</style><body data-jp-theme-light="{str(not dark).lower()}" '
        f'style="background:{"#111" if dark else "#fff"}">{outputs}</body>'
    )
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    found = page.evaluate(
        """() => {"""
        + LIGHT
        + """
          const paper = light(parts(getComputedStyle(
            document.querySelector('.detente')).backgroundColor));
          const faint = [...document.querySelectorAll('.detente *')].filter(e =>
            !e.closest('svg') && e.tagName !== 'STYLE' &&
            [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())).filter(e => {
              const ink = light(parts(getComputedStyle(e).color));
              return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05) < 4.5;
            }).map(e => e.textContent);
          return {paper, faint, wide: document.documentElement.scrollWidth,
            names: [...document.querySelectorAll('tbody th')].map(
              e => getComputedStyle(e).textAlign)};
        }"""
    )
    page.close()
    assert not complaints
    assert not found["faint"]
    assert found["paper"] < 0.05 if dark else found["paper"] > 0.9
    assert found["wide"] <= 700
    assert "left" in found["names"]
