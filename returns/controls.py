"""What the goods half of the returns app records."""

from django.utils.translation import gettext_lazy as _

from compliance import events
from compliance.events import EventType

EVENTS = (
    EventType("returns.policy_written", _("Return policy put in force"), on_timeline=False),
    EventType("returns.policy_retired", _("Return policy ended"), on_timeline=False),
    EventType("returns.requested", _("Return asked for")),
    EventType("returns.sent_to_review", _("Return given to a person to look at")),
    EventType("returns.authorized", _("Return authorized")),
    EventType("returns.address_sent", _("Return address told")),
    EventType("returns.declined", _("Return declined")),
    EventType("returns.appealed", _("Customer asked to look again")),
    EventType("returns.overridden", _("Decided against the verdict")),
    EventType("returns.canceled", _("Return canceled")),
    EventType("returns.label_made", _("Return label made")),
    EventType("returns.parcel_announced", _("Return parcel announced")),
    EventType("returns.parcel_scanned", _("Carrier's news on the parcel")),
    EventType("returns.parcel_lost", _("Return parcel lost")),
    EventType("returns.received", _("Returned goods received")),
    EventType("returns.item_waived", _("Article need not come back")),
    EventType("returns.unexpected_found", _("Unannounced goods found")),
    EventType("returns.unexpected_decided", _("Unannounced goods decided")),
    EventType("returns.item_inspected", _("Article inspected")),
    EventType("returns.item_decided", _("Missing article decided")),
    EventType("returns.inspected", _("Return inspected")),
    EventType("returns.reimbursed", _("What is owed was settled")),
    EventType("returns.reimbursement_voided", _("Reimbursement voided")),
    EventType("returns.asked_again", _("What was not paid was asked for again")),
    EventType("returns.settled", _("Return settled")),
    EventType("returns.paid", _("All that was owed arrived")),
    EventType("returns.closed", _("Return closed")),
    EventType("returns.instruction_ordered", _("Order given to the shop")),
    EventType("returns.difference_paid", _("Price difference paid")),
    EventType("returns.instruction_confirmed", _("Order confirmed by the shop")),
    EventType("returns.instruction_done", _("Order carried out by the shop")),
    EventType("returns.instruction_canceled", _("Order to the shop canceled")),
    EventType("returns.repair_planned", _("Repair planned")),
    EventType("returns.repair_quoted", _("Repair quoted")),
    EventType("returns.repair_consented", _("Customer agreed to the repair")),
    EventType("returns.repair_refused", _("Customer did not agree to the repair")),
    EventType("returns.repair_started", _("Handed in for repair")),
    EventType("returns.repair_waits_for_parts", _("Repair waits for parts")),
    EventType("returns.repair_finished", _("Repair finished")),
    EventType("returns.compensated", _("Compensation given")),
    EventType("returns.compensation_withdrawn", _("Compensation withdrawn")),
)


def register() -> None:
    events.register(EVENTS)
