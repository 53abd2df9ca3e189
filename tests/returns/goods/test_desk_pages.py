"""Goods at the desk: the case's panel and verbs, a return's page, the bench by keys alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from returns.models import Refund, ReturnAuthorization
from returns.services import receiving
from returns.services.receiving import Receipt
from returns.services.requesting import Piece
from staff.models import User
from staff.roles import Role
from tests.factories.people import make_department, make_user
from tests.factories.returns import (
    lines_of,
    make_delivered_order,
    make_policy,
    make_return,
    make_return_ticket,
)
from tests.returns.goods.test_settling import bring_back
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("day_of_delivery")]

BENCH = reverse("admin:returns_bench")


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="staff.backends.RoleBackend")
    return client


def do(client: Client, ticket: Ticket, code: str, **data: Any) -> Any:
    return client.post(reverse("admin:tickets_ticket_do", args=[ticket.number, code]), data)


def test_return_is_asked_for_on_the_case_page(client: Client, lead: User) -> None:
    ticket = make_return_ticket(lead)
    jacket, caps = lines_of(ticket.order)
    signed_in(client, lead)
    page = client.get(reverse("admin:tickets_ticket_change", args=[ticket.number]))
    assert "Nothing was asked to come back." in page.content.decode()

    response = do(
        client,
        ticket,
        "return",
        kind="return_and_refund",
        claim="changed_mind",
        **{f"quantity_{jacket.pk}": "1", f"quantity_{caps.pk}": "0"},
    )

    assert response.status_code == 302
    rma = ReturnAuthorization.objects.get()
    assert (rma.requested_via, rma.items.get().order_line) == ("admin", jacket)
    page = client.get(reverse("admin:tickets_ticket_change", args=[ticket.number]))
    assert rma.number in page.content.decode()
    assert "You may return it" in page.content.decode()


def test_more_than_is_left_is_refused_at_its_field(client: Client, lead: User) -> None:
    ticket = make_return_ticket(lead)
    jacket = lines_of(ticket.order)[0]
    signed_in(client, lead)
    values = {"kind": "exchange", "claim": "defect", f"quantity_{jacket.pk}": "2"}

    response = do(client, ticket, "return", **values)

    assert response.status_code == 422
    assert ReturnAuthorization.objects.count() == 0


@pytest.mark.parametrize(("code", "status"), [("return-authorize", "authorized")])
def test_decision_on_the_case_page(client: Client, lead: User, code: str, status: str) -> None:
    make_policy(is_automatic=False)
    rma = make_return(actor=lead)
    signed_in(client, lead)

    response = do(client, rma.ticket, code, row=rma.pk, note="fine")

    rma.refresh_from_db()
    assert (response.status_code, rma.status) == (302, status)


def test_return_of_another_case_is_not_there(client: Client, lead: User) -> None:
    rma, other = make_return(actor=lead), make_return_ticket(lead)
    signed_in(client, lead)

    assert do(client, other, "return-cancel", row=rma.pk, note="no").status_code == 404


def test_return_page_shows_verdict_sheet_and_settles_once(
    client: Client, lead: User, bench: User
) -> None:
    rma = bring_back(make_return(actor=lead), bench)
    signed_in(client, lead)
    url = reverse("admin:returns_returnauthorization_change", args=[rma.pk])

    page = client.get(url).content.decode()

    assert "E17" in page
    assert "消费者权益保护法 25" in page
    assert "299.00" in page
    assert "Settle and ask for the refunds" in page
    once = "0" * 32
    for _try in range(2):
        assert do(client, rma.ticket, "return-settle", row=rma.pk, once=once).status_code == 302
    assert Refund.objects.count() == 1
    assert "Void the sheet" in client.get(url).content.decode()


def test_every_button_leads_to_the_row_it_stands_at(client: Client, lead: User) -> None:
    make_policy(is_automatic=True)
    rma = make_return(actor=lead)
    item = rma.items.get()
    signed_in(client, lead)
    pages = (
        reverse("admin:returns_returnauthorization_change", args=[rma.pk]),
        reverse("admin:tickets_ticket_change", args=[rma.ticket.number]),
    )

    for page in pages:
        found = set(
            re.findall(r'href="([^"]*/item-waive/[^"]*)"', client.get(page).content.decode())
        )
        assert [url.partition("?")[2] for url in found] == [f"row={item.pk}"]
        assert client.get(*found).status_code == 200


def test_return_page_out_of_scope_is_404(client: Client, lead: User) -> None:
    rma = make_return(actor=lead)
    signed_in(client, make_user(Role.LEAD, department=make_department("elsewhere")))

    url = reverse("admin:returns_returnauthorization_change", args=[rma.pk])

    assert client.get(url).status_code == 404


def test_list_of_returns_costs_the_same_at_one_and_three(client: Client, lead: User) -> None:
    signed_in(client, lead)
    url = reverse("admin:returns_returnauthorization_changelist")
    order = make_delivered_order()
    counts = []
    for rows in (1, 2):
        for _row in range(rows):
            piece = Piece(line=lines_of(order)[1].pk, quantity=1)
            if rows == 2:
                order = make_delivered_order()
                piece = Piece(line=lines_of(order)[0].pk, quantity=1)
            make_return(make_return_ticket(lead, order), lead, pieces=[piece])
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def scan(client: Client, url: str, code: str, **more: str) -> Any:
    return client.post(url, {"scan": code, **more}, follow=True)


def test_bench_receives_and_grades_by_keys_alone(client: Client, lead: User, bench: User) -> None:
    ticket = make_return_ticket(lead)
    jacket, caps = lines_of(ticket.order)
    pieces = [Piece(line=jacket.pk, quantity=1), Piece(line=caps.pk, quantity=2)]
    rma = make_return(ticket, lead, pieces=pieces)
    signed_in(client, bench)
    assert rma.number in client.get(BENCH).content.decode()

    opened = scan(client, BENCH, rma.number.lower())
    url = opened.request["PATH_INFO"]
    assert url == reverse("admin:returns_bench_return", args=[rma.pk])
    for code in ("JKT-1", "A", "CAP-1", "B", "S"):
        assert scan(client, url, code).status_code == 200

    states = rma.items.order_by("pk").values_list(
        "order_line__sku", "reception_status", "acceptance_status"
    )
    assert sorted(states) == [
        ("CAP-1", "received", "accepted"),
        ("CAP-1", "short", "pending"),
        ("JKT-1", "received", "accepted"),
    ]
    grades = rma.inspections.order_by("pk").values_list("grade", "disposition")
    assert list(grades) == [("as_new", "restock"), ("opened", "restock")]


def test_unknown_code_is_recorded_on_the_second_enter_only(
    client: Client, lead: User, bench: User
) -> None:
    rma = make_return(actor=lead)
    signed_in(client, bench)
    url = reverse("admin:returns_bench_return", args=[rma.pk])

    first = scan(client, url, "690123")
    assert "was not announced" in first.content.decode()
    assert rma.unexpected.count() == 0
    scan(client, url, "690123", unknown="690123")

    assert rma.unexpected.get().code == "690123"


def test_unknown_return_and_empty_grade_change_nothing(
    client: Client, lead: User, bench: User
) -> None:
    rma = make_return(actor=lead)
    signed_in(client, bench)

    assert "No return is expected" in scan(client, BENCH, "RMA-999999").content.decode()
    url = reverse("admin:returns_bench_return", args=[rma.pk])
    assert "Nothing is left to grade." in scan(client, url, "A").content.decode()
    assert rma.inspections.count() == 0


def test_condition_form_declines_with_photo(client: Client, lead: User, bench: User) -> None:
    rma = make_return(actor=lead)
    signed_in(client, bench)
    scan(client, reverse("admin:returns_bench_return", args=[rma.pk]), "JKT-1")
    item = rma.items.get()
    url = reverse("admin:returns_bench_item", args=[item.pk])
    values = {
        "ask_works": "yes",
        "ask_complete": "yes",
        "ask_labels": "no",
        "quantity": "1",
        "grade": "damaged",
        "disposition": "send_back",
        "decision": "declined",
        "reason": "not_intact",
        "note": "The label is cut off.",
    }

    assert client.post(url, values).status_code == 422
    photo = SimpleUploadedFile("label.jpg", b"picture")
    assert client.post(url, {**values, "photos": photo}).status_code == 302

    item.refresh_from_db()
    assert item.acceptance_status == "declined"
    assert item.inspections.get().photos.get().attachment.added_by == bench


def test_agent_is_not_let_to_the_bench(client: Client, lead: User) -> None:
    signed_in(client, lead)

    assert client.get(BENCH).status_code == 403


def test_list_leads_the_bench_to_its_page(client: Client, bench: User) -> None:
    signed_in(client, bench)

    page = client.get(reverse("admin:returns_returnauthorization_changelist"))
    way = client.get(reverse("admin:returns_returnauthorization_to_bench"))

    assert reverse("admin:returns_returnauthorization_to_bench") in page.content.decode()
    assert way.url == BENCH


def token_of(page: Any) -> str:
    """The hidden key of a page's form."""
    found = re.search(r'name="once" value="([0-9a-f]{32})"', page.content.decode())
    assert found is not None
    return found[1]


