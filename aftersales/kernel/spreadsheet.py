"""Cells that a spreadsheet would run as formulas (OWASP: CSV injection) are kept as text."""

from __future__ import annotations

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
