"""Real connections at one payment: seeded acts, seeded pauses between statements, then the count.

A burst lets two to six people and workers act at once on the refunds of a payment. Afterwards the
gateway's own books, ours and the limits of the payment are compared. The sabotaged builds prove
that the comparison would notice.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from unittest import mock

from django.db import connection
from django.utils import translation

from aftersales.kernel import reading
from aftersales.kernel.errors import DomainError
from aftersales.kernel.querysets import LockingQuerySet
from customers.models import Payment
from returns import gateways, jobs_money
from returns.gateways import Answer, Instruction
from returns.models import Refund
from returns.money_choices import Outcome
from returns.money_statuses import RefundStatus as S
from returns.queries.money_checks import check_money
from returns.services.money import approving, books, requesting, sending, shared
from returns.services.money.requesting import NewRefund
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.money import (
    fresh,
    make_money_lead,
    make_payment,
    part_of_all,
    submit,
    wish,
)
from tests.factories.people import make_user
from tests.returns.money.fake_gateway import FakeGateway

CAPTURED = Decimal("100.00")
BURSTS_PER_PAYMENT = 5
MOST_AT_ONCE = 6
PLAN = ("ok", "lost", "late", "never", "refused")


@dataclass
class World:
    """The people, the gateway, and the payment they fight over."""

    agents: list[User]
    leads: list[User]
    gateway: FakeGateway = field(default_factory=FakeGateway)
    crowd: Crowd = field(default_factory=lambda: Crowd())
    payment: Payment = field(init=False)
    refunds: list[Refund] = field(default_factory=list)

    def renew(self, dice: random.Random) -> None:
        """Another payment with three wishes that together exceed it."""
        self.payment = make_payment(str(CAPTURED))
        self.gateway.plan = [dice.choice(PLAN) for _number in range(8)]
        self.refunds = []
        for amount in dice.sample(["40.00", "45.00", "60.00", "70.00", "100.00"], 3):
            agent = dice.choice(self.agents)
            refund = requesting.request_refund(self.payment.pk, self.wish(amount), actor=agent)
            self.refunds.append(refund)
        for refund in self.refunds:
            if dice.random() < 0.8:
                with_refusal(lambda one=refund: self.prepare(one, dice))

    def wish(self, amount: str) -> NewRefund:
        """For a part of one article: refunds that can be compared need no second look."""
        return wish(amount, lines=part_of_all(self.payment, amount))

    def prepare(self, refund: Refund, dice: random.Random) -> None:
        """Submitted, mostly approved, too: what can go wrong begins there."""
        submit(refund)
        if dice.random() < 0.7:
            lead = dice.choice(self.leads)
            approving.approve_refund(refund.pk, actor=lead, voice=fresh())


def make_world() -> World:
    system_actor()
    return World(
        agents=[make_user(roles=[Role.AGENT, Role.FINANCE]) for _number in range(2)],
        leads=[make_money_lead() for _number in range(3)],
    )


def with_refusal(act: Callable[[], Any]) -> None:
    try:
        act()
    except DomainError:
        return


def act_of(world: World, dice: random.Random) -> Callable[[], Any]:
    """One thing somebody does now; half of the time what the refund is ready for."""
    refund = dice.choice(world.refunds)
    lead, agent = dice.choice(world.leads), dice.choice(world.agents)
    amount = dice.choice(["10.00", "55.00", "100.00"])
    acts: dict[str, Callable[[], Any]] = {
        "submit": lambda: requesting.submit_refund(refund.pk, actor=agent),
        "approve": lambda: approving.approve_refund(refund.pk, actor=lead, voice=fresh()),
        "decline": lambda: approving.decline_refund(refund.pk, actor=lead, note="no proof"),
        "edit": lambda: requesting.change_refund(refund.pk, world.wish(amount), actor=agent),
        "cancel": lambda: requesting.cancel_refund(refund.pk, actor=agent, note="withdrawn"),
        "send": lambda: jobs_money.send_refund(refund.pk),
        "notify": lambda: sending.look_now(refund.pk, actor=system_actor()),
        "sweep": lambda: jobs_money.resolve_refund(refund.pk),
    }
    ready = {
        S.DRAFT: ["submit", "submit", "edit"],
        S.SUBMITTED: ["approve", "approve", "edit", "cancel"],
        S.APPROVED: ["send", "send", "cancel", "edit"],
        S.SENDING: ["notify", "sweep", "send"],
        S.UNKNOWN: ["notify", "sweep", "sweep"],
    }
    status = S(Refund.objects.values_list("status", flat=True).get(pk=refund.pk))
    choices = ready.get(status, list(acts)) if dice.random() < 0.75 else list(acts)
    return acts[dice.choice(choices)]


@contextmanager
def jitter(seed: int) -> Iterator[None]:
    """Seeded pauses before statements, so that threads meet at different places each time."""
    dice = random.Random(seed)

    def wait(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if dice.random() < 0.25:
            time.sleep(dice.random() * 0.004)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wait):
        yield


class Crowd:
    """Threads that keep their connections from burst to burst, so that a burst costs its acts."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(MOST_AT_ONCE)

    def run(self, acts: Sequence[Callable[[], Any]], seed: int) -> list[str]:
        """All at once; returns what went wrong in ways no refusal may."""
        barrier = threading.Barrier(len(acts))
        running = [
            self.pool.submit(attempt, act, barrier, seed * 100 + number)
            for number, act in enumerate(acts)
        ]
        return [problem for one in running if (problem := one.result(timeout=60))]

    def leave(self) -> None:
        """Everybody closes the connection and goes home."""
        self.run([lambda: connection.close()] * MOST_AT_ONCE, 0)
        self.pool.shutdown()


