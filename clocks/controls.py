"""What the clocks app records."""

from django.utils.translation import gettext_lazy as _

from compliance import events
from compliance.events import EventType

EVENTS = (
    EventType("clocks.breached", _("Promise missed")),
    EventType("clocks.reevaluated", _("Promises adjusted")),
    EventType("clocks.recounted", _("Promise counted anew"), on_timeline=False),
    EventType("clocks.rule_created", _("Rule of time created"), on_timeline=False),
    EventType("clocks.rule_revised", _("Rule of time changed"), on_timeline=False),
    EventType("clocks.rule_retired", _("Rule of time ended"), on_timeline=False),
)


def register() -> None:
    events.register(EVENTS)
