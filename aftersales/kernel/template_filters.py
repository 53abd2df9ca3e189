"""Filters that every template knows."""

from __future__ import annotations

from typing import Any

from django import template

from aftersales.kernel import refs

register = template.Library()


@register.filter
def for_reader(text: Any) -> Any:
    """What a machine wrote down in each language, in the reader's; anything else as it is."""
    return refs.for_reader(text) if isinstance(text, str) else text
