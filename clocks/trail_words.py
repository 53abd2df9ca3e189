"""What codes of rules and calendars say in the trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.conditions import in_words
from clocks import actions, registry
from clocks.models.rules import TOKEN_FIELDS
from compliance import events, wording
from compliance.wording import Row

EVIDENCE = {
    "rule": _("rule"),
    "version": _("version"),
    "started": _("started"),
    "due": _("due"),
    "basis": _("legal basis"),
}


def hours(frames: Sequence[Sequence[str]], row: Row) -> str:
    """Open hours of one day."""
    return ", ".join(f"{start}–{end}" for start, end in frames)


def week(value: dict[str, Any], row: Row) -> str:
    """Open hours by weekday, in the order of the week."""
    days = sorted(value.items())
    return "; ".join(f"{WEEKDAYS[int(day) - 1]} {hours(frames, row)}" for day, frames in days)


def subject(value: str, row: Row) -> str:
    return str(registry.get(value).label)


def conditions(value: list[dict[str, Any]], row: Row) -> str:
    known = registry.find(row.get("subject_type", ""))
    return "; ".join(in_words(value, known.by_code if known else {}))


def register() -> None:
    tokens = dict.fromkeys(TOKEN_FIELDS, wording.each(events.token_label))
    wording.register("clocks.clockrule", subject_type=subject, conditions=conditions, **tokens)
    wording.register("clocks.escalationstep", action=wording.each(actions.label))
    wording.register("clocks.calendar", frames=week)
    wording.register("clocks.calendarexception", frames=hours)
    wording.register("compliance.finding", evidence=wording.keyed(EVIDENCE))
