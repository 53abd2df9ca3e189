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
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError
from customers.models import Payment
from returns import gateways, jobs_money, sweeps_money
from returns.models import Refund
from returns.money_statuses import COUNTED, RESERVING
from returns.money_statuses import RefundStatus as S
from returns.queries.invariants import SQL
from returns.queries.money_checks import unapproved, wrong_tier
from returns.queries.tiers import WINDOW
from returns.services.money import approving, requesting
from returns.services.money.requesting import APPROVAL_LASTS, Line, NewRefund
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.customers import line_payload
from tests.factories.money import fresh, make_payment, wish
from tests.factories.people import make_user
from tests.returns.money.fake_gateway import FakeGateway

OPENING = datetime.fromisoformat("2026-05-04T09:00:00+00:00")
CAPTURED = Decimal("6000.00")
ALL = line_payload("ALL", "Everything", 1, "6000.00", "6000.00")
MOST_REFUNDS = 4
EAGER = 5
PLACES = st.integers(0, EAGER + MOST_REFUNDS - 1)
WANTED = (40, 300, 700, 1500, 2600, 5200)
FATES = ("ok", "ok", "lost", "late", "never", "refused")
FORWARD = {S.DRAFT: "submit", S.SUBMITTED: "approve", S.APPROVED: "send", S.UNKNOWN: "ask"}
READY = {
    "submit": (S.DRAFT,),
    "approve": (S.SUBMITTED,),
    "refuse": (S.SUBMITTED,),
    "edit": (S.DRAFT, S.SUBMITTED, S.APPROVED),
    "cancel": (S.DRAFT, S.SUBMITTED, S.APPROVED),
    "send": (S.APPROVED,),
    "ask": (S.UNKNOWN,),
    "expire": (S.SUBMITTED, S.APPROVED),
}
# What brings a refund further twice as often, so that most runs come to paying.
VERBS = ["request", "wait", *READY, "submit", "approve", "send", "ask", "approve", "send"]
# Sums from which level 2 and 3 begin: (own amount, the order's total, the customer's total).
LEVELS = ((3, 2, (5000, 5000, 8000)), (2, 1, (500, 1000, 2000)))
BROKEN = " UNION ALL ".join(
    f"SELECT '{code}', * FROM ({sql}) q" for code, (_t, sql) in SQL.items()
).replace("now()", "$1")
# Fires every deferred trigger as a commit would.
FIRE = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
# Everything an invariant asks for, in one statement; the last value changes whenever what I6
# and I15, which need Python, are computed from does. A function of the session, because the driver
# drops prepared plans at every rollback.
FACTS = f"""
CREATE OR REPLACE FUNCTION pg_temp.facts(timestamptz) RETURNS TABLE (
    told json, told_reserved numeric, told_refunded numeric, told_broken json, told_seen text
) LANGUAGE plpgsql AS $facts$
#variable_conflict use_column
BEGIN RETURN QUERY SELECT
    (SELECT json_agg(json_build_array(status, amount::text) ORDER BY id) FROM returns_refund),
    p.reserved, p.refunded,
    (SELECT json_agg(b) FROM ({BROKEN}) b),
    (SELECT md5(string_agg(concat(q, r, (SELECT string_agg(a::text, '|' ORDER BY a.id)
        FROM returns_approval a WHERE a.request_id = q.id)), '|' ORDER BY q.id))
        FROM returns_approvalrequest q JOIN returns_refund r ON r.id = q.refund_id
        WHERE q.status = 'granted' OR r.status IN ('sending', 'unknown', 'succeeded', 'failed'))
FROM customers_payment p;
END $facts$
"""


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
    submitted_at: datetime = OPENING
    is_paid: bool = False


