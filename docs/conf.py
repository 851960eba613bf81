"""How Sphinx builds the documentation: ``make docs``."""

from __future__ import annotations

from typing import Any

import typer.main

from detente import __version__
from detente.command.application import application

project = "detente"
author = "The detente developers"
copyright = author
myst_heading_anchors = 2
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "detente"
html_copy_source = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_attr_annotations = False  # results have parts of the same name: Step, Standing

COMMANDS = "<!-- commands -->"
"""Where the help of every command goes, on the page that has this line."""


def commands() -> str:
    """The help of every command, as ``detente COMMAND --help`` prints it, in Markdown."""
    program: Any = typer.main.get_command(application)
    parts = []
    with program.make_context("detente", [], resilient_parsing=True, max_content_width=80) as root:
        for name, command in program.commands.items():
            with command.make_context(name, [], parent=root, resilient_parsing=True) as context:
                parts.append(f"### {name}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def _fill_in(app: object, page: str, source: list[str]) -> None:
    """Called with the text of every page before it is read."""
    text = source[0].replace("\n\n```\n", "\n```\n")  # the empty line that ends a doctest
    source[0] = text.replace(COMMANDS, commands()) if COMMANDS in text else text


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.config.version = app.config.release = __version__
    app.connect("source-read", _fill_in)
