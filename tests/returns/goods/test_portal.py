"""The customer's side: asking, verdict, label, parcel, sheet; nothing of others."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from aftersales.kernel.errors import RuleViolated
from compliance.models import AuditEvent
from returns.carriers import sandbox
from returns.jobs import book_label
from returns.models import ParcelScan, ReturnAuthorization, ReturnParcel
from returns.services import authorizing
from returns.services.requesting import cancel_return
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_user
from tests.factories.returns import (
    SIGNED,
    SIGNED_AT,
    lines_of,
    make_address,
    make_delivered_order,
    make_return,
    make_return_ticket,
)
from tests.factories.tickets import make_investigation
from tests.returns.goods.test_settling import bring_back
from tests.tickets.portal_page import footprint, page_of, text_of
from tickets.models import Ticket
from tickets.services import investigation, joining, outcome
from tickets.statuses import TicketStatus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]

DAY = timedelta(days=1)


def ask(client: Client, ticket: Ticket, **overrides: Any) -> Any:
    jacket = lines_of(ticket.order)[0]
    values = {
        "kind": "return_and_refund",
        "claim": "changed_mind",
        f"quantity_{jacket.pk}": "1",
        "key": uuid.uuid4().hex,
    } | overrides
    return client.post(f"{page_of(ticket)}returns/", values, follow=True)


def test_customer_asks_and_reads_verdict_and_address(client: Client, lead: User) -> None:
    make_address()
    ticket = make_return_ticket(lead)
    assert "Return, exchange or repair something" in text_of(client.get(page_of(ticket)))

    answer = text_of(ask(client, ticket))

    rma = ReturnAuthorization.objects.get()
    assert (rma.requested_via, rma.requested_by.username, rma.status) == (
        "portal",
        "system",
        "authorized",
    )
    for words in (rma.number, "You may return it", "Hangzhou, Wensan Road 1", "postage is on you"):
        assert words in answer


def test_form_sent_twice_is_one_return(client: Client, lead: User) -> None:
    ticket = make_return_ticket(lead)
    key = uuid.uuid4().hex

    jacket, caps = lines_of(ticket.order)
    both = {f"quantity_{jacket.pk}": "1", f"quantity_{caps.pk}": "2", "key": key}

    ask(client, ticket, **both)
    again = ask(client, ticket, **both)

    assert ReturnAuthorization.objects.count() == 1
    assert "We have this request already." in text_of(again)


@pytest.mark.parametrize("change", ["kind", "claim", "remark", "piece"])
def test_something_else_in_the_same_form_is_not_dropped(
    client: Client, lead: User, change: str
) -> None:
    ticket = make_return_ticket(lead)
    jacket, caps = lines_of(ticket.order)
    one_cap = {
        f"quantity_{jacket.pk}": "0",
        f"quantity_{caps.pk}": "1",
        "key": uuid.uuid4().hex,
    }
    other = {
        "kind": {"kind": "exchange"},
        "claim": {"claim": "defect"},
        "remark": {"remark": "It has a stain."},
        "piece": {f"condition_{caps.pk}": "opened"},
    }[change]

    ask(client, ticket, **one_cap)
    answer = ask(client, ticket, **one_cap | other)

    assert ReturnAuthorization.objects.count() == 2
    assert "We have this request already." not in text_of(answer)


def test_more_than_is_left_in_the_same_form_is_refused_with_the_words_kept(
    client: Client, lead: User
) -> None:
    ticket, key = make_return_ticket(lead), uuid.uuid4().hex
    ask(client, ticket, key=key)

    again = ask(client, ticket, key=key, remark="It has a stain.")

    assert again.status_code == 422
    assert ReturnAuthorization.objects.count() == 1
    assert "1 were bought, 0 can still be returned." in text_of(again)
    assert "It has a stain." in again.content.decode()


@pytest.mark.parametrize(
    "overrides",
    [{"kind": "money"}, {"claim": ""}, {"key": "x"}, {"kind": ""}],
)
def test_bad_requests_are_refused_and_change_nothing(
    client: Client, lead: User, overrides: dict[str, str]
) -> None:
    ticket = make_return_ticket(lead)
    page_of(ticket)
    before = footprint()

    assert ask(client, ticket, **overrides).status_code == 422
    assert footprint() == before


def test_quantity_of_another_order_is_not_even_read(client: Client, lead: User) -> None:
    ticket, foreign = make_return_ticket(lead), lines_of(make_return_ticket(lead).order)[0]
    own = lines_of(ticket.order)[0]

    response = ask(client, ticket, **{f"quantity_{own.pk}": "0", f"quantity_{foreign.pk}": "1"})

    assert response.status_code == 422
    assert ReturnAuthorization.objects.count() == 0


def test_customer_says_it_was_sent_and_cannot_cancel_then(client: Client, lead: User) -> None:
    ticket = make_return_ticket(lead)
    ask(client, ticket)
    rma = ReturnAuthorization.objects.get()
    act = f"{page_of(ticket)}returns/{rma.number}/"

    client.post(f"{act}send/", {"carrier": "SF", "tracking_number": "SF123456"})

    rma.refresh_from_db()
    assert (rma.status, rma.parcels.get().tracking_number) == ("in_transit", "SF123456")
    answer = client.post(f"{act}cancel/", follow=True)
    rma.refresh_from_db()
    assert rma.status == "in_transit"
    assert "It is too late to withdraw this." in text_of(answer)


def test_goods_are_still_sent_when_the_case_is_resolved(
    client: Client, lead: User, run_jobs: Any
) -> None:
    ticket = make_return_ticket(lead)
    parcel = label_of(ticket, lead, run_jobs)
    resolve(ticket, lead)
    act = f"{page_of(ticket)}returns/{parcel.rma.number}/send/"

    page = client.get(page_of(ticket))
    client.post(act, {"carrier": "SF", "tracking_number": "SF123456"})

    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    for words in ("Hangzhou, Wensan Road 1", "Label", "I have sent it"):
        assert words in text_of(page)
    parcel.rma.refresh_from_db()
    assert parcel.rma.status == "in_transit"
    assert parcel.rma.parcels.filter(tracking_number="SF123456").exists()


def test_case_with_goods_on_their_way_is_neither_canceled_nor_merged_away(
    client: Client, lead: User
) -> None:
    make_address()
    ticket, other = make_return_ticket(lead), make_return_ticket(lead)
    rma = make_return(ticket, lead)

    for leave in (
        lambda: outcome.cancel_ticket(ticket.pk, actor=lead, note="Asked twice."),
        lambda: joining.merge_tickets(ticket.pk, other.pk, actor=lead, is_sure=True),
    ):
        with pytest.raises(RuleViolated, match="settle the return, or cancel it"):
            leave()
        ticket.refresh_from_db()
        assert ticket.status == TicketStatus.OPEN
    assert "Hangzhou, Wensan Road 1" in text_of(client.get(page_of(ticket)))

    cancel_return(rma.pk, actor=lead, note="Asked twice.")
    outcome.cancel_ticket(ticket.pk, actor=lead, note="Asked twice.")
    page = text_of(client.get(page_of(ticket)))
    assert "Hangzhou, Wensan Road 1" not in page.partition("Return, exchange, repair")[2]
    assert "I have sent it" not in page


def resolve(ticket: Ticket, lead: User) -> None:
    found = make_investigation(ticket, lead)
    investigation.conclude_investigation(
        found.pk,
        actor=lead,
        findings="Torn while packing.",
        root_cause="Packing knife",
        responsible_party="warehouse",
    )
    outcome.tell_result(ticket.pk, actor=lead, body="Send it back, please.")


def test_customer_cancels_before_sending(client: Client, lead: User) -> None:
    ticket = make_return_ticket(lead)
    ask(client, ticket)
    rma = ReturnAuthorization.objects.get()

    client.post(f"{page_of(ticket)}returns/{rma.number}/cancel/")

    rma.refresh_from_db()
    assert rma.status == "canceled"


@pytest.mark.parametrize("verb", ["cancel", "appeal"])
def test_reason_with_nul_is_kept_without_it(client: Client, lead: User, verb: str) -> None:
    arrived = {"cancel": SIGNED, "appeal": "2026-07-01T10:00:00+08:00"}[verb]
    ticket = make_return_ticket(lead, make_delivered_order(arrived))
    rma = make_return(ticket, lead)
    if verb == "appeal":
        authorizing.decline_return(rma.pk, actor=lead, reason="late", note="It was in July.")

    # A form with files passes the bytes on as they are.
    answer = client.post(f"{page_of(ticket)}returns/{rma.number}/{verb}/", {"note": "a\x00b"})

    assert answer.status_code == 302
    code = {"cancel": "returns.canceled", "appeal": "returns.appealed"}[verb]
    assert AuditEvent.objects.get(code=code, subject_id=rma.pk).note == "ab"


def test_return_of_somebody_else_is_404(client: Client, lead: User) -> None:
    ticket, foreign = make_return_ticket(lead), make_return(actor=lead)
    before = footprint()

    for verb in ("cancel", "send", "appeal"):
        url = f"{page_of(ticket)}returns/{foreign.number}/{verb}/"
        assert client.post(url).status_code == 404
    foreign.refresh_from_db()
    assert foreign.status == "authorized"
    assert footprint()[3] == before[3]


def test_customer_sees_the_sheet_the_desk_sees(client: Client, lead: User) -> None:
    ticket = make_return_ticket(lead)
    rma = bring_back(make_return(ticket, lead), make_user(Role.WAREHOUSE))

    page = text_of(client.get(page_of(ticket)))

    assert "What you are owed, as it stands" in page
    assert "299.00" in page
    assert "really paid after all discounts" in page
    assert rma.number in page


def label_of(ticket: Ticket, lead: User, run_jobs: Any) -> ReturnParcel:
    make_address(carrier="sandbox")
    make_return(ticket, lead)
    run_jobs()
    return ReturnParcel.objects.get()


def test_sandbox_label_is_made_by_the_job_and_shown(
    client: Client, lead: User, run_jobs: Any
) -> None:
    ticket = make_return_ticket(lead)
    parcel = label_of(ticket, lead, run_jobs)

    page = text_of(client.get(page_of(ticket)))
    shown = text_of(client.get(f"{page_of(ticket)}returns/{parcel.rma.number}/label/"))

    assert parcel.tracking_number in page
    assert parcel.tracking_number in shown
    book_label(parcel.rma_id)
    assert ReturnParcel.objects.count() == 1


def notify(client: Client, parcel: ReturnParcel, **overrides: Any) -> Any:
    told = {
        "event_id": "E1",
        "tracking_number": parcel.tracking_number,
        "code": "in_transit",
        "happened_at": SIGNED_AT.isoformat(),
        "place": "Hangzhou",
    } | overrides
    stamp = overrides.pop("stamp", str(int(SIGNED_AT.timestamp())))
    told.pop("stamp", None)
    signature = overrides.pop("signature", None)
    told.pop("signature", None)
    body = json.dumps(told).encode()
    return client.post(
        "/api/v1/carriers/sandbox/notify/",
        body,
        content_type="application/json",
        headers={
            sandbox.TIME: stamp,
            sandbox.SIGNATURE: signature or sandbox.sign(body, stamp),
        },
    )


def test_carrier_news_move_the_parcel_once(client: Client, lead: User, run_jobs: Any) -> None:
    parcel = label_of(make_return_ticket(lead), lead, run_jobs)

    for _try in range(2):
        assert notify(client, parcel).status_code == 204

    parcel.refresh_from_db()
    parcel.rma.refresh_from_db()
    assert (parcel.status, parcel.rma.status) == ("in_transit", "in_transit")
    assert ParcelScan.objects.count() == 1
    assert AuditEvent.objects.filter(code="returns.parcel_scanned").count() == 1


def test_late_news_do_not_move_a_parcel_back(client: Client, lead: User, run_jobs: Any) -> None:
    parcel = label_of(make_return_ticket(lead), lead, run_jobs)

    notify(client, parcel, code="delivered", event_id="E2")
    notify(client, parcel, code="in_transit", event_id="E1")

    parcel.refresh_from_db()
    assert (parcel.status, ParcelScan.objects.count()) == ("delivered", 2)


@pytest.mark.parametrize(
    "overrides",
    [
        {"signature": "0" * 64},
        {"stamp": str(int((SIGNED_AT - 6 * timedelta(minutes=1)).timestamp()))},
        {"stamp": str(int((SIGNED_AT + 6 * timedelta(minutes=1)).timestamp()))},
        {"stamp": "yesterday"},
        {"code": "eaten"},
        {"happened_at": "now"},
        {"happened_at": "2026-09-24T10:00:00"},
        {"event_id": ""},
    ],
)
def test_forged_replayed_and_odd_news_change_nothing(
    client: Client, lead: User, run_jobs: Any, overrides: dict[str, str]
) -> None:
    parcel = label_of(make_return_ticket(lead), lead, run_jobs)
    before = footprint()

    assert notify(client, parcel, **overrides).status_code == 403
    assert footprint() == before


def test_news_of_an_unknown_parcel_change_nothing(
    client: Client, lead: User, run_jobs: Any
) -> None:
    parcel = label_of(make_return_ticket(lead), lead, run_jobs)
    before = footprint()

    assert notify(client, parcel, tracking_number="SBX0").status_code == 204
    assert footprint() == before
