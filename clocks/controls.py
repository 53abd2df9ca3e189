"""What clocks record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from compliance import events
from compliance.events import EventType

EVENTS = (
    EventType("clocks.breached", _("Promise missed")),
    EventType("clocks.reevaluated", _("Promises adjusted")),
    EventType("clocks.rule_created", _("Rule of time created"), on_timeline=False),
    EventType("clocks.rule_revised", _("Rule of time changed"), on_timeline=False),
    EventType("clocks.rule_retired", _("Rule of time ended"), on_timeline=False),
    EventType("clocks.calendar_added", _("Calendar added"), on_timeline=False),
    EventType("clocks.calendar_changed", _("Calendar changed"), on_timeline=False),
    EventType("clocks.year_imported", _("Year of a calendar imported"), on_timeline=False),
)


def register() -> None:
    events.register(EVENTS)
