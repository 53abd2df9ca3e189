"""Case, legs and promises under any order of verbs by anybody: nothing lost, nothing doubled.

A machine of hypothesis plays three departments and a carrier, with time passing; after every step
the invariants of the whole are looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from aftersales.kernel.errors import DomainError
from clocks import rulebook
from clocks.models import Clock
from compliance.models import AuditEvent
from handoffs.choices import Side
from handoffs.models import Handoff, HandoffTurn
from handoffs.services import receiving, sending
from handoffs.services.receiving import Reply
from handoffs.statuses import LIVE, HandoffStatus
from staff.models import Department, User
from staff.roles import Role
from staff.services import stored_system_actor, system_actor
from tests.factories.handoffs import make_ask, make_template
from tests.factories.people import make_department, make_user
from tests.factories.tickets import deliver_mails, make_ticket
from tickets.models import Ticket
from tickets.services import handling, joining, outcome
from tickets.statuses import TicketStatus

WHO = st.integers(0, 2)
LEG = st.integers(0, 4)
LEG_TYPE = "handoffs.handoff"
RECEIVERS = {"handoff_acceptance", "handoff_answer"}
GIVERS = {"handoff_turn_back"}


class Departments(RuleBasedStateMachine):
    """Service, logistics and warehouse around one case."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(datetime(2026, 3, 2, 2, tzinfo=UTC), tick=False)
        self.time = self.clock.start()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        stored_system_actor.cache_clear()
        rulebook.forget()
        system_actor()
        self.departments: list[Department] = [
            make_department(),
            make_department("logistics", kind="logistics"),
            make_department("warehouse", kind="warehouse"),
        ]
        self.people: list[User] = [
            make_user(Role.LEAD, department=department) for department in self.departments
        ]
        self.ticket = make_ticket(self.people[0], kind="consultation")
        self.other = make_ticket(self.people[0])
        self.owner = self.departments[0].pk
        self.done: Counter[str] = Counter()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        stored_system_actor.cache_clear()
        self.clock.stop()

    def traces(self) -> tuple[int, int, list[Any]]:
        return (
            AuditEvent.objects.count(),
            HandoffTurn.objects.count(),
            list(Handoff.objects.order_by("pk").values_list("status", "holds_case", "due_at")),
        )

    def attempt(self, verb: str, call: Callable[[], Any]) -> Any:
        """Do it or be refused; a refusal leaves nothing behind."""
        before = self.traces()
        try:
            with transaction.atomic():
                result = call()
        except (DomainError, Ticket.DoesNotExist, Handoff.DoesNotExist):
            assert self.traces() == before
            return None
        self.done[verb] += 1
        return result

    def leg(self, index: int) -> Handoff | None:
        legs = list(Handoff.objects.order_by("pk"))
        return legs[index % len(legs)] if legs else None

    def on_leg(self, verb: str, index: int, call: Callable[[Handoff], Any]) -> Handoff | None:
        leg = self.leg(index)
        return self.attempt(verb, lambda: call(leg)) if leg else None

    @rule(who=WHO, to=WHO, pauses=st.booleans())
    def ask(self, who: int, to: int, pauses: bool) -> None:
        template = make_template(f"ask-{pauses}", pauses_case=pauses)
        ask = make_ask(template=template, department=self.departments[to])
        self.attempt("sent", lambda: self.send(ask, who))

    @rule(who=WHO, to=WHO)
    def offer(self, who: int, to: int) -> None:
        ask = make_ask("transfer", department=self.departments[to])
        self.attempt("sent", lambda: self.send(ask, who))

    @rule(who=WHO)
    def ask_carrier(self, who: int) -> None:
        ask = make_ask("external", template=make_template("carrier", "external", pauses_case=True))
        self.attempt("sent", lambda: self.send(ask, who))

    def send(self, ask: Any, who: int) -> Handoff:
        return sending.send_handoff(self.ticket.pk, ask, actor=self.people[who])

    @rule(who=WHO, index=LEG)
    def accept(self, who: int, index: int) -> None:
        leg = self.on_leg(
            "accepted", index, lambda leg: receiving.accept_handoff(leg.pk, actor=self.people[who])
        )
        if leg and leg.is_transfer:
            assert leg.to_department_id
            self.owner = leg.to_department_id

    @rule(who=WHO, index=LEG)
    def answer(self, who: int, index: int) -> None:
        self.on_leg(
            "answered",
            index,
            lambda leg: receiving.answer_handoff(
                leg.pk, Reply(text="Lost."), actor=self.people[who]
            ),
        )

    @rule(who=WHO, index=LEG)
    def ask_back(self, who: int, index: int) -> None:
        self.on_leg(
            "returned",
            index,
            lambda leg: receiving.return_handoff(leg.pk, actor=self.people[who], note="which?"),
        )

    @rule(who=WHO, index=LEG)
    def decline(self, who: int, index: int) -> None:
        self.on_leg(
            "declined",
            index,
            lambda leg: receiving.decline_handoff(leg.pk, actor=self.people[who], note="not us"),
        )

    @rule(who=WHO, index=LEG)
    def resend(self, who: int, index: int) -> None:
        self.on_leg(
            "resent",
            index,
            lambda leg: sending.resend_handoff(leg.pk, actor=self.people[who], note="SF100"),
        )

    @rule(who=WHO, index=LEG, to=WHO)
    def reroute(self, who: int, index: int, to: int) -> None:
        self.on_leg(
            "rerouted",
            index,
            lambda leg: sending.reroute_handoff(
                leg.pk, actor=self.people[who], department=self.departments[to]
            ),
        )

    @rule(who=WHO, index=LEG)
    def withdraw(self, who: int, index: int) -> None:
        self.on_leg(
            "withdrawn",
            index,
            lambda leg: sending.withdraw_handoff(leg.pk, actor=self.people[who], note="found"),
        )

    @rule(who=WHO, index=LEG)
    def accept_answer(self, who: int, index: int) -> None:
        self.on_leg(
            "closed",
            index,
            lambda leg: sending.close_handoff(leg.pk, actor=self.people[who]),
        )

    @rule(who=WHO)
    def settle(self, who: int) -> None:
        self.attempt(
            "result",
            lambda: outcome.tell_result(self.ticket.pk, actor=self.people[who], body="Settled."),
        )

    @rule(who=WHO)
    def reopen(self, who: int) -> None:
        self.attempt(
            "reopen",
            lambda: outcome.reopen_ticket(self.ticket.pk, actor=self.people[who], note="again"),
        )

    @rule(who=WHO)
    def close(self, who: int) -> None:
        deliver_mails(self.ticket)
        self.attempt("close", lambda: outcome.close_ticket(self.ticket.pk, actor=self.people[who]))

    @rule(who=WHO)
    def cancel(self, who: int) -> None:
        self.attempt(
            "cancel",
            lambda: outcome.cancel_ticket(self.ticket.pk, actor=self.people[who], note="mistake"),
        )

    @rule(who=WHO)
    def merge(self, who: int) -> None:
        self.attempt(
            "merge",
            lambda: joining.merge_tickets(
                self.ticket.pk, self.other.pk, actor=self.people[who], is_sure=True
            ),
        )

    @rule(who=WHO, status=st.sampled_from([TicketStatus.PENDING, TicketStatus.ON_HOLD]))
    def wait(self, who: int, status: TicketStatus) -> None:
        self.attempt(
            "wait",
            lambda: handling.wait(
                self.ticket.pk, actor=self.people[who], status=status, note="others"
            ),
        )

    @rule(who=WHO)
    def resume(self, who: int) -> None:
        self.attempt("resume", lambda: handling.resume(self.ticket.pk, actor=self.people[who]))

    @rule(who=WHO, to=WHO)
    def route(self, who: int, to: int) -> None:
        target = self.departments[to]
        moved = self.attempt(
            "route",
            lambda: handling.route(self.ticket.pk, actor=self.people[who], department=target),
        )
        if moved:
            self.owner = target.pk

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.time.shift(timedelta(hours=hours))

    @invariant()
    def exactly_one_department_owns_the_case(self) -> None:
        assert Ticket.objects.get(pk=self.ticket.pk).department_id == self.owner

    @invariant()
    def case_never_ends_with_a_leg_open(self) -> None:
        status = Ticket.objects.get(pk=self.ticket.pk).status
        if status in (TicketStatus.CLOSED, TicketStatus.CANCELED):
            assert not Handoff.objects.filter(status__in=LIVE).exists()

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        told = Counter(
            AuditEvent.objects.filter(subject_type=LEG_TYPE).values_list("code", flat=True)
        )
        verbs = {code.removeprefix("handoffs."): count for code, count in told.items()}
        wanted = {verb: count for verb, count in self.done.items() if f"handoffs.{verb}" in EVENTS}
        assert verbs == wanted
        assert Handoff.objects.count() == self.done["sent"]
        assert HandoffTurn.objects.count() == sum(wanted.values())

    @invariant()
    def no_promise_runs_in_two_departments(self) -> None:
        live = Clock.objects.live().filter(subject_type=LEG_TYPE)
        for leg in Handoff.objects.all():
            clocks = [one for one in live if one.subject_id == leg.pk]
            running = {one.promise for one in clocks if one.state != "paused"}
            expected = {
                Side.RECEIVER: RECEIVERS,
                Side.GIVER: GIVERS,
                Side.NOBODY: set(),
            }[leg.side]
            assert running <= expected, (leg.status, running)
            assert bool(running) == (leg.side != Side.NOBODY), (leg.status, running)
            assert len(clocks) == len({one.promise for one in clocks})
            assert leg.due_at == min((one.due_at for one in clocks if one.due_at), default=None)

    @invariant()
    def due_time_of_the_case_is_its_nearest_promise(self) -> None:
        live = Clock.objects.live().filter(case_id=self.ticket.pk, counts_for_due=True)
        nearest = min((one.due_at for one in live if one.due_at), default=None)
        assert Ticket.objects.get(pk=self.ticket.pk).due_at == nearest

    @invariant()
    def case_is_held_by_asked_legs_only(self) -> None:
        for leg in Handoff.objects.filter(holds_case=True):
            assert leg.pauses_case
            assert HandoffStatus(leg.status) in (HandoffStatus.SENT, HandoffStatus.ACCEPTED)


EVENTS = {f"handoffs.{status.value}" for status in HandoffStatus} | {
    "handoffs.resent",
    "handoffs.rerouted",
}


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Departments,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


@pytest.mark.django_db
def test_departments_in_any_order() -> None:
    run(examples=4, steps=25)


@pytest.mark.long
@pytest.mark.django_db
def test_departments_in_any_order_for_long() -> None:
    run(examples=60, steps=60)
