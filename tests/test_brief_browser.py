"""The brief in a real browser: widths, pictures, darkness, keyboard, paper.

One set of pages: whole briefs of bundled cases, and pages with sections whose answers were
written by hand because a case brings them about only with luck (long names, no order, failures).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

import detente
from briefs import BEHIND, LIGHT, Shared, pdf_pages
from detente.views.brief import Brief
from detente.views.brief.context import MEDIATOR, Context
from detente.views.brief.cover import cover
from detente.views.brief.gathering import gather
from detente.views.brief.page import SECTIONS, render
from detente.views.brief.paper import NAMES, printed
from test_stress_charts import histories

pytestmark = pytest.mark.browser

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
WIDTHS = (360, 768, 1440)
WHOLE = {
    "korea": ("korea", None),
    "korea_mediator": ("korea", MEDIATOR),
    "river": ("river", MEDIATOR),
    "ceasefire": ("ceasefire", MEDIATOR),
    "six_party": ("six_party_2005", None),
    "sections": ("sections", None),
    "private": ("private", MEDIATOR),
}
"""Whole briefs: case and audience."""
PAGES = (*WHOLE, "by_hand", "by_hand_closed", "long")


# the pages


def sections_of(*entries: tuple[str, Context]) -> str:
    """A page of single sections, each of a context of its own."""
    found = [SECTIONS[key](context) for key, context in entries]
    parts = [section for section in found if section is not None]
    assert len(parts) == len(entries)
    return render(cover(entries[0][1]), parts)


def road(context: Context, result: Any, audience: str | None) -> Context:
    letter = context.packages[0].letter
    return replace(context, roads={letter: result}, audience=audience)


def by_hand(shared: Shared) -> str:
    from roads import answer
    from stress_results import river

    dam = replace(shared.context("river", MEDIATOR), stress=river(course=histories()), standings={})
    return sections_of(
        ("roadmap", road(shared.context("two_sides"), answer(), MEDIATOR)),
        ("hold", shared.context("truce", MEDIATOR)),
        ("stress", dam),
    )


def by_hand_closed(shared: Shared) -> str:
    from roads import failing
    from stress_results import river

    dam = replace(shared.context("river"), stress=river(), standings={})
    return sections_of(
        ("roadmap", road(shared.context("two_sides"), failing(), None)), ("stress", dam)
    )


def long(shared: Shared) -> str:
    """Names for which there is room nowhere."""
    from roads import answer
    from test_brief_hold import long_names
    from test_brief_roadmap import LONG

    return sections_of(
        ("roadmap", road(gather(LONG), answer(LONG), MEDIATOR)),
        ("hold", gather(long_names(), audience=MEDIATOR)),
    )


BY_HAND: dict[str, Callable[[Shared], str]] = {
    "by_hand": by_hand,
    "by_hand_closed": by_hand_closed,
    "long": long,
}


@pytest.fixture(scope="module")
def html(shared: Shared) -> Callable[[str], str]:
    """A page by its name."""

    def make(name: str) -> str:
        if name in WHOLE:
            return shared.brief(*WHOLE[name]).html
        page: str = shared.once(f"page-{name}", lambda: BY_HAND[name](shared))
        return page

    return make


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium is installed; the brief must be seen in one")
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def visit(
    browser: Any, html: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Opens a page; fails where it complains or asks for anything but itself."""
    contexts = []
    complaints: list[str] = []

    def open_page(name: str, width: int = 1280, **settings: Any) -> Any:
        file = tmp_path_factory.mktemp("page") / "brief.html"
        file.write_text(html(name), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requested.append(request.url))
        requested: list[str] = []
        page.goto(file.as_uri())
        page.evaluate("document.fonts.ready")
        complaints.extend(
            url for url in requested if url != file.as_uri() and not url.startswith("data:")
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


def unfold(page: Any, opened: bool = True) -> None:
    page.evaluate("on => document.querySelectorAll('details').forEach(d => d.open = on)", opened)


# every page at every width


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_at_any_width(visit: Any, name: str) -> None:
    page = visit(name)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for opened in (False, True):
            unfold(page, opened)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert not page.evaluate(CUT_WORDS), (width, opened)
        assert not page.evaluate(FAULTS_OF_PICTURES), width
        assert page.evaluate(DRAWINGS) == [], width


CUT_WORDS = """() => {
  const blocks = 'td, th, caption, p, li, dd, dt, h1, h2, h3, summary, figcaption';
  const seen = e => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true});
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest('svg, .spoken, .skip, style') || !seen(parent))
      continue;
    const block = parent.closest(blocks), hidden = parent.closest('thead');
    if (!block || (hidden && getComputedStyle(hidden).position === 'absolute')) continue;
    const box = block.getBoundingClientRect(), range = document.createRange();
    range.selectNodeContents(node);
    const within = !parent.closest('.scroll, nav');
    for (const r of range.getClientRects()) {
      if (r.left < box.left - 1.5 || r.right > box.right + 1.5 || r.top < box.top - 7
          || r.bottom > box.bottom + 7 || (within && (r.left < 0 || r.right > innerWidth))) {
        found.push(node.textContent.trim().slice(0, 60));
        break;
      }
    }
  }
  for (const e of document.querySelectorAll('main *:not(svg *), header *, footer *')) {
    const style = getComputedStyle(e);
    if (style.overflowX === 'hidden' && !e.matches('.spoken, thead') && !e.closest('thead')
        && e.scrollWidth > e.clientWidth + 1) found.push('hidden: ' + e.textContent.slice(0, 60));
  }
  return found;
}"""
"""Words that leave their cell, paragraph or the page, or are hidden by a box."""
FAULTS_OF_PICTURES = """() => [...document.querySelectorAll('figure svg')]
  .filter(svg => svg.getClientRects().length).flatMap(svg => {
    const frame = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim())
      .map(t => [t.textContent, t.getBoundingClientRect()]);
    const cut = boxes.filter(([, box]) =>
      box.left < frame.left - 1 || box.right > frame.right + 1 ||
      box.top < frame.top - 1 || box.bottom > frame.bottom + 1 || box.height < 9)
      .map(([text]) => 'cut: ' + text);
    const touching = boxes.flatMap(([a, one], i) => boxes.slice(i + 1).filter(([, two]) =>
      one.left < two.right - 1 && two.left < one.right - 1 &&
      one.top < two.bottom - 3 && two.top < one.bottom - 3).map(([b]) => a + ' | ' + b));
    const plates = svg.closest('#hold') ? [...svg.querySelectorAll('.mark-rect path')].map(
      p => p.getBoundingClientRect()) : [];
    const across = boxes.flatMap(([text, box]) => plates.filter(plate =>
      box.left < plate.right - 1 && plate.right < box.right - 1 &&
      box.top > plate.top - 1 && box.bottom < plate.bottom + 1).map(() => 'out: ' + text));
    return [...cut, ...touching, ...across].map(t => svg.getAttribute('aria-labelledby') + t);
  })"""
"""Words of pictures that are cut, too small, or touch others or the frame of a state."""
DRAWINGS = """() => [...document.querySelectorAll('figure')].filter(figure => {
    const seen = [...figure.querySelectorAll('svg')].filter(svg => {
      const box = svg.getBoundingClientRect();
      return box.width > 100 && box.height > 40 && box.right <= innerWidth
        && svg.querySelectorAll('text').length > 1
        && [...svg.querySelectorAll('path, rect, line, circle')].some(e => {
             const b = e.getBoundingClientRect();
             return b.width + b.height > 4;
           });
    });
    return seen.length !== 1;
  }).map(figure => figure.querySelector('figcaption').textContent)"""
"""Pictures of which not exactly one drawing is to be seen, with words and marks."""


@pytest.mark.parametrize("name", ["korea", "korea_mediator", "private"])
def test_paper_is_as_wide_as_the_page(visit: Any, name: str) -> None:
    page = visit(name, 673)  # A4 without its margins
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 673
    assert not page.evaluate(CUT_WORDS.replace("!parent.closest('.scroll, nav')", "true"))


def test_the_bundled_font_is_used(visit: Any) -> None:
    page = visit("korea")
    loaded = page.evaluate("[...document.fonts].map(f => [f.family, f.weight, f.status])")
    assert sorted(map(tuple, loaded)) == [("Inter", "400", "loaded"), ("Inter", "600", "loaded")]
    family = page.evaluate("getComputedStyle(document.querySelector('svg text')).fontFamily")
    assert family.startswith("Inter")


# colours


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_text_can_be_read_by_day_and_by_night(visit: Any, name: str, scheme: str) -> None:
    page = visit(name, 1280, color_scheme=scheme)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        unfold(page)
        assert not page.evaluate(FAINT_WORDS), width
        assert not page.evaluate(FAINT_WORDS_OF_PICTURES), width
    paper = page.evaluate(f"() => {{{LIGHT} return light(behind(document.body)); }}")
    assert paper < 0.05 if scheme == "dark" else paper > 0.9


FAINT_WORDS = f"""() => {{
  {LIGHT}
  const poor = [];
  for (const e of document.querySelectorAll('main *, header *, nav *, footer *')) {{
    if (e.closest('svg, .mark, .spoken, [hidden]') || !e.getClientRects().length) continue;
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const ratio = contrast(parts(getComputedStyle(e).color), behind(e));
    if (ratio < 4.5) poor.push([e.className, e.textContent.slice(0, 40), ratio]);
  }}
  return poor;
}}"""
FAINT_WORDS_OF_PICTURES = f"""() => {{
  {LIGHT}
  {BEHIND}
  return [...document.querySelectorAll('figure svg text')]
    .filter(t => t.getClientRects().length && t.textContent.trim())
    .map(t => [t.textContent, contrast(parts(getComputedStyle(t).fill), under(t))])
    .filter(([, ratio]) => ratio < 4.5);
}}"""


@pytest.mark.parametrize("name", PAGES)
def test_pictures_take_their_colours_from_the_page(html: Any, name: str) -> None:
    for drawing in re.findall(r"<svg.*?</svg>", html(name), re.S):
        assert not re.search(r"#[0-9a-fA-F]{6}\b", drawing)


# keyboard and structure


def test_the_keyboard_reaches_everything(visit: Any) -> None:
    page = visit("korea_mediator", 390)
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
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        tag, style, width = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            return [e.tagName + '.' + e.className, s.outlineStyle, parseFloat(s.outlineWidth)]; }"""
        )
        assert style == "solid" and width >= 2, tag  # focus can be seen
        reached.add(tag.split(".")[0])
    assert {"SUMMARY", "DIV", "A"} <= reached


def test_fold_outs_open_with_the_keyboard(visit: Any) -> None:
    page = visit("ceasefire")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1
    page.keyboard.press("Space")
    assert page.locator("details[open]").count() == 0


def test_the_contents_bar_leads_to_every_section(visit: Any) -> None:
    page = visit("korea")
    for link in page.query_selector_all("nav a"):
        link.click()
        page.wait_for_timeout(30)
        place = page.evaluate(
            "document.querySelector(location.hash + '-headline').getBoundingClientRect().top"
        )
        assert 0 <= place < 900


def test_the_page_is_whole_without_scripts(visit: Any) -> None:
    page = visit("ceasefire", java_script_enabled=False)
    assert page.locator("main section").count() >= 6
    page.locator("summary").first.click()
    assert page.locator("details[open]").count() == 1


def test_a_screen_reader_is_told_of_every_picture_and_section(visit: Any) -> None:
    page = visit("korea")
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll('svg, section, nav, .scroll')].filter(e => {
          const by = e.getAttribute('aria-labelledby');
          const said = by ? by.split(' ').map(id => document.getElementById(id).textContent)
            : [e.getAttribute('aria-label') || ''];
          return said.some(text => !text.trim());
        }).length"""
    )
    assert unnamed == 0


