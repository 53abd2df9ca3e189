"""A refund desk in forty lines of Python, and the real one beside it: both must always agree.

The model is single-threaded and knows nothing of the code. Hypothesis draws the acts; after each
statuses, counters and the invariants of reference/reliability.md section 10 are compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import time_machine
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError
from customers.models import Payment
from returns import gateways, jobs_money
from returns.models import ApprovalRequest, Refund
from returns.money_statuses import COUNTED, RESERVING
from returns.money_statuses import RefundStatus as S
from returns.queries.invariants import SQL
from returns.queries.money_checks import check_money
from returns.services.money import approving, requesting
from returns.services.money.requesting import APPROVAL_LASTS
from staff.models import User
from tests.factories.money import fresh, make_payment, wish
from tests.returns.money.fake_gateway import FakeGateway

CAPTURED = Decimal("6000.00")
MOST_REFUNDS = 4
EAGER = 8
PLACES = st.integers(0, EAGER + MOST_REFUNDS - 1)
# Sums from which level 2 and 3 begin: (own amount, the order's total, the customer's total).
LEVELS = ((3, 2, (5000, 5000, 8000)), (2, 1, (500, 1000, 2000)))
ALL_SQL = " UNION ALL ".join(
    f"SELECT '{code}', * FROM ({sql}) q" for code, (_t, sql) in SQL.items()
)


@dataclass
class Model:
    """What one refund should be."""

    amount: Decimal
    requester: int
    touched: set[int]
    status: S = S.DRAFT
    level: int = 0
    needed: int = 0
    approvers: set[int] = field(default_factory=set)
    expires_at: datetime | None = None
    is_paid: bool = False
    is_refused: bool = False


class Desk(RuleBasedStateMachine):
    """The two desks. ``people`` are three agents (who also lead) and two leads."""

    people: list[User] = []

    @initialize()
    def open(self) -> None:
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.clock = time_machine.travel(datetime.fromisoformat("2026-05-04T09:00:00+00:00"))
        self.traveller = self.clock.start()
        self.payment = make_payment(str(CAPTURED))
        self.gateway = FakeGateway()
        self.patch = mock.patch.dict(gateways.GATEWAYS, {"sandbox": self.gateway})
        self.patch.start()
        self.models: list[Model] = []
        self.refunds: list[Refund] = []

    def teardown(self) -> None:
        if not hasattr(self, "frame"):
            return
        try:
            assert [str(row) for check in check_money() for row in check.broken] == []
        finally:
            self.patch.stop()
            self.clock.stop()
            transaction.set_rollback(True)
            self.frame.__exit__(None, None, None)

    # -- what the model expects -----------------------------------------------------------------

    def reserved(self) -> Decimal:
        return sum((m.amount for m in self.models if m.status in RESERVING), Decimal(0))

    def refunded(self) -> Decimal:
        return sum((m.amount for m in self.models if m.status == S.SUCCEEDED), Decimal(0))

    def need(self, index: int) -> tuple[int, int]:
        """(level, people) for a refund with everything that counts now."""
        own = self.models[index].amount
        others = [m for place, m in enumerate(self.models) if place != index]
        total = own + sum((m.amount for m in others if m.status in COUNTED), Decimal(0))
        for level, people, (amount, order, customer) in LEVELS:
            if own >= amount or total >= order or total >= customer:
                return level, people
        return 1, 1

    def attempt(self, expected: bool, act: Any) -> bool:
        """Do it on the real desk; it must succeed exactly when the model says so."""
        try:
            with transaction.atomic():
                act()
            succeeded = True
        except DomainError:
            succeeded = False
        assert succeeded == expected
        return succeeded

    def reopen(self, model: Model) -> None:
        model.status, model.approvers, model.expires_at = S.DRAFT, set(), None

    # -- the acts -------------------------------------------------------------------------------

    @precondition(lambda self: len(self.models) < MOST_REFUNDS)
    @rule(who=st.integers(0, 2), yuan=st.sampled_from([40, 300, 700, 1500, 2600, 5200]))
    def request(self, who: int, yuan: int) -> None:
        amount = Decimal(yuan) + Decimal(len(self.models)) / 100
        expected = amount <= CAPTURED - self.reserved() - self.refunded()
        made: list[Refund] = []
        if self.attempt(
            expected,
            lambda: made.append(
                requesting.request_refund(
                    self.payment.pk, wish(str(amount)), actor=self.people[who]
                )
            ),
        ):
            self.refunds.append(made[0])
            self.models.append(Model(amount, who, {who}))

    def pick(self, place: int, *ready: S) -> tuple[Model, Refund]:
        """Mostly one the act is meant for; a ``place`` above all refunds means exactly that one."""
        places = [at for at, model in enumerate(self.models) if model.status in ready]
        index = places[place % len(places)] if places and place < EAGER else place
        index %= len(self.models)
        self.index = index
        return self.models[index], self.refunds[index]

    @precondition(lambda self: self.models)
    @rule(place=PLACES)
    def submit(self, place: int) -> None:
        model, refund = self.pick(place, S.DRAFT)
        free = CAPTURED - self.reserved() - self.refunded()
        expected = model.status == S.DRAFT and model.amount <= free
        actor = self.people[model.requester]
        if self.attempt(expected, lambda: requesting.submit_refund(refund.pk, actor=actor)):
            model.status = S.SUBMITTED
            model.level, model.needed = self.need(self.index)
            model.expires_at = now() + APPROVAL_LASTS

    @precondition(lambda self: self.models)
    @rule(place=PLACES, who=st.integers(0, 4))
    def approve(self, place: int, who: int) -> None:
        model, refund = self.pick(place, S.SUBMITTED)
        need = max((model.level, model.needed), self.need(self.index))
        expected = (
            model.status == S.SUBMITTED
            and who not in model.touched
            and who not in model.approvers
            and now() < (model.expires_at or now())
        )
        actor = self.people[who]
        if self.attempt(
            expected, lambda: approving.approve_refund(refund.pk, actor=actor, voice=fresh())
        ):
            model.level, model.needed = need
            model.approvers.add(who)
            if len(model.approvers) >= model.needed:
                model.status = S.APPROVED

    @precondition(lambda self: self.models)
    @rule(
        place=PLACES,
        who=st.integers(3, 4),
        verb=st.sampled_from(["decline", "ask"]),
    )
    def refuse(self, place: int, who: int, verb: str) -> None:
        model, refund = self.pick(place, S.SUBMITTED)
        call = approving.decline_refund if verb == "decline" else approving.ask_back
        # Who approved already may not take a second decision on the same approval.
        expected = model.status == S.SUBMITTED and who not in model.approvers
        actor = self.people[who]
        if self.attempt(expected, lambda: call(refund.pk, actor=actor, note="no proof")):
            self.reopen(model)
            if verb == "decline":
                model.status = S.DECLINED

    @precondition(lambda self: self.models)
    @rule(
        place=PLACES,
        who=st.integers(0, 2),
        yuan=st.sampled_from([60, 900, 5400]),
    )
    def edit(self, place: int, who: int, yuan: int) -> None:
        model, refund = self.pick(place, S.DRAFT, S.SUBMITTED)
        amount = Decimal(yuan) + Decimal(self.index) / 100
        is_open = model.status in (S.DRAFT, S.SUBMITTED, S.APPROVED)
        own = model.amount if model.status in RESERVING else Decimal(0)
        expected = is_open and amount <= CAPTURED - self.reserved() - self.refunded() + own
        actor = self.people[who]
        if self.attempt(
            expected,
            lambda: requesting.change_refund(refund.pk, wish(str(amount)), actor=actor),
        ):
            if amount != model.amount:
                model.touched.add(who)
            model.amount = amount
            self.reopen(model)

    @precondition(lambda self: self.models)
    @rule(place=PLACES)
    def cancel(self, place: int) -> None:
        model, refund = self.pick(place)
        expected = model.status in (S.DRAFT, S.SUBMITTED, S.APPROVED)
        actor = self.people[model.requester]
        if self.attempt(
            expected, lambda: requesting.cancel_refund(refund.pk, actor=actor, note="withdrawn")
        ):
            self.reopen(model)
            model.status = S.CANCELED

    @precondition(lambda self: self.models)
    @rule(
        place=PLACES,
        fate=st.sampled_from(["ok", "ok", "lost", "late", "never", "refused"]),
    )
    def send(self, place: int, fate: str) -> None:
        model, refund = self.pick(place, S.APPROVED)
        self.gateway.plan = [fate]
        jobs_money.send_refund(refund.pk)
        self.gateway.plan = []
        if model.status != S.APPROVED:
            return
        expired = now() >= (model.expires_at or now())
        if expired or self.need(self.index) > (model.level, model.needed):
            self.reopen(model)
            return
        model.is_paid, model.is_refused = fate in ("ok", "lost"), fate == "refused"
        model.status = {"ok": S.SUCCEEDED, "refused": S.FAILED}.get(fate, S.UNKNOWN)

    @precondition(lambda self: self.models)
    @rule(place=PLACES)
    def ask(self, place: int) -> None:
        model, refund = self.pick(place, S.UNKNOWN)
        late = refund.gateway_number in self.gateway.late
        refund.refresh_from_db()
        is_due = refund.next_look_at is not None and refund.next_look_at <= now()
        jobs_money.resolve_refund(refund.pk)
        if model.status != S.UNKNOWN or not is_due:
            return
        if model.is_paid or late:
            model.status, model.is_paid = S.SUCCEEDED, True
            return
        # Never heard of: sent again under the same number while the approval carries it.
        expired = now() >= (model.expires_at or now())
        if expired or self.need(self.index) > (model.level, model.needed):
            model.status = S.FAILED
        else:
            model.status, model.is_paid = S.SUCCEEDED, True

    @rule(hours=st.sampled_from([1, 1, 1, 40]))
    def wait(self, hours: int) -> None:
        self.traveller.shift(timedelta(hours=hours))

    @precondition(lambda self: self.models)
    @rule(place=PLACES)
    def expire(self, place: int) -> None:
        model, refund = self.pick(place, S.SUBMITTED, S.APPROVED)
        expected = (
            model.status in (S.SUBMITTED, S.APPROVED)
            and model.expires_at is not None
            and model.expires_at <= now()
        )
        from staff.services import system_actor  # noqa: PLC0415 -- cached per process

        if self.attempt(
            expected, lambda: approving.expire_approval(refund.pk, actor=system_actor())
        ):
            self.reopen(model)

    # -- what must hold after each --------------------------------------------------------------

    @invariant()
    def both_agree(self) -> None:
        if not hasattr(self, "payment"):
            return
        stored = list(
            Refund.objects.filter(payment=self.payment)
            .order_by("pk")
            .values_list("status", "amount")
        )
        assert stored == [(m.status, m.amount) for m in self.models]
        counters = Payment.objects.values_list("reserved", "refunded").get(pk=self.payment.pk)
        assert counters == (self.reserved(), self.refunded())
        paid = {number: amount for number, (_payment, amount) in self.gateway.paid.items()}
        assert paid == {
            refund.gateway_number: model.amount
            for refund, model in zip(self.refunds, self.models, strict=True)
            if model.is_paid
        }
        with connection.cursor() as cursor:
            # Fires every deferred trigger as a commit would.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        found = connection.connection.execute(ALL_SQL, prepare=True).fetchall()
        assert found == []
        waiting = ApprovalRequest.objects.filter(status__in=("open", "granted"))
        assert waiting.values("refund").distinct().count() == waiting.count()
