"""The lifecycles of goods coming back and of what is owed for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.transitions import StatusChoices


class ReturnStatus(StatusChoices):
    """Where a return stands. Nothing that arrived is canceled any more."""

    REQUESTED = "requested", _("Requested")
    NEEDS_REVIEW = "needs_review", _("A person must look")
    AUTHORIZED = "authorized", _("Authorized")
    DECLINED = "declined", pgettext_lazy("decision", "Declined")
    IN_TRANSIT = "in_transit", _("On its way")
    RECEIVED = "received", pgettext_lazy("goods", "Received")
    INSPECTED = "inspected", _("Inspected")
    SETTLED = "settled", pgettext_lazy("return", "Settled")
    CLOSED = "closed", _("Closed")
    CANCELED = "canceled", _("Canceled")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        asked = {cls.AUTHORIZED, cls.DECLINED, cls.CANCELED}
        return {
            cls.REQUESTED: frozenset({cls.NEEDS_REVIEW, *asked}),
            cls.NEEDS_REVIEW: frozenset(asked),
            # Without goods to wait for (refund only, sent again, lost) it is inspected at once.
            cls.AUTHORIZED: frozenset({cls.IN_TRANSIT, cls.RECEIVED, cls.INSPECTED, cls.CANCELED}),
            cls.IN_TRANSIT: frozenset({cls.RECEIVED}),
            cls.RECEIVED: frozenset({cls.INSPECTED}),
            cls.INSPECTED: frozenset({cls.SETTLED}),
            # A sheet whose refunds came to nothing is voided; then it is to be settled again.
            cls.SETTLED: frozenset({cls.CLOSED, cls.INSPECTED}),
            # A customer may ask for a person to look again.
            cls.DECLINED: frozenset({cls.NEEDS_REVIEW}),
        }

    @property
    def customer_label(self) -> str:
        """What the customer reads instead of our word."""
        return str(CUSTOMER_WORDS[self])


CUSTOMER_WORDS = {
    ReturnStatus.REQUESTED: _("We have received your request"),
    ReturnStatus.NEEDS_REVIEW: _("A colleague is looking at your request"),
    ReturnStatus.AUTHORIZED: _("Accepted. Please send the goods to the address below"),
    ReturnStatus.DECLINED: _("We cannot accept this return"),
    ReturnStatus.IN_TRANSIT: _("Your parcel is on its way to us"),
    ReturnStatus.RECEIVED: _("Your parcel has arrived and is being checked"),
    ReturnStatus.INSPECTED: _("The goods were checked; we work out what you are owed"),
    ReturnStatus.SETTLED: _("Settled. What you are owed is on its way"),
    ReturnStatus.CLOSED: _("Finished"),
    ReturnStatus.CANCELED: _("Canceled"),
}

# A return that takes quantity from its order lines.
TAKING = tuple(
    status.value
    for status in ReturnStatus
    if status not in (ReturnStatus.DECLINED, ReturnStatus.CANCELED)
)
# A return whose goods or money are still to be settled.
UNSETTLED = tuple(
    status.value
    for status in ReturnStatus
    if status
    not in (
        ReturnStatus.SETTLED,
        ReturnStatus.CLOSED,
        ReturnStatus.DECLINED,
        ReturnStatus.CANCELED,
    )
)


class ReceptionStatus(StatusChoices):
    """Did it arrive?"""

    AWAITED = "awaited", pgettext_lazy("goods", "Awaited")
    IN_TRANSIT = "in_transit", _("On its way")
    RECEIVED = "received", pgettext_lazy("goods", "Received")
    SHORT = "short", _("Missing in the parcel")
    WRONG_ITEM = "wrong_item", _("Another article came")
    LOST = "lost", _("Lost by the carrier")
    WAIVED = "waived", _("Need not come back")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        arrivals = {cls.RECEIVED, cls.SHORT, cls.WRONG_ITEM, cls.LOST}
        return {
            cls.AWAITED: frozenset({cls.IN_TRANSIT, cls.WAIVED, *arrivals}),
            cls.IN_TRANSIT: frozenset({cls.WAIVED, *arrivals}),
            # A second parcel brings what the first one lacked.
            cls.SHORT: frozenset({cls.RECEIVED, cls.WAIVED, cls.LOST}),
            cls.WRONG_ITEM: frozenset({cls.RECEIVED}),
        }


class AcceptanceStatus(StatusChoices):
    """Do we take it?"""

    PENDING = "pending", pgettext_lazy("goods", "To be decided")
    ACCEPTED = "accepted", pgettext_lazy("goods", "Accepted")
    PARTLY = "partly", _("Accepted with a deduction")
    DECLINED = "declined", pgettext_lazy("goods", "Declined")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {
            cls.PENDING: frozenset({cls.ACCEPTED, cls.PARTLY, cls.DECLINED}),
            # A second look may end better for the customer, never worse.
            cls.DECLINED: frozenset({cls.ACCEPTED, cls.PARTLY}),
        }


class ParcelStatus(StatusChoices):
    """Where a parcel is."""

    ANNOUNCED = "announced", _("Label made, not handed in yet")
    IN_TRANSIT = "in_transit", _("On its way")
    DELIVERED = "delivered", pgettext_lazy("parcel", "Delivered to us")
    LOST = "lost", pgettext_lazy("parcel", "Lost")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {
            cls.ANNOUNCED: frozenset({cls.IN_TRANSIT, cls.DELIVERED, cls.LOST}),
            cls.IN_TRANSIT: frozenset({cls.DELIVERED, cls.LOST}),
            cls.LOST: frozenset({cls.DELIVERED}),
        }


class RepairStatus(StatusChoices):
    """A repair from the vendor's quote to the article back at the customer."""

    PLANNED = "planned", pgettext_lazy("repair", "To be quoted")
    QUOTED = "quoted", _("Waiting for the customer's consent")
    CONSENTED = "consented", _("Customer agreed")
    IN_REPAIR = "in_repair", _("In repair")
    REPAIRED = "repaired", _("Repaired")
    FAILED = "failed", _("Could not be repaired")
    REFUSED = "refused", _("Customer did not agree")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {
            # Free of charge there is nothing to agree to.
            cls.PLANNED: frozenset({cls.QUOTED, cls.IN_REPAIR, cls.FAILED}),
            cls.QUOTED: frozenset({cls.CONSENTED, cls.REFUSED}),
            cls.CONSENTED: frozenset({cls.IN_REPAIR}),
            cls.IN_REPAIR: frozenset({cls.REPAIRED, cls.FAILED}),
        }


class InstructionStatus(StatusChoices):
    """Something handed to the shop's system."""

    WAITING = "waiting", _("Waiting for a payment")
    PENDING = "pending", _("To be fetched by the shop")
    CONFIRMED = "confirmed", _("Confirmed by the shop")
    DONE = "done", pgettext_lazy("instruction", "Done")
    CANCELED = "canceled", _("Canceled")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {
            cls.WAITING: frozenset({cls.PENDING, cls.CANCELED}),
            cls.PENDING: frozenset({cls.CONFIRMED, cls.CANCELED}),
            cls.CONFIRMED: frozenset({cls.DONE, cls.CANCELED}),
        }


class SheetStatus(StatusChoices):
    """What is owed: performed once, or void."""

    PERFORMED = "performed", _("Performed")
    VOID = "void", pgettext_lazy("sheet", "Void")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {cls.PERFORMED: frozenset({cls.VOID})}


class GrantStatus(StatusChoices):
    """A compensation given."""

    GRANTED = "granted", pgettext_lazy("compensation", "Granted")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {cls.GRANTED: frozenset({cls.WITHDRAWN})}
