"""Goods whose price may go back twice: with the sheet of a return and by a refund beside it.

A refund may say of which articles it gives back, it need not. What can be compared is refused when
it is too much; what cannot is pointed out, for a person to compare.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated
from aftersales.kernel.money import written
from customers.models import Order, OrderLine
from returns.choices import SheetLine
from returns.models import Refund, Reimbursement, ReimbursementLine, ReturnAuthorization
from returns.money_choices import RefundKind
from returns.money_statuses import COUNTED
from returns.queries.deal import beside_sheets
from returns.statuses import ReturnStatus, SheetStatus

Sign = dict[str, Any]

SHEET = Reimbursement._meta.label_lower
CAME_TO_NOTHING = (ReturnStatus.DECLINED, ReturnStatus.CANCELED)
MOST_NAMED = 5


def require_left(refund: Refund) -> None:
    """Raise when an article would give back more than was paid for it, over all sheets and refunds
    of the order; the order and the articles are locked, so that of two refunds submitted at once
    on different payments the second sees the first."""
    if not refund.uses_payment:
        return
    Order.objects.select_for_update(of=("self",), no_key=True).get(pk=refund.payment.order_id)
    wanted = refund.lines.exclude(order_line=None).values("order_line")
    articles = OrderLine.objects.select_for_update(of=("self",)).filter(pk__in=wanted)
    sheet = refund.basis_key if refund.basis_type == SHEET else None
    locked = list(articles.order_by("pk"))
    beside = beside_sheets(refund.payment.order, refund)
    for article in locked:
        own = refund.lines.filter(order_line=article).aggregate(total=Sum("amount"))["total"]
        before = beside.get(article.pk, Decimal(0)) + _by_sheets(article, sheet)
        if own + before > article.paid_amount:
            free = max(article.paid_amount - before, Decimal(0))
            raise RuleViolated(
                "line_overdrawn",
                _("For “%(article)s” only %(free)s can still go back.")
                % {"article": article.name, "free": written(free, refund.currency)},
                field="lines",
            )


def _by_sheets(article: OrderLine, own: int | None) -> Decimal:
    """What other sheets gave for an article, on whichever tenders; not those nothing came of."""
    paid = Refund.objects.filter(basis_type=SHEET, status__in=COUNTED).values("basis_key")
    rows = ReimbursementLine.objects.filter(
        order_line=article,
        kind=SheetLine.GOODS,
        reimbursement__status=SheetStatus.PERFORMED,
        reimbursement__in=paid,
    ).exclude(reimbursement=own)
    return rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def signs(refund: Refund) -> list[Sign]:
    """What of the order was given back another way, so that nobody can tell by rule whether this
    is for the same goods."""
    if not refund.uses_payment:
        return []
    found = [_beside_return(refund), _beside_refund(refund)]
    return [sign for sign in found if sign]


def _beside_return(refund: Refund) -> Sign | None:
    """It does not rest on a return, and the order has one under way or done, or an exchange."""
    if refund.basis_type == SHEET:
        return None
    rows = ReturnAuthorization.objects.filter(order=refund.payment.order_id)
    live = rows.exclude(status__in=CAME_TO_NOTHING).order_by("-pk")
    found = list(live.values_list("number", flat=True)[:MOST_NAMED])
    return {"code": "return_known", "returns": found} if found else None


def _beside_refund(refund: Refund) -> Sign | None:
    """Refunds without a return on the order or the case, unless both sides name their articles:
    those are counted piece by piece. Two that name none are bounded by the payment only, so a
    person has to say that the second is no repetition of the first."""
    same = Q(payment__order=refund.payment.order_id)
    if refund.ticket_id is not None:
        same |= Q(ticket=refund.ticket_id)
    rows = Refund.objects.filter(same, kind=RefundKind.PURCHASE, status__in=COUNTED)
    others: QuerySet[Refund] = rows.exclude(pk=refund.pk).exclude(basis_type=SHEET)
    if refund.basis_type != SHEET and refund.lines.filter(order_line__isnull=False).exists():
        lined = Refund.objects.filter(lines__order_line__isnull=False).values("pk")
        others = others.exclude(pk__in=lined)
    found = list(others.order_by("-pk").values_list("number", flat=True)[:MOST_NAMED])
    return {"code": "paid_beside", "refunds": found} if found else None
