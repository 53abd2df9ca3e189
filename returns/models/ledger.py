"""The books: double entry, only ever added to, and the store credit that hangs on them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import AppendOnly, Journaled
from aftersales.kernel.money import written
from customers.models import Customer, Payment
from returns.models.money import Refund
from returns.money_choices import Account, Step
from returns.money_querysets import MoneyQuerySet


class StoreCredit(AuditedModel):
    """What we owe a customer in goods; ``balance`` equals the entries (deferred trigger)."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="store_credits", verbose_name=_("customer")
    )
    currency = models.CharField(_("currency"), max_length=3)
    balance = models.DecimalField(_("balance"), max_digits=14, decimal_places=2, default=0)

    objects = MoneyQuerySet["StoreCredit"].as_manager()
    history = History()

    class Meta:
        verbose_name = _("store credit")
        verbose_name_plural = _("store credits")
        default_permissions = ("view",)
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(fields=["customer", "currency"], name="store_credit_identity"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="store_credit_not_negative"),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.customer} {written(self.balance, self.currency)}"


class LedgerEntry(models.Model):
    """One side of a booking; the entries of a set add up to zero (deferred trigger).

    ``payment`` is named only where the entry counts against what that payment captured:
    Σ reservation = ``Payment.reserved``, −Σ(reservation + liability) = ``Payment.refunded``.
    """

    set_id = models.UUIDField(_("booking"))
    step = models.CharField(_("act"), max_length=10, choices=Step.choices)
    refund = models.ForeignKey(
        Refund,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("refund"),
    )
    payment = models.ForeignKey(
        Payment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("payment"),
    )
    store_credit = models.ForeignKey(
        StoreCredit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("store credit"),
    )
    account = models.CharField(_("account"), max_length=20, choices=Account.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    reference = models.CharField(_("reference"), max_length=100, blank=True, default="")
    actor_id = models.BigIntegerField(_("actor id"))
    actor_name = models.CharField(_("actor"), max_length=200)
    booked_at = models.DateTimeField(_("booked"))

    objects = MoneyQuerySet["LedgerEntry"].as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        default_permissions = ("view",)
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_amount_not_zero"),
            models.CheckConstraint(
                condition=Q(account__in=Account.values), name="ledger_account_known"
            ),
            models.UniqueConstraint(
                fields=["refund", "account"],
                condition=Q(step="settle"),
                name="ledger_settled_once",
            ),
            models.UniqueConstraint(
                fields=["refund", "account"], condition=Q(step="clear"), name="ledger_cleared_once"
            ),
            models.UniqueConstraint(
                fields=["reference", "account"],
                condition=Q(step="redeem"),
                name="ledger_redeemed_once",
            ),
        ]
        indexes = [models.Index(fields=["set_id"])]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.account} {written(self.amount, self.currency)}"
