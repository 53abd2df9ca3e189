"""Fixed lists of money that are no lifecycle."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RefundKind(models.TextChoices):
    """Out of which pocket: the purchase's own money, or the firm's on top of it."""

    PURCHASE = "purchase", _("Refund of the purchase")
    COMPENSATION = "compensation", _("Compensation in cash")
    STATUTORY_DAMAGES = "statutory_damages", _("Statutory damages")


class RefundMeans(models.TextChoices):
    """How it reaches the customer."""

    ORIGINAL = "original", _("Original payment")
    STORE_CREDIT = "store_credit", _("Store credit")


class RefundOrigin(models.TextChoices):
    """Who made it: this desk, or somebody past it."""

    DESK = "desk", _("This desk")
    CONSOLE = "console", _("Made at the gateway")
    CHARGEBACK = "chargeback", _("Taken back by the bank")


class RefundReason(models.TextChoices):
    """Why money goes back."""

    NO_REASON = "no_reason", _("Returned without reason")
    QUALITY = "quality", _("Quality defect")
    WRONG_ITEM = "wrong_item", _("Wrong article")
    DAMAGED = "damaged", _("Damaged on the way")
    NOT_RECEIVED = "not_received", _("Not received")
    LATE = "late", _("Late delivery")
    PRICE = "price", _("Price difference")
    DUPLICATE = "duplicate", _("Paid twice")
    GOODWILL = "goodwill", _("Goodwill")
    LEGAL = "legal", _("Legal claim")
    OTHER = "other", _("Other")


class Risk(models.TextChoices):
    """What the guard found."""

    NORMAL = "normal", _("Normal")
    RAISED = "raised", _("Needs a look")


class Touch(models.TextChoices):
    """What somebody laid hands on; who did may not approve."""

    CREATED = "created", _("Requested it")
    AMOUNT = "amount", _("Changed the amount")
    PAYEE = "payee", _("Changed where it goes")
    LINES = "lines", _("Changed the lines")
    EVIDENCE = "evidence", _("Changed the evidence")
    REASON = "reason", _("Changed the reason")


class Decision(models.TextChoices):
    """What an approver said."""

    APPROVE = "approve", _("Approved")
    DECLINE = "decline", pgettext_lazy("decision", "Declined")
    ASK_BACK = "ask_back", _("Asked back")


class Account(models.TextChoices):
    """Where money is. A positive entry puts it there, a negative one takes it away."""

    CUSTOMER_LIABILITY = "customer_liability", _("Customers' payments")
    RESERVATION = "reservation", _("Reserved for refunds")
    GATEWAY_CLEARING = "gateway_clearing", _("Paid through a gateway")
    CASH = "cash", _("Left the bank")
    STORE_CREDIT = "store_credit", _("Store credit owed")
    REDEEMED = "redeemed", _("Store credit used")
    STATUTORY_DAMAGES = "statutory_damages", _("Statutory damages")
    COMPENSATION = "compensation", _("Compensation")


class Step(models.TextChoices):
    """Which act wrote the entries."""

    RESERVE = "reserve", _("Reserved")
    RELEASE = "release", _("Released")
    SETTLE = "settle", pgettext_lazy("money", "Paid")
    CLEAR = "clear", _("Seen on the statement")
    REDEEM = "redeem", _("Store credit used")


class AttemptKind(models.TextChoices):
    """What was asked of the gateway."""

    SEND = "send", _("Instruction sent")
    QUERY = "query", _("Result asked for")


class Outcome(models.TextChoices):
    """What the gateway's answer proves. Everything that proves nothing is unknown."""

    SUCCEEDED = "succeeded", pgettext_lazy("money", "Paid")
    FAILED = "failed", _("Refused for good")
    PENDING = "pending", _("Under way")
    NOT_FOUND = "not_found", _("Never heard of it")
    UNKNOWN = "unknown", _("No usable answer")


class ItemKind(models.TextChoices):
    """How books, statement and payments differ."""

    MISSING = "missing", _("Paid by us, not on the statement")
    FOREIGN = "foreign", _("On the statement, not made by this desk")
    AMOUNT = "amount", _("Another amount")
    CURRENCY = "currency", _("Another currency")
    STATUS = "status", _("Another result")
    DUPLICATE = "duplicate", _("Twice on the statement")
    UNRESOLVED = "unresolved", _("Result still unknown")
    BOOKS = "books", _("Counters and ledger differ")
    OVERDRAWN = "overdrawn", _("More went back than was paid")
    CONTRADICTION = "contradiction", _("The gateway contradicts itself")
