"""Readers for the tests of the brief: a page as a reader gets it, and a PDF page by page."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

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
"""
"""Relative luminance of a colour, as the contrast of WCAG 2 has it."""


def faint(page: Any, pictures: str) -> list[str]:
    """Words of pictures, found by a selector, that stand out from the page by less than 4.5."""
    words: list[str] = page.evaluate(
        f"""pictures => {{
          {LIGHT}
          const paper = light(parts(getComputedStyle(document.documentElement).backgroundColor));
          return [...document.querySelectorAll(pictures)].filter(e => {{
            const ink = light(parts(getComputedStyle(e).fill));
            return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05) < 4.5;
          }}).map(e => e.textContent);
        }}""",
        pictures,
    )
    return words
