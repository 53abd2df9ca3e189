"""The facts of the sheet, gathered for preview and performance alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from customers.models import Order, OrderLine, Payment
from returns.choices import InstructionKind, ReturnKind, SheetLine
from returns.eligibility.facts import GIFT
from returns.eligibility.law import CHINA, LAWS
from returns.eligibility.verdict import Route
from returns.models import (
    Refund,
    RefundLine,
    Reimbursement,
    ReimbursementLine,
    ReimbursementShare,
    ReturnAuthorization,
    ReturnItem,
    ReturnPolicy,
)
from returns.money_choices import RefundKind
from returns.money_statuses import COUNTED
from returns.sheet import Article, Deal, Discount, Freight, Sheet, Tender, calculate
from returns.sheet.calculation import Gift
from returns.statuses import InstructionStatus, ReceptionStatus, SheetStatus

ZERO = Decimal(0)
# Methods of payment that are no money: given back in kind (return measures art. 15).
IN_KIND = {"points": InstructionKind.POINTS, "coupon": InstructionKind.COUPON}
MONEY_BACK = (ReturnKind.RETURN_AND_REFUND, ReturnKind.REFUND_ONLY)
NOT_BACK = (ReceptionStatus.SHORT, ReceptionStatus.WAIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a person adds to the sheet: the receipt for the way back, a card fee that had been
    waived, statutory damages with their ground."""

    return_postage: Decimal = ZERO
    waived_card_fee: Decimal = ZERO
    damages: Decimal = ZERO
    damages_basis: str = ""


NO_EXTRAS = Extras()


def sheet_of(rma: ReturnAuthorization, extras: Extras = NO_EXTRAS) -> Sheet:
    """What is owed as things stand; reads only. Performance locks the payments first."""
    return calculate(deal_of(rma, extras))


def deal_of(rma: ReturnAuthorization, extras: Extras) -> Deal:
    order = rma.order
    lines = {line.pk: line for line in order.lines.all()}
    items = list(rma.items.order_by("pk"))
    before = _given(order)
    articles = _articles(rma, items, lines, before)
    return Deal(
        currency=order.currency,
        articles=articles,
        tenders=tenders_of(order),
        freight=_freight(rma, lines.values(), articles, before, extras),
        discount=_discount(rma, lines.values(), articles, before),
        gifts=_gifts(items, lines),
        price_difference=_price_difference(rma),
        waived_card_fee=extras.waived_card_fee,
        damages=extras.damages,
        damages_basis=extras.damages_basis,
    )


@dataclass(frozen=True, slots=True)
class Given:
    """What live sheets of the order gave so far, and refunds ``beside`` them by article."""

    pieces: dict[int, int]
    amounts: dict[int, Decimal]
    beside: dict[int, Decimal]
    outbound: Decimal
    has_free_shipping_line: bool
    discount_taken: Decimal


def _given(order: Order) -> Given:
    rows = ReimbursementLine.objects.filter(
        rma__order=order, reimbursement__status=SheetStatus.PERFORMED
    )
    goods = rows.filter(kind=SheetLine.GOODS).values_list("order_line")
    sums = list(goods.annotate(Sum("quantity"), Sum("amount")).order_by("order_line"))
    outbound = rows.filter(kind=SheetLine.OUTBOUND_FREIGHT).aggregate(Sum("amount"))
    discount = rows.filter(kind=SheetLine.DISCOUNT).aggregate(Sum("amount"))
    return Given(
        pieces={line: pieces for line, pieces, _amount in sums},
        amounts={line: amount for line, _pieces, amount in sums},
        beside=beside_sheets(order),
        outbound=outbound["amount__sum"] or ZERO,
        has_free_shipping_line=rows.filter(kind=SheetLine.FREE_SHIPPING_LOST).exists(),
        discount_taken=-(discount["amount__sum"] or ZERO),
    )


def beside_sheets(order: Order, but: Refund | None = None) -> dict[int, Decimal]:
    """What refunds that rest on no sheet gave back by article, or may still give."""
    rows = RefundLine.objects.filter(
        order_line__order=order,
        refund__kind=RefundKind.PURCHASE,
        refund__status__in=COUNTED,
        refund__currency=order.currency,
    ).exclude(refund__basis_type=Reimbursement._meta.label_lower)
    if but is not None:
        rows = rows.exclude(refund=but)
    sums = rows.values_list("order_line").annotate(Sum("amount"))
    return dict(sums.order_by("order_line"))


def _articles(
    rma: ReturnAuthorization,
    items: Iterable[ReturnItem],
    lines: dict[int, OrderLine],
    before: Given,
) -> tuple[Article, ...]:
    """The accepted pieces; several items of one line count on from each other."""
    if rma.kind not in MONEY_BACK:
        return ()
    articles: list[Article] = []
    pieces, amounts = dict(before.pieces), dict(before.amounts)
    for item in items:
        line = lines[item.order_line_id]
        if not item.is_owed or (GIFT in line.traits and not line.paid_amount):
            continue
        article = Article(
            line=line.pk,
            item=item.pk,
            name=line.name,
            paid=line.paid_amount,
            bought=line.quantity,
            quantity=item.quantity,
            earlier=pieces.get(line.pk, 0),
            given=amounts.get(line.pk, ZERO),
            beside=before.beside.get(line.pk, ZERO),
            deduction=item.deduction,
        )
        articles.append(article)
        pieces[line.pk] = article.earlier + article.quantity
        amounts[line.pk] = article.given + article.share(rma.order.currency)
    return tuple(articles)