# paper


@pytest.mark.parametrize("name", ["korea_mediator", "ceasefire"])
def test_paper_carries_the_label_on_every_page(visit: Any, name: str) -> None:
    pages = pdf_pages(visit(name).pdf(prefer_css_page_size=True))
    case = detente.load(WHOLE[name][0])
    label = f"{case.handling} · for the mediator only"
    assert len(pages) > 1
    assert all(text.count(label) == 2 for text in pages)
    assert "The largest product of gains" in "".join(pages)  # definitions are printed


@pytest.mark.parametrize("name", ["korea_mediator", "river", "by_hand", "long"])
def test_no_picture_is_split_over_two_pages(visit: Any, name: str) -> None:
    page = visit(name)
    page.evaluate(
        """() => document.querySelectorAll('figure').forEach((figure, i) => {
          figure.querySelector('figcaption').append(` [cap${i}]`);
          for (const svg of figure.querySelectorAll('svg')) {
            const [, , width, height] = svg.getAttribute('viewBox').split(' ').map(Number);
            for (const [mark, y] of [['top', 12], ['end', height - 2]]) {
              const word = document.createElementNS(svg.namespaceURI, 'text');
              word.textContent = `[${mark}${i}]`;
              word.setAttribute('x', width / 2);
              word.setAttribute('y', y);
              svg.append(word);
            }
          }
        })"""
    )
    unfold(page)
    pages = pdf_pages(page.pdf(prefer_css_page_size=True))
    count = page.locator("figure").count()
    for number in range(count):
        marks = (f"[cap{number}]", f"[top{number}]", f"[end{number}]")
        places = {at for mark in marks for at, text in enumerate(pages) if mark in text}
        found = sum(text.count(mark) for mark in marks for text in pages)
        assert len(places) == 1 and found == 3, (number, places, found)
    size = page.evaluate("() => getComputedStyle(document.querySelector('figure')).breakInside")
    page.emulate_media(media="print")
    size = page.evaluate("() => getComputedStyle(document.querySelector('figure')).breakInside")
    assert count and size == "avoid"


