"""A case waits for whom it really waits for, as goods and money move."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from compliance.models import AuditEvent
from returns.models import Refund, ReturnAuthorization
from returns.money_choices import Outcome
from returns.queries.turns import matters
from returns.services import exchanging, parcels, receiving, requesting, settling
from returns.services.exchanging import Replacement
from returns.services.money import approving
from returns.services.money import requesting as money
from returns.services.receiving import Receipt
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.money import (
    answer,
    approve,
    claim,
    make_money_lead,
    make_refund,
    part_of_all,
    submit,
)
from tests.factories.people import make_user
from tests.factories.returns import SIGNED_AT, lines_of, make_return, make_return_ticket
from tests.factories.tickets import make_proposal
from tests.kept import kept
from tests.returns.goods.test_settling import bring_back
from tests.tickets.case_page import shown
from tickets.models import Ticket
from tickets.services import handling
from tickets.services.opening import Words, receive_message
from tickets.statuses import TicketStatus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]

Told = tuple[str, str]


@pytest.fixture(autouse=True)
def sandboxed(settings: object) -> None:
    settings.REFUND_GATEWAY = "sandbox"  # type: ignore[attr-defined]


def wait(ticket: Ticket, actor: User, status: TicketStatus = TicketStatus.PENDING) -> None:
    handling.wait(ticket.pk, actor=actor, status=status, note="parcel")


def status_of(ticket: Ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).status


def moves(ticket: Ticket) -> list[Told]:
    """What the machine wrote of the case's status."""
    codes = ("tickets.waiting", "tickets.resumed")
    rows = AuditEvent.objects.filter(case_id=ticket.pk, code__in=codes, actor_id=system_actor().pk)
    return list(rows.order_by("id").values_list("code", "note"))


def next_of(user: User, ticket: Ticket) -> Told:
    page = shown(user, ticket)
    title, why = (
        page.split(f'class="next-{part}">')[1].partition("</p>")[0] for part in ("title", "why")
    )
    return title, why


def receive(rma: ReturnAuthorization, bench: User, status: str = "received") -> None:
    receipts = [
        Receipt(item=item.pk, quantity=item.quantity, status=status) for item in rma.items.all()
    ]
    receiving.receive_items(rma.pk, receipts, actor=bench)


def test_parcel_on_its_way_is_still_waited_for_outside(lead: User) -> None:
    rma = make_return(actor=lead)
    wait(rma.ticket, lead)
    authorized = next_of(lead, rma.ticket)

    parcels.announce_parcel(rma.pk, actor=lead, carrier="SF", tracking_number="SF1234")

    assert status_of(rma.ticket) == "pending"
    assert authorized == (
        "Waiting for the goods",
        f"{rma} is authorized; the customer has not sent the goods yet.",
    )
    assert next_of(lead, rma.ticket) == (
        "Waiting for the parcel",
        f"The goods of {rma} are on their way to the warehouse.",
    )


def test_goods_that_arrived_are_the_warehouses_turn(lead: User, bench: User) -> None:
    rma = make_return(actor=lead)
    wait(rma.ticket, lead)

    receive(rma, bench)

    assert status_of(rma.ticket) == "on_hold"
    assert next_of(lead, rma.ticket) == (
        "Waiting for the inspection",
        f"The goods of {rma} have arrived; the warehouse inspects them.",
    )
    assert moves(rma.ticket) == [
        (
            "tickets.waiting",
            kept(
                f"{rma} 的商品已到仓，仓库正在验收。"
                f" / The goods of {rma} have arrived; the warehouse inspects them."
            ),
        )
    ]


@pytest.mark.parametrize("status", [TicketStatus.PENDING, TicketStatus.ON_HOLD])
def test_inspected_goods_wake_a_case_that_waits(
    lead: User, bench: User, status: TicketStatus
) -> None:
    rma = make_return(actor=lead)
    wait(rma.ticket, lead, status)

    bring_back(rma, bench)

    assert status_of(rma.ticket) == "open"
    assert moves(rma.ticket)[-1] == (
        "tickets.resumed",
        kept(
            f"{rma} 已验收，请确定应退给客户的金额。"
            f" / {rma} is inspected; say what the customer is owed."
        ),
    )


