"""What money may be asked for at all, whoever asks and through whichever door."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated
from customers.models import Payment
from returns.queries.deal import is_in_kind


def require_money(payment: Payment) -> None:
    """Raise for points and coupons: the shop gives them back in kind with the sheet of a return
    (return measures art. 15), paying them out would turn them into cash."""
    if is_in_kind(payment):
        raise RuleViolated(
            "paid_in_kind",
            _("Points and coupons are given back in kind, not paid out."),
            field="payment",
        )
