"""The brief in a real browser: widths, darkness, paper, keyboard."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

import detente
from briefs import LIGHT, pdf_pages

pytestmark = pytest.mark.browser

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
CASES = ("korea", "ceasefire")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium is installed; the brief must be seen in one")
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("briefs")
    for name in CASES:
        detente.brief(detente.load(name), audience="mediator").save(folder / f"{name}.html")
    return {name: (folder / f"{name}.html").as_uri() for name in CASES}


@pytest.fixture
def visit(browser: Any) -> Iterator[Any]:
    """Opens a page; fails where it complains or asks for anything over a network."""
    contexts = []
    complaints: list[str] = []

    def open_page(address: str, width: int = 1280, **settings: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                complaints.append(request.url)
                if not request.url.startswith(("file:", "data:"))
                else None
            ),
        )
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


@pytest.mark.parametrize("name", CASES)
def test_no_page_scrolls_sideways(visit: Any, files: dict[str, str], name: str) -> None:
    page = visit(files[name])
    for width, opened in itertools.product((360, 390, 768, 1280, 1440), (False, True)):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(
            "on => document.querySelectorAll('details').forEach(d => d.open = on)", opened
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = page.evaluate(
            """() => [...document.querySelectorAll('h1, h2, p, li, figure, dd, summary')]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .filter(e => !e.closest('nav, .scroll')).map(e => e.textContent.slice(0, 60))"""
        )
        assert not wide


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_one_drawing_is_seen_and_no_text_of_it_is_cut(
    visit: Any, files: dict[str, str], width: int
) -> None:
    page = visit(files["korea"], width)
    drawings = page.evaluate(
        """() => [...document.querySelectorAll('figure svg')].map(svg => {
          const frame = svg.getBoundingClientRect();
          const cut = [...svg.querySelectorAll('text')].filter(text => {
            const box = text.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1
                || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
          }).map(text => text.textContent);
          const size = [...svg.querySelectorAll('text')].map(t => t.getBoundingClientRect().height);
          return {width: frame.width, cut, least: Math.min(...size)};
        })"""
    )
    seen = [drawing for drawing in drawings if drawing["width"]]
    assert len(drawings) == 22 and len(seen) == 11
    assert not any(drawing["cut"] for drawing in seen)
    assert all(drawing["least"] >= 9 for drawing in seen)


def test_the_bundled_font_is_used(visit: Any, files: dict[str, str]) -> None:
    page = visit(files["korea"])
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate("[...document.fonts].map(f => [f.family, f.weight, f.status])")
    assert sorted(map(tuple, loaded)) == [("Inter", "400", "loaded"), ("Inter", "600", "loaded")]
    family = page.evaluate("getComputedStyle(document.querySelector('svg text')).fontFamily")
    assert family.startswith("Inter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_text_can_be_read_by_day_and_by_night(
    visit: Any, files: dict[str, str], scheme: str, width: int
) -> None:
    page = visit(files["korea"], width, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = page.evaluate(
        """() => {"""
        + LIGHT
        + """
          const behind = e => {
            for (; e; e = e.parentElement) {
              const c = parts(getComputedStyle(e).backgroundColor);
              if (c.length === 3 || c[3] > 0) return c;
            }
            return [255, 255, 255];
          };
          const poor = [];
          for (const e of document.querySelectorAll('main *, header *, nav *, footer *')) {
            if (e.closest('svg, .mark, .spoken, [hidden]') || !e.getClientRects().length) continue;
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
            const a = light(parts(getComputedStyle(e).color)), b = light(behind(e));
            const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (contrast < 4.5) poor.push([e.className, e.textContent.slice(0, 40), contrast]);
          }
          return {poor, page: light(behind(document.body))};
        }"""
    )
    assert not found["poor"]
    assert found["page"] < 0.05 if scheme == "dark" else found["page"] > 0.9
    named, behind = page.evaluate(
        """() => ['text', 'rect'].map(tag => getComputedStyle([...document.querySelectorAll(
          'svg ' + tag)].find(e => tag === 'rect' || e.textContent === 'United States')).fill)"""
    )
    day, night = (
        ("rgb(29, 35, 42)", "rgb(253, 252, 250)"),
        ("rgb(232, 229, 222)", "rgb(20, 24, 28)"),
    )
    assert (named, behind) == (night if scheme == "dark" else day)


def test_the_keyboard_reaches_content_and_wide_tables(visit: Any, files: dict[str, str]) -> None:
    page = visit(files["korea"], 390)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    unreachable = page.evaluate(
        """() => [...document.querySelectorAll('.scroll')]
        .filter(e => e.scrollWidth > e.clientWidth && e.tabIndex !== 0).length"""
    )
    assert unreachable == 0


def test_the_contents_bar_leads_to_every_section(visit: Any, files: dict[str, str]) -> None:
    page = visit(files["korea"])
    for link in page.query_selector_all("nav a"):
        link.click()
        page.wait_for_timeout(50)
        place = page.evaluate(
            "document.querySelector(location.hash + '-headline').getBoundingClientRect().top"
        )
        assert 0 <= place < 900


@pytest.mark.parametrize("name", CASES)
def test_paper_carries_the_label_on_every_page(
    visit: Any, files: dict[str, str], name: str
) -> None:
    pages = pdf_pages(visit(files[name]).pdf(prefer_css_page_size=True))
    label = f"{detente.load(name).handling} · for the mediator only"
    assert len(pages) > 1
    assert all(text.count(label) == 2 for text in pages)
    whole = "".join(pages)
    assert "The largest product of gains" in whole  # definitions are printed


def test_the_page_is_whole_without_scripts(visit: Any, files: dict[str, str]) -> None:
    page = visit(files["korea"], java_script_enabled=False)
    assert page.locator("main section").count() >= 6
    page.locator("summary").first.click()
    assert page.locator("details[open]").count() == 1
