"""For the tests of the brief: contexts made once a run, a page as a reader gets it, a PDF."""

from __future__ import annotations

import os
import pickle
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import portalocker
import pytest

import detente
from detente.case.schema import Case
from detente.views.brief import Brief, compose
from detente.views.brief.context import Context
from detente.views.brief.gathering import gather

PRIVATE: dict[str, Any] = {
    "detente": 1,
    "title": "A case with secrets",
    "as_of": "2026-05-01",
    "handling": 'Only for <those> who "need" it; 비밀',
    "parties": {
        "alpha": {
            "name": "Alfa & Söhne <b>",
            "walk_away": {
                "low": 41.37,
                "likely": 43.73,
                "high": 47.91,
                "because": "secretly 43.73",
            },
            "factions": {
                "hawks": {
                    "name": "The hawks",
                    "walk_away": 23.93,
                    "values": {
                        "weights": {"land": 71.77, "water": 28.23},
                        "scores": {
                            "land": {"kept": 100, "shared": 57.13, "given": 0},
                            "water": {"kept": 100, "given": 0},
                        },
                    },
                }
            },
        },
        "beta": {"name": "북한", "walk_away": 33.59},
        "gamma": {"name": "Gamma", "walk_away": 19.39, "signs": False},
    },
    "issues": {
        "land": {"name": "The land", "options": ["kept", "shared", "given"]},
        "water": {"name": "The water", "options": ["kept", "given"]},
        "name": {"name": "The name", "options": ["old", "new"]},
    },
    "status_quo": {"land": "kept", "water": "kept", "name": "old"},
    "rules": [{"if": "water == given", "then": "land != given", "because": "Not both."}],
    "concerns": {
        "beta": [
            {"name": "Some land", "met": "land != kept", "must": True, "source": "letter"},
            {"name": "A new name", "met": "name == new", "source": ["letter", "talk"]},
        ]
    },
    "values": {
        "alpha": {
            "weights": {"land": {"low": 51.11, "likely": 61.83, "high": 66.29}, "water": 38.17},
            "scores": {
                "land": {"kept": 100, "shared": 48.71, "given": 0},
                "water": {"kept": 100, "given": 21.19},
            },
        },
        "beta": {
            "scores": {
                "land": {"kept": 0, "shared": 31.43, "given": 52.97},
                "water": {"kept": 0, "given": 27.67},
                "name": {"old": 0, "new": 11.51},
            }
        },
        "gamma": {"scores": {"land": {"kept": 17.57, "shared": 22.41, "given": 0}}},
    },
    "packages": {
        "half": {"name": "Half", "outcome": {"land": "shared", "name": "new"}},
        "everything": {"name": "Everything", "outcome": {"land": "given", "name": "new"}},
        "water_only": {"name": "Water only", "outcome": {"water": "given"}},
    },
    "sources": {
        "talk": {"title": "A talk"},
        "letter": {"title": "A letter", "url": "https://example.org/a"},
    },
}


def _truce() -> Case:
    from holds import truce

    return truce()


def _two_sides() -> Case:
    from roads import two_sides

    return two_sides()


CASES: dict[str, Callable[[], Case]] = {
    **{
        name: partial(detente.load, name)
        for name in ("korea", "river", "ceasefire", "six_party_2005")
    },
    "sections": partial(detente.load, Path(__file__).parent / "data" / "ceasefire.yaml"),
    "private": partial(detente.load, PRIVATE),
    "truce": _truce,
    "two_sides": _two_sides,
}
"""Cases of which contexts and pages are shared; ``sections`` has all those of the format."""


class Shared:
    """Contexts and briefs of some cases: each made once a run, by whichever process asks first.

    A full brief of the Korean case takes half a minute, and a dozen modules read one.

    Parameters
    ----------
    folder
        Where the processes of a run leave what they made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, Any] = {}

    def context(self, name: str, audience: str | None = None) -> Context:
        """All questions answered for a case of :data:`CASES`."""
        found: Context = self.once(name, lambda: gather(CASES[name]()))
        return replace(found, audience=audience)

    def brief(self, name: str, audience: str | None = None) -> Brief:
        """The brief of such a case, for everybody or for an audience."""
        key = f"{name}-{audience or 'closed'}"
        found: Brief = self.once(key, lambda: compose(self.context(name, audience)))
        return found

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """What ``make`` returns, by whichever process comes here first."""
        if key not in self.made:
            file = self.folder / f"{key}.pickle"
            with (self.folder / f"{key}.lock").open("w") as lock:
                portalocker.lock(lock, portalocker.LockFlags.EXCLUSIVE)
                if not file.exists():
                    file.write_bytes(pickle.dumps(make()))
            self.made[key] = pickle.loads(file.read_bytes())
        return self.made[key]


def in_full(section: Any) -> tuple[Any, ...]:
    """What a section folds out beside its method: complete lists, further pictures."""
    found: list[tuple[Any, ...]] = [p.blocks for p in section.fold_outs if p.title == "In full"]
    return found[0] if found else ()


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run have in common, and no other run."""
    own = factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "briefs"
    folder.mkdir(exist_ok=True)
    return folder