def test_names_survive_on_the_page_and_on_paper(visit: Any, shared: Shared) -> None:
    page = visit("private")
    words = page.evaluate("document.body.innerText")
    assert "Alfa & Söhne <b>" in words and "북한" in words
    drawn = page.evaluate("[...document.querySelectorAll('svg text')].map(t => t.textContent)")
    assert "Alfa & Söhne <b>" in drawn and "북한" in drawn
    told = "".join(pdf_pages(printed(shared.brief("private", MEDIATOR).html)))
    assert "Alfa & Söhne <b>" in told
    if page.evaluate(HAS_HANGUL):
        assert "북한" in told


HAS_HANGUL = """() => {
  const drawn = letter => {
    const canvas = document.createElement('canvas'), pen = canvas.getContext('2d');
    pen.font = '40px ' + getComputedStyle(document.body).fontFamily;
    pen.fillText(letter, 5, 45);
    return canvas.toDataURL();
  };
  return drawn('북') !== drawn('한');
}"""
"""Whether a font is installed that draws Korean letters: none is bundled."""


def test_a_brief_saved_as_pdf_is_the_page_on_paper(shared: Shared, tmp_path: Any) -> None:
    made: Brief = shared.brief("ceasefire", MEDIATOR)
    made.save(tmp_path / "brief.pdf")
    data = (tmp_path / "brief.pdf").read_bytes()
    pages = pdf_pages(data)
    whole = "".join(pages).replace("\n", "")
    assert made.case.title in pages[0] and f"1 / {len(pages)}" in pages[0]
    assert all(f"{made.case.handling} · for the mediator only" in text for text in pages)
    assert "file:" not in whole and "brief.html" not in whole  # nothing of the browser's own
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", data)
    assert all((round(float(w)), round(float(h))) == (595, 842) for w, h in boxes) and boxes
    assert [path.name for path in tmp_path.iterdir()] == ["brief.pdf"]