def attempt(act: Callable[[], Any], barrier: threading.Barrier, seed: int) -> str:
    """One person's act, begun when everybody is ready; a refusal is a good answer."""
    connection.ensure_connection()
    barrier.wait(timeout=30)
    try:
        with translation.override("en"), jitter(seed):
            act()
    except DomainError:
        return ""
    except Exception as problem:
        return f"{type(problem).__name__}: {str(problem)[:200]}"
    return ""


def burst(world: World, seed: int) -> list[str]:
    """Several people at once, and what is wrong afterwards."""
    dice = random.Random(seed)
    acts = [act_of(world, dice) for _number in range(dice.randint(2, MOST_AT_ONCE))]
    return world.crowd.run(acts, seed) + disagreements(world)


def disagreements(world: World) -> list[str]:
    """Where the gateway's books, ours and the payment's limit differ."""
    wrong = []
    payment = Payment.objects.get(pk=world.payment.pk)
    if payment.reserved + payment.refunded > payment.captured:
        wrong.append(f"{payment.reserved} + {payment.refunded} of {payment.captured}")
    left = dict(world.gateway.paid)
    rows = Refund.objects.filter(payment=payment).values_list("gateway_number", "status", "amount")
    ours = {number: (status, amount) for number, status, amount in rows}
    mine = {number: amount for number, (paid, amount) in left.items() if number in ours}
    unknown = [number for number in left if number not in ours and number not in KNOWN]
    if unknown:
        wrong.append(f"the gateway paid {unknown}, which we never ordered")
    if sum(mine.values(), Decimal(0)) > payment.captured:
        wrong.append("the gateway paid more than was captured")
    for number, amount in mine.items():
        status, ours_amount = ours[number]
        if status not in (S.SUCCEEDED, S.SENDING, S.UNKNOWN) or amount != ours_amount:
            wrong.append(f"the gateway paid {number} {amount}, which is {status} {ours_amount}")
    for number, (status, _amount) in ours.items():
        if status == S.SUCCEEDED and number not in left:
            wrong.append(f"{number} succeeded and the gateway paid nothing")
    KNOWN.update(ours)
    return wrong


