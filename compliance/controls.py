"""What compliance itself records."""

from django.utils.translation import gettext_lazy as _

from compliance import events
from compliance.events import EventType

EVENTS = (
    EventType("compliance.disclosed", _("Personal data shown"), on_timeline=False),
    EventType("compliance.exported", _("Data exported"), on_timeline=False),
)


def register() -> None:
    events.register(EVENTS)
