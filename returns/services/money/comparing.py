"""Comparing one statement with the books, movement by movement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from aftersales.kernel.clock import now
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.money import written
from customers.models import Payment
from returns.models import Refund, Statement, StatementLine
from returns.money_choices import ItemKind, RefundOrigin
from returns.money_statuses import IN_FLIGHT, RefundStatus
from returns.queries.invariants import broken_counters
from returns.services.money import books, differences
from returns.statement_file import PAID, Movement
from staff.models import User


@dataclass(slots=True)
class Report:
    """What a run found; ``differences`` counts by kind, new and old ones."""

    movements: int = 0
    agreed: int = 0
    cleared: int = 0
    differences: Counter[str] = field(default_factory=Counter)
    items: list[int] = field(default_factory=list)


class Comparison:
    """One comparison; keeps the report and who acts."""

    def __init__(self, actor: User, gateway: str, statement: Statement) -> None:
        self.actor = actor
        self.gateway = gateway
        self.statement = statement
        self.report = Report()
        # Nothing more is booked on a payment whose books are wrong already.
        self.broken = {row.row_pk for row in broken_counters()}

    def refunds_of(self, movements: Iterable[Movement]) -> dict[str, Refund]:
        """Our refunds by what the statement may call them, locked in order of payments."""
        numbers = [one.number for one in movements]
        references = [one.reference for one in movements]
        ours = Refund.objects.filter(gateway_number__in=numbers)
        outside = Refund.objects.exclude(origin=RefundOrigin.DESK).filter(reference__in=references)
        found = list(ours | outside)
        payments = {
            pk: books.lock_payment(pk) for pk in sorted({refund.payment_id for refund in found})
        }
        rows = Refund.objects.locked().filter(pk__in=[one.pk for one in found]).order_by("pk")
        refunds = {}
        for refund in rows:
            refund.payment = payments[refund.payment_id]
            key = refund.gateway_number if refund.origin == "desk" else refund.reference
            refunds[key] = refund
        return refunds

    def compare(self, movement: Movement, refund: Refund | None) -> None:
        """One movement against our refund of that number."""
        self.report.movements += 1
        if refund is None:
            if movement.is_paid:
                self.differ(ItemKind.FOREIGN, movement, None, "")
            return
        if movement.currency != refund.currency:
            self.differ(ItemKind.CURRENCY, movement, refund, refund.currency)
        elif movement.amount != refund.amount:
            self.differ(ItemKind.AMOUNT, movement, refund, written(refund.amount, refund.currency))
        elif movement.is_paid and refund.status in IN_FLIGHT:
            self.differ(ItemKind.UNRESOLVED, movement, refund, refund.status)
            if refund.next_look_at is not None:
                refund.next_look_at = now()
                refund.save(update_fields=["next_look_at"])
                enqueue("returns.resolve_refund", refund.pk)
        elif movement.is_paid != (refund.status == RefundStatus.SUCCEEDED):
            self.differ(ItemKind.STATUS, movement, refund, refund.status)
        else:
            self.report.agreed += 1
            is_due = movement.is_paid and refund.payment_id not in self.broken
            if is_due and books.clear(refund, movement.reference, actor=self.actor):
                self.report.cleared += 1

    def differ(self, kind: ItemKind, movement: Movement, refund: Refund | None, ours: str) -> None:
        theirs = {
            ItemKind.STATUS: movement.result,
            ItemKind.UNRESOLVED: movement.result,
            ItemKind.CURRENCY: movement.currency,
        }.get(kind, written(movement.amount, movement.currency))
        payment = None
        if refund is None and movement.payment:
            payment = Payment.objects.filter(external_id=movement.payment).first()
        self.open(
            kind,
            movement.number or movement.reference,
            refund=refund,
            payment=payment,
            ours=ours,
            theirs=theirs,
        )

    def open(
        self,
        kind: ItemKind,
        key: str,
        *,
        refund: Refund | None = None,
        payment: Payment | None = None,
        ours: str = "",
        theirs: str = "",
    ) -> None:
        item = differences.open_item(
            kind, key, actor=self.actor, refund=refund, payment=payment, ours=ours, theirs=theirs
        )
        self.report.differences[kind.value] += 1
        self.report.items.append(item.pk)

    def find_twice(self, movements: Sequence[Movement]) -> None:
        """The same refund paid twice, on one statement or over several.

        Statements overlap (each day's and the month's), so a line of another one counts only if it
        is another movement: with another reference or at another time.
        """
        paid = Counter(one.number for one in movements if one.is_paid and one.number)
        for number, _reference, _at, _amount in self.lines_elsewhere(list(paid), movements):
            paid[number] += 1
        for number, count in paid.items():
            if count > 1:
                refund = Refund.objects.filter(gateway_number=number).first()
                self.open(ItemKind.DUPLICATE, number, refund=refund, ours="1", theirs=str(count))

    def lines_elsewhere(
        self, numbers: Collection[str], movements: Iterable[Movement]
    ) -> list[tuple[str, str, datetime, Decimal]]:
        """What other statements paid under these numbers and this one does not show: number,
        reference, time and amount, each movement once."""
        shown = {(one.number, one.reference, one.happened_at) for one in movements}
        rows = StatementLine.objects.filter(gateway_number__in=numbers, result=PAID)
        told = rows.exclude(statement=self.statement).order_by("gateway_number", "happened_at")
        found = told.values_list("gateway_number", "reference", "happened_at", "amount")
        return [line for line in dict.fromkeys(found) if line[:3] not in shown]

    def find_missing(self, numbers: set[str]) -> None:
        """Paid by us in the statement's time, and not on it."""
        rows = Refund.objects.filter(
            origin=RefundOrigin.DESK,
            gateway=self.gateway,
            status=RefundStatus.SUCCEEDED,
            settled_at__gte=self.statement.starts_at,
            settled_at__lt=self.statement.ends_at,
        ).exclude(gateway_number__in=numbers)
        for refund in rows.order_by("pk"):
            on_another = StatementLine.objects.filter(gateway_number=refund.gateway_number)
            if not on_another.exists():
                amount = written(refund.amount, refund.currency)
                self.open(ItemKind.MISSING, refund.gateway_number, refund=refund, ours=amount)

    def check_payments(self, movements: Sequence[Movement], refunds: dict[str, Refund]) -> None:
        """The third way: what each payment captured against what left for it on all statements, and
        our counters."""
        gone: dict[int, Decimal] = {}
        payments: dict[int, Payment] = {}
        for one in movements:
            refund = refunds.get(one.number) or refunds.get(one.reference)
            payment = refund.payment if refund else None
            if payment is None and one.payment:
                payment = Payment.objects.filter(external_id=one.payment).first()
            if payment is not None and one.is_paid:
                gone[payment.pk] = gone.get(payment.pk, Decimal(0)) + one.amount
                payments[payment.pk] = payment
        ours_of = Refund.objects.filter(payment__in=payments).exclude(gateway_number="")
        owners = dict(ours_of.values_list("gateway_number", "payment_id"))
        for number, _reference, _at, amount in self.lines_elsewhere(list(owners), movements):
            gone[owners[number]] += amount
        for pk, amount in sorted(gone.items()):
            payment = payments[pk]
            if amount > payment.captured:
                ours = written(payment.captured, payment.currency)
                theirs = written(amount, payment.currency)
                self.open(
                    ItemKind.OVERDRAWN, f"payment {pk}", payment=payment, ours=ours, theirs=theirs
                )
        for payment in Payment.objects.filter(pk__in=self.broken).order_by("pk"):
            self.open(ItemKind.BOOKS, f"payment {payment.pk}", payment=payment)
