"""The approval inbox, the refund's page and the books in the browser's eyes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from returns.models import ReconciliationItem, Refund, StoreCredit
from returns.money_choices import ItemKind
from returns.money_statuses import RefundStatus as S
from returns.services.money.differences import open_item
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
from tests.returns.money.approvals import INBOX, PASSWORD, decide, sign_in
from tests.tickets.case_page import REFUND, address, do, page_of, signed_in, with_paid_order
from tickets import gates
from tickets.services.files import NewFile, add_file

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_lists_and_pages_of_the_books_write_amounts_with_their_currency(language: str) -> None:
    payment = make_payment("9000.00")
    refund = make_refund_in(S.SUCCEEDED, payment, amount="1299.00", means="store_credit")
    client = sign_in(make_user(Role.AUDITOR))
    client.cookies.load({"django_language": language})
    credit, entry = StoreCredit.objects.get(), refund.entries.latest("pk")

    for path, row in (("storecredit", credit), ("ledgerentry", entry)):
        listed = client.get(f"/admin/returns/{path}/").content.decode()
        page = client.get(f"/admin/returns/{path}/{row.pk}/change/").content.decode()

        assert "1,299.00 CNY" in listed
        assert "field-currency" not in listed
        assert "1,299.00 CNY" in page
        assert "field-currency" not in page


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