def test_settled_return_waits_for_approval_then_for_nobody(lead: User, bench: User) -> None:
    rma = bring_back(make_return(actor=lead), bench)
    ticket = rma.ticket
    wait(ticket, lead)

    settling.settle_return(rma.pk, actor=lead)
    refund = Refund.objects.get()
    submitted = status_of(ticket), next_of(lead, ticket)
    approve(refund)
    approved = status_of(ticket), next_of(lead, ticket)[0]
    claim(refund)
    answer(refund, Outcome.SUCCEEDED)

    assert submitted == (
        "on_hold",
        ("Waiting for approval", f"{refund.number} waits for approval by: Department lead."),
    )
    assert approved == ("on_hold", "Waiting for the payment")
    assert status_of(ticket) == "open"
    assert moves(ticket)[-1] == (
        "tickets.resumed",
        kept("商品与款项均已处理完毕。 / Nothing of goods or money is open any more."),
    )


def test_case_is_not_woken_before_the_last_refund_is_paid(lead: User) -> None:
    ticket = make_return_ticket(lead)
    assert ticket.order is not None
    payment = ticket.order.payments.order_by("pk")[0]
    wait(ticket, lead)
    first, second = (
        submit(
            make_refund(
                payment, make_user(), amount, ticket=ticket, lines=part_of_all(payment, amount)
            )
        )
        for amount in ("20", "30")
    )
    for refund in (first, second):
        approve(refund)
        claim(refund)

    answer(first, Outcome.SUCCEEDED)
    between = status_of(ticket)
    answer(second, Outcome.SUCCEEDED)

    assert (between, status_of(ticket)) == ("on_hold", "open")


def waiting_refund(lead: User) -> Refund:
    ticket = make_return_ticket(lead)
    assert ticket.order is not None
    wait(ticket, lead)
    return submit(make_refund(ticket.order.payments.order_by("pk")[0], lead, ticket=ticket))


def declined(refund: Refund) -> None:
    approving.decline_refund(refund.pk, actor=make_money_lead(), note="no proof")


def asked_back(refund: Refund) -> None:
    approving.ask_back(refund.pk, actor=make_money_lead(), note="which article?")


def failed(refund: Refund) -> None:
    approve(refund)
    claim(refund)
    answer(refund, Outcome.FAILED)


def expired(refund: Refund) -> None:
    with time_machine.travel(SIGNED_AT + timedelta(days=30), tick=False):
        approving.expire_approval(refund.pk, actor=system_actor())


@pytest.mark.parametrize(
    ("end", "title", "why"),
    [
        (
            declined,
            "The refund came to nothing",
            "{}: Declined. Ask for it anew, or tell the customer.",
        ),
        (
            failed,
            "The refund came to nothing",
            "{}: Failed. Ask for it anew, or tell the customer.",
        ),
        (
            asked_back,
            "Submit the refund",
            "{} is a draft: change it and submit it, or cancel it.",
        ),
        (expired, "Submit the refund", "{} is a draft: change it and submit it, or cancel it."),
    ],
)
def test_refund_that_does_not_come_is_the_agents_turn(
    lead: User, end: object, title: str, why: str
) -> None:
    refund = waiting_refund(lead)
    ticket = refund.ticket
    assert ticket is not None
    assert status_of(ticket) == "on_hold"

    end(refund)  # type: ignore[operator]

    assert status_of(ticket) == "open"
    assert [(one.title, one.why) for one in matters(ticket)] == [(title, why.format(refund.number))]


def test_refund_given_up_leaves_nothing_to_wait_for(lead: User) -> None:
    refund = waiting_refund(lead)
    assert refund.ticket is not None

    money.cancel_refund(refund.pk, actor=lead, note="not needed")

    assert status_of(refund.ticket) == "open"
    assert list(matters(refund.ticket)) == []


