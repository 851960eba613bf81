"""A ledger: reports on commitments in a CSV file beside the case, only ever added to.

The first line names the columns ``id,date,kept,source,note,evidence`` (in any order; the
first three are needed), every further line is one report. No cell runs over several lines,
so that whatever happens to a line, the others can be read.

A line with fewer cells than the header, with a quotation mark that is not closed, or that
ends in the middle of a letter was cut off while it was written: it is left as it is, not
counted, and reported. Everything else that cannot be read is an error with its place.

A spreadsheet takes a text that begins with ``=``, ``+``, ``-`` or ``@`` for a formula; such
texts are written with an apostrophe in front, which is taken away when they are read.
"""

from __future__ import annotations

from detente.case.ledger.reading import Ledger, read_ledger
from detente.case.ledger.writing import append_entry

__all__ = ["Ledger", "append_entry", "read_ledger"]
