"""Where a request comes from, as trail and throttles see it."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from aftersales.middleware import ProxyMiddleware
from staff.roles import Role
from tests.factories.people import make_user


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("10.9.9.9, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 2001:db8::1", "2001:db8::1"),
        ("203.0.113.9, not an address", "192.0.2.1"),
        ("", "192.0.2.1"),
    ],
)
def test_abuse_74_address_is_the_one_our_proxy_appended(header: str, seen: str) -> None:
    found: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=header)
    ProxyMiddleware(view)(request)

    assert found == [seen]


@pytest.mark.django_db
def test_list_keeps_its_filters_when_the_language_changes() -> None:
    client = Client()
    client.force_login(make_user(Role.AUDITOR), backend="staff.backends.RoleBackend")
    orders = reverse("admin:customers_order_changelist")

    page = client.get(orders, {"q": "nobody", "lang": "zh-hans"})

    assert page.status_code == 200
    assert page.context["cl"].query == "nobody"
    assert 'href="?q=nobody&amp;lang=en"' in page.content.decode()
    assert 'lang="zh-hans"' in page.content.decode()