def tenders_of(order: Order) -> tuple[Tender, ...]:
    """The payments in the order's currency with what each can still give back."""
    live = Q(reimbursement__status=SheetStatus.PERFORMED, is_in_kind=True)
    rows = ReimbursementShare.objects.filter(live, payment__order=order).values_list("payment")
    given = dict(rows.annotate(Sum("amount")).order_by("payment"))
    return tuple(
        Tender(payment=payment.pk, left=_left(payment, given), is_in_kind=is_in_kind(payment))
        for payment in order.payments.filter(currency=order.currency).order_by("pk")
    )


def _left(payment: Payment, given: dict[int, Decimal]) -> Decimal:
    return payment.captured - payment.reserved - payment.refunded - given.get(payment.pk, ZERO)


def is_in_kind(payment: Payment) -> bool:
    return payment.method in IN_KIND


def is_fault_of_shop(rma: ReturnAuthorization) -> bool:
    return rma.route == Route.QUALITY


@dataclass(frozen=True, slots=True)
class Kept:
    """What the customer keeps after this return: pieces by line, and what was paid for them."""

    pieces: dict[int, int]
    paid: Decimal
    all_paid: Decimal


def _kept(
    lines: Iterable[OrderLine], articles: Iterable[Article], before: Given, currency: str
) -> Kept:
    sold = {line.pk: line for line in lines if GIFT not in line.traits}
    pieces = {pk: line.quantity - before.pieces.get(pk, 0) for pk, line in sold.items()}
    all_paid = sum((line.paid_amount for line in sold.values()), ZERO)
    paid = all_paid - sum((before.amounts.get(pk, ZERO) for pk in sold), ZERO)
    for article in articles:
        if article.line in sold:
            pieces[article.line] -= article.quantity
            paid -= article.share(currency)
    return Kept(pieces, paid, all_paid)


def _discount(
    rma: ReturnAuthorization,
    lines: Iterable[OrderLine],
    articles: Iterable[Article],
    before: Given,
) -> Discount:
    """What the order's discount by sum comes to with what is kept (return measures art. 17)."""
    order, sold = rma.order, [line for line in lines if GIFT not in line.traits]
    left = _kept(lines, articles, before, order.currency)
    return Discount(
        steps=tuple(
            (Decimal(step["threshold"]), Decimal(step["discount"])) for step in order.discount_steps
        ),
        value=sum((line.unit_price * line.quantity for line in sold), ZERO),
        kept_value=sum((line.unit_price * left.pieces[line.pk] for line in sold), ZERO),
        paid=left.all_paid,
        kept_paid=left.paid,
        taken=before.discount_taken,
        is_fault_of_shop=is_fault_of_shop(rma),
    )


def _freight(
    rma: ReturnAuthorization,
    lines: Iterable[OrderLine],
    articles: Iterable[Article],
    before: Given,
    extras: Extras,
) -> Freight:
    order, policy = rma.order, rma.policy
    left = _kept(lines, articles, before, order.currency)
    return Freight(
        outbound=order.shipping_fee - before.outbound,
        is_fault_of_shop=is_fault_of_shop(rma),
        refunds_outbound=_refunds_outbound(order, policy),
        is_all_returned=not any(count > 0 for count in left.pieces.values()),
        return_postage=extras.return_postage,
        is_return_on_shop=rma.freight_payer == "shop",
        postage_cap=policy.return_freight_cap if policy else None,
        was_free=not order.shipping_fee and _reached(policy, left.all_paid),
        free_from=policy.free_shipping_from if policy else None,
        fee=policy.delivery_fee if policy else None,
        kept_value=left.paid,
        is_deducted_before=before.has_free_shipping_line,
    )


def _reached(policy: ReturnPolicy | None, value: Decimal) -> bool:
    return bool(policy and policy.free_shipping_from and value >= policy.free_shipping_from)


def _refunds_outbound(order: Order, policy: ReturnPolicy | None) -> bool:
    """Promised, or the law outside China (directive 2011/83/EU art. 13)."""
    law = LAWS.get(order.shop.market)
    return bool(policy and policy.refunds_delivery_fee) or (law is not None and law is not CHINA)


def _gifts(items: Iterable[ReturnItem], lines: dict[int, OrderLine]) -> tuple[Gift, ...]:
    """Gifts that were to come back and did not, at the price on the order."""
    return tuple(
        Gift(line=line.pk, name=line.name, stated_price=line.unit_price * item.quantity)
        for item in items
        if GIFT in (line := lines[item.order_line_id]).traits
        and item.reception_status in NOT_BACK
        and not item.is_owed
    )


def _price_difference(rma: ReturnAuthorization) -> Decimal:
    """What a cheaper replacement leaves us owing."""
    rows = rma.instructions.filter(kind=InstructionKind.REPLACEMENT, price_difference__lt=0)
    live = rows.exclude(status=InstructionStatus.CANCELED)
    return -(live.aggregate(Sum("price_difference"))["price_difference__sum"] or ZERO)
