"""Changing when the house is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.context import Person
from aftersales.kernel.errors import RuleViolated, require
from aftersales.kernel.services import service
from clocks.calendar_hooks import calendars_changed
from clocks.models import Calendar, CalendarException
from clocks.policies import can_change_calendars
from compliance.services import record

CHANGEABLE = (
    "name",
    "name_zh",
    "region",
    "time_zone",
    "frames",
    "works_on_holidays",
    "is_default",
)


@dataclass(frozen=True, slots=True)
class ExceptionDraft:
    """Other hours on one date; ``frames`` as stored, none for closed."""

    date: date
    reason: str
    frames: list[list[str]] = field(default_factory=list)


@service
def add_calendar(calendar: Calendar, *, actor: Person, note: str = "") -> Calendar:
    """Save a new calendar; raises ``RuleViolated`` for values that cannot be counted with."""
    require(can_change_calendars(actor))
    _take_over_default(calendar)
    _check(calendar)
    calendar.save(force_insert=True)
    record("clocks.calendar_added", calendar, actor=actor, note=note, data={"code": calendar.code})
    calendars_changed([calendar.pk], actor)
    return calendar


@service
def change_calendar(
    calendar_id: int, values: Mapping[str, Any], *, actor: Person, note: str = ""
) -> Calendar:
    """Change fields of ``CHANGEABLE``; running clocks of the calendar count anew."""
    calendar = Calendar.objects.locked().get(pk=calendar_id)
    require(can_change_calendars(actor))
    changed = sorted(name for name, value in values.items() if getattr(calendar, name) != value)
    if not set(changed) <= set(CHANGEABLE):
        raise RuleViolated("not_changeable", _("This cannot be changed here."), field=changed[0])
    if "is_default" in changed and calendar.is_default:
        message = _("Make another calendar the default instead.")
        raise RuleViolated("default_needed", message, field="is_default")
    for name in changed:
        setattr(calendar, name, values[name])
    if changed:
        _take_over_default(calendar)
        _check(calendar)
        calendar.save(update_fields=changed)
        record(
            "clocks.calendar_changed", calendar, actor=actor, note=note, data={"fields": changed}
        )
        calendars_changed([calendar.pk], actor)
    return calendar


@service
def add_exception(
    calendar_id: int, draft: ExceptionDraft, *, actor: Person, note: str = ""
) -> CalendarException:
    """Give one date other hours; raises ``RuleViolated`` when it has an exception already."""
    calendar = Calendar.objects.locked().get(pk=calendar_id)
    require(can_change_calendars(actor))
    exception = CalendarException(
        calendar=calendar, date=draft.date, frames=draft.frames, reason=draft.reason.strip()
    )
    _check(exception)
    exception.save(force_insert=True)
    _record_exception(exception, actor, note or exception.reason)
    return exception


@service
def remove_exception(exception_id: int, *, actor: Person, note: str = "") -> None:
    """Give the date its usual hours back; the history keeps what was."""
    calendar_id = CalendarException.objects.values_list("calendar", flat=True).get(pk=exception_id)
    Calendar.objects.locked().get(pk=calendar_id)
    exception = CalendarException.objects.select_related("calendar").get(pk=exception_id)
    require(can_change_calendars(actor))
    exception.delete()
    _record_exception(exception, actor, note)


def _record_exception(exception: CalendarException, actor: Person, note: str) -> None:
    calendar = exception.calendar
    data = {"date": exception.date.isoformat(), "frames": exception.frames}
    record("clocks.calendar_changed", calendar, actor=actor, note=note, data=data)
    calendars_changed([calendar.pk], actor)


def _take_over_default(calendar: Calendar) -> None:
    """There is one default: the new one replaces the old one."""
    if calendar.is_default:
        for other in Calendar.objects.locked().filter(is_default=True).exclude(pk=calendar.pk):
            other.is_default = False
            other.save(update_fields=["is_default"])


def _check(obj: models.Model) -> None:
    """The model's own rules; raises the first as ``RuleViolated`` at its field."""
    try:
        obj.full_clean()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        where = "" if name == "__all__" else name
        raise RuleViolated("invalid", messages[0], field=where) from None