def test_form_sent_twice_is_one_reception(client: Client, lead: User, bench: User) -> None:
    ticket = make_return_ticket(lead)
    caps = lines_of(ticket.order)[1]
    rma = make_return(ticket, lead, pieces=[Piece(line=caps.pk, quantity=2)])
    at = reverse("admin:returns_bench_return", args=[rma.pk])
    signed_in(client, bench)
    form = {"scan": "CAP-1", "once": token_of(client.get(at))}

    client.post(at, form)
    again = client.post(at, form, follow=True)
    received = rma.items.get(reception_status="received").quantity
    client.post(at, form | {"once": token_of(again)})

    assert received == 1
    assert "came twice from one page and counts once" in again.content.decode()
    assert rma.items.filter(reception_status="received").count() == 2


def test_form_sent_twice_is_one_unannounced_article(
    client: Client, lead: User, bench: User
) -> None:
    rma = make_return(actor=lead)
    at = reverse("admin:returns_bench_return", args=[rma.pk])
    signed_in(client, bench)
    client.post(at, {"scan": "JKT-1"})
    form = {"scan": "HAT-9", "unknown": "HAT-9", "once": token_of(client.get(at))}

    for _time in range(2):
        client.post(at, form)

    assert rma.unexpected.count() == 1


def test_form_sent_twice_is_one_inspection(client: Client, lead: User, bench: User) -> None:
    ticket = make_return_ticket(lead)
    caps = lines_of(ticket.order)[1]
    rma = make_return(ticket, lead, pieces=[Piece(line=caps.pk, quantity=2)])
    item = rma.items.get()
    receiving.receive_items(rma.pk, [Receipt(item=item.pk, quantity=2)], actor=bench)
    at = reverse("admin:returns_bench_item", args=[item.pk])
    signed_in(client, bench)
    form = {
        "once": token_of(client.get(at)),
        "ask_works": "yes",
        "ask_complete": "yes",
        "ask_labels": "yes",
        "quantity": "1",
        "grade": "as_new",
        "disposition": "restock",
        "decision": "accepted",
    }

    client.post(at, form)
    again = client.post(at, form, follow=True)

    assert "This was sent before; it was done once." in again.content.decode()
    assert list(rma.items.order_by("pk").values_list("quantity", "acceptance_status")) == [
        (1, "pending"),
        (1, "accepted"),
    ]


@pytest.mark.parametrize(
    ("language", "form", "answer"),
    [
        ("en", "Other goods", "Original quality and function? Yes"),
        ("zh-hans", "其他商品", "品质、功能保持原状？ 是"),
    ],
)
def test_page_of_an_inspection_says_its_answers_in_words(
    client: Client, lead: User, bench: User, language: str, form: str, answer: str
) -> None:
    rma = bring_back(make_return(actor=lead), bench)
    found = rma.inspections.order_by("pk")[0]
    url = reverse("admin:returns_inspection_change", args=[found.pk])

    page = signed_in(client, lead).get(url, headers={"accept-language": language}).content.decode()

    assert form in page
    assert answer in page
    assert "works" not in page.partition('id="main"')[2]
