"""The sheet (law.md 6.2): each line with its reason, then the shares of the tenders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from aftersales.kernel.localized import localized
from aftersales.kernel.money import quantize, written
from returns.choices import SheetLine
from returns.eligibility.verdict import digest
from returns.sheet.reasons import REASONS
from returns.sheet.shares import first_units, spread

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Pieces of an order line that are owed. ``paid`` and ``bought`` are of the whole line;
    ``earlier`` pieces were reimbursed before with ``given`` in sum, refunds without a return gave
    ``beside`` for the line."""

    line: int
    item: int
    name: str
    paid: Decimal
    bought: int
    quantity: int
    earlier: int = 0
    given: Decimal = ZERO
    beside: Decimal = ZERO
    deduction: Decimal = ZERO

    def share(self, currency: str) -> Decimal:
        """What all pieces so far share, these included, less what was really given before.

        Measured against that, no cent is lost when an earlier sheet was voided. All ways together
        never give more than was paid for the line.
        """
        return max(min(self.due(currency), self.paid - self.given - self.beside), ZERO)

    def due(self, currency: str) -> Decimal:
        """The share as if nothing had gone back without a return."""
        count = self.earlier + self.quantity
        return first_units(self.paid, self.bought, count, currency) - self.given


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """A payment of the order: what it can still give back. ``is_in_kind``: points, coupons."""

    payment: int
    left: Decimal
    is_in_kind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """A gift the customer keeps; only a price stated beforehand may be charged (art. 12)."""

    line: int
    name: str
    stated_price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Freight:
    """Facts of both ways. ``outbound`` is what the customer paid for delivery and has not got
    back; ``free_from`` and ``fee`` are the agreed terms of free delivery, if any."""

    outbound: Decimal = ZERO
    is_fault_of_shop: bool = False
    refunds_outbound: bool = False
    is_all_returned: bool = False
    return_postage: Decimal = ZERO
    is_return_on_shop: bool = False
    postage_cap: Decimal | None = None
    was_free: bool = False
    free_from: Decimal | None = None
    fee: Decimal | None = None
    kept_value: Decimal = ZERO
    is_deducted_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """What was taken off for reaching a sum (满减): ``steps`` are (from, off). Values are those at
    the prices of the purchase, ``paid`` and ``kept_paid`` what was really paid for all and for what
    is kept; ``taken`` is what earlier sheets took back of it."""

    steps: tuple[tuple[Decimal, Decimal], ...] = ()
    value: Decimal = ZERO
    kept_value: Decimal = ZERO
    paid: Decimal = ZERO
    kept_paid: Decimal = ZERO
    taken: Decimal = ZERO
    is_fault_of_shop: bool = False

    def earned_by(self, value: Decimal) -> Decimal:
        return max((off for least, off in self.steps if value >= least), default=ZERO)

    def lost(self, currency: str) -> Decimal:
        """What was taken off the kept pieces beyond what they earn by themselves; below zero when
        they earn more. Nothing while the step is still reached, or once all is back."""
        had, given = self.earned_by(self.value), self.value - self.paid
        if not self.kept_value or given <= 0 or self.earned_by(self.kept_value) >= had:
            return ZERO
        part = (self.kept_value - self.kept_paid) * min(had / given, Decimal(1))
        lost = quantize(part - self.earned_by(self.kept_value), currency)
        return min(lost, self.taken) if self.is_fault_of_shop else lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """Everything the sheet depends on."""

    currency: str
    articles: tuple[Article, ...]
    tenders: tuple[Tender, ...]
    freight: Freight = field(default_factory=Freight)
    discount: Discount = field(default_factory=Discount)
    gifts: tuple[Gift, ...] = ()
    price_difference: Decimal = ZERO
    waived_card_fee: Decimal = ZERO
    damages: Decimal = ZERO
    damages_basis: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line; deductions are below zero."""

    kind: str
    amount: Decimal
    basis: str
    en: str
    zh: str
    line: int | None = None
    item: int | None = None
    quantity: int = 0

    @property
    def sentence(self) -> str:
        return localized(self.en, self.zh)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is owed. ``total`` goes back on the tenders; ``shortfall`` is what they cannot cover.

    ``damages`` is apart: never inside the refund of the purchase.
    """

    currency: str
    lines: tuple[Line, ...]
    total: Decimal
    shares: tuple[tuple[Tender, Decimal], ...]
    damages: Decimal
    shortfall: Decimal

    @property
    def digest(self) -> str:
        """SHA-256 over every line and share."""
        told: list[Any] = [
            [str(one.kind), str(one.amount), one.line, one.item, one.quantity, one.basis]
            for one in self.lines
        ]
        shares = [[tender.payment, str(amount)] for tender, amount in self.shares]
        return digest([self.currency, str(self.total), str(self.damages), told, shares])


