"""What every question returns: one frozen record that can show itself.

How a result looks (tables, charts, text) is the business of the views, which lie above.
The package's facade plugs them in through :data:`Result.presenter`, so that no import
points up the layers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    import altair
    import pandas

    from detente.case.schema import Case


class Presenter(Protocol):
    """What a view can make of a result."""

    def table(self, result: Result) -> pandas.DataFrame:
        """The main table."""

    def chart(self, result: Result) -> altair.TopLevelMixin:
        """The main chart."""

    def text(self, result: Result) -> str:
        """The findings as plain text, in eighty columns."""

    def html(self, result: Result) -> str:
        """The findings as HTML, for a notebook."""


class Result(ABC):
    """The answer to one question."""

    case: Case | None
    """The case that was asked about; None where the question needs none (no default here: a
    dataclass would inherit it)."""

    @property
    def handling(self) -> str | None:
        """The label that every page, table and chart file carries."""
        return None if self.case is None else self.case.handling

    presenter: ClassVar[Presenter | None] = None

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """The stable JSON document of the command line, without its envelope."""

    def table(self) -> pandas.DataFrame:
        """The main table, as pandas."""
        return self._presented().table(self)

    def chart(self) -> altair.TopLevelMixin:
        """The main chart, as Altair."""
        return self._presented().chart(self)

    def __str__(self) -> str:
        return self._presented().text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self._presented().html(self)

    def _presented(self) -> Presenter:
        if Result.presenter is None:
            raise RuntimeError("no views are plugged in; import detente first")
        return Result.presenter
