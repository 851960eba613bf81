"""Charts as files: vector, pixels, or a page that works without a network."""

from __future__ import annotations

import html

from detente.case.errors import CaseError, Problem
from detente.model.result import Result
from detente.views.specification import specification


def chart_file(result: Result, suffix: str) -> str | bytes:
    """The chart of a result as ``.svg``, ``.png`` or ``.html`` (with the findings in words).

    The handling label of the case is printed on each.
    """
    import vl_convert

    try:
        document = specification(result.chart())
    except (TypeError, ValueError) as error:
        advice = "write .json .csv .xlsx or .txt instead"
        raise CaseError(Problem(str(error), advice)) from None
    label = result.handling
    if label:
        title = document.get("title")
        text = title.get("text") if isinstance(title, dict) else title
        base = title if isinstance(title, dict) else {}
        document["title"] = {**base, "text": text or "", "subtitle": label}
    if suffix == ".png":
        return bytes(vl_convert.vegalite_to_png(document, scale=2))
    svg = str(vl_convert.vegalite_to_svg(document))
    if suffix == ".svg":
        return svg
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8">'
        f"<title>{html.escape(result.case.title if result.case else 'detente')}</title>\n"
        f"{svg}\n<pre>{html.escape(str(result))}</pre></html>\n"
    )
