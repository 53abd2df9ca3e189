"""The approval inbox, the refund's page and the books in the browser's eyes."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.kernel.clock import now
from returns.models import ReconciliationItem, Refund
from returns.money_choices import ItemKind
from returns.money_statuses import RefundStatus as S
from returns.services.money.differences import open_item
from staff.models import Delegation, User
from staff.roles import Role
from staff.services import system_actor
from tests.factories.money import (
    claim,
    make_money_lead,
    make_payment,
    make_refund,
    make_refund_in,
    submit,
)
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket
from tests.tickets.case_page import REFUND, address, do, page_of, signed_in, with_paid_order
from tickets import gates
from tickets.services.files import NewFile, add_file

pytestmark = pytest.mark.django_db

INBOX = "/admin/returns/approvalrequest/"
PASSWORD = "correct horse battery"


def sign_in(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user, backend="staff.backends.RoleBackend")
    return client


def decide(client: Client, refund: Refund, decision: str, **values: str) -> Any:
    return client.post(f"{INBOX}{refund.pk}/decide/", {"decision": decision, **values})


def test_inbox_shows_what_the_decision_needs() -> None:
    refund = submit(make_refund(payment := make_payment(), amount="120.50"))
    client = sign_in(make_money_lead())

    page = client.get(INBOX, {"refund": refund.pk}).content.decode()

    assert "120.50" in page
    assert refund.number in page
    assert f"alipay {payment.external_id}" in page
    assert "One lead · 1 person" in page
    assert "Requested it" in page
    assert "0 refunds, 0 CNY; declined: 0" in page


def test_lead_approves_declines_and_asks_back() -> None:
    client = sign_in(make_money_lead())
    first, second, third = (submit(make_refund()) for _number in range(3))

    decide(client, first, "approve")
    decide(client, second, "decline", note="no proof at all")
    decide(client, third, "ask_back", note="which batch is it?")

    statuses = [Refund.objects.get(pk=one.pk).status for one in (first, second, third)]
    assert statuses == [S.APPROVED, S.DECLINED, S.DRAFT]


def test_requester_is_told_and_refused() -> None:
    lead = make_money_lead()
    refund = submit(make_refund(actor=lead))
    client = sign_in(lead)

    page = client.get(INBOX, {"refund": refund.pk}).content.decode()
    answer = decide(client, refund, "approve")

    assert "somebody else has to approve it" in page
    assert b"cannot approve it" in answer.content
    refund.refresh_from_db()
    assert refund.status == S.SUBMITTED


def test_sum_above_the_limit_asks_for_the_password() -> None:
    lead = make_money_lead()
    refund = submit(make_refund(make_payment("900.00"), amount="600.00"))
    client = sign_in(lead)

    without = decide(client, refund, "approve")
    wrong = decide(client, refund, "approve", password="guess", note="seen the photos")
    refund.refresh_from_db()
    assert refund.status == S.SUBMITTED
    right = decide(client, refund, "approve", password=PASSWORD)

    assert b"Enter your password again" in without.content
    assert b"This password is wrong." in wrong.content
    assert b"seen the photos" in wrong.content
    assert right.status_code == 302
    refund.refresh_from_db()
    assert refund.status == S.APPROVED


def test_sum_raised_since_it_was_requested_asks_for_the_password() -> None:
    refund = submit(make_refund(payment := make_payment("9000.00"), amount="400.00"))
    submit(make_refund(payment, amount="1900.00"))
    client = sign_in(make_money_lead())
    asked_at_first = refund.approval_requests.get()

    page = client.get(INBOX, {"refund": refund.pk}).content.decode()
    without = decide(client, refund, "approve").content.decode()
    right = decide(client, refund, "approve", password=PASSWORD)

    assert not asked_at_first.asks_password
    assert 'type="password" name="password"' in page
    assert f'name="refund" value="{refund.pk}"' not in page
    assert "Enter your password again" in without
    assert 'type="password" name="password"' in without
    assert right.status_code == 302
    refund.refresh_from_db()
    assert refund.status == S.APPROVED


def test_people_needed_since_it_was_requested_are_shown() -> None:
    refund = submit(make_refund(payment := make_payment("9000.00"), amount="400.00"))
    submit(make_refund(payment, amount="8000.00"))
    client = sign_in(make_money_lead())

    page = client.get(INBOX, {"refund": refund.pk}).content.decode()

    assert refund.approval_requests.get().needed_count == 1
    assert "Two leads · 2 people" in page
    assert page.count("0 of 2 approved") == 2


def test_what_changed_since_it_was_shown_is_not_approved() -> None:
    refund = submit(make_refund())
    client = sign_in(make_money_lead())

    answer = decide(client, refund, "approve", digest="0" * 64)

    assert b"changed meanwhile" in answer.content
    refund.refresh_from_db()
    assert refund.status == S.SUBMITTED


def test_deputy_decides_in_the_givers_name() -> None:
    giver = make_money_lead(display_name="Mei")
    deputy = make_money_lead()
    client = sign_in(giver)
    client.post(
        "/admin/staff/delegation/add/",
        {
            "delegate": deputy.pk,
            "starts_at_0": "2020-01-01",
            "starts_at_1": "00:00",
            "ends_at_0": "2100-01-01",
            "ends_at_1": "00:00",
            "reason": "on leave",
            "currency": "",
        },
    )
    assert Delegation.objects.get().giver == giver
    refund = submit(make_refund())

    decide(sign_in(deputy), refund, "approve", principal=str(giver.pk))

    decision = refund.decisions.get()
    assert (decision.decided_by, decision.principal) == (deputy, giver)
    page = sign_in(deputy).get(f"/admin/returns/refund/{refund.pk}/change/").content.decode()
    assert "on behalf of Mei" in page


def test_refusal_stands_in_the_form_with_what_was_typed_and_chosen() -> None:
    giver, deputy = make_money_lead(), make_money_lead()
    Delegation(
        giver=giver,
        delegate=deputy,
        starts_at=now() - timedelta(days=1),
        ends_at=now() + timedelta(days=1),
        reason="on leave",
    ).save()
    refund = submit(make_refund(make_payment("900.00"), amount="600.00"))

    page = decide(
        sign_in(deputy), refund, "approve", principal=str(giver.pk), note="seen the photos"
    ).content.decode()

    form = page[page.index("m-verbs") :]
    alert = form.index('role="alert">Enter your password again to approve this sum.')
    assert alert < form.index('id="m-note"')
    assert page.count("Enter your password again") == 1
    assert ">seen the photos</textarea>" in form
    assert f'<option value="{giver.pk}" selected>' in form


def test_batch_takes_small_ones_and_never_what_needs_a_look() -> None:
    client = sign_in(make_money_lead())
    payment = make_payment()
    small = [submit(make_refund()) for _number in range(2)]
    odd = [submit(make_refund(payment)) for _number in range(2)]

    client.post(f"{INBOX}batch/", {"refund": [one.pk for one in (*small, odd[1])]})
    untouched = [Refund.objects.get(pk=one.pk).status for one in small]
    client.post(f"{INBOX}batch/", {"refund": [one.pk for one in small]})

    assert untouched == [S.SUBMITTED, S.SUBMITTED]
    assert {Refund.objects.get(pk=one.pk).status for one in small} == {S.APPROVED}
    assert odd[1].holds.get().reasons[0]["code"] == "same_amount"


def test_inbox_costs_the_same_at_one_and_at_three() -> None:
    client = sign_in(make_money_lead())
    submit(make_refund())
    client.get(INBOX)
    with CaptureQueriesContext(connection) as one:
        client.get(INBOX)
    for _number in range(2):
        submit(make_refund())

    with CaptureQueriesContext(connection) as three:
        client.get(INBOX)

    assert len(three) == len(one)


def test_inbox_of_another_department_is_empty() -> None:
    from tests.factories.people import make_department  # noqa: PLC0415 -- only here

    refund = submit(make_refund())
    stranger = make_user(Role.LEAD, department=make_department("elsewhere"))
    client = sign_in(stranger)

    assert refund.number not in client.get(INBOX).content.decode()
    assert decide(client, refund, "approve").status_code == 404
    assert client.get(f"/admin/returns/refund/{refund.pk}/change/").status_code == 404


def test_two_people_of_finance_transfer_by_hand(settings: Any) -> None:
    settings.REFUND_GATEWAY = "manual"
    refund = make_refund_in(S.APPROVED)
    claim(refund)
    first, second = make_user(Role.FINANCE), make_user(Role.FINANCE)
    enter = reverse("admin:returns_refund_enter_transfer", args=[refund.pk])
    confirm = reverse("admin:returns_refund_confirm_transfer", args=[refund.pk])

    sign_in(first).post(enter, {"_form_submitted": "1", "reference": "ICBC-1"})
    sign_in(first).post(confirm, {"_form_submitted": "1", "reference": "ICBC-1"})
    refund.refresh_from_db()
    assert refund.status == S.SENDING
    sign_in(second).post(confirm, {"_form_submitted": "1", "reference": "ICBC-2"})
    refund.refresh_from_db()
    assert refund.status == S.SENDING
    sign_in(second).post(confirm, {"_form_submitted": "1", "reference": "ICBC-1"})

    refund.refresh_from_db()
    assert (refund.status, refund.paid_by, refund.confirmed_by) == (S.SUCCEEDED, first, second)


@pytest.mark.parametrize(
    "path",
    [
        "refund",
        "guardhold",
        "ledgerentry",
        "storecredit",
        "statement",
        "reconciliationitem",
        "approvaltier",
    ],
)
def test_every_list_of_money_opens_for_the_auditor_and_not_for_an_agent(path: str) -> None:
    refund = make_refund_in(S.SUCCEEDED, means="store_credit")
    open_item(ItemKind.MISSING, "X", actor=system_actor(), refund=refund)
    auditor, warehouse = make_user(Role.AUDITOR), make_user(Role.WAREHOUSE)

    shown = sign_in(auditor).get(f"/admin/returns/{path}/")

    assert shown.status_code == 200
    assert sign_in(warehouse).get(f"/admin/returns/{path}/").status_code == 403
    assert b"Add " not in shown.content


def test_difference_is_resolved_on_its_page() -> None:
    refund = make_refund_in(S.SUCCEEDED)
    item = open_item(ItemKind.MISSING, "X", actor=system_actor(), refund=refund)
    client = sign_in(make_user(Role.FINANCE))

    url = reverse("admin:returns_reconciliationitem_resolve", args=[item.pk])

    client.post(url, {"_form_submitted": "1", "note": "came a day later"})

    assert ReconciliationItem.objects.get(pk=item.pk).status == "resolved"


def test_refund_of_a_case_shows_the_case() -> None:
    lead = make_money_lead()
    ticket = make_ticket(lead)
    payment = make_payment()
    ticket.customer = payment.order.customer
    ticket.save(update_fields=["customer"])
    refund = make_refund_in(S.SENDING, payment, actor=make_money_lead(), ticket=ticket)

    page = sign_in(lead).get(f"/admin/returns/refund/{refund.pk}/change/").content.decode()

    assert ticket.number in page
    assert "No answer recorded" in page


def test_agent_picks_the_photos_that_speak_for_a_refund() -> None:
    agent = make_user()
    ticket, other = make_ticket(agent), make_ticket(agent)
    payment = make_payment()
    ticket.customer, ticket.order = payment.order.customer, payment.order
    ticket.save(update_fields=["customer", "order"])
    photo, _unpicked, foreign = (
        add_file(where.pk, NewFile(name, name.encode()), actor=agent)
        for where, name in ((ticket, "torn.txt"), (ticket, "box.txt"), (other, "else.txt"))
    )
    wanted = {
        "amount": "80.00",
        "reason": "damaged",
        "kind": "purchase",
        "means": "original",
        "note": "photo shows it",
    }

    do(agent, ticket, "refund", **wanted, evidence=str(foreign.pk))
    assert not Refund.objects.exists()
    do(agent, ticket, "refund", **wanted, evidence=str(photo.pk))

    refund = Refund.objects.get()
    assert list(refund.evidence.values_list("attachment", flat=True)) == [photo.pk]
    assert refund.touches.filter(user=agent, what="evidence").exists()


def test_agent_asks_for_a_refund_on_the_case_page() -> None:
    agent = make_user()
    ticket = make_ticket(agent)
    payment = make_payment()
    ticket.customer, ticket.order = payment.order.customer, payment.order
    ticket.save(update_fields=["customer", "order"])
    wanted = {
        "amount": "80.00",
        "reason": "damaged",
        "kind": "purchase",
        "means": "original",
        "note": "photo shows it",
    }

    do(agent, ticket, "refund", **wanted | {"amount": "400.00"})
    assert not Refund.objects.exists()
    do(agent, ticket, "refund", **wanted)

    refund = Refund.objects.get()
    assert (refund.status, str(refund.amount), refund.ticket) == (S.SUBMITTED, "80.00", ticket)
    assert refund.number in sign_in(agent).get(page_of(ticket)).content.decode()
    closing = {state.code: state.is_open for state in gates.states(ticket)}
    assert (closing["approvals_done"], closing["money_settled"]) == (False, True)


def test_form_sent_twice_is_one_refund() -> None:
    agent = make_user()
    ticket = with_paid_order(agent)[0]
    client, at = signed_in(agent), address(ticket, "do/refund")
    page = client.get(at).content.decode()
    token = re.search(r'name="once" value="([0-9a-f]{32})"', page)
    assert token is not None
    form = REFUND | {"once": token[1]}

    first = client.post(at, form)
    again = client.post(at, form, follow=True)

    refund = Refund.objects.get()
    assert (refund.status, first["Location"]) == (S.SUBMITTED, page_of(ticket))
    assert "This was sent before; it was done once." in again.content.decode()
    assert refund.payment.reserved == refund.amount
    assert not refund.holds.exists()


@pytest.mark.parametrize(
    ("decision", "status", "words"),
    [
        ("approve", S.APPROVED, "is “Approved”: there is nothing to decide."),
        ("decline", S.DECLINED, "is “Declined”: there is nothing to decide."),
        ("ask_back", S.DRAFT, "is “Draft”: there is nothing to decide."),
    ],
)
def test_form_sent_twice_is_one_decision(decision: str, status: S, words: str) -> None:
    refund = submit(make_refund())
    client = sign_in(make_money_lead())
    page = client.get(INBOX, {"refund": refund.pk}).content.decode()
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert digest is not None
    form = {"digest": digest[1], "note": "seen the photos"}

    decide(client, refund, decision, **form)
    again = decide(client, refund, decision, **form)

    assert f"{refund.number} {words}" in again.content.decode()
    assert 'name="decision"' not in again.content.decode()
    refund.refresh_from_db()
    assert refund.status == status
    assert refund.decisions.count() == 1


def test_form_sent_twice_is_one_of_two_voices() -> None:
    refund = submit(make_refund(make_payment("6000.00"), amount="5200.00"))
    client = sign_in(make_money_lead())

    decide(client, refund, "approve", password=PASSWORD)
    again = decide(client, refund, "approve", password=PASSWORD)

    assert "You have decided on this already" in again.content.decode()
    refund.refresh_from_db()
    assert (refund.status, refund.decisions.count()) == (S.SUBMITTED, 1)
