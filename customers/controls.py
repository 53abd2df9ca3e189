"""What the customers app records."""

from django.utils.translation import gettext_lazy as _

from compliance import events, personal, wording
from compliance.events import EventType
from compliance.wording import Row
from customers.models import ContactChannel
from customers.services.disclosing import LABELS

EVENTS = (
    EventType("customers.created", _("Customer recorded"), on_timeline=False),
    EventType("customers.contact_added", _("Contact point added")),
    EventType("customers.contact_confirmed", _("Contact point confirmed")),
    EventType("customers.merged", _("Customers merged"), on_timeline=False),
    EventType("customers.unmerged", _("Customer merge undone"), on_timeline=False),
    EventType("customers.order_received", _("Order received from the shop"), on_timeline=False),
    EventType("customers.order_changed", _("Order updated by the shop"), on_timeline=False),
    EventType("customers.orders_imported", _("Orders imported"), on_timeline=False),
    EventType("customers.survey_opt_out", _("Customer declined surveys"), on_timeline=False),
)


def steps(value: list[dict[str, str]], row: Row) -> str:
    """Discounts by sum (满减), in signs both languages read."""
    return "; ".join(f"≥ {step['threshold']}: −{step['discount']}" for step in value)


def register() -> None:
    events.register(EVENTS)
    wording.register("customers.order", discount_steps=steps)
    wording.register_disclosed({**dict(ContactChannel.choices), **LABELS})
    personal.register("customers.customer", name="name")
    personal.register("customers.contactpoint", address="contact")
    personal.register("customers.order", recipient="name", recipient_phone="phone", address="line")