# Numbers of earlier payments of this run.
KNOWN: set[str] = set()


def interleave(world: World, runs: int, first_seed: int) -> tuple[int, list[str]]:
    """Bursts until the first wrong one; returns how many ran and what was wrong."""
    KNOWN.clear()
    for number in range(runs):
        seed = first_seed + number
        if number % BURSTS_PER_PAYMENT == 0:
            world.renew(random.Random(seed))
        if wrong := burst(world, seed):
            return number + 1, [f"seed {seed}", *wrong]
    return runs, []


def all_invariants() -> list[str]:
    return [str(row) for check in check_money() for row in check.broken]


@contextmanager
def gateway_installed(gateway: FakeGateway) -> Iterator[None]:
    with mock.patch.dict(gateways.GATEWAYS, {"sandbox": gateway}):
        yield


# --- sabotage: each variant takes one protection away ----------------------------------------


@contextmanager
def no_lock() -> Iterator[None]:
    """Rows are read without being locked."""
    plain = reading.by_key

    def unlocked(model: Any, pk: Any, *, is_locked: bool = False) -> Any:
        return plain(model, pk)

    with (
        mock.patch.object(LockingQuerySet, "locked", lambda self: self._chain()),
        mock.patch.object(books, "by_key", unlocked),
        mock.patch.object(shared, "by_key", unlocked),
    ):
        yield


@contextmanager
def no_check() -> Iterator[None]:
    """Neither service nor database compares with what was captured."""
    name = "payment_never_overdrawn"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE customers_payment DROP CONSTRAINT {name}")
    with mock.patch.object(books, "free_amount", lambda payment: payment.captured):
        yield


@contextmanager
def act_before_claim() -> Iterator[None]:
    """The worker calls the gateway first and writes it down afterwards."""

    def talk(refund_id: int, begin: Any, verb: str) -> None:
        refund = Refund.objects.select_related("payment").get(pk=refund_id)
        if verb == "send" and refund.status == S.APPROVED:
            time.sleep(0.01)
            jobs_money.call("send", instruction_for(refund))
        original(refund_id, begin, verb)

    original = jobs_money._talk
    with mock.patch.object(jobs_money, "_talk", talk):
        yield


def instruction_for(refund: Refund) -> Instruction:
    return Instruction(
        refund_id=refund.pk,
        attempt_id=0,
        gateway="sandbox",
        number=refund.gateway_number,
        payment=refund.payment.external_id,
        amount=refund.amount,
        currency=refund.currency,
        begun=time.monotonic(),
    )


@contextmanager
def new_key_on_retry() -> Iterator[None]:
    """An instruction repeated after a doubtful answer gets a number of its own, and a doubtful
    answer is repeated at once."""
    original = jobs_money.call

    def call(verb: str, instruction: Instruction) -> Answer:
        answer = original(verb, instruction)
        if verb == "send" and answer.outcome == Outcome.UNKNOWN:
            again = {name: getattr(instruction, name) for name in instruction.__slots__}
            return original("send", Instruction(**again | {"number": f"{instruction.number}-2"}))
        return answer

    with mock.patch.object(jobs_money, "call", call):
        yield


@contextmanager
def timeout_is_failed() -> Iterator[None]:
    """No answer counts as a refusal."""
    original = sending.record_answer

    def record(refund_id: int, attempt_id: int, answer: Answer, *, actor: User) -> Any:
        if answer.outcome == Outcome.UNKNOWN:
            answer = Answer(Outcome.FAILED, "timeout")
        return original(refund_id, attempt_id, answer, actor=actor)

    with mock.patch.object(sending, "record_answer", record):
        yield


SABOTAGE = {
    "no lock": no_lock,
    "no check": no_check,
    "act before claim": act_before_claim,
    "new key on retry": new_key_on_retry,
    "timeout is failed": timeout_is_failed,
}


@contextmanager
def sabotaged(name: str) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(SABOTAGE[name]())
        yield