class Desk(RuleBasedStateMachine):
    """The two desks. ``people`` are three agents (who also lead) and two leads.

    People and payment are made once (``prepare``); each run works in a savepoint of its own.
    """

    people: list[User] = []
    payment: Payment
    article: int
    reached: set[S] = set()

    @classmethod
    def prepare(cls) -> None:
        system_actor()
        roles = [Role.AGENT, Role.LEAD, Role.FINANCE]
        with time_machine.travel(OPENING):
            cls.people = [make_user(roles=roles) for _number in range(5)]
            cls.payment = make_payment(str(CAPTURED), lines=[ALL])
            cls.article = cls.payment.order.lines.get().pk
        cls.reached = set()
        connection.connection.execute(f"SET LOCAL plan_cache_mode = force_generic_plan; {FACTS}")

    @initialize()
    def open(self) -> None:
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.clock = time_machine.travel(OPENING)
        self.traveller = self.clock.start()
        self.gateway = FakeGateway()
        self.patch = mock.patch.dict(gateways.GATEWAYS, {"sandbox": self.gateway})
        self.patch.start()
        self.seen = None
        self.models: list[Model] = []
        self.refunds: list[Refund] = []

    def teardown(self) -> None:
        if not hasattr(self, "frame"):
            return
        self.patch.stop()
        self.clock.stop()
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    # -- what the model expects -----------------------------------------------------------------

    def reserved(self) -> Decimal:
        return sum((m.amount for m in self.models if m.status in RESERVING), Decimal(0))

    def refunded(self) -> Decimal:
        return sum((m.amount for m in self.models if m.status == S.SUCCEEDED), Decimal(0))

    def free(self) -> Decimal:
        return CAPTURED - self.reserved() - self.refunded()

    def need(self, index: int) -> tuple[int, int]:
        """(level, people) for a refund with everything that counts now: of the last 30 days."""
        own = self.models[index].amount
        others = [m for place, m in enumerate(self.models) if place != index]
        counted = [m for m in others if m.status in COUNTED and m.submitted_at >= now() - WINDOW]
        total = own + sum((m.amount for m in counted), Decimal(0))
        for level, people, (amount, order, customer) in LEVELS:
            if own >= amount or total >= order or total >= customer:
                return level, people
        return 1, 1

    def attempt(self, expected: bool, act: Any) -> bool:
        """Do it on the real desk; it must succeed exactly when the model says so."""
        try:
            act()
            succeeded = True
        except DomainError:
            succeeded = False
        assert succeeded == expected
        return succeeded

    def wish(self, amount: Decimal) -> NewRefund:
        """For a part of the one article: refunds that can be compared need no second look."""
        line = Line(label="part", amount=amount, order_line=self.article)
        return wish(str(amount), lines=(line,))

    def reopen(self, model: Model) -> None:
        model.status, model.approvers, model.expires_at = S.DRAFT, set(), None

    # -- the acts -------------------------------------------------------------------------------

    @rule(
        verb=st.sampled_from(VERBS),
        place=PLACES,
        who=st.integers(0, 4),
        choice=st.integers(0, 5),
    )
    def act(self, verb: str, place: int, who: int, choice: int) -> None:
        """One act of somebody: mostly what a refund is ready for, sometimes anything at all."""
        if place < EAGER and not self.ready(verb):
            verb = self.next_verb(place)
        if not self.models and verb not in ("request", "wait"):
            verb = "request"
        if verb not in ("request", "wait"):
            self.pick(place, verb)
        getattr(self, verb)(who, choice)

    def ready(self, verb: str) -> list[int]:
        """Where the verb is meant to be used now."""
        if verb == "wait" or (verb == "request" and len(self.models) < MOST_REFUNDS):
            return [-1]
        return [at for at, one in enumerate(self.models) if one.status in READY.get(verb, ())]

    def next_verb(self, place: int) -> str:
        """What brings a refund further that is not over yet."""
        under_way = [one.status for one in self.models if one.status in FORWARD]
        return FORWARD[under_way[place % len(under_way)]] if under_way else "wait"

    def pick(self, place: int, verb: str) -> None:
        """Mostly one the act is meant for; a ``place`` above all refunds means exactly that one."""
        places = self.ready(verb)
        index = places[place % len(places)] if places and place < EAGER else place
        self.index = index % len(self.models)
        self.model, self.refund = self.models[self.index], self.refunds[self.index]

    def request(self, who: int, choice: int) -> None:
        if len(self.models) == MOST_REFUNDS:
            return
        amount = Decimal(WANTED[choice]) + Decimal(len(self.models)) / 100
        actor, made = self.people[who % 3], []
        if self.attempt(
            amount <= self.free(),
            lambda: made.append(
                requesting.request_refund(self.payment.pk, self.wish(amount), actor=actor)
            ),
        ):
            self.refunds.append(made[0])
            self.models.append(Model(amount, who % 3, {who % 3}))

    def submit(self, who: int, choice: int) -> None:
        model, refund = self.model, self.refund
        expected = model.status == S.DRAFT and model.amount <= self.free()
        actor = self.people[model.requester]
        if self.attempt(expected, lambda: requesting.submit_refund(refund.pk, actor=actor)):
            model.status, model.submitted_at = S.SUBMITTED, now()
            model.level, model.needed = self.need(self.index)
            model.expires_at = now() + APPROVAL_LASTS

    def approve(self, who: int, choice: int) -> None:
        model, refund = self.model, self.refund
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

    def refuse(self, who: int, choice: int) -> None:
        model, refund = self.model, self.refund
        call = approving.decline_refund if choice < 2 else approving.ask_back
        who = 3 + who % 2
        # Who approved already may not take a second decision on the same approval.
        expected = model.status == S.SUBMITTED and who not in model.approvers
        actor = self.people[who]
        if self.attempt(expected, lambda: call(refund.pk, actor=actor, note="no proof")):
            self.reopen(model)
            if choice < 2:
                model.status = S.DECLINED

    def edit(self, who: int, choice: int) -> None:
        model, refund, who = self.model, self.refund, who % 3
        amount = Decimal(WANTED[choice]) + Decimal(self.index) / 100
        is_open = model.status in (S.DRAFT, S.SUBMITTED, S.APPROVED)
        own = model.amount if model.status in RESERVING else Decimal(0)
        actor = self.people[who]
        if self.attempt(
            is_open and amount <= self.free() + own,
            lambda: requesting.change_refund(refund.pk, self.wish(amount), actor=actor),
        ):
            if amount != model.amount:
                model.touched.add(who)
            model.amount = amount
            self.reopen(model)

    def cancel(self, who: int, choice: int) -> None:
        model, refund = self.model, self.refund
        expected = model.status in (S.DRAFT, S.SUBMITTED, S.APPROVED)
        actor = self.people[model.requester]
        if self.attempt(
            expected, lambda: requesting.cancel_refund(refund.pk, actor=actor, note="withdrawn")
        ):
            self.reopen(model)
            model.status = S.CANCELED

    def send(self, who: int, choice: int) -> None:
        model, refund, fate = self.model, self.refund, FATES[choice]
        self.gateway.plan = [fate]
        jobs_money.send_refund(refund.pk)
        self.gateway.plan = []
        if model.status != S.APPROVED:
            return
        if self.needs_new_approval(model):
            self.reopen(model)
            return
        model.is_paid = fate in ("ok", "lost")
        model.status = {"ok": S.SUCCEEDED, "refused": S.FAILED}.get(fate, S.UNKNOWN)

    def ask(self, who: int, choice: int) -> None:
        model, refund = self.model, self.refund
        late = refund.gateway_number in self.gateway.late
        refund.refresh_from_db(fields=["next_look_at"])
        is_due = refund.next_look_at is not None and refund.next_look_at <= now()
        jobs_money.resolve_refund(refund.pk)
        if model.status != S.UNKNOWN or not is_due:
            return
        if model.is_paid or late:
            model.status, model.is_paid = S.SUCCEEDED, True
        # Never heard of: sent again under the same number while the approval carries it.
        elif self.needs_new_approval(model):
            model.status = S.FAILED
        else:
            model.status, model.is_paid = S.SUCCEEDED, True

    def needs_new_approval(self, model: Model) -> bool:
        """The approval has expired, or what else happened asks for a higher one."""
        expired = now() >= (model.expires_at or now())
        return expired or self.need(self.index) > (model.level, model.needed)

    def wait(self, who: int, choice: int) -> None:
        """An hour, sometimes nearly two days, after which the daily duty of finance runs."""
        self.traveller.shift(timedelta(hours=1 if choice else 40))
        if not choice:
            sweeps_money.escalate_stuck()

    def expire(self, who: int, choice: int) -> None:
        model, refund = self.model, self.refund
        expected = (
            model.status in (S.SUBMITTED, S.APPROVED)
            and model.expires_at is not None
            and model.expires_at <= now()
        )
        if self.attempt(
            expected, lambda: approving.expire_approval(refund.pk, actor=system_actor())
        ):
            self.reopen(model)

    # -- what must hold after each --------------------------------------------------------------

    @invariant()
    def both_agree(self) -> None:
        if not hasattr(self, "frame"):
            return
        connection.connection.execute(FIRE)
        told = connection.connection.execute("SELECT * FROM pg_temp.facts(%s)", [now()]).fetchall()
        ((refunds, reserved, refunded, broken, seen),) = told
        assert (broken or []) == []
        assert (refunds or []) == [[m.status, f"{m.amount:.2f}"] for m in self.models]
        self.reached.update(m.status for m in self.models)
        assert (reserved, refunded) == (self.reserved(), self.refunded())
        paid = {number: amount for number, (_payment, amount) in self.gateway.paid.items()}
        assert paid == {
            refund.gateway_number: model.amount
            for refund, model in zip(self.refunds, self.models, strict=True)
            if model.is_paid
        }
        if seen != self.seen:
            assert [*unapproved(), *wrong_tier()] == []
            self.seen = seen
