"""Data that carries its own two languages: names of departments, categories, macros."""

from __future__ import annotations

from django.utils.translation import get_language


def localized(english: str, chinese: str) -> str:
    """The text in the language of the page, the other one when it is missing."""
    if (get_language() or "").startswith("zh"):
        return chinese or english
    return english or chinese
