"""Goods and money that tie a case to its order."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from customers import buyer_uses, line_uses
from customers.models import Order
from returns.models import Refund, ReturnAuthorization
from returns.money_statuses import RefundStatus
from returns.queries.quantities import taken
from returns.statuses import ReturnStatus
from tickets import order_uses
from tickets.models import Ticket
from tickets.order_uses import OrderUse

# What came to nothing may have been asked for the wrong order.
FREE_REFUNDS = (RefundStatus.DECLINED, RefundStatus.CANCELED)


def has_return(ticket: Ticket) -> bool:
    rows = ReturnAuthorization.objects.filter(ticket=ticket, order=ticket.order_id)
    return rows.exclude(status=ReturnStatus.CANCELED).exists()


def has_refund(ticket: Ticket) -> bool:
    rows = Refund.objects.filter(ticket=ticket, payment__order=ticket.order_id)
    return rows.exclude(status__in=FREE_REFUNDS).exists()


def is_paid_back(order: Order) -> bool:
    """Store credit goes to whoever bought the order, approvals counted what that person got."""
    rows = Refund.objects.filter(payment__order=order)
    return rows.exclude(status__in=FREE_REFUNDS).exists()


def register() -> None:
    returns = _("A return of this order is on the case; cancel it first.")
    order_uses.register("returns", OrderUse(returns, has_return))
    refunds = _("A refund of this order is on the case; cancel it first.")
    order_uses.register("refunds", OrderUse(refunds, has_refund))
    line_uses.register("returns", taken)
    buyer_uses.register("refunds", is_paid_back)
