"""The text of a package as a document that a delegation can mark up."""

from __future__ import annotations

from detente.views.documents.markdown import markdown_text
from detente.views.documents.word import word_document

__all__ = ["markdown_text", "word_document"]
