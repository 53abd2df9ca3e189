"""Whatever is sent, the answer is JSON that names field and rule, and nothing is half done."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.api.calls import Caller
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket, make_ticket_in
from tickets.models import Attachment, Message, Ticket
from tickets.statuses import TicketStatus


def error(response: Any) -> dict[str, Any]:
    assert response.headers["Content-Type"] == "application/json"
    found: dict[str, Any] = response.json()["error"]
    assert found["request_id"] == response.headers["X-Request-Id"]
    return found


@pytest.mark.parametrize(
    "raw",
    [b"{", b"\xff\xfe", b'{"body": NaN}', b"[" * 100_000, b'{"body": "x"} trailing'],
    ids=["cut", "not utf-8", "nan", "deep", "trailing"],
)
def test_malformed_json_is_refused(lead: Caller, raw: bytes) -> None:
    response = lead.call("POST", "tickets/", raw=raw)

    assert response.status_code == 400
    assert error(response)["code"] == "parse_error"
    assert not Ticket.objects.exists()


def test_malformed_json_is_located_in_the_callers_words(lead: Caller) -> None:
    def told(raw: bytes) -> str:
        message: str = error(lead.call("POST", "tickets/", raw=raw))["message"]
        return message

    assert told(b'{\n "body": }') == "The request is not valid JSON (line 2, column 10)."
    assert told(b"1" * 5000) == "The request is not valid JSON."


@pytest.mark.parametrize("raw", [b"[]", b'"text"', b"7", b"null"])
def test_body_that_is_no_object_is_refused(lead: Caller, raw: bytes) -> None:
    response = lead.call("POST", "tickets/", raw=raw)

    assert (response.status_code, error(response)["code"]) == (400, "invalid")


def test_unknown_fields_are_refused_by_name(lead: Caller) -> None:
    response = lead.post("tickets/", {"body": "torn", "subjct": "x", "customer": {"mail": "y"}})

    assert response.status_code == 400
    assert error(response)["code"] == "unknown_field"
    assert error(response)["field"] == "subjct"
    assert not Ticket.objects.exists()


def test_nested_field_is_named_by_its_path(lead: Caller) -> None:
    response = lead.post("tickets/", {"body": "torn", "customer": {"mail": "y"}})

    assert error(response)["field"] == "customer.mail"


def test_unknown_filter_is_refused(lead: Caller) -> None:
    response = lead.get("tickets/?statsu=open")

    assert (response.status_code, error(response)["field"]) == (400, "statsu")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("tickets/?customer=138.9", "customer"),
        ("orders/?customer=138.9", "customer"),
        ("events/?actor=1.5", "actor"),
        ("handoffs/?late=yes", "late"),
    ],
)
def test_filter_is_not_guessed_at(auditor: Caller, path: str, field: str) -> None:
    response = auditor.get(path)

    assert (response.status_code, error(response)["field"]) == (400, field)


@pytest.mark.parametrize(
    "query",
    [
        "status=lost",
        "limit=0",
        "limit=9999",
        "ordering=subject",
        "cursor=garbage",
        "cursor=cD1nYXJiYWdl",
        "customer=x",
        "updated_since=soon",
        "q=%00",
        "tag=%00",
    ],
)
def test_bad_query_is_refused_and_never_breaks(lead: Caller, query: str) -> None:
    response = lead.get(f"tickets/?{query}")

    assert response.status_code in (400, 404), response.content
    assert error(response)["message"]


@pytest.mark.parametrize(
    "body",
    [
        {"body": ""},
        {"body": "x" * 50_001},
        {"body": "a\x00b"},
        {"body": "\ud800"},
        {"body": 7.5, "kind": "joke"},
        {"body": "torn", "department": "\x00"},
        {"body": "torn", "department": {"a": 1}},
        {"body": "torn", "category": "x" * 500},
        {"body": "torn", "customer": {}},
        {"body": "torn", "customer": {"id": 1, "email": "a@example.com"}},
        {"body": "torn", "customer": {"id": 10**30}},
        {"body": "torn", "tags": "x"},
    ],
    ids=str,
)
def test_bad_values_are_refused_and_named(lead: Caller, body: dict[str, Any]) -> None:
    response = lead.post("tickets/", body)

    assert response.status_code == 400, response.content
    assert error(response)["field"]
    assert error(response)["fields"]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"body": "torn", "customer": {"email": "no mail"}}, "bad_mail", "email"),
        ({"body": "torn", "customer": {"id": 10**9}}, "unknown_customer", "customer.id"),
        ({"body": "torn", "order": {"source": "cn", "number": "1"}}, "unknown_order", "order"),
        ({"body": "torn", "tags": ["nobody"]}, "unknown_tag", "tags"),
    ],
)
def test_rules_refuse_with_422(lead: Caller, body: Any, code: str, field: str) -> None:
    response = lead.post("tickets/", body)

    assert response.status_code == 422
    assert (error(response)["code"], error(response)["field"]) == (code, field)
    assert not Ticket.objects.exists()


def test_verb_out_of_place_says_what_is_allowed(lead: Caller) -> None:
    ticket = make_ticket_in(TicketStatus.CANCELED, lead.user)

    response = lead.post(f"tickets/{ticket.number}/wait/", {"status": "pending"})

    assert response.status_code == 409
    assert error(response)["code"] == "invalid_transition"
    # Where undoing a merge may lead; the message says what to do.
    assert error(response)["allowed"] == ["new", "open", "pending", "on_hold"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing/",
        "/api/v1/tickets",
        "/api/",
        "/api/v2/",
        "/api/v1/tickets/T-999999/",
        "/api/v1/tickets/T-000001/messages/99999999999999999999/undo/",
        "/api/v1/customers/7/",
        "/api/v1/orders/cn/%00/",
        "/api/v1/orders/cn/%E4%B8%AD/",
    ],
)
def test_unknown_address_is_json(lead: Caller, path: str) -> None:
    for method in ("get", "post"):
        response = getattr(lead.client, method)(path, headers=lead.headers)

        assert response.status_code in (400, 404, 405), response.content
        assert error(response)["message"]


def test_wrong_method_and_media_type(lead: Caller) -> None:
    deleted = lead.call("DELETE", "tickets/")
    form = lead.client.post(
        "/api/v1/tickets/", "body=torn", "application/x-www-form-urlencoded", headers=lead.headers
    )

    assert (deleted.status_code, error(deleted)["code"]) == (405, "method_not_allowed")
    assert (form.status_code, error(form)["code"]) == (415, "unsupported_media_type")


def test_crash_is_json_too(lead: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tickets.services.outcome.urge", explode)
    ticket = make_ticket(lead.user)
    client = Client(raise_request_exception=False)

    response = client.post(
        f"/api/v1/tickets/{ticket.number}/urge/", {}, "application/json", headers=lead.headers
    )

    assert (response.status_code, error(response)["code"]) == (500, "server_error")


def test_errors_speak_the_callers_language(db: None) -> None:
    caller = Caller(make_user(language="zh-hans"))

    own = caller.get("tickets/T-999999/")
    asked = caller.call("GET", "tickets/T-999999/", Accept_Language="en")

    assert own.headers["Content-Language"] == "zh-hans"
    assert asked.headers["Content-Language"] == "en"
    assert error(asked)["message"] == "Not found."


def test_file_of_thirty_megabytes_is_refused_and_read_to_its_end(lead: Caller) -> None:
    ticket = make_ticket(lead.user)
    file = io.BytesIO(b"x" * (30 * 1024 * 1024))
    file.name = "big.bin"

    response = lead.post(f"tickets/{ticket.number}/attachments/", {"file": file})

    assert (response.status_code, error(response)["code"]) == (413, "body_too_large")
    assert response.wsgi_request.read(1) == b""  # else the caller only sees a broken connection
    assert not Attachment.objects.exists()


def test_json_larger_than_the_cap_is_refused(lead: Caller) -> None:
    raw = json.dumps({"body": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}).encode()

    response = lead.call("POST", "tickets/", raw=raw)

    assert response.status_code == 413


@pytest.mark.parametrize("name", ["evil.svg", "page.html", "../../etc/passwd"])
def test_files_come_back_as_downloads_only(lead: Caller, name: str) -> None:
    ticket = make_ticket(lead.user)
    file = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>")
    file.name = name
    made = lead.post(f"tickets/{ticket.number}/attachments/", {"file": file}).json()

    response = lead.get(f"tickets/{ticket.number}/attachments/{made['id']}/")

    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "/" not in made["file_name"]


def test_broken_form_is_refused(lead: Caller) -> None:
    ticket = make_ticket(lead.user)

    response = lead.client.post(
        f"/api/v1/tickets/{ticket.number}/attachments/",
        b"--x\r\nnonsense",
        "multipart/form-data; boundary=x",
        headers=lead.headers,
    )

    assert response.status_code == 400
    assert error(response)["message"]


def test_rows_of_another_case_are_not_found(lead: Caller) -> None:
    ticket, other = make_ticket(lead.user), make_ticket(lead.user)
    message = Message.objects.get(ticket=other)

    response = lead.post(
        f"tickets/{ticket.number}/messages/{message.pk}/hide/", {"note": "private number"}
    )

    assert response.status_code == 404
    message.refresh_from_db()
    assert message.hidden_at is None


def test_merge_with_another_customers_case_asks_for_certainty(lead: Caller) -> None:
    source, target = make_ticket(lead.user), make_ticket(lead.user)
    path = f"tickets/{source.number}/merge/"

    refused = lead.post(path, {"into": target.number})

    assert (refused.status_code, error(refused)["code"]) == (422, "other_customer")
    assert error(refused)["field"] == "is_sure"
    source.refresh_from_db()
    assert source.status == TicketStatus.NEW
    assert not source.links_out.exists()
    assert lead.post(path, {"into": target.number, "is_sure": True}).json()["status"] == "canceled"
