"""Asking for a return: bounded by the order, judged by the calendar, frozen; no silent refusal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine

from aftersales.kernel.errors import DomainError, InvalidTransition, NotPermitted, RuleViolated
from compliance.models import AuditEvent
from customers.models import OrderLine
from returns.eligibility.verdict import digest
from returns.models import ReturnAuthorization, ReturnItem
from returns.services import authorizing, promising, requesting
from returns.services.authorizing import Ground
from returns.services.requesting import NewReturn, Piece
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.customers import make_order
from tests.factories.people import make_department, make_user
from tests.factories.returns import (
    SIGNED_AT,
    lines_of,
    make_address,
    make_delivered_order,
    make_policy,
    make_return,
    make_return_ticket,
)
from tests.factories.tickets import make_ticket
from tickets.models import Message, Ticket
from tickets.services import outcome
from tickets.services.files import NewFile, add_file

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def day_after_delivery() -> Iterator[None]:
    with time_machine.travel(SIGNED_AT + DAY, tick=False):
        yield


@pytest.fixture
def agent() -> User:
    return make_user(Role.AGENT)


def snapshot() -> tuple[Any, ...]:
    return (
        list(ReturnAuthorization.objects.order_by("pk").values()),
        list(ReturnItem.objects.order_by("pk").values()),
        AuditEvent.objects.count(),
        Message.objects.count(),
        Ticket.objects.values_list("status", "updated_at").last(),
    )


def refused(call: Any, error: type[DomainError]) -> str:
    before = snapshot()
    with pytest.raises(error) as refusal:
        call()
    assert snapshot() == before
    return getattr(refusal.value, "code", "")


def test_plain_yes_is_authorized_at_once_by_the_machine(agent: User) -> None:
    make_address()

    rma = make_return(actor=agent)

    assert rma.number.startswith("RMA-0")
    assert (rma.status, rma.outcome, rma.decided_by.username) == (
        "authorized",
        "eligible",
        "system",
    )
    assert rma.requested_by == agent
    assert rma.window_due_at == datetime(2026, 10, 8, 16, tzinfo=UTC)
    codes = AuditEvent.objects.filter(case_id=rma.ticket_id).values_list("code", flat=True)
    assert [code for code in codes.order_by("pk") if code.startswith("returns.")] == [
        "returns.requested",
        "returns.authorized",
        "returns.address_sent",
    ]
    said = Message.objects.filter(ticket=rma.ticket, kind="outbound").get()
    assert "Hangzhou, Wensan Road 1" in said.body
    assert rma.number in said.body


@pytest.mark.parametrize(
    ("moment", "outcome_", "status"),
    [
        (datetime(2026, 10, 8, 15, 59, tzinfo=UTC), "eligible", "authorized"),
        (datetime(2026, 10, 8, 16, 0, tzinfo=UTC), "not_eligible", "needs_review"),
    ],
)
def test_signed_2026_09_24_ends_on_2026_10_08_civil_code_203(
    agent: User, moment: datetime, outcome_: str, status: str
) -> None:
    order = make_delivered_order()

    with time_machine.travel(moment, tick=False):
        rma = make_return(make_return_ticket(agent, order), agent)

    assert (rma.outcome, rma.status) == (outcome_, status)


def test_plain_no_waits_for_a_person_pipl_24(agent: User) -> None:
    with time_machine.travel(SIGNED_AT + 60 * DAY, tick=False):
        rma = make_return(actor=agent)

    assert (rma.outcome, rma.status, rma.decided_at) == ("not_eligible", "needs_review", None)


def test_parcel_on_its_way_stops_every_time(agent: User) -> None:
    order = make_delivered_order(delivered_at=None)

    with time_machine.travel(SIGNED_AT + 300 * DAY, tick=False):
        rma = make_return(make_return_ticket(agent, order), agent)

    assert (rma.outcome, rma.window_due_at) == ("eligible", None)


def test_policy_of_the_day_of_the_order_binds(agent: User) -> None:
    admin = make_user(Role.ADMINISTRATOR)
    policy = make_policy("caps", admin, category="", window_days=30, is_return_free=True)
    ticket = make_return_ticket(agent)
    terms = promising.Terms(name="Our promise", name_zh="店铺承诺", window_days=0)
    promising.revise_policy(policy.pk, terms, actor=admin, note="costs too much")

    with time_machine.travel(SIGNED_AT + 29 * DAY, tick=False):
        rma = make_return(ticket, agent, noticed_at=SIGNED_AT + 29 * DAY)

    assert (rma.policy_id, rma.outcome, rma.freight_payer) == (policy.pk, "eligible", "shop")
    assert rma.verdict["lines"][0]["policy"] == "caps v1"


def test_careful_policy_leaves_a_plain_yes_to_a_person(agent: User) -> None:
    make_policy(is_automatic=False)

    rma = make_return(actor=agent)

    assert (rma.outcome, rma.status) == ("eligible", "requested")
    authorized = authorizing.authorize_return(rma.pk, actor=agent)
    assert (authorized.status, authorized.decided_by, authorized.is_override) == (
        "authorized",
        agent,
        False,
    )


def test_verdict_is_frozen_under_its_digest(agent: User) -> None:
    rma = make_return(actor=agent)
    rma.refresh_from_db()

    assert digest(rma.verdict) == rma.verdict_digest
    ((line, verdict),) = rma.verdicts
    assert line == lines_of(rma.order)[0].pk
    assert verdict.decided_by == "E17"


def test_many_returns_of_one_customer_call_a_person_e16(agent: User) -> None:
    order = make_delivered_order()
    for _round in range(5):
        rma = make_return(make_return_ticket(agent, order), agent)
        requesting.cancel_return(rma.pk, actor=agent, note="kept it")

    rma = make_return(make_return_ticket(agent, order), agent)

    assert (rma.outcome, rma.verdicts[0][1].decided_by) == ("needs_person", "E16")


def ask(ticket: Ticket, actor: User, *pieces: Piece, **overrides: Any) -> Any:
    values = {"kind": "return_and_refund", "claim": "changed_mind", "pieces": pieces} | overrides
    return lambda: requesting.request_return(ticket.pk, NewReturn(**values), actor=actor)


@pytest.mark.parametrize("quantity", [0, -1, 3, 2**40, 1.5, True, None, "1"])
def test_bad_quantity_is_refused(agent: User, quantity: Any) -> None:
    ticket = make_return_ticket(agent)
    caps = lines_of(ticket.order)[1].pk

    call = ask(ticket, agent, Piece(line=caps, quantity=quantity))

    assert refused(call, RuleViolated) in ("bad_quantity", "above_bought")


def test_earlier_returns_bound_what_is_left(agent: User) -> None:
    ticket = make_return_ticket(agent)
    caps = lines_of(ticket.order)[1].pk
    first = ask(ticket, agent, Piece(line=caps, quantity=1))()

    assert refused(ask(ticket, agent, Piece(line=caps, quantity=2)), RuleViolated) == "above_bought"
    requesting.cancel_return(first.pk, actor=agent, note="kept it")
    assert ask(ticket, agent, Piece(line=caps, quantity=2))().items.get().quantity == 2


def test_article_of_another_order_is_refused(agent: User) -> None:
    ticket, foreign = make_return_ticket(agent), lines_of(make_delivered_order())[0].pk

    assert refused(ask(ticket, agent, Piece(line=foreign, quantity=1)), RuleViolated) == (
        "foreign_line"
    )


def test_same_article_twice_nothing_and_unknown_words_are_refused(agent: User) -> None:
    ticket = make_return_ticket(agent)
    piece = Piece(line=lines_of(ticket.order)[1].pk, quantity=1)

    assert refused(ask(ticket, agent, piece, piece), RuleViolated) == "repeated"
    assert refused(ask(ticket, agent), RuleViolated) == "no_pieces"
    for word in ("kind", "claim"):
        call = ask(ticket, agent, piece, **{word: "free_money"})
        assert refused(call, RuleViolated) == "unknown_choice"
    odd = Piece(line=piece.line, quantity=1, condition="eaten")
    assert refused(ask(ticket, agent, odd), RuleViolated) == "unknown_choice"


def test_case_without_order_unpaid_and_canceled_orders_are_refused(agent: User) -> None:
    line = Piece(line=1, quantity=1)
    for order, code in (
        (None, "no_order"),
        (make_order(payments=[]), "order_unpaid"),
        (make_order(status="canceled"), "order_canceled"),
    ):
        customer = order.customer if order else None
        ticket = make_ticket(agent, order=order, customer=customer)
        assert refused(ask(ticket, agent, line), RuleViolated) == code


def test_notice_in_the_future_or_before_the_order_is_refused(agent: User) -> None:
    ticket = make_return_ticket(agent)
    piece = Piece(line=lines_of(ticket.order)[0].pk, quantity=1)

    for moment in (SIGNED_AT + 2 * DAY, SIGNED_AT - 600 * DAY):
        call = ask(ticket, agent, piece, noticed_at=moment)
        assert refused(call, RuleViolated) == "bad_notice_time"


def test_finished_case_takes_no_return(agent: User, lead: User) -> None:
    ticket = make_return_ticket(agent)
    outcome.tell_result(ticket.pk, actor=lead, body="Settled.")
    call = ask(ticket, agent, Piece(line=lines_of(ticket.order)[0].pk, quantity=1))

    assert refused(call, InvalidTransition) == "invalid_transition"


def test_four_personas_ask_for_a_return() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_return_ticket(lead)
    piece = Piece(line=lines_of(ticket.order)[0].pk, quantity=1)
    stranger = make_user(Role.AGENT, department=make_department("elsewhere"))

    with pytest.raises(Ticket.DoesNotExist):
        ask(ticket, stranger, piece)()
    assert refused(ask(ticket, make_user(Role.AUDITOR), piece), NotPermitted) == "not_permitted"
    with pytest.raises(Ticket.DoesNotExist):
        ask(ticket, make_user("nobody", roles=[]), piece)()
    assert ask(ticket, lead, piece)().status == "authorized"


def test_override_needs_right_and_reason_and_is_on_record(agent: User, lead: User) -> None:
    with time_machine.travel(SIGNED_AT + 60 * DAY, tick=False):
        rma = make_return(actor=agent)

    yes = partial(authorizing.authorize_return, rma.pk)
    call = partial(yes, actor=agent, note="good customer")
    assert refused(call, NotPermitted) == "not_permitted"
    assert refused(partial(yes, actor=lead, note=" "), RuleViolated) == "too_short"

    yes(actor=lead, note="good customer")

    rma.refresh_from_db()
    assert (rma.status, rma.is_override, rma.decision_note) == ("authorized", True, "good customer")
    event = AuditEvent.objects.get(code="returns.overridden", subject_id=rma.pk)
    assert (event.actor_id, event.note, event.data["verdict"]) == (
        lead.pk,
        "good customer",
        "not_eligible",
    )


def test_declining_a_yes_is_an_override_too(agent: User, lead: User) -> None:
    make_policy(is_automatic=False)
    rma = make_return(actor=agent)
    no = partial(
        authorizing.decline_return, rma.pk, reason="not_proven", note="Sold the same jacket."
    )

    assert refused(partial(no, actor=agent), NotPermitted) == "not_permitted"
    assert no(actor=lead).is_override is True


def test_decline_tells_reason_and_the_way_to_a_person(lead: User) -> None:
    with time_machine.travel(SIGNED_AT + 60 * DAY, tick=False):
        rma = make_return(actor=lead)

    declined = authorizing.decline_return(
        rma.pk, actor=lead, reason="late", note="It was 60 days ago."
    )

    assert (declined.status, declined.decline_reason, declined.is_override) == (
        "declined",
        "late",
        False,
    )
    said = Message.objects.filter(ticket=rma.ticket, kind="outbound").latest("pk").body
    assert "It was 60 days ago." in said
    assert "ask on the status page for a person" in said


def test_machine_never_declines(lead: User) -> None:
    with time_machine.travel(SIGNED_AT + 60 * DAY, tick=False):
        rma = make_return(actor=lead)
    machine = system_actor()

    call = partial(
        authorizing.decline_return, rma.pk, actor=machine, reason="late", note="Rule E04"
    )

    assert refused(call, NotPermitted) == "not_permitted"


def test_refused_return_can_be_looked_at_again_once(lead: User) -> None:
    with time_machine.travel(SIGNED_AT + 60 * DAY, tick=False):
        rma = make_return(actor=lead)
    decline = partial(
        authorizing.decline_return, rma.pk, actor=lead, reason="late", note="It was 60 days ago."
    )
    decline()

    again = requesting.appeal_return(rma.pk, actor=lead, note="I was in hospital")

    assert again.status == "needs_review"
    decline()
    call = partial(requesting.appeal_return, rma.pk, actor=lead)
    assert refused(call, InvalidTransition) == "invalid_transition"


def test_refund_only_needs_decider_reason_and_evidence_a07(agent: User) -> None:
    ticket = make_return_ticket(agent)
    rma = make_return(ticket, agent, kind="refund_only", claim="damaged")
    photo = add_file(ticket.pk, NewFile("broken.txt", b"broken"), actor=agent)
    other = add_file(make_return_ticket(agent).pk, NewFile("x.txt", b"x"), actor=agent)

    def authorize(**given: Any) -> Any:
        return lambda: authorizing.authorize_return(rma.pk, actor=agent, **given)

    assert rma.status == "needs_review"
    ground = Ground(basis="low_value", evidence=photo.pk)
    assert refused(authorize(ground=ground), RuleViolated) == "too_short"
    assert refused(authorize(note="costs more"), RuleViolated) == "no_ground"
    foreign = Ground(basis="low_value", evidence=other.pk)
    assert refused(authorize(note="costs more", ground=foreign), RuleViolated) == "no_evidence"

    done = authorize(note="costs more", ground=ground)()

    assert (done.status, done.refund_basis, done.evidence, done.decided_by) == (
        "inspected",
        "low_value",
        photo,
        agent,
    )
    item = done.items.get()
    assert (item.reception_status, item.acceptance_status) == ("waived", "accepted")


def test_order_line_rows_are_not_changed_by_a_return(agent: User) -> None:
    ticket = make_return_ticket(agent)
    before = list(OrderLine.objects.order_by("pk").values())

    make_return(ticket, agent)

    assert list(OrderLine.objects.order_by("pk").values()) == before