def test_customers_words_wake_a_case_held_for_goods_and_money(lead: User) -> None:
    refund = waiting_refund(lead)
    assert refund.ticket is not None

    words = Words(body="Where is my money?", channel="mail")
    receive_message(refund.ticket.pk, words, actor=system_actor())

    assert status_of(refund.ticket) == "open"


def test_refund_does_not_hide_an_offer_the_customer_has_to_answer(lead: User) -> None:
    ticket = make_return_ticket(lead)
    assert ticket.order is not None
    make_proposal(ticket, lead)
    assert status_of(ticket) == "pending"

    submit(make_refund(ticket.order.payments.order_by("pk")[0], lead, ticket=ticket))

    assert status_of(ticket) == "pending"
    assert moves(ticket) == []


def test_case_that_a_question_to_a_department_holds_waits_for_its_answer(
    lead: User, bench: User
) -> None:
    rma = make_return(actor=lead)
    handling.wait(
        rma.ticket_id, actor=system_actor(), status=TicketStatus.ON_HOLD, note="H-1 → Quality"
    )

    bring_back(rma, bench)

    assert status_of(rma.ticket) == "on_hold"


def test_case_in_progress_is_moved_by_nothing(lead: User, bench: User) -> None:
    rma = make_return(actor=lead)

    bring_back(rma, bench)
    settling.settle_return(rma.pk, actor=lead)

    assert status_of(rma.ticket) == "open"
    assert moves(rma.ticket) == []


def test_case_in_progress_is_told_beside_its_step_what_others_do(lead: User, bench: User) -> None:
    rma = bring_back(make_return(actor=lead), bench)
    handling.acknowledge(rma.ticket_id, actor=lead)
    handling.assess(rma.ticket_id, handling.Assessment(priority="high"), actor=lead)
    handling.assign(rma.ticket_id, actor=lead, assignee=lead)
    before = next_of(lead, rma.ticket)

    settling.settle_return(rma.pk, actor=lead)

    assert before == ("Settle the return", f"{rma} is inspected; say what the customer is owed.")
    assert next_of(lead, rma.ticket) == (
        "Find out what happened",
        "A complaint or return is settled on what happened, not on what is likely."
        f" {Refund.objects.get().number} waits for approval by: Department lead.",
    )


def test_exchange_waits_for_the_shop_until_it_went_out(lead: User, bench: User) -> None:
    rma = make_return(actor=lead, kind="exchange", claim="does_not_fit")
    bring_back(rma, bench)
    wait(rma.ticket, lead)
    shop = make_user(Role.SERVICE_ACCOUNT)

    new = Replacement(sku="JKT-2", name="Jacket L", quantity=1)
    order = exchanging.order_replacement(rma.pk, new, actor=lead)
    settling.settle_return(rma.pk, actor=lead)
    wait(rma.ticket, lead)
    exchanging.confirm_instruction(order.pk, actor=shop, external_id="S-1")
    handed_over = status_of(rma.ticket), next_of(lead, rma.ticket)
    exchanging.complete_instruction(order.pk, actor=shop)

    assert handed_over == (
        "on_hold",
        (
            "Waiting for the shop",
            "Send a replacement: the shop was asked and has not confirmed that it is done.",
        ),
    )
    assert status_of(rma.ticket) == "open"


def test_missing_articles_are_the_agents_to_decide(lead: User, bench: User) -> None:
    rma = make_return(actor=lead)
    wait(rma.ticket, lead)

    receive(rma, bench, "short")

    assert status_of(rma.ticket) == "open"
    assert next(iter(matters(rma.ticket))).title == "Decide the missing articles"


def test_customers_wish_for_a_return_wakes_the_case(lead: User) -> None:
    ticket = make_return_ticket(lead)
    assert ticket.order is not None
    wait(ticket, lead)

    with time_machine.travel(SIGNED_AT + timedelta(days=60), tick=False):
        piece = requesting.Piece(line=lines_of(ticket.order)[0].pk, quantity=1)
        new = requesting.NewReturn(kind="return_and_refund", claim="changed_mind", pieces=[piece])
        rma = requesting.request_return(ticket.pk, new, actor=system_actor())

    assert (rma.status, status_of(ticket)) == ("needs_review", "open")
