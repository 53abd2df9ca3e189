"""Cells that a spreadsheet would run as formulas (OWASP: CSV injection) are kept as text; what is
wrong with a file of cells, in words."""

from __future__ import annotations

import csv

from django.utils.translation import gettext as _

# The wide ones are formulas to spreadsheets in Chinese and Japanese.
STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "'"


def guard(value: object) -> str:
    """The cell's text, with a quote mark before anything that could start a formula."""
    text = "" if value is None else str(value)
    return MARK + text if text.startswith(STARTERS) else text


def unguard(text: str) -> str:
    """What ``guard`` was given."""
    return text[1:] if text.startswith(MARK) and text[1:].startswith(STARTERS) else text


def csv_in_words(error: csv.Error) -> str:
    """What is wrong with the quotes or the length of a record."""
    if "field larger" in str(error):
        most = csv.field_size_limit()
        return _("A column is longer than %(most)s characters.") % {"most": most}
    if "expected after" in str(error):
        return _("Something stands between the end of a quote and the next column.")
    if "new-line character" in str(error):
        return _("It holds a line break outside of quotes.")
    return _("A quote is opened and never closed.")
