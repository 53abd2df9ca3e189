"""The sandbox gateway's own books, told along with ours, and its bill that finance reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from aftersales.kernel.clock import telling
from aftersales.kernel.context import Source, entering
from customers.models import Payment
from returns.gateways.sandbox.ledger import Entry, Ledger, bill
from returns.models import ReconciliationItem, Refund
from returns.money_choices import RefundOrigin
from returns.services.money.by_hand import OutsideRefund, record_outside_refund
from returns.services.money.differences import resolve_item
from returns.services.money.reconciling import reconcile
from returns.statement_file import read_statement
from staff.models import User


@dataclass(slots=True)
class Books:
    """What the gateway knows; goes into its file only once our side is committed."""

    rng: Random
    entries: list[Entry] = field(default_factory=list)

    def pay(self, refund: Refund, at: datetime) -> str:
        """The gateway paid; returns its reference."""
        return self._add(refund, at, "SUCCESS", "ok")

    def keep_pending(self, refund: Refund, at: datetime) -> None:
        """The gateway will never say more than that it is working on it."""
        self._add(refund, at, "PROCESSING", "endless_pending")

    def pay_past_us(self, payment: Payment, amount: Decimal, at: datetime) -> str:
        """Somebody refunded in the gateway's own console; returns its reference."""
        number = f"CONSOLE-{self.rng.randrange(10**6):06d}"
        return self._enter(number, payment, amount, at, "SUCCESS", "console")

    def _add(self, refund: Refund, at: datetime, code: str, behaviour: str) -> str:
        number = refund.gateway_number
        return self._enter(number, refund.payment, refund.amount, at, code, behaviour)

    def _enter(
        self, number: str, payment: Payment, amount: Decimal, at: datetime, *how: str
    ) -> str:
        code, behaviour = how
        entry = Entry(
            number=number,
            payment=payment.external_id,
            amount=str(amount),
            currency=payment.currency,
            code=code,
            reference=f"SB{self.rng.getrandbits(48):012X}",
            looks=0,
            behaviour=behaviour,
            happened_at=at.astimezone(UTC).isoformat(timespec="seconds"),
        )
        self.entries.append(entry)
        return entry.reference

    def write(self, path: Path) -> None:
        """Into the file the sandbox gateway serves from."""
        ledger = Ledger(path)
        for entry in self.entries:
            ledger.keep(entry)
        ledger.close()


def read_the_bill(books: Books, today: datetime, clerk: User, payments: list[Payment]) -> None:
    """Finance compares the gateway's bill: two refunds were made past this desk, one of which was
    looked into and booked, the other is open."""
    day = timedelta(days=1)
    known, unknown = payments
    reference = books.pay_past_us(known, Decimal("10.00"), today - 4 * day)
    books.pay_past_us(unknown, Decimal("18.00"), today - 2 * day)
    told = sorted(
        (one for one in books.entries if one.code == "SUCCESS"), key=lambda one: one.happened_at
    )
    moment = today - timedelta(hours=2)
    with telling(moment), entering(Source.ADMIN):
        file = read_statement(bill(told).encode())
        reconcile(file, actor=clerk, gateway="sandbox", file_name=f"sandbox-{moment:%Y-%m-%d}.csv")
    item = ReconciliationItem.objects.get(kind="foreign", payment=known)
    with telling(today - timedelta(hours=1)), entering(Source.ADMIN):
        outside = OutsideRefund(
            amount="10.00",
            currency=known.currency,
            origin=RefundOrigin.CONSOLE,
            reference=reference,
            happened_at=today - 4 * day,
        )
        note = "店铺客服在网关后台直接退款"
        record_outside_refund(known.pk, outside, actor=clerk, note=note)
        resolve_item(item.pk, actor=clerk, note=note)
