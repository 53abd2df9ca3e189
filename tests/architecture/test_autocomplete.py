"""What the admin suggests while somebody types: rows they may see, by names they may read.

Django answers for any foreign key whose target can be searched, whether a page of ours asks or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey
from django.test import Client

from clocks.models import Clock
from returns.models import Refund, ReturnAuthorization
from staff.models import User
from staff.roles import Role
from tests.factories.customers import make_order
from tests.factories.money import make_payment, make_refund
from tests.factories.people import make_department, make_user
from tests.factories.returns import make_return
from tests.factories.tickets import make_ticket
from tickets.models import SavedReply, Ticket

pytestmark = pytest.mark.django_db
SECRETS = ("王小明", "13812345678", "xiaoming@example.com", "Wensan Road")
PERSONAS: tuple[tuple[str, str], ...] = (
    (Role.AGENT, "service"),
    (Role.LEAD, "legal"),
    (Role.FINANCE, "books"),
    (Role.ADMINISTRATOR, "service"),
)


def searched() -> Iterator[tuple[Any, ForeignKey[Any, Any]]]:
    """Every model that can be searched with one foreign key that leads to it."""
    found: dict[Any, ForeignKey[Any, Any]] = {}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            page = admin.site._registry.get(target) if target else None
            if isinstance(field, ForeignKey) and page is not None and page.search_fields:
                found.setdefault(target, field)
    yield from found.items()


def suggested(user: User, field: ForeignKey[Any, Any], term: str = "") -> tuple[int, list[Any]]:
    """The status and what was suggested to somebody who typed ``term``."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="staff.backends.RoleBackend")
    asked = {
        "app_label": field.model._meta.app_label,
        "model_name": field.model._meta.model_name,
        "field_name": field.name,
        "term": term,
    }
    response = client.get("/admin/autocomplete/", asked)
    return response.status_code, response.json()["results"] if response.status_code == 200 else []


@pytest.fixture(scope="module")
def case(told_once: None) -> Ticket:
    """Rows of every kind that belong to the service department."""
    order = make_order(
        customer={
            "external_id": "C1",
            "name": "王小明",
            "phone": "13812345678",
            "email": "xiaoming@example.com",
        },
        recipient="王小明",
        recipient_phone="13812345678",
        address="Wensan Road 1",
    )
    lead = make_user(Role.LEAD)
    ticket = make_ticket(lead, order=order, customer=order.customer)
    make_return()
    make_refund(make_payment())
    SavedReply(name="Mine", body="Dear", visibility="own", owner=lead).save()
    return ticket


@pytest.mark.parametrize(("role", "department"), PERSONAS)
def test_abuse_62_suggestions_are_seen_rows_by_masked_names(
    case: Ticket, role: str, department: str
) -> None:
    user = make_user(role, department=make_department(department))

    for target, field in searched():
        status, rows = suggested(user, field)
        view = f"{target._meta.app_label}.view_{target._meta.model_name}"
        assert status == 200 or not user.has_perm(view), target
        scope = getattr(target._default_manager.all(), "visible_to", None)
        if scope is not None:
            assert {row["id"] for row in rows} <= {str(one.pk) for one in scope(user)}, target
        for row in rows:
            assert not any(secret in row["text"] for secret in SECRETS), (target, row)


def test_rows_of_another_department_are_not_suggested(case: Ticket) -> None:
    fields = {target._meta.label: field for target, field in searched()}
    rma, refund = ReturnAuthorization.objects.get(), Refund.objects.get()
    finance = make_user(Role.FINANCE, department=make_department("books"))
    wanted = {
        "returns.ReturnAuthorization": [str(rma)],
        "tickets.SavedReply": ["Mine"],
        "clocks.Clock": sorted(str(clock) for clock in Clock.objects.all()),
    }
    owner = case.created_by
    stranger = make_user(Role.LEAD, department=make_department("legal"))

    for label, texts in wanted.items():
        rows = suggested(owner, fields[label])[1]
        assert sorted(row["text"] for row in rows) == texts, label
        assert suggested(stranger, fields[label]) == (200, []), label
    of_refund = fields["returns.Refund"]
    assert [row["text"] for row in suggested(finance, of_refund)[1]] == [str(refund)]
    assert suggested(stranger, of_refund) == (200, [])
    assert suggested(make_user(Role.WAREHOUSE), fields["returns.Refund"]) == (403, [])


@pytest.mark.parametrize(
    ("term", "names"),
    [("王", []), ("138", []), ("13812345678", ["王**"]), ("C", []), ("C1", ["王**"])],
)
def test_masked_customer_is_suggested_to_who_knows_the_whole_number_only(
    case: Ticket, term: str, names: list[str]
) -> None:
    fields = {target._meta.label: field for target, field in searched()}

    status, rows = suggested(make_user(), fields["customers.Customer"], term)

    assert (status, [row["text"] for row in rows]) == (200, names)