def calculate(deal: Deal) -> Sheet:
    """The sheet; total over all deals: never below zero, shares add up to the total exactly."""
    lines = [
        *(line for article in deal.articles for line in article_lines(article, deal.currency)),
        *freight_lines(deal.freight),
        *gift_lines(deal.gifts),
        *other_lines(deal),
    ]
    lines += discount_lines(deal.discount, owed(lines), deal.currency)
    wanted = max(owed(lines), ZERO)
    left = [tender.left for tender in deal.tenders]
    total = min(wanted, sum(left, ZERO))
    parts = spread(total, left, deal.currency)
    shares = tuple((one, part) for one, part in zip(deal.tenders, parts, strict=True) if part)
    return Sheet(deal.currency, tuple(lines), total, shares, deal.damages, wanted - total)


DAMAGES = SheetLine.STATUTORY_DAMAGES


def owed(lines: Iterable[Line]) -> Decimal:
    """What the lines add up to, damages apart."""
    return sum((line.amount for line in lines if line.kind != DAMAGES), ZERO)


def line_of(kind: str, amount: Decimal, reason: str, **told: Any) -> Line:
    """A line with its reason in both languages and its legal basis."""
    basis, english, chinese = REASONS[reason]
    words = told.pop("words", {})
    return Line(kind, amount, basis, english.format(**words), chinese.format(**words), **told)


def article_lines(article: Article, currency: str) -> Iterable[Line]:
    """The share of what was really paid for these pieces, less an agreed loss of value."""
    share = article.share(currency)
    words = {"name": article.name, "count": article.quantity, "bought": article.bought}
    reason = "goods" if share >= article.due(currency) else "goods_beside"
    figures = {
        "paid": written(article.paid, currency),
        "beside": written(article.beside, currency),
    }
    of_it = {"line": article.line, "item": article.item}
    yield line_of(
        SheetLine.GOODS,
        share,
        reason,
        words={**words, **figures},
        quantity=article.quantity,
        **of_it,
    )
    if article.deduction:
        taken = min(article.deduction, share)
        yield line_of(SheetLine.DEDUCTION, -taken, "deduction", words=words, **of_it)


def freight_lines(freight: Freight) -> Iterable[Line]:
    """Both ways by rule; what was deducted once is not deducted again."""
    if freight.outbound and freight.is_all_returned:
        if freight.is_fault_of_shop:
            yield line_of(SheetLine.OUTBOUND_FREIGHT, freight.outbound, "outbound_fault")
        elif freight.refunds_outbound:
            yield line_of(SheetLine.OUTBOUND_FREIGHT, freight.outbound, "outbound_terms")
    if freight.return_postage and freight.is_return_on_shop:
        cap = None if freight.is_fault_of_shop else freight.postage_cap
        given = freight.return_postage if cap is None else min(freight.return_postage, cap)
        reason = "postage_fault" if freight.is_fault_of_shop else "postage_promise"
        yield line_of(SheetLine.RETURN_FREIGHT, given, reason)
    if _loses_free_delivery(freight) and freight.fee:
        yield line_of(SheetLine.FREE_SHIPPING_LOST, -freight.fee, "free_shipping")


def _loses_free_delivery(freight: Freight) -> bool:
    """Delivery was free for a sum that is no longer reached; never for the shop's own fault."""
    return (
        freight.was_free
        and not freight.is_fault_of_shop
        and not freight.is_deducted_before
        and freight.free_from is not None
        and freight.kept_value < freight.free_from
    )


def discount_lines(discount: Discount, others: Decimal, currency: str) -> Iterable[Line]:
    """A part return settled at the prices of the purchase, both ways (art. 17).

    Never takes more than the other lines give, so that what is taken is what was charged and comes
    back exactly when the rest does.
    """
    change = min(discount.lost(currency) - discount.taken, max(others, ZERO))
    if change:
        reason = "discount_lost" if change > 0 else "discount_back"
        words = {"kept": written(discount.kept_value, currency)}
        yield line_of(SheetLine.DISCOUNT, -change, reason, words=words)


def gift_lines(gifts: Iterable[Gift]) -> Iterable[Line]:
    """A gift without a stated price costs nothing (check A14)."""
    for gift in gifts:
        if gift.stated_price:
            yield line_of(
                SheetLine.GIFT,
                -gift.stated_price,
                "gift",
                words={"name": gift.name},
                line=gift.line,
            )


def other_lines(deal: Deal) -> Iterable[Line]:
    if deal.price_difference:
        yield line_of(SheetLine.PRICE_DIFFERENCE, deal.price_difference, "price_difference")
    if deal.waived_card_fee:
        yield line_of(SheetLine.CARD_FEE, -deal.waived_card_fee, "card_fee")
    if deal.damages:
        words = {"basis": deal.damages_basis}
        yield line_of(DAMAGES, deal.damages, "damages", words=words)
