"""The labels of a phone's cards, written as the headings are.

On a phone each cell of a list carries the name of its column; Unfold writes it as the model does
and lets the style sheet begin every word with a capital letter, «Responsible Party». The settings
name this library in the place of Unfold's ``unfold_list``.
"""

from __future__ import annotations

import re
from typing import Any

from django.template import Library
from django.template.base import Parser, Token
from django.utils.safestring import SafeString, mark_safe
from unfold.templatetags import unfold_list as theirs

register = Library()
register.tags |= theirs.register.tags
register.filters |= theirs.register.filters
FIRST_LETTER = re.compile(r'(?<= data-label=")\w')


@register.tag("unfold_result_list")
def result_list_tag(parser: Parser, token: Token) -> Any:
    """Unfold's, asking the function below."""
    node = theirs.result_list_tag(parser, token)
    node.func = result_list
    return node


def result_list(context: dict[str, Any], cl: Any) -> dict[str, Any]:
    """What Unfold lists, its labels capitalised."""
    found: dict[str, Any] = theirs.result_list(context, cl)
    for row in found["results"]:
        row[:] = map(labelled, row)
    return found


def labelled(cell: str) -> SafeString:
    """A cell of Unfold's whose label begins with a capital letter."""
    return mark_safe(FIRST_LETTER.sub(lambda found: found[0].upper(), cell, count=1))  # noqa: S308 -- theirs
