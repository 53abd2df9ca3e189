"""What the machine writes down as told was mailed; where no mail goes, a person is to tell."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.kernel import jobs
from aftersales.kernel.errors import InvalidTransition
from clocks.models import Clock
from compliance.models import AuditEvent
from customers.models import Customer
from customers.services import (
    identify_customer,
    merge_customers,
    opt_out_of_surveys,
    unmerge_customers,
)
from staff.models import User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.clocks import only_rule
from tests.factories.people import make_user
from tests.factories.tickets import make_customer, make_ticket, make_ticket_in
from tests.kept import kept
from tests.tickets.timing import DAY, MINUTE, RunJobs, later
from tickets import sweeps
from tickets.models import CsatResponse, Ticket
from tickets.services import handling, outbox, ratings

pytestmark = pytest.mark.django_db


def phone_customer() -> Customer:
    return identify_customer("phone", "13812345678", actor=make_user(), name="Li Wei")


def use_up_the_share(customer: Customer) -> None:
    for _number in range(outbox.AUTOMATIC_PER_DAY):
        handling.acknowledge(make_ticket(customer=customer).pk, actor=make_user())


def events(ticket: Ticket, code: str) -> list[str]:
    return list(
        AuditEvent.objects.filter(case_id=ticket.pk, code=code).values_list("note", flat=True)
    )


def case_of(customer: Customer | None) -> Ticket:
    """It came on a channel where the customer is away."""
    return make_ticket(customer=customer, channel="wechat")


NO_ADDRESS = kept("客户没有邮箱地址。 / The customer has no mail address.")
NO_SHARE = kept(
    "该地址今天的自动邮件已达上限。 / The address had its share of automatic mail today."
)


@pytest.mark.parametrize(("has_mail", "why"), [(False, NO_ADDRESS), (True, NO_SHARE)])
def test_a_case_nobody_could_be_mailed_about_is_left_to_a_person(
    has_mail: bool, why: str, run_jobs: RunJobs
) -> None:
    only_rule(
        code="word",
        promise="word",
        starts_on=["tickets.received"],
        stops_on=["tickets.acknowledged"],
    )
    customer = make_customer() if has_mail else phone_customer()
    if has_mail:
        use_up_the_share(customer)
    ticket = case_of(customer)

    jobs.run("tickets.acknowledge", ticket.pk)
    jobs.run("tickets.acknowledge", ticket.pk)
    with later(3 * MINUTE):
        swept = sweeps.acknowledge_unacknowledged()

    ticket.refresh_from_db()
    assert (ticket.acknowledged_at, ticket.mails.count(), swept) == (None, 0, 0)
    assert events(ticket, "tickets.acknowledged") == []
    assert events(ticket, "tickets.acknowledgement_unsent") == [why]
    owed = Clock.objects.live().get(case_id=ticket.pk)
    assert ticket.due_at == owed.due_at


def test_the_sweep_does_not_come_back_to_whom_it_cannot_mail() -> None:
    left = case_of(phone_customer())
    with later(3 * MINUTE):
        first = sweeps.acknowledge_unacknowledged()
    with later(4 * MINUTE), CaptureQueriesContext(connection) as second:
        sweeps.acknowledge_unacknowledged()
    mailed = case_of(make_customer())
    with later(7 * MINUTE):
        third = sweeps.acknowledge_unacknowledged()

    left.refresh_from_db()
    mailed.refresh_from_db()
    assert (first, len(second), third) == (0, 1, 1)
    assert (left.acknowledged_at, mailed.acknowledged_at is not None) == (None, True)
    assert len(events(left, "tickets.acknowledgement_unsent")) == 1


def test_a_case_without_a_customer_is_left_to_a_person() -> None:
    ticket = case_of(None)

    jobs.run("tickets.acknowledge", ticket.pk)

    ticket.refresh_from_db()
    assert ticket.acknowledged_at is None
    assert events(ticket, "tickets.acknowledgement_unsent") == [NO_ADDRESS]


def test_a_person_acknowledges_by_word_of_mouth() -> None:
    ticket, agent = case_of(phone_customer()), make_user()
    jobs.run("tickets.acknowledge", ticket.pk)

    handling.acknowledge(ticket.pk, actor=agent, note="told on the phone")

    ticket.refresh_from_db()
    assert ticket.acknowledged_at is not None
    assert events(ticket, "tickets.acknowledged") == ["told on the phone"]


def test_what_a_person_acknowledges_is_mailed_beyond_the_share() -> None:
    customer = make_customer()
    use_up_the_share(customer)
    ticket = case_of(customer)
    jobs.run("tickets.acknowledge", ticket.pk)

    handling.acknowledge(ticket.pk, actor=make_user())

    assert [one.purpose for one in ticket.mails.all()] == ["acknowledgement"]


def test_the_machine_acknowledges_once() -> None:
    ticket = case_of(make_customer())
    handling.acknowledge_by_mail(ticket.pk, actor=system_actor())

    with pytest.raises(InvalidTransition):
        handling.acknowledge_by_mail(ticket.pk, actor=system_actor())

    ticket.refresh_from_db()
    assert ticket.acknowledged_at is not None
    assert ticket.mails.count() == 1


@pytest.mark.parametrize("has_mail", [False, True])
def test_nobody_is_asked_to_rate_who_cannot_be_mailed(has_mail: bool) -> None:
    lead = make_user(Role.LEAD)
    customer = make_customer() if has_mail else phone_customer()
    ticket = make_ticket_in("resolved", lead, customer=customer)
    if has_mail:
        use_up_the_share(customer)
    links = ticket.status_links.count()

    jobs.run("tickets.invite_rating", ticket.pk)

    customer.refresh_from_db()
    assert customer.last_surveyed_at is None
    assert not CsatResponse.objects.exists()
    assert not ticket.mails.filter(purpose="survey").exists()
    assert events(ticket, "tickets.survey_invited") == []
    assert ticket.status_links.count() == links


def test_who_could_not_be_asked_can_still_rate() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in("resolved", lead, customer=phone_customer())
    jobs.run("tickets.invite_rating", ticket.pk)

    response = ratings.rate(ticket.pk, actor=system_actor(), score=5)

    assert (response.status, response.round, response.score) == ("answered", 1, 5)


# Customers who are one


def merged(one: Customer, into: Customer, lead: User) -> Customer:
    return merge_customers(one.pk, into.pk, actor=lead)


def is_asked(customer: Customer, lead: User) -> bool:
    ticket = make_ticket_in("resolved", lead, customer=customer)
    return ratings.invite_rating(ticket.pk, actor=system_actor()) is not None


@pytest.mark.parametrize("asks", ["the target", "the duplicate", "a sibling"])
def test_who_declined_surveys_is_not_asked_under_another_number(asks: str) -> None:
    lead = make_user(Role.LEAD)
    declined, sibling, target, end = (make_customer() for _number in range(4))
    opt_out_of_surveys(declined.pk, actor=lead)
    for one, into in ((declined, target), (target, end), (sibling, end)):
        merged(one, into, lead)

    assert not is_asked(
        {"the target": end, "the duplicate": declined, "a sibling": sibling}[asks], lead
    )
    assert not CsatResponse.objects.exists()


def test_the_cooldown_holds_for_all_who_are_one_until_the_merge_is_undone() -> None:
    lead = make_user(Role.LEAD)
    old, target = make_customer(), make_customer()
    first = is_asked(old, lead)
    merged(old, target, lead)

    during = is_asked(target, lead)
    with later(31 * DAY):
        after = is_asked(target, lead)
        again = is_asked(old, lead)
        unmerge_customers(old.pk, actor=lead)
        alone = is_asked(old, lead)

    assert (first, during, after, again, alone) == (True, False, True, False, True)
