"""Pages about customers and orders: masked, scoped, constant in queries, verbs by POST only."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from compliance import services as compliance_services
from compliance.models import AuditEvent, Disclosure, JournalEntry
from customers.models import Customer, Order, Shop
from customers.services import add_contact_point, identify_customer, merge_customers
from staff.roles import Role
from tests.customers.test_files import BROKEN, GOOD, text_of
from tests.factories.customers import make_order, make_shop
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db

PAGES = [
    ("customers_customer_changelist", None),
    ("customers_order_changelist", None),
    ("customers_customer_change", "customer"),
    ("customers_order_change", "order"),
]
FULL_PHONE = re.compile(r"1[3-9]\d{9}")


def signed_in(role: str | None, **overrides: Any) -> Client:
    client = Client()
    client.force_login(make_user(role, **overrides) if role else make_user(roles=[]))
    return client


def url_of(name: str, kind: str | None, order: Order) -> str:
    keys = {"customer": order.customer_id, "order": order.pk}
    return reverse(f"admin:{name}", args=[keys[kind]] if kind else [])


@pytest.mark.parametrize(("name", "kind"), PAGES)
def test_pages_show_no_full_phone_mail_name_or_address(name: str, kind: str | None) -> None:
    agent = make_user()
    order = make_order()
    add_contact_point(
        order.customer_id, "email", "wang.fang@example.cn", actor=agent, note="by phone"
    )

    page = signed_in(Role.AGENT).get(url_of(name, kind, order)).content.decode()

    assert "王" in page
    assert "王芳" not in page
    assert "wang.fang@" not in page
    assert "文三路" not in page
    assert FULL_PHONE.search(page) is None


@pytest.mark.parametrize(("name", "kind"), PAGES)
@pytest.mark.parametrize(
    ("role", "status"),
    [(None, 302), (Role.AGENT, 200), (Role.FINANCE, 200), (Role.AUDITOR, 200)],
)
def test_pages_open_for_those_who_work_with_cases(
    name: str, kind: str | None, role: str | None, status: int
) -> None:
    order = make_order()

    assert signed_in(role).get(url_of(name, kind, order)).status_code == status


@pytest.mark.parametrize(("name", "kind"), PAGES)
def test_pages_cost_the_same_queries_at_one_row_and_at_three(
    name: str, kind: str | None, django_assert_max_num_queries: Any
) -> None:
    order = make_order()
    client = signed_in(Role.ADMINISTRATOR)
    url = url_of(name, kind, order)
    client.get(url)

    with django_assert_max_num_queries(15) as one:
        assert client.get(url).status_code == 200
    for _again in range(2):
        make_order(customer={"phone": order.customer.contact_points.get().address})
        make_order()
    with django_assert_max_num_queries(15) as three:
        assert client.get(url).status_code == 200

    assert len(one) == len(three)


def test_an_order_or_customer_that_is_not_there_is_404() -> None:
    client = signed_in(Role.AGENT)

    for name in ("customers_order_change", "customers_customer_change"):
        assert client.get(reverse(f"admin:{name}", args=[987654])).status_code in (302, 404)
        assert client.get(reverse(f"admin:{name}", args=["x"])).status_code in (302, 404)


def test_the_list_searches_whole_numbers_only() -> None:
    order, other = make_order(), make_order()
    client = signed_in(Role.AGENT)
    url = reverse("admin:customers_order_changelist")

    exact = client.get(url, {"q": order.external_id}).content.decode()
    part = client.get(url, {"q": order.external_id[:3]}).content.decode()

    assert f"/{order.pk}/change/" in exact
    assert f"/{other.pk}/change/" not in exact
    assert f"/{order.pk}/change/" not in part


def test_merged_customers_leave_the_list_and_keep_their_page() -> None:
    lead = make_user(Role.LEAD)
    order = make_order()
    target = identify_customer("phone", "13712345678", actor=lead)
    merge_customers(order.customer_id, target.pk, actor=lead)
    client = signed_in(Role.AGENT)

    listed = client.get(reverse("admin:customers_customer_changelist")).content.decode()
    page = client.get(reverse("admin:customers_customer_change", args=[order.customer_id]))

    assert f"customer/{order.customer_id}/change" not in listed
    assert "This record is merged." in page.content.decode()


def disclose_url(order: Order) -> str:
    return reverse("admin:customers_customer_show_personal_data", args=[order.customer_id])


def submitted(**values: str) -> dict[str, str]:
    return {"_form_submitted": "1", **values}


def test_showing_personal_data_needs_a_reason_and_leaves_a_row() -> None:
    order = make_order()
    client = signed_in(Role.AGENT)

    response = client.post(disclose_url(order), submitted(note="calls the customer back"))

    page = response.content.decode()
    assert "王芳" in page
    assert order.customer.contact_points.get().address in page
    assert "no-store" in response["Cache-Control"]
    row = Disclosure.objects.get()
    assert (row.fields, row.reason) == (["name", "phone"], "calls the customer back")
    assert AuditEvent.objects.filter(code="compliance.disclosed").count() == 1


@pytest.mark.parametrize("note", ["", "abc", "      "])
def test_without_a_reason_nothing_is_shown_or_recorded(note: str) -> None:
    order = make_order()

    response = signed_in(Role.AGENT).post(disclose_url(order), submitted(note=note))

    assert "王芳" not in response.content.decode()
    assert FULL_PHONE.search(response.content.decode()) is None
    assert Disclosure.objects.count() == 0


def test_abuse_69_above_the_daily_cap_nothing_is_shown_or_recorded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compliance_services, "DISCLOSURES_PER_DAY", 1)
    order = make_order()
    client = signed_in(Role.AGENT)
    client.post(disclose_url(order), submitted(note="first of the day"))

    response = client.post(disclose_url(order), submitted(note="second of the day"))

    page = response.content.decode()
    assert "daily limit" in page
    assert "second of the day" in page
    assert "王芳" not in page
    assert Disclosure.objects.count() == 1


def test_looking_at_the_dialog_shows_and_records_nothing() -> None:
    order = make_order()

    page = signed_in(Role.AGENT).get(disclose_url(order)).content.decode()

    assert "王芳" not in page
    assert Disclosure.objects.count() == 0


@pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.AUDITOR, Role.ADMINISTRATOR])
def test_showing_personal_data_is_for_those_who_talk_to_customers(role: str) -> None:
    order = make_order()

    response = signed_in(role).post(disclose_url(order), submitted(note="just curious"))

    assert response.status_code == 403
    assert Disclosure.objects.count() == 0


def test_the_order_page_shows_its_recipient_with_a_reason() -> None:
    order = make_order()
    url = reverse("admin:customers_order_show_personal_data", args=[order.pk])

    page = signed_in(Role.AGENT).post(url, submitted(note="address check")).content.decode()

    assert "文三路1号" in page
    assert Disclosure.objects.get().fields == ["address", "recipient", "recipient_phone"]


def test_a_dialog_without_a_token_is_refused() -> None:
    order = make_order()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())

    response = client.post(disclose_url(order), submitted(note="no token here"))

    assert response.status_code == 403
    assert Disclosure.objects.count() == 0


def test_merging_in_the_dialog_and_undoing_it() -> None:
    lead = make_user(Role.LEAD)
    order = make_order()
    target = identify_customer("phone", "13712345678", actor=lead)
    client = signed_in(Role.LEAD)
    merge = reverse("admin:customers_customer_merge_into", args=[order.customer_id])
    undo = reverse("admin:customers_customer_undo_merge", args=[order.customer_id])

    merged = client.post(merge, submitted(into="137 1234 5678", note="same person"))
    order.customer.refresh_from_db()
    assert "HX-Redirect" in merged
    assert order.customer.merged_into == target

    client.post(undo, submitted(note="two people"))
    order.customer.refresh_from_db()
    assert order.customer.merged_into is None


def test_a_refused_merge_keeps_what_was_typed() -> None:
    order = make_order()
    url = reverse("admin:customers_customer_merge_into", args=[order.customer_id])

    response = signed_in(Role.LEAD).post(url, submitted(into="nobody", note="same person"))

    page = response.content.decode()
    assert "No customer matches." in page
    assert "same person" in page
    assert Customer.objects.exclude(merged_into=None).count() == 0


def test_nothing_can_be_added_changed_or_deleted_by_form() -> None:
    order = make_order()
    client = signed_in(Role.ADMINISTRATOR)

    for model, pk in (("order", order.pk), ("customer", order.customer_id)):
        assert client.get(reverse(f"admin:customers_{model}_add")).status_code == 403
        change = reverse(f"admin:customers_{model}_change", args=[pk])
        assert client.post(change, {"name": "x"}).status_code == 403
        delete = reverse(f"admin:customers_{model}_delete", args=[pk])
        assert client.post(delete, {"post": "yes"}).status_code == 403
    assert (Order.objects.count(), Customer.objects.count()) == (1, 1)


def test_a_shop_is_set_up_signed_and_its_code_stays() -> None:
    client = signed_in(Role.ADMINISTRATOR)
    values = {
        "code": "eu",
        "name": "Europe",
        "name_zh": "欧洲",
        "market": "DE",
        "currency": "EUR",
        "language": "en",
        "is_active": "on",
    }

    client.post(reverse("admin:customers_shop_add"), values)
    shop = Shop.objects.get()
    client.post(
        reverse("admin:customers_shop_change", args=[shop.pk]), {**values, "code": "x", "name": "E"}
    )

    shop.refresh_from_db()
    assert (shop.code, shop.name) == ("eu", "E")
    assert shop.history.exclude(actor_name="").count() == 2
    assert JournalEntry.objects.filter(table_name="customers_shop", actor_name="").count() == 0


def test_shops_are_not_for_agents() -> None:
    shop = make_shop()

    response = signed_in(Role.AGENT).get(reverse("admin:customers_shop_change", args=[shop.pk]))

    assert response.status_code == 403


def upload(content: bytes, shop: Shop) -> dict[str, Any]:
    return {"shop": shop.pk, "file": SimpleUploadedFile("orders.csv", content, "text/csv")}


def test_a_file_is_checked_confirmed_and_its_refused_rows_come_back() -> None:
    shop = make_shop()
    client = signed_in(Role.ADMINISTRATOR)
    content = text_of(*GOOD, *BROKEN).encode("gbk")

    preview = client.post(reverse("admin:customers_order_import"), upload(content, shop))
    assert preview.status_code == 200
    assert "The row has 8 cells instead of 11." in preview.content.decode()
    before = client.get(reverse("admin:customers_order_import_refused"))
    assert "The order number is missing." in before.content.decode("utf-8-sig")
    assert "Import the good orders" in preview.content.decode()
    assert "Only the first ones" not in preview.content.decode()
    assert Order.objects.count() == 0

    confirmed = client.post(reverse("admin:customers_order_import_confirm"))
    result = client.get(confirmed["Location"])
    refused = client.get(reverse("admin:customers_order_import_refused"))
    assert Order.objects.count() == 2
    assert "Refused rows with reasons" in result.content.decode()
    assert ">Imported<" in "".join(result.content.decode().split())
    assert "The order number is missing." in refused.content.decode("utf-8-sig")

    again = client.post(reverse("admin:customers_order_import_confirm"))
    assert again["Location"] == reverse("admin:customers_order_import")
    assert Order.objects.count() == 2


def test_a_file_without_a_good_order_offers_its_rows_and_no_import() -> None:
    shop, client = make_shop(), signed_in(Role.ADMINISTRATOR)

    page = client.post(
        reverse("admin:customers_order_import"), upload(text_of(*BROKEN).encode(), shop)
    ).content.decode()

    refused = client.get(reverse("admin:customers_order_import_refused"))
    assert "No order of this file can be imported." in page
    assert "Import the good orders" not in page
    assert reverse("admin:customers_order_import_refused") in page
    assert len(refused.content.decode("utf-8-sig").splitlines()) == 1 + len(BROKEN)


def test_a_later_file_does_not_offer_the_refused_rows_of_an_earlier_one() -> None:
    shop, client = make_shop(), signed_in(Role.ADMINISTRATOR)
    url = reverse("admin:customers_order_import")
    client.post(url, upload(text_of(*BROKEN).encode(), shop))

    page = client.post(url, upload(text_of(*GOOD).encode(), shop)).content.decode()

    assert client.get(reverse("admin:customers_order_import_refused")).status_code == 404
    assert "Refused rows with reasons" not in page


def test_the_export_page_names_columns_as_the_file_does() -> None:
    page = signed_in(Role.ADMINISTRATOR).get(reverse("admin:customers_order_export"))

    names = "Shop, Order number, Customer, Status in the shop, Placed at, Currency, Total, Shipping"
    assert names in page.content.decode()


def test_a_file_that_is_none_says_so_at_the_field() -> None:
    shop = make_shop()

    response = signed_in(Role.ADMINISTRATOR).post(
        reverse("admin:customers_order_import"), upload("颜色\n红".encode(), shop)
    )

    assert "Unknown column “颜色”." in response.content.decode()


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD, Role.AUDITOR])
@pytest.mark.parametrize("page", ["import", "import_confirm", "import_result", "import_refused"])
def test_the_import_pages_are_for_administrators(role: str, page: str) -> None:
    client = signed_in(role)

    assert client.get(reverse(f"admin:customers_order_{page}")).status_code == 403
    assert client.post(reverse(f"admin:customers_order_{page}")).status_code == 403


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "50.00 CNY off from 300.00 CNY"), ("zh-hans", "满 300.00 减 50.00 CNY")],
)
def test_the_order_page_says_the_discounts_by_sum(language: str, words: str) -> None:
    steps = [{"threshold": "300.00", "discount": "50.00"}]
    order, plain = make_order(discount_steps=steps), make_order()
    client = signed_in(Role.AGENT)

    pages = [
        client.get(
            url_of("customers_order_change", "order", one), headers={"accept-language": language}
        ).content.decode()
        for one in (order, plain)
    ]

    assert [words in page for page in pages] == [True, False]
