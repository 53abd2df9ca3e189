"""Forms of the case page sent twice, late, wrongly or past each other."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from aftersales.kernel.clock import now
from aftersales.kernel.errors import NO_RIGHT
from compliance.models import AuditEvent
from staff.roles import Role
from tests.factories.customers import make_order
from tests.factories.people import make_department, make_user
from tests.factories.tickets import (
    make_customer,
    make_investigation,
    make_ticket,
    make_ticket_in,
)
from tests.tickets.case_page import (
    address,
    answered,
    do,
    investigated,
    page_of,
    signed_in,
    traces,
    with_another,
)
from tickets.models import Message
from tickets.services import (
    conversation,
    handling,
)

pytestmark = pytest.mark.django_db


def test_row_of_another_case_is_not_found() -> None:
    lead = make_user(Role.LEAD)
    ticket, other = make_ticket(lead), make_ticket(lead)
    row = make_investigation(other, lead).pk
    before = traces(other)

    response = do(lead, ticket, "drop", row=row, note="not mine")

    assert response.status_code == 404
    assert traces(other) == before


@pytest.mark.parametrize("row", ["", "abc", "-1", "9" * 30])
def test_row_that_is_no_number_is_not_found(row: str) -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)

    assert do(lead, ticket, "drop", row=row, note="nothing").status_code == 404


def test_unknown_verb_is_not_found() -> None:
    lead = make_user(Role.LEAD)

    assert do(lead, make_ticket(lead), "explode").status_code == 404


def test_form_sent_twice_is_done_once() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    client, form = signed_in(agent), {"body": "Called the carrier.", "once": "a" * 32}

    first = client.post(address(ticket, "do/note"), form)
    second = client.post(address(ticket, "do/note"), form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert ticket.messages.filter(kind="note").count() == 1


def test_second_thing_said_from_the_same_page_is_said() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    client = signed_in(agent)

    client.post(address(ticket, "do/note"), {"body": "One", "once": "a" * 32})
    client.post(address(ticket, "do/note"), {"body": "Two", "once": "a" * 32})

    assert ticket.messages.filter(kind="note").count() == 2


def test_refused_form_may_be_sent_again() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    form = {"note": "", "once": "b" * 32}

    refused = do(agent, ticket, "resolve", **form)
    signed_in(agent).post(address(ticket, "do/result"), {"body": "We refund it."})
    done = do(agent, ticket, "resolve", **form)

    assert (refused.status_code, done.status_code) == (422, 302)


def test_answer_written_past_the_customer_is_refused_and_kept() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    seen = ticket.messages.get().pk
    conversation.reply(ticket.pk, actor=make_user(), body="I took this one.")
    before = traces(ticket)

    response = do(agent, ticket, "reply", body="My long answer", then="pending", seen=seen)

    text = response.content.decode()
    assert response.status_code == 422
    assert "wrote while you were typing" in text
    assert ">My long answer</textarea>" in text
    assert f'name="seen" value="{ticket.messages.latest("pk").pk}"' in text
    assert traces(ticket) == before


def test_refused_dialog_keeps_what_was_typed() -> None:
    lead = make_user(Role.LEAD)
    ticket, row = investigated(lead)
    handling.watch(ticket.pk, actor=lead, user=lead)
    form = {"findings": "Cut by a knife", "root_cause": "", "responsible_party": "warehouse"}

    response = do(lead, ticket, "conclude", **form, **row)

    assert response.status_code == 422
    assert "Cut by a knife" in response.content.decode()


def test_verb_in_the_wrong_state_says_so() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket_in("closed", lead)
    before = traces(ticket)

    response = do(lead, ticket, "reopen", note="customer called")

    assert response.status_code == 409
    assert "Only a resolved case can be reopened." in response.content.decode()
    assert traces(ticket) == before


def test_direct_verb_refused_shows_the_case_with_the_reason() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    handling.acknowledge(ticket.pk, actor=lead)

    response = do(lead, ticket, "acknowledge")

    assert response.status_code == 409
    assert "This case was acknowledged before." in response.content.decode()


def test_answer_is_taken_back_in_time() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        do(agent, ticket, "reply", body="Oops", then="pending")
        page = signed_in(agent).get(page_of(ticket)).content.decode()
    message = Message.objects.get(kind="outbound")
    with time_machine.travel(moment + timedelta(seconds=14), tick=False):
        response = do(agent, ticket, "undo", row=message.pk)

    message.refresh_from_db()
    ticket.refresh_from_db()
    assert 'data-undo="15"' in page
    assert response.status_code == 302
    assert message.undone_at == moment + timedelta(seconds=14)
    assert ticket.status == "open"
    assert ">Oops</textarea>" in signed_in(agent).get(page_of(ticket)).content.decode()


def test_answer_is_not_taken_back_too_late() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        do(agent, ticket, "reply", body="Oops", then="pending")
    message = Message.objects.get(kind="outbound")
    before = traces(ticket)
    with time_machine.travel(moment + timedelta(seconds=15), tick=False):
        response = do(agent, ticket, "undo", row=message.pk)
        page = signed_in(agent).get(page_of(ticket)).content.decode()

    assert response.status_code == 409
    assert "too late" in response.content.decode()
    assert "data-undo=" not in page
    assert traces(ticket) == before


def test_abuse_66_answer_of_a_colleague_cannot_be_taken_back() -> None:
    agent, colleague = make_user(), make_user()
    ticket, row = answered(agent)
    before = traces(ticket)

    response = do(colleague, ticket, "undo", **row)

    assert response.status_code == 403
    assert "data-undo=" not in signed_in(colleague).get(page_of(ticket)).content.decode()
    assert traces(ticket) == before


def test_dialog_gets_an_address_instead_of_a_redirect() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)

    response = signed_in(lead).post(
        address(ticket, "do/learn"), {"lesson": "Guard knives"}, headers={"X-Desk-Part": "1"}
    )

    assert response.status_code == 204
    assert response["X-Desk-Location"] == page_of(ticket)


def test_merge_leads_to_the_case_that_goes_on() -> None:
    lead = make_user(Role.LEAD)
    ticket, data = with_another(lead)

    response = do(lead, ticket, "merge", **data)

    assert response.url == f"/admin/tickets/ticket/{data['target']}/change/"


def test_merge_into_another_customers_case_needs_a_second_look() -> None:
    lead = make_user(Role.LEAD)
    ticket, other = make_ticket(lead), make_ticket(lead, subject="Thomas's shoes")
    before = traces(ticket)

    refused = do(lead, ticket, "merge", target=other.number)

    assert refused.status_code == 422
    assert f"{other.number}, “Thomas&#x27;s shoes”, is another customer" in refused.text
    assert traces(ticket) == before
    assert do(lead, ticket, "merge", target=other.number, is_sure="on").status_code == 302


@pytest.mark.parametrize("is_known", [True, False], ids=["has an address", "has none"])
def test_desk_says_when_nothing_could_be_sent(is_known: bool) -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    if not is_known:
        ticket.customer.contact_points.all().delete()

    page = signed_in(agent).post(
        address(ticket, "do/reply"), {"body": "It was sent today.", "then": "pending"}, follow=True
    )

    assert ticket.mails.count() == int(is_known)
    assert ("Tell them yourself." in page.text) is not is_known


@pytest.mark.parametrize(("minutes", "words"), [(5, "after 5 min"), (40, "after 40 min, too late")])
def test_late_first_answer_is_not_shown_as_kept(minutes: int, words: str) -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    with time_machine.travel(now() + timedelta(minutes=minutes)):
        do(agent, ticket, "reply", body="It was sent today.", then="pending")

    page = signed_in(agent).get(page_of(ticket))

    (first,) = [row for row in page.context["promises"] if row.label == "First answer"]
    assert (first.state, first.words) == ("late" if minutes > 15 else "kept", words)


def test_more_than_was_paid_is_not_offered_back() -> None:
    agent = make_user()
    order = make_order()
    ticket = make_ticket(agent, customer=order.customer, order=order)
    data = {"remedy": "refund", "terms": "All of it back", "amount": "99999", "currency": "CNY"}
    before = traces(ticket)

    refused = do(agent, ticket, "propose", **data)

    assert refused.status_code == 422
    assert "Only 399.00 CNY were paid for this order." in refused.text
    assert traces(ticket) == before
    assert do(agent, ticket, "propose", **data | {"amount": "399"}).status_code == 302


def test_compensation_above_what_was_paid_is_asked_about_and_in_the_orders_currency() -> None:
    agent = make_user()
    order = make_order()
    ticket = make_ticket(agent, customer=order.customer, order=order)
    data = {"remedy": "compensation", "terms": "Sorry", "amount": "1197", "currency": "CNY"}
    before = traces(ticket)

    foreign = do(agent, ticket, "propose", **data | {"currency": "USD", "amount": "5"})
    refused = do(agent, ticket, "propose", **data)

    assert (foreign.status_code, refused.status_code) == (422, 422)
    assert "This order was paid in CNY." in foreign.text
    assert "Only 399.00 CNY were paid for this order. Confirm the amount." in refused.text
    assert 'name="is_sure"' in refused.text
    assert traces(ticket) == before
    assert do(agent, ticket, "propose", **data, is_sure="on").status_code == 302


def test_abuse_57_merge_does_not_find_a_case_out_of_scope() -> None:
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead)
    foreign = make_ticket(make_user(Role.LEAD, department=make_department("other")))
    before = traces(ticket)

    response = do(lead, ticket, "merge", target=foreign.number)

    assert response.status_code == 422
    assert "There is no case with this number." in response.content.decode()
    assert traces(ticket) == before


def test_personal_data_is_shown_for_a_reason_and_recorded() -> None:
    agent = make_user()
    ticket = make_ticket(agent, customer=make_customer(agent, email="maria@example.com"))
    url = address(ticket, "personal-data")

    asked = signed_in(agent).get(url).content.decode()
    refused = signed_in(agent).post(url, {"note": "x"})
    shown = signed_in(agent).post(url, {"note": "wants a call back"}).content.decode()

    assert "maria@example.com" not in asked
    assert refused.status_code == 422
    assert "maria@example.com" not in refused.content.decode()
    assert "maria@example.com" in shown
    assert AuditEvent.objects.filter(code="compliance.disclosed", actor_id=agent.pk).count() == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.WAREHOUSE])
def test_personal_data_is_refused_without_the_right(role: str) -> None:
    ticket = make_ticket(customer=make_customer(email="maria@example.com"))
    before = traces(ticket)

    stranger, url = signed_in(make_user(role)), address(ticket, "personal-data")
    asked, posted = stranger.get(url), stranger.post(url, {"note": "curious"})

    for response in (asked, posted):
        assert response.status_code == 403
        assert str(NO_RIGHT) in response.content.decode()
        assert "maria@example.com" not in response.content.decode()
    assert traces(ticket) == before


def test_details_of_a_case_with_an_order_can_be_changed() -> None:
    lead = make_user(Role.LEAD)
    order = make_order()
    ticket = make_ticket(lead, order=order, customer=order.customer)

    do(
        lead,
        ticket,
        "details",
        subject="Torn sleeve",
        language="en",
        order=order.pk,
        root_cause="Packing knife",
        responsible_party="warehouse",
    )

    ticket.refresh_from_db()
    assert (ticket.order, ticket.root_cause) == (order, "Packing knife")


@pytest.mark.parametrize("verb", ["assess", "details", "route"])
def test_an_open_choice_looks_the_same_in_every_field(verb: str) -> None:
    lead = make_user(Role.LEAD)

    dialog = signed_in(lead).get(address(make_ticket(lead), f"do/{verb}")).content.decode()

    assert ">—</option>" in dialog
    assert "---------" not in dialog
