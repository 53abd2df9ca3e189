"""Creating once: the caller's number, the key in the header, and two callers at the same moment."""

from __future__ import annotations

import io
import threading
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from compliance.idempotency import forget_old_keys
from compliance.models import IdempotentRequest
from staff.roles import Role
from tests.api.calls import ROOT, Caller
from tests.factories.customers import make_order
from tests.factories.people import make_department, make_user
from tests.factories.tickets import make_ticket
from tickets.models import Attachment, Message, Ticket

BODY = {"body": "The sleeve is torn.", "external_id": "CRM-1", "kind": "complaint"}


@pytest.fixture(autouse=True)
def service(db: None) -> None:
    make_department()


def test_second_call_with_the_same_number_gives_the_case_of_then(shop_system: Caller) -> None:
    first = shop_system.post("tickets/", BODY)
    second = shop_system.post("tickets/", BODY | {"body": "Something else"})

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["number"] == second.json()["number"]
    assert Ticket.objects.count() == 1
    assert Message.objects.get().body == "The sleeve is torn."


def test_numbers_that_only_look_alike_are_different_cases(shop_system: Caller) -> None:
    numbers = ["A B", "A  B", "A\u00a0B", "A\tB"]

    made = [shop_system.post("tickets/", BODY | {"external_id": one}) for one in numbers]
    again = [shop_system.post("tickets/", BODY | {"external_id": one}) for one in numbers]

    assert {one.status_code for one in made} <= {201, 200}
    assert [one.status_code for one in again] == [200] * 4
    assert [one.json()["number"] for one in again] == [one.json()["number"] for one in made]


def test_a_number_that_is_an_earlier_case_number_is_another_case(shop_system: Caller) -> None:
    first = shop_system.post("tickets/", BODY | {"external_id": ""}).json()["number"]

    second = shop_system.post("tickets/", BODY | {"external_id": first})

    assert second.status_code == 201
    assert second.json()["number"] != first


def test_number_belongs_to_its_caller(shop_system: Caller) -> None:
    other = Caller(make_user(Role.SERVICE_ACCOUNT, department=None))

    first, second = shop_system.post("tickets/", BODY), other.post("tickets/", BODY)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["number"] != second.json()["number"]


def test_order_and_customer_are_found(shop_system: Caller) -> None:
    order = make_order()

    made = shop_system.post(
        "tickets/", BODY | {"order": {"source": "cn", "number": order.external_id}}
    ).json()

    assert made["order"] == {"source": "cn", "number": order.external_id}
    assert made["customer"] == {"id": order.customer_id, "name": "王*"}
    assert made["shop"] == "cn"


def test_customer_is_identified_by_address_and_masked(shop_system: Caller) -> None:
    made = shop_system.post(
        "tickets/", BODY | {"customer": {"phone": "138 1234 5678", "name": "李小明"}}
    ).json()

    found = shop_system.get("customers/?phone=%2B8613812345678").json()["results"]

    assert made["customer"]["name"] == "李**"
    assert [row["id"] for row in found] == [made["customer"]["id"]]
    assert found[0]["contact_points"][0]["address"] == "138****5678"


def test_same_key_gives_the_same_answer(shop_system: Caller) -> None:
    body = {"body": "The sleeve is torn."}

    first = shop_system.post("tickets/", body, Idempotency_Key="k1")
    second = shop_system.post("tickets/", body, Idempotency_Key="k1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Ticket.objects.count() == 1


def test_same_key_with_another_body_is_refused(shop_system: Caller) -> None:
    shop_system.post("tickets/", {"body": "The sleeve is torn."}, Idempotency_Key="k1")

    response = shop_system.post("tickets/", {"body": "Other"}, Idempotency_Key="k1")

    assert response.status_code == 422
    assert response.json()["error"]["code"] == "idempotency_key_reused"
    assert Ticket.objects.count() == 1


def test_refused_call_leaves_the_key_free(lead: Caller) -> None:
    ticket = make_ticket(lead.user)
    path = f"tickets/{ticket.number}/propose/"
    offer = {"remedy": "refund", "terms": "All of it.", "amount": "-1", "currency": "CNY"}

    refused = lead.post(path, offer, Idempotency_Key="k1")
    made = lead.post(path, offer | {"amount": "1.00"}, Idempotency_Key="k1")

    assert (refused.status_code, made.status_code) == (422, 201)
    assert IdempotentRequest.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "钥匙"])
