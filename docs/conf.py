"""How Sphinx builds the documentation: ``make docs``."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import detente

sys.path.insert(0, str(Path(__file__).parent))
import generate

project = "detente"
author = "The detente developers"
copyright = author
nitpicky = True
nitpick_ignore = [
    ("py:class", "iterable"),
    ("py:class", "sequence"),
]  # kinds of arguments, in words
myst_heading_anchors = 3
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "detente"
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["print.css"]
linkcheck_timeout = 10
linkcheck_workers = 10
linkcheck_rate_limit_timeout = 10
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_attr_annotations = False  # results have parts of the same name: Step, Standing


def _fill_in(app: object, page: str, source: list[str]) -> None:
    """Called with the text of every page before it is read."""
    text = source[0].replace("\n\n```\n", "\n```\n")  # the empty line that ends a doctest
    source[0] = generate.fill_in(text)


def _keep_colons(app: object, what: str, *rest: Any) -> None:
    """Keep napoleon from taking what stands before a colon for the type of an attribute."""
    lines: list[str] = rest[-1]
    if what in {"attribute", "data", "property"}:
        lines[:0] = ["..", ""]  # an empty comment has no colon


@cache
def _modules() -> dict[str, ModuleType]:
    """Every module of the program by its name."""
    names = [entry.name for entry in pkgutil.walk_packages(detente.__path__, "detente.")]
    return {name: importlib.import_module(name) for name in names if "__main__" not in name}


def _leave_plain(app: object, env: object, node: Any, content: Any) -> Any:
    """A name that the reference leaves out stays plain text; one that exists nowhere is told."""
    target = node["reftarget"]
    owner, _, last = target.rpartition(".")
    owners = [_modules()[owner]] if owner in _modules() else _modules().values()
    known = target in _modules() or any(hasattr(module, last) for module in owners)
    if not known and owner:  # a part of a class: Field.score
        known = any(hasattr(getattr(module, owner, None), last) for module in owners)
    return content if known and node.get("refdomain") == "py" else None


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.config.version = app.config.release = detente.__version__
    app.connect("source-read", _fill_in)
    app.connect("autodoc-process-docstring", _keep_colons, priority=400)
    app.connect("missing-reference", _leave_plain)
