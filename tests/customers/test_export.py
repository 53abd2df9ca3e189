"""Orders leave as a file: masked, guarded, for a reason, on record."""

from __future__ import annotations

import pytest
from django.urls import reverse

from aftersales.kernel.context import acting
from compliance.models import AuditEvent
from staff.roles import Role
from tests.customers.test_admin import signed_in
from tests.factories.customers import make_order
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def test_abuse_68_an_export_is_masked_guarded_and_recorded() -> None:
    order = make_order()
    with acting(make_user(Role.ADMINISTRATOR)):
        order.external_id = "=cmd"
        order.save(update_fields=["external_id"])
    client = signed_in(Role.ADMINISTRATOR)

    url = reverse("admin:customers_order_export")
    asked = {"format": "0", "resource": "", "note": "yearly report"}

    response = client.post(url, asked)

    text = response.content.decode()
    assert response["Content-Type"] == "text/csv"
    assert text.splitlines()[0] == (
        "Shop,Order number,Customer,Status in the shop,Placed at,Currency,Total,Shipping"
    )
    assert ",Shipped," in text
    assert "'=cmd" in text
    assert "王*" in text
    assert "王芳" not in text
    event = AuditEvent.objects.get(code="compliance.exported")
    assert (event.data["rows"], event.data["model"]) == (1, "customers.order")
    assert event.note == "yearly report"


def test_the_page_names_the_columns_in_words() -> None:
    page = signed_in(Role.ADMINISTRATOR).get(reverse("admin:customers_order_export"))

    text = page.content.decode()
    assert "Shop, Order number, Customer, Status in the shop, Placed at" in text
    assert "external_id" not in text


@pytest.mark.parametrize("note", ["", "   ", "abc"])
def test_nothing_is_exported_without_a_reason(note: str) -> None:
    make_order()
    client = signed_in(Role.ADMINISTRATOR)
    asked = {"format": "0", "resource": "", "note": note}

    response = client.post(reverse("admin:customers_order_export"), asked)

    assert response["Content-Type"].startswith("text/html")
    assert AuditEvent.objects.filter(code="compliance.exported").count() == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Orders, rows: 0, CSV; shop_status__exact=paid; q=138****5678"),
        ("zh-hans", "订单，行数：0，CSV; shop_status__exact=paid; q=138****5678"),
    ],
)
def test_the_trail_says_what_was_exported_and_why(language: str, words: str) -> None:
    asked = {"format": "0", "resource": "", "note": "yearly report"}
    url = f"{reverse('admin:customers_order_export')}?shop_status__exact=paid&q=13812345678"
    signed_in(Role.ADMINISTRATOR).post(url, asked)
    auditor = signed_in(Role.AUDITOR)

    page = auditor.get(
        reverse("admin:compliance_auditevent_changelist"),
        {"code": "compliance.exported"},
        headers={"accept-language": language},
    )

    text = page.content.decode()
    assert words in text
    assert "yearly report" in text
    assert "13812345678" not in text


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.AUDITOR])
def test_exporting_is_for_administrators(role: str) -> None:
    url = reverse("admin:customers_order_export")

    assert signed_in(role).get(url).status_code == 403
    assert AuditEvent.objects.filter(code="compliance.exported").count() == 0