def test_unusable_key_is_refused(shop_system: Caller, key: str) -> None:
    response = shop_system.post("tickets/", {"body": "torn"}, Idempotency_Key=key)

    assert response.status_code == 422
    assert response.json()["error"]["field"] == "Idempotency-Key"
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("reply/", {"body": "We look into it."}),
        ("note/", {"body": "Seen before."}),
        ("propose/", {"remedy": "repair", "terms": "We mend it."}),
        ("result/", {"body": "You get a new one.", "resolve": False}),
        ("follow-ups/", {"kind": "care", "text": "Ask", "due_at": "2100-01-01T00:00:00Z"}),
        ("investigations/", {"question": "Who?"}),
    ],
)
def test_every_creation_honours_the_key(lead: Caller, path: str, body: Any) -> None:
    ticket = make_ticket(lead.user)
    address = f"tickets/{ticket.number}/{path}"

    first = lead.post(address, body, Idempotency_Key="k1")
    count = Message.objects.count()
    second = lead.post(address, body, Idempotency_Key="k1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Message.objects.count() == count


def test_upload_with_the_same_key_is_one_file(lead: Caller) -> None:
    ticket = make_ticket(lead.user)

    def upload(content: bytes) -> Any:
        file = io.BytesIO(content)
        file.name = "photo.txt"
        path = f"tickets/{ticket.number}/attachments/"
        return lead.post(path, {"file": file}, Idempotency_Key="k1")

    assert [upload(b"one").status_code, upload(b"one").status_code] == [201, 201]
    assert upload(b"two").status_code == 422
    assert Attachment.objects.count() == 1


def test_upload_of_two_files_is_refused(lead: Caller) -> None:
    path = f"{ROOT}tickets/{make_ticket(lead.user).number}/attachments/"
    files = [SimpleUploadedFile(name, b"words") for name in ("a.txt", "b.txt")]

    response = lead.client.post(path, {"file": files}, headers=lead.headers)

    assert (response.status_code, response.json()["error"]["field"]) == (400, "file")
    assert Attachment.objects.count() == 0


def test_old_keys_are_forgotten(shop_system: Caller) -> None:
    shop_system.post("tickets/", {"body": "torn"}, Idempotency_Key="k1")
    assert forget_old_keys() == 0

    IdempotentRequest.objects.update(created_at="2020-01-01T00:00:00Z")

    assert forget_old_keys() == 1


def at_once(caller: Caller, calls: list[tuple[dict[str, Any], dict[str, str]]]) -> list[int]:
    """Status codes of calls made at the same moment on connections of their own."""
    gate, codes = threading.Barrier(len(calls)), []

    def run(body: dict[str, Any], headers: dict[str, str]) -> None:
        try:
            one = Caller(None)
            one.headers = caller.headers
            gate.wait()
            codes.append(one.post("tickets/", body, **headers).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(codes)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_same_key_at_once_has_one_effect() -> None:
    make_department()
    caller = Caller(make_user(Role.SERVICE_ACCOUNT, department=None))

    codes = at_once(caller, [({"body": "torn"}, {"Idempotency_Key": "k1"})] * 4)

    assert codes == [201] * 4
    assert Ticket.objects.count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_same_number_at_once_is_one_case() -> None:
    make_department()
    caller = Caller(make_user(Role.SERVICE_ACCOUNT, department=None))

    codes = at_once(caller, [(BODY, {})] * 4)

    assert codes == [200, 200, 200, 201]
    assert Ticket.objects.count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_different_keys_at_once_are_different_cases() -> None:
    make_department()
    caller = Caller(make_user(Role.SERVICE_ACCOUNT, department=None))

    codes = at_once(
        caller, [({"body": "torn"}, {"Idempotency_Key": f"k{index}"}) for index in range(4)]
    )

    assert codes == [201] * 4
    assert Ticket.objects.count() == 4
