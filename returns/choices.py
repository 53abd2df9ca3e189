"""Fixed vocabularies of goods coming back that have no lifecycle."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReturnKind(models.TextChoices):
    """What is asked for."""

    RETURN_AND_REFUND = "return_and_refund", _("Return and refund")
    REFUND_ONLY = "refund_only", _("Refund without return")
    EXCHANGE = "exchange", _("Exchange")
    REPAIR = "repair", _("Repair")
    RESHIP = "reship", _("Send again")


GOODS_COME_BACK = frozenset({ReturnKind.RETURN_AND_REFUND, ReturnKind.EXCHANGE, ReturnKind.REPAIR})


class Claim(models.TextChoices):
    """Why. Whose fault it is decides the route, the freight and the time allowed."""

    CHANGED_MIND = "changed_mind", _("Does not want it any more")
    DOES_NOT_FIT = "does_not_fit", _("Does not fit")
    DEFECT = "defect", _("Does not work or is faulty")
    NOT_AS_DESCRIBED = "not_as_described", _("Is not as described")
    WRONG_ITEM = "wrong_item", _("Wrong article")
    MISSING_PART = "missing_part", _("Something is missing")
    DAMAGED_ON_ARRIVAL = "damaged", _("Damaged on arrival")
    NOT_RECEIVED = "not_received", _("Never arrived")


NO_REASON_CLAIMS = frozenset({Claim.CHANGED_MIND, Claim.DOES_NOT_FIT})


class StatedCondition(models.TextChoices):
    """In which state the asker says the goods are."""

    UNOPENED = "unopened", _("Not opened")
    OPENED = "opened", _("Opened or tried")
    USED = "used", _("Used")
    DAMAGED = "damaged", _("Damaged")


class FreightPayer(models.TextChoices):
    """Who bears the way back (law of consumer rights art. 24, 25; return measures art. 18)."""

    CUSTOMER = "customer", _("Customer")
    SHOP = "shop", _("Shop")


class DeclineReason(models.TextChoices):
    """Why a request or an article is refused; every refusal has one."""

    LATE = "late", _("Asked after the time allowed")
    EXCLUDED = "excluded", _("Excluded article, marked and confirmed")
    NOT_COVERED = "not_covered", _("Not a remote consumer purchase")
    NOT_INTACT = "not_intact", _("Article is not intact")
    WRONG_ARTICLE = "wrong_article", _("Another article was sent back")
    NO_FAULT_FOUND = "no_fault_found", _("No fault found")
    NOT_PROVEN = "not_proven", _("What is claimed could not be shown")
    FRAUD = "fraud", _("Proven deceit")


class RefundBasis(models.TextChoices):
    """On what ground money goes out before or without goods."""

    NOT_SENT = "not_sent", _("Order was not sent yet")
    FAST_REFUND = "fast_refund", _("Fast refund for a trusted customer")
    REFUSED_PARCEL = "refused_parcel", _("Parcel was refused at the door")
    LOST_PARCEL = "lost_parcel", _("Parcel was lost")
    LOW_VALUE = "low_value", _("Return costs more than the article")
    UNSAFE_TO_RETURN = "unsafe", _("Must not be sent (safety, hygiene)")
    GOODWILL = "goodwill", _("Goodwill")


class Grade(models.TextChoices):
    """What the article is worth now."""

    AS_NEW = "as_new", _("A – as new")
    OPENED = "opened", _("B – opened, like new")
    USED = "used", _("C – signs of use")
    DAMAGED = "damaged", _("D – damaged")


class Disposition(models.TextChoices):
    """Where the article goes next."""

    RESTOCK = "restock", _("Back to stock")
    REFURBISH = "refurbish", _("Refurbish")
    SCRAP = "scrap", _("Scrap")
    SEND_BACK = "send_back", _("Send back to the customer")


class RepairCause(models.TextChoices):
    """Why a repair takes long; the limit differs (30 or 90 days)."""

    REPAIRER = "repairer", _("Repairer")
    PARTS = "parts", _("Parts are missing")


class InstructionKind(models.TextChoices):
    """What the shop's own system must do; we only ask."""

    REPLACEMENT = "replacement", _("Send a replacement")
    RESHIP = "reship", _("Send again")
    SEND_BACK = "send_back", _("Send back to the customer")
    POINTS = "points", _("Give points back")
    COUPON = "coupon", _("Give coupon back")


class SheetLine(models.TextChoices):
    """Kinds of lines of what is owed."""

    GOODS = "goods", _("Article")
    DEDUCTION = "deduction", _("Agreed loss of value")
    OUTBOUND_FREIGHT = "outbound_freight", _("Delivery fee")
    FREE_SHIPPING_LOST = "free_shipping", _("Free delivery no longer reached")
    DISCOUNT = "discount", _("Discount settled anew")
    RETURN_FREIGHT = "return_freight", _("Return postage")
    GIFT = "gift", _("Gift kept")
    PRICE_DIFFERENCE = "price_difference", _("Price difference")
    CARD_FEE = "card_fee", _("Card fee")
    COMPENSATION = "compensation", _("Compensation")
    STATUTORY_DAMAGES = "statutory_damages", _("Statutory damages")


class CompensationMeans(models.TextChoices):
    """How a compensation is given."""

    COUPON = "coupon", _("Coupon")
    POINTS = "points", _("Points")
    CASH = "cash", _("Money")