_EMPTY = frozenset({"meta", "link", "br", "img", "input", "hr"})


@dataclass
class Element:
    """A tag with its attributes, its children and its own text."""

    tag: str
    attributes: dict[str, str | None]
    parent: Element | None
    children: list[Element] = field(default_factory=list)
    parts: list[str | Element] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.walk() if element.tag in tags]

    def with_class(self, name: str) -> list[Element]:
        return [e for e in self.walk() if name in (e.attributes.get("class") or "").split()]

    @property
    def text(self) -> str:
        """Everything a reader gets to see, style sheets aside."""
        if self.tag == "style":
            return ""
        inner = (part if isinstance(part, str) else part.text for part in self.parts)
        return re.sub(r"\s+", " ", " ".join(inner)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("root", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), self.here)
        self.here.children.append(element)
        self.here.parts.append(element)
        if tag not in _EMPTY:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), self.here)
        self.here.children.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.parts.append(data)


def read(html: str) -> Element:
    """A page as a tree; every tag must be closed where it was opened."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
    return reader.root


def pdf_pages(data: bytes) -> list[str]:
    """The text of every page of a PDF as Chromium writes them."""
    objects = {int(m[1]): m[2] for m in re.finditer(rb"\n(\d+) 0 obj\b(.*?)\bendobj", data, re.S)}
    pages = []
    for body in objects.values():
        if not re.search(rb"/Type\s*/Page\b", body):
            continue
        fonts = {
            name: _letters(objects, int(number))
            for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body)
        }
        content = re.search(rb"/Contents\s+(\d+) 0 R", body)
        assert content is not None
        text, letters = "", dict[int, str]()
        shown = rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>"
        for match in re.finditer(shown, _stream(objects[int(content[1])])):
            if match[1]:
                letters = fonts.get(match[1], {})
            else:
                codes = (int(match[2][i : i + 4], 16) for i in range(0, len(match[2]), 4))
                text += "".join(letters.get(code, "?") for code in codes)
        pages.append(text)
    return pages


def _stream(body: bytes) -> bytes:
    head, _, rest = body.partition(b"stream")
    raw = rest[: rest.rindex(b"endstream")].lstrip(b"\r\n")
    return zlib.decompress(raw) if b"FlateDecode" in head else raw


def _letters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    table = re.search(rb"/ToUnicode\s+(\d+) 0 R", objects[font])
    if table is None:
        return {}
    found: dict[int, str] = {}
    text = _stream(objects[int(table[1])])
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", text, re.S):
        for code, letter in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            found[int(code, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, letter in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(int(letter, 16) + step)
    return found


LIGHT = r"""
  const parts = c => (c.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (one, two) => {
    const [a, b] = [light(one), light(two)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = parts(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
"""
"""Contrast of two colours as WCAG 2 has it, and the colour behind an element of a page."""
BEHIND = r"""
  const over = document.createElement('style');
  over.textContent = 'svg * { pointer-events: all !important }';
  document.head.append(over);
  const alpha = (shape, svg) => {
    let found = parseFloat(getComputedStyle(shape).fillOpacity);
    for (let e = shape; e !== svg; e = e.parentElement)
      found *= parseFloat(getComputedStyle(e).opacity);
    return found;
  };
  const under = word => {
    const svg = word.ownerSVGElement;
    let box = word.getBoundingClientRect();
    scrollTo(0, scrollY + box.top - innerHeight / 2);
    box = word.getBoundingClientRect();
    const shapes = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2)
      .filter(e => svg.contains(e) && e.matches('path, rect, circle'))
      .filter(e => word.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING)
      .filter(e => getComputedStyle(e).fill !== 'none').reverse();
    return shapes.reduce((paper, shape) => {
      const ink = parts(getComputedStyle(shape).fill), share = alpha(shape, svg) * (ink[3] ?? 1);
      return paper.map((c, i) => c * (1 - share) + ink[i] * share);
    }, behind(svg).slice(0, 3));
  };
"""
"""The colour under the middle of a word of a picture, all shapes below it laid over each other."""
