"""What no person types: NUL, ids that are none, lookups nobody offers, bodies nobody can store."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import translation
from rest_framework import serializers
from rest_framework.test import APIClient

from aftersales.kernel.admin import DeskAdmin
from aftersales.kernel.api import Input, Output
from aftersales.kernel.errors import RuleViolated
from compliance.models import AuditEvent, Disclosure
from customers.models import Customer, Order
from staff.models import User
from staff.roles import Role
from staff.services.people import change_user
from tests.factories.customers import make_order
from tests.factories.people import make_user
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(user, backend="staff.backends.RoleBackend")
    return client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/admin/tickets/ticket/%00/change/", 404),
        ("/admin/tickets/ticket/T-1%00/draft/", 404),
        ("/s/%00/", 404),
        ("/admin/returns/refund/?status__exact=%00", 400),
        ("/admin/tickets/ticket/?q=a%00b", 400),
        ("/admin/compliance/journalentry/?until=9999-12-31", 200),
        ("/admin/compliance/auditevent/?since=0001-01-01", 200),
    ],
)
def test_nul_and_days_without_a_neighbor_are_no_server_error(path: str, status: int) -> None:
    response = signed_in(make_user(Role.LEAD if "refund" in path else Role.AUDITOR)).get(path)

    assert response.status_code == status


@pytest.mark.parametrize("key", [r"\000aaaaaaaaaa", r"aaaaaaaaaa\000", r"\303\251aaaaaaaaaa"])
@pytest.mark.parametrize(
    ("path", "status"), [("/admin/", 302), ("/admin/login/", 200), ("/api/v1/me/", 401)]
)
def test_cookie_that_spells_no_session_is_none(path: str, status: int, key: str) -> None:
    client = Client(headers={"cookie": f'sessionid="{key}"'}, raise_request_exception=False)

    assert client.get(path).status_code == status


def test_form_with_nul_is_refused_and_changes_nothing() -> None:
    lead, ticket = make_user(Role.LEAD), make_ticket()
    before = AuditEvent.objects.count()

    response = signed_in(lead).post(
        "/admin/tickets/ticket/bulk/",
        f"case={ticket.number}&verb=tag&value=%00",
        content_type="application/x-www-form-urlencoded",
    )

    assert (response.status_code, AuditEvent.objects.count()) == (400, before)
    assert "This cannot be understood" in response.text


@pytest.mark.parametrize("given", ["x", "1.5", "_00", "9" * 30, "١٢"])
@pytest.mark.parametrize(
    "path",
    [
        "compliance/finding/{}/change/",
        "compliance/finding/{}/take/",
        "clocks/calendar/{}/change/",
        "staff/noticedelivery/{}/retry/",
        "staff/user/{}/deactivate/",
        "tickets/outboundmail/{}/retry/",
        "tickets/outboundmail/{}/settle/",
        "tickets/rawintake/{}/open_case/",
    ],
)
def test_id_that_is_no_number_names_nothing(path: str, given: str) -> None:
    for role in (Role.ADMINISTRATOR, Role.AGENT):
        response = signed_in(make_user(role)).get(f"/admin/{path.format(given)}")

        assert response.status_code in (403, 404)


@pytest.mark.parametrize(
    "lookup",
    ["recipient_phone__startswith", "recipient__contains", "address__regex", "placed_at__year"],
)
def test_masked_values_are_not_guessed_letter_by_letter(lookup: str) -> None:
    order = make_order()
    warehouse = signed_in(make_user(Role.WAREHOUSE))

    answers = [
        warehouse.get("/admin/customers/order/", {lookup: text})
        for text in (order.recipient_phone[:1], "0")
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert Disclosure.objects.count() == 0


def test_lists_take_the_lookups_of_their_own_filters_only() -> None:
    for model, page in admin.site._registry.items():
        if isinstance(page, DeskAdmin):
            named = {one[0] if isinstance(one, tuple) else one for one in page.list_filter}
            named |= set(page.linked_by)
            for field in model._meta.concrete_fields:
                is_offered = field.name in named
                assert page.lookup_allowed(f"{field.name}__exact", "x") == is_offered, field
                assert not page.lookup_allowed(f"{field.name}__startswith", "x"), field
    assert {Order, Customer} <= set(admin.site._registry)


def post(raw: str | bytes, **headers: Any) -> Any:
    lead, ticket = make_user(Role.LEAD), make_ticket()
    client = APIClient(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(lead, backend="staff.backends.RoleBackend")
    before = AuditEvent.objects.count()
    response = client.generic(
        "POST", f"/api/v1/tickets/{ticket.number}/note/", raw, "application/json", **headers
    )
    if response.status_code != 201:
        assert AuditEvent.objects.count() == before
    return response


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (r'{"\ud800": 1}', "not valid JSON"),
        (r'{"body": "half \uD83D"}', "half of a character"),
        ('{"body": "first", "body": "second"}', "“body” is given twice."),
        (b'{"body": "\xff"}', "not valid JSON"),
        ('{"body": NaN}', "not valid JSON"),
        (f'{{"body": {"[" * 33}{"]" * 33}}}', "nested too deeply"),
    ],
)
def test_body_that_cannot_be_stored_or_means_two_things(raw: str | bytes, words: str) -> None:
    response = post(raw)

    assert response.status_code == 400
    assert words in response.json()["error"]["message"]


def test_depth_is_bounded_before_anything_walks_through_it() -> None:
    """A refusal spells what was sent, from deeper in the stack than the parser read it."""
    client = APIClient(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(make_user(Role.LEAD), backend="staff.backends.RoleBackend")
    path = f"/api/v1/tickets/{make_ticket().number}/assess/"

    told = {
        client.generic(
            "POST", path, f'{{"priority": {"[" * depth}{"]" * depth}}}', "application/json"
        ).status_code
        for depth in range(850, 960)
    }

    assert told == {400}


def test_whole_characters_may_be_escaped() -> None:
    assert post(r'{"body": "fine \uD83D\uDE00"}').status_code == 201


def test_body_in_chunks_is_not_taken_for_an_empty_one() -> None:
    response = post('{"body": "x"}', headers={"transfer-encoding": "chunked"}, CONTENT_LENGTH="")

    assert response.status_code == 411
    assert response.json()["error"]["code"] == "length_required"


class Limits(Input):
    body = serializers.CharField(max_length=3)
    tags = serializers.ListField(child=serializers.CharField(max_length=2), max_length=1)


def test_limits_speak_the_language_of_each_request() -> None:
    told = []
    for language in ("en", "zh-hans", "en"):
        with translation.override(language):
            asked = Limits(data={"body": "long", "tags": ["long", "b"]})
            assert not asked.is_valid()
            told.append(str(asked.errors["body"][0]))
    assert told[0] == told[2] == "Ensure this field has no more than 3 characters."
    assert told[1] == "请确保这个字段不能超过 3 个字符。"
    assert issubclass(Input, Output)


def test_administrator_gains_no_role_alone() -> None:
    administrator = make_user(Role.ADMINISTRATOR)

    with pytest.raises(RuleViolated) as refusal:
        change_user(
            administrator.pk,
            {"roles": [Role.ADMINISTRATOR, Role.FINANCE]},
            actor=administrator,
            note="needs it",
        )

    assert refusal.value.field == "roles"
    administrator.refresh_from_db()
    assert administrator.roles == [Role.ADMINISTRATOR]
