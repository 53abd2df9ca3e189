"""What the handoffs app records."""

from django.utils.translation import gettext_lazy as _

from compliance import events, personal
from compliance.events import EventType

EVENTS = (
    EventType("handoffs.sent", _("Handed over")),
    EventType("handoffs.accepted", _("Hand-over accepted")),
    EventType("handoffs.assigned", _("Hand-over assigned")),
    EventType("handoffs.returned", _("More information asked for")),
    EventType("handoffs.resent", _("Hand-over sent again")),
    EventType("handoffs.answered", _("Hand-over answered")),
    EventType("handoffs.declined", _("Hand-over declined")),
    EventType("handoffs.rerouted", _("Hand-over sent elsewhere")),
    EventType("handoffs.withdrawn", _("Hand-over withdrawn")),
    EventType("handoffs.closed", _("Answer accepted")),
    EventType("handoffs.link_created", _("Outsider's link created"), on_timeline=False),
    EventType("handoffs.link_revoked", _("Outsider's link revoked")),
    EventType("handoffs.responsibility_set", _("Responsibilities changed"), on_timeline=False),
    EventType("handoffs.example_proposed", _("Proposed as an example")),
    EventType("handoffs.example_approved", _("Shared as an example")),
    EventType("handoffs.example_withdrawn", _("Example withdrawn")),
)


def register() -> None:
    events.register(EVENTS)
    personal.register("handoffs.handoff", party_phone="phone", answered_for="name")
    personal.register("handoffs.handoffturn", by_name="name")
    personal.register("handoffs.partylink", public_id="secret")
